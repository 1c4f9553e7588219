"""The page of a record: what to do, what shuts which gate, and every finding on the timeline or told why not."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest

from api.web.scale import LABELS, WIDTH
from tests.api.web.addresses import LEAD, RECORD
from tests.api.web.district import Browser, DemoDistrict

DAYS = ("2025-10-01", None)
MARKS = re.compile(r'<a href="([^"]+)" class="(?:flag|question|notice)" aria-label="([^"]+)"')
LISTED = re.compile(r'<article class="card finding" id="([^"]+)">.*?</article>', re.DOTALL)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Shown(NamedTuple):
    """The page of a record, and what the interface says of the same."""

    text: str
    status: dict[str, Any]


def shown(browser: Browser, key: str, as_of: str | None = None) -> Shown:
    """Open a page, once."""
    asked = browser.account.login, browser.client.headers["accept-language"], key, as_of
    if asked not in _SHOWN:
        _SHOWN[asked] = _opened(browser, key, as_of)
    return _SHOWN[asked]


_SHOWN: dict[tuple[str, str, str, str | None], Shown] = {}


def _opened(browser: Browser, key: str, as_of: str | None) -> Shown:
    query = {"as_of": as_of} if as_of else {}
    answer = browser.get(f"/records/{key}", **query)
    assert answer.status_code == 200, key
    status = browser.get(f"/api/v1/records/{key}/status", **query).json()
    return Shown(answer.text, status)


@pytest.fixture(scope="module")
def keys(district: DemoDistrict) -> tuple[str, ...]:
    """Give the keys of the records of the district."""
    rows = district.browser("shenji").get("/api/v1/records", procedure="major_decision", limit=100).json()["items"]
    assert len(rows) >= 15
    return tuple(row["key"] for row in rows)


@pytest.mark.parametrize("as_of", DAYS)
def test_every_finding_is_on_the_timeline_once_or_is_told_why_not(
    district: DemoDistrict, keys: tuple[str, ...], as_of: str | None
) -> None:
    browser = district.browser("shenji", language="en")
    placed = without = 0
    for key in keys:
        page = shown(browser, key, as_of)
        cards = [finding["card"] for finding in page.status["findings"]]
        articles = {found[1]: found[0] for found in LISTED.finditer(page.text)}
        assert sorted(articles) == sorted(cards)
        numbers = [label.split(",")[0] for _, label in MARKS.findall(page.text)]
        assert len(set(numbers)) == len(numbers)
        not_drawn = [card for card, text in articles.items() if "not on the timeline" in text]
        assert len(numbers) == len(cards) - len(not_drawn), (key, cards, not_drawn)
        placed, without = placed + len(numbers), without + len(not_drawn)
    assert placed + without > 0


def test_open_findings_lead_to_their_pages_each_from_one_flag(district: DemoDistrict, keys: tuple[str, ...]) -> None:
    browser = district.browser("shenji", language="en")
    for key in keys:
        page = shown(browser, key)
        rows = browser.get("/api/v1/findings", record=key, state="open", limit=100).json()["items"]
        addresses = [address for address, _ in MARKS.findall(page.text)]
        assert len(set(addresses)) == len(addresses)
        told = {row["card"] for row in rows if row["under"] is None}
        assert told == {finding["card"] for finding in page.status["findings"]}
        without = page.text.count("not on the timeline")
        assert len({f"/findings/{row['key']}" for row in rows} & set(addresses)) == len(told) - without


def test_every_round_with_a_day_is_a_bar_at_its_days(district: DemoDistrict, keys: tuple[str, ...]) -> None:
    browser = district.browser("shenji", language="en")
    compared = 0
    for key in keys:
        page = shown(browser, key)
        if "There are no days yet." in page.text:
            continue
        bars = dict(_bars(page.text))
        first, last, today = _calendar(page.text)
        day = (WIDTH - LABELS) / ((last - first).days + 1)
        record = browser.get(f"/api/v1/records/{key}").json()["record"]
        for begin, end in _exact_rounds(record, today):
            x, right = LABELS + (begin - first).days * day, LABELS + ((end - first).days + 1) * day
            told = f"{begin}" if begin == end else f"{begin} to {end}"
            assert any(
                said.endswith(f": {told}") and abs(at - x) < 3.1 and abs(at + width - right) < 3.2
                for (said, at), width in bars.items()
            ), (key, told)
            compared += 1
    assert compared > 200


def _bars(text: str) -> Iterator[tuple[tuple[str, float], float]]:
    pattern = r'<rect class="actual" x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="14.0"><title>([^<]+)</title>'
    for x, width, said in re.findall(pattern, text):
        yield (said, float(x)), float(width)


def _calendar(text: str) -> tuple[date, date, date]:
    found = re.search(r'role="group" aria-label="(\S+) – (\S+)"', text)
    as_of = re.search(r"<footer>\s*<p>\S+ \S*\s*(\d{4}-\d{2}-\d{2})", text) or re.search(
        r"as of (\d{4}-\d{2}-\d{2})", text
    )
    assert found
    assert as_of
    return date.fromisoformat(found[1]), date.fromisoformat(found[2]), date.fromisoformat(as_of[1])


def _exact_rounds(record: dict[str, Any], today: date) -> Iterator[tuple[date, date]]:
    """Give first and last days of the rounds all of whose moments took place, on days that are known."""
    for rounds in record["steps"].values():
        for entry in rounds:
            texts = [value.get("actual", "") for value in entry.values() if isinstance(value, dict)]
            days = [date.fromisoformat(text[:10]) for text in texts if DAY.match(text)]
            if days and len(days) == len(texts) and max(days) <= today and not entry.get("void"):
                yield min(days), max(days)


def test_the_picture_is_sound_and_holds_nothing_but_what_the_page_says_in_words(
    district: DemoDistrict, keys: tuple[str, ...]
) -> None:
    browser = district.browser("shenji", language="en")
    for key in keys:
        text = shown(browser, key).text
        found = re.search(r'<svg class="timeline" viewBox.*?</svg>', text, re.DOTALL)
        if found is None:
            continue
        picture = ET.fromstring(found[0])  # noqa: S314 - our own drawing
        width, height = (float(value) for value in picture.attrib["viewBox"].split()[2:])
        for rect in picture.iter("rect"):
            x, y, wide, high = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
            assert x >= 0
            assert x + wide <= width + 0.2
            assert 0 <= y <= y + high <= height + 0.2
        for link in picture.iter("a"):
            assert link.attrib["aria-label"]
            sign = link.findtext("text")
            assert sign
            assert f">{sign} " in text


def test_the_periods_of_the_law_are_drawn_for_a_past_day_as_on_that_day(district: DemoDistrict) -> None:
    browser = district.browser("shenji", language="en")
    key = district.key_of("yunling-2025-05-parking-fees")
    before, now = (shown(browser, key, as_of).text for as_of in ("2025-06-20", None))
    pattern = r'<rect class="minimum"[^>]*><title>([^<]*)</title>'
    told = set(re.findall(pattern, before))
    assert any("2025-05-13 to 2025-06-12" in one for one in told)
    assert told < set(re.findall(pattern, now))
    assert "no earlier than 2025-06-12" in before
    assert "This is how it stood on 2025-06-20." in before
    # What happened later is neither drawn nor told as if it had happened by then.
    assert "(after the as-of day)" in before
    assert "(after the as-of day)" not in now


def test_a_shut_gate_names_the_findings_that_shut_it_and_the_steps_that_are_left(district: DemoDistrict) -> None:
    browser = district.browser("shenji")
    key = district.key_of("yunling-2025-14-industry-fund")
    page = shown(browser, key)
    gates = re.search(r'<section aria-labelledby="gates">.*?</section>', page.text, re.DOTALL)
    assert gates
    barred = [card for gate in page.status["gates"].values() for card in gate["barred_by"]]
    flags = {finding["card"] for finding in page.status["findings"]} & set(barred)
    assert flags
    assert len(re.findall(r'href="/findings/\w+"', gates[0])) >= len(flags)
    coming = shown(browser, district.key_of(RECORD))
    waiting = re.search(r"还有环节没有完成.*?</ul></details>", coming.text, re.DOTALL)
    assert waiting
    assert "合法性审查" in waiting[0]
    assert 'href="/rules/' in waiting[0]


def test_a_clerk_is_told_first_what_to_do_why_and_by_when_with_the_form_for_it(district: DemoDistrict) -> None:
    text = district.browser(LEAD).get(f"/records/{district.key_of(RECORD)}").text
    section = re.search(r'<section aria-labelledby="next">.*?</section>', text, re.DOTALL)
    assert section
    assert text.index('id="next"') < text.index('id="gates"') < text.index('id="timeline"')
    assert "重大行政决策程序暂行条例第15条" in section[0]
    assert "/steps/public_comment?round=1" in section[0]
    assert re.search(r"\d{4}-\d{2}-\d{2} 前", section[0])
    closed = district.browser("shenji").get(f"/records/{district.key_of('yunling-2025-12-community-canteens')}").text
    assert 'id="next"' not in closed


def test_a_long_record_with_rounds_known_to_the_month_planned_and_unknown_stays_small_and_readable(
    district: DemoDistrict,
) -> None:
    clerk = district.browser(LEAD)
    record = clerk.get(f"/api/v1/records/{district.key_of(RECORD)}").json()["record"]
    asked = [
        {
            "asked": f"{2016 + number // 4}-{1 + number % 4 * 3:02}-01",
            "replied": f"{2016 + number // 4}-{2 + number % 4 * 3:02}",
        }
        for number in range(40)
    ]
    rounds = [*asked, {"asked": "unknown"}, {"note": "没有日期"}, {"asked": {"planned": "2026-12-20"}}]
    kept = _as_sent(record)
    body = {**kept, "id": "ten-years", "steps": {**kept["steps"], "consultation": rounds}}
    if not clerk.get("/api/v1/records", id="ten-years").json()["items"]:
        sent = clerk.client.post("/api/v1/records", json=body, headers={"X-CSRF-Token": clerk.csrf})
        assert sent.status_code == 201, sent.text
    text = clerk.get(f"/records/{district.key_of('ten-years')}").text
    assert len(text.encode()) < 150_000
    drawn = re.findall(r"<title>征求单位意见 第(\d+)轮:[^<]*</title>", text)
    assert sorted(map(int, drawn)) == [*range(1, 41), 43]
    assert "已发生,日期不明" in text
    assert "没有记明日期" in text
    assert "2026-12-20(计划)" in text


def _as_sent(body: Any) -> Any:  # noqa: ANN401 - plain data
    """Leave out what the server sets."""
    match body:
        case dict():
            return {name: _as_sent(value) for name, value in body.items() if name not in {"entered", "voided"}}
        case list():
            return [_as_sent(value) for value in body]
    return body
