from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import numpy as np
import pytest

from engine.calendar.notices import HolidayYear
from engine.calendar.workdays import RepeatedYearError, Workdays, workdays
from engine.reading.texts import read_texts

HOLIDAYS = Path(__file__).parents[2] / "rules" / "holidays"
SATURDAY = 5


def read_year(path: Path) -> HolidayYear:
    (text,), _ = read_texts(path)
    return HolidayYear.model_validate(text.data)


YEARS = tuple(read_year(path) for path in sorted(HOLIDAYS.glob("*.yaml")))
COMPLETE = workdays(YEARS, known_on=date(2026, 11, 24))
ALL_DAYS = [date(2019, 1, 1) + timedelta(days=passed) for passed in range(8 * 365 + 2)]


def epoch(day: str) -> int:
    return (date.fromisoformat(day) - date(1970, 1, 1)).days


def is_workday(day: str, *, calendar: Workdays = COMPLETE) -> bool:
    return bool(calendar.is_workday(np.array([epoch(day)]))[0])


def calendar_on(known_on: str, *, years: tuple[HolidayYear, ...] = YEARS) -> Workdays:
    return workdays(years, known_on=date.fromisoformat(known_on))


def test_the_calendar_reaches_from_2019_to_the_end_of_2026() -> None:
    assert (COMPLETE.first, COMPLETE.last) == (epoch("2019-01-01"), epoch("2026-12-31"))
    assert len(ALL_DAYS) == COMPLETE.last - COMPLETE.first + 1


def test_every_day_agrees_with_chinesecalendar() -> None:
    ours = COMPLETE.is_workday(np.arange(COMPLETE.first, COMPLETE.last + 1))
    theirs = [chinese_calendar.is_workday(day) for day in ALL_DAYS]
    assert [day for day, a, b in zip(ALL_DAYS, ours, theirs, strict=True) if a != b] == []


def test_every_weekday_off_agrees_with_holidays() -> None:
    theirs = holidays.country_holidays("CN", years=range(2019, 2027))
    weekdays = [day for day in ALL_DAYS if day.weekday() < SATURDAY]
    off = [day for day in weekdays if not is_workday(day.isoformat())]
    assert off == [day for day in weekdays if day in theirs]


def test_no_holiday_of_holidays_is_a_working_day() -> None:
    theirs = holidays.country_holidays("CN", years=range(2019, 2027))
    assert [day for day in sorted(theirs) if day in ALL_DAYS and is_workday(day.isoformat())] == []


def test_a_weekday_is_worked_and_a_weekend_is_not() -> None:
    assert is_workday("2024-03-01")
    assert not is_workday("2024-03-02")


def test_a_makeup_day_is_worked_and_a_festival_is_not() -> None:
    assert is_workday("2022-10-08")
    assert not is_workday("2022-10-07")


def test_a_day_off_in_the_december_before_counts() -> None:
    # The 2019 notice gave Monday 31 December 2018 off and had Saturday 29 December worked.
    earlier = HolidayYear.model_validate(
        {
            "year": 2018,
            "notices": [
                {
                    "number": "国办发明电〔2017〕12号",
                    "title_zh": "国务院办公厅关于2018年部分节假日安排的通知",
                    "signed": "2017-11-30",
                    "published": "2017-11-30",
                    "confidence": "reported",
                    "festivals": [
                        {
                            "name": {"zh": "元旦", "en": "New Year's Day"},
                            "first": "2018-01-01",
                            "last": "2018-01-01",
                        },
                    ],
                },
            ],
        },
    )
    before = calendar_on("2018-12-05", years=(earlier, *YEARS))
    after = calendar_on("2018-12-06", years=(earlier, *YEARS))
    assert (is_workday("2018-12-29", calendar=before), is_workday("2018-12-31", calendar=before)) == (
        False,
        True,
    )
    assert (is_workday("2018-12-29", calendar=after), is_workday("2018-12-31", calendar=after)) == (
        True,
        False,
    )


def test_what_spills_over_the_first_day_known_is_left_out() -> None:
    assert not is_workday("2018-12-29")
    assert COMPLETE.nth[0] == epoch("2019-01-02")


def test_labour_day_2019_was_one_day_until_the_amendment_of_22_march() -> None:
    before, after = calendar_on("2019-03-21"), calendar_on("2019-03-22")
    days = ["2019-04-28", "2019-05-01", "2019-05-02", "2019-05-03", "2019-05-05"]
    assert [is_workday(day, calendar=before) for day in days] == [False, False, True, True, False]
    assert [is_workday(day, calendar=after) for day in days] == [True, False, False, False, True]


def test_spring_festival_2020_was_prolonged_by_the_notice_of_27_january() -> None:
    before, after = calendar_on("2020-01-26"), calendar_on("2020-01-27")
    days = ["2020-01-19", "2020-01-30", "2020-01-31", "2020-02-01", "2020-02-03"]
    assert [is_workday(day, calendar=before) for day in days] == [True, False, True, True, True]
    assert [is_workday(day, calendar=after) for day in days] == [True, False, False, False, True]


def test_the_horizon_moves_on_the_day_a_notice_is_published() -> None:
    assert calendar_on("2025-11-03").last == epoch("2025-12-31")
    assert calendar_on("2025-11-04").last == epoch("2026-12-31")


def test_the_horizon_stops_at_a_gap() -> None:
    gap = tuple(year for year in YEARS if year.year != 2022)
    calendar = calendar_on("2026-11-24", years=gap)
    assert (calendar.first, calendar.last) == (epoch("2019-01-01"), epoch("2021-12-31"))


def test_the_order_in_which_years_are_given_decides_nothing() -> None:
    backwards = calendar_on("2026-11-24", years=YEARS[::-1])
    assert np.array_equal(backwards.ordinal, COMPLETE.ordinal)


@pytest.mark.parametrize("years", [YEARS, ()], ids=["none-published", "none-given"])
def test_a_calendar_of_which_nothing_is_known_is_empty(years: tuple[HolidayYear, ...]) -> None:
    calendar = calendar_on("2018-12-05", years=years)
    days = np.array([-1, 0, epoch("2019-01-02")])
    assert calendar.first > calendar.last
    assert not calendar.covers(days).any()
    assert not calendar.is_workday(days).any()


def test_days_outside_are_not_covered_and_no_working_days() -> None:
    days = np.array([COMPLETE.first - 1, COMPLETE.first, COMPLETE.last, COMPLETE.last + 1])
    assert COMPLETE.covers(days).tolist() == [False, True, True, False]
    assert COMPLETE.is_workday(days).tolist() == [False, False, True, False]


def test_ordinal_and_nth_are_each_the_other_backwards() -> None:
    numbers = np.arange(1, len(COMPLETE.nth) + 1)
    assert np.array_equal(COMPLETE.ordinal[COMPLETE.nth - COMPLETE.first], numbers)
    assert COMPLETE.ordinal[-1] == len(COMPLETE.nth)


@pytest.mark.parametrize("calendar", [COMPLETE, calendar_on("2018-12-05")], ids=["complete", "empty"])
def test_a_calendar_cannot_be_written_to(calendar: Workdays) -> None:
    assert not calendar.ordinal.flags.writeable
    assert not calendar.nth.flags.writeable


def test_a_year_given_twice_is_refused() -> None:
    with pytest.raises(RepeatedYearError, match="2019") as refusal:
        calendar_on("2026-11-24", years=(*YEARS, YEARS[0]))
    assert refusal.value.year == 2019
