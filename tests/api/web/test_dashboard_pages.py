"""The dashboard: its numbers are those of the interface, and each leads to the records behind it."""

import re
from html import unescape
from typing import Any

import pytest

from api.identity.roles import Role
from tests.api.web.district import Browser, DemoDistrict

AS_OF = "2026-03-31"
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)


@pytest.fixture
def auditor(district: DemoDistrict) -> Browser:
    return district.somebody(Role.AUDITOR)


def shown(browser: Browser, path: str, **query: Any) -> str:  # noqa: ANN401 - as it stands in a query
    given = browser.get(path, **query)
    assert given.status_code == 200, given.text
    return given.text


def rows(page: str, caption: str) -> list[list[str]]:
    """Return the cells of a table by a part of its caption, as text."""
    table = next(one for one in page.split("<table") if caption in one).partition("</table>")[0]
    cells = [CELL.findall(row) for row in ROW.findall(table)]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


def summary(browser: Browser, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - as it stands in a query
    found: dict[str, Any] = browser.get("/api/v1/summaries", as_of=AS_OF, limit=500, **query).json()
    return found


def test_the_heat_map_carries_the_rates_of_the_interface(auditor: Browser) -> None:
    head, everybody, *units = rows(shown(auditor, "/dashboard", as_of=AS_OF), "违反多的单位在前")
    found: dict[tuple[str, str], str] = {}
    for row in summary(auditor, by=["unit", "step"])["items"]:
        unit, step = (part["title"]["zh"] for part in row["group"])
        rate = row["rate"]
        found[unit, step] = f"{rate['numerator']}/{rate['denominator']}" if rate["denominator"] else "–"
    assert units
    for unit, _, *cells in units:
        for step, cell in zip(head[2:], cells, strict=True):
            assert cell == found.get((unit, step), "–")
    total = summary(auditor)["total"]["rate"]
    assert everybody[1] == f"{total['numerator']}/{total['denominator']}"


def test_the_trend_and_the_flags_are_those_of_the_interface(auditor: Browser) -> None:
    page = shown(auditor, "/dashboard", as_of=AS_OF)
    months = {row["group"][0]["key"]: row for row in summary(auditor, by="month")["items"]}
    for month, records, flagged, flags, _ in rows(page, "按归属月份")[1:]:
        row = months.pop(month)
        assert (records, flagged, flags) == tuple(str(row[name]) for name in ("records", "flagged", "flags"))
    assert not months
    cards = {row["group"][0]["key"]: row["flags"] for row in summary(auditor, by="card")["items"]}
    told = {row[0]: int(row[2]) for row in rows(page, "标记多的在前")[1:]}
    assert told == {card: cards[card] for card in told}
    assert max(told.values()) == max(cards.values())


def test_a_cell_leads_to_as_many_records_as_it_counts(auditor: Browser) -> None:
    page = shown(auditor, "/dashboard", as_of=AS_OF)
    found = re.findall(r'<a href="(/dashboard/records\?[^"]*figure=flagged[^"]*)">(\d+)</a>', page)
    assert found
    for address, number in found:
        behind = shown(auditor, unescape(address))
        assert len(re.findall(r'<th scope="row"><a href="/records/', behind)) == int(number)


def test_filters_stay_in_every_address(auditor: Browser) -> None:
    page = shown(auditor, "/dashboard", **{"from": "2025-08-01", "to": "2025-08-31", "as_of": AS_OF})
    addresses = re.findall(r'(?:href|src)="((?:/dashboard|/api/v1/summaries)[^"?]*\?[^"]*)"', page)
    assert addresses
    assert all("from=2025-08-01" in one and f"as_of={AS_OF}" in one for one in addresses)
    assert [row[0] for row in rows(page, "按归属月份")[1:]] == ["2025-08"]


def test_empty_fields_of_the_form_ask_for_everything(auditor: Browser) -> None:
    fields = dict.fromkeys(("from", "to", "within", "unit", "step", "card", "month"), "")
    page = shown(auditor, "/dashboard", as_of=AS_OF, **fields)
    assert rows(page, "按归属月份") == rows(shown(auditor, "/dashboard", as_of=AS_OF), "按归属月份")


def test_what_is_no_day_is_refused_on_a_page(auditor: Browser) -> None:
    told = auditor.get("/dashboard", **{"from": "yesterday"})
    assert told.status_code == 422
    assert "yesterday" in told.text


@pytest.mark.parametrize("path", ["/dashboard/trend.svg", "/dashboard/flags.svg"])
def test_charts_are_pictures_that_load_nothing_and_name_a_chinese_font(auditor: Browser, path: str) -> None:
    given = auditor.get(path, as_of=AS_OF)
    assert given.headers["content-type"] == "image/svg+xml"
    assert "Noto Sans CJK SC" in given.text
    assert "http" not in given.text.replace("http://www.w3.org", "")


def test_the_chart_shows_the_numbers_of_the_table(auditor: Browser) -> None:
    svg = auditor.get("/dashboard/trend.svg", as_of=AS_OF).text
    page = shown(auditor, "/dashboard", as_of=AS_OF)
    for *_, rate in rows(page, "按归属月份")[1:]:
        assert f">{rate.partition(' ')[0]}<" in svg


def test_medians_stand_beside_what_the_law_demands(auditor: Browser) -> None:
    found = {row[0]: row for row in rows(shown(auditor, "/dashboard/days", as_of=AS_OF), "已经结束的期限")[1:]}
    assert found["NR-15b"][-1] == "30 日"
    assert int(found["NR-15b"][3]) == sum(
        row["satisfied"] + row["violated"] + row["by_exception"]
        for row in summary(auditor, card="NR-15b", by="card")["items"]
    )


def test_duties_switched_off_by_determinations_lead_to_their_records(auditor: Browser) -> None:
    page = shown(auditor, "/dashboard/days", as_of=AS_OF)
    address, number = re.findall(r'<a href="(/dashboard/days\?[^"]*behind=[^"]*)">(\d+)</a>', page)[0]
    assert shown(auditor, unescape(address)).count('<li><a href="/records/') == int(number)


def test_a_department_sees_its_own_records_only(district: DemoDistrict) -> None:
    department = district.somebody(Role.DEPARTMENT)
    (total,) = {row["records"] for row in [summary(department)["total"]]}
    listed = shown(department, "/dashboard/records", as_of=AS_OF, limit=500)
    assert listed.count('<th scope="row"><a href="/records/') == total


def test_an_administrator_sees_no_figures(district: DemoDistrict) -> None:
    assert district.somebody(Role.ADMIN).get("/dashboard").status_code == 403


def test_the_dashboard_is_there_in_english(district: DemoDistrict) -> None:
    page = shown(district.somebody(Role.AUDITOR, language="en"), "/dashboard", as_of=AS_OF)
    assert "Compliance rate by unit and step" in page
