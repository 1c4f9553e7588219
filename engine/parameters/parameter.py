"""Parameters: a number and the way of counting to it, by jurisdiction, organ level and date.

Decides which value holds where and when; the numbers themselves stand in `rules/parameters/`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

import numpy as np
from numba import types
from numpy.typing import NDArray
from pydantic import Field

from engine.calendar.counting import LONG_AGO
from engine.calendar.moment import epoch_day
from engine.loops import BOOLS, INTS, NEW_BOOLS, NEW_INTS, kernel, together
from engine.parameters.jurisdictions import JurisdictionTree
from engine.vocabulary import Bilingual, Confidence, Frozen, OrganLevel, Unit

LEVELS: Final = tuple(OrganLevel)

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

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


class MethodRows(Mapping[str, NDArray[np.int64]]):
    """Methods of counting for many rows, each looked up when it is asked for; one entry per row."""

    def __init__(self, tables: Mapping[str, NDArray[np.int64]], cell: NDArray[np.int64]) -> None:
        """Take what holds in every cell of a parameter (or once for all), by method, and the cell of each row."""
        self._tables = tables
        self._cell = cell

    def __getitem__(self, method: str) -> NDArray[np.int64]:
        table = self._tables[method]
        if len(table) == 1:
            # One number for all rows, none of them written out.
            return np.ndarray(self._cell.shape, np.int64, table, strides=(0,))
        return table[self._cell]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def at(self, rows: NDArray[np.int64]) -> "MethodRows":
        """Return the methods of some rows, in their order."""
        return MethodRows(self._tables, self._cell[rows])


@dataclass(frozen=True, slots=True)
class ParameterRows:
    """A parameter looked up for many rows: one entry per row.

    `known`: the value is known; `dated`: it is known of which day the law is to be taken;
    `value`: the number; `confirmed`: by its confidence it may give `violated`;
    `low` and `high` by method: 0 or 1, differing where the method is unset.
    """

    known: NDArray[np.bool_]
    dated: NDArray[np.bool_]
    value: NDArray[np.int64]
    confirmed: NDArray[np.bool_]
    low: MethodRows
    high: MethodRows

    def at(self, rows: NDArray[np.int64]) -> "ParameterRows":
        """Return what holds for some rows, in their order."""
        return ParameterRows(
            known=self.known[rows],
            dated=self.dated[rows],
            value=self.value[rows],
            confirmed=self.confirmed[rows],
            low=self.low.at(rows),
            high=self.high.at(rows),
        )


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
        self._breaks = np.array(sorted(days), dtype=np.int64)
        shape = (len(tree.ids), len(LEVELS), len(self._breaks))
        self._cells = [
            self.resolve(jurisdiction=name, level=level, day=int(day))
            for name in tree.ids
            for level in LEVELS
            for day in self._breaks
        ]
        self._shape = shape
        self._content = self._stretches()
        self._known = np.array([cell.value is not None for cell in self._cells])
        self._value = np.array([cell.value or 0 for cell in self._cells], dtype=np.int64)
        self._confirmed = np.array([self._is_confirmed(index) for index in range(len(self._cells))])
        self._low = {method: self._bound(method, unset=0) for method in METHODS}
        self._high = {method: self._bound(method, unset=1) for method in METHODS}

    def _stretches(self) -> NDArray[np.int64]:
        """Give a number to each stretch of cells that say the same: where it is equal, nothing changed in between."""
        count = self._shape[2]
        changes = [
            index % count == 0 or self._said(index) != self._said(index - 1) for index in range(len(self._cells))
        ]
        return np.cumsum(changes).astype(np.int64)

    def _said(self, index: int) -> tuple[object, ...]:
        cell = self._cells[index]
        return cell.value, dict(cell.methods), self._is_confirmed(index)

    def _bound(self, method: str, *, unset: int) -> NDArray[np.int64]:
        meaning = {"yes": 1, "no": 0, None: unset}
        held = np.array([meaning[cell.methods.get(method)] for cell in self._cells], dtype=np.int64)
        return held[:1] if (held == held[0]).all() else held

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
        jurisdiction: NDArray[np.int64],
        level: NDArray[np.int64],
        day_lo: NDArray[np.int64],
        day_hi: NDArray[np.int64],
    ) -> ParameterRows:
        """Look the parameter up for rows of jurisdiction codes, level codes and the day of the act as an interval.

        Where the day is not exact and the law changed in between, the value is not known.
        """
        cell, stable, known, value, confirmed = _look_up(
            jurisdiction,
            level,
            day_lo,
            day_hi,
            self._breaks,
            self._content,
            self._known,
            self._value,
            self._confirmed,
            len(LEVELS),
        )
        return ParameterRows(
            known=known,
            dated=stable,
            value=value,
            confirmed=confirmed,
            low=MethodRows(self._low, cell),
            high=MethodRows(self._high, cell),
        )


@kernel(together(NEW_INTS, NEW_BOOLS, NEW_BOOLS, NEW_INTS, NEW_BOOLS)(*[INTS] * 6, BOOLS, INTS, BOOLS, types.int64))
def _look_up(  # noqa: PLR0913, PLR0917 - a compiled loop is given columns
    jurisdiction: Ints,
    level: Ints,
    day_lo: Ints,
    day_hi: Ints,
    breaks: Ints,
    content: Ints,
    is_known: Bools,
    values: Ints,
    is_confirmed: Bools,
    levels: int,
) -> tuple[Ints, Bools, Bools, Ints, Bools]:
    """Find the cell of each row, whether it says the same on all possible days, and what it says.

    Cells stand by jurisdiction, then level, then stretch of days from one of `breaks` to the next.
    """
    rows, stretches = len(day_lo), len(breaks)
    cell, value = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.int64)
    stable, known = np.empty(rows, dtype=np.bool_), np.empty(rows, dtype=np.bool_)
    confirmed = np.empty(rows, dtype=np.bool_)
    for row in range(rows):
        base = (jurisdiction[row] * levels + level[row]) * stretches
        first = last = stretches - 1
        while first > 0 and breaks[first] > day_lo[row]:
            first -= 1
        while last > 0 and breaks[last] > day_hi[row]:
            last -= 1
        found = base + first
        cell[row] = found
        stable[row] = content[found] == content[base + last]
        known[row] = is_known[found] and stable[row]
        value[row], confirmed[row] = values[found], is_confirmed[found]
    return cell, stable, known, value, confirmed


def _name(value: ParameterValue) -> str:
    counting = value.counting.model_dump(exclude_none=True)
    return f"{value.source.instrument} Art. {value.source.article} ({value.value}, {counting})"
