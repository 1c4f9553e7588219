"""Parameters: a number and the way of counting to it, by jurisdiction, organ level and date.

Decides which value holds where and when; the numbers themselves stand in `rules/parameters/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, Literal, TypeVar

import numpy as np
from numba import types
from numpy.typing import NDArray
from pydantic import Field

from engine.calendar.counting import LONG_AGO
from engine.calendar.moment import epoch_day
from engine.loops import INTS, NEW_BOOLS, NEW_LONGS, kernel, taken, together
from engine.parameters.jurisdictions import JurisdictionTree
from engine.vocabulary import Bilingual, Confidence, Frozen, OrganLevel, Unit

LEVELS: Final = tuple(OrganLevel)

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)

YesNo = Literal["yes", "no"]


class Counting(Frozen):
    """How a period is counted. What is left out is inherited, and in the end unset.

    `start_day_counts`: the day on which the period starts is its first day.
    `end_day_counts`: the day of the act that ends it may be the last day of the period.
    `roll_over`: a period that ends on a day off ends on the next working day (民法典 203).
    `restart_after_return`: a returned file starts the clock anew when it is submitted again.
    `pause_for_supplement`: the clock stands still from a request for supplements until they are there.
    """

    start_day_counts: YesNo | None = None
    end_day_counts: YesNo | None = None
    roll_over: YesNo | None = None
    restart_after_return: YesNo | None = None
    pause_for_supplement: YesNo | None = None


METHODS: Final = tuple(Counting.model_fields)


class Source(Frozen):
    """Where a value or a duty stands in the law."""

    instrument: str
    article: str
    paragraph: int | None = None
    checked_on: date
    note: str | None = None


class ParameterValue(Frozen):
    """What one jurisdiction sets. `value` left out inherits the number and sets the counting alone."""

    jurisdiction: str
    levels: tuple[OrganLevel, ...] = ()
    since: date | None = Field(default=None, description="first day of force, inclusive")
    until: date | None = Field(default=None, description="last day of force, inclusive")
    value: int | None = Field(default=None, ge=0, le=100_000)
    counting: Counting = Counting()
    relation: Literal["strictest", "overrides"] = "overrides"
    basis: str | None = None
    confidence: Confidence
    source: Source


class Parameter(Frozen):
    """A number or a method that differs by place, organ level and date."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Bilingual
    unit: Unit
    stricter: Literal["larger", "smaller"]
    values: tuple[ParameterValue, ...] = ()


@dataclass(frozen=True)
class ParameterConflictError(Exception):
    """Two values of equal rank hold for the same place, level and day, and disagree."""

    parameter: str
    jurisdiction: str
    level: str
    day: date
    sources: tuple[str, str]

    def __str__(self) -> str:
        """Name both."""
        return (
            f"parameter {self.parameter!r}: two values of equal rank for {self.jurisdiction}, {self.level}, "
            f"on {self.day}: {self.sources[0]} and {self.sources[1]}; limit one in time or level, or remove it"
        )


@dataclass(frozen=True, slots=True)
class ResolvedParameter:
    """A parameter that holds for one place, level and day; a method that nobody has set is None."""

    value: int | None = None
    methods: Mapping[str, YesNo | None] = field(default_factory=dict)
    confidence: Confidence = Confidence.FOUND
    set_by: str | None = None


@dataclass(frozen=True)
class Cells:
    """What a parameter says in each of its cells; of one entry where all cells say the same.

    `low` and `high` by method: 0 or 1, differing where the method is unset.
    """

    known: Bools
    value: Ints
    confirmed: Bools
    low: Mapping[str, Ints]
    high: Mapping[str, Ints]


class MethodRows:
    """Methods of counting for many rows, each looked up when it is asked for; one entry per row."""

    def __init__(self, tables: Mapping[str, Ints], cell: Longs) -> None:
        """Take what the cells of a parameter say, by method, and the cell of each row."""
        self._tables = tables
        self._cell = cell

    def __getitem__(self, method: str) -> Ints:
        return _in_rows(self._tables[method], self._cell)


