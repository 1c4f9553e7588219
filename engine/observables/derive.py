"""From terms to columns: the one derivation, for one case and for millions.

Every answer has one entry per case: a truth (`kleene`) for a question, an interval with its doubt for a number.
Nothing is null: what is not known has a value of its own. Answers are kept, so that a question is worked out once.
"""

from functools import reduce
from typing import Final

import numpy as np

from engine.calendar.counting import FAR
from engine.observables import kernels
from engine.observables import terms as t
from engine.observables.cases import Cases, Ints
from engine.observables.context import Law, Question
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
from engine.observables.layout import CLASS_CODES, LEVEL_CODES, NOT_SAID, OUTCOME_CODES
from engine.observables.periods import WIDEST, Counted, Numbers, due, margin
from engine.observables.reduce import all_of, answered, greatest, picked, picked_span, smallest, took_place
from engine.observables.rounds import RoundTests, before, happened
from engine.parameters.jurisdictions import ALL_TIME
from engine.parameters.parameter import ParameterRows
from engine.vocabulary import Doubt, OutcomeKind, Quantifier

_LEAST_DOUBT: Final = 1
_OUTCOME: Final = t.OutcomeDay()
_BEGUN: Final = t.Begun()
_DETERMINATION: Final = DOUBT_CODES[Doubt.DETERMINATION_MISSING]
_MOMENT: Final = DOUBT_CODES[Doubt.MOMENT_NOT_EXACT]
_EVIDENCE: Final = DOUBT_CODES[Doubt.EVIDENCE_MISSING]
_VALUE: Final = DOUBT_CODES[Doubt.PARAMETER_WITHOUT_VALUE]


