from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.calendar.counting import FAR, LONG_AGO, Days, NotAPeriodError, elapsed, period_end, settled
from engine.calendar.notices import HolidayYear
from engine.calendar.workdays import Workdays, workdays
from engine.reading.texts import read_texts
from engine.vocabulary import Unit

HOLIDAYS = Path(__file__).parents[2] / "rules" / "holidays"
EPOCH = date(1970, 1, 1)
SATURDAY = 5


def read_year(path: Path) -> HolidayYear:
    (text,), _ = read_texts(path)
    return HolidayYear.model_validate(text.data)


YEARS = tuple(read_year(path) for path in sorted(HOLIDAYS.glob("*.yaml")))
COMPLETE = workdays(YEARS, known_on=date(2026, 11, 24))
SHORT = workdays(YEARS[3:5], known_on=date(2026, 11, 24))
EMPTY = workdays(YEARS, known_on=date(2018, 1, 1))
CALENDARS = {"complete": COMPLETE, "short": SHORT, "empty": EMPTY}


def epoch(day: str) -> int:
    return (date.fromisoformat(day) - EPOCH).days


def written(day: int) -> str:
    return (EPOCH + timedelta(days=day)).isoformat()


def one(answer: tuple[Days, Days]) -> tuple[int, int]:
    """Take the answer about one row apart."""
    low, high = answer
    return int(low[0]), int(high[0])


def end_of(start: str, amount: int, unit: Unit, *, start_counts: bool = False) -> str:
    low, high = one(
        period_end(epoch(start), amount, unit=unit, start_counts=start_counts, workdays=COMPLETE),
    )
    assert low == high
    return written(low)


def length(start: str, end: str, unit: Unit, *, start_counts: bool = False, end_counts: bool = True) -> int:
    low, high = one(
        elapsed(
            epoch(start),
            epoch(end),
            unit=unit,
            start_counts=start_counts,
            end_counts=end_counts,
            workdays=COMPLETE,
        ),
    )
    assert low == high
    return low


def roll_over(day: int | Days, *, workdays: Workdays) -> tuple[Days, Days]:
    """Settle an end that rolls over, whatever has been said of it, and counts."""
    days = np.atleast_1d(day)
    return settled(days, days, roll_low=1, roll_high=1, end_counts_low=1, end_counts_high=1, workdays=workdays)


def rolled(day: str) -> str:
    low, high = one(roll_over(epoch(day), workdays=COMPLETE))
    assert low == high
    return written(low)


# Worked examples. What a count without make-up days, or without holidays, would give stands beside each.

OFF = [
    festival.first + timedelta(days=passed)
    for year in YEARS
    for festival in year.festivals(known_on=date.max)
    for passed in range((festival.last - festival.first).days + 1)
]


@pytest.mark.parametrize(
    ("start", "end", "monday_to_friday", "without_makeup_days"),
    [
        ("2022-09-26", "2022-10-10", "2022-10-05", "2022-10-12"),
        ("2023-04-20", "2023-04-28", "2023-05-01", "2023-05-04"),
        ("2026-02-09", "2026-02-25", "2026-02-18", "2026-02-26"),
    ],
)
def test_seven_working_days_count_holidays_and_makeup_days(
    start: str,
    end: str,
    monday_to_friday: str,
    without_makeup_days: str,
) -> None:
    assert end_of(start, 7, Unit.WORKING_DAYS) == end
    assert str(np.busday_offset(date.fromisoformat(start), 7)) == monday_to_friday
    assert str(np.busday_offset(date.fromisoformat(start), 7, holidays=OFF)) == without_makeup_days


def test_thirty_days_that_end_in_national_day_roll_over_to_the_makeup_saturday() -> None:
    end = end_of("2022-09-02", 30, Unit.DAYS)
    assert end == "2022-10-02"
    assert rolled(end) == "2022-10-08"


def test_18_june_to_17_july_is_thirty_days_with_the_first_day_and_29_without() -> None:
    assert length("2021-06-18", "2021-07-17", Unit.DAYS, start_counts=True) == 30
    assert length("2021-06-18", "2021-07-17", Unit.DAYS) == 29


def test_the_thirtieth_day_after_18_june_is_a_sunday_and_rolls_over_to_monday() -> None:
    assert end_of("2021-06-18", 30, Unit.DAYS, start_counts=True) == "2021-07-17"
    assert end_of("2021-06-18", 30, Unit.DAYS) == "2021-07-18"
    assert rolled("2021-07-18") == "2021-07-19"


