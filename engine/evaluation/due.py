"""The last day on which a pending deadline can still be kept. Of the past no day is told: none is to be backdated."""

from datetime import date

from engine.calendar.counting import FAR
from engine.calendar.moment import day_of
from engine.duties.kinds import Deadline
from engine.evaluation.compile import CompiledCard, Outcome
from engine.evaluation.single import SingleCase
from engine.observables import terms as t


def due_day(card: CompiledCard, outcome: Outcome, case: SingleCase) -> date | None:
    """Return that day by what is on record, None where it is not one day for sure.

    So it is where the deadline has not begun to run, or by a moment that is not exact, where the clock stands still,
    where the way of counting is not set, and where the day lies beyond the holidays known.
    """
    actual = card.meaning.duty.actual
    if outcome != Outcome.PENDING or not isinstance(card.meaning.card.duty, Deadline):
        return None
    if not isinstance(actual, t.Elapsed):
        return None
    first, last = (int(end[case.place]) for end in case.derivation.due(actual))
    return day_of(first) if first == last and abs(first) < FAR else None
