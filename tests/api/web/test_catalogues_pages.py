"""Catalogues on pages: the list, and one with its entries and the records that name them."""

import re
from typing import Any
from urllib.parse import unquote

from api.identity.roles import Role
from tests.api.web.district import DemoDistrict
from tests.api.web.filled import filled

DAYS = ("2025-09-19", "2025-10-02")
PLANNED = {"published": "2025-03-18", "planned": "2025-Q3", "kind": "listing"}


def entered(district: DemoDistrict, own_id: str, *entries: str, consulted: str = "") -> dict[str, Any]:
    """Enter a catalogue, as the general office does; the first department leads each entry."""
    office = district.somebody(Role.GENERAL_OFFICE)
    me = office.get("/api/v1/me").json()
    unit = district.somebody(Role.DEPARTMENT).account.unit
    units = [{"name": unit, "role": "lead"}]
    units += [{"name": district.accounts[consulted].unit, "role": "consulted"}] if consulted else []
    content = {
        "id": own_id,
        "title": {"zh": f"目录{own_id}<b>(虚构)", "en": f"catalogue {own_id}<b> (made up)"},
        "made_up": True,
        "jurisdiction": me["jurisdiction"],
        "organ": f"机关{own_id}(虚构)",
        "organ_level": "county",
        "year": 2025,
        "versions": [{"kind": "listing", "party_consent": "2025-03-11", "published": "2025-03-18"}],
        "entries": [
            {"id": entry, "title": entry, "matter_class": "plan", "units": units, "plans": [PLANNED]}
            for entry in entries
        ],
    }
    answer = office.client.post("/api/v1/catalogues", json=content, headers={"X-CSRF-Token": office.csrf})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_catalogue_is_listed_and_shown_with_its_entries(district: DemoDistrict) -> None:
    key = entered(district, "c-shown", "c-shown-1", "c-shown-2")["key"]
    for role in (Role.GENERAL_OFFICE, Role.LEGAL_OFFICE, Role.AUDITOR, Role.DEPARTMENT):
        client = district.somebody(role, language="en")
        assert f"/catalogues/{key}" in client.get("/catalogues", year="2025").text
        assert f"/catalogues/{key}" not in client.get("/catalogues", year="2024").text
        text = client.get(f"/catalogues/{key}").text
        assert "c-shown-1" in text
        assert "no record yet" in text
        assert "&lt;b&gt;" in text


def test_the_unit_that_leads_an_entry_opens_a_record_of_it_with_what_the_catalogue_says(district: DemoDistrict) -> None:
    key = entered(district, "c-open", "c-open-1", "c-open-2")["key"]
    clerk = district.somebody(Role.DEPARTMENT)
    address = f"/catalogues/{key}"
    first, second = re.findall(r'href="(/records/new\?[^"]+)"', clerk.get(address).text)
    link = unquote(first).replace("&amp;", "&")
    form = filled(clerk.get(link).text)
    said = {name: form[name] for name in ("title.zh", "organ", "organ_level", "matter_class", "catalogue.entries")}
    assert [*said.values()] == [["c-open-1"], ["机关c-open(虚构)"], ["county"], ["plan"], ["c-open.c-open-1"]]
    assert (form["units.0.name"], form["units.0.role"]) == ([clerk.account.unit], ["lead"])
    sent = clerk.post(link, form)
    assert sent.status_code == 303, sent.text
    record = str(sent.headers["location"]).split("/")[2]
    status = clerk.get(f"/api/v1/catalogues/{key}/status").json()
    assert status["without_record"] == ["c-open-2"]
    (linked,) = status["entries"][0]["records"]
    assert linked["key"] == record
    shown = clerk.get(address).text
    assert f'href="/records/{record}"' in shown
    assert re.findall(r'href="(/records/new\?[^"]+)"', shown) == [second]
    assert "该目录事项已有记录" in clerk.get(link).text


