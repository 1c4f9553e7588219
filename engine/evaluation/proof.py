"""Proofs about formulas: that exactly one of several is true on every assignment, or that two are equal.

Decides both exactly, for all integers: between the literals that a column is compared with nothing changes,
so finitely many cells stand for all values. The two ends of an interval are taken together, without the cells
in which the low end exceeds the high end. Cases are split cell by cell; what has been proved is remembered.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from itertools import pairwise, product
from math import inf
from operator import or_
from typing import Final, NamedTuple

from engine.evaluation.formula import All, AnyOf, Formula, Op, Test
from engine.evaluation.spans import COMPARE, UNBOUNDED, Domains, Intervals, Span, World

Assignment = dict[str, int]
Left = tuple[int, ...]
"""What is left of the formulas to prove something about, as numbers of nodes."""

FALSE: Final = 0
TRUE: Final = 1


class NotAPartitionError(Exception):
    """No formula, or more than one, is true on some assignment."""

    def __init__(self, names: tuple[str, ...], witness: Assignment) -> None:
        found = ", ".join(names) or "none"
        super().__init__(f"exactly one formula must be true; {found} is, when {witness}")
        self.names = names
        self.witness = witness


class NotEqualError(Exception):
    """Two formulas differ on some assignment."""

    def __init__(self, witness: Assignment) -> None:
        super().__init__(f"the formulas must be equal; they differ when {witness}")
        self.witness = witness


def proves_partition(
    formulas: Mapping[str, Formula],
    *,
    intervals: Intervals = (),
    domains: Domains = UNBOUNDED,
) -> None:
    """Prove that exactly one formula is true on every assignment; else raise `NotAPartitionError`."""
    graph = _Graph(tuple(formulas.values()), World(intervals, domains))
    witness = _Search(graph, _one_true).run()
    if witness is not None:
        names = tuple(name for name, formula in formulas.items() if _holds(formula, witness))
        raise NotAPartitionError(names, witness)


def proves_equal(
    one: Formula,
    other: Formula,
    *,
    intervals: Intervals = (),
    domains: Domains = UNBOUNDED,
) -> None:
    """Prove that two formulas are true on the same assignments; else raise `NotEqualError`."""
    witness = _Search(_Graph((one, other), World(intervals, domains)), _same).run()
    if witness is not None:
        raise NotEqualError(witness)


def _one_true(left: Left) -> bool | None:
    """Judge a partition: proved, refuted, or still open."""
    true = left.count(TRUE)
    if true > 1:
        return False
    return None if any(node > TRUE for node in left) else true == 1


def _same(left: Left) -> bool | None:
    """Judge an equality: proved, refuted, or still open."""
    if len(set(left)) == 1:
        return True
    return None if any(node > TRUE for node in left) else False


def _holds(formula: Formula, case: Mapping[str, int]) -> bool:
    match formula:
        case Test(column, op, value):
            return COMPARE[op](case[column], value)
        case All(parts):
            return all(_holds(part, case) for part in parts)
        case AnyOf(parts):
            return any(_holds(part, case) for part in parts)


def _tests(formula: Formula) -> Iterator[Test]:
    if isinstance(formula, Test):
        yield formula
    else:
        for part in formula.parts:
            yield from _tests(part)


def _cells(column: str, tests: Iterable[Test], world: World) -> list[Span]:
    """Cut all that a column may hold into spans on which every test is constant."""
    whole = world.whole(column)
    starts = {test.value for test in tests if test.op not in (Op.LE, Op.GT)}
    starts |= {test.value + 1 for test in tests if test.op not in (Op.LT, Op.GE)}
    cuts = [whole.low, *sorted(start for start in starts if whole.low < start <= whole.high), whole.high + 1]
    return [Span(low, after - 1) for low, after in pairwise(cuts)]


def _finite(span: Span) -> int:
    """Choose an integer from a span, an end of it where it has one."""
    return int(next((end for end in span[:2] if abs(end) != inf), 0))


def _samples(columns: tuple[str, ...], tests: list[Test], world: World) -> list[Assignment]:
    """Choose one assignment from every cell of a column, or of the two ends of an interval."""
    cells = [_cells(column, [test for test in tests if test.column == column], world) for column in columns]
    if len(columns) == 1:
        return [{columns[0]: _finite(cell)} for cell in cells[0]]
    low, high = columns
    found = []
    for lower, upper in product(*cells):
        reach = Span(max(lower.low, upper.low), upper.high)
        if reach.low <= reach.high:
            top = _finite(reach)
            found.append({low: _finite(Span(lower.low, min(lower.high, top))), high: top})
    return found


class _Literal(NamedTuple):
    """Which cells of one group of columns are allowed, as bits."""

    group: int
    cells: int


class _Joint(NamedTuple):
    """A conjunction ("and") or disjunction ("or") of nodes."""

    kind: str
    parts: frozenset[int]


_Node = _Literal | _Joint


class _Graph:
    """Formulas as one graph of shared nodes: equal nodes have equal numbers.

    Groups of columns are numbered by how often they are asked about. The support of a node is the groups that
    it depends on, as bits. False is the empty disjunction, true the empty conjunction.
    """

    def __init__(self, formulas: tuple[Formula, ...], world: World) -> None:
        by_group: dict[tuple[str, ...], list[Test]] = {}
        for test in (test for formula in formulas for test in _tests(formula)):
            by_group.setdefault(world.group(test.column), []).append(test)
        order = sorted(by_group, key=lambda columns: -len(by_group[columns]))
        self.samples = [_samples(columns, by_group[columns], world) for columns in order]
        self._group = {column: number for number, columns in enumerate(order) for column in columns}
        self._nodes: list[_Node] = [_Joint("or", frozenset()), _Joint("and", frozenset())]
        self._numbers: dict[_Node, int] = {node: number for number, node in enumerate(self._nodes)}
        self._reached: dict[tuple[int, int, int], int] = {}
        self.support = [0, 0]
        self.roots = tuple(self._build(formula) for formula in formulas)

    def within(self, node: int, group: int, cell: int) -> int:
        """Return what is left of a node in one cell of a group."""
        if not self.support[node] >> group & 1:
            return node
        known = self._reached.get((node, group, cell))
        if known is None:
            match self._nodes[node]:
                case _Literal(_, cells):
                    known = TRUE if cells >> cell & 1 else FALSE
                case _Joint(kind, parts):
                    known = self._joined(kind, [self.within(part, group, cell) for part in parts])
            self._reached[node, group, cell] = known
        return known

    def _build(self, formula: Formula) -> int:
        match formula:
            case Test(column, op, value):
                group = self._group[column]
                allowed = (COMPARE[op](sample[column], value) for sample in self.samples[group])
                return self._literal(group, sum(1 << cell for cell, yes in enumerate(allowed) if yes))
            case All(parts):
                return self._joined("and", [self._build(part) for part in parts])
            case AnyOf(parts):
                return self._joined("or", [self._build(part) for part in parts])

    def _literal(self, group: int, cells: int) -> int:
        if cells == 0:
            return FALSE
        if cells == (1 << len(self.samples[group])) - 1:
            return TRUE
        return self._number(_Literal(group, cells), 1 << group)

    def _joined(self, kind: str, parts: list[int]) -> int:
        """Make a conjunction or disjunction: flat, with one literal per group."""
        literals: dict[int, int] = {}
        nodes: set[int] = set()
        while parts:
            match self._nodes[part := parts.pop()]:
                case _Literal(group, cells):
                    known = literals.get(group, cells)
                    literals[group] = known & cells if kind == "and" else known | cells
                case _Joint(inner, inner_parts) if inner == kind:
                    parts.extend(inner_parts)
                case _:
                    nodes.add(part)
        nodes |= {self._literal(group, cells) for group, cells in literals.items()}
        neutral, decisive = (TRUE, FALSE) if kind == "and" else (FALSE, TRUE)
        nodes.discard(neutral)
        if decisive in nodes:
            return decisive
        if len(nodes) <= 1:
            return next(iter(nodes), neutral)
        support = reduce(or_, (self.support[node] for node in nodes))
        return self._number(_Joint(kind, frozenset(nodes)), support)

    def _number(self, node: _Node, support: int) -> int:
        number = self._numbers.setdefault(node, len(self._nodes))
        if number == len(self._nodes):
            self._nodes.append(node)
            self.support.append(support)
        return number


class _Search:
    """The search for an assignment of which a judgement is false."""

    def __init__(self, graph: _Graph, judge: Callable[[Left], bool | None]) -> None:
        self._graph = graph
        self._judge = judge
        self._proved: set[Left] = set()

    def run(self) -> Assignment | None:
        """Return the assignment, every column in it, or nothing if there is none."""
        found = self._beneath(self._graph.roots)
        if found is None:
            return None
        return {column: value for group in self._graph.samples for column, value in group[0].items()} | found

    def _beneath(self, nodes: Iterable[int]) -> Assignment | None:
        left = tuple(sorted(nodes))
        judgement = True if left in self._proved else self._judge(left)
        if judgement is False:
            return {}
        if judgement is None:
            found = self._split(left)
            if found is not None:
                return found
        self._proved.add(left)
        return None

    def _split(self, left: Left) -> Assignment | None:
        """Go through the cells of the group that is asked about most."""
        support = reduce(or_, (self._graph.support[node] for node in left))
        group = (support & -support).bit_length() - 1
        for cell, sample in enumerate(self._graph.samples[group]):
            found = self._beneath(self._graph.within(node, group, cell) for node in left)
            if found is not None:
                return sample | found
        return None
