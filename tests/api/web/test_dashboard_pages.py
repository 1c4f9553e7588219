"""The dashboard: its numbers are those of the interface, and each leads to the records behind it."""

import re
from collections.abc import Iterator
from html import unescape
from statistics import median_high, median_low
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


LINK = re.compile(r'<a href="([^"]*)">([^<]*)</a>')
NUMBERS = re.compile(r"<t(?P<cell>d) class=\"number[^\"]*\">(?P<td>.*?)</td>|<dd>(?P<dd>.*?)</dd>", re.DOTALL)


def numbers(page: str) -> Iterator[tuple[str, int, str]]:
    """Give each number of the tables and of the list of facts, with the address to which it leads; none for what is 0.

    A rate in per cent says nothing that its two numbers do not say.
    """
    for found in NUMBERS.finditer(page):
        cell = found["td"] or found["dd"] or ""
        unlinked = re.sub(r"\([\d.]+%\)", "", LINK.sub("", cell))
        assert not re.search(r"[1-9]", unlinked), cell
        for address, told in LINK.findall(cell):
            for number in told.split(maxsplit=1)[0].partition("–")[0].split("/"):
                yield unescape(address), int(number), told


def behind(browser: Browser, address: str) -> tuple[int, int, bool]:
    """Return how many records stand on all pages behind a number, how much is counted, and whether that is of cards."""
    records = counted = 0
    page = shown(browser, address)
    told = re.search(r'<p class="total"><strong>[^\d]*(\d+)[^\d<]*(\d+)?', page)
    assert told, address
    while True:
        listed = rows(page, "归属日新的在前")[1:]
        records += len(listed)
        for row in listed:
            more = re.search(r"… \((\d+)\)$", row[3])
            counted += int(more[1]) if more else len(row[3].split(", ")) if row[3] else 0
        cursor = re.search(r'name="cursor" value="([^"]+)"', page)
        if not cursor:
            break
        page = shown(browser, f"{address}&cursor={cursor[1]}")
    assert records == int(told[1]), address
    assert told[2] is None or counted == int(told[2]), address
    return records, counted, told[2] is not None


QUESTIONS: list[dict[str, str]] = [{"as_of": AS_OF}, {"as_of": "2025-10-31", "step": "legality_review"}]
"""A whole year, and one step as of an earlier day."""


@pytest.mark.parametrize("query", QUESTIONS, ids=["year", "earlier"])
def test_every_number_of_the_dashboard_leads_to_as_much_as_it_says(auditor: Browser, query: dict[str, str]) -> None:
    led: dict[str, set[int]] = {}
    for address, number, _ in numbers(shown(auditor, "/dashboard", **query)):
        led.setdefault(address, set()).add(number)
    assert len(led) > 20
    for address, said in led.items():
        assert f"as_of={query['as_of']}" in address
        records, counted, of_cards = behind(auditor, address)
        assert said == {counted if of_cards else records}, address


@pytest.mark.parametrize("query", QUESTIONS, ids=["year", "earlier"])
def test_every_number_of_days_leads_to_the_records_that_it_is_made_of(auditor: Browser, query: dict[str, str]) -> None:
    page = shown(auditor, "/dashboard/days", **query)
    periods = list(rows(page, "已经结束的期限"))[1:]
    addresses = [address for address, _, _ in numbers(page) if "period=" in address]
    assert len(addresses) == 3 * len(periods) > 0
    for place, (*_, number, middle, demanded) in enumerate(periods):
        (address,) = set(addresses[3 * place : 3 * place + 3])
        listed = rows(shown(auditor, f"{address}&limit=500"), "用时短的在前")[1:]
        took, required = [ends(row[2]) for row in listed], [ends(row[3])[0] for row in listed]
        assert len(took) == int(number)
        assert ends(middle) == (median_low(low for low, _ in took), median_high(high for _, high in took))
        assert ends(demanded) == (min(required), max(required))


def ends(told: str) -> tuple[int, int]:
    """Read a number of days, or the two ends between which it lies."""
    low, _, high = told.split(maxsplit=1)[0].partition("–")
    return int(low), int(high or low)


@pytest.mark.parametrize("query", QUESTIONS, ids=["year", "earlier"])
def test_duties_switched_off_lead_to_their_records(auditor: Browser, query: dict[str, str]) -> None:
    page = shown(auditor, "/dashboard/days", **query)
    off = rows(page, "职责多的在前")[1:]
    addresses = [address for address, _, _ in numbers(page) if "answer=" in address]
    assert len(addresses) == 2 * len(off) > 0
    for place, (*_, duties, number) in enumerate(off):
        (address,) = set(addresses[2 * place : 2 * place + 2])
        listed = rows(shown(auditor, f"{address}&limit=500"), "职责多的在前")[1:]
        assert (len(listed), sum(int(row[2]) for row in listed)) == (int(number), int(duties))


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


@pytest.mark.parametrize("query", QUESTIONS, ids=["year", "earlier"])
def test_the_trend_is_drawn_from_the_numbers_of_the_table(auditor: Browser, query: dict[str, str]) -> None:
    svg = unescape(shown(auditor, "/dashboard/trend.svg", **query))
    table = rows(shown(auditor, "/dashboard", **query), "按归属月份")[1:]
    rates = {month: rate.partition(" ")[0] for month, *_, rate in table if rate != "–"}
    assert dict(re.findall(r"月份: ([\d-]+); 合规率: [\d.]+%; said: (\d+/\d+)", svg)) == rates
    points = dict(re.findall(r'"月份: ([\d-]+); 合规率: ([\d.]+)%"', svg))
    assert points.keys() == rates.keys()
    for month, rate in rates.items():
        satisfied, both = map(int, rate.split("/"))
        assert float(points[month]) == pytest.approx(100 * satisfied / both, abs=1e-5)


@pytest.mark.parametrize("query", QUESTIONS, ids=["year", "earlier"])
def test_the_bars_of_the_flags_are_the_numbers_of_the_table(auditor: Browser, query: dict[str, str]) -> None:
    svg = unescape(shown(auditor, "/dashboard/flags.svg", **query))
    table = rows(shown(auditor, "/dashboard", **query), "标记多的在前")[1:]
    drawn = re.findall(r'"标记数: (\d+); card: (\S+) [^;"]*"', svg)
    assert [(card, number) for number, card in drawn] == [(card, flags) for card, _, flags, *_ in table]


def test_medians_stand_beside_what_the_law_demands(auditor: Browser) -> None:
    found = {row[0]: row for row in rows(shown(auditor, "/dashboard/days", as_of=AS_OF), "已经结束的期限")[1:]}
    assert found["NR-15b"][-1] == "30 日"
    assert int(found["NR-15b"][3]) == sum(
        row["satisfied"] + row["violated"] + row["by_exception"]
        for row in summary(auditor, card="NR-15b", by="card")["items"]
    )


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
