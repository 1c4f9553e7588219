"""Where on the calendar what a card says of a record stands: the rounds and the day, and the periods that it sets.

Judges nothing: verdicts are told elsewhere, and whatever days are given here are those by which they were decided.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from engine.calendar.moment import day_of
from engine.duties.kinds import Deadline, MinimumPeriod
from engine.evaluation.blame import (
    Days,
    DecidingRound,
    Standing,
    asked_rows,
    blamed,
    deciding_rounds,
    known_ends,
    passing_rows,
)
from engine.evaluation.compile import CompiledCard, Outcome, leaves
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.corrections import corrected_after_flag
from engine.evaluation.single import SingleCase
from engine.observables import terms as t
from engine.observables.rows import places_of_rounds
from engine.record import DecisionRecord
from engine.vocabulary import Frozen


class Place(Frozen):
    """Where a finding stands. `rounds`: those that decided, by their places in the record, the one in question first.

    `first` to `last`: the day, an interval where it is not exact; with `standing` None where there is none.
    """

    card: str
    step: str
    rounds: tuple[int, ...] = ()
    standing: Standing | None = None
    first: date | None = None
    last: date | None = None


class Term(Frozen):
    """A period that a card sets for a round, or for the record: a minimum, or a deadline.

    It lasts from `first` until `last`, both inclusive; until `sure` however one counts where that is not settled.
    `pending`: the card is neither kept nor broken yet.
    """

    card: str
    step: str
    round: int | None
    is_deadline: bool
    pending: bool
    first: date
    sure: date
    last: date


class Places(Frozen):
    """Where the findings of a record stand, and the periods of the cards that apply to it."""

    findings: tuple[Place, ...]
    terms: tuple[Term, ...]


def places(
    record: DecisionRecord,
    rules: CompiledRulebook,
    *,
    of: Collection[str],
    as_of: date,
    known_at: datetime,
) -> Places:
    """Find where what some cards say of a record stands on a day, and the periods of all cards that apply.

    `of`: the cards of findings. A card that is violated by nothing, and in no doubt, stands nowhere.
    """
    corrected = corrected_after_flag(record, rules, as_of=as_of, known_at=known_at)
    derivation = rules.derivation(rules.cases([record], corrected=[corrected]), as_of=as_of, known_at=known_at)
    judged = rules.sweep.evaluate(rules.columns_of_one(derivation))
    case = SingleCase(derivation, rules.sweep, judged)
    finder = _Finder(case, {step: places_of_rounds(record, step, own) for step, own in rules.procedure.steps.items()})
    outcomes = [_OUTCOMES[code] for code in case.outcomes]
    pairs = [*zip(rules.cards, outcomes, strict=True)]
    return Places(
        findings=tuple(finder.place(card, outcome) for card, outcome in pairs if card.id in of),
        terms=tuple(
            term for card, outcome in pairs if outcome != Outcome.NOT_APPLICABLE for term in finder.terms(card, outcome)
        ),
    )


_OUTCOMES: Final = tuple(Outcome)


@dataclass(frozen=True, slots=True)
class _Finder:
    """Knows one case; `order`: the places in the record of the rounds in its table, by step."""

    case: SingleCase
    order: dict[str, tuple[int, ...]]

    def place(self, card: CompiledCard, outcome: Outcome) -> Place:
        """Find where a finding stands: at what was done, else by when it was due, else at what it is about."""
        step = card.meaning.card.step
        decided = blamed(card.meaning, outcome, self.case)
        rounds = [found for one in decided for found in deciding_rounds(one, self.case)]
        own = [found for found in rounds if found.step == step]
        numbers = tuple(dict.fromkeys(self._number(found.step, found.row) for found in own))
        standing, days = next(self._candidates(card, own, rounds), (None, None))
        first, last = (day_of(days[0]), day_of(days[1])) if days else (None, None)
        return Place(card=card.id, step=step, rounds=numbers, standing=standing, first=first, last=last)

    def _candidates(
        self, card: CompiledCard, own: Iterable[DecidingRound], rounds: Iterable[DecidingRound]
    ) -> Iterator[tuple[Standing, Days]]:
        yield from ((found.standing, found.days) for found in own if found.days)
        yield from ((Standing.DUE, days) for days in self._due(card))
        yield from ((Standing.BEFORE, days) for moment in _due_moments(card) for days in self._fixed(moment))
        yield from ((Standing.ACT, found.days) for found in rounds if found.days)
        yield from ((Standing.ACT, days) for moment in card.meaning.act.moments for days in self._fixed(moment))

    def _due(self, card: CompiledCard) -> Iterator[Days]:
        """Give the last day of a deadline that no round has kept."""
        actual = card.meaning.duty.actual
        if isinstance(card.meaning.card.duty, Deadline) and isinstance(actual, t.Elapsed):
            first, last = self.case.derivation.due(actual)
            if days := known_ends(first, last, 0):
                yield days

    def _fixed(self, moment: t.Fixed) -> Iterator[Days]:
        """Give the day of a moment of the case: when it came, else by when it is planned."""
        if isinstance(moment, t.Today | t.Always):
            return
        found = self.case.derivation.moments.fixed_days(moment)
        if days := known_ends(found.lo if found.begun[0] else found.hi, found.hi, 0):
            yield days

    def _number(self, step: str, row: int) -> int:
        """Return the place in the record of a round that is seen."""
        rounds = self.case.derivation.rounds(step)
        return self.order[step][int(rounds.view.places[row])] if rounds else 0

    # --- periods -----------------------------------------------------------------------------------------------

    def terms(self, card: CompiledCard, outcome: Outcome) -> Iterator[Term]:
        """Give the periods that a card sets, each once: those whose days are known."""
        duty, actual = card.meaning.card.duty, card.meaning.duty.actual
        if not isinstance(duty, MinimumPeriod | Deadline) or not isinstance(actual, t.Elapsed):
            return
        seen = set[tuple[int, int]]()
        for number, begin, ends in self._periods(actual):
            if begin is None or ends is None or begin[0] != begin[1] or ends[0] < begin[0]:
                continue
            if (begin[0], ends[1]) in seen:
                continue
            seen.add((begin[0], ends[1]))
            yield Term(
                card=card.id,
                step=card.meaning.card.step,
                round=number,
                is_deadline=isinstance(duty, Deadline),
                pending=outcome == Outcome.PENDING,
                first=day_of(begin[0]),
                sure=day_of(ends[0]),
                last=day_of(ends[1]),
            )

    def _periods(self, actual: t.Elapsed) -> Iterator[tuple[int | None, Days | None, Days | None]]:
        """Give for each round of which a period is asked when it began, and between which days it ends."""
        derivation, period = self.case.derivation, actual.period
        rounds = derivation.rounds(actual.step)
        if rounds is not None and rounds.view.rounds:
            start, first, last = rounds.demanded(period, actual.sense)
            for row in passing_rows(rounds, asked_rows(rounds.view, actual.quantifier), actual.where):
                number = self._number(actual.step, row)
                yield number, known_ends(start.lo, start.hi, row), known_ends(first, last, row)
        elif not isinstance(period.start, t.Own) and actual.sense == "at_most":
            start = derivation.moments.fixed_days(period.start)
            yield None, known_ends(start.lo, start.hi, 0), known_ends(*derivation.due(actual), 0)


def _due_moments(card: CompiledCard) -> Iterator[t.Fixed]:
    """Give the moments after which a duty can be met no more, and that of the gate which the card bars."""
    for leaf in leaves(card.meaning.duty.settled):
        if isinstance(leaf, t.Happened) and not isinstance(leaf.moment, t.Own):
            yield leaf.moment
    if card.meaning.card.bars:
        yield t.GatePassed(card.meaning.card.bars)