def test_twenty_working_days_after_18_march_2022_end_on_18_april() -> None:
    assert end_of("2022-03-18", 20, Unit.WORKING_DAYS) == "2022-04-18"
    assert str(np.busday_offset(date(2022, 3, 18), 20)) == "2022-04-15"


# Single rules.


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-15", 1, "2024-02-15"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2023-02-28", 1, "2023-03-28"),
        ("2023-08-31", 6, "2024-02-29"),
    ],
)
def test_a_month_ends_on_the_corresponding_date_or_the_last_day_of_the_month(
    start: str,
    months: int,
    end: str,
) -> None:
    assert end_of(start, months, Unit.MONTHS) == end


def test_a_year_from_29_february_ends_on_28_february() -> None:
    assert end_of("2024-02-29", 1, Unit.YEARS) == "2025-02-28"
    assert end_of("2024-02-29", 4, Unit.YEARS) == "2028-02-29"


def test_a_month_whose_start_counts_ends_one_day_earlier() -> None:
    assert end_of("2024-03-01", 1, Unit.MONTHS, start_counts=True) == "2024-03-31"


def test_a_start_that_counts_and_is_a_working_day_is_the_first_of_the_period() -> None:
    assert end_of("2024-03-01", 1, Unit.WORKING_DAYS, start_counts=True) == "2024-03-01"
    assert end_of("2024-03-02", 1, Unit.WORKING_DAYS, start_counts=True) == "2024-03-04"


def test_months_are_complete_from_corresponding_date_to_corresponding_date() -> None:
    assert length("2024-01-31", "2024-02-28", Unit.MONTHS) == 0
    assert length("2024-01-31", "2024-02-29", Unit.MONTHS) == 1
    assert length("2024-02-29", "2025-02-27", Unit.YEARS) == 0
    assert length("2024-02-29", "2025-02-28", Unit.YEARS) == 1


def test_an_end_that_does_not_count_is_taken_off() -> None:
    assert length("2024-03-01", "2024-03-08", Unit.DAYS, end_counts=False) == 6
    assert length("2024-03-01", "2024-03-08", Unit.WORKING_DAYS, end_counts=False) == 4
    assert length("2024-03-01", "2024-03-09", Unit.WORKING_DAYS, end_counts=False) == 5


def test_an_end_before_the_start_gives_a_negative_number() -> None:
    assert length("2024-03-08", "2024-03-01", Unit.DAYS) == -7
    assert length("2024-03-08", "2024-03-01", Unit.WORKING_DAYS) == -5
    assert length("2024-03-15", "2024-03-14", Unit.MONTHS) == -1


def test_no_period_of_a_plain_number_ends() -> None:
    with pytest.raises(NotAPeriodError, match="count") as refusal:
        period_end(0, 1, unit=Unit.COUNT, start_counts=0, workdays=COMPLETE)
    assert refusal.value.unit is Unit.COUNT


def test_no_plain_number_elapses() -> None:
    with pytest.raises(NotAPeriodError, match="count"):
        elapsed(0, 1, unit=Unit.COUNT, start_counts=0, end_counts=1, workdays=COMPLETE)


def test_rows_keep_their_own_amounts_and_methods() -> None:
    start = np.array([epoch("2022-09-26"), epoch("2023-04-20"), epoch("2023-04-20")])
    low, high = period_end(
        start,
        np.array([7, 7, 6]),
        unit=Unit.WORKING_DAYS,
        start_counts=np.array([False, False, True]),
        workdays=COMPLETE,
    )
    assert [written(int(day)) for day in low] == ["2022-10-10", "2023-04-28", "2023-04-26"]
    assert np.array_equal(low, high)


def test_a_number_holds_for_every_row() -> None:
    start = np.array([epoch("2024-03-01"), epoch("2024-03-02")])
    low, _ = period_end(start, 30, unit=Unit.DAYS, start_counts=0, workdays=COMPLETE)
    assert (low - start).tolist() == [30, 30]


# Edges of what is known.


def test_an_end_beyond_the_horizon_lies_somewhere_after_it() -> None:
    answer = period_end(
        epoch("2026-12-25"),
        7,
        unit=Unit.WORKING_DAYS,
        start_counts=0,
        workdays=COMPLETE,
    )
    assert one(answer) == (epoch("2027-01-01"), FAR)


def test_the_last_working_day_before_the_horizon_is_still_known() -> None:
    assert end_of("2026-12-25", 4, Unit.WORKING_DAYS) == "2026-12-31"


def test_a_start_beyond_the_horizon_ends_no_earlier_than_it_starts() -> None:
    start = epoch("2027-02-01")
    answer = period_end(start, 7, unit=Unit.WORKING_DAYS, start_counts=0, workdays=COMPLETE)
    assert one(answer) == (start, FAR)


