"""Tests of single rounds: one answer per seen round."""

from collections.abc import Callable
from typing import Final, TypeVar

import numpy as np

from engine.calendar.counting import FAR
from engine.loops import taken
from engine.observables import kernels
from engine.observables import terms as t
from engine.observables.cases import Ints, Longs
from engine.observables.facts import CaseFacts
from engine.observables.kleene import (
    DOUBT_CODES,
    FALSE,
    TRUE,
    Truth,
    kleene_and,
    kleene_not,
    kleene_or,
    truth,
)
from engine.observables.layout import NOBODY, NOT_SAID, UNSURE
from engine.observables.moments import Days, Instants, StepView
from engine.observables.periods import Counted, Numbers, demanded, due, length, margin, shortfall, with_clock
from engine.observables.reduce import picked_party
from engine.vocabulary import Doubt

_EVIDENCE: Final = DOUBT_CODES[Doubt.EVIDENCE_MISSING]
_SAME_DAY: Final = DOUBT_CODES[Doubt.SAME_DAY_ORDER]
_MOMENT: Final = DOUBT_CODES[Doubt.MOMENT_NOT_EXACT]

Scalar = TypeVar("Scalar", bound=np.generic)


class RoundTests:
    """The answers to tests of the rounds of one step; one entry per seen round."""

    def __init__(self, view: StepView, case: CaseFacts) -> None:
        """Take the rounds and the case around them."""
        self.view = view
        self._case = case
        self._kept: dict[t.RoundTest, Truth] = {}
        self._counted: dict[t.Period, Counted] = {}

    def test(self, test: t.RoundTest) -> Truth:
        """Answer a test."""
        if test not in self._kept:
            self._kept[test] = self._answer(test)
        return self._kept[test]

    def _answer(self, test: t.RoundTest) -> Truth:  # noqa: C901 - one line for each kind of test
        match test:
            case t.RoundAll(parts):
                return self._joined(parts, kleene_and, FALSE)
            case t.RoundAny(parts):
                return self._joined(parts, kleene_or, TRUE)
            case t.RoundNot(part):
                return kleene_not(self.test(part))
            case t.Begun():
                return happened(self.view.begun)
            case t.IsTrue() | t.IsIn() | t.Contains() | t.Compares():
                return self._said(test)
            case t.Happened(moment):
                return self.happened(moment)
            case t.Before(early, late):
                return before(self.instants(early), self.instants(late))
            case t.Reaches(period):
                found = self.margin(period, "at_least")
                return truth(found.lo >= 0, found.hi < 0, found.doubt)
            case t.KeepsWithin(period):
                found = self.margin(period, "at_most")
                return truth(found.hi <= 0, found.lo > 0, found.doubt)
            case t.Same(left, right):
                return _alike(self.party(left), self.party(right))

    def _joined(
        self,
        parts: tuple[t.RoundTest, ...],
        join: Callable[[Truth, Truth], Truth],
        decided: int,
    ) -> Truth:
        """Join tests, and ask no further where all rounds are decided."""
        found = self.test(parts[0])
        for part in parts[1:]:
            if _all_are(found, decided):
                return found
            found = join(found, self.test(part))
        return found

    # --- what the round says -----------------------------------------------------------------------------------

    def _said(self, test: t.IsTrue | t.IsIn | t.Contains | t.Compares) -> Truth:
        if isinstance(test, t.Contains) and test.attribute == "documents":
            wanted = self._bits(test)
            held, possible = self.view.documents
            return truth((held & wanted) == wanted, (possible & wanted) != wanted, _MOMENT)
        if test.attribute == "documented":
            held, possible = self.view.documents
            return truth(held != 0, possible == 0, _MOMENT)
        attribute = self.view.step.attributes[test.attribute]
        absent = FALSE if attribute.if_absent == "no" else _EVIDENCE
        values, doubted = self.view.said(test.attribute), self.view.in_doubt(test.attribute)
        match test:
            case t.IsTrue():
                found = kernels.between(values, 1, 1, NOT_SAID, absent)
            case t.IsIn(_, named):
                wanted = sum(1 << list(attribute.values).index(value) for value in set(named))
                found = kernels.one_of(values, wanted, NOT_SAID, absent)
            case t.Contains():
                found = kernels.holding(values, self._bits(test), NOT_SAID, absent)
            case t.Compares(_, comparison, value):
                absent = _EVIDENCE
                found = kernels.between(values, *limits(comparison, value), NOT_SAID, absent)
        # What may not be said by now is what it says, or as if it were not said.
        return found if doubted is None else np.where(doubted & (found != absent), np.uint8(_MOMENT), found)

    def _bits(self, test: t.Contains) -> int:
        step = self.view.step
        known = list(step.evidence if test.attribute == "documents" else step.attributes[test.attribute].values)
        return sum(1 << known.index(value) for value in set(test.values))

    def party(self, who: t.Own | t.Picked | t.LeadUnit) -> Longs:
        """Return the number of a party or a draft, NOBODY where none is named."""
        match who:
            case t.Own(attribute):
                return self._named(self.view, attribute)
            case t.LeadUnit():
                return self._case.cases.column("lead_unit")[self.view.case]
            case t.Picked(step, quantifier, attribute):
                view = self._case.view(step)
                if view is None:
                    return np.zeros(self.view.rounds, dtype=np.int64)
                named = view.spread(picked_party(view, quantifier, self._named(view, attribute)), NOBODY)
                return named[self.view.case]

    @staticmethod
    def _named(view: StepView, attribute: str) -> Longs:
        names, doubted = view.said(attribute), view.in_doubt(attribute)
        return names if doubted is None else np.where(doubted & (names != NOBODY), UNSURE, names)

    # --- moments and periods -----------------------------------------------------------------------------------

    def happened(self, moment: t.Reference) -> Truth:
        """Tell whether a moment has happened."""
        return happened(self.instants(moment))

    def instants(self, moment: t.Reference) -> Instants:
        """Return a moment of the rounds, or of their case, for every round."""
        if isinstance(moment, t.Own):
            return self.view.instants(moment.attribute)
        fixed, owner = self._case.moments.fixed(moment), self.view.case
        return Instants(taken(fixed.lo, owner), taken(fixed.hi, owner))

    def days(self, moment: t.Reference) -> Days:
        """Return a moment of the rounds, or of their case, as days, the future included."""
        if isinstance(moment, t.Own):
            return self.view.days(moment.attribute)
        fixed = self._case.moments.fixed_days(moment)
        owner = self.view.case
        return Days(*(taken(column, owner) for column in (fixed.lo, fixed.hi, fixed.past, fixed.begun)))

    def _period(self, period: t.Period) -> Counted:
        if period not in self._counted:
            rows = self._case.parameter(period.parameter, period.act).at(self.view.case)
            unit = self._case.unit(period.parameter)
            found = Counted(self.days(period.start), self.days(period.end), rows, unit)
            if period.clock:
                found = with_clock(self.view, found, as_of=self._case.question.as_of)
            self._counted[period] = found
        return self._counted[period]

    def margin(self, period: t.Period, sense: t.Sense) -> Numbers:
        """Return how far the end of a period lies after the last day of what is demanded, in calendar days."""
        return margin(self._period(period), sense=sense, workdays=self._case.law.workdays)

    def length(self, period: t.Period, sense: t.Sense) -> Numbers:
        """Return the length of a period in the unit of its parameter."""
        return length(self._period(period), sense=sense, workdays=self._case.law.workdays)

    def shortfall(self, period: t.Period) -> Ints:
        """Return by how many calendar days a planned or announced end falls short, however one counts."""
        return shortfall(self._period(period), workdays=self._case.law.workdays)

    def due(self, period: t.Period) -> tuple[Ints, Ints]:
        """Return the first and the last day that may be the last on which a period keeps within its parameter."""
        return due(self._period(period), workdays=self._case.law.workdays)

    def demanded(self, period: t.Period, sense: t.Sense) -> tuple[Days, Ints, Ints]:
        """Return when a period began, and the first and the last day that may be the last of the demanded length."""
        counted = self._period(period)
        return counted.start, *demanded(counted, sense=sense, workdays=self._case.law.workdays)

    def amount(self, attribute: str) -> Numbers:
        """Return a number that the rounds give; 0 to FAR where one does not."""
        values, doubted = self.view.said(attribute), self.view.in_doubt(attribute)
        said = values != NOT_SAID
        doubt = np.full(self.view.rounds, _EVIDENCE, dtype=np.uint8)
        if doubted is not None:
            doubt[doubted & said] = _MOMENT
            said &= ~doubted
        return Numbers(np.where(said, values, 0), np.where(said, values, FAR), doubt)

    def restricted(self, numbers: Numbers, passes: Truth, blank: int) -> Numbers:
        """Blank the numbers of rounds that fail a test; where the test is unknown, so is the number on that side."""
        unsure = (passes > FALSE) & (passes < TRUE)
        lo = np.where(passes == TRUE, numbers.lo, np.where(unsure, np.minimum(numbers.lo, blank), blank))
        hi = np.where(passes == TRUE, numbers.hi, np.where(unsure, np.maximum(numbers.hi, blank), blank))
        doubt = np.where(
            unsure, np.maximum(passes, numbers.doubt), np.where(passes == TRUE, numbers.doubt, np.uint8(FALSE))
        )
        return Numbers(lo, hi, doubt)


