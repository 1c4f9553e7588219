"""Which unit leads on a day, and by which day the name of a unit is understood."""

from datetime import date
from typing import Any

import pytest

from api.records.errors import LeadUnclearError
from api.records.tables import RecordUnit
from api.records.units import lead_of, unit_rows
from engine.record import DecisionRecord
from engine.vocabulary import UnitRole

DAY = date(2026, 6, 30)


def record(*units: dict[str, Any]) -> DecisionRecord:
    fields = {"id": "a", "title": "made up", "jurisdiction": "CN", "organ": "made up", "organ_level": "county"}
    return DecisionRecord.model_validate({**fields, "units": list(units)})


def lead(name: str, **days: str) -> dict[str, Any]:
    return {"name": name, "role": "lead", **days}


@pytest.mark.parametrize(
    ("units", "name"),
    [
        ([lead("甲")], "甲"),
        ([lead("甲", until="2026-06-30"), lead("乙", since="2026-07-01")], "甲"),
        ([lead("甲", until="2026-06-29"), lead("乙", since="2026-06-30")], "乙"),
        ([lead("甲", until="2024"), lead("乙", until="2025")], "乙"),
        ([lead("甲", until="2026-06"), {"name": "乙", "role": "joint"}], "甲"),
        ([lead("甲", since="unknown")], "甲"),
        ([lead("甲", until="2026-01-31"), lead("甲", since="2026-02-01")], "甲"),
    ],
)
def test_the_lead_is_whoever_has_it_on_the_day_or_had_it_last(units: list[dict[str, Any]], name: str) -> None:
    assert lead_of(record(*units), on=DAY) == name


@pytest.mark.parametrize(
    "units",
    [
        [],
        [{"name": "甲", "role": "joint"}],
        [lead("甲"), lead("乙")],
        [lead("甲", until="2026-06"), lead("乙", since="2026-06")],
        [lead("甲", since="2026-07-01")],
    ],
)
def test_where_nobody_or_more_than_one_leads_it_is_told(units: list[dict[str, Any]]) -> None:
    with pytest.raises(LeadUnclearError):
        lead_of(record(*units), on=DAY)


def test_a_name_is_understood_by_the_day_on_which_it_came_on_record() -> None:
    before = [
        RecordUnit(
            record="a", place=0, name="甲", role=UnitRole.LEAD, since=None, until=None, named_on=date(2020, 1, 1)
        )
    ]
    rows = unit_rows(
        record(
            {"name": "乙", "role": "joint", "since": "2021-05", "until": "2022"},
            lead("甲"),
            {"name": "甲", "role": "joint"},
            {"name": "丙", "role": "consulted", "since": "unknown"},
        ),
        key="a",
        before=before,
        on=DAY,
    )
    assert [(row.name, row.named_on, row.since, row.until) for row in rows] == [
        ("乙", date(2021, 5, 1), date(2021, 5, 1), date(2022, 12, 31)),
        ("甲", date(2020, 1, 1), None, None),
        ("甲", DAY, None, None),
        ("丙", DAY, None, None),
    ]
