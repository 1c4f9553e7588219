"""Moments as columns, as seen on the as-of day.

Decides what of a moment is visible: what happened later is not; a moment that is known to the month only, and whose
month has begun, may or may not have happened. `lo` is then its earliest minute and `hi` is NEVER.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.calendar.counting import FAR
from engine.calendar.moment import LOCAL, LONG_AGO, MINUTES_PER_DAY, NEVER
from engine.loops import taken
from engine.observables import kernels
from engine.observables.cases import Cases, Ints, Longs, StepTable
from engine.observables.choice import Bools, Candidates, Choice
from engine.observables.context import Question
from engine.observables.layout import ANNOUNCED, DRAFT, NOBODY, NOT_ENTERED, NOT_SAID, PLANNED
from engine.procedure import AttributeType, Procedure, Step
from engine.vocabulary import Quantifier

ENTERED: Final = "entered"
LOCAL_MINUTES: Final = int(LOCAL.utcoffset(None).total_seconds()) // 60

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Instants:
    """Moments in minutes, one entry per row, both ends inclusive; NEVER where it has not happened."""

    lo: Ints
    hi: Ints


@dataclass(frozen=True, slots=True)
class Days:
    """Moments in epoch days, one entry per row, both ends inclusive.

    `past`: certain to have happened by the as-of day. `begun`: it may have, so that `lo` is a day on record. Where it
    is not past, the interval says when it may still happen:
    from the as-of day, which is not over, until the announced or planned day if there is one.
    """

    lo: Ints
    hi: Ints
    past: Bools
    begun: Bools


class Views:
    """The rounds of the steps of some cases, as they are seen; each step is looked at once."""

    def __init__(self, cases: Cases, procedure: Procedure, question: Question) -> None:
        """Take the cases and the question."""
        self._cases = cases
        self._procedure = procedure
        self._question = question
        self._made: dict[str, StepView | None] = {}

    def of(self, step: str) -> "StepView | None":
        """Return the rounds of a step that are seen; None if no case has one."""
        if step not in self._made:
            table = self._cases.steps.get(step)
            self._made[step] = None if table is None else self._look(table, step)
        return self._made[step]

    def _look(self, table: StepTable, step: str) -> "StepView":
        question = self._question
        return StepView(
            table,
            self._procedure.steps[step],
            size=self._cases.size,
            end_of_day=question.end_of_day,
            known_at=question.known_at,
        )


class StepView:
    """The rounds of a step that are seen on the as-of day, and what is planned in those that are not."""

    def __init__(self, table: StepTable, step: Step, *, size: int, end_of_day: int, known_at: int) -> None:
        """Cut the table at the last minute of the as-of day (inclusive) and at a time of knowing (UTC seconds)."""
        self.step = step
        self.size = size
        self._table = table
        self._end = end_of_day
        self._as_of = end_of_day // MINUTES_PER_DAY
        known = (table.column("entered") <= known_at) & (table.column("voided") > known_at)
        seen = known & (table.column("begun.lo") <= end_of_day)
        self._rows = np.flatnonzero(seen)
        self._all_seen = len(self._rows) == len(seen)
        self._planned_rows = np.flatnonzero(known & ~seen)
        self.case = table.case if self._all_seen else table.case[self._rows]
        self.rounds = len(self.case)
        changes = np.flatnonzero(self.case[1:] != self.case[:-1]) + 1
        self.starts = np.concatenate((np.zeros(min(self.rounds, 1), dtype=np.int64), changes))
        self.ends = np.concatenate((changes, np.full(min(self.rounds, 1), self.rounds, dtype=np.int64)))
        self.owners = self.case[self.starts]
        self.single = len(self.starts) == self.rounds
        self._columns: dict[str, NDArray[Any]] = {}
        self._cache: dict[str, Instants] = {}
        self._days: dict[str, Days] = {}
        self._said: dict[str, NDArray[Any]] = {}
        self._doubted: dict[str, Bools | None] = {}
        self._hidden: dict[str, Bools | None] = {}
        self._choices: dict[Quantifier, Choice] = {}

    @property
    def places(self) -> Longs:
        """Return the places of the seen rounds in the table of their step."""
        return self._rows

    @cached_property
    def more(self) -> Longs:
        """Return the places of the rounds that are not the first of their case."""
        return np.flatnonzero(self.case[1:] == self.case[:-1]) + 1

    @cached_property
    def groups(self) -> Longs:
        """Return the places of the cases of these rounds in `owners`."""
        # Of the rounds up to the k-th of these, k + 1 are not the first of their case.
        return self.more - np.arange(len(self.more)) - 1

    def column(self, name: str) -> NDArray[Any]:
        """Return a column of the seen rounds."""
        if self._all_seen:
            return self._table.column(name)
        if name not in self._columns:
            self._columns[name] = taken(self._table.column(name), self._rows)
        return self._columns[name]

    @cached_property
    def begun(self) -> Instants:
        """Return when the seen rounds began."""
        return self.seen(self.column("begun.lo"), self.column("begun.hi"))

    @cached_property
    def maybe(self) -> Bools | None:
        """Tell which rounds may or may not have begun; None where all have.

        What took place nobody knows when did take place: what has no day at all is seen on every day.
        """
        maybe = (self.begun.hi >= NEVER) & (self.begun.lo > LONG_AGO)
        return maybe if maybe.any() else None

    def said(self, name: str) -> NDArray[Any]:
        """Return what the seen rounds say, as far as it may be seen: from the day of the moment the procedure names."""
        if name not in self._said:
            self._said[name] = self._seen_values(name)
        return self._said[name]

    def _seen_values(self, name: str) -> NDArray[Any]:
        values = self.column(name)
        if name == DRAFT:
            return values
        attribute = self.step.attributes[name]
        moment = attribute.seen_at or self.step.completes
        hidden = self._still_to_come(moment)
        blank = NOBODY if attribute.type == AttributeType.PARTY else NOT_SAID
        return values if hidden is None else np.where(hidden, blank, values)

    def _still_to_come(self, moment: str) -> Bools | None:
        """Tell of which rounds an actual moment is on record that lies after the as-of day; None for none."""
        if moment not in self._hidden:
            hidden = (self.instants(moment).lo >= NEVER) & (self.column(f"{moment}.lo") < NEVER)
            self._hidden[moment] = hidden if hidden.any() else None
        return self._hidden[moment]

    def in_doubt(self, name: str) -> Bools | None:
        """Tell which rounds may or may not say by now what they say; None where no round is so.

        That is so where the moment from whose day on it is seen may or may not have come.
        """
        if name == DRAFT:
            return None
        moment = self.step.attributes[name].seen_at or self.step.completes
        if moment not in self._doubted:
            instants = self.instants(moment)
            doubted = (instants.lo < NEVER) & (instants.hi >= NEVER) & (self.column(f"{moment}.lo") < NEVER)
            doubted &= instants.lo > LONG_AGO
            self._doubted[moment] = doubted if doubted.any() else None
        return self._doubted[moment]

    @cached_property
    def counting(self) -> tuple[Bools, Bools]:
        """Tell which rounds may count, and which certainly do if they have begun (`counts_when`)."""
        may = sure = np.ones(self.rounds, dtype=np.bool_)
        for name, wanted in self.step.counts_when.items():
            codes = list(self.step.attributes[name].values)
            values, doubted = self.said(name), self.in_doubt(name)
            counts = (values == NOT_SAID) | np.isin(values, [codes.index(value) for value in wanted])
            sure = sure & counts
            may = may & (counts if doubted is None else counts | doubted)
        return may, sure

    def choice(self, quantifier: Quantifier) -> Choice:
        """Return for each case in `owners` which round is the first, the last or the effective one."""
        if quantifier not in self._choices:
            counts = np.ones(self.rounds, dtype=np.bool_)
            may, sure = self.counting if quantifier == Quantifier.EFFECTIVE else (counts, counts)
            sure = sure if self.maybe is None else sure & ~self.maybe
            found = Candidates(self.begun.lo, self.begun.hi, may, sure, self.starts)
            self._choices[quantifier] = found.choose(quantifier)
        return self._choices[quantifier]

    def instants(self, name: str) -> Instants:
        """Return a moment of the seen rounds; an announced day that has passed stands in where no actual one is seen.

        That holds only for attributes whose announcement binds (`announced_at` in the procedure).
        """
        if name not in self._cache:
            if name == ENTERED:
                self._cache[name] = self._entered()
                return self._cache[name]
            lo, hi = self.column(f"{name}.lo"), self.column(f"{name}.hi")
            if name in self.step.attributes and self.step.attributes[name].announced_at:
                lo, hi = self._with_announced(name, lo, hi)
            self._cache[name] = self.seen(lo, hi)
        return self._cache[name]

    def _entered(self) -> Instants:
        """Return when the rounds were entered, in local minutes; NEVER where the record does not say."""
        stamp = self.column(ENTERED)
        minute = np.where(stamp > NOT_ENTERED, np.minimum(stamp // 60 + LOCAL_MINUTES, NEVER), NEVER).astype(np.int32)
        return self.seen(minute, minute)

    def _with_announced(self, name: str, lo: Ints, hi: Ints) -> tuple[Ints, Ints]:
        announced_lo, announced_hi = (
            self.column(f"{name}{ANNOUNCED}.lo"),
            self.column(f"{name}{ANNOUNCED}.hi"),
        )
        stands_in = (lo > self._end) & (announced_hi <= self._end)
        return np.where(stands_in, announced_lo, lo), np.where(stands_in, announced_hi, hi)

    def seen(self, lo: Ints, hi: Ints) -> Instants:
        """Cut moments at the as-of day."""
        return Instants(*kernels.cut(lo, hi, self._end))

    def days(self, name: str) -> Days:
        """Return a moment of the seen rounds as days, the future included."""
        if name not in self._days:
            instants = self.instants(name)
            if name == ENTERED:
                written = announced = planned = np.full(self.rounds, NEVER, dtype=np.int32)
            else:
                written, announced, planned = (self.column(f"{name}{kind}.hi") for kind in ("", ANNOUNCED, PLANNED))
            found = kernels.days(instants.lo, instants.hi, written, announced, planned, self._end)
            self._days[name] = Days(*found)
        return self._days[name]

    def _latest(self, announced: Ints, planned: Ints) -> Ints:
        """Return the day that is announced, or else planned, if it is still to come; else FAR."""
        named = np.where(announced < NEVER, announced, planned)
        return np.where((named < NEVER) & (named > self._end), named // MINUTES_PER_DAY, FAR)

    def planned(self, name: str) -> Ints:
        """Return for every case the day by which a round not yet begun is to bring a moment about; FAR for none."""
        out = np.full(self.size, FAR, dtype=np.int32)
        if name == ENTERED or not len(self._planned_rows):
            return out
        rows = self._planned_rows
        announced = self._table.column(f"{name}{ANNOUNCED}.hi")[rows]
        planned = self._table.column(f"{name}{PLANNED}.hi")[rows]
        np.minimum.at(out, self._table.case[rows], self._latest(announced, planned))
        return out

    def spread(self, values: NDArray[Scalar], blank: int) -> NDArray[Scalar]:
        """Lay one value per case in `owners` out over all cases, `blank` elsewhere."""
        if len(self.owners) == self.size:
            return values
        found: NDArray[Scalar] = kernels.spread(values, self.owners, self.size, blank)
        return found

    @cached_property
    def documents(self) -> tuple[Longs, Longs]:
        """Return the kinds of documents of the seen rounds as bits: those certainly there by now, those that may be."""
        held, later = self.column("documents"), self._table.documents
        if not later:
            return held, held
        place = np.full(len(self._table.case), -1, dtype=np.int64)
        place[self._rows] = np.arange(self.rounds)
        rounds = place[later["round"]]
        found = []
        for end in ("hi", "lo"):
            there = (later[end] <= self._end) & (rounds >= 0)
            found.append(held.copy())
            np.bitwise_or.at(found[-1], rounds[there], later["bits"][there])
        return found[0], found[1]

    def events(self) -> dict[str, NDArray[Any]]:
        """Return the clock events seen on the as-of day, in order; `round` is the place among the seen rounds."""
        rows = self._table.events
        if not rows:
            return {}
        place = np.full(len(self._table.case), -1, dtype=np.int64)
        place[self._rows] = np.arange(self.rounds)
        there = np.flatnonzero((rows["at.lo"] <= self._end) & (place[rows["round"]] >= 0))
        events = {name: values[there] for name, values in rows.items()}
        return events | {"round": place[events["round"]]} if len(there) else {}
