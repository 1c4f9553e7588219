"""Waivers in the browser: the list, and one with what has happened to it; approving, refusing, ending."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends, Form, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from api.clock import now, today
from api.context import Service, ServiceDep
from api.edge.cursors import PagingDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.reach import Reach
from api.refusals import RefusalError
from api.reviews.service import Reviewer
from api.store.types import utc_text
from api.waivers import reading
from api.waivers import service as waivers
from api.waivers.models import Approving, Ending, Refusing, WaiverFilter, WaiverStanding
from api.waivers.tables import Waiver
from api.web.forms import said
from api.web.naming import unit_names
from api.web.navigation import WAIVERS
from api.web.rendering import page
from api.web.routing import pages_router, see_other

router: Final = pages_router()

Key = Annotated[str, Path(max_length=100)]
Text = Annotated[str, Query(max_length=200)]
Reason = Annotated[str, Form(max_length=10_000)]


@router.get(WAIVERS.address)
def list_waivers(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_LIST))],
    reach: ReachDep,
    paging: PagingDep,
    standing: Text = "",
    unit: Text = "",
) -> Response:
    """List the waivers of records within reach, the newest first."""
    wanted = WaiverFilter(
        standing=WaiverStanding.of(standing) if WaiverStanding.knows(standing) else None, unit=unit.strip() or None
    )
    with service.database.reading() as session:
        rows = reading.listed(session, reach, wanted, today=today(), after=paging.at_time(), limit=paging.fetch)
    shown = paging.page(
        rows,
        item=lambda row: reading.told_row(row[0], row[1], today=today()),
        position=lambda row: (utc_text(row[0].applied_at), row[0].key),
    )
    return page(
        request,
        "waivers/list.html",
        caller=caller,
        shown=shown,
        standing=standing,
        unit=unit,
        standings=tuple(WaiverStanding),
    )


@router.get(WAIVERS.address + "/{key}")
def show_waiver(
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_READ))],
    reach: ReachDep,
) -> Response:
    """Show a waiver with what has happened to it."""
    return _page(request, service, caller, reach, key)


@router.post(WAIVERS.address + "/{key}/approve")
def approve(
    *,
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_APPROVE))],
    reach: ReachDep,
    reason: Reason = "",
) -> Response:
    """Approve a waiver that somebody else has applied for."""

    def work(session: Session, reviewer: Reviewer) -> Waiver:
        why = said(Approving, {"reason": reason.strip()}).reason
        return waivers.approve(session, key, why, reviewer=reviewer, at=now())

    return _done(request, service, caller, reach, key, work)


@router.post(WAIVERS.address + "/{key}/refuse")
def refuse(
    *,
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_REFUSE))],
    reach: ReachDep,
    reason: Reason = "",
) -> Response:
    """Refuse a waiver that somebody else has applied for."""

    def work(session: Session, reviewer: Reviewer) -> Waiver:
        why = said(Refusing, {"reason": reason.strip()}).reason
        return waivers.refuse(session, key, why, reviewer=reviewer, at=now())

    return _done(request, service, caller, reach, key, work)


@router.post(WAIVERS.address + "/{key}/end")
def end(
    *,
    request: Request,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.WAIVER_END))],
    reach: ReachDep,
    reason: Reason = "",
) -> Response:
    """End a waiver before its last day."""

    def work(session: Session, reviewer: Reviewer) -> Waiver:
        why = said(Ending, {"reason": reason.strip()}).reason
        return waivers.end(session, key, why, reviewer=reviewer, at=now())

    return _done(request, service, caller, reach, key, work)


def _done(
    request: Request,
    service: Service,
    caller: Caller,
    reach: Reach,
    key: str,
    work: Callable[[Session, Reviewer], Waiver],
) -> Response:
    try:
        with service.database.writing() as session:
            work(session, Reviewer(service.rulebooks, caller, reach))
    except RefusalError as refusal:
        return _page(request, service, caller, reach, key, refusal=refusal)
    return see_other(f"{WAIVERS.address}/{key}")


def _page(
    request: Request,
    service: Service,
    caller: Caller,
    reach: Reach,
    key: str,
    *,
    refusal: RefusalError | None = None,
) -> Response:
    reviewer = Reviewer(service.rulebooks, caller, reach)
    with service.database.reading() as session:
        waiver, record = waivers.visible(session, reviewer, key)
        told = reading.told(session, waiver, record, today=today())
        may_decide = waivers.may_decide(session, waiver, record, reviewer=reviewer)
        may_end = waivers.may_end(session, waiver, record, reviewer=reviewer)
    return page(
        request,
        "waivers/waiver.html",
        caller=caller,
        status=422 if refusal else 200,
        refusal=refusal,
        told=told,
        own=told.applied_by == caller.account,
        may_decide=may_decide,
        may_end=may_end,
        unit_name=unit_names(caller),
    )
