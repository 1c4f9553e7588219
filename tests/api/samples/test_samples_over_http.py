"""Samples over HTTP: of the records that a summary counts, the same for the same seed."""

import csv
import io

import pytest

from tests.api.summaries.year import Year, answer

SAMPLES = "/api/v1/samples"
AS_OF = "2026-03-31"


def test_the_same_question_and_seed_draw_the_same(year: Year) -> None:
    first, again, other = (
        [row["id"] for row in answer(year.auditor, SAMPLES, as_of=AS_OF, size=5, seed=seed)["items"]]
        for seed in ("7", "7", "8")
    )
    assert first == again != other
    assert len(set(first)) == 5


@pytest.mark.parametrize("by", ["unit", "month", "class", "flags"])
def test_strata_tell_how_many_they_have_and_how_many_were_drawn(year: Year, by: str) -> None:
    found = answer(year.auditor, SAMPLES, as_of=AS_OF, size=2, by=by)
    assert sum(stratum["records"] for stratum in found["strata"]) == year.summary(as_of=AS_OF)["total"]["records"]
    assert all(stratum["drawn"] == min(2, stratum["records"]) for stratum in found["strata"])
    assert len(found["items"]) == sum(stratum["drawn"] for stratum in found["strata"])


def test_strata_of_months_are_as_large_as_the_summary_says(year: Year) -> None:
    found = answer(year.auditor, SAMPLES, as_of=AS_OF, by="month")
    summary = year.summary(as_of=AS_OF, by="month")
    assert {stratum["key"]: stratum["records"] for stratum in found["strata"]} == {
        row["group"][0]["key"]: row["records"] for row in summary["items"]
    }


def test_strata_of_flags_are_as_large_as_the_summary_says(year: Year) -> None:
    strata = {one["key"]: one["records"] for one in answer(year.auditor, SAMPLES, as_of=AS_OF, by="flags")["strata"]}
    total = year.summary(as_of=AS_OF)["total"]
    assert strata["flagged"] == total["flagged"]
    assert strata["questioned"] == total["compliant_with_questions"]


def test_filters_narrow_down_what_is_drawn_from(year: Year) -> None:
    found = answer(year.auditor, SAMPLES, as_of=AS_OF, size=500, month="2025-08")
    assert [one["records"] for one in found["strata"]] == [7]
    assert {row["day"][:7] for row in found["items"]} == {"2025-08"}


def test_a_table_holds_the_sample_with_its_seed_and_what_it_rests_on(year: Year) -> None:
    given = year.auditor.get(SAMPLES, params={"as_of": AS_OF, "size": 3, "seed": "7", "format": "csv"})
    rows = list(csv.reader(io.StringIO(given.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:4]] == [
        row["key"] for row in answer(year.auditor, SAMPLES, as_of=AS_OF, size=3, seed="7")["items"]
    ]
    assert any("seed 7" in cell for row in rows for cell in row)


def test_a_department_draws_no_samples(year: Year) -> None:
    assert next(iter(year.units.values())).get(SAMPLES).status_code == 403
