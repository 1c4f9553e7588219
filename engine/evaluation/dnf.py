"""Disjunctive normal form of a formula: the conjunctions that a rule can hold.

Decides how a formula breaks into conjunctions, and writes each in one canonical way. Takes it as given that
every column holds an integer of its domain, and that the low end of an interval never exceeds the high end.
The proofs about formulas are made in `engine.evaluation.proof` and offered here too.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import inf

from engine.evaluation.formula import All, AnyOf, Formula, Op, Test
from engine.evaluation.proof import NotAPartitionError, NotEqualError, proves_equal, proves_partition
from engine.evaluation.spans import COMPARE, UNBOUNDED, Domains, Intervals, Span, World, common, truth, union

__all__ = [
    "Bounds",
    "FormulaTooLargeError",
    "NotAPartitionError",
    "NotEqualError",
    "Term",
    "proves_equal",
    "proves_partition",
    "terms",
]


class FormulaTooLargeError(Exception):
    """A formula breaks into more conjunctions than the caller allows."""

    def __init__(self, terms: int, limit: int) -> None:
        super().__init__(f"the formula breaks into {terms} conjunctions, {limit} are allowed; split the card")
        self.terms = terms
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a conjunction asks of one column: inclusive ends, and integers left out between them."""

    column: str
    low: int | None
    high: int | None
    holes: tuple[int, ...] = ()

    def tests(self) -> tuple[Test, ...]:
        """Return the comparisons, an equality where the ends meet."""
        if self.low is not None and self.low == self.high:
            return (Test(self.column, Op.EQ, self.low),)
        ends = [(Op.GE, self.low), (Op.LE, self.high), *((Op.NE, hole) for hole in self.holes)]
        return tuple(Test(self.column, op, value) for op, value in ends if value is not None)


@dataclass(frozen=True, slots=True)
class Term:
    """A conjunction in canonical form: one entry per column, in order; empty is always true."""

    bounds: tuple[Bounds, ...] = ()

    def tests(self) -> tuple[Test, ...]:
        """Return the comparisons of all columns."""
        return tuple(test for bounds in self.bounds for test in bounds.tests())

    def holds(self, case: Mapping[str, int]) -> bool:
        """Tell whether every comparison is true of the case."""
        return all(COMPARE[test.op](case[test.column], test.value) for test in self.tests())


Box = dict[str, Span]
"""A conjunction, closed: what follows from domains and intervals is in it, columns that are free are not."""

Item = tuple[str, Span]


def terms(
    formula: Formula,
    *,
    intervals: Intervals = (),
    domains: Domains = UNBOUNDED,
    limit: int = 1000,
) -> tuple[Term, ...]:
    """Break a formula into conjunctions, of which it is the disjunction, in canonical order.

    `intervals` are pairs of a low and a high end, `domains` are inclusive. Raises `FormulaTooLargeError` when
    more than `limit` conjunctions are left at any stage.
    """
    world = World(intervals, domains)
    boxes = [sorted(_reduced(box, world).items()) for box in _boxes(formula, world, limit)]
    boxes.sort(key=lambda box: [(column, span.low, span.high, sorted(span.holes)) for column, span in box])
    return tuple(Term(tuple(_bounds(column, span, world) for column, span in box)) for box in boxes)


def _boxes(formula: Formula, world: World, limit: int) -> list[Box]:
    match formula:
        case Test():
            box = _closed([(formula.column, truth(formula))], world)
            return [] if box is None else [box]
        case AnyOf(parts):
            return _tidy((box for part in parts for box in _boxes(part, world, limit)), world, limit)
        case All(parts):
            found: list[Box] = [{}]
            for each in sorted((_boxes(part, world, limit) for part in parts), key=len):
                both = (_closed([*one.items(), *other.items()], world) for one, other in product(found, each))
                found = _tidy((box for box in both if box is not None), world, limit)
            return found


def _tidy(boxes: Iterable[Box], world: World, limit: int) -> list[Box]:
    """Absorb and join until nothing changes."""
    kept = _absorbed(boxes)
    while len(joined := _absorbed(_joined(kept, world))) < len(kept):
        kept = joined
    if len(kept) > limit:
        raise FormulaTooLargeError(len(kept), limit)
    return kept


