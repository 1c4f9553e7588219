"""Attesting the rounds of a record on a page, each by the role that the procedure names for its step."""

import re

import pytest

from api.identity.roles import Role
from tests.api.flags import DECIDED, EXAMINED, hand_in
from tests.api.permits import LONG_NOTICE, somebody_else, submitted
from tests.api.serving import Served


@pytest.fixture
def address(served: Served) -> str:
    """Submit a record with a round of each step; returns the address of the page."""
    done = {"notice": LONG_NOTICE, "examination": EXAMINED, "decision": DECIDED}
    return f"/records/{submitted(served.client(Role.DEPARTMENT), NEXT.pop(), **done)['key']}/attest"


NEXT = [f"attest-{number}" for number in range(20)]


@pytest.mark.parametrize(
    ("role", "step"),
    [(Role.DEPARTMENT, "notice"), (Role.LEGAL_OFFICE, "examination"), (Role.GENERAL_OFFICE, "decision")],
)
def test_each_role_attests_its_own_steps(served: Served, address: str, role: Role, step: str) -> None:
    client = served.client(role)
    assert re.findall(r'name="step" value="(\w+)"', client.get(address).text) == [step]
    form = {"step": step, "place": "0", "version": "1"}
    assert client.post(address, data=form, follow_redirects=False).status_code == 303
    assert 'name="step"' not in client.get(address).text
    for other in {"notice", "examination", "decision"} - {step}:
        assert client.post(address, data={**form, "step": other}).status_code == 422


@pytest.mark.parametrize(
    "form", [{"step": "examination"}, {"step": "none", "place": "0", "version": "1"}, {"place": "9", "version": "1"}]
)
def test_what_is_not_there_is_not_attested(served: Served, address: str, form: dict[str, str]) -> None:
    answer = served.client(Role.LEGAL_OFFICE).post(address, data={"step": "examination", **form})
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_a_round_that_changed_since_it_was_seen_is_not_attested(served: Served, address: str) -> None:
    department, key = served.client(Role.DEPARTMENT), address.split("/")[2]
    record = {"key": key, "record": department.get(f"/api/v1/records/{key}").json()["record"]}
    hand_in(department, record, notice=LONG_NOTICE, examination={"done": "2024-03-21"}, decision=DECIDED)
    form = {"step": "examination", "place": "0", "version": "1"}
    assert served.client(Role.LEGAL_OFFICE).post(address, data=form).status_code == 422


def test_anothers_record_is_not_there_and_auditors_attest_nothing(served: Served, address: str) -> None:
    assert somebody_else(served, "外单位确认(虚构)").get(address).status_code == 404
    assert served.client(Role.AUDITOR).get(address).status_code == 403


def test_the_page_of_a_record_leads_whoever_may_attest_there_and_nobody_else(served: Served, address: str) -> None:
    record = address.removesuffix("/attest")
    led = {role for role in Role if f'href="{address}"' in served.client(role).get(record).text}
    assert led == {Role.DEPARTMENT, Role.LEGAL_OFFICE, Role.GENERAL_OFFICE}
