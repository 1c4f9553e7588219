"""Make the annual report of a place from its cases. Knows neither files nor databases, and no form of document."""

from api.reports.catalogues import catalogue_section
from api.reports.evaluations import evaluation_section
from api.reports.filing import filing_section
from api.reports.flags import flag_section
from api.reports.material import Material
from api.reports.matters import matter_section
from api.reports.models import AnnualReport
from api.reports.participation import participation_section
from api.reports.scope import scope_of
from api.reports.steps import step_section
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual


def annual_report(material: Material, rulebook: Rulebook) -> AnnualReport:
    """Work out the report."""
    scope, basis = scope_of(material, rulebook), material.basis
    sections = (
        catalogue_section(scope),
        step_section(scope),
        participation_section(scope),
        flag_section(scope),
        filing_section(scope),
        evaluation_section(scope),
        matter_section(scope),
    )
    place, procedure = basis.place_title, basis.procedure_title
    title = Bilingual(
        zh=f"{place.zh}{basis.year}年{procedure.zh}情况年度报告",
        en=f"{place.en}: annual report {basis.year}, {procedure.en}",
    )
    return AnnualReport(
        title=title,
        basis=basis,
        sections=tuple(section for section in sections if section),
        queries=tuple(scope.ledger.queries),
    )
