"""Many possibilities of one record as a case table.

Its rows stand there once for each, with what is tried in the place of what is on record. A moment that is tried is one
whole day, as if it had taken place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.calendar.moment import MINUTES_PER_DAY
from engine.observables.cases import ATTACHED, CaseLayout, Cases, Longs, StepTable
from engine.observables.inside import Subject, subject
from engine.observables.layout import Blank
from engine.observables.rows import RecordRows, Row
from engine.procedure import AttributeType, Procedure, Step

Place = tuple[str, int, str]
"""A step, the place of a round in it, and a moment or a fact of the round."""
Values = Mapping[Place, int]
"""Moments with their epoch days; facts of rounds, and their documents, as the case table has them."""
Some = tuple[Longs, Longs]
"""In which possibilities something is tried, and what."""

_BEGUN: Final = ("begun.lo", "begun.hi")


@dataclass(frozen=True)
class Possibilities:
    """So many possibilities, and what is tried in them: the same in all, or something in some of them."""

    size: int
    tried: Mapping[Place, int | Some]

    @cached_property
    def by_step(self) -> dict[str, dict[tuple[int, str], int | Some]]:
        """Return what is tried by steps, then by round and name."""
        found: dict[str, dict[tuple[int, str], int | Some]] = {}
        for (step, place, name), values in self.tried.items():
            found.setdefault(step, {})[place, name] = values
        return found

    def by_subject(self, procedure: Procedure) -> dict[Subject, dict[Place, int | Some]]:
        """Return what is tried by what it is about."""
        found: dict[Subject, dict[Place, int | Some]] = {}
        for place, values in self.tried.items():
            found.setdefault(subject(procedure, place[0], place[2]), {})[place] = values
        return found

    def first(self) -> "Possibilities":
        """Return the first possibility alone: of use where nothing that is asked differs."""
        return Possibilities(1, {place: values for place, values in self.tried.items() if isinstance(values, int)})


def varied(values: Values, differing: Mapping[Place, Longs]) -> Possibilities:
    """Try values all together with some that differ, one for each possibility."""
    (size,) = {len(each) for each in differing.values()}
    everywhere = np.arange(size)
    return Possibilities(size, {**values, **{place: (everywhere, each) for place, each in differing.items()}})


def changed(values: Values, changes: Sequence[tuple[Place, int]]) -> Possibilities:
    """Try values with one change in each possibility."""
    differing: dict[Place, dict[int, int]] = {}
    for number, (place, value) in enumerate(changes):
        differing.setdefault(place, {})[number] = value
    tried: dict[Place, int | Some] = dict(values)
    for place, own in differing.items():
        numbers = range(len(changes)) if place in values else own
        tried[place] = (np.array(list(numbers)), np.array([own.get(one, values.get(place, 0)) for one in numbers]))
    return Possibilities(len(changes), tried)


def cases_of_one(rows: RecordRows, layout: CaseLayout, possibilities: Possibilities) -> Cases:
    """Build the case table of the possibilities of a record. A round that is tried in one is there in all."""
    said, size = possibilities.by_step, possibilities.size
    steps = {
        name: _Rounds(rows.rounds.get(name, []), step, layout.rounds[name], said.get(name, {}), size).table(
            rows.events.get(name, []), rows.documents.get(name, [])
        )
        for name, step in layout.procedure.steps.items()
        if name in rows.rounds or name in said
    }
    return Cases(size, _Record(rows.record, layout.records, size), steps)


class _Record:
    """Columns of the record, the same for every possibility."""

    def __init__(self, row: Row, blanks: Mapping[str, Blank], size: int) -> None:
        self._row, self._blanks, self._size = row, blanks, size

    def __call__(self, name: str) -> NDArray[Any]:
        blank = self._blanks[name]
        return np.full(self._size, self._row.get(name, blank), dtype=blank.dtype)


class _Rounds:
    """Columns of the rounds of a step, each possibility after the other, its rounds in the order of their beginning."""

    def __init__(
        self,
        rows: Sequence[Row],
        step: Step,
        blanks: Mapping[str, Blank],
        said: Mapping[tuple[int, str], int | Some],
        size: int,
    ) -> None:
        new = max((place + 1 for place, _ in said), default=0) - len(rows)
        self._rows: Sequence[Row] = [*rows, *({} for _ in range(new))]
        self._blanks, self._size = blanks, size
        moments = {name for name, one in step.attributes.items() if one.type == AttributeType.MOMENT}
        self._said: dict[tuple[int, str], int | Some] = {
            (place, column): values
            for (place, name), given in said.items()
            for column, values in (_whole_day(name, given) if name in moments else {name: given}).items()
        }
        self._moments = [name for name in step.attributes if name in moments]
        self._made: dict[str, NDArray[Any]] = {}

    @cached_property
    def _order(self) -> Longs | None:
        """Return in which order the rounds of each possibility began; None where there is one round."""
        return np.argsort(self._unordered("begun.lo"), axis=1, kind="stable") if len(self._rows) > 1 else None

    def __call__(self, name: str) -> NDArray[Any]:
        if name not in self._made:
            values = self._unordered(name)
            if self._order is not None:
                values = np.take_along_axis(values, self._order, axis=1)
            self._made[name] = values.ravel()
        return self._made[name]

    def table(self, events: Sequence[Row], documents: Sequence[Row]) -> StepTable:
        """Return the rounds with what belongs to them."""
        return StepTable(
            case=np.repeat(np.arange(self._size, dtype=np.int64), len(self._rows)),
            column=self,
            events=self._attached(events),
            documents=self._attached(documents),
        )

    def _unordered(self, name: str) -> NDArray[Any]:
        """Return a column with one line for each possibility, its rounds as they are numbered."""
        blank = self._blanks[name]
        if name in _BEGUN:
            ends = [self._unordered(f"{moment}.{name.removeprefix('begun.')}") for moment in self._moments]
            begun: NDArray[Any] = np.minimum.reduce(ends)
            return begun
        row = np.array([row.get(name, blank) for row in self._rows], dtype=blank.dtype)
        found = np.repeat(row[np.newaxis], self._size, axis=0)
        for place in range(len(self._rows)):
            if (place, name) in self._said:
                said = self._said[place, name]
                numbers, values = (slice(None), said) if isinstance(said, int) else said
                found[numbers, place] = values
        return found

    def _attached(self, rows: Sequence[Row]) -> dict[str, NDArray[Any]]:
        """Let what belongs to rounds follow them to their places."""
        if not rows:
            return {}
        found = {
            name: np.tile(np.array([row[name] for row in rows], dtype=ATTACHED[name]), self._size) for name in rows[0]
        }
        first = np.repeat(np.arange(self._size), len(rows)) * len(self._rows)
        rounds = found["round"]
        if self._order is not None:
            now = np.argsort(self._order, axis=1)
            rounds = now[np.repeat(np.arange(self._size), len(rows)), rounds]
        return found | {"round": rounds + first}


def _whole_day(name: str, days: int | Some) -> dict[str, int | Some]:
    return {
        f"{name}.{end}": days * MINUTES_PER_DAY + minutes
        if isinstance(days, int)
        else (days[0], days[1] * MINUTES_PER_DAY + minutes)
        for end, minutes in (("lo", 0), ("hi", MINUTES_PER_DAY - 1))
    }
