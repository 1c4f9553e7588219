"""Clocks: when a period that runs within a round starts after returns, and how long it stands still.

Decides by the events of the round in their order: `returned` then `submitted` starts anew; `supplement_requested`
until `supplemented`, and `suspended` until `resumed`, are pauses. Whether either counts is a parameter.
Legal source: Decree 713, Article 26 speaks of a complete file and leaves the clock to local rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.calendar.counting import FAR, elapsed
from engine.calendar.moment import MINUTES_PER_DAY
from engine.calendar.workdays import Workdays
from engine.observables.cases import Ints, Longs
from engine.observables.choice import Bools
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

    A returned file that has not come back may do so from the as-of day on. `sure`: the return certainly took place, and
    the submission after it; `back`: the submission has.
    """

    round: Longs
    lo: Ints
    hi: Ints
    sure: Bools
    back: Bools


def with_order(events: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Add `order_open`: 1 where days of two events of the round overlap, so that it is open which came first.

    Of two events within the same days the one that the record names first came first.
    """
    rounds, first, last = events["round"], events["at.lo"] // MINUTES_PER_DAY, events["at.hi"] // MINUTES_PER_DAY
    overlaps = (rounds[1:] == rounds[:-1]) & (last[:-1] > first[1:])
    overlaps &= (first[:-1] != first[1:]) | (last[:-1] != last[1:])
    return events | {"order_open": np.isin(rounds, rounds[:-1][overlaps]).astype(np.int32)}


def restarts(events: dict[str, NDArray[Any]], end: Days, *, as_of: int, far: int) -> Restarts:
    """Find the restarts, one row per round returned before its period was over; a later return undoes nothing."""
    early, late = events["at.lo"] // MINUTES_PER_DAY, events["at.hi"] // MINUTES_PER_DAY
    running = early <= end.hi[events["round"]]
    returned = np.flatnonzero((events["kind"] == EVENT_CODES[ClockEventKind.RETURNED]) & running)
    rounds = events["round"][returned]
    rows = returned[np.append(rounds[1:] != rounds[:-1], True)] if len(rounds) else returned
    owner = events["round"][rows]
    again = _next_of_kind(events, rows, EVENT_CODES[ClockEventKind.SUBMITTED])
    lo, hi = np.where(again >= 0, early[again], as_of), np.where(again >= 0, late[again], far)
    order_open = events["order_open"][rows] == 1
    if order_open.any():
        # The submission may be any of the round's, or still to come.
        submitted = events["kind"] == EVENT_CODES[ClockEventKind.SUBMITTED]
        earliest, latest = (np.full(len(end.hi), as_of, dtype=np.int32) for _ in range(2))
        np.minimum.at(earliest, events["round"][submitted], early[submitted])
        np.maximum.at(latest, events["round"][submitted], late[submitted])
        lo, hi = np.where(order_open, earliest[owner], lo), np.where(order_open, latest[owner], hi)
    sure = ~order_open & (late[rows] <= np.minimum(end.lo[owner], as_of))
    return Restarts(owner, lo, hi, sure, ~order_open & (hi <= as_of))


@dataclass(frozen=True, slots=True)
class Pauses:
    """Pauses of clocks, by round and beginning: the days of their ends as intervals. One row per pause.

    `turn`: the how-manieth pause of its round it is, from 0. `lasting`: it has not ended.
    """

    round: Longs
    begin_lo: Ints
    begin_hi: Ints
    end_lo: Ints
    end_hi: Ints
    turn: Longs
    lasting: Bools


def pauses(events: dict[str, NDArray[Any]], *, as_of: int) -> Pauses | None:
    """Find the pauses; one that has not ended lasts until the as-of day, at least."""
    begins = {begin: np.flatnonzero(events["kind"] == begin) for begin in _PAUSE_OF}
    rows = np.concatenate(list(begins.values()))
    if not len(rows):
        return None
    until = np.concatenate([_next_of_kind(events, found, _PAUSE_OF[begin]) for begin, found in begins.items()])
    order = np.argsort(rows, kind="stable")
    rows, until = rows[order], until[order]
    owner, ended = events["round"][rows], until >= 0
    first = np.searchsorted(owner, owner, side="left")
    begin_lo, begin_hi = (events[end][rows] // MINUTES_PER_DAY for end in ("at.lo", "at.hi"))
    end_lo, end_hi = (np.where(ended, events[end][until] // MINUTES_PER_DAY, as_of) for end in ("at.lo", "at.hi"))
    order_open = events["order_open"][rows] == 1
    return Pauses(
        round=owner,
        begin_lo=begin_lo,
        begin_hi=begin_hi,
        # Where one cannot tell which event came first, the clock may have stood still, or not at all.
        end_lo=np.where(order_open, begin_lo, end_lo),
        end_hi=np.where(order_open, np.maximum(end_hi, as_of), end_hi),
        turn=np.arange(len(rows)) - first,
        lasting=~ended,
    )


def in_turn(
    found: Pauses,
    start: Ints,
    *,
    latest: bool,
    unit: Unit,
    workdays: Workdays,
) -> Iterable[tuple[tuple[Longs, Ints], Ints]]:
    """Go through the pauses of all rounds at once, first to last: rounds and days of beginning, and how long each is.

    The day of the request is not counted, the day of the supplement is. What lies before the start of the clock, and
    what an earlier pause covers, is left out. `latest`: as long as the record allows, else as short.
    """
    begins, ends = (found.begin_lo, found.end_hi) if latest else (found.begin_hi, found.end_lo)
    covered = start.copy()
    for turn in range(int(found.turn.max()) + 1):
        rows = np.flatnonzero(found.turn == turn)
        owner = found.round[rows]
        since = np.maximum(begins[rows], covered[owner])
        until = np.maximum(ends[rows], since)
        low, high = elapsed(since, until, unit=unit, start_counts=0, end_counts=1, workdays=workdays)
        covered[owner] = until
        yield (owner, since), np.clip(high if latest else low, 0, FAR)


def stood_still(found: Pauses, start: Days, end: Days, *, unit: Unit, workdays: Workdays) -> tuple[Ints, Ints]:
    """Count the days, or working days, on which each round's clock stood still between two days: least and most."""
    totals = []
    for latest in (False, True):
        total = np.zeros(len(start.lo), dtype=np.int32)
        limit = end.hi if latest else end.lo
        cut = limit[found.round]
        within = replace(found, end_lo=np.minimum(found.end_lo, cut), end_hi=np.minimum(found.end_hi, cut))
        begin = start.lo if latest else start.hi
        for (owner, _), counted in in_turn(within, begin, latest=latest, unit=unit, workdays=workdays):
            total[owner] += counted
        totals.append(total)
    return totals[0], totals[1]


def _next_of_kind(events: dict[str, NDArray[Any]], rows: Longs, kind: int) -> Longs:
    """Return for some events the place of the next event of a kind in the same round, -1 for none."""
    wanted = np.flatnonzero(events["kind"] == kind)
    if not len(wanted):
        return np.full(len(rows), -1, dtype=np.int64)
    place = np.searchsorted(wanted, rows, side="right")
    found = wanted[np.minimum(place, len(wanted) - 1)]
    fits = (place < len(wanted)) & (events["round"][found] == events["round"][rows])
    return np.where(fits, found, -1)
