"""To which month a record belongs, and whether anything can still change while nobody touches it."""

from datetime import date
from typing import Any

import pytest

from api.judging.standing import is_settled, period
from engine.evaluation.assess import assess
from engine.evaluation.compiled import CompiledRulebook
from tests.conftest import KNOWN_AT, build

DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({}, DAY),
        ({"decision": {"decided": "2024-03-20"}}, date(2024, 3, 20)),
        ({"decision": {"decided": "2024-03"}}, date(2024, 3, 1)),
        ({"decision": {"decided": "unknown"}}, DAY),
        ({"decision": {"decided": {"planned": "2024-03-20"}}}, DAY),
        ({"decision": {"decided": "2026-07-20"}}, DAY),
        ({"decision": [{"decided": "2024-05-20"}, {"decided": "2024-03-20"}]}, date(2024, 3, 20)),
        ({"decision": [{"decided": "2024-05-20"}, {"decided": "2024-03-20", "void": True}]}, date(2024, 5, 20)),
        ({"outcome": {"kind": "withdrawn", "on": "2024-04-02", "reason": "made up"}}, date(2024, 4, 2)),
        ({"outcome": {"kind": "withdrawn", "on": "2026-08-02", "reason": "made up"}}, DAY),
    ],
)
def test_the_period_is_the_day_of_deliberation_or_of_the_outcome_or_the_day_asked_for(
    permit: CompiledRulebook, fields: dict[str, Any], day: date
) -> None:
    assert period(build(permit, **fields), permit.procedure, as_of=DAY) == day


ENDED = {"outcome": {"kind": "decided", "on": "2024-03-20"}}


@pytest.mark.parametrize(
    ("fields", "settled"),
    [
        ({}, False),
        (ENDED, True),
        (
            ENDED | {"notice": {"opened": "2024-03-01", "closed": "2024-03-05"}, "decision": {"decided": "2024-03-20"}},
            True,
        ),
        (ENDED | {"application": {"received": "2024-03-01"}}, False),
        (ENDED | {"notice": {"opened": "2024-03-01", "closed": {"announced": "2026-08-01"}}}, False),
        ({"outcome": {"kind": "decided", "on": "2026-07-20"}}, False),
        ({"decision": {"decided": "2024-03-20"}}, False),
    ],
)
def test_a_record_is_settled_once_nothing_can_change_by_itself(
    permit: CompiledRulebook, fields: dict[str, Any], *, settled: bool
) -> None:
    record = build(permit, **fields)
    assessment = assess(record, permit, as_of=DAY, known_at=KNOWN_AT, decided_by="sweep")
    assert is_settled(record, assessment) is settled
