"""Which days are working days, as known on a given day, in a form for whole columns of days.

A working day is a Monday to Friday that no holiday notice gives off, or a make-up day of a notice. Legal
source: 国务院关于职工工作时间的规定, 全国年节及纪念日放假办法 and the yearly notices.

A year whose notice was not known is outside the calendar; nothing in it is guessed. The last days of the last
December are told by the notices known: the next year's may still make one of them a day off or a make-up day.

Days are epoch days: whole days since 1970-01-01.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine.calendar.notices import HolidayYear

EPOCH = date(1970, 1, 1).toordinal()
MONDAY_OF_EPOCH = 3  # 1970-01-01 was a Thursday, three days after a Monday
DAYS_WORKED = 5
WEEK = 7


class RepeatedYearError(ValueError):
    """A year was given more than once, so that it is open which one holds."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"holiday year {year} was given more than once; give each year once")


@dataclass(frozen=True, eq=False)
class Workdays:
    """The working days from `first` to `last`, both inclusive. Where nothing is known: `first > last`.

    `ordinal[d - first]` is the number of working days in `first..d`, both inclusive, one entry per day.
    `nth[k - 1]` is the k-th working day, one entry per working day. Neither array can be written to.
    Two calendars are equal only if they are the same object.
    """

    first: int
    last: int
    ordinal: NDArray[np.int32]
    nth: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Close the arrays against writing."""
        self.ordinal.setflags(write=False)
        self.nth.setflags(write=False)

    def covers(self, days: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each epoch day whether it is known what it is. Any shape in, the same shape out."""
        return (days >= self.first) & (days <= self.last)

    def is_workday(self, days: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each epoch day whether it is a working day: false outside, for which ask `covers`.

        Any shape in, the same shape out.
        """
        if not self.nth.size:
            return np.zeros(np.shape(days), dtype=np.bool_)
        following: NDArray[np.int32] = self.nth.take(np.searchsorted(self.nth, days), mode="clip")
        return np.equal(following, days)


def workdays(years: Iterable[HolidayYear], *, known_on: date) -> Workdays:
    """Lay out the working days by the notices published on or before `known_on`.

    From 1 January of the earliest year then arranged to 31 December of the last one before a gap. An
    amendment replaces its festivals from its publication on. Where nothing was published yet the calendar is
    empty.

    Raises `RepeatedYearError`.
    """
    known = _arranged_years(years, known_on=known_on)
    if not known:
        nothing = np.empty(0, dtype=np.int32)
        return Workdays(first=0, last=-1, ordinal=nothing, nth=nothing.copy())
    first, last = _epoch_day(date(known[0].year, 1, 1)), _epoch_day(date(known[-1].year, 12, 31))
    days = np.arange(first, last + 1, dtype=np.int32)
    working = (days + MONDAY_OF_EPOCH) % WEEK < DAYS_WORKED
    festivals = [festival for year in known for festival in year.festivals(known_on=known_on)]
    for festival in festivals:
        working[(days >= _epoch_day(festival.first)) & (days <= _epoch_day(festival.last))] = False
    makeup = [_epoch_day(day) for festival in festivals for day in festival.makeup_workdays]
    working |= np.isin(days, makeup)
    return Workdays(first=first, last=last, ordinal=np.cumsum(working, dtype=np.int32), nth=days[working])


def _arranged_years(years: Iterable[HolidayYear], *, known_on: date) -> list[HolidayYear]:
    """Return the years already arranged, in order, up to the first gap."""
    by_year: dict[int, HolidayYear] = {}
    for year in years:
        if year.year in by_year:
            raise RepeatedYearError(year.year)
        by_year[year.year] = year
    known = [year for _, year in sorted(by_year.items()) if year.festivals(known_on=known_on)]
    return [year for place, year in enumerate(known) if year.year == known[0].year + place]


def _epoch_day(day: date) -> int:
    return day.toordinal() - EPOCH
