"""From a record and a card to the verdict.

A card applies if it binds the level, the place lies within its own and the act within its time in force, no
exclusion or special statute takes the matter out, and its condition and presupposed step are there. Met is judged as
if all could still come until the moment `due`: what is not met then is final. What is not met and not final is
pending, unless the matter has ended, to which it then does not apply. An exception makes up for what is not met. Only
a confirmed source gives `violated`. Doubt is told where it decides: first of applying, then of the exception, of the
source, of the outcome, and of the duty.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import inf

from engine.calendar.notices import HolidayYear
from engine.cards.card import Card
from engine.duties.kinds import (
    Changed,
    CompletedBefore,
    ConditionDuty,
    ContainsAll,
    Deadline,
    Distinct,
    Evidence,
    MinimumCount,
    MinimumPeriod,
    OneOf,
    RequiredFact,
    Unchanged,
)
from engine.parameters.jurisdictions import Jurisdiction
from engine.parameters.parameter import Parameter
from engine.procedure import Procedure
from engine.record import DecisionRecord
from engine.vocabulary import Confidence, Doubt, Owner, Quantifier, Verdict, Violation
from tests.oracle.days import Span, number
from tests.oracle.law import Held, Land
from tests.oracle.logic import OPEN, Truth, both, either, opposite
from tests.oracle.questions import ALONE, Asked, Law, Path, Round, Test, calendar, path, tree
from tests.oracle.sight import Days, Question, SeenRound, Sight

WITHOUT_DECISION = ("rejected", "deferred", "withdrawn", "merged", "terminated")

OfOneRound = RequiredFact | OneOf | ContainsAll | Evidence | Unchanged | Changed | Distinct
OfRounds = OfOneRound | CompletedBefore | MinimumPeriod | MinimumCount


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A verdict with its reason: how a duty was violated, or why it cannot be told."""

    verdict: Verdict
    by_exception: bool = False
    violation: Violation | None = None
    doubt: Doubt | None = None

    @property
    def owner(self) -> Owner | None:
        """Tell who can mend the doubt."""
        return self.doubt.owner if self.doubt else None


@dataclass(frozen=True, slots=True)
class Judged:
    """A duty: whether it is met, whether the future is out of it, and how it would be violated."""

    met: Truth
    settled: Truth
    violation: Violation


def verdict(  # noqa: PLR0913 - what decides a verdict
    record: DecisionRecord,
    card: Card,
    *,
    procedure: Procedure,
    parameters: Iterable[Parameter],
    jurisdictions: Iterable[Jurisdiction],
    holidays: tuple[HolidayYear, ...],
    as_of: date,
    known_at: datetime,
) -> Conclusion:
    """Judge one record by one card."""
    law = Law(
        Land({place.id: place for place in jurisdictions}),
        {parameter.id: parameter for parameter in parameters},
        calendar(holidays, known_at),
    )
    sight = Sight(record, procedure, Question(number(as_of), known_at))
    return _Judge(card, Asked(sight, law, _act(card))).conclusion()


def _act(card: Card) -> list[Path]:
    """Return the moment that the card goes by, then the gate: a missing step is judged by the law of its day."""
    by = path(tree(card.in_force.by))
    match card.duty:
        case Deadline():
            return [by]
        case CompletedBefore(before=text):
            return [by, path(tree(text))]
        case duty:
            return [by, path(tree(duty.due))]


