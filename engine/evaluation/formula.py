"""Formulas: conjunctions and disjunctions of integer tests, the one language that both evaluators read.

A formula is two-valued. Every column that it names is present in every case and holds an integer, so there is
no null and no third value here: the third value of a condition is a formula of its own (`engine.conditions`).
Negation is pushed into the tests when a formula is built; there is no node for it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Op(StrEnum):
    """An integer comparison."""

    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    EQ = "=="
    NE = "!="


OPPOSITE: Final = {
    Op.LT: Op.GE,
    Op.GE: Op.LT,
    Op.LE: Op.GT,
    Op.GT: Op.LE,
    Op.EQ: Op.NE,
    Op.NE: Op.EQ,
}


@dataclass(frozen=True, slots=True)
class Test:
    """Compare one column of the case with a literal."""

    column: str
    op: Op
    value: int


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is; `All(())` is always true."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when some part is; `AnyOf(())` is never true."""

    parts: tuple["Formula", ...]


Formula = Test | All | AnyOf

ALWAYS: Final = All(())
NEVER: Final = AnyOf(())


def conjunction(*parts: Formula) -> Formula:
    """Join with "and"; flattens, drops what is always true, and is never true if a part is."""
    flat: list[Formula] = []
    for part in parts:
        inner = part.parts if isinstance(part, All) else (part,)
        flat.extend(piece for piece in inner if piece not in flat)
    if NEVER in flat:
        return NEVER
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def disjunction(*parts: Formula) -> Formula:
    """Join with "or"; flattens, drops what is never true, and is always true if a part is."""
    flat: list[Formula] = []
    for part in parts:
        inner = part.parts if isinstance(part, AnyOf) else (part,)
        flat.extend(piece for piece in inner if piece not in flat)
    if ALWAYS in flat:
        return ALWAYS
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def negation(formula: Formula) -> Formula:
    """Return the opposite, with the negation pushed down into the tests."""
    match formula:
        case Test(column, op, value):
            return Test(column, OPPOSITE[op], value)
        case All(parts):
            return disjunction(*(negation(part) for part in parts))
        case AnyOf(parts):
            return conjunction(*(negation(part) for part in parts))
