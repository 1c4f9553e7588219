"""Catalogues on pages: the list, and one with its entries and the records that name them."""

from typing import Any

from api.identity.roles import Role
from tests.api.web.district import DemoDistrict

PLANNED = {"published": "2025-03-18", "planned": "2025-Q3", "kind": "listing"}


def entered(district: DemoDistrict, own_id: str, *entries: str) -> dict[str, Any]:
    """Enter a catalogue, as the general office does."""
    office = district.somebody(Role.GENERAL_OFFICE)
    me = office.get("/api/v1/me").json()
    unit = district.somebody(Role.DEPARTMENT).account.unit
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
            {"id": entry, "title": entry, "units": [{"name": unit, "role": "lead"}], "plans": [PLANNED]}
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


def test_only_the_general_office_is_told_how_to_change_it(district: DemoDistrict) -> None:
    key = entered(district, "c-edit", "c-edit-1")["key"]
    link = f"/api/v1/catalogues/{key}"
    assert link in district.somebody(Role.GENERAL_OFFICE).get(f"/catalogues/{key}").text
    assert link not in district.somebody(Role.LEGAL_OFFICE).get(f"/catalogues/{key}").text


def test_to_a_unit_without_an_entry_it_is_not_there(district: DemoDistrict) -> None:
    key = entered(district, "c-foreign", "c-foreign-1")["key"]
    first, other = [one.login for one in district.accounts.values() if one.role is Role.DEPARTMENT][:2]
    assert district.browser(first).get(f"/catalogues/{key}").status_code == 200
    assert district.browser(other).get(f"/catalogues/{key}").status_code == 404
    assert f"/catalogues/{key}" not in district.browser(other).get("/catalogues").text
