"""A named person answers for a violation until a day; another person lets them; no verdict and no gate changes."""

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy.exc import DBAPIError
from sqlmodel import select, text

from api.clock import now, today
from api.findings.tables import Finding
from api.identity.reach import Reach
from api.identity.roles import Role
from api.judging.models import StatusOut
from api.store.keys import new_key
from api.store.tables import TrailEntry
from api.store.verification import Tampering, verify
from api.waivers.models import WaiverFilter, WaiverStanding
from api.waivers.reading import listed, standing
from api.waivers.standing import carried_over, in_force
from api.waivers.tables import Waiver
from api.waivers.witness import WITNESSES
from tests.api.flags import (
    DECIDED,
    OF_A_DEPARTMENT,
    OF_THE_LEGAL_OFFICE,
    colleague,
    decide,
    flag,
    hand_in,
    in_days,
    matter,
    mend,
)
from tests.api.permits import FINDINGS, RECORDS, SHORT_NOTICE, somebody_else
from tests.api.serving import PLACE, UNITS, Served
from tests.api.tampering import tamper

WAIVERS = "/api/v1/waivers"
WHY = "the office was moving"


def applied(client: TestClient, finding: dict[str, Any], **said: object) -> Response:
    usual = {"finding": finding["key"], "version": 1, "reason": WHY, "since": in_days(0), "until": in_days(30)}
    return client.post(WAIVERS, json={**usual, **said})


def pending(client: TestClient, finding: dict[str, Any], **said: object) -> str:
    answer = applied(client, finding, **said)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{WAIVERS}/{answer.json()['key']}"
    key: str = answer.json()["key"]
    return key


def approved(department: TestClient, legal_office: TestClient, finding: dict[str, Any], **said: object) -> str:
    key = pending(department, finding, **said)
    answer = legal_office.post(f"{WAIVERS}/{key}/approve", json={})
    assert answer.status_code == 200, answer.text
    return key


def stands(client: TestClient, key: str) -> str:
    told: str = client.get(f"{WAIVERS}/{key}").json()["standing"]
    return told


def waived(client: TestClient, record: str, **asked: str) -> list[str]:
    answer = client.get(f"{RECORDS}/{record}/status", params=asked)
    assert answer.status_code == 200, answer.text
    return [waiver["card"] for waiver in answer.json()["waivers"]]


def test_who_leads_applies_and_the_legal_office_approves(department: TestClient, legal_office: TestClient) -> None:
    finding = flag(department, matter(department, "a1"))
    key = pending(department, finding)
    assert stands(legal_office, key) == "applied"
    answer = legal_office.post(f"{WAIVERS}/{key}/approve", json={"reason": "understood"})
    told = answer.json()
    assert (answer.status_code, told["standing"], told["scope"], told["version"]) == (200, "in_force", "finding", 1)
    assert (told["card"], told["reason"], told["role"]) == (OF_A_DEPARTMENT, WHY, "department")
    assert [(event["what"], event["reason"]) for event in told["events"]] == [
        ("applied", None),
        ("approved", "understood"),
    ]
    assert told["applied_by"] != told["approved_by"]


