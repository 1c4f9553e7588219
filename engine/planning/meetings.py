"""A plan for a meeting on a wished day, and the earliest meeting for which there is a lawful plan."""

from datetime import date, datetime, timedelta
from typing import Final

from engine.evaluation.compiled import CompiledRulebook
from engine.planning.plan import Plan
from engine.planning.scheduling import Schedule
from engine.planning.telling import told
from engine.procedure import Procedure
from engine.record import DecisionRecord
from engine.vocabulary import Gate

STEP: Final = 7
"""By so many calendar days at least, then by twice as many, the meeting is put off while there is not time enough."""
HORIZON: Final = 730
"""So many calendar days ahead a meeting is looked for."""


def wished_meeting(record: DecisionRecord, procedure: Procedure, *, today: date) -> date | None:
    """Return the first day after today for which the record announces or plans a meeting, None without one."""
    moments = [name.split(".") for name in procedure.gates.get(Gate.DISCUSSION, ())]
    timings = [
        getattr(entry, parts[-1], None)
        for parts in moments
        if parts[0] in procedure.steps
        for entry in record.rounds(parts[0])
        if not entry.void
    ]
    named = [timing.announced or timing.planned for timing in timings if timing and not timing.actual]
    days = [moment.last_day for moment in named if moment and moment.exact_to_the_day]
    return min((day for day in days if day > today), default=None)


def latest_plan(
    record: DecisionRecord, rules: CompiledRulebook, *, meeting: date, today: date, known_at: datetime
) -> Plan:
    """Plan backwards from a meeting on a day; raises `NoMeetingError` and `MeetingPassedError`.

    Moments that have taken place by `today` stay as they are. What is only planned is planned anew.
    """
    schedule = Schedule(record, rules, meeting=meeting, today=today, known_at=known_at)
    schedule.fill()
    return told(schedule)


def earliest_plan(record: DecisionRecord, rules: CompiledRulebook, *, today: date, known_at: datetime) -> Plan:
    """Plan for the earliest day of a meeting for which there is time enough.

    It is looked for two years ahead; if there is none, the plan for the last of these days says what is in the way.
    Raises `NoMeetingError` and `MeetingPassedError`.
    """
    first, last, tried, step = 1, HORIZON, 1, STEP
    found: Plan | None = None
    while True:
        plan = latest_plan(record, rules, meeting=today + timedelta(tried), today=today, known_at=known_at)
        late = max((today - moment.day for moment in plan.moments), default=timedelta(0)).days
        if plan.feasible:
            found, last = plan, tried - 1
        else:
            first = tried + 1
        if first > last:
            return found or plan
        if found:
            tried = (first + last) // 2
        else:
            tried, step = min(tried + max(late, step), last), 2 * step
