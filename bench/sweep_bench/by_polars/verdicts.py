"""What comes of a card, from whether it applies, is met, settled or excepted, and whether the matter has ended.

The outcome needs only where answers are yes and where they are no, which is quick to work out; the byte of an answer,
with the reason why one cannot tell, is worked out where it is needed.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars import words
from bench.sweep_bench.by_polars.words import NO, OPEN, YES, code

SATISFIED, EXCEPTED, VIOLATED, PENDING, UNDETERMINED, NOT_APPLICABLE = range(6)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer about each record: where it is yes, where no, and its byte."""

    yes: pl.Expr
    no: pl.Expr
    byte: pl.Expr

    def __and__(self, other: "Answer") -> "Answer":
        """Join two answers with "and"."""
        return Answer(self.yes & other.yes, self.no | other.no, words.both(self.byte, other.byte))

    def __or__(self, other: "Answer") -> "Answer":
        """Join two answers with "or"."""
        return Answer(self.yes | other.yes, self.no & other.no, words.either(self.byte, other.byte))

    def __invert__(self) -> "Answer":
        """Turn yes and no round."""
        return Answer(self.no, self.yes, words.opposite(self.byte))


def told(column: str) -> Answer:
    """Read an answer from its column."""
    byte = pl.col(column)
    return Answer(byte == YES, byte == NO, byte)


NEVER_SO: Final = Answer(pl.lit(value=False), pl.lit(value=True), code(NO))


def until(due: str) -> Answer:
    """Leave open what the time before a moment may still bring."""
    come = told(due)
    return Answer(pl.lit(value=False), come.yes, words.until(due))


@dataclass(frozen=True, slots=True)
class Shown:
    """The numbers of a card: their columns, what is demanded, and the column that says whether that law held."""

    least: str
    most: str
    demanded: int
    law: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A card: its answers, how its violation is called, what it follows from.

    `matter`: what is certain of the matters that are the card's. `confirmed`: a violation is one; else its source is
    in doubt.
    """

    id: str
    law: str
    met: Answer
    settled: Answer
    violation: pl.Expr
    matter: str | None = None
    applies: Answer | None = None
    unless: Answer | None = None
    confirmed: bool = True
    follows: tuple[str, ...] = ()
    shown: Shown | None = None

    @property
    def applicability(self) -> Answer:
        """Answer whether the card applies; by its byte only where the matter is the card's."""
        law = told(self.law) if self.applies is None else told(self.law) & self.applies
        inside = pl.col("inside") if self.matter is None else pl.col("inside") & pl.col(self.matter)
        return Answer(inside & law.yes, law.no | ~inside, law.byte)

    @property
    def outcome(self) -> pl.Expr:
        """Write the outcome."""
        applies = self.applicability
        violated = code(VIOLATED if self.confirmed else UNDETERMINED)
        chosen = pl.when(applies.no).then(code(NOT_APPLICABLE)).when(~applies.yes).then(code(UNDETERMINED))
        chosen = chosen.when(self.met.yes).then(code(SATISFIED))
        if self.unless is not None:
            chosen = chosen.when(self.unless.yes).then(code(EXCEPTED))
            violated = pl.when(self.unless.no).then(violated).otherwise(code(UNDETERMINED))
        chosen = chosen.when(self.met.no).then(violated).when(self.settled.no).then("still")
        return chosen.otherwise(code(UNDETERMINED)).alias(self.id)

    @property
    def doubt(self) -> pl.Expr:
        """Say why the card cannot be told, where it cannot."""
        unmet = code(NO) if self.unless is None else self.unless.byte
        if not self.confirmed:
            unmet = words.either(unmet, code(OPEN))
        applies, met = self.applicability.byte, self.met.byte
        why = pl.when(applies < YES).then(applies).when(met == NO).then(unmet)
        return why.when(self.settled.byte == NO).then("ended").otherwise(met)
