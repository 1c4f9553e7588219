"""Summaries of the made-up district's year, counted by hand from its files."""

import csv
import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from api.summaries.models import Figure
from tests.api.summaries.year import SUMMARIES, Year, answer

AS_OF = "2026-03-31"
BEFORE = "2025-08-22"
"""The day on which the produce market was decided; the sewage plant comes six days later."""

# By month of deliberation, else of the outcome, else of the as-of day: records, those with a flag, flags, questions.
# Public data is decided in 2027, so that it belongs to the as-of day.
MONTHS = {
    "2025-03": (1, 0, 0, 0),  # water source
    "2025-05": (1, 0, 0, 0),  # canteens, merged
    "2025-07": (2, 0, 0, 0),  # tourist centre, withdrawn; flood evacuation, outside the procedure
    "2025-08": (7, 3, 9, 3),  # elderly care, school zones, sewage plant 3, parking fees 4, market 2, town, forest
    "2025-09": (1, 1, 1, 0),  # town market days
    "2025-10": (1, 1, 7, 0),  # industry fund
    "2025-11": (1, 0, 0, 0),  # winter heating
    "2026-03": (1, 0, 0, 4),  # public data
}
# On the earlier day three matters have been decided in August and one was deferred; seven are under way.
MONTHS_BEFORE = {"2025-03": (1, 0), "2025-05": (1, 0), "2025-07": (2, 0), "2025-08": (11, 3)}

# The legality review before the meeting: satisfied, violated, pending, undetermined, not applicable.
REVIEWED_BEFORE = (5, 0, 5, 1, 4)
REVIEWED = (6, 3, 1, 1, 4)
VERDICTS = ("satisfied", "violated", "pending", "undetermined", "not_applicable")

LED_TWICE = {"云岭县民政局(虚构)": 2, "云岭县发展和改革委员会(虚构)": 2}


def figures(row: dict[str, Any], *names: str) -> tuple[int, ...]:
    return tuple(row[name] for name in names)


def named(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["group"][0]["key"]: row for row in rows}


def test_by_month_of_deliberation_as_of_the_end_of_the_year_after(year: Year) -> None:
    found = year.summary(as_of=AS_OF, by="month")
    assert {
        month: figures(row, "records", "flagged", "flags", "questions") for month, row in named(found["items"]).items()
    } == MONTHS
    assert list(named(found["items"])) == sorted(MONTHS)
    assert figures(found["total"], "records", "flagged", "flags", "questions", "notices") == (15, 5, 17, 7, 6)
    assert figures(found["total"], "compliant", "compliant_with_questions") == (10, 2)
    assert found["basis"]["judged_anew"] == 15


def test_by_month_on_a_day_when_half_of_the_matters_were_under_way(year: Year) -> None:
    found = year.summary(as_of=BEFORE, by="month")
    assert {month: figures(row, "records", "flagged") for month, row in named(found["items"]).items()} == MONTHS_BEFORE
    assert found["total"]["flags"] == 6


@pytest.mark.parametrize(("as_of", "expected"), [(BEFORE, REVIEWED_BEFORE), (AS_OF, REVIEWED)])
def test_the_compliance_rate_of_a_card_leaves_out_all_but_satisfied_and_violated(
    year: Year, as_of: str, expected: tuple[int, ...]
) -> None:
    row = named(year.summary(as_of=as_of, by="card")["items"])["NR-25a"]
    satisfied, violated = expected[:2]
    assert figures(row, *VERDICTS) == expected
    assert row["rate"] == {
        "numerator": satisfied,
        "denominator": satisfied + violated,
        "value": satisfied / (satisfied + violated),
    }
    assert row["group"][0]["title"]["en"] == "The draft is reviewed for legality before it goes to discussion"


def test_what_a_statutory_exception_allows_is_counted_apart(year: Year) -> None:
    row = named(year.summary(as_of=AS_OF, by="card")["items"])["NR-15b"]
    assert figures(row, "satisfied", "violated", "by_exception", "undetermined", "doubts_of_rules") == (8, 1, 1, 2, 1)
    assert row["rate"]["denominator"] == 9


def test_of_a_notice_verdicts_are_counted_and_there_is_no_rate(year: Year) -> None:
    row = named(year.summary(as_of=AS_OF, by="card")["items"])["NR-03e2"]
    assert row["rate"] is None
    assert row["notices"] == row["violated"] + row["undetermined"] - row["doubts_of_rules"] == 3
    assert figures(row, "flags", "questions", "flagged") == (0, 0, 0)


def test_by_unit_a_unit_that_leads_two_matters_stands_once(year: Year) -> None:
    found = year.summary(as_of=AS_OF, by="unit")
    records = {row["group"][0]["title"]["zh"]: row["records"] for row in found["items"]}
    assert records == dict.fromkeys(year.units, 1) | LED_TWICE
    assert sum(records.values()) == 15


