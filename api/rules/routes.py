"""Rules over HTTP. The model for the routes of other nouns: translate, call, return."""

from collections.abc import Iterable
from itertools import islice
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.clock import now, today
from api.context import Service, ServiceDep
from api.edge.answers import found
from api.edge.cursors import Page, PagingDep
from api.edge.etags import etag, is_known, not_modified
from api.edge.language import language_of
from api.edge.routing import noun_router
from api.edge.tables import TABLES, Basis, Format, FormatDep, exported
from api.rules import service as rules
from api.rules.models import CoverageReport, Places, ProcedureOut, Procedures, Rule, RuleFilter, RuleRow
from api.store import trail
from engine.vocabulary import Bilingual, Confidence, Gate, OrganLevel, Weight

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


@router.get("/rules", response_model=Page[RuleRow], responses=TABLES)
def list_rules(
    request: Request,
    service: ServiceDep,
    wanted: Annotated[RuleFilter, Depends(_wanted)],
    paging: PagingDep,
    form: FormatDep,
) -> Response:
    """List the cards in the order of their ids; CSV and XLSX hold all of them, not a page."""
    rulebook = service.rulebook
    if form != Format.JSON:
        return _exported(request, service, rules.rule_rows(rulebook, wanted), form)
    tag = etag("rules", rulebook.digest)
    if is_known(request, tag):
        return not_modified(tag)
    after = paging.at(str)
    rows = rules.rule_rows(rulebook, wanted, after=after[0] if after else None)
    page = paging.page(list(islice(rows, paging.fetch)), item=lambda row: row, position=lambda row: (row.id,))
    return found(page, etag=tag).response()


def _exported(request: Request, service: Service, rows: Iterable[RuleRow], form: Format) -> Response:
    with service.database.reading() as session:
        head = trail.head(session)
    basis = Basis(_TITLE, printed_at=now(), rulebook=service.rulebook.digest, trail=head)
    cells = ([getattr(row, name) for name in _COLUMNS] for row in rows)
    language = language_of(request.scope)
    return exported(form, tuple(_COLUMNS.values()), cells, basis=basis, language=language, name="rules")


@router.get("/rules/coverage", response_model=CoverageReport)
def read_coverage(request: Request, service: ServiceDep) -> Response:
    """Tell what is checked of each instrument, article by article, and why the rest is not."""
    tag = etag("coverage", service.rulebook.digest)
    return not_modified(tag) if is_known(request, tag) else found(rules.coverage(service.rulebook), etag=tag).response()


@router.get("/rules/{card}", response_model=Rule)
def read_rule(card: str, request: Request, service: ServiceDep) -> Response:
    """Give one card with everything that decides what it says."""
    tag = etag("rule", service.rulebook.digest)
    if is_known(request, tag):
        return not_modified(tag)
    return found(rules.rule(service.rulebook, card), etag=tag).response()


@router.get("/procedures")
def list_procedures(service: ServiceDep) -> Procedures:
    """List the procedures."""
    return rules.procedures(service.rulebook)


@router.get("/procedures/{procedure}")
def read_procedure(procedure: str, service: ServiceDep) -> ProcedureOut:
    """Give a procedure with its steps, and the schema of its records."""
    return rules.procedure(service.rulebook, procedure)


@router.get("/jurisdictions")
def list_jurisdictions(service: ServiceDep) -> Places:
    """List the jurisdictions, with those that each lies within today."""
    return rules.places(service.rulebook, day=today())


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
