"""What holds of every page: who is given it, what it may load, how large it is, and that whatever it shows is text."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import pytest

from api.app import PAGES as ROUTERS
from api.identity.roles import Role
from tests.api.web.addresses import EVERYBODY, FILES, LEAD, OF_A_UNIT, OPEN, OTHER, PAGES, RECORD, named
from tests.api.web.district import Browser, DemoDistrict

LARGEST = 150_000
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"{SCRIPT}\"'><img src=x onerror=alert(1)>\u202e\u200f{{{{7*7}}}}&amp;"
LOGINS = {
    Role.DEPARTMENT: LEAD,
    Role.LEGAL_OFFICE: "sifa1",
    Role.GENERAL_OFFICE: "zhengfuban",
    Role.AUDITOR: "shenji",
    Role.ADMIN: "yunwei",
}


@pytest.fixture(scope="module")
def keys(district: DemoDistrict) -> Mapping[str, str]:
    """Give what stands in the addresses: keys of a record under way, of its flag, of a waiver and of a catalogue."""
    record = district.key_of(RECORD)
    legal = district.browser("sifa1")
    finding = legal.get("/api/v1/findings", record=record, kind="flag").json()["items"][0]["key"]
    version = district.browser(LEAD).get(f"/api/v1/records/{record}/status").json()["version"]
    applied = legal.post(
        f"/findings/{finding}/waiver",
        {"version": version, "reason": HOSTILE, "scope": "finding", "since": "2099-01-01", "until": "2099-02-01"},
    )
    waivers = legal.get("/api/v1/waivers").json()["items"]
    assert waivers, applied.status_code
    (catalogue,) = legal.get("/api/v1/catalogues", year="2026").json()["items"]
    return {
        "record": record,
        "finding": finding,
        "waiver": waivers[0]["key"],
        "catalogue": catalogue["key"],
        "step": "public_comment",
        "card": "NR-15b",
    }


def test_every_page_that_can_be_opened_stands_in_the_table() -> None:
    routes = {named(route.path) for router in ROUTERS for route in router.routes if "GET" in route.methods}  # type: ignore[attr-defined]
    assert routes == {*PAGES, *OPEN}


@pytest.mark.parametrize("role", Role)
def test_a_role_is_given_its_pages_and_no_others(district: DemoDistrict, keys: Mapping[str, str], role: Role) -> None:
    browser = district.browser(LOGINS[role])
    told = {path: browser.get(path.format(**keys)).status_code for path in PAGES}
    expected = {path: (303 if path == "/" else 200) if role in roles else 403 for path, roles in PAGES.items()}
    assert told == expected


def test_nobody_is_given_a_page_without_a_login(district: DemoDistrict, keys: Mapping[str, str]) -> None:
    stranger = district.stranger()
    for path in PAGES:
        answer = stranger.get(path.format(**keys))
        assert (answer.status_code, answer.headers["location"][:12]) == (303, "/login?next="), path


def test_what_belongs_to_another_unit_is_as_if_it_were_not_there(
    district: DemoDistrict, keys: Mapping[str, str]
) -> None:
    other = district.browser(OTHER)
    for path, roles in PAGES.items():
        if Role.DEPARTMENT in roles and any(name in path for name in OF_A_UNIT):
            answer = other.get(path.format(**keys))
            assert answer.status_code == 404, path
            assert "老年助餐点" not in answer.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_small_loads_nothing_from_elsewhere_and_holds_no_script_or_style_of_its_own(
    district: DemoDistrict, keys: Mapping[str, str], language: str
) -> None:
    for path, answer in _shown(district, keys, language):
        assert len(answer.content) < LARGEST, path
        if path.endswith(FILES):
            continue
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert not re.search(r"<script(?! src=\"/assets/)|<style|\sstyle=|\son[a-z]+=\"|javascript:", answer.text), path
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", answer.text), path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_text_in_every_field_of_a_record_is_shown_as_text(
    district: DemoDistrict, keys: Mapping[str, str], language: str
) -> None:
    hostile = _hostile_record(district, keys)
    shown = 0
    for path, answer in _shown(district, {**keys, **hostile}, language):
        assert answer.status_code in {200, 303}, path
        assert SCRIPT not in answer.text, path
        assert "<img src=x" not in answer.text, path
        shown += escape(SCRIPT) in answer.text or "&lt;script&gt;" in answer.text
    assert shown >= 5


@pytest.mark.parametrize("length", [0, 10_000])
def test_hostile_text_in_the_address_or_in_a_form_is_shown_as_text(
    district: DemoDistrict, keys: Mapping[str, str], length: int
) -> None:
    sent = HOSTILE + "长" * length
    legal, clerk = district.browser("sifa1"), district.browser(LEAD)
    answers = [
        legal.get("/queue", unit=sent[:200], step=sent[:200]),
        legal.get("/records", text=sent[:200], unit=sent[:200]),
        legal.get("/rules", step=sent[:200]),
        legal.get("/coverage", instrument=sent[:200]),
        legal.get("/dashboard", unit=sent[:200]),
        clerk.get("/rules/" + sent[:100].replace("/", "")),
        legal.post(f"/findings/{keys['finding']}/decide", {"decision": "dismissed", "reason": sent, "state": "x"}),
        legal.post(f"/findings/{keys['finding']}/waiver", {"reason": sent, "since": sent[:50], "until": sent[:50]}),
        clerk.post("/records/new", {"action": "save", "title.zh": sent, "title.en": sent, "organ": sent, "id": sent}),
        clerk.post(
            f"/records/{keys['record']}/steps/public_comment",
            {"action": "preview", "opened.how": "actual", "opened.day": sent[:300], "note": sent},
        ),
        district.stranger().post("/login", data={"name": sent[:900], "password": "x", "next": "/"}),
    ]
    for answer in answers:
        assert answer.status_code < 500, answer.url
        assert SCRIPT not in answer.text, answer.url
        assert "<img src=x" not in answer.text, answer.url


def _shown(district: DemoDistrict, keys: Mapping[str, str], language: str) -> Iterator[tuple[str, Any]]:
    """Open every page as the first who may."""
    for path, roles in PAGES.items():
        role = next(role for role in LOGINS if role in roles)
        yield path, district.browser(LOGINS[role], language=language).get(path.format(**keys))
    assert roles <= EVERYBODY


def _hostile_record(district: DemoDistrict, keys: Mapping[str, str]) -> dict[str, str]:
    """Submit a record of the unit in which every text is hostile; return its key, and those of what was found."""
    clerk: Browser = district.browser(LEAD)
    headers = {"X-CSRF-Token": clerk.csrf}
    known = clerk.get("/api/v1/records", id="hostile").json()["items"]
    if not known:
        body = clerk.get(f"/api/v1/records/{keys['record']}").json()["record"]
        sent = clerk.client.post("/api/v1/records", json={**_hostile(body), "id": "hostile"}, headers=headers)
        assert sent.status_code == 201, sent.text
        known = clerk.get("/api/v1/records", id="hostile").json()["items"]
    record = known[0]["key"]
    found = clerk.get("/api/v1/findings", record=record).json()["items"]
    return {"record": record, **({"finding": found[0]["key"]} if found else {})}


TEXTS = {"title", "zh", "en", "organ", "reason", "note", "place"}


def _hostile(value: Any, name: str = "") -> Any:  # noqa: ANN401 - plain data
    match value:
        case dict():
            return {key: _hostile(part, key) for key, part in value.items() if key not in {"entered", "voided"}}
        case list():
            return [_hostile(part, name) for part in value]
        case str() if name in TEXTS:
            return HOSTILE + "长" * (900 if name == "note" else 100)
    return value
