"""When a period ends, when an end rolls over to a working day, and how much time lies between two days.

Counts only. Which method holds (does the first day count, does the end roll over) is a parameter and comes in
as an argument. Legal source: 民法典 Articles 200 to 203, by analogy where the statute at hand has no rule of
its own.

Every argument is an array of integers of shape (n,), one entry per row, or a number that holds for every row; days
are epoch days (whole days since 1970-01-01). Every answer is a pair `low, high` of arrays of shape (n,),
both ends inclusive: what lies outside the calendar is an interval, what is known is the same number twice.
`low` and `high` may be one array, so do not write into them.

`LONG_AGO` and `FAR` stand for days without limit. They, and what lies beyond them, are no place in a
calendar.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import ArrayLike, NDArray

from engine.calendar.workdays import Workdays
from engine.loops import ANY_INTS, NEW_INTS, kernel, together
from engine.vocabulary import Unit

FAR: Final = 1_400_000
"""An epoch day beyond every real one (it would lie in the year 5803); its minutes fit in 32 bits."""
LONG_AGO: Final = -FAR
"""An epoch day before every real one."""

Days = NDArray[np.int32]
"""Epoch days, numbers of units, or flags as 0 and 1: one entry per row."""

MONTHS_IN_YEAR: Final = 12
CALENDARS_KEPT: Final = 64


class NotAPeriodError(ValueError):
    """A unit was given in which no time is measured."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        super().__init__(f"no period is counted in {unit.value}; give days, working_days, months or years")


def period_end(
    start: ArrayLike,
    amount: ArrayLike,
    *,
    unit: Unit,
    start_counts: ArrayLike,
    workdays: Workdays,
) -> tuple[Days, Days]:
    """Find the last day, inclusive, of each period of `amount` (0 or more) units that begins at `start`.

    - days: `start + amount`; one day earlier if the start counts (民法典 200, 201).
    - working days: the `amount`-th working day after the start; if the start counts and is a working day, it
      is the first. Of 0 units: the last working day before the first that would be counted.
    - months and years: the corresponding date, or the last day of the month if there is none (民法典 202);
      from there one day earlier if the start counts.

    Only working days can be unknown: `(LONG_AGO, FAR)` for a start before the calendar or an end before its
    first working day, `(start, FAR)` for a start beyond it, `(workdays.last + 1, FAR)` for an end beyond it.
    In other units a start without limit is its own end. No end lies beyond `FAR`.

    Raises `NotAPeriodError` for the unit `count`.
    """
    start, amount, counted = _columns(start, amount, start_counts)
    if unit is Unit.WORKING_DAYS:
        tables = _tables(workdays)
        return _working_day_ends(
            start, amount, counted, workdays.first, workdays.last, tables.counted, tables.end_low, tables.end_high
        )
    if unit is Unit.DAYS:
        last = _day_ends(start, amount, counted)
        return last, last
    end = _month_ends(start, amount, counted, _months_in(unit))
    return end, end


def elapsed(
    start: ArrayLike,
    end: ArrayLike,
    *,
    unit: Unit,
    start_counts: ArrayLike,
    end_counts: ArrayLike,
    workdays: Workdays,
) -> tuple[Days, Days]:
    """Count the units from `start` to `end`: the largest amount whose `period_end` has come by then.

    - days: `end - start`, one more if the start counts, one less if the end does not.
    - working days: those in `(start, end]`, and the same for a start and an end that are working days.
    - months and years: whole ones, from corresponding date to corresponding date.

    Where the end lies before the start the number is 0 or negative: days and working days run backwards,
    months and years are rounded down, so that one day back is -1. From a day to itself it is 1 day if both
    count, 0 if one does, -1 if neither does; the same in working days if it is one.

    Unknown: each day outside the calendar may be a working day or not. Where start or end is without limit,
    the interval is `(0, FAR)` if the end is the later, `(LONG_AGO, 0)` if it is the earlier, and open on both
    sides, `(LONG_AGO, FAR)`, if both have the same limit.

    Raises `NotAPeriodError` for the unit `count`.
    """
    start, end, starts, ends = _columns(start, end, start_counts, end_counts)
    if unit is Unit.WORKING_DAYS:
        counted = _tables(workdays).counted
        return _working_days_between(start, end, starts, ends, workdays.first, workdays.last, counted)
    if unit is Unit.DAYS:
        return _days_between(start, end, starts, ends)
    return _months_between(start, end, starts, ends, _months_in(unit))


