"""An auditor goes their main way in Chromium: figures lead to records, samples come again, the trail stands."""

import csv
import json
import re
from pathlib import Path
from typing import Final

from python_calamine import CalamineWorkbook

from api.identity.roles import Role
from tests.browser.site import LOGINS, Manner, Visitor

PERIOD: Final = {"from": "2025-01-01", "to": "2025-12-31", "as_of": "2026-03-31"}


def test_an_auditor_is_led_from_a_cell_to_exactly_the_records_that_it_counts(manner: Manner) -> None:
    with manner.visitor(LOGINS[Role.AUDITOR]) as auditor:
        assert auditor.at == "/dashboard"
        for name, day in PERIOD.items():
            auditor.page.fill(f"[name={name}]", day)
        auditor.clicks("form.filters button")
        assert all(f"{name}={day}" in auditor.page.url for name, day in PERIOD.items())
        dashboard = auditor.page.url.removeprefix(auditor.address)

        cell = auditor.page.locator("table.heatmap td.heat:not(.shade-4):has(a)").first
        both = int(cell.inner_text().split("/")[1])
        auditor.clicks(cell.locator("a").last)
        assert _told_and_listed(auditor) == (both, both)
        assert auditor.page.input_value("#as_of") == PERIOD["as_of"], "the question stays"

        auditor.opens(dashboard)
        flagged = auditor.page.locator("a[href*='figure=flagged'][href*='month=']").last
        number = int(flagged.inner_text())
        auditor.clicks(flagged)
        assert _total(auditor)[0] == auditor.counts("tbody th[scope=row] a") == number > 0
        listed = _column(auditor.downloads("a[href*='format=csv']"), "key")
        assert listed == _keys(auditor)

        title = auditor.reads("tbody th[scope=row] a")[0]
        auditor.clicks("tbody th[scope=row] a")
        assert auditor.at == f"/records/{listed[0]}"
        assert auditor.reads("h1") == [title]
        assert auditor.counts("a[href$='/edit'], a[href$='/attest']") == 0, "who audits writes nothing"
        assert auditor.complaints == []


def test_the_same_seed_draws_the_same_sample_and_it_is_taken_away_as_a_table(manner: Manner) -> None:
    with manner.visitor(LOGINS[Role.AUDITOR]) as auditor:
        auditor.clicks("nav a[href='/samples']")
        first = _sample(auditor, size=5, seed="2026-甲")
        assert len(first) == 5
        assert _sample(auditor, size=5, seed="2026-乙") != first
        assert _sample(auditor, size=5, seed="2026-甲") == first
        assert _column(auditor.downloads(".exports a[href*='format=csv']"), "key") == first

        drawn = _sample(auditor, size=2, seed="2026-甲", by="flags")
        strata = [[int(number) for number in re.findall(r"\t(\d+)", row)] for row in auditor.reads(STRATA)]
        assert [taken for _, taken in strata] == [min(2, records) for records, _ in strata]
        assert sum(taken for _, taken in strata) == len(drawn)
        assert len(strata) > 1
        head, *rows = _sheet(auditor.downloads(".exports a[href*='format=xlsx']"))
        assert [row[head.index("key")] for row in rows] == drawn
        assert auditor.complaints == []


def test_the_trail_is_verified_against_a_head_that_was_kept_and_a_wrong_one_is_found_out(
    manner: Manner, tmp_path: Path
) -> None:
    with manner.visitor(LOGINS[Role.AUDITOR]) as auditor:
        auditor.clicks("nav a[href='/trail']")
        kept = auditor.downloads("a[href='/api/v1/trail/head']")
        head = json.loads(kept.read_text(encoding="utf-8"))
        wrong, none = tmp_path / "wrong.json", tmp_path / "none.txt"
        wrong.write_text(json.dumps(head | {"digest": "f" * 64}), encoding="utf-8")
        none.write_text("<script>alert(1)</script>", encoding="utf-8")
        for file, told in ((kept, ".done[role=status]"), (wrong, ".problem[role=alert]"), (none, "[role=alert]")):
            auditor.page.set_input_files("#file", file)
            auditor.clicks("form[action='/trail/verify'] button")
            assert auditor.sees(told), file
        auditor.page.fill("#exported", f"{head['number']} {head['digest']}")
        auditor.clicks("form[action='/trail/verify'] button")
        assert head["digest"] in auditor.reads(".done[role=status] .digest")[0]
        assert auditor.complaints == []


STRATA: Final = "table:has(th:nth-child(3):last-child) tbody tr"
SAMPLE: Final = "table:has(th:nth-child(5)) tbody th[scope=row] a"


def _total(auditor: Visitor) -> list[int]:
    """Return what stands above a list of records: how many there are, and how many verdicts."""
    return [int(number) for number in re.findall(r"\d+", auditor.reads("p.total")[0])]


def _told_and_listed(auditor: Visitor) -> tuple[int, int]:
    """Return how many verdicts a list tells of, and of how many it names the cards or the number."""
    cards = auditor.reads("tbody td:last-child")
    named = (int(told[1]) if (told := re.search(r"\((\d+)\)", row)) else len(row.split(",")) for row in cards)
    return _total(auditor)[-1], sum(named)


def _sample(auditor: Visitor, **asked: str | int) -> list[str]:
    """Draw a sample; return the keys of its records."""
    auditor.page.select_option("#by", str(asked.pop("by", "")))
    for name, value in asked.items():
        auditor.page.fill(f"#{name}", str(value))
    auditor.clicks("form.filters button")
    return _keys(auditor)


def _keys(auditor: Visitor) -> list[str]:
    links = auditor.page.locator("tbody th[scope=row] a[href^='/records/']").all()
    return [(link.get_attribute("href") or "").removeprefix("/records/") for link in links]


def _column(file: Path, name: str) -> list[str]:
    """Return a column of a table; below the rows, after a line that is empty, stands what they rest on."""
    head, *lines = csv.reader(file.read_text(encoding="utf-8-sig").partition("\n\n")[0].splitlines())
    return [line[head.index(name)] for line in lines]


def _sheet(file: Path) -> list[list[str]]:
    book = CalamineWorkbook.from_path(str(file))
    return [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
