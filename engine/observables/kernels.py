"""Loops over the columns of cases and rounds (`loops`): those that are slow in steps of numpy."""

from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from engine.calendar.counting import FAR, LONG_AGO
from engine.calendar.moment import MINUTES_PER_DAY, NEVER
from engine.loops import BOOLS, BYTES, INTS, LONGS, NEW_BOOLS, NEW_BYTES, NEW_INTS, NEW_LONGS, kernel, together
from engine.observables.kleene import FALSE, TRUE, Truth

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

_SPAN: Final = together(NEW_INTS, NEW_INTS)


# --- moments ---------------------------------------------------------------------------------------------------------


@kernel(_SPAN(INTS, INTS, types.int32))
def cut(lo: Ints, hi: Ints, end: int) -> tuple[Ints, Ints]:
    """Cut moments at a minute: NEVER for what lies after it."""
    early, late = np.empty_like(lo), np.empty_like(hi)
    for row in range(len(lo)):
        begun = lo[row] <= end
        early[row] = lo[row] if begun else NEVER
        late[row] = hi[row] if begun and hi[row] <= end else NEVER
    return early, late


@kernel(together(NEW_INTS, NEW_INTS, NEW_BOOLS, NEW_BOOLS)(INTS, INTS, INTS, INTS, INTS, types.int64))
def days(
    lo: Ints, hi: Ints, written: Ints, announced: Ints, planned: Ints, end: int
) -> tuple[Ints, Ints, Bools, Bools]:
    """Turn moments cut at a minute into days, the future included, with whether they are past, and have begun.

    `written`, `announced` and `planned`: the latest minutes of the moment as it stands on record.
    """
    first, last = np.empty_like(lo), np.empty_like(lo)
    past, begun = np.empty(len(lo), dtype=np.bool_), np.empty(len(lo), dtype=np.bool_)
    for row in range(len(lo)):
        begun[row], past[row] = lo[row] < NEVER, hi[row] < NEVER
        first[row] = max(lo[row] // MINUTES_PER_DAY, LONG_AGO) if begun[row] else end // MINUTES_PER_DAY
        if past[row]:
            latest = hi[row]
        elif begun[row]:
            latest = written[row]
        else:
            latest = announced[row] if announced[row] < NEVER else planned[row]
            latest = latest if latest > end else NEVER
        last[row] = min(latest // MINUTES_PER_DAY, FAR)
    return first, last, past, begun


@kernel(NEW_BYTES(INTS, INTS, types.int64))
def happened(lo: Ints, hi: Ints, doubt: int) -> Truth:
    """Tell whether moments have happened; unknown for a doubt."""
    found = np.empty(len(lo), dtype=np.uint8)
    for row in range(len(lo)):
        found[row] = TRUE if hi[row] < NEVER else FALSE if lo[row] >= NEVER else doubt
    return found


@kernel(NEW_BYTES(INTS, INTS, INTS, INTS, types.int64, types.int64))
def before(early_lo: Ints, early_hi: Ints, late_lo: Ints, late_hi: Ints, same_day: int, doubt: int) -> Truth:
    """Tell whether moments have happened, and not after others.

    On the same day without times it is unknown for a doubt of its own. The same known minute counts as before.
    """
    found = np.empty(len(early_lo), dtype=np.uint8)
    for row in range(len(early_lo)):
        if early_hi[row] < NEVER and early_hi[row] <= late_lo[row]:
            found[row] = TRUE
        elif early_lo[row] >= NEVER or early_lo[row] > late_hi[row]:
            found[row] = FALSE
        else:
            first = min(early_lo[row], late_lo[row]) // MINUTES_PER_DAY
            last = max(early_hi[row], late_hi[row]) // MINUTES_PER_DAY
            found[row] = same_day if first == last else doubt
    return found


@kernel(_SPAN(INTS, INTS))
def in_days(lo: Ints, hi: Ints) -> tuple[Ints, Ints]:
    """Turn moments into days; FAR stands for NEVER."""
    first, last = np.empty_like(lo), np.empty_like(lo)
    for row in range(len(lo)):
        first[row] = max(lo[row] // MINUTES_PER_DAY, LONG_AGO)
        last[row] = min(hi[row] // MINUTES_PER_DAY, FAR)
    return first, last


@kernel(together(NEW_INTS, NEW_INTS, NEW_BOOLS, NEW_BOOLS)(INTS, INTS, INTS, types.int32))
def fixed_days(lo: Ints, hi: Ints, planned: Ints, as_of: int) -> tuple[Ints, Ints, Bools, Bools]:
    """Turn moments of the case into days, with whether they are past, and have begun.

    From the as-of day until the day that is planned where they are not.
    """
    first, last = np.empty_like(lo), np.empty_like(lo)
    past, begun = np.empty(len(lo), dtype=np.bool_), np.empty(len(lo), dtype=np.bool_)
    for row in range(len(lo)):
        begun[row], past[row] = lo[row] < NEVER, hi[row] < NEVER
        first[row] = lo[row] // MINUTES_PER_DAY if begun[row] else as_of
        last[row] = hi[row] // MINUTES_PER_DAY if past[row] else planned[row]
    return first, last, past, begun


@kernel(_SPAN(INTS, INTS, INTS, INTS, types.int32))
def act_days(lo: Ints, hi: Ints, next_lo: Ints, next_hi: Ints, as_of: int) -> tuple[Ints, Ints]:
    """Return the days of acts, and where they may not have taken place those that come next in their stead.

    No act lies after the as-of day.
    """
    first, last = np.empty_like(lo), np.empty_like(lo)
    for row in range(len(lo)):
        begun, certain = lo[row] < FAR, hi[row] < FAR
        late = min(hi[row], as_of)
        first[row] = lo[row] if certain else min(lo[row], next_lo[row]) if begun else next_lo[row]
        last[row] = late if certain else max(late, next_hi[row]) if begun else next_hi[row]
    return first, last


# --- from rounds to cases --------------------------------------------------------------------------------------------


@kernel(NEW_INTS(INTS, LONGS, LONGS, LONGS), NEW_BYTES(BYTES, LONGS, LONGS, LONGS))
def greatest(values: Any, starts: Longs, more: Longs, groups: Longs) -> Any:  # noqa: ANN401 - integers or bytes
    """Take the greatest value of each group of rows; `more`: rows that start none, `groups`: those that they are of."""
    found = np.empty(len(starts), dtype=values.dtype)
    for group in range(len(starts)):
        found[group] = values[starts[group]]
    for place in range(len(more)):
        found[groups[place]] = max(found[groups[place]], values[more[place]])
    return found


@kernel(NEW_INTS(INTS, LONGS, LONGS, LONGS), NEW_BYTES(BYTES, LONGS, LONGS, LONGS))
def smallest(values: Any, starts: Longs, more: Longs, groups: Longs) -> Any:  # noqa: ANN401 - integers or bytes
    """Take the smallest value of each group of rows; `more`: rows that start none, `groups`: those that they are of."""
    found = np.empty(len(starts), dtype=values.dtype)
    for group in range(len(starts)):
        found[group] = values[starts[group]]
    for place in range(len(more)):
        found[groups[place]] = min(found[groups[place]], values[more[place]])
    return found


@kernel(
    NEW_INTS(INTS, LONGS, types.int64),
    NEW_LONGS(LONGS, LONGS, types.int64),
    NEW_BYTES(BYTES, LONGS, types.int64),
)
def at_places(values: Any, places: Longs, blank: int) -> Any:  # noqa: ANN401 - integers or bytes
    """Take the values at some places, `blank` where the place is -1."""
    found = np.empty(len(places), dtype=values.dtype)
    for row in range(len(places)):
        found[row] = values[places[row]] if places[row] >= 0 else blank
    return found


@kernel(
    NEW_INTS(INTS, LONGS, types.int64, types.int64),
    NEW_LONGS(LONGS, LONGS, types.int64, types.int64),
    NEW_BYTES(BYTES, LONGS, types.int64, types.int64),
)
def spread(values: Any, owners: Longs, size: int, blank: int) -> Any:  # noqa: ANN401 - integers or bytes
    """Lay values of some cases out over all cases, `blank` elsewhere."""
    found = np.empty(size, dtype=values.dtype)
    found[:] = blank
    for place in range(len(owners)):
        found[owners[place]] = values[place]
    return found


@kernel(together(NEW_BOOLS, NEW_LONGS, NEW_LONGS, NEW_BOOLS)(INTS, INTS, BOOLS, BOOLS, LONGS, types.boolean))
def candidates(
    lo: Ints,
    hi: Ints,
    may: Bools,
    sure: Bools,
    starts: Longs,
    first: bool,  # noqa: FBT001
) -> tuple[Bools, Longs, Longs, Bools]:
    """Find the rounds that may be the first, else the last, of their group.

    And for each group the place of one of these, how many there are, and whether any round of the group is sure.
    """
    possible = np.zeros(len(lo), dtype=np.bool_)
    place, count = np.full(len(starts), -1), np.zeros(len(starts), dtype=np.int64)
    certain = np.zeros(len(starts), dtype=np.bool_)
    for group in range(len(starts)):
        end = starts[group + 1] if group + 1 < len(starts) else len(lo)
        bound = NEVER if first else -NEVER
        for row in range(starts[group], end):
            if sure[row]:
                certain[group] = True
                bound = min(bound, hi[row]) if first else max(bound, lo[row])
        for row in range(starts[group], end):
            if may[row] and (lo[row] <= bound if first else hi[row] >= bound):
                possible[row] = True
                place[group] = row
                count[group] += 1
    return possible, place, count, certain


@kernel(NEW_LONGS(BOOLS, LONGS, LONGS, types.int64))
def rows_of(wanted: Bools, starts: Longs, groups: Longs, total: int) -> Longs:
    """List the wanted rows of some groups, group after group; `total` is how many there are."""
    found, place = np.empty(total, dtype=np.int64), 0
    for group in groups:
        end = starts[group + 1] if group + 1 < len(starts) else len(wanted)
        for row in range(starts[group], end):
            if wanted[row]:
                found[place] = row
                place += 1
    return found


# --- periods ---------------------------------------------------------------------------------------------------------


@kernel(_SPAN(INTS, INTS, BOOLS, INTS, INTS, BOOLS, types.boolean, types.int64))
def margins(  # noqa: PLR0913, PLR0917 - a compiled loop is given columns
    lo: Ints,
    hi: Ints,
    begun: Bools,
    first: Ints,
    last: Ints,
    known: Bools,
    at_least: bool,  # noqa: FBT001 - and takes no keywords
    widest: int,
) -> tuple[Ints, Ints]:
    """Count how far ends lie after the last day of what is demanded, which is `first` at the earliest, `last` at most.

    Of an end that has not begun nothing bounds a minimum from below, nor a maximum from above.
    """
    least, most = np.empty_like(lo), np.empty_like(lo)
    for row in range(len(lo)):
        least[row] = max(min(lo[row] - last[row], widest), -widest)
        most[row] = max(min(hi[row] - first[row], widest), -widest)
        if not known[row] or (at_least and not begun[row]):
            least[row] = -widest
        if not known[row] or not (at_least or begun[row]):
            most[row] = widest
    return least, most


@kernel(NEW_BYTES(INTS, INTS, BOOLS, INTS, INTS, BOOLS, BOOLS, BOOLS, BOOLS, BOOLS, INTS))
def doubts(  # noqa: PLR0913, PLR0917 - a compiled loop is given columns
    start_lo: Ints,
    start_hi: Ints,
    start_past: Bools,
    end_lo: Ints,
    end_hi: Ints,
    end_past: Bools,
    known: Bools,
    dated: Bools,
    beyond: Bools,
    by_method: Bools,
    codes: Ints,
) -> Truth:
    """Say why counts are not exact; `codes`: those of the doubts, in the order in which they are named here."""
    evidence, moment, value, horizon, method = codes[0], codes[1], codes[2], codes[3], codes[4]
    found = np.empty(len(start_lo), dtype=np.uint8)
    for row in range(len(start_lo)):
        if dated[row] and not known[row]:
            found[row] = value
        elif not (start_past[row] and end_past[row]):
            unbounded = (not start_past[row] and start_hi[row] >= FAR) or (not end_past[row] and end_hi[row] >= FAR)
            found[row] = evidence if unbounded else moment
        elif (start_lo[row] != start_hi[row] and not by_method[row]) or end_lo[row] != end_hi[row]:
            found[row] = moment
        elif known[row]:
            found[row] = horizon if beyond[row] else method
        else:
            found[row] = moment
    return found


@kernel(NEW_BYTES(INTS, INTS, BYTES, types.boolean))
def doubts_where_open(lo: Ints, hi: Ints, doubt: Truth, at_least: bool) -> Truth:  # noqa: FBT001 - takes no keywords
    """Drop the doubts about margins that pass or fail what is demanded, whatever they are exactly."""
    found = np.empty(len(lo), dtype=np.uint8)
    for row in range(len(lo)):
        open_low, open_high = (lo[row] < 0, hi[row] >= 0) if at_least else (lo[row] <= 0, hi[row] > 0)
        found[row] = doubt[row] if open_low & open_high else FALSE
    return found


@kernel(_SPAN(BYTES, LONGS, types.int64))
def counted(truths: Truth, case: Longs, size: int) -> tuple[Ints, Ints]:
    """Count for each case the rounds of which something is true, and those of which it may be."""
    least, most = np.zeros(size, dtype=np.int32), np.zeros(size, dtype=np.int32)
    for row in range(len(case)):
        least[case[row]] += truths[row] == TRUE
        most[case[row]] += truths[row] != FALSE
    return least, most


# --- answers ---------------------------------------------------------------------------------------------------------


@kernel(NEW_BYTES(INTS, INTS, BYTES, types.int32, types.int32))
def within(lo: Ints, hi: Ints, doubt: Truth, least: int, most: int) -> Truth:
    """Tell whether numbers lie between two, both inclusive; unknown with their doubt where that is open."""
    found = np.empty(len(lo), dtype=np.uint8)
    for row in range(len(lo)):
        if lo[row] >= least and hi[row] <= most:
            found[row] = TRUE
        elif hi[row] < least or lo[row] > most:
            found[row] = FALSE
        else:
            found[row] = max(doubt[row], np.uint8(1))
    return found


@kernel(NEW_BYTES(INTS, types.int64, types.int64, types.int64))
def one_of(values: Ints, wanted: int, not_said: int, absent: int) -> Truth:
    """Tell which choices are among those that are wanted, as bits."""
    found = np.empty(len(values), dtype=np.uint8)
    for row in range(len(values)):
        if values[row] == not_said:
            found[row] = absent
        else:
            found[row] = TRUE if (wanted >> values[row]) & 1 else FALSE
    return found


@kernel(NEW_BYTES(LONGS, types.int64, types.int64, types.int64))
def holding(values: Longs, wanted: int, not_said: int, absent: int) -> Truth:
    """Tell which sets hold all that are wanted; sets are bits."""
    found = np.empty(len(values), dtype=np.uint8)
    for row in range(len(values)):
        held = TRUE if (values[row] & wanted) == wanted else FALSE
        found[row] = absent if values[row] == not_said else held
    return found


@kernel(NEW_BYTES(INTS, types.int64, types.int64, types.int64, types.int64))
def between(values: Ints, least: int, most: int, not_said: int, absent: int) -> Truth:
    """Tell which numbers lie between two, both inclusive."""
    found = np.empty(len(values), dtype=np.uint8)
    for row in range(len(values)):
        held = TRUE if least <= values[row] <= most else FALSE
        found[row] = absent if values[row] == not_said else held
    return found


@kernel(NEW_BYTES(INTS, INTS, LONGS, types.int32, types.int64, types.int64))
def determined(value: Ints, hi: Ints, entered: Longs, end: int, known_at: int, doubt: int) -> Truth:
    """Answer by what was determined by a minute, and entered by a second."""
    found = np.empty(len(value), dtype=np.uint8)
    for row in range(len(value)):
        made = hi[row] <= end and entered[row] <= known_at
        found[row] = TRUE if made and value[row] == 1 else FALSE if made and value[row] == 0 else doubt
    return found