def settled(
    first: Days,
    last: Days,
    *,
    roll_low: ArrayLike,
    roll_high: ArrayLike,
    end_counts_low: ArrayLike,
    end_counts_high: ArrayLike,
    workdays: Workdays,
) -> tuple[Days, Days]:
    """Settle the earliest and the latest day that may be the last of a period, by how its end is counted.

    An end that rolls over, and is no working day, is the next working day (民法典 203): the first where that is
    certain, the last where it is possible. It lies one day later where the end does not count.
    `..._low` and `..._high`: 0 or 1, differing where nobody has said.

    Unknown: `(day, FAR)` for a day outside the calendar, `(workdays.last + 1, FAR)` for a day in it after which no
    working day is known.
    """
    tables = _tables(workdays)
    first, last, rolls, may_roll, counts, may_count = _columns(
        first, last, roll_low, roll_high, end_counts_low, end_counts_high
    )
    return _settled(
        first, last, rolls, may_roll, counts, may_count, workdays.first, tables.rolled_low, tables.rolled_high
    )


@dataclass(frozen=True, eq=False)
class _Tables:
    """What counting looks up in one calendar. Guards at both ends answer for all that lies outside.

    `counted[d - first + 1]`: the number of working days in `first..d`, 0 for the day before `first`.
    `end_low[k]`, `end_high[k]`: the k-th working day, with a guard below and one above.
    `rolled_low[d - first + 1]`, `rolled_high[...]`: the first working day not before `d`, guarded alike.
    """

    counted: Days
    end_low: Days
    end_high: Days
    rolled_low: Days
    rolled_high: Days


@lru_cache(maxsize=CALENDARS_KEPT)
def _tables(workdays: Workdays) -> _Tables:
    counted = np.concatenate(([0], workdays.ordinal)).astype(np.int32)
    beyond = workdays.last + 1
    end_low = np.concatenate(([LONG_AGO], workdays.nth, [beyond])).astype(np.int32)
    end_high = np.concatenate(([FAR], workdays.nth, [FAR])).astype(np.int32)
    following = counted[:-1] + 1
    return _Tables(
        counted=counted,
        end_low=end_low,
        end_high=end_high,
        rolled_low=np.concatenate(([LONG_AGO], end_low[following], [beyond])).astype(np.int32),
        rolled_high=np.concatenate(([FAR], end_high[following], [FAR])).astype(np.int32),
    )


@kernel(NEW_INTS(*[ANY_INTS] * 3))
def _day_ends(start: Days, amount: Days, counted: Days) -> Days:
    end = np.empty(len(start), dtype=np.int32)
    for row in range(len(start)):
        limitless = start[row] >= FAR or start[row] <= LONG_AGO
        day = start[row] if limitless else start[row] + amount[row] - counted[row]
        end[row] = min(max(day, LONG_AGO), FAR) if limitless else min(day, FAR)
    return end


@kernel(together(NEW_INTS, NEW_INTS)(*[ANY_INTS] * 3, types.int64, types.int64, *[ANY_INTS] * 3))
def _working_day_ends(  # noqa: PLR0913, PLR0917 - a compiled loop is given columns
    start: Days, amount: Days, start_counts: Days, first: int, last: int, counted: Days, end_low: Days, end_high: Days
) -> tuple[Days, Days]:
    low, high = np.empty(len(start), dtype=np.int32), np.empty(len(start), dtype=np.int32)
    for row in range(len(start)):
        if start[row] < first:
            low[row], high[row] = LONG_AGO, FAR
        elif start[row] > last:
            low[row], high[row] = min(start[row], FAR), FAR
        else:
            # Working days up to the start, less the start itself if it counts: it is then the first of the period.
            place = min(max(start[row] - start_counts[row] - (first - 1), 0), len(counted) - 1)
            reached = min(max(counted[place] + amount[row], 0), len(end_low) - 1)
            low[row], high[row] = end_low[reached], end_high[reached]
    return low, high


