"""Reviews over HTTP: what was decided about a finding, and deciding about it. Translates, calls, returns."""

from typing import Annotated, Final

from fastapi import Depends, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from api.clock import now
from api.context import Service, ServiceDep
from api.edge.answers import UNCHANGED, Answer, created, found
from api.edge.etags import IfMatch, IfMatchDep, etag, is_known, not_modified
from api.edge.idempotency import Once, OnceDep
from api.edge.routing import noun_router
from api.findings.service import visible
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.reach import Reach
from api.reviews import service as reviews
from api.reviews.models import Closing, Confirming, Dismissing, Ordering, Reviews
from api.reviews.service import Reviewer, Ruling
from api.reviews.tables import Decision

router: Final = noun_router("/findings", tag="reviews")

Key = Annotated[str, Path(max_length=100)]


@router.get("/{key}/reviews", response_model=Reviews, responses=UNCHANGED)
def list_reviews(
    key: Key,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.REVIEW_LIST))],
    reach: ReachDep,
) -> Response:
    """Tell what was decided about a finding; the ETag is what a decision about it names as `If-Match`."""
    del caller
    with service.database.reading() as session:
        finding, _ = visible(session, reach, key)
        told = reviews.reviews(session, finding)
    tag = _tag(told)
    return not_modified(tag) if is_known(request, tag) else found(told, etag=tag).response()


@router.post("/{key}/reviews/confirm", status_code=201, response_model=Reviews)
def confirm(
    *,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.REVIEW_CONFIRM))],
    reach: ReachDep,
    if_match: IfMatchDep,
    once: OnceDep,
    said: Confirming,
) -> Response:
    """Confirm that it is as the finding says."""
    ruling = Ruling(Decision.CONFIRMED, reason=said.reason)
    return _decided(service, caller, reach, key, ruling, if_match=if_match, once=once)


@router.post("/{key}/reviews/dismiss", status_code=201, response_model=Reviews)
def dismiss(
    *,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.REVIEW_DISMISS))],
    reach: ReachDep,
    if_match: IfMatchDep,
    once: OnceDep,
    said: Dismissing,
) -> Response:
    """Dismiss a finding with a reason; it stays in lists and figures, with that beside it."""
    ruling = Ruling(Decision.DISMISSED, reason=said.reason)
    return _decided(service, caller, reach, key, ruling, if_match=if_match, once=once)


@router.post("/{key}/reviews/order", status_code=201, response_model=Reviews)
def order_rectification(
    *,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.REVIEW_ORDER))],
    reach: ReachDep,
    if_match: IfMatchDep,
    once: OnceDep,
    said: Ordering,
) -> Response:
    """Order that it be rectified by a day; an order given before is replaced."""
    ruling = Ruling(Decision.RECTIFICATION_ORDERED, reason=said.reason, due=said.due)
    return _decided(service, caller, reach, key, ruling, if_match=if_match, once=once)


@router.post("/{key}/reviews/close", status_code=201, response_model=Reviews)
def close(
    *,
    key: Key,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.REVIEW_CLOSE))],
    reach: ReachDep,
    if_match: IfMatchDep,
    once: OnceDep,
    said: Closing,
) -> Response:
    """Close the matter: because it is rectified, or for a reason."""
    ruling = Ruling(Decision.CLOSED, reason=said.reason, rectified=said.rectified)
    return _decided(service, caller, reach, key, ruling, if_match=if_match, once=once)


def _decided(
    service: Service, caller: Caller, reach: Reach, key: str, ruling: Ruling, *, if_match: IfMatch, once: Once
) -> Response:
    def work(session: Session) -> Answer:
        finding, record = visible(session, reach, key)
        if_match.requires(_tag(reviews.reviews(session, finding)))
        reviewer = Reviewer(service.rulebooks, caller, reach)
        reviews.decide(session, finding, record, ruling, reviewer=reviewer, at=now())
        told = reviews.reviews(session, finding)
        return created(told, location=f"{router.prefix}/{key}/reviews", etag=_tag(told))

    return once(caller.account, work)


def _tag(told: Reviews) -> str:
    """Return what changes whenever something happens to the finding, or is decided about it."""
    return etag("reviews", told.events, len(told.items))