@dataclass(frozen=True)
class ParameterRows:
    """A parameter looked up for many rows, each the row of a cell; what it says is read when it is asked for.

    `dated`: it is known of which day the law is to be taken.
    """

    cells: Cells
    cell: Longs
    dated: Bools

    @cached_property
    def known(self) -> Bools:
        """Tell for which rows the value is known."""
        return _in_rows(self.cells.known, self.cell) & self.dated

    @cached_property
    def value(self) -> Ints:
        """Return the number that is demanded, one entry per row."""
        return _in_rows(self.cells.value, self.cell)

    @property
    def confirmed(self) -> Bools:
        """Tell of which rows the number may by its confidence give `violated`."""
        return _in_rows(self.cells.confirmed, self.cell)

    @property
    def low(self) -> MethodRows:
        """Return the methods, 0 where one is unset."""
        return MethodRows(self.cells.low, self.cell)

    @property
    def high(self) -> MethodRows:
        """Return the methods, 1 where one is unset."""
        return MethodRows(self.cells.high, self.cell)

    def at(self, rows: Longs) -> "ParameterRows":
        """Return what holds for some rows, in their order."""
        return ParameterRows(self.cells, taken(self.cell, rows), taken(self.dated, rows))


def _in_rows(table: NDArray[Scalar], cell: Longs) -> NDArray[Scalar]:
    """Lay what cells say out over rows; one thing for all rows is not written out."""
    if len(table) == 1:
        return np.ndarray(cell.shape, table.dtype, table, strides=(0,))
    found: NDArray[Scalar] = taken(table, cell)
    return found


def _once(table: NDArray[Scalar]) -> NDArray[Scalar]:
    """Say once what all cells say."""
    return table[:1] if (table == table[0]).all() else table


