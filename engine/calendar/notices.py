"""The holiday notices of the General Office of the State Council, one `HolidayYear` for each year.

Says what a notice may hold, and which arrangement of a year had been published by a given day. Files are read
elsewhere; what is a working day is decided in `workdays`.

Legal source: 全国年节及纪念日放假办法 and the notices of each year. Regional holidays and local
prolongations are not here.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.vocabulary import Bilingual, Confidence, Frozen

DECEMBER = 12
SATURDAY = 5  # of date.weekday(), where Monday is 0


class Festival(Frozen):
    """The days off for one festival, or for two that are joined, and the weekend days worked in exchange.

    `first` and `last` are calendar days, both off. A weekend that adjoins them is off without being listed.
    """

    name: Bilingual
    first: date
    last: date
    makeup_workdays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _days_fit(self) -> Self:
        if self.last < self.first:
            msg = f"{self.name.zh}: last day off {self.last} lies before first, {self.first}; exchange them"
            raise ValueError(msg)
        for day in self.makeup_workdays:
            if day.weekday() < SATURDAY:
                msg = f"{self.name.zh}: make-up workday {day} is no Saturday or Sunday; correct the day"
                raise ValueError(msg)
        if len(set(self.makeup_workdays)) < len(self.makeup_workdays):
            msg = f"{self.name.zh}: a make-up workday is listed twice; remove one"
            raise ValueError(msg)
        return self


class HolidayNotice(Frozen):
    """One notice. It arranges festivals; one that `amends` another replaces the festivals it names, whole.

    `signed` is the day under the text, `published` the day from which anybody could know it.
    """

    number: str
    amends: str | None = None
    title_zh: str
    signed: date
    published: date
    url: str | None = None
    confidence: Confidence
    festivals: Annotated[tuple[Festival, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _signed_first(self) -> Self:
        if self.published < self.signed:
            msg = f"{self.number}: published {self.published}, but signed {self.signed}; correct a day"
            raise ValueError(msg)
        return self


class HolidayYear(Frozen):
    """The notices for one year, in the order of their publication."""

    year: int
    notices: Annotated[tuple[HolidayNotice, ...], Field(min_length=1)]

    def festivals(self, *, known_on: date) -> tuple[Festival, ...]:
        """Return the arrangement as published on or before `known_on`; empty where there was none yet."""
        return _arranged(notice for notice in self.notices if notice.published <= known_on)

    @model_validator(mode="after")
    def _notices_follow(self) -> Self:
        for before, after in zip(self.notices, self.notices[1:], strict=False):
            if after.published < before.published:
                msg = f"{after.number}, published {after.published}, follows {before.number}; exchange them"
                raise ValueError(msg)
        for place, notice in enumerate(self.notices):
            _check_festivals(notice, earlier=self.notices[:place])
        return self

    @model_validator(mode="after")
    def _days_in_year(self) -> Self:
        for notice in self.notices:
            for festival in notice.festivals:
                for day in (festival.first, festival.last, *festival.makeup_workdays):
                    if day.year != self.year and (day.year, day.month) != (self.year - 1, DECEMBER):
                        msg = (
                            f"{notice.number} {festival.name.zh}: {day} lies neither in {self.year} nor in "
                            "the December before; correct the day or move the notice to its year"
                        )
                        raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _no_day_both_off_and_worked(self) -> Self:
        for count in range(1, len(self.notices) + 1):
            arranged = _arranged(self.notices[:count])
            for day, festival in _worked(arranged):
                off = next((other for other in arranged if other.first <= day <= other.last), None)
                if off:
                    msg = (
                        f"{day} is a make-up workday of {festival.name.zh} and a day off of {off.name.zh} "
                        f"once {self.notices[count - 1].number} is published; correct one"
                    )
                    raise ValueError(msg)
        return self


def _check_festivals(notice: HolidayNotice, *, earlier: tuple[HolidayNotice, ...]) -> None:
    numbers = {other.number for other in earlier}
    if notice.number in numbers:
        msg = f"{notice.number} stands twice; remove one"
        raise ValueError(msg)
    if notice.amends is not None and notice.amends not in numbers:
        msg = f"{notice.number} amends {notice.amends}, which does not stand before it; correct the number"
        raise ValueError(msg)
    arranged = {festival.name.zh for other in earlier for festival in other.festivals}
    for festival in notice.festivals:
        if notice.amends is None and festival.name.zh in arranged:
            msg = f"{notice.number} arranges {festival.name.zh} a second time; say which notice it amends"
            raise ValueError(msg)
        if notice.amends is not None and festival.name.zh not in arranged:
            msg = f"{notice.number} amends {festival.name.zh}, not arranged before it; correct the name"
            raise ValueError(msg)
        if [other.name.zh for other in notice.festivals].count(festival.name.zh) > 1:
            msg = f"{notice.number} arranges {festival.name.zh} twice; remove one"
            raise ValueError(msg)


def _arranged(notices: Iterable[HolidayNotice]) -> tuple[Festival, ...]:
    """Let every later notice replace the festivals of the same name."""
    return tuple({festival.name.zh: festival for notice in notices for festival in notice.festivals}.values())


def _worked(festivals: Iterable[Festival]) -> Iterator[tuple[date, Festival]]:
    return ((day, festival) for festival in festivals for day in festival.makeup_workdays)
