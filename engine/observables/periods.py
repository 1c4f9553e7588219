"""Periods of rounds: the margin to what a parameter demands, and the length for showing.

A period's margin is the number of calendar days by which its end lies after the last day of the demanded length:
0 or more means long enough, 0 or less means within. Counting in working days, months or years only moves that last
day, so that all units meet here. Both margin and length are intervals: moments may be inexact, the future open, and
a counting method unset; the doubt says which of these it is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.calendar.counting import FAR, elapsed, period_end, roll_over
from engine.calendar.workdays import Workdays
from engine.observables.cases import Ints
from engine.observables.clocks import paused, restarts
from engine.observables.kleene import DOUBT_CODES, Truth
from engine.observables.moments import Days, StepView
from engine.observables.terms import Sense
from engine.parameters.parameter import ParameterRows
from engine.vocabulary import Doubt, Unit

WIDEST = 4 * FAR
"""Beyond every margin; still a small integer."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers as intervals, one entry per row, both ends inclusive; `doubt` says why, where they are not exact."""

    lo: Ints
    hi: Ints
    doubt: Truth


@dataclass(frozen=True, slots=True)
class Counted:
    """A period of each round, ready to be counted: its ends, and what its parameter demands."""

    start: Days
    end: Days
    demands: ParameterRows
    unit: Unit
    pause: tuple[Ints, Ints]


def with_clock(view: StepView, counted: Counted, *, as_of: int, workdays: Workdays) -> Counted:
    """Let returns restart, and pauses stop, the clock of each round, as its parameter says."""
    events = view.events()
    if not events:
        return counted
    low, high = counted.demands.low, counted.demands.high
    again = restarts(events, as_of=as_of, far=FAR)
    lo, hi, past = counted.start.lo.copy(), counted.start.hi.copy(), counted.start.past.copy()
    certain = low["restart_after_return"][again.round] == 1
    possible = high["restart_after_return"][again.round] == 1
    lo[again.round] = np.where(certain, again.lo, lo[again.round])
    hi[again.round] = np.where(possible, again.hi, hi[again.round])
    past[again.round] &= ~possible | (again.hi < FAR)
    start = Days(lo, hi, past, counted.start.begun)
    least, most = paused(events, start, counted.end, unit=counted.unit, as_of=as_of, workdays=workdays)
    pause = (least * low["pause_for_supplement"], most * high["pause_for_supplement"])
    return Counted(start, counted.end, counted.demands, counted.unit, pause)


def margin(counted: Counted, *, sense: Sense, workdays: Workdays) -> Numbers:
    """Count how far the end of each period lies after the last day of what is demanded.

    An end that is not on record has not come before the as-of day where that shows a maximum exceeded. It proves no
    minimum reached: that a period was never closed is not known from silence.
    """
    first, last = _due(counted, workdays)
    known = counted.demands.known & counted.start.past
    low_known = known & counted.end.begun if sense == "at_least" else known
    lo = np.where(low_known, np.clip(counted.end.lo - last, -WIDEST, WIDEST), -WIDEST)
    hi = np.where(known, np.clip(counted.end.hi - first, -WIDEST, WIDEST), WIDEST)
    return Numbers(lo, hi, _doubt(counted, beyond=(last >= FAR) & counted.demands.known))


def shortfall(counted: Counted, *, workdays: Workdays) -> Ints:
    """Count the calendar days by which the latest end falls short of the last day of what is demanded."""
    _, last = _due(counted, workdays)
    return last - counted.end.hi


def length(counted: Counted, *, workdays: Workdays) -> Numbers:
    """Count how long each period is, in the unit of its parameter, pauses taken off.

    An end that is only announced or planned counts as if it had come; without one the period is open-ended.
    """
    low, high = counted.demands.low, counted.demands.high
    start, end = counted.start, counted.end
    least, _ = elapsed(
        start.hi,
        np.where(end.past | (end.hi >= FAR), end.lo, end.hi),
        unit=counted.unit,
        start_counts=low["start_day_counts"],
        end_counts=low["end_day_counts"],
        workdays=workdays,
    )
    _, most = elapsed(
        start.lo,
        end.hi,
        unit=counted.unit,
        start_counts=high["start_day_counts"],
        end_counts=high["end_day_counts"],
        workdays=workdays,
    )
    least, most = least - counted.pause[1], most - counted.pause[0]
    # Where both ends are known to the month only, an end before the start is no reading of the record.
    least = np.where(most >= 0, np.maximum(least, 0), least)
    return Numbers(least, np.minimum(most, FAR), _doubt(counted, beyond=most >= FAR))


def _due(counted: Counted, workdays: Workdays) -> tuple[Ints, Ints]:
    """Return the first and the last day that may be the last day of the demanded length."""
    demands, unit = counted.demands, counted.unit
    least, most = counted.pause
    first, _ = period_end(
        counted.start.lo,
        demands.value + least,
        unit=unit,
        start_counts=demands.high["start_day_counts"],
        workdays=workdays,
    )
    _, last = period_end(
        counted.start.hi,
        demands.value + most,
        unit=unit,
        start_counts=demands.low["start_day_counts"],
        workdays=workdays,
    )
    first = first + (1 - demands.high["end_day_counts"])
    last = last + (1 - demands.low["end_day_counts"])
    if demands.high["roll_over"].any():
        rolled_first, _ = roll_over(first, workdays=workdays)
        _, rolled_last = roll_over(last, workdays=workdays)
        first = np.where(demands.low["roll_over"] == 1, rolled_first, first)
        last = np.where(demands.high["roll_over"] == 1, rolled_last, last)
    return first, last


_EVIDENCE = np.uint8(DOUBT_CODES[Doubt.EVIDENCE_MISSING])
_MOMENT = np.uint8(DOUBT_CODES[Doubt.MOMENT_NOT_EXACT])
_VALUE = np.uint8(DOUBT_CODES[Doubt.PARAMETER_WITHOUT_VALUE])
_HORIZON = np.uint8(DOUBT_CODES[Doubt.CALENDAR_HORIZON])
_METHOD = np.uint8(DOUBT_CODES[Doubt.COUNTING_METHOD_UNSET])


def _doubt(counted: Counted, *, beyond: NDArray[np.bool_]) -> Truth:
    """Say why a count is not exact: the record's reasons before the rulebook's."""
    start, end = counted.start, counted.end
    inexact = (start.lo != start.hi) | (end.lo != end.hi)
    absent = ~(start.past & end.past)
    mine = np.where(counted.demands.known, np.where(beyond, _HORIZON, _METHOD), _VALUE)
    return np.where(
        absent,
        np.where(_not_begun(start) | _not_begun(end), _EVIDENCE, _MOMENT),
        np.where(inexact, _MOMENT, mine),
    )


def _not_begun(days: Days) -> NDArray[np.bool_]:
    return ~days.past & (days.hi >= FAR)