@kernel(together(NEW_INTS, NEW_INTS)(*[ANY_INTS] * 6, types.int64, ANY_INTS, ANY_INTS))
def _settled(  # noqa: PLR0913, PLR0917 - a compiled loop is given columns
    first: Days,
    last: Days,
    roll_low: Days,
    roll_high: Days,
    end_low: Days,
    end_high: Days,
    begin: int,
    rolled_low: Days,
    rolled_high: Days,
) -> tuple[Days, Days]:
    early, late = np.empty(len(first), dtype=np.int32), np.empty(len(first), dtype=np.int32)
    for row in range(len(first)):
        early[row], late[row] = first[row] + 1 - end_high[row], last[row] + 1 - end_low[row]
        if roll_low[row] == 1:
            place = min(max(first[row] - (begin - 1), 0), len(rolled_low) - 1)
            early[row] = max(rolled_low[place], min(max(first[row], LONG_AGO), FAR)) + 1 - end_high[row]
        if roll_high[row] == 1:
            late[row] = rolled_high[min(max(last[row] - (begin - 1), 0), len(rolled_high) - 1)] + 1 - end_low[row]
    return early, late


@kernel(together(NEW_INTS, NEW_INTS)(*[ANY_INTS] * 4))
def _days_between(start: Days, end: Days, start_counts: Days, end_counts: Days) -> tuple[Days, Days]:
    low, high = np.empty(len(start), dtype=np.int32), np.empty(len(start), dtype=np.int32)
    for row in range(len(start)):
        early, late = min(max(start[row], LONG_AGO), FAR), min(max(end[row], LONG_AGO), FAR)
        if early in (LONG_AGO, FAR) or late in (LONG_AGO, FAR):
            low[row], high[row] = 0 if late > early else LONG_AGO, 0 if late < early else FAR
        else:
            low[row] = (late + end_counts[row] - 1) - (early - start_counts[row])
            high[row] = low[row]
    return low, high


@kernel(together(NEW_INTS, NEW_INTS)(*[ANY_INTS] * 4, types.int64, types.int64, ANY_INTS))
def _working_days_between(  # noqa: PLR0917 - a compiled loop is given columns
    start: Days, end: Days, start_counts: Days, end_counts: Days, first: int, last: int, counted: Days
) -> tuple[Days, Days]:
    low, high, known_before = np.empty(len(start), dtype=np.int32), np.empty(len(start), dtype=np.int32), first - 1
    for row in range(len(start)):
        early, late = min(max(start[row], LONG_AGO), FAR), min(max(end[row], LONG_AGO), FAR)
        if early in (LONG_AGO, FAR) or late in (LONG_AGO, FAR):
            low[row], high[row] = 0 if late > early else LONG_AGO, 0 if late < early else FAR
            continue
        # The days counted are those after `before`, up to and including `through`.
        before, through = early - start_counts[row], late + end_counts[row] - 1
        most = len(counted) - 1
        known = counted[min(max(through - known_before, 0), most)] - counted[min(max(before - known_before, 0), most)]
        within = min(max(through, known_before), last) - min(max(before, known_before), last)
        unknown = (through - before) - within
        low[row], high[row] = known + min(unknown, 0), known + max(unknown, 0)
    return low, high


# --- months ----------------------------------------------------------------------------------------------------------