def test_two_persons_of_a_legal_office_do_it_between_them(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    finding = flag(department, matter(department, "a2"))
    key = pending(legal_office, finding)
    for how, said in (("approve", {}), ("refuse", {"reason": "no"})):
        refused = legal_office.post(f"{WAIVERS}/{key}/{how}", json=said)
        assert (refused.status_code, refused.json()["code"]) == (403, "own_application")
    second = colleague(served, UNITS[Role.LEGAL_OFFICE], role=Role.LEGAL_OFFICE)
    assert second.post(f"{WAIVERS}/{key}/approve", json={}).json()["standing"] == "in_force"


def test_a_waiver_changes_no_verdict_and_opens_no_gate(department: TestClient, legal_office: TestClient) -> None:
    record = matter(department, "b1")["key"]
    status = StatusOut.model_validate_json(legal_office.get(f"{RECORDS}/{record}/status").content)
    finding = flag(department, {"key": record})
    approved(department, legal_office, finding)
    after = StatusOut.model_validate_json(legal_office.get(f"{RECORDS}/{record}/status").content)
    assert [waiver.card for waiver in after.waivers] == [OF_A_DEPARTMENT]
    assert after.model_copy(update={"waivers": (), "known_at": status.known_at}) == status
    assert not after.compliant
    assert flag(department, {"key": record})["verdict"] == "violated"
    assert flag(department, {"key": record})["state"] == "open"


def test_a_waiver_is_shown_beside_the_finding_and_the_status(department: TestClient, legal_office: TestClient) -> None:
    record = matter(department, "b2")["key"]
    before = legal_office.get(f"{RECORDS}/{record}/status")
    finding = flag(department, {"key": record})
    assert finding["waived_until"] is None
    key = approved(department, legal_office, finding)
    told = flag(department, {"key": record})
    assert told["waived_until"] == in_days(30)
    shown = {"key": key, "card": OF_A_DEPARTMENT, "scope": "finding", "since": in_days(0), "until": in_days(30)}
    assert department.get(f"{FINDINGS}/{finding['key']}").json()["waivers"] == [shown]
    after = legal_office.get(f"{RECORDS}/{record}/status", headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.json()["waivers"]) == (200, [shown])
    again = legal_office.get(f"{RECORDS}/{record}/status", params={"known_at": after.json()["known_at"]})
    assert again.json()["waivers"] == [shown]
    for wanted, cards in ((True, [OF_A_DEPARTMENT]), (False, [OF_THE_LEGAL_OFFICE])):
        items = legal_office.get(FINDINGS, params={"record": record, "waived": wanted}).json()["items"]
        assert [item["card"] for item in items] == cards


def test_which_waivers_were_in_force_is_told_for_any_day_and_time(
    department: TestClient, legal_office: TestClient
) -> None:
    record = matter(department, "b3")["key"]
    before = now().isoformat()
    key = approved(department, legal_office, flag(department, {"key": record}), until=in_days(5))
    then = now().isoformat()
    assert waived(legal_office, record, known_at=before) == []
    assert waived(legal_office, record, known_at=then) == [OF_A_DEPARTMENT]
    assert waived(legal_office, record, as_of=in_days(-1)) == []
    assert waived(legal_office, record, as_of=in_days(5)) == [OF_A_DEPARTMENT]
    assert waived(legal_office, record, as_of=in_days(6)) == []
    legal_office.post(f"{WAIVERS}/{key}/end", json={"reason": "enough"})
    assert waived(legal_office, record) == []
    assert waived(legal_office, record, known_at=then) == [OF_A_DEPARTMENT]


def test_a_waiver_that_begins_later_is_not_in_force_yet(department: TestClient, legal_office: TestClient) -> None:
    record = matter(department, "b4")["key"]
    key = approved(department, legal_office, flag(department, {"key": record}), since=in_days(3))
    assert stands(department, key) == "coming"
    assert waived(legal_office, record) == []
    assert waived(legal_office, record, as_of=in_days(3)) == [OF_A_DEPARTMENT]


def test_a_waiver_ends_when_the_record_changes(department: TestClient, legal_office: TestClient) -> None:
    record = matter(department, "c1")
    key = approved(department, legal_office, flag(department, record), scope="card")
    other = pending(department, flag(department, record, OF_THE_LEGAL_OFFICE))
    added = {"received": "2024-02-01"}
    hand_in(department, record, application=added, notice=SHORT_NOTICE, decision=DECIDED)
    for reopened in (key, other):
        told = legal_office.get(f"{WAIVERS}/{reopened}").json()
        assert (told["standing"], told["version"]) == ("reopened", 1)
        assert (told["events"][-1]["what"], told["events"][-1]["version"]) == ("reopened", 2)
    assert waived(legal_office, record["key"]) == []
    refused = legal_office.post(f"{WAIVERS}/{other}/approve", json={})
    assert refused.status_code == 403  # it is about the legal office's own step
    for how in ("approve", "refuse", "end"):
        refused = legal_office.post(f"{WAIVERS}/{key}/{how}", json={"reason": "late"})
        assert (refused.status_code, refused.json()["code"]) == (409, "waiver_state"), refused.text
    assert applied(department, flag(department, record)).json()["code"] == "record_changed"
    assert applied(department, flag(department, record), version=2).status_code == 201


def test_a_waiver_ends_when_somebody_ends_it(
    served: Served, department: TestClient, legal_office: TestClient, general_office: TestClient
) -> None:
    name = "某区交通局(虚构)"
    joint = somebody_else(served, name)
    units = [{"name": UNITS[Role.DEPARTMENT], "role": "lead"}, {"name": name, "role": "joint"}]
    record = matter(department, "c2", units=units)
    key = approved(department, legal_office, flag(department, record))
    for client in (joint, general_office):
        refused = client.post(f"{WAIVERS}/{key}/end", json={"reason": "not ours"})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yours_to_decide")
    second = colleague(served, UNITS[Role.LEGAL_OFFICE], role=Role.LEGAL_OFFICE)
    answer = second.post(f"{WAIVERS}/{key}/end", json={"reason": "enough"})
    assert (answer.status_code, answer.json()["standing"]) == (200, "ended")
    assert waived(legal_office, record["key"]) == []
    assert flag(department, record)["waived_until"] is None
    again = legal_office.post(f"{WAIVERS}/{key}/end", json={"reason": "twice"})
    assert (again.status_code, again.json()["code"]) == (409, "waiver_state")


def test_who_applied_can_take_it_back(department: TestClient, legal_office: TestClient) -> None:
    finding = flag(department, matter(department, "c3"), OF_THE_LEGAL_OFFICE)
    for client in (legal_office, department):
        key = pending(client, finding)
        assert client.post(f"{WAIVERS}/{key}/end", json={"reason": "done"}).json()["standing"] == "ended"


def test_a_refused_waiver_says_why(department: TestClient, legal_office: TestClient) -> None:
    finding = flag(department, matter(department, "c4"))
    key = pending(department, finding)
    assert legal_office.post(f"{WAIVERS}/{key}/refuse", json={}).status_code == 422
    told = legal_office.post(f"{WAIVERS}/{key}/refuse", json={"reason": "no ground"}).json()
    assert (told["standing"], told["approved_at"]) == ("refused", None)
    assert told["events"][-1]["reason"] == "no ground"
    assert applied(department, finding).status_code == 201


def test_waivers_lapse_as_days_pass_without_being_touched(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    record = matter(department, "d1")["key"]
    finding = flag(department, {"key": record})
    key = approved(department, legal_office, finding, until=in_days(2))
    expected = {
        0: WaiverStanding.IN_FORCE,
        2: WaiverStanding.IN_FORCE,
        3: WaiverStanding.LAPSED,
    }
    reach = Reach(Role.LEGAL_OFFICE, PLACE, today(), places=frozenset({PLACE}), named=(), legal_offices=())
    with served.service.database.reading() as session:
        waiver = session.get_one(Waiver, key)
        for days, found in expected.items():
            day = today() + timedelta(days=days)
            assert standing(waiver, today=day) == found
            for wanted in WaiverStanding:
                rows = listed(session, reach, WaiverFilter(record=record, standing=wanted), today=day)
                assert [row.key for row, _ in rows] == ([key] if wanted == found else [])
            forced = session.exec(select(Waiver.key).where(in_force(as_of=day, known_at=now()), Waiver.key == key))
            assert list(forced) == ([key] if found == WaiverStanding.IN_FORCE else [])


def test_what_has_lapsed_is_neither_approved_nor_ended(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    key = pending(department, flag(department, matter(department, "d2")))
    with served.service.database.writing() as session:
        waiver = session.get_one(Waiver, key)
        waiver.since = waiver.until = today() - timedelta(days=1)
    for how in ("approve", "end"):
        refused = legal_office.post(f"{WAIVERS}/{key}/{how}", json={"reason": "late"})
        assert (refused.status_code, refused.json()["code"]) == (409, "waiver_lapsed")


def test_what_happens_to_a_finding_ends_a_waiver_of_it_and_not_one_of_its_card(
    served: Served, department: TestClient, legal_office: TestClient, general_office: TestClient
) -> None:
    """As days pass and rules change, findings change without a new version of the record."""
    record = matter(department, "d3")
    of_finding = approved(department, legal_office, flag(department, record))
    of_card = approved(department, general_office, flag(department, record, OF_THE_LEGAL_OFFICE), scope="card")
    with served.service.database.writing() as session:
        moved = set(session.exec(select(Finding.key).where(Finding.record == record["key"])))
        at, by = now(), "sweep"
        kept = carried_over(session, record["key"], version=1, moved=moved, as_of=today(), at=at, by=by)
    assert [waiver.key for waiver in kept] == [of_card]
    assert (stands(department, of_finding), stands(department, of_card)) == ("reopened", "in_force")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_auditors_and_admins_apply_for_nothing(served: Served, department: TestClient, role: Role) -> None:
    finding = flag(department, matter(department, f"e-{role}"))
    refused = applied(served.client(role), finding)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_a_unit_that_only_takes_part_applies_for_nothing(served: Served, department: TestClient) -> None:
    joint = somebody_else(served, "某区水务局(虚构)")
    units = [{"name": UNITS[Role.DEPARTMENT], "role": "lead"}, {"name": "某区水务局(虚构)", "role": "joint"}]
    finding = flag(department, matter(department, "e1", units=units))
    assert flag(joint, {"key": finding["record"]})["key"] == finding["key"]
    refused = applied(joint, finding)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_leading")


def test_the_general_office_decides_about_waivers_of_the_legal_offices_step(
    department: TestClient, legal_office: TestClient, general_office: TestClient
) -> None:
    finding = flag(department, matter(department, "e2"), OF_THE_LEGAL_OFFICE)
    key = pending(legal_office, finding)
    assert general_office.post(f"{WAIVERS}/{key}/approve", json={}).json()["standing"] == "in_force"
    key = pending(department, flag(department, {"key": finding["record"]}))
    refused = general_office.post(f"{WAIVERS}/{key}/approve", json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours_to_decide")


def test_what_lies_elsewhere_is_not_there(served: Served, department: TestClient) -> None:
    finding = flag(department, matter(department, "f1"))
    key = pending(department, finding)
    elsewhere = somebody_else(served, "外市司法局(虚构)", role=Role.LEGAL_OFFICE, place="CN-33-QZ")
    outsider = somebody_else(served, "外单位(虚构)")
    for client in (elsewhere, outsider):
        assert applied(client, finding).json()["code"] == "unknown_finding"
        assert client.get(f"{WAIVERS}/{key}").json()["code"] == "unknown_waiver"
        assert client.get(WAIVERS, params={"finding": finding["key"]}).json()["items"] == []
    for how in ("approve", "refuse", "end"):
        for guessed in (key, new_key(), "x"):
            answer = elsewhere.post(f"{WAIVERS}/{guessed}/{how}", json={"reason": "mine"})
            assert (answer.status_code, answer.json()["code"]) == (404, "unknown_waiver")


def test_a_decision_is_made_once(department: TestClient, legal_office: TestClient) -> None:
    key = approved(department, legal_office, flag(department, matter(department, "g1")))
    for how in ("approve", "refuse"):
        again = legal_office.post(f"{WAIVERS}/{key}/{how}", json={"reason": "again"})
        assert (again.status_code, again.json()["code"]) == (409, "waiver_state")


def test_days_that_are_anothers_are_refused(department: TestClient, legal_office: TestClient) -> None:
    finding = flag(department, matter(department, "g2"))
    approved(department, legal_office, finding, until=in_days(10))
    refused = applied(department, finding, since=in_days(10), until=in_days(20))
    assert (refused.status_code, refused.json()["code"]) == (409, "waiver_exists")
    assert applied(department, finding, since=in_days(11), until=in_days(20)).status_code == 201


def test_what_is_no_open_flag_is_not_waived(department: TestClient, legal_office: TestClient) -> None:
    record = matter(department, "h1", determinations={})
    question = flag(department, record, OF_THE_LEGAL_OFFICE)
    assert question["kind"] == "question"
    refused = applied(department, question)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_waive")
    finding = flag(department, record)
    decide(legal_office, finding, "dismiss", reason="read out")
    assert applied(department, finding).json()["code"] == "nothing_to_waive"
    mended = mend(department, record)
    assert applied(department, finding, version=mended["version"]).json()["code"] == "nothing_to_waive"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"since": in_days(-1)}, "day_passed"),
        ({"since": in_days(3), "until": in_days(2)}, "waiver_days"),
        ({"reason": " "}, None),
        ({"reason": "密级:机密"}, "classified"),
        ({"scope": "everything"}, None),
        ({"until": None}, None),
        ({"until": "2026-13-01"}, None),
        ({"version": 0}, None),
        ({"version": 2**40}, None),
        ({"approved": True}, None),
    ],
)
def test_what_is_wrong_is_refused(department: TestClient, said: dict[str, object], code: str | None) -> None:
    finding = flag(department, matter(department, f"i-{new_key()}"))
    refused = applied(department, finding, **said)
    assert refused.status_code == 422, refused.text
    assert code in {None, refused.json()["code"]}
    assert department.get(WAIVERS, params={"finding": finding["key"]}).json()["items"] == []


