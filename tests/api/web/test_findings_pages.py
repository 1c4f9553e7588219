"""A finding's page: what was found, evidence beside the article, decisions, and applying for a waiver."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.identity.roles import Role
from api.store.keys import new_key
from tests.api.flags import DECIDED, OF_THE_LEGAL_OFFICE, decide, flag, hand_in, in_days, matter, mend
from tests.api.permits import FINDINGS, RECORDS, somebody_else
from tests.api.serving import Served
from tests.api.web.district import DemoDistrict

APPLIED = {"reason": "期限较短,由本单位负责", "scope": "finding", "version": "1"}


@pytest.fixture
def department(served: Served) -> TestClient:
    return served.client(Role.DEPARTMENT)


@pytest.fixture
def legal_office(served: Served) -> TestClient:
    return served.client(Role.LEGAL_OFFICE)


def shown(client: TestClient, finding: dict[str, Any]) -> str:
    answer = client.get(f"/findings/{finding['key']}")
    assert answer.status_code == 200, answer.text
    return answer.text


def decided(client: TestClient, finding: dict[str, Any], **form: str) -> int:
    state = re.search(r'name="state" value="([^"]+)"', shown(client, finding))
    address = f"/findings/{finding['key']}/decide"
    data = {"state": state[1] if state else "1-0", **form}
    return client.post(address, data=data, follow_redirects=False).status_code


def test_what_was_found_stands_there_with_the_cards_examples_on_both_sides(
    department: TestClient, legal_office: TestClient
) -> None:
    finding = flag(legal_office, matter(department, "f-shown"))
    text = shown(legal_office, finding)
    assert finding["message"]["en"] in text
    for verdict in ("satisfied", "violated"):
        assert f'<span class="mark {verdict}">' in text


def test_the_evidence_of_the_step_stands_beside_the_article_to_be_saved(district: DemoDistrict) -> None:
    author = district.somebody(Role.DEPARTMENT)
    office, csrf = district.somebody(Role.LEGAL_OFFICE, language="en"), {"X-CSRF-Token": author.csrf}
    short = {
        "id": "f-evidence",
        "title": "期限不足的事项(虚构)",
        "made_up": True,
        "jurisdiction": author.get("/api/v1/me").json()["jurisdiction"],
        "organ": "云岭县人民政府(虚构)",
        "organ_level": "county",
        "matter_class": "plan",
        "units": [{"name": author.account.unit, "role": "lead"}],
        "steps": {"public_comment": [{"opened": "2025-03-01", "closed": "2025-03-20"}]},
    }
    record = author.client.post(RECORDS, json=short, headers=csrf).json()
    finding = flag(office.client, record, "NR-15b")
    sent = author.client.post(
        f"{RECORDS}/{record['key']}/evidence",
        data={"step": finding["step"], "kind": "notice"},
        files={"file": ("公告.txt", "公告内容".encode(), "text/plain")},
        headers=csrf,
    )
    assert sent.status_code == 201, sent.text
    text = shown(office.client, finding)
    link = re.search(r'href="(/api/v1/records/[^"]+/evidence/[^"]+)"', text)
    assert link
    assert office.client.get(link[1]).content == "公告内容".encode()
    assert "Decree" in text
    assert "2026-11-23" in text, "when the wording was checked"
    assert "text read" in text


def test_departments_read_it_but_decide_nothing(department: TestClient, legal_office: TestClient) -> None:
    finding = flag(department, matter(department, "f-read"))
    assert "/decide" not in shown(department, finding)
    assert decided(department, finding, decision="confirmed") == 403
    assert flag(legal_office, {"key": finding["record"]})["review"] == "undecided"


def test_anothers_finding_is_not_there(served: Served, department: TestClient) -> None:
    finding = flag(department, matter(department, "f-foreign"))
    outsider = somebody_else(served, "外单位发现(虚构)")
    for key in (finding["key"], new_key(), "x"):
        assert outsider.get(f"/findings/{key}").status_code == 404
        assert outsider.post(f"/findings/{key}/waiver", data=APPLIED).status_code == 404


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"decision": "confirmed"}, "confirmed"),
        ({"decision": "dismissed", "reason": "说明属实"}, "dismissed"),
        ({"decision": "rectification_ordered", "reason": "重新公告", "due": in_days(5)}, "rectification_ordered"),
        ({"decision": "closed", "reason": "已提醒"}, "closed"),
    ],
)
def test_it_is_decided_on_its_page(
    department: TestClient, legal_office: TestClient, form: dict[str, str], expected: str
) -> None:
    finding = flag(legal_office, matter(department, f"f-{expected}"))
    assert decided(legal_office, finding, **form) == 303
    assert flag(legal_office, {"key": finding["record"]})["review"] == expected
    assert form.get("reason", "") in shown(department, finding)


@pytest.mark.parametrize(
    "form",
    [
        {"decision": "dismissed"},
        {"decision": "rectification_ordered", "reason": "重新公告"},
        {"decision": "rectification_ordered", "reason": "重新公告", "due": in_days(-1)},
        {"decision": "closed"},
        {"decision": "pardoned"},
        {"decision": "confirmed", "state": "7-7"},
    ],
)
def test_what_is_incomplete_or_seen_otherwise_is_told_and_what_was_written_stays(
    department: TestClient, legal_office: TestClient, form: dict[str, str]
) -> None:
    finding = flag(legal_office, matter(department, f"f-{len(str(form))}-{form['decision']}"))
    assert decided(legal_office, finding, **form) == 422
    assert flag(legal_office, {"key": finding["record"]})["review"] == "undecided"


def test_what_is_rectified_can_only_be_closed(department: TestClient, legal_office: TestClient) -> None:
    record = matter(department, "f-rectified")
    finding = flag(legal_office, record)
    mend(department, record)
    text = shown(legal_office, finding)
    assert set(re.findall(r'name="decision" value="(\w+)"', text)) == {"closed"}
    assert decided(legal_office, finding, decision="closed", rectified="yes") == 303


def test_its_history_and_decisions_are_told(department: TestClient, legal_office: TestClient) -> None:
    record = matter(department, "f-history")
    finding = flag(legal_office, record)
    decide(legal_office, finding, "confirm", reason="看过公告")
    hand_in(department, record, notice={"opened": "2024-03-01", "closed": "2024-03-06"}, decision=DECIDED)
    text = shown(department, finding)
    assert "看过公告" in text
    assert "opened" in text
    assert "changed" in text


def test_the_unit_that_leads_applies_for_a_waiver(department: TestClient, legal_office: TestClient) -> None:
    finding = flag(department, matter(department, "f-waiver"))
    form = APPLIED | {"since": in_days(0), "until": in_days(30)}
    address = f"/findings/{finding['key']}/waiver"
    applied = department.post(address, data=form, follow_redirects=False)
    assert applied.status_code == 303
    assert APPLIED["reason"] in department.get(applied.headers["location"]).text
    assert applied.headers["location"] in shown(legal_office, finding)
    again = department.post(address, data=form, follow_redirects=False)
    assert again.status_code == 422
    assert APPLIED["reason"] in again.text


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"until": ""}, {"until": in_days(-2)}, {"version": "9"}])
def test_an_application_that_lacks_something_is_told_so(department: TestClient, wrong: dict[str, str]) -> None:
    finding = flag(department, matter(department, f"f-lacks-{new_key()}"))
    form = APPLIED | {"since": in_days(0), "until": in_days(30)} | wrong
    answer = department.post(f"/findings/{finding['key']}/waiver", data=form, follow_redirects=False)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_hostile_text_is_shown_as_text(department: TestClient, legal_office: TestClient) -> None:
    hostile = "<script>alert(1)</script>\u202e" + "长" * 1_000
    title = {"zh": hostile, "en": hostile}
    finding = flag(department, matter(department, "f-hostile", title=title))
    decide(legal_office, finding, "dismiss", reason=hostile)
    text = shown(legal_office, finding)
    assert text.count("&lt;script&gt;") >= 2
    assert "<script>alert" not in text


def test_every_finding_of_the_made_up_district_has_a_page_of_no_more_than_150_kb(district: DemoDistrict) -> None:
    office = district.somebody(Role.LEGAL_OFFICE)
    items = office.get(FINDINGS, limit=200).json()["items"]
    assert len(items) > 50
    by_card = {item["card"]: item for item in items}
    for item in by_card.values():
        answer = office.get(f"/findings/{item['key']}")
        assert answer.status_code == 200
        assert len(answer.content) < 150_000


def test_the_general_office_decides_about_the_legal_offices_steps(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    finding = flag(legal_office, matter(department, "f-general"), OF_THE_LEGAL_OFFICE)
    assert "/decide" not in shown(legal_office, finding)
    assert decided(legal_office, finding, decision="confirmed") == 422
    assert decided(served.client(Role.GENERAL_OFFICE), finding, decision="confirmed") == 303
