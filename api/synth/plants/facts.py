"""What is so of the lawful records, before anything is planted; it notes what is looked at.

A plant must not fall on what another one looks at, or its findings would not be what it states.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import numpy as np

from api.synth.circumstances import AFTERMATH, AS_OF, Circumstances
from api.synth.draws import NULL, Bools, Ints
from api.synth.matters import Matters
from engine.calendar.moment import epoch_day
from engine.vocabulary import OrganLevel

Given = ParamSpec("Given")
Found = TypeVar("Found")

DISPLACING = ("decree-590", "land-administration-regulation", "urban-rural-planning-law")


def _kept(
    ask: Callable[Concatenate["Facts", Given], Found],
) -> Callable[Concatenate["Facts", Given], Found]:
    """Work an answer out once, for it is about the lawful records only."""

    @wraps(ask)
    def answer(self: "Facts", *args: Given.args, **named: Given.kwargs) -> Found:
        self.looked_at(ask.__name__, *args)
        key = (ask.__name__, *args, *named.items())
        if key not in self.kept:
            self.kept[key] = ask(self, *args, **named)
        found: Found = self.kept[key]
        return found

    return cast(Callable[Concatenate["Facts", Given], Found], answer)


class Facts:
    """Answers about lawful records, one entry per record."""

    def __init__(self, matters: Matters, about: Circumstances) -> None:
        """Take the records before anything is planted in them."""
        self._matters = matters
        self.about = about
        self.kept: dict[tuple[Any, ...], Any] = {}
        self.seen: set[str] = set()

    def looked_at(self, what: str, *args: Any) -> None:  # noqa: ANN401 - as given to the questions
        """Note what a plant looks at: steps and determinations."""
        if args and what == "yes":
            self.seen.add(f"determined.{args[0]}")
        self.seen.update(str(word) for word in args if word in self._matters.rounds)

    @_kept
    def taken(self, *steps: str) -> Bools:
        """Tell which records have a round of one of some steps."""
        found: Bools = np.logical_or.reduce([self._matters.taken(step) for step in steps])
        return found

    @_kept
    def once(self, step: str) -> Bools:
        """Tell which records have exactly one round of a step."""
        found: Bools = np.sum(self._matters.rounds[step].there, axis=1) == 1
        return found

    @_kept
    def happened(self, step: str, moment: str) -> Bools:
        """Tell which records have a moment in some round."""
        rounds = self._matters.rounds[step]
        found: Bools = np.any(rounds.there & (rounds.column(f"{moment}.lo") != NULL), axis=1)
        return found

    @_kept
    def day(self, step: str, moment: str) -> Ints:
        """Return the day of a moment in the last round of a step that has it; 0 for none."""
        rounds = self._matters.rounds[step]
        found: Ints = np.where(rounds.there, rounds.day(moment), 0).max(axis=1)
        return found

    @_kept
    def first_day(self, step: str, moment: str) -> Ints:
        """Return the day of a moment in the first round of a step that has it; far away for none."""
        rounds = self._matters.rounds[step]
        dated = rounds.there & (rounds.column(f"{moment}.lo") != NULL)
        found: Ints = np.where(dated, rounds.day(moment), 1 << 40).min(axis=1)
        return found

    @_kept
    def number(self, step: str, name: str) -> Ints:
        """Return the greatest number that a round of a step says; NULL for none."""
        rounds = self._matters.rounds[step]
        found: Ints = np.where(rounds.there, rounds.column(name), NULL).max(axis=1)
        return found

    def set(self, step: str, name: str) -> Bools:
        """Tell which records set a flag in some round of a step."""
        found: Bools = self.number(step, name) == 1
        return found

    @_kept
    def is_(self, step: str, name: str, *values: str) -> Bools:
        """Tell which records have one of some values of a choice in some round."""
        rounds = self._matters.rounds[step]
        known = list(rounds.step.attributes[name].values)
        chosen = np.isin(rounds.column(name), [known.index(value) for value in values])
        found: Bools = np.any(rounds.there & chosen, axis=1)
        return found

    @_kept
    def holds(self, step: str, name: str, value: str) -> Bools:
        """Tell which records have something in a set, or a document, in some round."""
        rounds = self._matters.rounds[step]
        held = np.maximum(rounds.column(name), 0) & rounds.bits(name, [value])
        found: Bools = np.any(rounds.there & (held > 0), axis=1)
        return found

    @_kept
    def yes(self, determination: str) -> Bools:
        """Tell which records say yes to a determination."""
        return self.about.says[determination]

    @_kept
    def within(self, place: str) -> Bools:
        """Tell which records lie within a jurisdiction."""
        return self.about.within(place)

    @_kept
    def of_level(self, *levels: OrganLevel) -> Bools:
        """Tell which records are of some levels."""
        return self.about.of_level(*levels)

    @property
    def bound(self) -> Bools:
        """Tell which records are those of governments at county level or above."""
        return self.of_level(OrganLevel.PROVINCE, OrganLevel.CITY, OrganLevel.COUNTY)

    @_kept
    def under(self, *statutes: str) -> Bools:
        """Tell which records come under one of some special statutes."""
        known = list(self._matters.procedure.special_statutes)
        found: Bools = np.isin(self.about.statute, [known.index(name) for name in statutes])
        return found

    @property
    def general(self) -> Bools:
        """Tell which records come under no special statute."""
        found: Bools = self.about.statute < 0
        return found

    @property
    def displaced(self) -> Bools:
        """Tell which records come under a statute that has its own participation of the public."""
        return self.under(*DISPLACING)

    @property
    def alive(self) -> Bools:
        """Tell which records the procedure is about: those that are not exempt."""
        return ~self.about.excluded

    @_kept
    def whole(self) -> Bools:
        """Tell which records were decided long enough ago for everything until publication to be on record."""
        found: Bools = self.alive & (self.about.days.executed + 40 < epoch_day(AS_OF)) & (self.about.last == AFTERMATH)
        return found

    @property
    def meeting(self) -> Ints:
        """Return the day of the first meeting."""
        return self.about.days.meeting

    @property
    def decided(self) -> Ints:
        """Return the day of the decision."""
        return self.about.days.decided


def since(day: Ints, first: str) -> Bools:
    """Tell which days are not before another one."""
    return day >= epoch_day(date.fromisoformat(first))


def month_of(day: Ints) -> Ints:
    """Return the month of days, counted from 1970."""
    found: Ints = day.view("M8[D]").astype("M8[M]").view(np.int64)
    return found


def first_of_month(day: Ints) -> Ints:
    """Return the first day of the month of days."""
    found: Ints = day.view("M8[D]").astype("M8[M]").astype("M8[D]").view(np.int64)
    return found


def last_of_month(day: Ints) -> Ints:
    """Return the last day of the month of days."""
    found: Ints = (day.view("M8[D]").astype("M8[M]") + 1).astype("M8[D]").view(np.int64) - 1
    return found
