"""Waivers over HTTP: applied for, approved, refused, ended, listed. Translates, calls, returns."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from api.clock import now, today
from api.context import ServiceDep
from api.edge.answers import Answer, created, found
from api.edge.cursors import Page, PagingDep
from api.edge.idempotency import OnceDep
from api.edge.language import language_of
from api.edge.routing import noun_router
from api.edge.tables import TABLES, Basis, Format, FormatDep, exported
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.reviews.service import Reviewer
from api.store import trail
from api.store.types import utc_text
from api.waivers import reading
from api.waivers import service as waivers
from api.waivers.models import (
    Applying,
    Approving,
    Ending,
    Refusing,
    WaiverFilter,
    WaiverOut,
    WaiverRow,
    WaiverStanding,
)
from api.waivers.tables import Waiver
from engine.vocabulary import Bilingual

router: Final = noun_router("/waivers", tag="waivers")

Name = Annotated[str | None, Query(max_length=200)]
Key = Annotated[str, Path(max_length=100)]


async def _wanted(
    *,
    finding: Annotated[str | None, Query(max_length=100, description="key of a finding")] = None,
    record: Annotated[str | None, Query(max_length=100, description="key of a record")] = None,
    card: Name = None,
    jurisdiction: Name = None,
    unit: Annotated[str | None, Query(max_length=200, description="the unit that leads the record")] = None,
    standing: WaiverStanding | None = None,
) -> WaiverFilter:
    return WaiverFilter(
        finding=finding, record=record, card=card, jurisdiction=jurisdiction, unit=unit, standing=standing
    )


@router.get("", response_model=Page[WaiverRow], responses=TABLES)
def list_waivers(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_LIST))],
    reach: ReachDep,
    wanted: Annotated[WaiverFilter, Depends(_wanted)],
    paging: PagingDep,
    form: FormatDep,
) -> Response:
    """List the waivers of records within reach, the newest first; CSV and XLSX hold all of them, not a page."""
    del caller
    day = today()
    with service.database.reading() as session:
        if form != Format.JSON:
            rows = reading.listed(session, reach, wanted, today=day, limit=service.settings.export_rows)
            told = (reading.told_row(waiver, record, today=day) for waiver, record in rows)
            cells = ([getattr(row, name) for name in _COLUMNS] for row in told)
            basis = Basis(_TITLE, printed_at=now(), as_of=day, trail=trail.head(session))
            language = language_of(request.scope)
            return exported(form, tuple(_COLUMNS.values()), cells, basis=basis, language=language, name="waivers")
        page_rows = reading.listed(session, reach, wanted, today=day, after=paging.at_time(), limit=paging.fetch)
    page = paging.page(
        page_rows,
        item=lambda row: reading.told_row(row[0], row[1], today=day),
        position=lambda row: (utc_text(row[0].applied_at), row[0].key),
    )
    return found(page).response()


@router.post("", status_code=201, response_model=WaiverOut)
def apply(
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_APPLY))],
    reach: ReachDep,
    once: OnceDep,
    applied: Applying,
) -> Response:
    """Apply for a waiver of a flag: the unit that leads, or an office. It changes no verdict and opens no gate."""
    reviewer = Reviewer(service.rulebooks, caller, reach)

    def work(session: Session) -> Answer:
        waiver = waivers.apply(session, applied, reviewer=reviewer, at=now())
        return created(_told(session, reviewer, waiver), location=f"{router.prefix}/{waiver.key}")

    return once(caller.account, work)


@router.get("/{key}", response_model=WaiverOut)
def read_waiver(
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_READ))],
    reach: ReachDep,
) -> Response:
    """Give a waiver with what has happened to it."""
    with service.database.reading() as session:
        waiver, record = waivers.visible(session, Reviewer(service.rulebooks, caller, reach), key)
        return found(reading.told(session, waiver, record, today=today())).response()


@router.post("/{key}/approve", response_model=WaiverOut)
def approve(
    *,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_APPROVE))],
    reach: ReachDep,
    once: OnceDep,
    said: Approving,
) -> Response:
    """Approve a waiver that somebody else has applied for."""
    reviewer = Reviewer(service.rulebooks, caller, reach)
    work = _work(reviewer, lambda session: waivers.approve(session, key, said.reason, reviewer=reviewer, at=now()))
    return once(caller.account, work)


@router.post("/{key}/refuse", response_model=WaiverOut)
def refuse(
    *,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_REFUSE))],
    reach: ReachDep,
    once: OnceDep,
    said: Refusing,
) -> Response:
    """Refuse a waiver that somebody else has applied for."""
    reviewer = Reviewer(service.rulebooks, caller, reach)
    work = _work(reviewer, lambda session: waivers.refuse(session, key, said.reason, reviewer=reviewer, at=now()))
    return once(caller.account, work)


@router.post("/{key}/end", response_model=WaiverOut)
def end(
    *,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_END))],
    reach: ReachDep,
    once: OnceDep,
    said: Ending,
) -> Response:
    """End a waiver before its last day."""
    reviewer = Reviewer(service.rulebooks, caller, reach)
    work = _work(reviewer, lambda session: waivers.end(session, key, said.reason, reviewer=reviewer, at=now()))
    return once(caller.account, work)


def _work(reviewer: Reviewer, do: Callable[[Session], Waiver]) -> Callable[[Session], Answer]:
    """Do something with a waiver, and tell how it is then."""
    return lambda session: found(_told(session, reviewer, do(session)))


def _told(session: Session, reviewer: Reviewer, waiver: Waiver) -> WaiverOut:
    session.flush()
    _, record = waivers.visible(session, reviewer, waiver.key)
    return reading.told(session, waiver, record, today=today())


_TITLE: Final = Bilingual(zh="豁免", en="waivers")
_COLUMNS: Final[dict[str, Bilingual]] = {
    "key": Bilingual(zh="key", en="key"),
    "standing": Bilingual(zh="状态", en="state"),
    "record_id": Bilingual(zh="决策事项编号", en="id of the record"),
    "record_title": Bilingual(zh="决策事项", en="record"),
    "lead_unit": Bilingual(zh="牵头单位", en="lead unit"),
    "jurisdiction": Bilingual(zh="地区", en="jurisdiction"),
    "version": Bilingual(zh="记录版本", en="version"),
    "card": Bilingual(zh="规则卡", en="card"),
    "scope": Bilingual(zh="范围", en="scope"),
    "reason": Bilingual(zh="理由", en="reason"),
    "since": Bilingual(zh="起始日", en="first day"),
    "until": Bilingual(zh="截止日", en="last day"),
    "applied_at": Bilingual(zh="申请时间", en="applied for"),
    "approved_at": Bilingual(zh="批准时间", en="approved"),
    "closed_at": Bilingual(zh="结束时间", en="closed"),
}
