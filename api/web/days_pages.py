"""What has to be read out of records: how long steps took beside the lawful minimum, and duties switched off."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.context import ServiceDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.records.tables import Record
from api.summaries.lengths import Lengths, lengths
from api.summaries.routes import desk_of
from api.summaries.service import records_named
from api.summaries.switched import AllSwitchedOff, switched_off
from api.web.asking import QuestionDep
from api.web.dashboard_pages import named
from api.web.kept import kept
from api.web.navigation import DASHBOARD
from api.web.rendering import page
from api.web.routing import pages_router
from engine.vocabulary import Bilingual, Unit

router: Final = pages_router()

DAYS: Final = f"{DASHBOARD.address}/days"
ROWS: Final = 100
"""So many rows, and so many records behind one, stand on the page."""

UNITS: Final = {
    Unit.DAYS: Bilingual(zh="日", en="days"),
    Unit.WORKING_DAYS: Bilingual(zh="个工作日", en="working days"),
    Unit.MONTHS: Bilingual(zh="个月", en="months"),
    Unit.YEARS: Bilingual(zh="年", en="years"),
    Unit.COUNT: Bilingual(zh="", en=""),
}


@router.get(DAYS)
def show_days(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.SUMMARY_RECORDS))],
    reach: ReachDep,
    question: QuestionDep,
    behind: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """Show median days by card, and duties that units have switched off; `behind`: the row whose records to list."""

    def found() -> tuple[Lengths, AllSwitchedOff]:
        with desk_of(service, caller, reach, question.asked) as desk:
            return lengths(desk, question.wanted), switched_off(desk, question.wanted)

    measured, switched = kept(service, reach, ("days", question), found)
    row = next((one for one in switched.rows if one.name == behind), None)
    records: Sequence[Record] = ()
    if row:
        with service.database.reading() as session:
            records = tuple(records_named(session, row.keys[:ROWS]).values())
    return page(
        request,
        "dashboard/days.html",
        caller=caller,
        measured=measured,
        switched=switched,
        row=row,
        behind=records,
        days=DAYS,
        units=UNITS,
        most=ROWS,
        **named(service, question),
    )
