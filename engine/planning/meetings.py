"""A plan for a meeting on a wished day, and the earliest meeting for which there is a lawful plan."""

from datetime import date, datetime, timedelta
from typing import Final

from engine.evaluation.compiled import CompiledRulebook
from engine.planning.plan import Plan
from engine.planning.scheduling import Schedule
from engine.planning.telling import told
from engine.record import DecisionRecord

STEP: Final = 7
"""By so many calendar days at least, then by twice as many, the meeting is put off while there is not time enough."""
HORIZON: Final = 730
"""So many calendar days ahead a meeting is looked for."""


def latest_plan(
    record: DecisionRecord, rules: CompiledRulebook, *, meeting: date, today: date, known_at: datetime
) -> Plan:
    """Plan backwards from a meeting on a day; raises `NoMeetingError` and `MeetingPassedError`.

    Moments on record that lie before `today` stay as they are. What is only planned is planned anew.
    """
    schedule = Schedule(record, rules, meeting=meeting, today=today, known_at=known_at)
    schedule.fill()
    return told(schedule)


def earliest_plan(record: DecisionRecord, rules: CompiledRulebook, *, today: date, known_at: datetime) -> Plan | None:
    """Find the earliest day of a meeting for which there is time enough, if its plan is lawful; None otherwise.

    It is looked for two years ahead. Raises `NoMeetingError` and `MeetingPassedError`.
    """
    first, last, tried, step = 1, HORIZON, 1, STEP
    found: Plan | None = None
    while first <= last:
        plan = latest_plan(record, rules, meeting=today + timedelta(tried), today=today, known_at=known_at)
        late = max((today - moment.day for moment in plan.moments), default=timedelta(0)).days
        if plan.feasible:
            found, last = plan, tried - 1
        else:
            first = tried + 1
        if found:
            tried = (first + last) // 2
        else:
            tried, step = min(tried + max(late, step), last), 2 * step
    return found if found and found.lawful else None
