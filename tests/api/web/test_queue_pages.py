"""The queue: what somebody has to decide about, by gate and age; several at once with one reason."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.identity.roles import Role
from tests.api.flags import OF_THE_LEGAL_OFFICE, colleague, decide, flag, in_days, matter, mend
from tests.api.permits import somebody_else
from tests.api.serving import Served
from tests.api.web.district import DemoDistrict


@pytest.fixture
def department(served: Served) -> TestClient:
    return served.client(Role.DEPARTMENT)


@pytest.fixture
def legal_office(served: Served) -> TestClient:
    return served.client(Role.LEGAL_OFFICE)


def boxes(text: str) -> dict[str, str]:
    """Return the check boxes of a queue by the keys of their findings."""
    return {value.partition(":")[0]: value for value in re.findall(r'name="chosen" value="([^"]+)"', text)}


def queued(client: TestClient, **filters: str | int) -> dict[str, str]:
    answer = client.get("/queue", params={"limit": 200, **filters})
    assert answer.status_code == 200, answer.text
    return boxes(answer.text)


def chosen(client: TestClient, *findings: dict[str, Any]) -> list[str]:
    present = queued(client, kind="", state="", review="")
    return [present[finding["key"]] for finding in findings]


def test_each_office_finds_in_its_queue_what_it_decides_about(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    record = matter(department, "q-whose")
    ours, theirs = flag(legal_office, record), flag(legal_office, record, OF_THE_LEGAL_OFFICE)
    assert ours["key"] in queued(legal_office)
    assert theirs["key"] not in queued(legal_office)
    general_office = served.client(Role.GENERAL_OFFICE)
    assert theirs["key"] in queued(general_office)
    assert ours["key"] not in queued(general_office)


def test_what_is_queued_is_what_may_be_decided(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    """The same for a legal office that leads a matter itself, for others, and for the one above."""
    name = "某区司法局三(虚构)"
    office = somebody_else(served, name, role=Role.LEGAL_OFFICE)
    same = colleague(served, name, role=Role.DEPARTMENT)
    above = somebody_else(served, "某国司法部(虚构)", role=Role.LEGAL_OFFICE, place="CN")
    matter(same, "q-own-cause", units=[{"name": name, "role": "lead"}])
    matter(department, "q-no-own-cause")
    everything = [item["key"] for item in above.get("/api/v1/findings", params={"limit": 200}).json()["items"]]
    for client in (office, legal_office, above, served.client(Role.GENERAL_OFFICE)):
        present = queued(client, kind="", state="", review="")
        for key in everything:
            assert (key in present) == (f"/findings/{key}/decide" in client.get(f"/findings/{key}").text)


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.AUDITOR, Role.ADMIN])
def test_nobody_else_has_a_queue(served: Served, role: Role) -> None:
    assert served.client(role).get("/queue").status_code == 403


def test_an_office_elsewhere_sees_nothing_of_it(served: Served, department: TestClient) -> None:
    elsewhere = somebody_else(served, "某市司法局二(虚构)", role=Role.LEGAL_OFFICE, place="CN-33-QZ")
    record = matter(department, "q-elsewhere")
    assert flag(department, record)["key"] not in queued(elsewhere)


def test_at_first_the_queue_holds_the_open_flags_that_are_undecided(
    department: TestClient, legal_office: TestClient
) -> None:
    one, two, three = (flag(legal_office, matter(department, f"q-open-{number}")) for number in range(3))
    decide(legal_office, one, "confirm")
    mended = matter(department, "q-mended")
    gone = flag(legal_office, mended)
    mend(department, mended)
    present = queued(legal_office)
    assert {two["key"], three["key"]} <= set(present)
    assert not {one["key"], gone["key"]} & set(present)
    assert one["key"] in queued(legal_office, review="confirmed")
    assert gone["key"] in queued(legal_office, state="rectified")


def test_filters_stay_in_the_address_and_in_the_form(department: TestClient, legal_office: TestClient) -> None:
    matter(department, "q-filters")
    text = legal_office.get("/queue", params={"unit": "某区住房局(虚构)", "overdue": "no", "age": "3"}).text
    assert 'name="unit" value="某区住房局(虚构)"' in text
    assert '<option value="no" selected>' in text
    assert not boxes(text), "nothing is three days old"
    assert boxes(legal_office.get("/queue", params={"age": "no number", "gate": "no gate", "kind": "none"}).text)


def test_the_pages_of_the_queue_hold_each_finding_once(department: TestClient, legal_office: TestClient) -> None:
    for number in range(3):
        matter(department, f"q-paged-{number}")
    whole, found, address = list(queued(legal_office)), [], "/queue?limit=2"
    while address:
        text = legal_office.get(address).text
        found += list(boxes(text))
        cursor = re.search(r'name="cursor" value="([^"]+)"', text)
        address = f"/queue?limit=2&cursor={cursor[1]}" if cursor else ""
    assert found == whole


def test_several_are_decided_at_once_with_one_reason(department: TestClient, legal_office: TestClient) -> None:
    some = [flag(legal_office, matter(department, f"q-several-{number}")) for number in range(3)]
    form = {"chosen": chosen(legal_office, *some), "decision": "dismissed", "reason": "口头说明属实"}
    answer = legal_office.post("/queue?unit=x", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue?unit=x&done=3")
    for finding in some:
        assert flag(legal_office, {"key": finding["record"]})["review"] == "dismissed"
    assert "3 decided." in legal_office.get("/queue?unit=x&done=3").text


def test_rectification_is_ordered_by_a_day(department: TestClient, legal_office: TestClient) -> None:
    finding = flag(legal_office, matter(department, "q-ordered"))
    form = {"chosen": chosen(legal_office, finding), "decision": "rectification_ordered", "reason": "重新公告"}
    assert legal_office.post("/queue", data=form, follow_redirects=False).status_code == 422
    ordered = legal_office.post("/queue", data={**form, "due": in_days(10)}, follow_redirects=False)
    assert ordered.status_code == 303
    assert flag(legal_office, {"key": finding["record"]})["due"] == in_days(10)


def test_of_what_is_refused_it_is_told_for_each_why_and_the_rest_is_done(
    department: TestClient, legal_office: TestClient
) -> None:
    fresh, moved = (flag(legal_office, matter(department, f"q-partly-{number}")) for number in range(2))
    boxes_ = chosen(legal_office, fresh, moved)
    decide(legal_office, moved, "confirm")
    foreign = flag(legal_office, {"key": fresh["record"]}, OF_THE_LEGAL_OFFICE)
    answer = legal_office.post(
        "/queue",
        data={"chosen": [*boxes_, f"{foreign['key']}:1-0", "nonsense"], "decision": "dismissed", "reason": "说明属实"},
        follow_redirects=False,
    )
    assert answer.status_code == 422
    assert "1 decided." in answer.text
    for key in (moved["key"], foreign["key"], "nonsense"):
        assert f"/findings/{key}" in answer.text
    assert fresh["key"] not in re.findall(r"/findings/(\w+)\"", answer.text.partition("<table>")[0])
    assert flag(legal_office, {"key": fresh["record"]})["review"] == "dismissed"
    assert flag(legal_office, {"key": moved["record"]})["review"] == "confirmed"


@pytest.mark.parametrize(
    "form",
    [
        {"decision": "confirmed"},
        {"decision": "dismissed", "chosen": ["x:1-0"]},
        {"decision": "pardoned", "chosen": ["x:1-0"]},
        {"chosen": ["x:1-0"]},
    ],
)
def test_a_form_that_says_too_little_is_told_so_and_changes_nothing(
    legal_office: TestClient, form: dict[str, object]
) -> None:
    answer = legal_office.post("/queue", data=form, follow_redirects=False)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_what_was_chosen_stays_chosen_until_a_reason_is_given(department: TestClient, legal_office: TestClient) -> None:
    one, other = (flag(legal_office, matter(department, f"q-chosen-{number}")) for number in range(2))
    form = {"chosen": chosen(legal_office, one), "decision": "dismissed"}
    answer = legal_office.post("/queue?limit=200", data=form, follow_redirects=False)
    assert answer.status_code == 422
    checked = re.findall(r'name="chosen" value="(\w+):[^>]* checked>', answer.text)
    assert checked == [one["key"]]
    assert other["key"] in boxes(answer.text)


def test_hostile_text_is_shown_as_text(department: TestClient, legal_office: TestClient) -> None:
    hostile = "<script>alert(1)</script>"
    matter(department, "q-hostile", title={"zh": hostile, "en": hostile})
    text = legal_office.get("/queue", params={"limit": 200, "unit": '"><script>alert(2)</script>'}).text
    text += legal_office.get("/queue", params={"limit": 200}).text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


def test_the_made_up_districts_queue_is_sorted_by_gate_and_asks_for_a_token_of_the_site(
    district: DemoDistrict,
) -> None:
    office = district.somebody(Role.LEGAL_OFFICE)
    text = office.get("/queue").text
    gates = re.findall(r'<td class="short">(提交讨论|出台|不设关口)</td>', text)
    order = ["提交讨论", "出台", "不设关口"]
    assert gates
    assert gates == sorted(gates, key=order.index)
    counted = dict(re.findall(r"gate=(\w+)[^>]*>[^<]+<strong>(\d+)</strong>", text))
    assert {gate: counted.get(code) for code, gate in zip(("discussion", "issue", "none"), order, strict=True)} == {
        gate: str(gates.count(gate)) for gate in order
    }
    refused = office.client.post("/queue", data={"decision": "confirmed", "chosen": list(boxes(text).values())})
    assert refused.status_code == 403
