"""What has to be read out of records: how long steps took beside the lawful minimum, and duties switched off.

Each number leads to the records behind it, with what each of them counts.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.context import Service, ServiceDep
from api.edge.cursors import PagingDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.identity.reach import Reach
from api.summaries.columns import Block
from api.summaries.judged import Left
from api.summaries.lengths import Lengths, Period, lengths, procedures_of
from api.summaries.models import SummaryFilter
from api.summaries.routes import desk_of
from api.summaries.service import Desk, blocks, records_named
from api.summaries.switched import AllSwitchedOff, SwitchedIn, switched_off
from api.web.asking import Question, QuestionDep
from api.web.dashboard_pages import named
from api.web.errors import UnknownPageError
from api.web.kept import kept
from api.web.navigation import DASHBOARD
from api.web.rendering import page
from api.web.routing import pages_router
from engine.vocabulary import Bilingual, Unit

router: Final = pages_router()

DAYS: Final = f"{DASHBOARD.address}/days"
BEHIND: Final = f"{DAYS}/records"
ROWS: Final = 100
"""So many rows stand on the page."""

Reading = Annotated[Caller, Depends(allowed(Operation.SUMMARY_RECORDS))]
Named = Annotated[str, Query(max_length=300)]

UNITS: Final = {
    Unit.DAYS: Bilingual(zh="日", en="days"),
    Unit.WORKING_DAYS: Bilingual(zh="个工作日", en="working days"),
    Unit.MONTHS: Bilingual(zh="个月", en="months"),
    Unit.YEARS: Bilingual(zh="年", en="years"),
    Unit.COUNT: Bilingual(zh="", en=""),
}


@router.get(DAYS)
def show_days(
    *, request: Request, service: ServiceDep, caller: Reading, reach: ReachDep, question: QuestionDep
) -> Response:
    """Show median days by card, and duties that units have switched off."""
    measured, switched = _found(service, caller, reach, question)
    return page(
        request,
        "dashboard/days.html",
        caller=caller,
        measured=measured,
        switched=switched,
        days=DAYS,
        behind=BEHIND,
        units=UNITS,
        most=ROWS,
        **named(service, question),
    )


@router.get(BEHIND)
def list_behind_days(  # noqa: PLR0913 - one for each thing that is asked
    *,
    request: Request,
    service: ServiceDep,
    caller: Reading,
    reach: ReachDep,
    question: QuestionDep,
    paging: PagingDep,
    period: Named = "",
    answer: Named = "",
) -> Response:
    """List the records of one row: those whose `period` was counted, or in which an `answer` switches duties off."""
    measured, switched = _found(service, caller, reach, question)
    length = next((row for row in measured.rows if row.name == period), None)
    off = next((row for row in switched.rows if row.name == answer), None) if length is None else None
    if (period or answer) and length is None and off is None:
        raise UnknownPageError(given=period or answer)
    counted: Sequence[Period | SwitchedIn] = length.periods if length else off.records if off else ()
    (begin,) = paging.at(int) or (0,)
    shown = paging.page(
        list(enumerate(counted))[begin : begin + paging.fetch],
        item=lambda row: row[1],
        position=lambda row: (row[0] + 1,),
    )
    with service.database.reading() as session:
        rows = records_named(session, [one.key for one in shown.items])
    return page(
        request,
        "dashboard/days_records.html",
        caller=caller,
        basis=measured.basis,
        length=length,
        off=off,
        number=len(counted),
        shown=shown,
        rows=rows,
        asking={"period": period} if length else {"answer": answer},
        days=DAYS,
        behind=BEHIND,
        units=UNITS,
        **named(service, question),
    )


def _found(service: Service, caller: Caller, reach: Reach, question: Question) -> tuple[Lengths, AllSwitchedOff]:
    def found() -> tuple[Lengths, AllSwitchedOff]:
        with desk_of(service, caller, reach, question.asked) as desk:
            return _read_out(desk, question.wanted)

    return kept(service, reach, ("days", question), found)


def _read_out(desk: Desk, wanted: SummaryFilter) -> tuple[Lengths, AllSwitchedOff]:
    """Count both in one pass over the records; raises what `summed` raises."""
    left, of_procedure = Left(), dict[str, str]()

    def judged() -> Iterator[Block]:
        for block in blocks(desk, wanted, left):
            of_procedure.update(procedures_of(block))
            yield block

    switched = switched_off(desk, wanted, judged(), left)
    return lengths(desk, wanted, of_procedure, left), switched