def test_a_start_before_the_first_day_known_says_nothing_of_the_end() -> None:
    start = epoch("2018-12-31")
    answer = period_end(start, 7, unit=Unit.WORKING_DAYS, start_counts=0, workdays=COMPLETE)
    assert one(answer) == (LONG_AGO, FAR)


def test_calendar_days_and_months_know_no_horizon() -> None:
    assert end_of("2026-12-25", 30, Unit.DAYS) == "2027-01-24"
    assert end_of("2026-12-25", 3, Unit.MONTHS) == "2027-03-25"


def test_a_weekend_at_the_horizon_rolls_over_to_somewhere_beyond_it() -> None:
    assert one(roll_over(epoch("2022-12-31"), workdays=workdays(YEARS[:4], known_on=date(2022, 12, 7)))) == (
        epoch("2023-01-01"),
        FAR,
    )


def test_a_day_outside_the_calendar_rolls_over_to_itself_or_later() -> None:
    low, high = roll_over(np.array([epoch("2018-12-31"), epoch("2027-01-04")]), workdays=COMPLETE)
    assert low.tolist() == [epoch("2018-12-31"), epoch("2027-01-04")]
    assert high.tolist() == [FAR, FAR]


def test_each_day_beyond_the_horizon_may_or_may_not_be_a_working_day() -> None:
    answer = elapsed(
        epoch("2026-12-25"),
        epoch("2027-01-03"),
        unit=Unit.WORKING_DAYS,
        start_counts=0,
        end_counts=1,
        workdays=COMPLETE,
    )
    assert one(answer) == (4, 7)


@pytest.mark.parametrize("unit", [Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.YEARS])
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (19_000, FAR, (0, FAR)),
        (LONG_AGO, 19_000, (0, FAR)),
        (LONG_AGO, FAR, (0, FAR)),
        (FAR, 19_000, (LONG_AGO, 0)),
        (19_000, LONG_AGO, (LONG_AGO, 0)),
        (FAR, FAR, (LONG_AGO, FAR)),
        (LONG_AGO, LONG_AGO, (LONG_AGO, FAR)),
        (FAR + 400, FAR, (LONG_AGO, FAR)),
    ],
)
def test_between_days_without_limit_lies_an_interval_without_limit(
    unit: Unit,
    start: int,
    end: int,
    expected: tuple[int, int],
) -> None:
    answer = elapsed(start, end, unit=unit, start_counts=0, end_counts=1, workdays=COMPLETE)
    assert one(answer) == expected


@pytest.mark.parametrize("unit", [Unit.DAYS, Unit.MONTHS, Unit.YEARS])
@pytest.mark.parametrize("start", [LONG_AGO - 400, LONG_AGO, FAR, FAR + 400])
def test_a_start_without_limit_has_an_end_without_limit(unit: Unit, start: int) -> None:
    answer = period_end(start, 3, unit=unit, start_counts=1, workdays=COMPLETE)
    assert one(answer) == ((FAR, FAR) if start > 0 else (LONG_AGO, LONG_AGO))


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
def test_a_start_without_limit_has_no_known_end_in_working_days(calendar: Workdays) -> None:
    starts = np.array([-(2**61), LONG_AGO - 1, LONG_AGO, FAR, FAR + 1, 2**61])
    low, high = period_end(starts, 7, unit=Unit.WORKING_DAYS, start_counts=0, workdays=calendar)
    assert low.tolist() == [LONG_AGO] * 3 + [FAR] * 3
    assert high.tolist() == [FAR] * 6


# A day-by-day count in plain Python, against which the columns are held.