class Derivation:
    """The answers to the terms about some cases, on one day and by one state of knowledge."""

    def __init__(self, cases: Cases, law: Law, question: Question) -> None:
        """Take the cases, the law's data and the question."""
        self.cases = cases
        self.law = law
        self.question = question
        self.facts = CaseFacts(cases, law, question)
        self.moments = self.facts.moments
        self._truths: dict[t.Flag, Truth] = {}
        self._numbers: dict[t.Number, Numbers] = {}
        self._tests: dict[str, RoundTests] = {}

    # --- questions about the case ------------------------------------------------------------------------------

    def flag(self, flag: t.Flag) -> Truth:
        """Answer a three-valued question."""
        if flag not in self._truths:
            self._truths[flag] = self._flag(flag)
        return self._truths[flag]

    def _flag(self, flag: t.Flag) -> Truth:  # noqa: PLR0911, PLR0912, C901 - one line for each kind of question
        column = self.cases.column
        match flag:
            case t.OfRounds(step, quantifier, test):
                return self._of_rounds(step, quantifier, self._test(step, test))
            case t.Happened(moment):
                return happened(self.moments.fixed(_as_fixed(moment)))
            case t.Before(early, late):
                return before(self.moments.fixed(_as_fixed(early)), self.moments.fixed(_as_fixed(late)))
            case t.Taken(step):
                return self._of_rounds(step, Quantifier.ANY_ROUND, self._test(step, _BEGUN))
            case t.Determined(name):
                return self._determined(name)
            case t.LevelIn(levels):
                return _among(column("organ_level"), [LEVEL_CODES[level] for level in levels])
            case t.ClassIn(classes):
                return _among(column("matter_class"), [CLASS_CODES[kind] for kind in classes])
            case t.OutcomeIn(kinds):
                return kleene_and(happened(self.moments.fixed(_OUTCOME)), self._ended_by(kinds))
            case t.Excluded():
                believed = (column("excluded") == 1) & (column("excluded.hi") <= self.question.end_of_day)
                return truth(believed, ~believed, FALSE)
            case t.CorrectedAfterFlag():
                held = column("corrected_after_flag") == 1
                return truth(held, ~held, FALSE)
            case t.Displaced(statute):
                bit = 1 << list(self.law.procedure.special_statutes).index(statute)
                held = (column("special_statutes") & bit) != 0
                return truth(held, ~held, FALSE)
            case t.LiesWithin(jurisdiction, act):
                return self._lies_within(jurisdiction, self.facts.act_day(act))
            case t.Confirmed():
                return self._confirmed(flag)
            case t.Settled(step, quantifier, period, where):
                return self._settled(step, quantifier, period, where)
            case t.Open():
                return self.facts.constant(_LEAST_DOUBT)

    def _ended_by(self, kinds: tuple[OutcomeKind, ...]) -> Truth:
        """Answer by the outcome on record. One that is no decision is in doubt without its reason."""
        outcome = self.cases.column("outcome")
        among = _among(outcome, [OUTCOME_CODES[kind] for kind in kinds])
        decided = outcome == OUTCOME_CODES[OutcomeKind.DECIDED]
        doubted = (among == TRUE) & ~decided & (self.cases.column("outcome.reasoned") == 0)
        return np.where(doubted, np.uint8(_EVIDENCE), among)

    def _of_rounds(self, step: str, quantifier: Quantifier, values: Truth | None) -> Truth:
        view = self.facts.view(step)
        if view is None or values is None:
            return self.facts.constant(FALSE)
        return view.spread(answered(view, quantifier, values), FALSE)

    def _test(self, step: str, test: t.RoundTest) -> Truth | None:
        rounds = self.rounds(step)
        return rounds.test(test) if rounds else None

    def rounds(self, step: str) -> RoundTests | None:
        """Return the tests of the rounds of a step; None if no case has one."""
        if step not in self._tests:
            view = self.facts.view(step)
            if view is None:
                return None
            self._tests[step] = RoundTests(view, self.facts)
        return self._tests[step]

    def _determined(self, name: str) -> Truth:
        """Answer by a determination with a reason; on a day that is not certain to have come it is not made yet."""
        column = self.cases.column
        value, hi, entered = (column(f"determined.{name}{part}") for part in ("", ".hi", ".entered"))
        end, known_at = self.question.end_of_day, self.question.known_at
        return kernels.determined(value, hi, entered, end, known_at, _DETERMINATION)

    def _lies_within(self, jurisdiction: str, day: Numbers) -> Truth:
        tree, codes = self.law.tree, self.cases.column("jurisdiction")
        spans = [tree.spans(name, within=jurisdiction) for name in tree.ids]
        found = np.array([TRUE if ALL_TIME in held else FALSE for held in spans], dtype=np.uint8)[codes]
        for code, held in enumerate(spans):
            for span in () if ALL_TIME in held else held:
                inside = (day.lo >= span.first) & (day.hi <= span.last)
                outside = (day.hi < span.first) | (day.lo > span.last)
                found = np.where(codes == code, kleene_or(found, truth(inside, outside, _MOMENT)), found)
        return found

    def _confirmed(self, flag: t.Confirmed) -> Truth:
        held = np.ones(self.cases.size, dtype=np.bool_)
        for name in flag.parameters:
            rows = self.facts.parameter(name, flag.act)
            held &= rows.confirmed | ~rows.known
        if not flag.found:
            held &= self._adopted(flag.card, self.facts.act_day(flag.act)) == TRUE
        return truth(held, ~held, FALSE)

    def _adopted(self, card: str, day: Numbers) -> Truth:
        tree = self.law.tree
        places = [name for name in tree.ids if card in tree.by_id[name].adopts]
        return reduce(kleene_or, (self._lies_within(place, day) for place in places), self.facts.constant(FALSE))

    def _settled(self, step: str, quantifier: Quantifier, period: t.Period, where: t.RoundTest | None) -> Truth:
        rounds = self.rounds(step)
        if rounds is None:
            return self.facts.constant(TRUE)
        past = rounds.happened(period.end)
        if where is not None:
            past = kleene_or(past, kleene_not(rounds.test(where)))
        view, each = rounds.view, quantifier in {Quantifier.ANY_ROUND, Quantifier.EVERY_ROUND}
        return view.spread(all_of(view, past) if each else picked(view, quantifier, past, TRUE), TRUE)

    # --- numbers -----------------------------------------------------------------------------------------------

    def number(self, number: t.Number) -> Numbers:
        """Return a number as an interval."""
        if number not in self._numbers:
            self._numbers[number] = self._number(number)
        return self._numbers[number]

    def _number(self, number: t.Number) -> Numbers:
        match number:
            case t.ActDay(act):
                return self.facts.act_day(act)
            case t.Margin() | t.Elapsed():
                return self._period(number)
            case t.Amount():
                return self._amount(number)
            case t.Rounds():
                return self._round_count(number)
            case t.Required(name, act):
                rows = self.facts.parameter(name, act)
                low, high = np.where(rows.known, rows.value, -FAR), np.where(rows.known, rows.value, FAR)
                return Numbers(low, high, self.facts.constant(_VALUE))

    def _period(self, number: t.Margin | t.Elapsed) -> Numbers:
        if number.step is None:
            return margin(self._counted(number.period), sense=number.sense, workdays=self.law.workdays)
        rounds = self.rounds(number.step)
        if rounds is None:
            return self._none(failing(number.sense))
        margins = isinstance(number, t.Margin)
        each = rounds.margin(number.period, number.sense) if margins else rounds.length(number.period, number.sense)
        return self._deciding(rounds, number.quantifier, each, number.sense, number.where)

    def due(self, number: t.Elapsed) -> tuple[Ints, Ints]:
        """Return the first and the last day that may be the last on which a maximum can still be kept.

        Of several rounds those count whose end may still come. FAR, or `-FAR` to FAR, where there is no such day.
        """
        period = t.Period(
            number.period.start, t.Today(), number.period.parameter, number.period.act, number.period.clock
        )
        none = np.full(self.cases.size, FAR, dtype=np.int32)
        # Counted from a moment of its own rounds, there is no day without a round.
        own = isinstance(period.start, t.Own)
        without = (none, none) if own else due(self._counted(period), workdays=self.law.workdays)
        rounds = self.rounds(number.step)
        if rounds is None:
            return without
        first, last = self._due_of_rounds(rounds, number, rounds.due(period))
        return np.where(first < FAR, first, without[0]), np.where(first < FAR, last, without[1])

    @staticmethod
    def _due_of_rounds(rounds: RoundTests, number: t.Elapsed, each: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
        """Reduce one day per round to that of the round which decides; FAR for cases without a round."""
        view, (first, last) = rounds.view, each
        if number.quantifier not in {Quantifier.ANY_ROUND, Quantifier.EVERY_ROUND}:
            lo, hi = picked_span(view, number.quantifier, first, last, FAR)
            return view.spread(lo, FAR), view.spread(hi, FAR)
        every = number.quantifier == Quantifier.EVERY_ROUND
        reduce, over = (smallest, FAR) if every else (greatest, -FAR)
        ended = rounds.days(number.period.end).begun
        lo = reduce(view, np.where(ended, over, first))
        hi = reduce(view, np.where(ended, over, last))
        if view.maybe is not None:
            unsure = smallest(view, took_place(view)) != TRUE
            lo, hi = np.where(unsure, -FAR, lo), np.where(unsure, FAR, hi)
        return view.spread(lo, FAR), view.spread(hi, FAR)

    def _counted(self, period: t.Period) -> Counted:
        start, end = (self.moments.fixed_days(_as_fixed(moment)) for moment in (period.start, period.end))
        return Counted(
            start, end, self.facts.parameter(period.parameter, period.act), self.facts.unit(period.parameter)
        )

    def _amount(self, number: t.Amount) -> Numbers:
        rounds = self.rounds(number.step)
        if rounds is None:
            return self._none(failing("at_least"))
        each = rounds.amount(number.attribute)
        if number.parameter is not None and number.act is not None:
            each = less(each, self.facts.parameter(number.parameter, number.act).at(rounds.view.case))
        return self._deciding(rounds, number.quantifier, each, "at_least", number.where)

    def _none(self, blank: int) -> Numbers:
        nothing = np.full(self.cases.size, blank, dtype=np.int32)
        return Numbers(nothing, nothing, self.facts.constant(_EVIDENCE))

    def _deciding(
        self,
        rounds: RoundTests,
        quantifier: Quantifier,
        each: Numbers,
        sense: t.Sense,
        where: t.RoundTest | None,
    ) -> Numbers:
        """Reduce one number per round to that of the round which decides; cases without a round fail."""
        view, fails = rounds.view, failing(sense)
        every = quantifier == Quantifier.EVERY_ROUND
        each = _doubted_where_open(each, sense)
        one = quantifier not in {Quantifier.ANY_ROUND, Quantifier.EVERY_ROUND}
        passes = None if where is None else rounds.test(where)
        if view.maybe is not None and not one:
            passes = took_place(view) if passes is None else kleene_and(took_place(view), passes)
        if passes is not None:
            each = _doubted_where_open(rounds.restricted(each, passes, -fails if every else fails), sense)
        if one:
            lo, hi = picked_span(view, quantifier, each.lo, each.hi, fails)
            doubt = picked(view, quantifier, _told(each, sense))
        else:
            reduce = smallest if every == (sense == "at_least") else greatest
            lo, hi, doubt = reduce(view, each.lo), reduce(view, each.hi), greatest(view, each.doubt)
            if every and view.maybe is not None:
                # It may be that there is no round.
                unsure = greatest(view, took_place(view)) != TRUE
                lo, hi = np.where(unsure, np.minimum(lo, fails), lo), np.where(unsure, np.maximum(hi, fails), hi)
                doubt = np.where(unsure, np.maximum(doubt, np.uint8(_MOMENT)), doubt)
        return Numbers(view.spread(lo, fails), view.spread(hi, fails), view.spread(doubt, _EVIDENCE))

    def _round_count(self, number: t.Rounds) -> Numbers:
        view = self.facts.view(number.step)
        if view is None:
            none = np.zeros(self.cases.size, dtype=np.int32)
            return self._less(Numbers(none, none, self.facts.constant(_EVIDENCE)), number.parameter, number.act)
        counts = happened(view.begun)
        if number.where is not None and (rounds := self.rounds(number.step)):
            counts = kleene_and(counts, rounds.test(number.where))
        lo, hi = kernels.counted(counts, view.case, self.cases.size)
        unsure = np.where((counts > FALSE) & (counts < TRUE), counts, np.uint8(FALSE))
        doubt = self._of_rounds(number.step, Quantifier.ANY_ROUND, unsure)
        return self._less(Numbers(lo, hi, np.maximum(doubt, 1)), number.parameter, number.act)

    def _less(self, number: Numbers, parameter: str | None, act: t.Act | None) -> Numbers:
        return number if parameter is None or act is None else less(number, self.facts.parameter(parameter, act))


def less(number: Numbers, demands: ParameterRows) -> Numbers:
    """Take what a parameter demands off a number; one entry per row."""
    lo = np.where(demands.known, number.lo - demands.value, -WIDEST)
    hi = np.where(demands.known, number.hi - demands.value, WIDEST)
    doubt = np.where((number.lo == number.hi) & ~demands.known, np.uint8(_MOMENT), number.doubt)
    return Numbers(lo, hi, np.where(demands.dated & ~demands.known, np.uint8(_VALUE), doubt))


def _doubted_where_open(numbers: Numbers, sense: t.Sense) -> Numbers:
    """Drop the doubts about numbers that pass or fail what is demanded, whatever they are exactly."""
    doubt = kernels.doubts_where_open(numbers.lo, numbers.hi, numbers.doubt, sense == "at_least")
    return Numbers(numbers.lo, numbers.hi, doubt)


def _told(numbers: Numbers, sense: t.Sense) -> Truth:
    """Tell by what is demanded which numbers pass; unknown with their doubt where that is not decided."""
    least = sense == "at_least"
    passes = numbers.lo >= 0 if least else numbers.hi <= 0
    fails = numbers.hi < 0 if least else numbers.lo > 0
    return truth(passes, fails, np.maximum(numbers.doubt, _LEAST_DOUBT))


def failing(sense: t.Sense) -> int:
    """Return a number that fails a demand."""
    return -WIDEST if sense == "at_least" else WIDEST


def _among(values: Ints, wanted: list[int]) -> Truth:
    return kernels.one_of(values, sum(1 << code for code in set(wanted)), NOT_SAID, _EVIDENCE)


def _as_fixed(moment: t.Reference) -> t.Fixed:
    if isinstance(moment, t.Own):
        raise TypeError(moment)
    return moment
