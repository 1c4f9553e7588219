"""The plan of a record in the browser: a wished day of the meeting, or the earliest, on the timeline."""

from datetime import date
from typing import Annotated, Final

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.asked import Asked
from api.context import ServiceDep
from api.identity.callers import Caller
from api.identity.dependencies import ReachDep, allowed
from api.identity.operations import Operation
from api.plans.errors import NotADayError
from api.plans.routes import plan_of
from api.records.bodies import read_body
from api.records.versions import newest, visible
from api.refusals import RefusalError
from api.web.navigation import RECORDS
from api.web.rendering import page
from api.web.routing import pages_router
from api.web.timeline import Latest, timeline
from engine.planning import wished_meeting

router: Final = pages_router()


@router.get(RECORDS.address + "/{key}/plan")
def show_plan(
    request: Request,
    key: Annotated[str, Path(max_length=100)],
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.RECORD_PLAN))],
    reach: ReachDep,
    meeting: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """Show when what is left has to begin, and why.

    Where no day is asked for, for the meeting that the record plans; where an empty one is, for the earliest.
    """
    asked = Asked()
    with service.database.reading() as session:
        row = visible(session, reach, key)
        version, rules = newest(session, row), service.rulebooks.active(session)
    record = read_body(version.body, rules)
    procedure = rules.rulebook.procedures[record.procedure]
    if meeting is None:
        planned = wished_meeting(record, procedure, today=asked.day)
        meeting = planned.isoformat() if planned else ""
    plan, refusal = None, None
    try:
        plan = plan_of(service, reach, key, asked, meeting=_day(meeting))
    except RefusalError as error:
        refusal = error
    drawn = timeline(
        record,
        procedure,
        workdays=rules.rulebook.workdays(asked.time),
        today=asked.day,
        latest=[Latest(step=one.step, round=one.round, day=one.day, in_time=one.in_time) for one in plan.moments]
        if plan
        else (),
        meeting=plan.meeting if plan else None,
    )
    return page(
        request,
        "records/plan.html",
        status=200 if plan else 422,
        caller=caller,
        row=row,
        plan=plan,
        refusal=refusal,
        drawn=drawn,
        meeting=meeting,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotADayError(given=text) from None
