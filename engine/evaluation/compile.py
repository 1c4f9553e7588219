"""Compile a card to one formula per outcome, over columns that hold integers. The outcomes are a partition.

A three-valued question is one column (0 false, 100 true, between them unknown); a number is two, its ends.
From them every condition gets two formulas, for true and for false, and what is neither is unknown. The cascade of
`_outcomes` then gives each case exactly one outcome; `prove` proves it for what was compiled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Final

from engine.cards.card import CardMeaning
from engine.evaluation.dnf import proves_partition
from engine.evaluation.formula import NEVER, Formula, Op, Test, conjunction, disjunction, negation
from engine.observables import terms as t
from engine.observables.inside import attributes_of
from engine.observables.kleene import FALSE, TRUE
from engine.vocabulary import Verdict


class Outcome(StrEnum):
    """What an evaluator answers: a verdict, and whether a statutory exception brought it about."""

    SATISFIED = "satisfied"
    BY_EXCEPTION = "satisfied_by_exception"
    VIOLATED = "violated"
    PENDING = "pending"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"

    @property
    def verdict(self) -> Verdict:
        """Return the verdict."""
        return _VERDICTS[self]


_VERDICTS: Final = {
    outcome: Verdict.SATISFIED if outcome == Outcome.BY_EXCEPTION else Verdict.of(outcome.value) for outcome in Outcome
}

OUTCOME_CODES: Final = {outcome: code for code, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True)
class Known:
    """A condition as two formulas; where neither holds it is unknown. They never both hold."""

    true: Formula
    false: Formula

    @property
    def unknown(self) -> Formula:
        """Return the formula for "neither"."""
        return conjunction(negation(self.true), negation(self.false))


TWO_VALUED: Final = (t.LevelIn, t.Excluded, t.CorrectedAfterFlag, t.Displaced, t.Confirmed)
"""Questions that are never unknown, so that no rule need be made for it."""

_FLIPPED: Final = {">=": (Op.GE, Op.LT), ">": (Op.GT, Op.LE), "<=": (Op.LE, Op.GT), "<": (Op.LT, Op.GE)}


def known(condition: t.Condition) -> Known:
    """Write a condition as formulas."""
    match condition:
        case t.Every(parts):
            each = [known(part) for part in parts]
            return Known(conjunction(*(part.true for part in each)), disjunction(*(part.false for part in each)))
        case t.Some(parts):
            each = [known(part) for part in parts]
            return Known(disjunction(*(part.true for part in each)), conjunction(*(part.false for part in each)))
        case t.Not(part):
            inner = known(part)
            return Known(inner.false, inner.true)
        case t.NumberTest():
            return _number(condition)
        case t.Open():
            return Known(NEVER, NEVER)
    least_true = FALSE + 1 if isinstance(condition, TWO_VALUED) else TRUE
    return Known(Test(str(condition), Op.GE, least_true), Test(str(condition), Op.LE, FALSE))


def _number(test: t.NumberTest) -> Known:
    low, high = low_column(test.number), high_column(test.number)
    if test.comparison == "==":
        true = conjunction(Test(low, Op.EQ, test.value), Test(high, Op.EQ, test.value))
        return Known(true, disjunction(Test(high, Op.LT, test.value), Test(low, Op.GT, test.value)))
    passes, fails = _FLIPPED[test.comparison]
    least, most = (low, high) if test.comparison in {">=", ">"} else (high, low)
    return Known(Test(least, passes, test.value), Test(most, fails, test.value))


def low_column(number: t.Number) -> str:
    """Return the column of a number's low end."""
    return f"{number}.lo"


def high_column(number: t.Number) -> str:
    """Return the column of a number's high end."""
    return f"{number}.hi"


def doubt_column(number: t.Number) -> str:
    """Return the column of why a number is not exact. No rule reads it."""
    return f"{number}.doubt"


@lru_cache(maxsize=100_000)
def column_of(flag: t.Flag) -> str:
    """Return the column of a question."""
    return str(flag)


@lru_cache(maxsize=100_000)
def columns_of(number: t.Number) -> tuple[str, str, str]:
    """Return the columns of a number: its low end, its high end, and its doubt."""
    return low_column(number), high_column(number), doubt_column(number)


Leaf = t.Flag | t.NumberTest


def leaves(condition: t.Condition) -> Iterable[Leaf]:
    """Return the questions and number tests of a condition, in order."""
    match condition:
        case t.Every(parts) | t.Some(parts):
            for part in parts:
                yield from leaves(part)
        case t.Not(part):
            yield from leaves(part)
        case _:
            yield condition


def _asked(*conditions: t.Condition) -> tuple[Leaf, ...]:
    found = (leaf for condition in conditions for leaf in leaves(condition))
    return tuple(leaf for leaf in dict.fromkeys(found) if not isinstance(leaf, t.Open))


