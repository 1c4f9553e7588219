"""The sweep evaluator: each card one Polars expression, over any number of cases at once."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.evaluation.compile import OUTCOME_CODES, CompiledCard, Outcome
from engine.evaluation.formula import All, AnyOf, Formula, Op, Test

Codes = NDArray[np.uint8]
"""One outcome per case, as the place of the outcome in `Outcome`."""

NO_OUTCOME: Final = 255
"""What the expression gives where no formula holds; the proof of the partition says that it never does."""


def expression(formula: Formula) -> pl.Expr:
    """Write a formula as an expression."""
    match formula:
        case Test(column, op, value):
            return _comparison(pl.col(column), op, value)
        case All(parts):
            return pl.all_horizontal(*map(expression, parts)) if parts else pl.lit(value=True)
        case AnyOf(parts):
            return pl.any_horizontal(*map(expression, parts)) if parts else pl.lit(value=False)


def _comparison(column: pl.Expr, op: Op, value: int) -> pl.Expr:
    match op:
        case Op.LT:
            return column < value
        case Op.LE:
            return column <= value
        case Op.GT:
            return column > value
        case Op.GE:
            return column >= value
        case Op.EQ:
            return column == value
        case Op.NE:
            return column != value


def outcome_expression(card: CompiledCard) -> pl.Expr:
    """Write a card as one expression that gives the code of its outcome."""
    found = pl.lit(NO_OUTCOME, dtype=pl.UInt8)
    for outcome in reversed(Outcome):
        code = pl.lit(OUTCOME_CODES[outcome], dtype=pl.UInt8)
        found = pl.when(expression(card.outcomes[outcome])).then(code).otherwise(found)
    return found.alias(card.id)


class SweepEvaluator:
    """Reads the outcomes of many cases from their columns."""

    def __init__(self, cards: Sequence[CompiledCard]) -> None:
        """Take compiled cards."""
        self._expressions = [outcome_expression(card) for card in cards]

    def evaluate(self, columns: Mapping[str, NDArray[np.int64] | Codes]) -> dict[str, Codes]:
        """Return for each card one outcome code per case."""
        # Lazily, so that what cards have in common is worked out once.
        found = pl.LazyFrame(dict(columns)).select(self._expressions).collect()
        return {name: found.get_column(name).to_numpy() for name in found.columns}