def test_by_level_the_township_stands_apart(year: Year) -> None:
    found = year.summary(as_of=AS_OF, by="level")
    assert {level: figures(row, "records", "flags") for level, row in named(found["items"]).items()} == {
        "county": (14, 16),
        "township": (1, 1),
    }


def test_by_unit_and_step_a_flag_stands_with_the_unit_and_the_step(year: Year) -> None:
    found = year.summary(as_of=AS_OF, by=["step", "unit"], unit="云岭县财政局(虚构)")
    flags = {row["group"][0]["key"]: row["flags"] for row in found["items"] if row["flags"]}
    assert flags["legality_review"] == 1
    assert sum(flags.values()) == found["total"]["flags"] == 7
    assert {row["group"][1]["title"]["zh"] for row in found["items"]} == {"云岭县财政局(虚构)"}


@pytest.mark.parametrize(
    ("filters", "records", "flags"),
    [
        ({"from": "2025-08-20", "to": "2025-08-22"}, 2, 6),
        ({"from": "2025-09-09"}, 4, 8),
        ({"to": "2025-05-12"}, 2, 0),
        ({"month": "2025-10"}, 1, 7),
        ({"jurisdiction": "CN"}, 15, 17),
        ({"within": "CN"}, 15, 17),
        ({"within": "CN-31"}, 0, 0),
        ({"level": "township"}, 1, 1),
        ({"unit": "云岭县财政局(虚构)"}, 1, 7),
        ({"step": "legality_review"}, 15, 3),
        ({"card": "NR-15b"}, 15, 1),
        ({"procedure": "major_decision"}, 15, 17),
        ({"procedure": "normative_document"}, 0, 0),
    ],
)
def test_filters_leave_out_what_is_not_asked_about(
    year: Year, filters: dict[str, str], records: int, flags: int
) -> None:
    total = answer(year.auditor, SUMMARIES, as_of=AS_OF, **filters)["total"]
    assert figures(total, "records", "flags") == (records, flags)


@pytest.mark.parametrize("query", [{"as_of": AS_OF}, {"as_of": BEFORE, "step": "public_comment"}, {}])
def test_behind_every_figure_stand_the_records_that_it_counts(year: Year, query: dict[str, str]) -> None:
    total = year.summary(**query)["total"]
    for figure in Figure:
        found = answer(year.auditor, f"{SUMMARIES}/records", figure=figure, limit=500, **query)
        cards = sum(len(row["cards"]) for row in found["items"])
        assert (cards or len(found["items"])) == total[figure] == found["counted"], figure
        assert found["records"] == len(found["items"])
    both = answer(year.auditor, f"{SUMMARIES}/records", figure=["satisfied", "violated"], limit=500, **query)
    assert both["counted"] == total["satisfied"] + total["violated"] == total["rate"]["denominator"]


def test_the_records_behind_a_figure_say_which_card_counts_and_why(year: Year) -> None:
    found = answer(year.auditor, f"{SUMMARIES}/records", as_of=AS_OF, card="NR-25a", figure="violated")
    assert [(row["key"], row["day"], row["cards"]) for row in found["items"]] == [
        (
            year.keys["14-industry-fund"],
            "2025-10-29",
            [{"card": "NR-25a", "outcome": "violated", "reason": "missing"}],
        ),
        (
            year.keys["15-town-market-days"],
            "2025-09-09",
            [{"card": "NR-25a", "outcome": "violated", "reason": "out_of_order"}],
        ),
        (
            year.keys["04-sewage-plant"],
            "2025-08-28",
            [{"card": "NR-25a", "outcome": "violated", "reason": "missing"}],
        ),
    ]


def test_groups_and_records_come_in_pages(year: Year) -> None:
    whole = year.summary(as_of=AS_OF, by=["unit", "month"])
    pages, cursor = [], None
    while True:
        given: dict[str, str] = {"cursor": cursor} if cursor else {}
        page = year.summary(as_of=AS_OF, by=["unit", "month"], limit=4, **given)
        pages += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert pages == whole["items"]
    first = answer(year.auditor, f"{SUMMARIES}/records", as_of=AS_OF, limit=10)
    second = answer(year.auditor, f"{SUMMARIES}/records", as_of=AS_OF, limit=10, cursor=first["next"])
    keys = [row["key"] for row in (*first["items"], *second["items"])]
    assert sorted(keys) == sorted(year.keys.values())
    assert second["next"] is None


def test_figures_for_today_are_read_from_what_is_kept(year: Year) -> None:
    kept = year.summary()
    assert kept["basis"]["judged_anew"] == 0
    asked = year.summary(as_of=kept["basis"]["as_of"])
    assert asked["total"] == kept["total"]