# The proleptic Gregorian calendar, as numpy counts it, for single days: columns of months would be written one by one.
_ERA: Final = 400
_DAYS_IN_ERA: Final = 146_097
_MARCH_0: Final = 719_468
"""From 1 March of the year 0 to 1970-01-01: counted from March on, the leap day is the last of its year."""


@kernel(together(types.int64, types.int64)(types.int64))
def _month_and_place(day: int) -> tuple[int, int]:
    """Return the months since January 1970 and the place in the month, from 0."""
    since = day + _MARCH_0
    era = since // _DAYS_IN_ERA
    of_era = since - era * _DAYS_IN_ERA
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    from_march = (5 * of_year + 2) // 153
    return (era * _ERA + year - 1970) * 12 + from_march + 2, of_year - (153 * from_march + 2) // 5


@kernel(types.int64(types.int64))
def _first_of(month: int) -> int:
    """Return the first day of a month, counted from January 1970."""
    from_march = month - 2
    year, place = 1970 + from_march // 12, from_march % 12
    era = year // _ERA
    of_era = year - era * _ERA
    days = of_era * 365 + of_era // 4 - of_era // 100 + (153 * place + 2) // 5
    return era * _DAYS_IN_ERA + days - _MARCH_0


@kernel(types.int64(types.int64, types.int64))
def _corresponding_day(day: int, months: int) -> int:
    """Go on by months to the same day of the month, or to the month's last day if it is shorter."""
    month, place = _month_and_place(day)
    later = month + months
    return min(_first_of(later) + place, _first_of(later + 1) - 1)


@kernel(NEW_INTS(*[ANY_INTS] * 3, types.int64))
def _month_ends(start: Days, amount: Days, counted: Days, months: int) -> Days:
    end = np.empty(len(start), dtype=np.int32)
    for row in range(len(start)):
        if start[row] >= FAR or start[row] <= LONG_AGO:
            end[row] = min(max(start[row], LONG_AGO), FAR)
        else:
            end[row] = min(_corresponding_day(start[row], amount[row] * months) - counted[row], FAR)
    return end


@kernel(together(NEW_INTS, NEW_INTS)(*[ANY_INTS] * 4, types.int64))
def _months_between(start: Days, end: Days, start_counts: Days, end_counts: Days, months: int) -> tuple[Days, Days]:
    low, high = np.empty(len(start), dtype=np.int32), np.empty(len(start), dtype=np.int32)
    for row in range(len(start)):
        early, late = min(max(start[row], LONG_AGO), FAR), min(max(end[row], LONG_AGO), FAR)
        if early in (LONG_AGO, FAR) or late in (LONG_AGO, FAR):
            low[row], high[row] = 0 if late > early else LONG_AGO, 0 if late < early else FAR
            continue
        # The days counted are those after `start` (and itself if it counts), up to and including `end` if that counts.
        reached = late + end_counts[row] - 1 + start_counts[row]
        whole = _month_and_place(reached)[0] - _month_and_place(early)[0]
        whole -= _corresponding_day(early, whole) > reached
        low[row] = high[row] = whole // months
    return low, high


def _months_in(unit: Unit) -> int:
    match unit:
        case Unit.MONTHS:
            return 1
        case Unit.YEARS:
            return MONTHS_IN_YEAR
        case _:
            raise NotAPeriodError(unit)


def _columns(*values: ArrayLike) -> tuple[Days, ...]:
    """Lay numbers and columns out to the same number of rows."""
    given = [_narrow(np.asarray(value)) for value in values]
    rows = max(value.size for value in given)
    return tuple(value if value.shape == (rows,) else np.broadcast_to(value, (rows,)) for value in given)


def _narrow(values: NDArray[Any]) -> Days:
    """Write numbers in 32 bits; what does not fit is as good as without limit."""
    if values.dtype == np.int32:
        return values
    narrow: Days = np.clip(values, _LEAST, _MOST).astype(np.int32)
    return narrow


_LEAST: Final = np.iinfo(np.int32).min
_MOST: Final = np.iinfo(np.int32).max
