"""The records of a part while they are made: one row per record, and of each step a fixed number of possible rounds.

All rounds of a step stand in tables of one row per record and one column per possible round, so that a change to some
records is one assignment. `frames` writes down the rounds that are there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.synth.draws import NULL, Bools, Ints
from engine.calendar.moment import MINUTES_PER_DAY
from engine.observables.layout import ANNOUNCED, PLANNED
from engine.procedure import Procedure, Step

EVENTS = ("event.0", "event.1")
"""Clock events that a round may have: kind, and the ends of their days."""
LATER = "later"
"""Kinds of documents of a round that came after its beginning, as bits, with the ends of their day."""


@dataclass
class Rounds:
    """The possible rounds of a step; arrays have one row per record and one column per possible round."""

    step: Step
    there: Bools
    columns: dict[str, Ints] = field(default_factory=dict)

    def say(self, name: str, values: NDArray[Any] | int, *, where: Bools | None = None) -> None:
        """Say something of all rounds, or of those of some records."""
        self.columns[name] = self._joined(name, np.asarray(values, dtype=np.int64), where)

    def _joined(self, name: str, values: Ints, where: Bools | None) -> Ints:
        spread = np.broadcast_to(_by_round(values), self.there.shape)
        return spread.copy() if where is None else np.where(_by_round(where), spread, self.column(name))

    def column(self, name: str) -> Ints:
        """Return a column, NULL where nothing is said."""
        found = self.columns.get(name)
        return np.full(self.there.shape, NULL) if found is None else found

    def choose(self, name: str, value: str, *, where: Bools | None = None) -> None:
        """Say which value a choice has."""
        self.say(name, list(self.step.attributes[name].values).index(value), where=where)

    def hold(self, name: str, values: Iterable[str], *, where: Bools | None = None) -> None:
        """Say what a set, or the documents, hold beside what they hold already."""
        held = np.maximum(self.column(name), 0)
        self.say(name, held | self.bits(name, values), where=where)

    def lack(self, name: str, values: Iterable[str], *, where: Bools) -> None:
        """Take something out of a set, or out of the documents."""
        held = np.maximum(self.column(name), 0)
        self.say(name, held & ~self.bits(name, values), where=where)

    def bits(self, name: str, values: Iterable[str]) -> int:
        """Write a set as bits."""
        known = list(self.step.evidence if name == "documents" else self.step.attributes[name].values)
        return sum(1 << known.index(value) for value in values)

    def on(self, name: str, day: Ints, *, where: Bools | None = None) -> None:
        """Date a moment to the day."""
        self.say(f"{name}.lo", day * MINUTES_PER_DAY, where=where)
        self.say(f"{name}.hi", day * MINUTES_PER_DAY + MINUTES_PER_DAY - 1, where=where)

    def in_month(self, name: str, *, where: Bools) -> None:
        """Let a moment be known to its month only."""
        month = self.day(name).view("M8[D]").astype("M8[M]")
        first, last = (edge.astype("M8[D]").view(np.int64) for edge in (month, month + 1))
        self.say(f"{name}.lo", first * MINUTES_PER_DAY, where=where & self._dated(name))
        self.say(f"{name}.hi", last * MINUTES_PER_DAY - 1, where=where & self._dated(name))

    def undate(self, name: str, *, where: Bools) -> None:
        """Take a moment away: it has not happened, as far as the record tells."""
        for end in ("lo", "hi"):
            self.say(f"{name}.{end}", NULL, where=where)

    def day(self, name: str) -> Ints:
        """Return the days of a moment; 0 where there is none."""
        lo = self.column(f"{name}.lo")
        return np.where(lo == NULL, 0, lo // MINUTES_PER_DAY)

    def _dated(self, name: str) -> Bools:
        dated: Bools = (self.column(f"{name}.lo") != NULL).any(axis=1)
        return dated

    def leave_out(self, where: Bools) -> None:
        """Take all rounds of some records away."""
        self.there = self.there & ~_by_round(where)

    @property
    def moments(self) -> tuple[str, ...]:
        """Return the names of the moments that some round has, be it planned or announced."""
        return tuple(name[:-3] for name in self.columns if name.endswith(".lo") and not _attached(name))

    @property
    def actual(self) -> tuple[str, ...]:
        """Return the names of the actual moments."""
        return tuple(name for name in self.moments if not name.endswith((ANNOUNCED, PLANNED)))


def _attached(name: str) -> bool:
    return name.startswith((*EVENTS, LATER))


def _by_round(values: NDArray[Any]) -> NDArray[Any]:
    return values[:, np.newaxis] if values.ndim == 1 else values


@dataclass
class Matters:
    """The records of a part: what they say, and their rounds by step."""

    procedure: Procedure
    size: int
    records: dict[str, Ints] = field(default_factory=dict)
    rounds: dict[str, Rounds] = field(default_factory=dict)

    def take(self, step: str, there: Bools) -> Rounds:
        """Let a step be taken: in some records once, or where `there` has columns, as often as these say."""
        made = Rounds(self.procedure.steps[step], there[:, np.newaxis].copy() if there.ndim == 1 else there.copy())
        self.rounds[step] = made
        return made

    def taken(self, step: str) -> Bools:
        """Tell which records have a round of a step."""
        found: Bools = np.any(self.rounds[step].there, axis=1)
        return found

    def determine(self, values: Mapping[str, Ints | Bools], *, day: Ints, entered: Ints) -> None:
        """Record determinations, each with its reason."""
        for name, value in values.items():
            self.records[f"determined.{name}"] = value.astype(np.int64)
            self.records[f"determined.{name}.hi"] = day * MINUTES_PER_DAY + MINUTES_PER_DAY - 1
            self.records[f"determined.{name}.entered"] = entered
