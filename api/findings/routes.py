"""Findings over HTTP: lists by filters, one with everything, its history."""

from typing import Annotated, Final

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.clock import now, today
from api.context import ServiceDep
from api.edge.answers import found
from api.edge.cursors import Page, PagingDep
from api.edge.language import language_of
from api.edge.routing import noun_router
from api.edge.tables import TABLES, Basis, Format, FormatDep, exported
from api.findings import service as findings
from api.findings.models import FindingFilter, FindingHistory, FindingOut, FindingRow
from api.findings.tables import FindingState
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.reviews.tables import ReviewState
from api.store import trail
from api.store.types import utc_text
from engine.vocabulary import Bilingual, FindingKind

router: Final = noun_router("/findings", tag="findings")

Name = Annotated[str | None, Query(max_length=200)]
Days = Annotated[int | None, Query(ge=0, le=36_500)]
Key = Annotated[str, Path(max_length=100)]


async def _wanted(  # noqa: PLR0913 - one for each filter
    *,
    unit: Annotated[str | None, Query(max_length=200, description="the unit that leads the record")] = None,
    jurisdiction: Name = None,
    procedure: Name = None,
    record: Annotated[str | None, Query(max_length=100, description="key of a record")] = None,
    step: Name = None,
    card: Name = None,
    kind: FindingKind | None = None,
    state: FindingState | None = None,
    age_from: Annotated[Days, Query(description="opened so many calendar days ago, or more")] = None,
    age_to: Annotated[Days, Query(description="opened so many calendar days ago, or fewer")] = None,
    review: Annotated[ReviewState | None, Query(description="what was decided and holds")] = None,
    overdue: Annotated[
        bool | None, Query(description="was to be rectified by a day that has passed, and is not")
    ] = None,
    waived: Annotated[bool | None, Query(description="a waiver is in force today")] = None,
) -> FindingFilter:
    return FindingFilter(
        unit=unit,
        jurisdiction=jurisdiction,
        procedure=procedure,
        record=record,
        step=step,
        card=card,
        kind=kind,
        state=state,
        age_from=age_from,
        age_to=age_to,
        review=review,
        overdue=overdue,
        waived=waived,
    )


@router.get("", response_model=Page[FindingRow], responses=TABLES)
def list_findings(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.FINDING_LIST))],
    reach: ReachDep,
    wanted: Annotated[FindingFilter, Depends(_wanted)],
    paging: PagingDep,
    form: FormatDep,
) -> Response:
    """List the findings within reach, the newest first; CSV and XLSX hold all of them, not a page."""
    del caller
    day = today()
    with service.database.reading() as session:
        if form != Format.JSON:
            rows = findings.listed(session, reach, wanted, today=day, limit=service.settings.export_rows)
            told = (findings.told_row(row, today=day) for row in rows)
            cells = ([getattr(row, name) for name in _COLUMNS] for row in told)
            basis = Basis(_TITLE, printed_at=now(), rulebook=service.rulebook.digest, trail=trail.head(session))
            language = language_of(request.scope)
            return exported(form, tuple(_COLUMNS.values()), cells, basis=basis, language=language, name="findings")
        page_rows = findings.listed(session, reach, wanted, today=day, after=paging.at_time(), limit=paging.fetch)
    page = paging.page(
        page_rows,
        item=lambda row: findings.told_row(row, today=day),
        position=lambda row: (utc_text(row.finding.opened_at), row.finding.key),
    )
    return found(page).response()


@router.get("/{key}")
def read_finding(
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.FINDING_READ))],
    reach: ReachDep,
) -> FindingOut:
    """Give a finding with everything that was last told of it."""
    del caller
    with service.database.reading() as session:
        finding, _ = findings.visible(session, reach, key)
        return findings.told(session, finding, at=now())


@router.get("/{key}/history")
def read_history(
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.FINDING_HISTORY))],
    reach: ReachDep,
) -> FindingHistory:
    """Tell what has happened to a finding, the oldest first."""
    del caller
    with service.database.reading() as session:
        finding, _ = findings.visible(session, reach, key)
        return findings.history(session, finding)


_TITLE: Final = Bilingual(zh="发现", en="findings")
_COLUMNS: Final[dict[str, Bilingual]] = {
    "key": Bilingual(zh="key", en="key"),
    "kind": Bilingual(zh="种类", en="kind"),
    "state": Bilingual(zh="状态", en="state"),
    "card": Bilingual(zh="规则卡", en="card"),
    "title": Bilingual(zh="规则", en="rule"),
    "message": Bilingual(zh="情况", en="what was found"),
    "step": Bilingual(zh="环节", en="step"),
    "record_id": Bilingual(zh="决策事项编号", en="id of the record"),
    "record_title": Bilingual(zh="决策事项", en="record"),
    "lead_unit": Bilingual(zh="牵头单位", en="lead unit"),
    "jurisdiction": Bilingual(zh="地区", en="jurisdiction"),
    "opened_at": Bilingual(zh="发现时间", en="opened"),
    "opened_as_of": Bilingual(zh="发现基准日", en="opened as of"),
    "changed_at": Bilingual(zh="最近变化", en="last changed"),
    "rectified_at": Bilingual(zh="改正时间", en="rectified"),
    "age_days": Bilingual(zh="天数", en="age in days"),
    "review": Bilingual(zh="处理", en="decision"),
    "due": Bilingual(zh="整改期限", en="to be rectified by"),
    "waived_until": Bilingual(zh="豁免至", en="waived until"),
}