def test_the_same_request_applies_once(department: TestClient) -> None:
    finding = flag(department, matter(department, "j1"))
    said = {"finding": finding["key"], "version": 1, "reason": WHY, "since": in_days(0), "until": in_days(9)}
    answers = [department.post(WAIVERS, json=said, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content


def test_waivers_are_listed_in_pages_and_as_tables(department: TestClient, legal_office: TestClient) -> None:
    keys = [pending(department, flag(department, matter(department, f"k{number}"))) for number in range(3)]
    page = legal_office.get(WAIVERS, params={"limit": 2, "standing": "applied"}).json()
    assert [item["key"] for item in page["items"]] == [keys[2], keys[1]]
    following = legal_office.get(WAIVERS, params={"limit": 2, "standing": "applied", "cursor": page["next"]}).json()
    assert following["items"][0]["key"] == keys[0]
    table = legal_office.get(WAIVERS, params={"standing": "applied", "format": "csv"}).text
    assert table.lstrip("\ufeff").startswith("key,state,id of the record")
    assert keys[0] in table
    assert legal_office.get(WAIVERS, params={"standing": "applied", "format": "xlsx"}).content.startswith(b"PK")


def test_waivers_are_in_the_trail_which_vouches_for_them(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    key = approved(department, legal_office, flag(department, matter(department, "l1")), reason="搬家")
    with served.service.database.reading() as session:
        entries = session.exec(select(TrailEntry).where(TrailEntry.subject == key)).all()
        assert [entry.action for entry in entries] == ["waiver.applied", "waiver.approved"]
        assert "搬家" not in "".join(str(entry.content) for entry in entries)


def test_the_database_refuses_to_change_what_happened(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    approved(department, legal_office, flag(department, matter(department, "l2")))
    for sql in ("UPDATE waiver_event SET reason = 'other'", "DELETE FROM waiver_event"):
        with pytest.raises(DBAPIError, match="only be added to"), served.service.database.writing() as session:
            session.execute(text(sql))


def test_a_waiver_that_was_changed_behind_its_back_shows(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    key = approved(department, legal_office, flag(department, matter(department, "zz")))
    far = date(2999, 1, 1).isoformat()
    tamper(served.service.database, f"UPDATE waiver SET until = '{far}' WHERE key = '{key}'", table="waiver_event")
    with served.service.database.reading() as session:
        problems = [problem for problem in verify(session, witnesses=WITNESSES) if problem.subject.startswith(key)]
    assert [(problem.kind, problem.subject) for problem in problems] == [
        (Tampering.CONTENT_CHANGED, f"{key}/1"),
        (Tampering.CONTENT_CHANGED, f"{key}/2"),
    ]