@dataclass(frozen=True)
class Oracle:
    """Counts by walking from day to day, with the calendar as a set of working days."""

    first: int
    last: int
    worked: frozenset[int]

    @classmethod
    def of(cls, calendar: Workdays) -> "Oracle":
        days = np.arange(calendar.first, calendar.last + 1)
        return cls(calendar.first, calendar.last, frozenset(days[calendar.is_workday(days)].tolist()))

    def knows(self, day: int) -> bool:
        return self.first <= day <= self.last

    def working_day_end(self, start: int, amount: int, *, start_counts: bool) -> tuple[int, int]:
        if start < self.first:
            return LONG_AGO, FAR
        if start > self.last:
            return min(start, FAR), FAR
        if amount == 0:
            return self.last_counted(start - start_counts)
        left = amount
        for day in count(start if start_counts else start + 1):
            if not self.knows(day):
                return day, FAR
            left -= day in self.worked
            if left == 0:
                return day, day
        raise AssertionError

    def last_counted(self, day: int) -> tuple[int, int]:
        while self.knows(day):
            if day in self.worked:
                return day, day
            day -= 1
        return LONG_AGO, FAR

    def rolled(self, day: int) -> tuple[int, int]:
        while self.knows(day):
            if day in self.worked:
                return day, day
            day += 1
        return max(min(day, FAR), LONG_AGO), FAR

    def working_days(self, start: int, end: int, *, start_counts: bool, end_counts: bool) -> tuple[int, int]:
        before, through = start - start_counts, end - (not end_counts)
        passed = range(before + 1, through + 1) if before <= through else range(through + 1, before + 1)
        known = sum(day in self.worked for day in passed)
        possible = sum(day in self.worked or not self.knows(day) for day in passed)
        return (known, possible) if before <= through else (-possible, -known)


ORACLES = {name: Oracle.of(calendar) for name, calendar in CALENDARS.items()}


def month_later(start: int, months: int) -> int:
    """Go on month by month to the corresponding date, or the last day of that month."""
    day = EPOCH + timedelta(days=start)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return (date(year, month + 1, min(day.day, last)) - EPOCH).days


def months_in(unit: Unit) -> int:
    return 12 if unit is Unit.YEARS else 1


NEAR = st.one_of(
    st.integers(epoch("2018-12-01"), epoch("2027-02-01")),
    *(st.integers(edge - 40, edge + 40) for calendar in (COMPLETE, SHORT) for edge in (calendar.first, calendar.last)),
    st.integers(-40, 40),
)
WITHOUT_LIMIT = st.one_of(
    st.integers(FAR, FAR + 40),
    st.integers(LONG_AGO - 40, LONG_AGO),
    st.sampled_from([-(2**61), 2**61]),
)
FLAG = st.booleans()
NAMES = st.sampled_from(sorted(CALENDARS))
ROW = st.tuples(st.one_of(NEAR, NEAR, WITHOUT_LIMIT), st.integers(0, 600), FLAG)
MANY = settings(deadline=None, max_examples=300)


def held(answer: tuple[Days, Days], expected: list[tuple[int, int]]) -> None:
    low, high = answer
    assert list(zip(low.tolist(), high.tolist(), strict=True)) == expected


def columns(rows: list[tuple[int, int, bool]]) -> tuple[Days, Days, Days]:
    starts, amounts, flags = zip(*rows, strict=True)
    return np.array(starts), np.array(amounts), np.array(flags, dtype=np.int64)


@given(NAMES, st.lists(ROW, min_size=1, max_size=5))
@MANY
@example("complete", [(epoch("2019-01-01"), 0, True)])
@example("complete", [(epoch("2026-12-31"), 1, True)])
@example("complete", [(epoch("2027-01-01"), 0, True)])
@example("empty", [(epoch("2024-01-01"), 1, False)])
def test_working_day_periods_end_where_a_walk_from_day_to_day_ends(
    name: str,
    rows: list[tuple[int, int, bool]],
) -> None:
    starts, amounts, flags = columns(rows)
    held(
        period_end(
            starts,
            amounts,
            unit=Unit.WORKING_DAYS,
            start_counts=flags,
            workdays=CALENDARS[name],
        ),
        [ORACLES[name].working_day_end(start, amount, start_counts=flag) for start, amount, flag in rows],
    )


@given(NAMES, st.lists(st.one_of(NEAR, WITHOUT_LIMIT), min_size=1, max_size=5))
@MANY
def test_days_roll_over_to_where_a_walk_from_day_to_day_ends(name: str, days: list[int]) -> None:
    held(
        roll_over(np.array(days), workdays=CALENDARS[name]),
        [ORACLES[name].rolled(day) for day in days],
    )


@given(st.lists(ROW, min_size=1, max_size=5))
@MANY
def test_day_periods_end_as_many_days_later(rows: list[tuple[int, int, bool]]) -> None:
    starts, amounts, flags = columns(rows)
    expected = [start + amount - flag if LONG_AGO < start < FAR else limit_of(start) for start, amount, flag in rows]
    held(
        period_end(starts, amounts, unit=Unit.DAYS, start_counts=flags, workdays=EMPTY),
        [(end, end) for end in expected],
    )


def limit_of(day: int) -> int:
    return FAR if day > 0 else LONG_AGO


