"""Values are written in one way only, so that equal values have equal digests."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from api.store.tables import KeptAnswer, TrailEntry
from api.store.types import JSON, NaiveTimeError, canonical_json, digest_of, utc_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, 1.5]}, '{"a":[true,null,1.5],"b":1}'),
        ({"文": "循程😀"}, '{"文":"循程😀"}'),
        ("\u0000\n\u2028", '"\\u0000\\n\u2028"'),
        ({}, "{}"),
    ],
)
def test_json_is_written_in_one_way(value: JSON, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_of_json_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"a": number})


def test_a_digest_is_of_the_text_in_utf_8() -> None:
    assert digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (datetime(2026, 6, 30, 8, 0, tzinfo=UTC), "2026-06-30T08:00:00.000000Z"),
        (datetime(2026, 6, 30, 8, 0, 0, 1, tzinfo=timezone(timedelta(hours=8))), "2026-06-30T00:00:00.000001Z"),
        (datetime(999, 1, 1, tzinfo=UTC), "0999-01-01T00:00:00.000000Z"),
    ],
)
def test_equal_times_are_equal_texts(time: datetime, text: str) -> None:
    assert utc_text(time) == text


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTimeError, match="2026-06-30"):
        utc_text(datetime(2026, 6, 30))  # noqa: DTZ001 - on purpose


def test_tables_are_named_after_their_classes() -> None:
    assert (TrailEntry.__tablename__, KeptAnswer.__tablename__) == ("trail_entry", "kept_answer")