class ParameterTable:
    """One parameter, resolved for every jurisdiction, organ level and stretch of days."""

    def __init__(self, parameter: Parameter, tree: JurisdictionTree) -> None:
        """Resolve; raises `ParameterConflictError`."""
        self.parameter = parameter
        self._tree = tree
        days = {LONG_AGO} | tree.change_days()
        for value in parameter.values:
            days |= {epoch_day(value.since)} if value.since else set()
            days |= {epoch_day(value.until) + 1} if value.until else set()
        self._breaks = np.array(sorted(days), dtype=np.int32)
        shape = (len(tree.ids), len(LEVELS), len(self._breaks))
        self._cells = [
            self.resolve(jurisdiction=name, level=level, day=int(day))
            for name in tree.ids
            for level in LEVELS
            for day in self._breaks
        ]
        self._shape = shape
        self._content = self._stretches()
        self._said = Cells(
            known=_once(np.array([cell.value is not None for cell in self._cells])),
            value=_once(np.array([cell.value or 0 for cell in self._cells], dtype=np.int32)),
            confirmed=_once(np.array([self._is_confirmed(index) for index in range(len(self._cells))])),
            low={method: self._bound(method, unset=0) for method in METHODS},
            high={method: self._bound(method, unset=1) for method in METHODS},
        )

    def _stretches(self) -> NDArray[np.int32]:
        """Give a number to each stretch of cells that say the same: where it is equal, nothing changed in between."""
        count = self._shape[2]
        changes = [
            index % count == 0 or self._says(index) != self._says(index - 1) for index in range(len(self._cells))
        ]
        return np.cumsum(changes).astype(np.int32)

    def _says(self, index: int) -> tuple[object, ...]:
        cell = self._cells[index]
        return cell.value, dict(cell.methods), self._is_confirmed(index)

    def _bound(self, method: str, *, unset: int) -> NDArray[np.int32]:
        meaning = {"yes": 1, "no": 0, None: unset}
        return _once(np.array([meaning[cell.methods.get(method)] for cell in self._cells], dtype=np.int32))

    def _is_confirmed(self, index: int) -> bool:
        cell = self._cells[index]
        place = self._tree.ids[index // (self._shape[1] * self._shape[2])]
        day = int(self._breaks[index % self._shape[2]])
        adopted = {name for above in self._tree.ancestors(place, day) for name in self._tree.by_id[above].adopts}
        return cell.confidence == Confidence.FOUND or self.parameter.id in adopted

    def resolve(self, *, jurisdiction: str, level: OrganLevel, day: int) -> ResolvedParameter:
        """Return what holds for a jurisdiction and level on an epoch day, from the root of the tree down."""
        held = ResolvedParameter()
        for place in self._tree.ancestors(jurisdiction, day):
            value = self._one(place, level, day)
            if value is not None:
                held = self._merged(held, value)
        return held

    def _one(self, place: str, level: OrganLevel, day: int) -> ParameterValue | None:
        fitting = [
            value
            for value in self.parameter.values
            if value.jurisdiction == place
            and (not value.levels or level in value.levels)
            and (value.since is None or epoch_day(value.since) <= day)
            and (value.until is None or day <= epoch_day(value.until))
        ]
        if not fitting:
            return None
        first = fitting[0]
        for other in fitting[1:]:
            if (other.value, other.counting) != (first.value, first.counting):
                raise ParameterConflictError(
                    parameter=self.parameter.id,
                    jurisdiction=place,
                    level=level,
                    day=date.min if day == LONG_AGO else date.fromordinal(date(1970, 1, 1).toordinal() + day),
                    sources=(_name(first), _name(other)),
                )
        return first

    def _merged(self, held: ResolvedParameter, value: ParameterValue) -> ResolvedParameter:
        methods = dict(held.methods) | value.counting.model_dump(exclude_none=True)
        if value.value is None:
            return ResolvedParameter(held.value, methods, held.confidence, held.set_by)
        if value.relation == "strictest" and held.value is not None:
            larger = self.parameter.stricter == "larger"
            keeps = held.value >= value.value if larger else held.value <= value.value
            if keeps:
                return ResolvedParameter(held.value, methods, held.confidence, held.set_by)
        return ResolvedParameter(value.value, methods, value.confidence, value.jurisdiction)

    def rows(
        self,
        *,
        jurisdiction: NDArray[np.int32],
        level: NDArray[np.int32],
        day_lo: NDArray[np.int32],
        day_hi: NDArray[np.int32],
    ) -> ParameterRows:
        """Look the parameter up for rows of jurisdiction codes, level codes and the day of the act as an interval.

        Where the day is not exact and the law changed in between, the value is not known.
        """
        cell, dated = _look_up(jurisdiction, level, day_lo, day_hi, self._breaks, self._content, len(LEVELS))
        return ParameterRows(self._said, cell, dated)


@kernel(together(NEW_LONGS, NEW_BOOLS)(*[INTS] * 6, types.int64))
def _look_up(  # noqa: PLR0917 - a compiled loop is given columns
    jurisdiction: Ints, level: Ints, day_lo: Ints, day_hi: Ints, breaks: Ints, content: Ints, levels: int
) -> tuple[Longs, Bools]:
    """Find the cell of each row, and whether cells say the same on all possible days.

    Cells stand by jurisdiction, then level, then stretch of days from one of `breaks` to the next.
    """
    rows, stretches = len(day_lo), len(breaks)
    cell, dated = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.bool_)
    for row in range(rows):
        base, last = (jurisdiction[row] * levels + level[row]) * stretches, stretches - 1
        while last > 0 and breaks[last] > day_hi[row]:
            last -= 1
        first = last
        while first > 0 and breaks[first] > day_lo[row]:
            first -= 1
        cell[row], dated[row] = base + first, content[base + first] == content[base + last]
    return cell, dated


def _name(value: ParameterValue) -> str:
    counting = value.counting.model_dump(exclude_none=True)
    return f"{value.source.instrument} Art. {value.source.article} ({value.value}, {counting})"
