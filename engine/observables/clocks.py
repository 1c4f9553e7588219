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

_BEYOND = 8 * FAR
"""Keeps the days of one round apart from those of the next."""

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
    as-of day. Pauses that overlap are counted once.
    """
    rows, until = _pauses(events)
    owner, ended = events["round"][rows], until >= 0
    begin_lo = np.maximum(events["at.lo"][rows] // MINUTES_PER_DAY, start.lo[owner])
    begin_hi = np.maximum(events["at.hi"][rows] // MINUTES_PER_DAY, start.hi[owner])
    end_lo = np.minimum(np.where(ended, events["at.lo"][until] // MINUTES_PER_DAY, as_of), end.lo[owner])
    end_hi = np.minimum(np.where(ended, events["at.hi"][until] // MINUTES_PER_DAY, as_of), end.hi[owner])
    low, _ = elapsed(*_apart(owner, begin_hi, end_lo), unit=unit, start_counts=0, end_counts=1, workdays=workdays)
    _, high = elapsed(*_apart(owner, begin_lo, end_hi), unit=unit, start_counts=0, end_counts=1, workdays=workdays)
    least = np.zeros(len(start.lo), dtype=np.int64)
    most = np.zeros(len(start.lo), dtype=np.int64)
    np.add.at(least, owner, np.clip(low, 0, FAR))
    np.add.at(most, owner, np.clip(high, 0, FAR))
    return least, most


def _pauses(events: dict[str, Ints]) -> tuple[Ints, Ints]:
    """Return the events that begin a pause, by round and time, and those that end each, -1 for none."""
    begins = {begin: np.flatnonzero(events["kind"] == begin) for begin in _PAUSE_OF}
    rows = np.concatenate(list(begins.values()))
    until = np.concatenate([_next_of_kind(events, found, _PAUSE_OF[begin]) for begin, found in begins.items()])
    order = np.argsort(rows, kind="stable")
    return rows[order], until[order]


def _apart(owner: Ints, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Cut from each pause what earlier pauses of its round already cover."""
    layer = owner * _BEYOND
    order = np.argsort(layer + begin, kind="stable")
    covered = np.maximum.accumulate((layer + end)[order])
    before = np.concatenate((np.array([-_BEYOND], dtype=np.int64), covered[:-1]))
    free = np.empty_like(begin)
    free[order] = np.maximum(begin[order], before - layer[order])
    return free, np.maximum(end, free)


def _next_of_kind(events: dict[str, Ints], rows: Ints, kind: int) -> Ints:
    """Return for some events the place of the next event of a kind in the same round, -1 for none."""
    wanted = np.flatnonzero(events["kind"] == kind)
    if not len(wanted):
        return np.full(len(rows), -1, dtype=np.int64)
    place = np.searchsorted(wanted, rows, side="right")
    found = wanted[np.minimum(place, len(wanted) - 1)]
    fits = (place < len(wanted)) & (events["round"][found] == events["round"][rows])
    return np.where(fits, found, -1)
