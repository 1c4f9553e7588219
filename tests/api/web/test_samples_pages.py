"""Samples in the browser: the same as over the interface, refused when too large, hostile words as text."""

import re
from html import unescape

import pytest

from api.identity.roles import Role
from tests.api.web.district import Browser, DemoDistrict

AS_OF = "2026-03-31"


@pytest.fixture
def auditor(district: DemoDistrict) -> Browser:
    return district.somebody(Role.AUDITOR)


def test_at_first_it_is_asked_what_to_draw(auditor: Browser) -> None:
    page = auditor.get("/samples")
    assert page.status_code == 200
    assert 'name="seed"' in page.text
    assert "/records/" not in page.text


@pytest.mark.parametrize("by", ["", "unit", "month", "class", "flags"])
def test_a_seed_draws_what_the_interface_draws(auditor: Browser, by: str) -> None:
    query = {"as_of": AS_OF, "seed": "7", "size": 2, **({"by": by} if by else {})}
    page = auditor.get("/samples", **query, **({} if by else {"by": ""}))
    assert page.status_code == 200
    drawn = auditor.get("/api/v1/samples", **query).json()
    assert re.findall(r'<a href="/records/([^"]+)">', page.text) == [row["key"] for row in drawn["items"]]


@pytest.mark.parametrize("by", ["", "unit", "month", "flags"])
def test_a_stratum_leads_to_its_records(auditor: Browser, by: str) -> None:
    page = auditor.get("/samples", as_of=AS_OF, seed="7", size=2, by=by).text
    found = re.findall(r'<a href="(/dashboard/records[^"]*)">(\d+)</a>', page)
    assert found
    for address, number in found:
        listed = auditor.client.get(unescape(address)).text
        assert listed.count('<th scope="row"><a href="/records/') == int(number)


def test_the_table_to_be_saved_is_asked_for_with_the_same_seed(auditor: Browser) -> None:
    page = auditor.get("/samples", seed="7", size=3, by="flags", as_of=AS_OF).text
    address = next(one for one in re.findall(r'href="(/api/v1/samples[^"]*)"', page) if "format=csv" in one)
    assert "seed=7" in address
    assert auditor.client.get(address.replace("&amp;", "&")).headers["content-type"].startswith("text/csv")


def test_a_hostile_seed_is_shown_as_text(auditor: Browser) -> None:
    page = auditor.get("/samples", seed='"><script>alert(1)</script>', as_of=AS_OF)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_only_auditors_draw_samples(district: DemoDistrict) -> None:
    assert district.somebody(Role.DEPARTMENT).get("/samples").status_code == 403