class _Judge:
    """Judges one record by one card."""

    def __init__(self, card: Card, asked: Asked) -> None:
        self.card = card
        self.asked = asked

    def conclusion(self) -> Conclusion:
        applies = self._applies()
        if applies is False:
            return Conclusion(Verdict.NOT_APPLICABLE)
        if isinstance(applies, Doubt):
            return Conclusion(Verdict.UNDETERMINED, doubt=applies)
        judged = self._duty()
        if judged.met is True:
            return Conclusion(Verdict.SATISFIED)
        unless = self.asked.ask(self.card.unless) if self.card.unless else False
        if unless is True:
            return Conclusion(Verdict.SATISFIED, by_exception=True)
        return self._unmet(judged, unless) if judged.met is False else self._open(judged, judged.met)

    def _unmet(self, judged: Judged, unless: Truth) -> Conclusion:
        if isinstance(unless, Doubt):
            return Conclusion(Verdict.UNDETERMINED, doubt=unless)
        if not self._confirmed():
            return Conclusion(Verdict.UNDETERMINED, doubt=Doubt.SOURCE_UNCONFIRMED)
        return Conclusion(Verdict.VIOLATED, violation=judged.violation)

    def _open(self, judged: Judged, met: Doubt) -> Conclusion:
        if judged.settled is not False:
            return Conclusion(Verdict.UNDETERMINED, doubt=met)
        ended = self.asked.ask(f"record.outcome in {WITHOUT_DECISION!r}")
        if isinstance(ended, Doubt):
            return Conclusion(Verdict.UNDETERMINED, doubt=ended)
        return Conclusion(Verdict.NOT_APPLICABLE if ended else Verdict.PENDING)

    def _applies(self) -> Truth:
        card, asked = self.card, self.asked
        first, last = asked.act_day
        since, until = number(card.in_force.since), number(card.in_force.until) if card.in_force.until else inf
        in_force: Truth = Doubt.MOMENT_NOT_EXACT
        if since <= first and last <= until:
            in_force = True
        elif last < since or until < first:
            in_force = False
        return both(
            [
                asked.record.organ_level in {*card.binds, *card.by_reference},
                asked.lies_within(card.jurisdiction),
                in_force,
                not asked.excluded,
                not set(card.displaced_by) & set(asked.record.special_statutes),
                asked.ask(card.applies_when) if card.applies_when else True,
                asked.taken(card.presupposes) if card.presupposes else True,
            ],
        )

    def _confirmed(self) -> bool:
        card, asked = self.card, self.asked
        place = asked.record.jurisdiction
        if card.confidence is not Confidence.FOUND and not asked.law.land.adopted(card.id, place, asked.act_day):
            return False
        name = _parameter(card)
        held = asked.held(name) if name else None
        return held is None or held.value is None or held.found

    # --- the duties ------------------------------------------------------------------------------------------------

    def _duty(self) -> Judged:
        match self.card.duty:
            case CompletedBefore() as duty:
                return self._completed_before(duty)
            case MinimumPeriod() as duty:
                return self._minimum_period(duty)
            case Deadline() as duty:
                return self._deadline(duty)
            case MinimumCount() as duty:
                return self._by(duty.due, self._enough(duty), duty.violation or Violation.DEFECTIVE)
            case ConditionDuty() as duty:
                return self._by(duty.due, self.asked.ask(duty.met), duty.violation or Violation.DEFECTIVE)
            case duty:
                usual = {"evidence": Violation.MISSING, "unchanged": Violation.INCONSISTENT}
                test = self._of_rounds(duty, lambda one: self._of_one(duty, one))
                return self._by(duty.due, test, duty.violation or usual.get(duty.kind, Violation.DEFECTIVE))

    def _of_rounds(self, duty: OfRounds, test: Test) -> Truth:
        return self.asked.of_rounds(self.card.step, duty.round, test, self._where(duty.where))

    def _where(self, text: str | None) -> Test | None:
        return None if text is None else lambda one: self._round(one).ask(tree(text))

    def _round(self, one: SeenRound) -> Round:
        return Round(self.asked, one, ())

    def _happened(self, text: str) -> Truth:
        return self.asked.sight.fixed(path(tree(text))).happened

    def _by(self, due: str, test: Truth, violation: Violation) -> Judged:
        """Demand a test by a moment; until it has come, the future is open."""
        passed = self._happened(due)
        return Judged(either([test, both([opposite(passed), OPEN])]), passed, violation)

    def _of_one(self, duty: OfOneRound, one: SeenRound) -> Truth:
        asked = self._round(one)
        match duty:
            case RequiredFact():
                return asked.is_true(duty.fact)
            case OneOf():
                return asked.is_in(duty.attribute, duty.values)
            case ContainsAll():
                return asked.contains(duty.attribute, duty.values)
            case Evidence():
                return asked.contains("documents", duty.documents)
            case Unchanged():
                return asked.same(("draft",), path(tree(duty.of)))
            case Changed():
                return opposite(asked.same(("draft",), path(tree(duty.of))))
            case Distinct():
                return opposite(asked.same((duty.party,), path(tree(duty.of))))

    def _completed_before(self, duty: CompletedBefore) -> Judged:
        moment, gate = path(tree(duty.moment)), path(tree(duty.before))
        text = f"before({duty.moment}, {duty.before})"
        in_order = self._of_rounds(duty, lambda one: self._round(one).ask(tree(text)))
        took_place = self._of_rounds(duty, lambda one: self._round(one).seen(moment).happened)
        usual = Violation.MISSING if took_place is False else Violation.OUT_OF_ORDER
        return self._by(".".join(gate), in_order, duty.violation or usual)

    def _minimum_period(self, duty: MinimumPeriod) -> Judged:
        start, end, name = path(tree(duty.start)), path(tree(duty.end)), duty.at_least.parameter
        where = self._where(duty.where)

        def reaches(one: SeenRound) -> Truth:
            asked = self._round(one)
            return asked.margin(name, start, asked.days(end), clock=duty.clock, most=False).reaches

        long_enough = self._of_rounds(duty, reaches)
        there = self._there(duty.round, where)
        passed = self._happened(duty.due)
        return Judged(
            met=either([both([there, long_enough]), both([opposite(there), opposite(passed), OPEN])]),
            settled=either([passed, both([there, self._over(duty.round, end, where)])]),
            violation=duty.violation or Violation.TOO_SHORT,
        )

    def _there(self, quantifier: Quantifier, where: Test | None = None) -> Truth:
        """Tell whether there is a round that the duty is about."""
        step, asked = self.card.step, self.asked
        if where is None and quantifier is Quantifier.EFFECTIVE:
            return asked.of_rounds(step, quantifier, lambda one: one.begun.happened)
        if where is None:
            return asked.taken(step)
        return asked.of_rounds(step, quantifier if quantifier in ALONE else Quantifier.ANY_ROUND, where)

    def _over(self, quantifier: Quantifier, end: Path, where: Test | None = None) -> Truth:
        """Tell whether the ends of all rounds that are asked about have come."""

        def over(one: SeenRound) -> Truth:
            return either([self._round(one).seen(end).happened, opposite(where(one)) if where else False])

        sight, step = self.asked.sight, self.card.step
        if quantifier not in ALONE:
            return both(over(one) for one in sight.rounds(step))
        found = sight.candidates(step, quantifier)
        return found.agreed([over(one) for one in found.rounds], without=True)

    def _deadline(self, duty: Deadline) -> Judged:
        start, end, name = path(tree(duty.after)), path(tree(duty.moment)), duty.within.parameter
        step, asked, own = self.card.step, self.asked, len(path(tree(duty.after))) == 1
        today = Days(asked.sight.question.as_of, asked.sight.question.as_of, past=True)

        def in_time(one: SeenRound, until: Days) -> Truth:
            return self._round(one).margin(name, start, until, clock=duty.clock, most=True).keeps_within

        there = self._there(duty.round)
        kept = asked.of_rounds(step, duty.round, lambda one: in_time(one, self._round(one).days(end)))
        took_place = asked.of_rounds(step, duty.round, lambda one: self._round(one).seen(end).happened)
        if own:
            running = asked.of_rounds(step, duty.round, lambda one: self._round(one).seen(start).happened)
        else:
            running = asked.sight.fixed(start).happened
        passed = opposite(asked.of_rounds(step, duty.round, lambda one: in_time(one, today)))
        missed: Truth = False
        if not own:
            without = asked.margin(name, asked.sight.fixed_days(start), today, most=True)
            missed = both([running, opposite(without.keeps_within)])
        done = both([there, either([self._over(duty.round, end), passed])])
        return Judged(
            met=either([both([there, kept]), both([opposite(there), opposite(missed), OPEN])]),
            settled=both([running, either([done, both([opposite(there), missed])])]),
            violation=duty.violation or (Violation.OVERDUE if took_place is False else Violation.LATE),
        )

    def _enough(self, duty: MinimumCount) -> Truth:
        held = self.asked.held(duty.at_least.parameter)
        where = self._where(duty.where)
        if duty.of != "rounds":
            return self._of_rounds(duty, lambda one: self._amount(one, duty.of, held))
        counted = self.asked.count(self.card.step, where)
        enough = _at_least(counted, held, self.asked.count_doubt(self.card.step, where))
        if where is None or duty.round is not Quantifier.EVERY_ROUND:
            return enough
        return both([enough, self.asked.of_rounds(self.card.step, Quantifier.ANY_ROUND, where)])

    def _amount(self, one: SeenRound, name: str, held: Held | None) -> Truth:
        asked = self._round(one)
        return _at_least(asked.amount(name), held, asked.amount_doubt(name))


def _at_least(amount: Span, held: Held | None, doubt: Doubt = Doubt.EVIDENCE_MISSING) -> Truth:
    low, high = amount
    if held is None or held.value is None:
        if held is not None:
            return Doubt.PARAMETER_WITHOUT_VALUE
        return Doubt.MOMENT_NOT_EXACT if low == high else doubt
    return True if low >= held.value else False if high < held.value else doubt


def _parameter(card: Card) -> str | None:
    match card.duty:
        case MinimumPeriod(at_least=name) | MinimumCount(at_least=name) | Deadline(within=name):
            return name.parameter
    return None
