"""Rules over HTTP. The model for the routes of other nouns: translate, call, return."""

from collections.abc import Callable
from itertools import islice
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.clock import now, today
from api.context import Service, ServiceDep
from api.edge.answers import UNCHANGED, found
from api.edge.asking import RulebookQuery
from api.edge.cursors import Page, PagingDep
from api.edge.etags import etag, is_known, not_modified
from api.edge.language import language_of
from api.edge.routing import noun_router
from api.edge.tables import TABLES, Basis, Format, FormatDep, exported
from api.identity.dependencies import allowed
from api.identity.operations import Operation
from api.rules import service as rules
from api.rules.models import CoverageReport, Places, ProcedureOut, Procedures, Rule, RuleFilter, RuleRow
from api.store import trail
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Confidence, Frozen, Gate, OrganLevel, Weight

router: Final = noun_router("", tag="rules")

Name = Annotated[str | None, Query(max_length=100)]


async def _wanted(  # noqa: PLR0913 - one for each filter
    *,
    procedure: Name = None,
    step: Name = None,
    instrument: Name = None,
    jurisdiction: Name = None,
    level: OrganLevel | None = None,
    weight: Weight | None = None,
    gate: Gate | None = None,
    confidence: Confidence | None = None,
) -> RuleFilter:
    return RuleFilter(
        procedure=procedure,
        step=step,
        instrument=instrument,
        jurisdiction=jurisdiction,
        level=level,
        weight=weight,
        gate=gate,
        confidence=confidence,
    )


@router.get(
    "/rules", response_model=Page[RuleRow], responses=TABLES, dependencies=[Depends(allowed(Operation.RULE_LIST))]
)
def list_rules(
    request: Request,
    service: ServiceDep,
    wanted: Annotated[RuleFilter, Depends(_wanted)],
    paging: PagingDep,
    form: FormatDep,
    rulebook: RulebookQuery = None,
) -> Response:
    """List the cards in the order of their ids; CSV and XLSX hold all of them, not a page."""
    asked = _asked(service, rulebook)
    if form != Format.JSON:
        return _exported(request, service, asked, wanted, form)
    tag = etag("rules", asked.digest)
    if is_known(request, tag):
        return not_modified(tag)
    after = paging.at(str)
    rows = rules.rule_rows(asked, wanted, after=after[0] if after else None)
    page = paging.page(list(islice(rows, paging.fetch)), item=lambda row: row, position=lambda row: (row.id,))
    return found(page, etag=tag).response()


def _asked(service: Service, digest: str | None) -> Rulebook:
    """Return the rulebook of a digest, or the active one."""
    with service.database.reading() as session:
        found = service.rulebooks.by_digest(session, digest) if digest else service.rulebooks.active(session)
    return found.rulebook


def _exported(request: Request, service: Service, rulebook: Rulebook, wanted: RuleFilter, form: Format) -> Response:
    with service.database.reading() as session:
        basis = Basis(_TITLE, printed_at=now(), rulebook=rulebook.digest, trail=trail.head(session))
    cells = ([getattr(row, name) for name in _COLUMNS] for row in rules.rule_rows(rulebook, wanted))
    language = language_of(request.scope)
    return exported(form, tuple(_COLUMNS.values()), cells, basis=basis, language=language, name="rules")


@router.get(
    "/rules/coverage",
    response_model=CoverageReport,
    responses=UNCHANGED,
    dependencies=[Depends(allowed(Operation.RULE_COVERAGE))],
)
def read_coverage(request: Request, service: ServiceDep, rulebook: RulebookQuery = None) -> Response:
    """Tell what is checked of each instrument, article by article, and why the rest is not."""
    return _constant(request, _asked(service, rulebook), rules.coverage)


@router.get(
    "/rules/{card}", response_model=Rule, responses=UNCHANGED, dependencies=[Depends(allowed(Operation.RULE_READ))]
)
def read_rule(card: str, request: Request, service: ServiceDep, rulebook: RulebookQuery = None) -> Response:
    """Give one card with everything that decides what it says."""
    return _constant(request, _asked(service, rulebook), lambda asked: rules.rule(asked, card))


@router.get(
    "/procedures",
    response_model=Procedures,
    responses=UNCHANGED,
    dependencies=[Depends(allowed(Operation.PROCEDURE_LIST))],
)
def list_procedures(request: Request, service: ServiceDep, rulebook: RulebookQuery = None) -> Response:
    """List the procedures."""
    return _constant(request, _asked(service, rulebook), rules.procedures)


@router.get(
    "/procedures/{procedure}",
    response_model=ProcedureOut,
    responses=UNCHANGED,
    dependencies=[Depends(allowed(Operation.PROCEDURE_READ))],
)
def read_procedure(procedure: str, request: Request, service: ServiceDep, rulebook: RulebookQuery = None) -> Response:
    """Give a procedure with its steps, and the schema of its records."""
    return _constant(request, _asked(service, rulebook), lambda asked: rules.procedure(asked, procedure))


@router.get("/jurisdictions", dependencies=[Depends(allowed(Operation.JURISDICTION_LIST))])
def list_jurisdictions(service: ServiceDep, rulebook: RulebookQuery = None) -> Places:
    """List the jurisdictions, with those that each lies within today."""
    return rules.places(_asked(service, rulebook), day=today())


def _constant(request: Request, rulebook: Rulebook, told: Callable[[Rulebook], Frozen]) -> Response:
    """Answer with what depends on nothing but the address and the rulebook."""
    tag, content = etag(rulebook.digest), told(rulebook)
    return not_modified(tag) if is_known(request, tag) else found(content, etag=tag).response()


_TITLE: Final = Bilingual(zh="规则卡", en="cards")
_COLUMNS: Final = {
    "id": Bilingual(zh="编号", en="id"),
    "title": Bilingual(zh="名称", en="title"),
    "instrument": Bilingual(zh="文件", en="instrument"),
    "article": Bilingual(zh="条", en="article"),
    "procedure": Bilingual(zh="程序", en="procedure"),
    "step": Bilingual(zh="环节", en="step"),
    "jurisdiction": Bilingual(zh="地区", en="jurisdiction"),
    "modality": Bilingual(zh="义务用语", en="modality"),
    "weight": Bilingual(zh="后果", en="weight"),
    "gate": Bilingual(zh="关口", en="gate"),
    "confidence": Bilingual(zh="来源", en="confidence"),
    "since": Bilingual(zh="施行日", en="since"),
    "until": Bilingual(zh="废止前最后一日", en="until"),
}
