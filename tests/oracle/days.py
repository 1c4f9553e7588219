"""Working days, and the last day of a period, by going from day to day.

A working day is a Monday to Friday that no notice known gives off, or a make-up day. Known are the days of the years
arranged by notices published by then, up to the first year without. A period of N units ends on the Nth day counted
after its start (or from its start, if that counts); days on which the clock stood still are passed over, months and
years know no such days. A most of N units is kept until the clock runs on after that day: a pause that begins on it
still counts. What ends on a day off then rolls on to a working day. If the day of the closing act is not
itself counted, the act comes a day later. A day that nobody can know is an interval.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import inf

from engine.calendar.notices import Festival, HolidayYear
from engine.vocabulary import Unit

EPOCH = date(1970, 1, 1)
SATURDAY = 5
NOBODY_KNOWS = (-inf, inf)

Span = tuple[float, float]


def number(day: date) -> int:
    """Return the number of days since 1970-01-01."""
    return (day - EPOCH).days


def dated(day: int) -> date:
    """Return the date of such a number."""
    return EPOCH + timedelta(days=day)


@dataclass
class Calendar:
    """The working days by the notices published on or before a day."""

    holidays: Iterable[HolidayYear]
    known_on: date
    _working: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        arranged = {year.year: self._festivals(year) for year in self.holidays}
        years = sorted(year for year, festivals in arranged.items() if festivals)
        known = [year for place, year in enumerate(years) if year == years[0] + place]
        festivals = [festival for year in known for festival in arranged[year]]
        makeup = {day for festival in festivals for day in festival.makeup_workdays}
        for year in known:
            day = date(year, 1, 1)
            while day.year == year:
                off = any(festival.first <= day <= festival.last for festival in festivals)
                self._working[number(day)] = day in makeup or (day.weekday() < SATURDAY and not off)
                day += timedelta(days=1)

    def _festivals(self, year: HolidayYear) -> list[Festival]:
        by_name: dict[str, Festival] = {}
        for notice in year.notices:
            if notice.published <= self.known_on:
                by_name.update({festival.name.zh: festival for festival in notice.festivals})
        return list(by_name.values())

    @property
    def first(self) -> float:
        """Return the first day known."""
        return min(self._working, default=inf)

    @property
    def last(self) -> float:
        """Return the last day known."""
        return max(self._working, default=-inf)

    def known(self, day: float) -> bool:
        """Tell whether it is known what a day is."""
        return day in self._working

    def working(self, day: int) -> bool:
        """Tell whether a known day is a working day."""
        return self._working[day]

    def beyond(self) -> Span:
        """Return where a day lies that comes after all that are known."""
        return (self.last + 1, inf)


@dataclass(frozen=True, slots=True)
class Way:
    """How a period is counted, every method decided; `paused`: days on which the clock stands still."""

    start_counts: bool
    end_counts: bool
    rolls: bool
    paused: frozenset[int] = frozenset()


def last_day(start: float, amount: int, unit: Unit, way: Way, calendar: Calendar, *, most: bool) -> Span:
    """Return the day on which a period is over and the act that closes it may come, as an interval.

    Of a `most` it is the last day on which the act may come.
    """
    if start == -inf:
        return start, start
    low, high = _counted(int(start), amount, unit, way, calendar)
    if most and unit in {Unit.DAYS, Unit.WORKING_DAYS} and low == high:
        low, high = _paused_on(int(low), unit, way, calendar)
    if way.rolls:
        low, high = _rolled(low, calendar)[0], _rolled(high, calendar)[1]
    later = 0 if way.end_counts else 1
    return low + later, high + later


def _counted(start: int, amount: int, unit: Unit, way: Way, calendar: Calendar) -> Span:
    if unit is Unit.WORKING_DAYS:
        return _working_days(start, amount, way, calendar)
    if unit is Unit.DAYS:
        day = start - 1 if way.start_counts else start
        while amount:
            day += 1
            amount -= day not in way.paused
        return day, day
    day = corresponding(start, amount * (12 if unit is Unit.YEARS else 1)) - way.start_counts
    return day, day


def _working_days(start: int, amount: int, way: Way, calendar: Calendar) -> Span:
    if not calendar.known(start):
        return (start, inf) if start > calendar.last else NOBODY_KNOWS
    day = start - 1 if way.start_counts else start
    if not amount:
        while calendar.known(day) and not calendar.working(day):
            day -= 1
        return (day, day) if calendar.known(day) else NOBODY_KNOWS
    while amount:
        day += 1
        if not calendar.known(day):
            return calendar.beyond()
        amount -= calendar.working(day) and day not in way.paused
    return day, day


def _paused_on(day: int, unit: Unit, way: Way, calendar: Calendar) -> Span:
    """Go on to the last day of a pause that begins on a day."""
    found = day
    while day + 1 in way.paused:
        day += 1
        if unit is Unit.WORKING_DAYS and not calendar.known(day):
            return found, inf
        if unit is Unit.DAYS or calendar.working(day):
            found = day
    return found, found


def _rolled(day: float, calendar: Calendar) -> Span:
    if not calendar.known(day):
        return (day, inf)
    while calendar.known(day):
        if calendar.working(int(day)):
            return day, day
        day += 1
    return calendar.beyond()


def corresponding(start: int, months: int) -> int:
    """Return the same day of a later month, or the last of that month if it is shorter."""
    day = dated(start)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    wanted = day.day
    while True:
        try:
            return number(date(year, month + 1, wanted))
        except ValueError:
            wanted -= 1
