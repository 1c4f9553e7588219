"""Clocks: when a period that runs within a round starts after returns, and how long it stands still.

Decides by the events of the round in their order: `returned` then `submitted` starts anew; `supplement_requested`
until `supplemented`, and `suspended` until `resumed`, are pauses. Whether either counts is a parameter.
Legal source: Decree 713, Article 26 speaks of a complete file and leaves the clock to local rules.
"""

from dataclasses import dataclass

import numpy as np

from engine.calendar.counting import FAR, elapsed
from engine.calendar.moment import MINUTES_PER_DAY
from engine.calendar.workdays import Workdays
from engine.observables.cases import Ints
from engine.observables.layout import EVENT_CODES
from engine.observables.moments import Days
from engine.vocabulary import ClockEventKind, Unit

_PAUSE_OF = {
    EVENT_CODES[ClockEventKind.SUPPLEMENT_REQUESTED]: EVENT_CODES[ClockEventKind.SUPPLEMENTED],
    EVENT_CODES[ClockEventKind.SUSPENDED]: EVENT_CODES[ClockEventKind.RESUMED],
}


@dataclass(frozen=True, slots=True)
class Restarts:
    """For rounds that were returned: `round`, and the days `lo` to `hi` of the last submission after the last return.

    A returned file that has not come back may do so from the as-of day on.
    """

    round: Ints
    lo: Ints
    hi: Ints


def restarts(events: dict[str, Ints], *, as_of: int, far: int) -> Restarts:
    """Find the restarts, one row per round that was returned."""
    returned = np.flatnonzero(events["kind"] == EVENT_CODES[ClockEventKind.RETURNED])
    rounds = events["round"][returned]
    last = np.flatnonzero(np.append(rounds[1:] != rounds[:-1], True)) if len(rounds) else rounds
    rows = returned[last]
    again = _next_of_kind(events, rows, EVENT_CODES[ClockEventKind.SUBMITTED])
    back = again >= 0
    lo = np.where(back, events["at.lo"][again] // MINUTES_PER_DAY, as_of)
    hi = np.where(back, events["at.hi"][again] // MINUTES_PER_DAY, far)
    return Restarts(events["round"][rows], lo, hi)


def paused(
    events: dict[str, Ints],
    start: Days,
    end: Days,
    *,
    unit: Unit,
    as_of: int,
    workdays: Workdays,
) -> tuple[Ints, Ints]:
    """Count the days, or working days, on which the clock of each round stood still within its period: least and most.

    The day of the request is not counted, the day of the supplement is. A pause that has not ended lasts until the
    as-of day. Only days and working days can be paused.
    """
    least = np.zeros(len(start.lo), dtype=np.int64)
    most = np.zeros(len(start.lo), dtype=np.int64)
    counted = unit if unit == Unit.WORKING_DAYS else Unit.DAYS
    for begin, stop in _PAUSE_OF.items():
        rows = np.flatnonzero(events["kind"] == begin)
        if not len(rows):
            continue
        until, owner = _next_of_kind(events, rows, stop), events["round"][rows]
        ended = until >= 0
        begin_lo = np.maximum(events["at.lo"][rows] // MINUTES_PER_DAY, start.lo[owner])
        begin_hi = np.maximum(events["at.hi"][rows] // MINUTES_PER_DAY, start.hi[owner])
        end_lo = np.minimum(np.where(ended, events["at.lo"][until] // MINUTES_PER_DAY, as_of), end.lo[owner])
        end_hi = np.minimum(np.where(ended, events["at.hi"][until] // MINUTES_PER_DAY, as_of), end.hi[owner])
        low, _ = elapsed(begin_hi, end_lo, unit=counted, start_counts=0, end_counts=1, workdays=workdays)
        _, high = elapsed(begin_lo, end_hi, unit=counted, start_counts=0, end_counts=1, workdays=workdays)
        np.add.at(least, owner, np.clip(low, 0, FAR))
        np.add.at(most, owner, np.clip(high, 0, FAR))
    return least, most


def _next_of_kind(events: dict[str, Ints], rows: Ints, kind: int) -> Ints:
    """Return for some events the place of the next event of a kind in the same round, -1 for none."""
    wanted = np.flatnonzero(events["kind"] == kind)
    if not len(wanted):
        return np.full(len(rows), -1, dtype=np.int64)
    place = np.searchsorted(wanted, rows, side="right")
    found = wanted[np.minimum(place, len(wanted) - 1)]
    fits = (place < len(wanted)) & (events["round"][found] == events["round"][rows])
    return np.where(fits, found, -1)
