"""Periods that the law sets for a record, as days: minimum periods from their beginning on, and deadlines.

What applies is taken from the verdicts that are kept; how long it is, from the engine. Lengths in months and years, and
what begins at a moment that is not known to the day, are left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from engine.calendar.moment import day_of, epoch_day
from engine.calendar.workdays import Workdays
from engine.cards.card import Card
from engine.duties.kinds import Deadline, MinimumPeriod
from engine.evaluation.compile import Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.periods import ENDLESS
from engine.procedure import Procedure
from engine.record import DecisionRecord, Timing
from engine.vocabulary import Unit


@dataclass(frozen=True, slots=True)
class Term:
    """A period of a card, from its first to its last day, both inclusive."""

    card: Card
    first: date
    last: date
    is_deadline: bool


def terms(
    record: DecisionRecord,
    rules: CompiledRulebook,
    outcomes: Mapping[str, Outcome],
    *,
    as_of: date,
    known_at: datetime,
) -> Iterator[Term]:
    """Give the periods of the cards that apply to a record."""
    workdays = rules.rulebook.workdays(known_at)
    derivation = rules.derivation(rules.cases([record]), as_of=as_of, known_at=known_at)
    for card in rules.cards:
        own, duty = card.meaning.card, card.meaning.duty
        applies = outcomes.get(own.id, Outcome.NOT_APPLICABLE) != Outcome.NOT_APPLICABLE
        if not applies or not isinstance(own.duty, MinimumPeriod | Deadline) or not duty.required or not duty.parameter:
            continue
        begin = own.duty.start if isinstance(own.duty, MinimumPeriod) else own.duty.after
        first = _day(record, rules.procedure, own.step, begin)
        length = int(derivation.number(duty.required).lo[0])
        unit = rules.rulebook.parameters[duty.parameter].parameter.unit
        last = _last(first, length, unit, workdays) if first and 0 < length < ENDLESS else None
        if first and last:
            yield Term(own, first, last, isinstance(own.duty, Deadline))


def _day(record: DecisionRecord, procedure: Procedure, step: str, reference: str) -> date | None:
    """Return the day of a moment that a card names, in the last round that knows it; none for one of no step."""
    *named, attribute = reference.split(".")
    of = named[0] if named else step
    for entry in reversed(record.rounds(of) if of in procedure.steps else ()):
        timing = getattr(entry, attribute, None)
        moment = (timing.actual or timing.announced or timing.planned) if isinstance(timing, Timing) else None
        if moment and moment.has_a_day and moment.exact_to_the_day and not entry.void:
            return moment.first_day
    return None


def _last(first: date, length: int, unit: Unit, workdays: Workdays) -> date | None:
    """Return the last day of a period, counted from the day after its first; None where that cannot be told."""
    if unit == Unit.DAYS:
        return first + timedelta(length)
    if unit != Unit.WORKING_DAYS or not workdays.covers(np.array([epoch_day(first)])).all():
        return None
    place = int(np.searchsorted(workdays.nth, epoch_day(first), side="right")) + length - 1
    return day_of(int(workdays.nth[place])) if place < len(workdays.nth) else None
