"""Moments are read as intervals of minutes, as exact as they are written and no more."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from engine.calendar.moment import LONG_AGO, MINUTES_PER_DAY, NEVER, KnownTime, Moment, MomentField, epoch_day, moment

TIME: TypeAdapter[object] = TypeAdapter(KnownTime)
FIELD: TypeAdapter[Moment] = TypeAdapter(MomentField)


def days(found: Moment) -> tuple[int, int]:
    return found.lo // MINUTES_PER_DAY, found.hi // MINUTES_PER_DAY


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_a_moment_is_as_wide_as_it_is_written(text: str, first: date, last: date) -> None:
    found = moment(text)
    assert days(found) == (epoch_day(first), epoch_day(last))
    assert (found.lo % MINUTES_PER_DAY, found.hi % MINUTES_PER_DAY) == (0, MINUTES_PER_DAY - 1)
    assert str(found) == text


def test_a_time_of_day_is_one_minute() -> None:
    found = moment("2024-03-01T09:30")
    assert found.lo == found.hi == epoch_day(date(2024, 3, 1)) * MINUTES_PER_DAY + 9 * 60 + 30


def test_the_end_of_a_day_may_be_written_as_24_hours() -> None:
    assert moment("2024-03-01T24:00").lo == moment("2024-03-02T00:00").lo


def test_a_zoned_time_lands_on_the_local_day() -> None:
    assert moment("2024-03-01T23:30Z").lo == moment("2024-03-02T07:30").lo


def test_an_unknown_moment_took_place_at_any_time() -> None:
    assert (moment("unknown").lo, moment("unknown").hi) == (LONG_AGO, NEVER)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("2024-02-30", "no_such_day"),
        ("2023-02-29", "no_such_day"),
        ("2024-13", "no_such_day"),
        ("2024-03-01T25:00", "no_such_day"),
        ("0000-01-01", "no_such_day"),
        ("9999-12", "no_such_day"),
        ("spring", "not_a_moment"),
        ("2024/03/01", "not_a_moment"),
        ("2024-3-1", "not_a_moment"),
        ("2024-03-01 or so", "not_a_moment"),
        (True, "wrong_type"),
        (None, "wrong_type"),
        ([2024], "wrong_type"),
    ],
)
def test_what_is_no_moment_is_refused_with_a_code(given: object, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        FIELD.validate_python(given)
    assert caught.value.errors()[0]["ctx"]["code"] == code


def test_a_known_at_day_is_its_last_second_in_shanghai() -> None:
    assert str(TIME.validate_python("2024-03-01")) == "2024-03-01 15:59:59+00:00"
    assert TIME.validate_python("2024-03-01T09:30") == TIME.validate_python("2024-03-01T01:30Z")
