"""The calendar behind a timeline: where a day stands, which days are off or worked to make up for others, the months.

Distances are in units of the drawing. Days off are taken from the notices known; of other years none are drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final
from unicodedata import east_asian_width

import numpy as np

from engine.calendar.moment import day_of, epoch_day
from engine.calendar.workdays import Workdays
from engine.vocabulary import Bilingual, Frozen

WIDTH: Final = 1_000.0
"""Of the whole drawing."""
LABELS: Final = 190.0
"""Where the calendar begins; left of it stand the names of the steps."""
LEAST: Final = 3.0
"""What lasts a day is drawn this wide at least."""
LEGIBLE: Final = 1.5
"""Days off that would be narrower than this are not drawn: one could not tell them apart."""
WIDE, NARROW = 12.0, 7.0
"""How wide a Chinese character and a Latin letter are at most, in the size of letters of the drawing."""
_OFF, _MADE_UP = "off", "made_up"
_WEEK, _WORKED, _MONDAY = 7, 5, 3


class Tick(Frozen):
    """The first day of a month or a year. `text`: nothing where there is no room for it."""

    x: float
    text: str


class Shade(Frozen):
    """A run of days off, or of make-up workdays; both days inclusive."""

    x: float
    width: float
    kind: str
    first: date
    last: date

    @property
    def said(self) -> Bilingual:
        """Say what it is."""
        return between(_NAMES[self.kind], self.first, self.last)


@dataclass(frozen=True, slots=True)
class Scale:
    """From days to distances; `first` and `last` are both drawn."""

    first: date
    last: date

    @property
    def day(self) -> float:
        """Return how wide a day is."""
        return (WIDTH - LABELS) / ((self.last - self.first).days + 1)

    def x(self, day: date) -> float:
        """Return where a day begins; a day that is not drawn stands at the edge."""
        inside = min(max(day, self.first), self.last + timedelta(1))
        return round(LABELS + (inside - self.first).days * self.day, 1)

    def width(self, first: date, last: date) -> float:
        """Return how wide it is from one day to another, both inclusive."""
        return round(max(self.x(last + timedelta(1)) - self.x(first), LEAST), 1)

    def bar(self, first: date, last: date) -> tuple[float, float]:
        """Return where it begins from one day to another, and how wide it is, all of it within the drawing."""
        width = self.width(first, last)
        return min(self.x(first), WIDTH - width), width

    def shows(self, first: date, last: date) -> bool:
        """Tell whether something of it lies within the days that are drawn."""
        return first <= self.last and last >= self.first


def room(text: str) -> float:
    """Return how much room a text takes at most."""
    return sum(WIDE if east_asian_width(char) in "WFA" else NARROW for char in text)


def lines(text: str, width: float, *, most: int) -> tuple[str, ...]:
    """Break a text into lines that fit, at blanks where it has them; what does not fit is left out, with a sign."""
    found: list[str] = []
    rest = text
    while rest and len(found) < most:
        line = _fitting(rest, width)
        rest = rest[len(line) :].lstrip()
        found.append(line.rstrip())
    if rest:
        found[-1] = _fitting(found[-1], width - WIDE, at_blanks=False) + "…"
    return tuple(found)


def _fitting(text: str, width: float, *, at_blanks: bool = True) -> str:
    end = next((place for place in range(1, len(text) + 1) if room(text[:place]) > width), len(text) + 1) - 1
    if end >= len(text):
        return text
    blank = text.rfind(" ", 1, end + 1) if at_blanks else -1
    return text[:blank] if blank > 0 else text[: max(end, 1)]


def between(title: Bilingual, first: date, last: date) -> Bilingual:
    """Say what lies between two days; one day only once."""
    if first == last:
        return Bilingual(zh=f"{title.zh}:{first}", en=f"{title.en}: {first}")
    return Bilingual(zh=f"{title.zh}:{first}至{last}", en=f"{title.en}: {first} to {last}")


def shades(workdays: Workdays, scale: Scale) -> Iterator[Shade]:
    """Give runs of days off and of make-up days, those that are wide enough to be seen."""
    days = np.arange(epoch_day(scale.first), epoch_day(scale.last) + 1)
    known, worked = workdays.covers(days), workdays.is_workday(days)
    weekend = (days + _MONDAY) % _WEEK >= _WORKED
    kinds = np.where(~known, "", np.where(~worked, _OFF, np.where(weekend, _MADE_UP, "")))
    begin = 0
    for kind, run in groupby(kinds.tolist()):
        length = len(list(run))
        if kind and length * scale.day >= LEGIBLE:
            first, last = day_of(int(days[begin])), day_of(int(days[begin + length - 1]))
            x, width = scale.x(first), round(length * scale.day, 1)
            yield Shade(x=x, width=width, kind=kind, first=first, last=last)
        begin += length


def ticks(scale: Scale) -> Iterator[Tick]:
    """Give the first days of months, quarters, half-years or years, so many as there is room for."""
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month
    month = 30.4 * scale.day
    every = next((step for step in _STEPS if month * step >= room("2024-12") + NARROW), _STEPS[-1])
    for number in range(months + 1):
        year, place = divmod(scale.first.month - 1 + number, 12)
        day = date(scale.first.year + year, place + 1, 1)
        if day >= scale.first and ((day.year * 12 + place) % every == 0):
            text = f"{day:%Y-%m}" if every < _YEAR else f"{day:%Y}"
            x = scale.x(day)
            yield Tick(x=x, text=text if x + 3 + room(text) <= WIDTH else "")


_YEAR: Final = 12
_STEPS: Final = (1, 2, 3, 6, _YEAR, 2 * _YEAR, 5 * _YEAR, 10 * _YEAR)
_NAMES: Final = {
    _OFF: Bilingual(zh="休息日", en="days off"),
    _MADE_UP: Bilingual(zh="调休上班", en="make-up workdays"),
}
