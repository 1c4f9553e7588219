"""The day by which each record of a part belongs to a month: of deliberation, else of the outcome, else the as-of day.

The same as `api.judging.standing.period`, for many records at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numba import types
from numpy.typing import NDArray

from engine.calendar.moment import MINUTES_PER_DAY, NEVER, epoch_day
from engine.evaluation.compiled import CompiledRulebook
from engine.loops import INTS, LONGS, NEW_INTS, kernel
from engine.observables.cases import Cases, Longs
from engine.observables.frames import Asked
from engine.procedure import Procedure
from engine.procedure.procedure import DECIDED
from engine.vocabulary import Gate

Days = NDArray[np.int32]


@dataclass(frozen=True)
class Periods:
    """Tells days of records of a procedure, as of a day."""

    procedure: Procedure
    as_of: date

    @property
    def _moments(self) -> Iterator[tuple[str, str]]:
        """Give the moments that pass the gate of discussion: step and attribute."""
        for text in self.procedure.gates.get(Gate.DISCUSSION, ()):
            if text != DECIDED:
                step, *_, attribute = text.split(".")
                yield step, attribute

    def asked(self, rules: CompiledRulebook, asked: Asked) -> Asked:
        """Add the columns that days are told by to those that others ask for."""
        blanks, rounds = rules.layout.records, dict(asked.rounds)
        for step, attribute in self._moments:
            names = (f"{attribute}.lo", f"{attribute}.hi", "voided")
            rounds[step] = {**rounds.get(step, {}), **{name: rules.layout.rounds[step][name] for name in names}}
        records = {**asked.records, **{name: blanks[name] for name in ("outcome.lo", "outcome.hi")}}
        return Asked(records, rounds)

    def days(self, cases: Cases) -> Days:
        """Return the epoch day of each record."""
        as_of = epoch_day(self.as_of)
        found = np.full(cases.size, NEVER, dtype=np.int32)
        for step, attribute in self._moments:
            rounds = cases.steps.get(step)
            if rounds is not None:
                lo, hi, voided = (rounds.column(name) for name in (f"{attribute}.lo", f"{attribute}.hi", "voided"))
                _earliest(rounds.case, lo, hi, voided, as_of, found)
        _ended(cases.column("outcome.lo"), cases.column("outcome.hi"), as_of, found)
        return found


_STANDS = np.iinfo(np.int64).max
"""When a round was voided that stands."""


@kernel(types.void(LONGS, INTS, INTS, LONGS, types.int64, NEW_INTS))
def _earliest(case: Longs, lo: Days, hi: Days, voided: Longs, as_of: int, found: Days) -> None:
    """Find the first day of the earliest moment of each case, by the as-of day."""
    for row in range(len(case)):
        day = lo[row] // MINUTES_PER_DAY
        if hi[row] < NEVER and day <= as_of and voided[row] == _STANDS:
            found[case[row]] = min(found[case[row]], day)


@kernel(types.void(INTS, INTS, types.int64, NEW_INTS))
def _ended(lo: Days, hi: Days, as_of: int, found: Days) -> None:
    """Put the day of the outcome, or the as-of day, where there is none yet."""
    for case in range(len(found)):
        if found[case] == NEVER:
            day = lo[case] // MINUTES_PER_DAY
            found[case] = day if hi[case] < NEVER and day <= as_of else as_of
