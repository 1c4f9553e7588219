"""Which units there are, what they were called when, and what has become of them. A value: asks no database.

A name in a record means the unit that bore it on one day. Between two bearers, and after the last, it goes on meaning
the one that bore it before; before the first, the first. Where units of several places bear the same name, it is the
unit of the record's own jurisdiction, or of the nearest one above it; a name that nobody bears there is that of the
one unit elsewhere that bears it, and of nobody if there are several.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from engine.calendar.moment import epoch_day
from engine.parameters.jurisdictions import JurisdictionTree

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Borne:
    """A name, and the days on which a unit bears it, both inclusive."""

    unit: str
    name: str
    first: date = date.min
    last: date = date.max

    def on(self, day: date) -> bool:
        """Tell whether the name is borne on a day."""
        return self.first <= day <= self.last

    def meets(self, other: "Borne") -> bool:
        """Tell whether both are borne on some day."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Body:
    """A unit. `merged_on`: the first day on which `merged_into` stands in its place."""

    key: str
    jurisdiction: str
    names: tuple[Borne, ...]
    merged_into: str | None = None
    merged_on: date | None = None

    def called(self, day: date) -> str:
        """Return what it is called on a day, or was called last before, or else is called first."""
        return _bearer(sorted(self.names, key=lambda borne: borne.first), day).name


@dataclass(frozen=True, slots=True)
class Meaning:
    """From `first` to `last` (both inclusive) a name means a unit; None: nobody knows which."""

    first: date
    last: date
    unit: str | None


class Directory:
    """All units at a time; `version` counts the changes. `legal_offices`: units in which legal offices work."""

    def __init__(self, version: int, bodies: Iterable[Body], *, legal_offices: Iterable[str] = ()) -> None:
        """Keep the units."""
        self.version = version
        self.bodies: Mapping[str, Body] = MappingProxyType({body.key: body for body in bodies})
        self.legal_offices = frozenset(legal_offices)
        bearers: dict[str, list[Borne]] = defaultdict(list)
        for body in self.bodies.values():
            for borne in body.names:
                bearers[borne.name].append(borne)
        self._bearers: Mapping[str, tuple[Borne, ...]] = {
            name: tuple(sorted(found, key=lambda borne: (borne.first, borne.unit))) for name, found in bearers.items()
        }

    def bearers(self, name: str) -> tuple[Borne, ...]:
        """Return who bears or bore a name, in the order of its first days."""
        return self._bearers.get(name, ())

    def acting(self, unit: str, *, today: date) -> str:
        """Return the unit that stands in the place of another on a day: itself, or what it has been merged into."""
        body = self.bodies.get(unit)
        while body and body.merged_into and body.merged_on and body.merged_on <= today:
            body = self.bodies[body.merged_into]
        return body.key if body else unit

    def stands_for(self, unit: str, *, today: date) -> frozenset[str]:
        """Return a unit and all units in whose place it stands on a day."""
        return frozenset({unit, *(key for key in self.bodies if self.acting(key, today=today) == unit)})

    def called(self, unit: str, *, day: date) -> str:
        """Return what a unit is called on a day, see `Body.called`; its key if it is not known."""
        body = self.bodies.get(unit)
        return body.called(day) if body else unit

    def meanings(self, name: str, *, jurisdiction: str, tree: JurisdictionTree, today: date) -> tuple[Meaning, ...]:
        """Tell whom a name means in the records of a jurisdiction, for all days in order; the tree is today's."""
        above = tree.ancestors(jurisdiction, epoch_day(today)) if jurisdiction in tree.by_id else (jurisdiction,)
        found = [borne for borne in self.bearers(name) if self.bodies[borne.unit].jurisdiction in above]
        if not found:
            return (Meaning(date.min, date.max, self._only_bearer(name, today)),)
        # The nearest comes first, so that of two who bear a name on a day it is chosen.
        nearest = sorted(found, key=lambda borne: -above.index(self.bodies[borne.unit].jurisdiction))
        starts = sorted({date.min, *_edges(found)})
        ends = [*(start - _DAY for start in starts[1:]), date.max]
        return tuple(
            Meaning(first, last, _bearer(nearest, first).unit) for first, last in zip(starts, ends, strict=True)
        )

    def unit_of(
        self, name: str, *, jurisdiction: str, named_on: date, tree: JurisdictionTree, today: date
    ) -> str | None:
        """Return the unit that a name in a record means today: the bearer, or what that has been merged into."""
        for meaning in self.meanings(name, jurisdiction=jurisdiction, tree=tree, today=today):
            if meaning.first <= named_on <= meaning.last:
                return meaning.unit and self.acting(meaning.unit, today=today)
        return None

    def _only_bearer(self, name: str, today: date) -> str | None:
        found = {self.acting(borne.unit, today=today) for borne in self.bearers(name)}
        return found.pop() if len(found) == 1 else None


def _edges(names: Iterable[Borne]) -> Iterable[date]:
    """Return the days on which a name begins to be borne, or is borne no more."""
    for borne in names:
        yield borne.first
        if borne.last < date.max:
            yield borne.last + _DAY


def _bearer(names: Sequence[Borne], day: date) -> Borne:
    """Return the first of the names that is borne on a day, else the last that was, else the first that will be."""
    if borne := next((borne for borne in names if borne.on(day)), None):
        return borne
    if past := [borne for borne in names if borne.last < day]:
        return max(past, key=lambda borne: borne.last)
    return min(names, key=lambda borne: borne.first)


NOBODY: Final = Directory(0, ())
"""No unit at all: who is in it reaches nothing."""