@given(st.sampled_from([Unit.MONTHS, Unit.YEARS]), st.lists(ROW, min_size=1, max_size=5))
@MANY
def test_month_and_year_periods_end_on_the_corresponding_date(
    unit: Unit,
    rows: list[tuple[int, int, bool]],
) -> None:
    starts, amounts, flags = columns(rows)
    expected = [
        month_later(start, amount * months_in(unit)) - flag if LONG_AGO < start < FAR else limit_of(start)
        for start, amount, flag in rows
    ]
    held(
        period_end(starts, amounts, unit=unit, start_counts=flags, workdays=EMPTY),
        [(end, end) for end in expected],
    )


SPAN = st.tuples(NEAR, st.integers(-500, 900), FLAG, FLAG)


@given(NAMES, st.lists(SPAN, min_size=1, max_size=4))
@MANY
def test_working_days_between_two_days_are_those_a_walk_meets(
    name: str,
    spans: list[tuple[int, int, bool, bool]],
) -> None:
    held(
        counted(spans, Unit.WORKING_DAYS, CALENDARS[name]),
        [
            ORACLES[name].working_days(start, start + passed, start_counts=first, end_counts=last)
            for start, passed, first, last in spans
        ],
    )


@given(st.lists(SPAN, min_size=1, max_size=4))
@MANY
def test_days_between_two_days_are_the_difference_and_what_counts(
    spans: list[tuple[int, int, bool, bool]],
) -> None:
    expected = [passed + first + last - 1 for _, passed, first, last in spans]
    held(counted(spans, Unit.DAYS, EMPTY), [(days, days) for days in expected])


@given(st.sampled_from([Unit.MONTHS, Unit.YEARS]), st.lists(SPAN, min_size=1, max_size=4))
@MANY
def test_months_and_years_between_two_days_are_the_most_that_are_complete(
    unit: Unit,
    spans: list[tuple[int, int, bool, bool]],
) -> None:
    def complete(start: int, passed: int, *, first: bool, last: bool) -> int:
        through = start + passed - (not last)
        amount = 100
        while month_later(start, amount * months_in(unit)) - first > through:
            amount -= 1
        return amount

    expected = [complete(start, passed, first=first, last=last) for start, passed, first, last in spans]
    held(counted(spans, unit, EMPTY), [(months, months) for months in expected])


@given(
    st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.YEARS]),
    st.integers(COMPLETE.first, COMPLETE.last - 700),
    st.integers(1, 300),
    st.integers(-40, 700),
    FLAG,
)
@MANY
def test_an_amount_has_elapsed_exactly_when_its_period_has_ended(
    unit: Unit,
    start: int,
    amount: int,
    passed: int,
    flag: bool,  # noqa: FBT001 - drawn by position
) -> None:
    ended, _ = one(period_end(start, amount, unit=unit, start_counts=flag, workdays=COMPLETE))
    low, _ = one(
        elapsed(start, start + passed, unit=unit, start_counts=flag, end_counts=1, workdays=COMPLETE),
    )
    assert (low >= amount) == (ended <= start + passed)


ANY_DAY = st.one_of(NEAR, WITHOUT_LIMIT)
ANSWERS: list[Callable[[int, int, int, bool, Unit, Workdays], tuple[Days, Days]]] = [
    lambda start, _, amount, flag, unit, calendar: period_end(
        start, amount, unit=unit, start_counts=flag, workdays=calendar
    ),
    lambda start, end, _, flag, unit, calendar: elapsed(
        start, end, unit=unit, start_counts=flag, end_counts=not flag, workdays=calendar
    ),
    lambda start, _, __, ___, ____, calendar: roll_over(start, workdays=calendar),
]


@given(
    st.sampled_from(ANSWERS),
    NAMES,
    st.sampled_from([Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.YEARS]),
    st.tuples(ANY_DAY, ANY_DAY, st.integers(0, 3_000_000), FLAG),
)
@MANY
def test_no_answer_leaves_the_limits_or_is_turned_round(
    answer: Callable[[int, int, int, bool, Unit, Workdays], tuple[Days, Days]],
    name: str,
    unit: Unit,
    row: tuple[int, int, int, bool],
) -> None:
    low, high = one(answer(*row, unit, CALENDARS[name]))
    assert LONG_AGO <= low <= high <= FAR


def counted(spans: list[tuple[int, int, bool, bool]], unit: Unit, calendar: Workdays) -> tuple[Days, Days]:
    starts, passed, firsts, lasts = (np.array(column, dtype=np.int64) for column in zip(*spans, strict=True))
    return elapsed(
        starts,
        starts + passed,
        unit=unit,
        start_counts=firsts,
        end_counts=lasts,
        workdays=calendar,
    )
