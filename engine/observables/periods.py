"""Periods of rounds: the margin to what a parameter demands, and the length for showing.

A period's margin is the number of calendar days by which its end lies after the last day of the demanded length:
0 or more means long enough, 0 or less means within. Counting in working days, months or years only moves that last
day, so that all units meet here. Both margin and length are intervals: moments may be inexact, the future open, and
a counting method unset; the doubt says which of these it is.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.calendar.counting import FAR, elapsed, period_end, settled
from engine.calendar.workdays import Workdays
from engine.observables import kernels
from engine.observables.cases import Ints
from engine.observables.clocks import Pauses, in_turn, pauses, restarts, stood_still, with_order
from engine.observables.kleene import DOUBT_CODES, Truth
from engine.observables.moments import Days, StepView
from engine.observables.terms import Sense
from engine.parameters.parameter import ParameterRows
from engine.vocabulary import Doubt, Unit

WIDEST = 4 * FAR
"""Beyond every margin; still a small integer."""
ENDLESS = FAR // 2
"""Ends of a period beyond this, up or down, are open."""


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
    pauses: Pauses | None = None
    by_method: NDArray[np.bool_] | None = None
    """Where the start is an interval only because it is not set whether a return restarts the clock."""


def with_clock(view: StepView, counted: Counted, *, as_of: int) -> Counted:
    """Let returns restart, and pauses stop, the clock of each round, as its parameter says."""
    events = view.events()
    if not events:
        return counted
    events = with_order(events)
    low, high = counted.demands.low, counted.demands.high
    again = restarts(events, counted.end, as_of=as_of, far=FAR)
    lo, hi, past = counted.start.lo.copy(), counted.start.hi.copy(), counted.start.past.copy()
    set_to = low["restart_after_return"][again.round] == 1
    certain = set_to & again.sure
    possible = high["restart_after_return"][again.round] == 1
    back = again.back
    first, last = lo[again.round], hi[again.round]
    lo[again.round] = np.where(certain, again.lo, np.where(possible, np.minimum(first, again.lo), first))
    hi[again.round] = np.where(certain, again.hi, np.where(possible, np.maximum(last, again.hi), last))
    past[again.round] = np.where(certain, back, past[again.round] & (~possible | back))
    by_method = np.zeros(len(lo), dtype=np.bool_)
    by_method[again.round] = possible & ~set_to & again.sure & back & (first == last) & (again.lo == again.hi)
    start = Days(lo, hi, past, counted.start.begun)
    return replace(counted, start=start, pauses=pauses(events, as_of=as_of), by_method=by_method)


def margin(counted: Counted, *, sense: Sense, workdays: Workdays) -> Numbers:
    """Count how far the end of each period lies after the last day of what is demanded.

    That an end is not on record proves no minimum reached, nor a maximum kept: silence decides for nobody.
    """
    first, last = _due(counted, workdays, sense=sense)
    known = counted.demands.known & counted.start.past
    end = counted.end
    lo, hi = kernels.margins(end.lo, end.hi, end.begun, first, last, known, sense == "at_least", WIDEST)
    return Numbers(lo, hi, _doubt(counted, beyond=(last >= FAR) & counted.demands.known))


def shortfall(counted: Counted, *, workdays: Workdays) -> Ints:
    """Count the calendar days by which the latest end falls short of the last day of what is demanded."""
    _, last = _due(counted, workdays, sense="at_least")
    return last - counted.end.hi


def due(counted: Counted, *, workdays: Workdays) -> tuple[Ints, Ints]:
    """Return the first and the last day that may be the last on which a maximum is kept, by what is on record.

    `-FAR` to FAR where nothing is known of it; until FAR while the clock stands still, for each day moves it on.
    """
    first, last = _due(counted, workdays, sense="at_most")
    known = counted.demands.known & counted.start.past
    bounded = known.copy()
    if counted.pauses is not None:
        still = counted.pauses.round[counted.pauses.lasting]
        bounded[still] &= counted.demands.high["pause_for_supplement"][still] == 0
    return np.where(known, first, -FAR), np.where(bounded, last, FAR)


def demanded(counted: Counted, *, sense: Sense, workdays: Workdays) -> tuple[Ints, Ints]:
    """Return the first and the last day that may be the last of the demanded length, by what is on record.

    `-FAR` to FAR where nothing is known of it.
    """
    if sense == "at_most":
        return due(counted, workdays=workdays)
    first, last = _due(counted, workdays, sense=sense)
    known = counted.demands.known & counted.start.past
    return np.where(known, first, -FAR), np.where(known, last, FAR)


def length(counted: Counted, *, sense: Sense, workdays: Workdays) -> Numbers:
    """Count how long each period is, in the unit of its parameter, pauses taken off.

    Against a minimum, an end that is only announced or planned counts as if it had come; without one, and against a
    maximum, the period is open-ended.
    """
    low, high = counted.demands.low, counted.demands.high
    start, end = counted.start, counted.end
    if sense == "at_most":
        end = replace(end, hi=np.where(end.begun, end.hi, FAR))
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
    if counted.pauses is not None:
        stood_least, stood_most = stood_still(counted.pauses, start, end, unit=counted.unit, workdays=workdays)
        least = least - stood_most * high["pause_for_supplement"]
        most = np.where(most >= FAR, FAR, most - stood_least * low["pause_for_supplement"])
    # Where both ends are known to the month only, an end before the start is no reading of the record.
    least = np.where(most >= 0, np.maximum(least, 0), least)
    return Numbers(least, np.minimum(most, FAR), _doubt(counted, beyond=most >= FAR))


def _due(counted: Counted, workdays: Workdays, *, sense: Sense) -> tuple[Ints, Ints]:
    """Return the first and the last day that may be the last day of the demanded length."""
    demands, start, low, high = counted.demands, counted.start, counted.demands.low, counted.demands.high
    first, _ = period_end(
        start.lo, demands.value, unit=counted.unit, start_counts=high["start_day_counts"], workdays=workdays
    )
    _, last = period_end(
        start.hi, demands.value, unit=counted.unit, start_counts=low["start_day_counts"], workdays=workdays
    )
    if counted.pauses is not None:
        first = _extended(counted, counted.pauses, first, workdays, sense=sense, latest=False)
        last = _extended(counted, counted.pauses, last, workdays, sense=sense, latest=True)
    return settled(
        first,
        last,
        roll_low=low["roll_over"],
        roll_high=high["roll_over"],
        end_counts_low=low["end_day_counts"],
        end_counts_high=high["end_day_counts"],
        workdays=workdays,
    )


def _extended(
    counted: Counted,
    found: Pauses,
    end: Ints,
    workdays: Workdays,
    *,
    sense: Sense,
    latest: bool,
) -> Ints:
    """Move the last day by the pauses that began before it, one after another; what comes later excuses nothing.

    A pause that begins on the last day itself leaves a minimum reached, and a maximum not yet exceeded.
    """
    begin = counted.start.hi if latest else counted.start.lo
    counts = (counted.demands.low if latest else counted.demands.high)["start_day_counts"]
    pausing = (counted.demands.high if latest else counted.demands.low)["pause_for_supplement"] == 1
    amount, end = counted.demands.value.copy(), end.copy()
    for (owner, since), standing in in_turn(found, begin, latest=latest, unit=counted.unit, workdays=workdays):
        before_end = since < end[owner] if sense == "at_least" else since <= end[owner]
        amount[owner] += np.where(pausing[owner] & before_end, standing, 0)
        moved = period_end(
            begin[owner], amount[owner], unit=counted.unit, start_counts=counts[owner], workdays=workdays
        )
        end[owner] = moved[1] if latest else moved[0]
    return end


_DOUBTS = np.array(
    [
        DOUBT_CODES[doubt]
        for doubt in (
            Doubt.EVIDENCE_MISSING,
            Doubt.MOMENT_NOT_EXACT,
            Doubt.PARAMETER_WITHOUT_VALUE,
            Doubt.CALENDAR_HORIZON,
            Doubt.COUNTING_METHOD_UNSET,
        )
    ],
    dtype=np.int32,
)


def _doubt(counted: Counted, *, beyond: NDArray[np.bool_]) -> Truth:
    """Say why a count is not exact: a value that is missing, then the record's reasons, then the rulebook's others."""
    start, end, demands = counted.start, counted.end, counted.demands
    by_method = np.zeros(len(start.lo), dtype=np.bool_) if counted.by_method is None else counted.by_method
    return kernels.doubts(
        start.lo,
        start.hi,
        start.past,
        end.lo,
        end.hi,
        end.past,
        demands.known,
        demands.dated,
        beyond,
        by_method,
        _DOUBTS,
    )