def test_what_is_begun_of_an_entry_is_kept_as_a_draft_of_its_own(district: DemoDistrict) -> None:
    key = entered(district, "c-draft", "c-draft-1")["key"]
    clerk = district.somebody(Role.DEPARTMENT)
    link = f"/records/new?catalogue={key}&entry=c-draft-1"
    kept = clerk.post(link, {"title.zh": "写到一半的目录事项", "action": "draft"})
    assert kept.headers["location"] == link
    assert "写到一半的目录事项" in clerk.get(link).text
    assert "写到一半的目录事项" not in clerk.get("/records/new").text
    assert link.replace("&", "&amp;") in clerk.get("/work").text
    clerk.post(link, {"action": "discard"})
    assert "写到一半的目录事项" not in clerk.get("/work").text


def test_nobody_but_the_leading_unit_opens_a_record_of_an_entry(district: DemoDistrict) -> None:
    key = entered(district, "c-lead", "c-lead-1", consulted="caizheng")["key"]
    link = f"/records/new?catalogue={key}&entry=c-lead-1"
    consulted, other = district.browser("caizheng"), district.browser("jiaoti")
    told = consulted.get(f"/catalogues/{key}").text
    assert "c-lead-1" in told
    assert "/records/new?" not in told
    assert "/records/new?" not in district.somebody(Role.GENERAL_OFFICE).get(f"/catalogues/{key}").text
    for browser, status in ((consulted, 403), (other, 404)):
        assert browser.get(link).status_code == status
        assert browser.post(link, {"action": "draft", "title.zh": "x"}).status_code == status
    assert district.somebody(Role.DEPARTMENT).get(f"{link}0").status_code == 404


def test_only_the_general_office_of_the_place_is_shown_the_ways_to_change_it(district: DemoDistrict) -> None:
    key = entered(district, "c-edit", "c-edit-1")["key"]
    ways = [f'href="/catalogues/{key}/{way}' for way in ("entry", "adjust", "edit", "publication?number=1")]
    office = district.somebody(Role.GENERAL_OFFICE)
    assert all(way in office.get(f"/catalogues/{key}").text for way in ways)
    assert "/catalogues/new" in office.get("/catalogues").text
    for role in (Role.LEGAL_OFFICE, Role.AUDITOR, Role.DEPARTMENT):
        reader = district.somebody(role)
        assert not any(way in reader.get(f"/catalogues/{key}").text for way in ways)
        assert "/catalogues/new" not in reader.get("/catalogues").text


def test_a_catalogue_tells_when_it_was_published_and_for_when_each_entry_is_planned(district: DemoDistrict) -> None:
    office = district.somebody(Role.GENERAL_OFFICE)
    (listed,) = office.get("/api/v1/catalogues", year="2026").json()["items"]
    told = office.get(f"/catalogues/{listed['key']}").text
    listings = told.split('id="listings"')[1].split("</section>")[0]
    assert "2026-03-12" in listings
    assert "增补民生事项四项" in listings
    row = told.split("云岭县助老活动中心")[1].split("</tr>")[0]
    assert re.search(r"2026-Q3.*<strong>2026-Q4</strong>", row, re.DOTALL)


def test_a_catalogue_is_shown_as_of_a_day(district: DemoDistrict) -> None:
    key = entered(district, "c-day", "c-day-1")["key"]
    reader = district.somebody(Role.AUDITOR)
    cards = [re.findall(r'href="/rules/([^"]+)"', reader.get(f"/catalogues/{key}", as_of=day).text) for day in DAYS]
    assert ["NR-03e4" in found for found in cards] == [False, True]


def test_to_a_unit_without_an_entry_it_is_not_there(district: DemoDistrict) -> None:
    key = entered(district, "c-foreign", "c-foreign-1")["key"]
    first, other = [one.login for one in district.accounts.values() if one.role is Role.DEPARTMENT][:2]
    assert district.browser(first).get(f"/catalogues/{key}").status_code == 200
    assert district.browser(other).get(f"/catalogues/{key}").status_code == 404
    assert f"/catalogues/{key}" not in district.browser(other).get("/catalogues").text