def test_a_department_sees_what_it_has_a_role_in_and_no_more(year: Year) -> None:
    own = answer(year.units["云岭县财政局(虚构)"], SUMMARIES, as_of=AS_OF, by="unit")
    assert own["total"]["flags"] >= 7
    listed = answer(year.units["云岭县财政局(虚构)"], "/api/v1/records", limit=100)["items"]
    behind = answer(year.units["云岭县财政局(虚构)"], f"{SUMMARIES}/records", as_of=AS_OF)["items"]
    assert {row["key"] for row in behind} == {row["key"] for row in listed}
    assert own["total"]["records"] == len(listed) < 15


# --- tables --------------------------------------------------------------------------------------------------------


def table(year: Year, form: str, **query: Any) -> bytes:  # noqa: ANN401 - as it stands in a query
    given = year.auditor.get(SUMMARIES, params={**query, "format": form})
    assert given.status_code == 200, given.text
    return given.content


def test_a_spreadsheet_holds_the_same_figures_and_what_they_rest_on(year: Year) -> None:
    told = year.summary(as_of=AS_OF, by="month")
    book = CalamineWorkbook.from_filelike(io.BytesIO(table(year, "xlsx", as_of=AS_OF, by="month")))
    headings, *rows, total = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == list(MONTHS)
    places = {figure: headings.index(figure.en) for figure in Figure}
    for row, said in zip((*rows, total), (*told["items"], told["total"]), strict=True):
        assert {figure.value: row[place] for figure, place in places.items()} == {
            figure.value: said[figure] for figure in Figure
        }
        assert row[headings.index("compliance rate")] == pytest.approx(said["rate"]["value"])
        assert row[headings.index("rate: denominator")] == said["rate"]["denominator"]
    about = {row[0]: row[1] for row in book.get_sheet_by_index(1).to_python()}
    assert about["as of"] == AS_OF
    assert about["rulebook"] == told["basis"]["rulebook"]
    assert about["head of the trail"] == f"{told['basis']['trail_number']} {told['basis']['trail_digest']}"
    assert about["known at"]
    assert about["table"] == "compliance summary (某审计署(虚构))"


def test_a_csv_holds_the_same_figures_and_what_they_rest_on(year: Year) -> None:
    told = year.summary(as_of=AS_OF, by=["unit", "card"], card="NR-25a")
    text = table(year, "csv", as_of=AS_OF, by=["unit", "card"], card="NR-25a").decode("utf-8-sig")
    headings, *rows = list(csv.reader(io.StringIO(text)))
    ends = rows.index([])
    assert len(rows[:ends]) == len(told["items"]) + 1
    violated = headings.index("violated")
    assert [int(row[violated]) for row in rows[:ends]] == [
        *(row["violated"] for row in told["items"]),
        told["total"]["violated"],
    ]
    assert rows[ends - 1][0] == "total"
    assert ["as of", AS_OF] in rows[ends:]


def test_the_records_behind_a_figure_come_as_a_table_too(year: Year) -> None:
    given = year.auditor.get(
        f"{SUMMARIES}/records", params={"as_of": AS_OF, "figure": "flags", "format": "xlsx"}
    ).content
    headings, *rows = CalamineWorkbook.from_filelike(io.BytesIO(given)).get_sheet_by_index(0).to_python()
    cards = headings.index("cards counted")
    assert len(rows) == 5
    assert sum(len(str(row[cards]).split(", ")) for row in rows) == 17


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"by": ["unit", "month", "level"]}, "too_many_dimensions"),
        ({"by": ["card", "step"]}, "too_many_dimensions"),
        ({"by": ["unit", "unit"]}, "too_many_dimensions"),
        ({"card": "NR-99"}, "not_in_rulebook"),
        ({"step": "public_coment"}, "not_in_rulebook"),
        ({"procedure": "x"}, "not_in_rulebook"),
        ({"jurisdiction": "CN-99"}, "not_in_rulebook"),
        ({"within": "' OR 1=1 --"}, "not_in_rulebook"),
        ({"rulebook": "0" * 64}, "unknown_rulebook"),
        ({"known_at": "2999-01-01"}, "known_at_in_future"),
        ({"units": "x"}, "unknown_parameter"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_reason(year: Year, query: dict[str, Any], code: str) -> None:
    given = year.auditor.get(SUMMARIES, params=query)
    assert (given.json()["code"], given.status_code // 100) == (code, 4)


@pytest.mark.parametrize(
    "query", [{"by": "year"}, {"month": "2024-13"}, {"from": "20240101"}, {"level": "moon"}, {"as_of": "today"}]
)
def test_what_is_not_written_as_it_should_be_is_refused(year: Year, query: dict[str, str]) -> None:
    assert year.auditor.get(SUMMARIES, params=query).status_code == 422


def test_a_name_that_nobody_bears_has_no_records(year: Year) -> None:
    assert year.summary(unit="' OR ''='")["total"]["records"] == 0
