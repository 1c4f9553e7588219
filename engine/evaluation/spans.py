"""Sets of integers, and the world of assignments: which integers a column may hold.

Decides what a comparison, a domain and the order of an interval's two ends leave possible. Knows no formulas.
"""

from collections.abc import Callable, Collection, Mapping
from math import inf
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType
from typing import Final, NamedTuple

from engine.evaluation.formula import Op, Test

Intervals = Collection[tuple[str, str]]
"""Pairs of columns of which the first never exceeds the second; a column stands in one pair at most."""

Domains = Mapping[str, tuple[int, int]]
"""The least and the greatest integer that a column can hold; a column not named can hold any."""

UNBOUNDED: Final[Domains] = MappingProxyType({})
COMPARE: Final[Mapping[Op, Callable[[int, int], bool]]] = {
    Op.LT: lt,
    Op.LE: le,
    Op.GT: gt,
    Op.GE: ge,
    Op.EQ: eq,
    Op.NE: ne,
}


class ColumnInTwoIntervalsError(Exception):
    """A column is an end of more than one interval."""

    def __init__(self, column: str) -> None:
        super().__init__(f"{column} is named in two intervals; name it in one")
        self.column = column


class EmptyDomainError(Exception):
    """A column can hold no integer at all, so that everything said of it would be true."""

    def __init__(self, column: str, domain: tuple[float, float]) -> None:
        super().__init__(f"no integer is left for {column} between {domain[0]} and {domain[1]}; widen its domain")
        self.column = column
        self.domain = domain


class Span(NamedTuple):
    """A set of integers: inclusive ends, which may be infinite, and holes strictly between them."""

    low: float
    high: float
    holes: frozenset[int] = frozenset()

    def has(self, value: float) -> bool:
        """Tell whether the value is in the set."""
        return self.low <= value <= self.high and value not in self.holes

    def within(self, other: "Span") -> bool:
        """Tell whether every integer of this set is in the other."""
        if not (other.low <= self.low and self.high <= other.high):
            return False
        return not other.holes or not any(self.has(hole) for hole in other.holes)


ANY: Final = Span(-inf, inf)


def common(one: Span, other: Span) -> Span | None:
    """Return what two sets share, with no hole at an end, or nothing if that is empty."""
    low, high, holes = max(one.low, other.low), min(one.high, other.high), one.holes | other.holes
    while low in holes:
        low += 1
    while high in holes:
        high -= 1
    if low > high:
        return None
    return Span(low, high, frozenset(hole for hole in holes if low < hole < high))


def union(one: Span, other: Span) -> Span | None:
    """Return the union if it is one span, with at most one integer missing between the two."""
    gap_low, gap_high = min(one.high, other.high) + 1, max(one.low, other.low) - 1
    if gap_high > gap_low:
        return None
    holes = {hole for hole in one.holes | other.holes if not (one.has(hole) or other.has(hole))}
    if gap_low == gap_high:
        holes.add(int(gap_low))
    return Span(min(one.low, other.low), max(one.high, other.high), frozenset(holes))


def truth(test: Test) -> Span:
    """Return the integers for which a comparison is true."""
    match test.op:
        case Op.LT:
            return Span(-inf, test.value - 1)
        case Op.LE:
            return Span(-inf, test.value)
        case Op.GT:
            return Span(test.value + 1, inf)
        case Op.GE:
            return Span(test.value, inf)
        case Op.EQ:
            return Span(test.value, test.value)
        case Op.NE:
            return Span(-inf, inf, frozenset((test.value,)))


class World:
    """Which assignments there are: the domains, and which column is the low end of which high end."""

    def __init__(self, intervals: Intervals, domains: Domains) -> None:
        self.highs: Final = dict(intervals)
        self.lows: Final = {high: low for low, high in intervals}
        self._wholes: Final = {column: Span(*domain) for column, domain in domains.items()}
        ends = [end for pair in sorted(set(intervals)) for end in pair]
        for column in ends:
            if ends.count(column) > 1:
                raise ColumnInTwoIntervalsError(column)
        for low, high in self.highs.items():
            lower, upper = self.whole(low), self.whole(high)
            self._wholes[low] = Span(lower.low, min(lower.high, upper.high))
            self._wholes[high] = Span(max(lower.low, upper.low), upper.high)
        for column, whole in self._wholes.items():
            if whole.low > whole.high:
                raise EmptyDomainError(column, (whole.low, whole.high))

    def whole(self, column: str) -> Span:
        """Return every integer that the column may hold."""
        return self._wholes.get(column, ANY)

    def group(self, column: str) -> tuple[str, ...]:
        """Return the column with the other end of its interval, low end first, or alone."""
        low = self.lows.get(column, column)
        return (low, self.highs[low]) if low in self.highs else (column,)
