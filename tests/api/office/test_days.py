"""Days as people write them: read where there is one reading, else left for the reader of moments to refuse."""

from datetime import date, datetime

import pytest

from api.office.days import moment_of, moment_text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024年3月1日", "2024-03-01"),
        ("2024年3月", "2024-03"),
        ("2024年", "2024"),
        ("2024年第三季度", "2024-Q3"),
        ("2024年3季度", "2024-Q3"),
        ("２０２４－０３－０１", "2024-03-01"),
        ("2024/3/1", "2024-03-01"),
        ("2024.3.1", "2024-03-01"),
        ("2024年3月1日9时30分", "2024-03-01T09:30"),
        ("2024-3-1 9:30", "2024-03-01T09:30"),
        ("日期不明", "unknown"),
        (" 2024-03-01\u3000", "2024-03-01"),
    ],
)
def test_a_day_with_one_reading_is_written_as_records_have_it(written: str, meant: str) -> None:
    assert moment_text(written) == meant


@pytest.mark.parametrize(
    "written", ["3/1/2024", "2024.1", "2024年3月上旬", "45352", "2024年3-1", "2024年3月1日下午3时"]
)
def test_a_day_with_several_readings_stays_as_it_is(written: str) -> None:
    assert moment_text(written) == written


def test_a_day_of_a_cell_is_a_day_and_a_time_is_told_to_the_minute() -> None:
    assert moment_of(date(2024, 3, 1)) == "2024-03-01"
    assert moment_of(datetime(2024, 3, 1, 9, 29, 59, 999000)) == "2024-03-01T09:30"  # noqa: DTZ001 - as cells are