def happened(instants: Instants) -> Truth:
    """Tell whether a moment has happened; one answer per row."""
    return kernels.happened(instants.lo, instants.hi, _MOMENT)


def before(early: Instants, late: Instants) -> Truth:
    """Tell whether a moment has happened, and not after another; one answer per row."""
    return kernels.before(early.lo, early.hi, late.lo, late.hi, _SAME_DAY, _MOMENT)


def limits(comparison: t.Comparison, value: int) -> tuple[int, int]:
    """Return the least and the greatest number that compares so with a literal."""
    match comparison:
        case ">=":
            return value, _GREATEST
        case ">":
            return value + 1, _GREATEST
        case "<=":
            return _LEAST, value
        case "<":
            return _LEAST, value - 1
        case "==":
            return value, value


_LEAST: Final = int(np.iinfo(np.int32).min)
_GREATEST: Final = int(np.iinfo(np.int32).max)


def _all_are(answers: Truth, answer: int) -> bool:
    """Tell whether there are answers, and all are the same one."""
    if len(answers) == 1:
        return bool(answers[0] == answer)
    return len(answers) > 0 and bool((answers == answer).all())


def _alike(left: Longs, right: Longs) -> Truth:
    named = (left > NOBODY) & (right > NOBODY)
    absent = (left == NOBODY) | (right == NOBODY)
    doubt = np.where(absent, np.uint8(_EVIDENCE), np.uint8(_MOMENT))
    return truth(named & (left == right), named & (left != right), doubt)
