"""The queue in the browser: the findings about which the caller decides, several at once with one reason."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Form, Query, Request
from starlette.responses import Response

from api.clock import now, today
from api.context import Service, ServiceDep
from api.edge.cursors import Paging, PagingDep
from api.findings.models import FindingFilter
from api.findings.tables import FindingState
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.permission import permit
from api.identity.reach import Reach
from api.refusals import RefusalError
from api.reviews.queue import GATES, Barred, Queue
from api.reviews.service import Reviewer
from api.reviews.several import Refused, Seen, decide_each
from api.reviews.tables import Decision, ReviewState
from api.store.types import utc_text
from api.web.errors import NothingChosenError
from api.web.forms import ruling_of
from api.web.navigation import QUEUE
from api.web.rendering import page
from api.web.routing import pages_router, see_other
from engine.vocabulary import FindingKind, Frozen

router: Final = pages_router()

Text = Annotated[str, Query(max_length=200)]
Field = Annotated[str, Form(max_length=10_000)]
OPERATIONS: Final[Mapping[Decision, Operation]] = {
    Decision.CONFIRMED: Operation.REVIEW_CONFIRM,
    Decision.DISMISSED: Operation.REVIEW_DISMISS,
    Decision.RECTIFICATION_ORDERED: Operation.REVIEW_ORDER,
    Decision.CLOSED: Operation.REVIEW_CLOSE,
}
"""Which operation a decision is."""
_TRUTHS: Final = {"yes": True, "no": False}


class Filters(Frozen):
    """What stands in the address. At first: the open flags that are still to be decided; empty asks for all."""

    gate: str = ""
    step: str = ""
    unit: str = ""
    kind: str = FindingKind.FLAG.value
    state: str = FindingState.OPEN.value
    age: str = ""
    review: str = ReviewState.UNDECIDED.value
    overdue: str = ""
    waived: str = ""

    @property
    def barred(self) -> Barred | None:
        """Return the gate that is asked for."""
        return Barred.of(self.gate) if Barred.knows(self.gate) else None

    def wanted(self) -> FindingFilter:
        """Return what is asked for; what is no such word asks for nothing."""
        age = self.age.strip()
        return FindingFilter(
            step=self.step or None,
            unit=self.unit.strip() or None,
            kind=FindingKind.of(self.kind) if FindingKind.knows(self.kind) else None,
            state=FindingState.of(self.state) if FindingState.knows(self.state) else None,
            age_from=int(age) if age.isascii() and age.isdecimal() and len(age) < _DIGITS else None,
            review=ReviewState.of(self.review) if ReviewState.knows(self.review) else None,
            overdue=_TRUTHS.get(self.overdue),
            waived=_TRUTHS.get(self.waived),
        )


_DIGITS: Final = 6


async def _filters(  # noqa: PLR0913 - one for each filter
    *,
    gate: Text = "",
    step: Text = "",
    unit: Text = "",
    kind: Text = FindingKind.FLAG.value,
    state: Text = FindingState.OPEN.value,
    age: Text = "",
    review: Text = ReviewState.UNDECIDED.value,
    overdue: Text = "",
    waived: Text = "",
) -> Filters:
    return Filters(
        gate=gate,
        step=step,
        unit=unit,
        kind=kind,
        state=state,
        age=age,
        review=review,
        overdue=overdue,
        waived=waived,
    )


FiltersDep = Annotated[Filters, Depends(_filters)]


@router.get(QUEUE.address)
def show_queue(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.REVIEW_CONFIRM))],
    reach: ReachDep,
    filters: FiltersDep,
    paging: PagingDep,
    done: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """Show the findings about which the caller decides, by gate and age."""
    return _page(request, service, caller, reach, filters, paging, done=done)


@router.post(QUEUE.address)
def decide_several(  # noqa: PLR0913 - one for each field of the form
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.REVIEW_CONFIRM))],
    reach: ReachDep,
    filters: FiltersDep,
    paging: PagingDep,
    decision: Field = "",
    reason: Field = "",
    due: Field = "",
    chosen: Annotated[list[str], Form(max_length=1_000)] = [],  # noqa: B006 - read only
) -> Response:
    """Decide the same about each finding that was chosen, and tell of which it was refused and why."""
    seen = [Seen(*one.partition(":")[::2]) for one in chosen]
    written = {"reason": reason, "due": due, "chosen": frozenset(one.finding for one in seen)}
    try:
        ruling = ruling_of(decision, reason=reason, due=due)
        permit(caller, OPERATIONS[ruling.decision])
        if not chosen:
            raise NothingChosenError
    except RefusalError as refusal:
        return _page(request, service, caller, reach, filters, paging, status=422, refusal=refusal, written=written)
    reviewer = Reviewer(service.rulebooks, caller, reach)
    refused = decide_each(service.database, seen, ruling, reviewer=reviewer, at=now())
    done = len(seen) - len(refused)
    if not refused:
        return see_other(_again(request, done=done))
    written["chosen"] = frozenset(one.finding for one in refused)
    return _page(
        request, service, caller, reach, filters, paging, status=422, refused=refused, written=written, done=done
    )


def _page(  # noqa: PLR0913 - what stands on it
    request: Request,
    service: Service,
    caller: Caller,
    reach: Reach,
    filters: Filters,
    paging: Paging,
    *,
    done: int = 0,
    status: int = 200,
    refusal: RefusalError | None = None,
    refused: tuple[Refused, ...] = (),
    written: Mapping[str, Any] | None = None,
) -> Response:
    wanted = filters.wanted()
    with service.database.reading() as session:
        rulebook = service.rulebooks.active(session).rulebook
        queue = Queue(reach, rulebook, today=today())
        after = paging.at_place_and_time()
        rows = queue.listed(session, wanted, gate=filters.barred, after=after, limit=paging.fetch)
        counts = queue.counts(session, wanted)
    shown = paging.page(
        rows,
        item=queue.told,
        position=lambda row: (queue.place_of(row), utc_text(row.finding.opened_at), row.finding.key),
    )
    return page(
        request,
        "queue/queue.html",
        caller=caller,
        status=status,
        shown=shown,
        counts=counts,
        gates=GATES,
        filters=filters.model_dump(),
        first=Filters().model_dump(),
        kinds=tuple(FindingKind),
        states=tuple(FindingState),
        reviews=tuple(ReviewState),
        procedures=rulebook.procedures,
        done=done,
        refusal=refusal,
        refused={one.finding: one.refusal for one in refused},
        names={one.key: one.title for one in shown.items},
        written=written or {"reason": "", "due": "", "chosen": frozenset()},
    )


def _again(request: Request, *, done: int) -> str:
    """Return the address of the same list from its first page on, saying of how many findings something was decided."""
    filters = [(name, value) for name, value in request.query_params.multi_items() if name not in {"cursor", "done"}]
    return f"{QUEUE.address}?{urlencode([*filters, ('done', done)])}"
