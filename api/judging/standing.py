"""What a judgement says of a record as a whole: to which month it belongs, and whether it is settled. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from engine.calendar.moment import Moment
from engine.evaluation.results import Assessment
from engine.procedure import Procedure
from engine.procedure.procedure import DECIDED
from engine.record import DecisionRecord, Timing
from engine.vocabulary import Doubt, Frozen, Gate, Verdict, Violation

_MOVING: Final = frozenset({Doubt.CALENDAR_HORIZON})
"""Doubts that end by themselves, as days pass and notices come out."""


def period(record: DecisionRecord, procedure: Procedure, *, as_of: date) -> date:
    """Return the day by which a record belongs to a month: of deliberation, else of the outcome, else the as-of day.

    Deliberation is what passes the gate of discussion first. Of a moment that is not exact to the day, its first day.
    """
    held = [
        found.first_day
        for text in procedure.gates.get(Gate.DISCUSSION, ())
        if text != DECIDED
        for found in _moments_named(record, text)
        if found.has_a_day and found.first_day <= as_of
    ]
    if held:
        return min(held)
    outcome = record.outcome
    ended = outcome is not None and outcome.on.has_a_day and outcome.on.first_day <= as_of
    return outcome.on.first_day if outcome and ended else as_of


def is_settled(record: DecisionRecord, assessment: Assessment) -> bool:
    """Tell whether no verdict on a record can change while nobody touches it and the rules stay.

    So it is when the matter has ended, nothing is pending or grows from day to day, no doubt can end by itself, and
    nothing on record lies after the as-of day.
    """
    as_of = assessment.receipt.as_of
    if record.outcome is None or assessment.outcome is None:
        return False
    moves = any(
        verdict.verdict == Verdict.PENDING or verdict.violation == Violation.OVERDUE or verdict.doubt in _MOVING
        for verdict in assessment.verdicts
    )
    return not moves and all(found.last_day <= as_of for found in _moments(record) if found.has_a_day)


def _moments_named(record: DecisionRecord, text: str) -> Iterable[Moment]:
    """Return the actual moments of rounds that stand, by the name of a step and an attribute of it."""
    step, *_, attribute = text.split(".")
    for entry in record.rounds(step):
        timing = entry.timing(attribute)
        if not entry.void and entry.voided is None and timing and timing.actual:
            yield timing.actual


def _moments(value: Any) -> Iterable[Moment]:  # noqa: ANN401 - any part of a record
    """Return every moment in a record."""
    match value:
        case Moment():
            yield value
        case Timing():
            yield from (found for found in (value.planned, value.announced, value.actual) if found)
        case Frozen():
            for _, part in value:
                yield from _moments(part)
        case tuple():
            for part in value:
                yield from _moments(part)