@dataclass(frozen=True)
class CompiledCard:
    """A card with its formulas, one per outcome."""

    meaning: CardMeaning
    outcomes: Mapping[Outcome, Formula]

    @cached_property
    def id(self) -> str:
        """Return the card's id."""
        return self.meaning.card.id

    @cached_property
    def conditions(self) -> tuple[t.Condition, ...]:
        """Return everything that decides the card."""
        meaning = self.meaning
        return (
            meaning.applies,
            meaning.duty.met,
            meaning.duty.settled,
            meaning.unless,
            meaning.confirmed,
            meaning.ended,
        )

    @cached_property
    def flags(self) -> tuple[t.Flag, ...]:
        """Return the questions that decide the card, each once."""
        found = (leaf for part in self.conditions for leaf in leaves(part) if not isinstance(leaf, t.NumberTest))
        return tuple(flag for flag in dict.fromkeys(found) if not isinstance(flag, t.Open))

    @cached_property
    def numbers(self) -> tuple[t.Number, ...]:
        """Return the numbers that decide the card, each once."""
        found = (leaf.number for part in self.conditions for leaf in leaves(part) if isinstance(leaf, t.NumberTest))
        return tuple(dict.fromkeys(found))

    @cached_property
    def applicability(self) -> tuple[Leaf, ...]:
        """Return what decides whether the card applies."""
        return _asked(self.meaning.applies)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Return every question that decides the card, or names how it is violated."""
        named = (condition for condition, _ in self.meaning.duty.violations)
        return _asked(*self.conditions, *named)

    @cached_property
    def asked_of_rounds(self) -> frozenset[tuple[str, str]]:
        """Return the attributes of rounds that the card asks about, with their steps; exceptions left out."""
        return frozenset(attributes_of((self.meaning.applies, self.meaning.duty.met), happened=True))

    @cached_property
    def asked_by_exception(self) -> frozenset[tuple[str, str]]:
        """Return the attributes of rounds that the exception of the card asks about, with their steps."""
        return frozenset(attributes_of(self.meaning.unless, happened=True))

    @cached_property
    def decided_by(self) -> frozenset[tuple[str, str]]:
        """Return the attributes of rounds that decide the card, with their steps.

        Left out are moments of which it only asks whether they have happened.
        """
        return frozenset(attributes_of(self.conditions, happened=False))

    @cached_property
    def fulfilment(self) -> tuple[Leaf, ...]:
        """Return what decides whether the duty is met, or can still be."""
        return _asked(self.meaning.duty.met, self.meaning.duty.settled)

    @cached_property
    def fulfilment_or_exception(self) -> tuple[Leaf, ...]:
        """Return the same, and what decides whether an exception holds."""
        return _asked(self.meaning.duty.met, self.meaning.duty.settled, self.meaning.unless)

    @cached_property
    def intervals(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of columns of which the first never exceeds the second."""
        return tuple((low_column(number), high_column(number)) for number in self.numbers)

    @cached_property
    def domains(self) -> dict[str, tuple[int, int]]:
        """Return the least and greatest value of the columns that have them."""
        return {str(flag): (FALSE, TRUE) for flag in self.flags}

    def prove(self) -> None:
        """Prove that on every case exactly one outcome holds; raises `NotAPartitionError`."""
        formulas = {str(outcome): formula for outcome, formula in self.outcomes.items()}
        proves_partition(formulas, intervals=self.intervals, domains=self.domains)


def compile_card(meaning: CardMeaning) -> CompiledCard:
    """Compile one card."""
    return CompiledCard(meaning, _outcomes(meaning))


def _outcomes(meaning: CardMeaning) -> dict[Outcome, Formula]:
    applies, met = known(meaning.applies), known(meaning.duty.met)
    settled, unless = known(meaning.duty.settled), known(meaning.unless)
    confirmed, ended = known(meaning.confirmed), known(meaning.ended)
    not_excepted = negation(unless.true)
    unmet = conjunction(applies.true, met.false)
    in_doubt = conjunction(applies.true, met.unknown, not_excepted)
    still_open = conjunction(in_doubt, settled.false)
    return {
        Outcome.SATISFIED: conjunction(applies.true, met.true),
        Outcome.BY_EXCEPTION: conjunction(applies.true, negation(met.true), unless.true),
        Outcome.VIOLATED: conjunction(unmet, unless.false, confirmed.true),
        Outcome.PENDING: conjunction(still_open, ended.false),
        Outcome.UNDETERMINED: disjunction(
            applies.unknown,
            conjunction(unmet, unless.unknown),
            conjunction(unmet, unless.false, negation(confirmed.true)),
            conjunction(in_doubt, negation(settled.false)),
            conjunction(still_open, ended.unknown),
        ),
        Outcome.NOT_APPLICABLE: disjunction(applies.false, conjunction(still_open, ended.true)),
    }