def _closed(items: Iterable[Item], world: World) -> Box | None:
    """Return the conjunction with all that follows from it, or nothing if it cannot be true."""
    box: Box = {}
    for column, span in items:
        left = common(box.get(column, world.whole(column)), span)
        if left is None:
            return None
        box[column] = left
    for low in {world.lows.get(column, column) for column in box} & world.highs.keys():
        if not _order(box, low, world.highs[low], world):
            return None
    return {column: span for column, span in box.items() if span != world.whole(column)}


def _order(box: Box, low: str, high: str, world: World) -> bool:
    """Put the two ends of an interval in order, in place; tell whether something is left for both."""
    lower, upper = box.get(low, world.whole(low)), box.get(high, world.whole(high))
    lower_left, upper_left = common(lower, Span(-inf, upper.high)), common(upper, Span(lower.low, inf))
    if lower_left is None or upper_left is None:
        return False
    box[low], box[high] = lower_left, upper_left
    return True


def _reduced(box: Box, world: World) -> Box:
    """Return the conjunction without the bounds that follow from the other end of an interval."""
    found = dict(box)
    for low in box.keys() & world.highs.keys():
        high = world.highs[low]
        if high in box:
            lower, upper = box[low], box[high]
            found[high] = upper._replace(low=world.whole(high).low) if upper.low <= lower.low else upper
            found[low] = lower._replace(high=world.whole(low).high) if lower.high >= upper.high else lower
    return {column: span for column, span in found.items() if span != world.whole(column)}


def _bounds(column: str, span: Span, world: World) -> Bounds:
    """Write a span without the ends that its domain implies; an equality keeps both."""
    whole, exact = world.whole(column), span.low == span.high
    low = int(span.low) if exact or span.low > whole.low else None
    high = int(span.high) if exact or span.high < whole.high else None
    return Bounds(column, low, high, tuple(sorted(span.holes)))


def _implies(one: Box, other: Box) -> bool:
    """Tell whether the first conjunction is true only where the other is."""
    return all(column in one and one[column].within(span) for column, span in other.items())


def _absorbed(boxes: Iterable[Box]) -> list[Box]:
    """Drop every conjunction that implies another.

    A conjunction implies only what asks of no other columns, so those that ask of the same columns are kept together.
    """
    kept: dict[frozenset[str], dict[int, Box]] = {}
    for number, box in enumerate(sorted(boxes, key=len)):
        columns = frozenset(box)
        fewer = (others for asked, others in kept.items() if asked <= columns)
        if any(_implies(box, other) for others in fewer for other in others.values()):
            continue
        same = kept.get(columns, {})
        kept[columns] = {place: other for place, other in same.items() if not _implies(other, box)} | {number: box}
    return [box for _, box in sorted((place, box) for others in kept.values() for place, box in others.items())]


def _joined(boxes: list[Box], world: World) -> list[Box]:
    """Join pairs that differ in one column only and make up one span there, each at most once."""
    waiting: dict[tuple[str, frozenset[Item]], tuple[int, Span]] = {}
    spent: set[int] = set()
    made: list[Box] = []
    for index, box in enumerate(boxes):
        for column, span, rest in _rests(box, world):
            other, beside = waiting.setdefault((column, rest), (index, span))
            together = union(span, beside) if other != index and other not in spent else None
            joined = _closed([*rest, (column, together)], world) if together is not None else None
            if joined is not None:
                spent.update((index, other))
                made.append(joined)
                break
    return made + [box for index, box in enumerate(boxes) if index not in spent]


def _rests(box: Box, world: World) -> Iterator[tuple[str, Span, frozenset[Item]]]:
    """Take out one column after the other, from the conjunction written in full and from it reduced.

    Both say the same: `lo >= 30` with `hi >= 30` is `lo >= 30`. The full form joins with `lo < 30, hi >= 30`,
    the reduced form with `lo < 30`.
    """
    for form in (box, _reduced(box, world)):
        items = frozenset(form.items())
        for item in form.items():
            yield *item, items - {item}
