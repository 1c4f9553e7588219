"""Waivers on pages: listed, approved or refused by a second person, ended."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.identity.roles import Role
from tests.api.flags import colleague, flag, in_days, matter
from tests.api.permits import somebody_else
from tests.api.serving import UNITS, Served


@pytest.fixture
def department(served: Served) -> TestClient:
    return served.client(Role.DEPARTMENT)


@pytest.fixture
def legal_office(served: Served) -> TestClient:
    return served.client(Role.LEGAL_OFFICE)


def applied(client: TestClient, finding: dict[str, Any], reason: str = "由本单位负责") -> str:
    """Apply on the finding's page; returns the address of the waiver's."""
    form = {"reason": reason, "scope": "finding", "version": "1", "since": in_days(0), "until": in_days(30)}
    answer = client.post(f"/findings/{finding['key']}/waiver", data=form, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    address: str = answer.headers["location"]
    return address


def done(client: TestClient, address: str, what: str, reason: str = "") -> int:
    return client.post(f"{address}/{what}", data={"reason": reason}, follow_redirects=False).status_code


def test_a_second_person_approves(department: TestClient, legal_office: TestClient) -> None:
    address = applied(department, flag(department, matter(department, "w-approve")))
    assert f"{address}/approve" not in department.get(address).text
    assert f"{address}/approve" in legal_office.get(address).text
    assert done(legal_office, address, "approve") == 303
    assert "in force" in department.get(address).text
    assert address in department.get("/waivers", params={"standing": "in_force"}).text
    assert address not in department.get("/waivers", params={"standing": "applied"}).text


def test_nobody_approves_what_they_have_applied_for(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    address = applied(legal_office, flag(legal_office, matter(department, "w-own")))
    assert f"{address}/approve" not in legal_office.get(address).text
    assert done(legal_office, address, "approve") == 422
    second = colleague(served, UNITS[Role.LEGAL_OFFICE], role=Role.LEGAL_OFFICE)
    assert done(second, address, "approve") == 303


def test_refusing_and_ending_need_a_reason(department: TestClient, legal_office: TestClient) -> None:
    address = applied(department, flag(department, matter(department, "w-refuse")))
    assert done(legal_office, address, "refuse") == 422
    assert done(legal_office, address, "refuse", "理由不足") == 303
    assert "理由不足" in department.get(address).text
    other = applied(department, flag(department, matter(department, "w-end")))
    assert done(department, other, "end", " ") == 422
    assert done(department, other, "end", "已改正") == 303
    assert done(department, other, "end", "再次") == 422


def test_anothers_waiver_is_not_there(served: Served, department: TestClient) -> None:
    address = applied(department, flag(department, matter(department, "w-foreign")))
    outsider = somebody_else(served, "外单位豁免(虚构)")
    assert outsider.get(address).status_code == 404
    assert outsider.post(f"{address}/end", data={"reason": "x"}).status_code == 404
    assert address not in outsider.get("/waivers").text


def test_hostile_text_is_shown_as_text(department: TestClient, legal_office: TestClient) -> None:
    address = applied(department, flag(department, matter(department, "w-hostile")), "<script>alert(1)</script>")
    for page in (address, "/waivers"):
        text = legal_office.get(page).text
        assert "&lt;script&gt;" in text
        assert "<script>alert" not in text
