from zoneinfo import ZoneInfo

import pytest

from api.eventlogs.times import UNKNOWN, Clock

SHANGHAI, AMSTERDAM = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Amsterdam")


def _read(text: str, *, zone: ZoneInfo = SHANGHAI, unzoned: ZoneInfo | None = None, written: str | None = None) -> str:
    stamp = Clock(zone, unzoned or zone, written).stamp(text)
    assert stamp is not None
    return stamp.text


@pytest.mark.parametrize(
    ("text", "zone", "local"),
    [
        ("2024-03-01T23:30:00+00:00", SHANGHAI, "2024-03-02T07:30"),
        ("2024-03-01T16:00:00Z", SHANGHAI, "2024-03-02T00:00"),
        ("2024-03-01T15:59:59.999Z", SHANGHAI, "2024-03-01T23:59"),
        ("2011-10-11 13:42:22.688000+02:00", AMSTERDAM, "2011-10-11T13:42"),
        ("2011-12-06 13:41:31.788000+01:00", AMSTERDAM, "2011-12-06T13:41"),
        ("2011-10-11T23:30:00Z", AMSTERDAM, "2011-10-12T01:30"),
    ],
)
def test_a_zoned_timestamp_lands_on_the_day_of_the_zone(text: str, zone: ZoneInfo, local: str) -> None:
    assert _read(text, zone=zone) == local


def test_an_unzoned_timestamp_is_of_the_zone_named_for_such() -> None:
    assert _read("2024-03-01T23:30", unzoned=ZoneInfo("UTC")) == "2024-03-02T07:30"
    assert _read("2024-03-01T23:30") == "2024-03-01T23:30"


@pytest.mark.parametrize("text", ["2024-03-01", "2024-03", "2024-Q1", "2024"])
def test_what_has_no_time_of_day_is_no_more_exact_than_it_is_written(text: str) -> None:
    assert _read(text, zone=AMSTERDAM) == text


def test_a_form_that_is_named_is_read() -> None:
    assert _read("01.03.2024 09:30", written="%d.%m.%Y %H:%M") == "2024-03-01T09:30"


@pytest.mark.parametrize("text", ["", "soon", "2024-02-30", "2024-02-30T10:00", "2024-13", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time_is_not_read(text: str) -> None:
    assert Clock(SHANGHAI, SHANGHAI).stamp(text) is None


def test_what_took_place_at_an_unknown_time_comes_first() -> None:
    assert Clock(SHANGHAI, SHANGHAI).stamp("unknown") == UNKNOWN
