"""A legal office reviews flags: confirms, dismisses with reason, orders rectification by a day, closes."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select, text

from api.clock import now
from api.findings.tables import Finding, FindingState
from api.identity.roles import Role
from api.reviews.standing import holding
from api.reviews.tables import Decision, ReviewInForce
from api.reviews.witness import WITNESSES
from api.store.keys import new_key
from api.store.tables import TrailEntry
from api.store.verification import Tampering, verify
from tests.api.flags import (
    DECIDED,
    EXAMINED,
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
from tests.api.permits import FINDINGS, LONG_NOTICE, SHORT_NOTICE, somebody_else
from tests.api.serving import Served
from tests.api.tampering import tamper

SHORTER = {"opened": "2024-03-01", "closed": "2024-03-06"}
DECISIONS: dict[str, dict[str, object]] = {
    "confirm": {},
    "dismiss": {"reason": "the notice was read out"},
    "order": {"reason": "extend it", "due": in_days(10)},
    "close": {"reason": "reprimanded"},
}


def state(client: TestClient, finding: dict[str, Any]) -> str:
    told: str = client.get(f"{FINDINGS}/{finding['key']}/reviews").json()["state"]
    assert client.get(f"{FINDINGS}/{finding['key']}").json()["review"] == told
    return told


def test_a_finding_is_undecided_at_first(department: TestClient, legal_office: TestClient) -> None:
    finding = flag(legal_office, matter(department, "a1"))
    assert (finding["review"], finding["due"]) == ("undecided", None)
    told = legal_office.get(f"{FINDINGS}/{finding['key']}/reviews").json()
    assert told == {"finding": finding["key"], "state": "undecided", "due": None, "events": 1, "items": []}


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("confirm", "confirmed"),
        ("dismiss", "dismissed"),
        ("order", "rectification_ordered"),
        ("close", "closed"),
    ],
)
def test_a_legal_office_decides_about_a_departments_step(
    department: TestClient, legal_office: TestClient, how: str, expected: str
) -> None:
    finding = flag(legal_office, matter(department, f"b-{how}"))
    answer = decide(legal_office, finding, how, **DECISIONS[how])
    assert answer.status_code == 201, answer.text
    (item,) = answer.json()["items"]
    assert (answer.json()["state"], item["decision"], item["number"]) == (expected, expected, 1)
    assert (item["reason"], item["due"]) == (DECISIONS[how].get("reason"), DECISIONS[how].get("due"))
    assert (item["role"], item["version"], item["events"], item["until"]) == ("legal_office", 1, 1, None)
    assert flag(department, {"key": finding["record"]})["review"] == expected


def test_who_leads_sees_what_was_decided(department: TestClient, legal_office: TestClient) -> None:
    finding = flag(legal_office, matter(department, "b1"))
    decide(legal_office, finding, "order", **DECISIONS["order"])
    told = flag(department, {"key": finding["record"]})
    assert (told["review"], told["due"]) == ("rectification_ordered", DECISIONS["order"]["due"])


def test_the_legal_office_does_not_decide_about_its_own_step_but_the_general_office_does(
    department: TestClient, legal_office: TestClient, general_office: TestClient
) -> None:
    finding = flag(legal_office, matter(department, "c1"), OF_THE_LEGAL_OFFICE)
    refused = decide(legal_office, finding, "dismiss", reason="we were busy")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours_to_decide")
    assert decide(general_office, finding, "confirm").status_code == 201
    other = flag(legal_office, {"key": finding["record"]}, OF_A_DEPARTMENT)
    assert decide(general_office, other, "confirm").status_code == 403
    assert state(legal_office, other) == "undecided"


def test_the_legal_office_above_is_also_the_legal_office(served: Served, department: TestClient) -> None:
    above = somebody_else(served, "某市司法局(虚构)", role=Role.LEGAL_OFFICE, place="CN")
    record = matter(department, "c2")
    assert decide(above, flag(above, record, OF_THE_LEGAL_OFFICE), "confirm").status_code == 403
    assert decide(above, flag(above, record), "confirm").status_code == 201


def test_a_legal_office_that_leads_a_matter_does_not_decide_about_it(
    served: Served, legal_office: TestClient, general_office: TestClient
) -> None:
    """The record is led by the legal office's unit, whose other hat is that of a department."""
    name = "某区司法局二(虚构)"
    office = somebody_else(served, name, role=Role.LEGAL_OFFICE)
    same = colleague(served, name, role=Role.DEPARTMENT)
    finding = flag(office, matter(same, "c3", units=[{"name": name, "role": "lead"}]))
    assert decide(office, finding, "dismiss", reason="ours").status_code == 403
    assert decide(general_office, finding, "confirm").status_code == 201
    assert decide(legal_office, finding, "order", **DECISIONS["order"]).status_code == 201


@pytest.mark.parametrize("how", DECISIONS)
def test_only_offices_decide(department: TestClient, auditor: TestClient, how: str) -> None:
    finding = flag(department, matter(department, f"d-{how}"))
    for client in (department, auditor):
        refused = decide(client, finding, how, **DECISIONS[how])
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert state(auditor, finding) == "undecided"


@pytest.mark.parametrize("how", DECISIONS)
def test_what_lies_elsewhere_is_not_there(served: Served, department: TestClient, how: str) -> None:
    finding = flag(department, matter(department, f"e-{how}"))
    elsewhere = somebody_else(served, f"外市司法局{how}(虚构)", role=Role.LEGAL_OFFICE, place="CN-33-QZ")
    outsider = somebody_else(served, f"外单位{how}(虚构)")
    for client, key in ((elsewhere, finding["key"]), (elsewhere, new_key()), (elsewhere, "../x")):
        answer = client.post(f"{FINDINGS}/{key}/reviews/{how}", json=DECISIONS[how], headers={"If-Match": "*"})
        assert answer.status_code == 404, answer.text
    for client in (elsewhere, outsider):
        assert client.get(f"{FINDINGS}/{finding['key']}/reviews").json()["code"] == "unknown_finding"


def test_a_decision_names_what_was_seen(department: TestClient, legal_office: TestClient) -> None:
    record = matter(department, "f1")
    finding = flag(legal_office, record)
    address = f"{FINDINGS}/{finding['key']}/reviews"
    tag = legal_office.get(address).headers["etag"]
    assert legal_office.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert legal_office.post(f"{address}/confirm", json={}).status_code == 428
    hand_in(department, record, notice=SHORTER, decision=DECIDED)
    stale = legal_office.post(f"{address}/confirm", json={}, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    tag = legal_office.get(address).headers["etag"]
    assert legal_office.post(f"{address}/confirm", json={}, headers={"If-Match": tag}).status_code == 201
    assert legal_office.post(f"{address}/dismiss", json=DECISIONS["dismiss"], headers={"If-Match": tag}).json()[
        "code"
    ] == ("stale_version")


def test_the_same_request_decides_once(department: TestClient, legal_office: TestClient) -> None:
    finding = flag(legal_office, matter(department, "f2"))
    address = f"{FINDINGS}/{finding['key']}/reviews"
    headers = {"If-Match": legal_office.get(address).headers["etag"], "Idempotency-Key": "once"}
    first = legal_office.post(f"{address}/confirm", json={}, headers=headers)
    again = legal_office.post(f"{address}/confirm", json={}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert len(legal_office.get(address).json()["items"]) == 1


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("confirm", ["dismiss", "order", "close"]),
        ("dismiss", ["confirm", "order"]),
        ("order", ["dismiss", "order", "close"]),
        ("close", ["confirm"]),
    ],
)
def test_a_decision_follows_on_another_or_does_not(
    department: TestClient, legal_office: TestClient, first: str, then: list[str]
) -> None:
    for how, said in DECISIONS.items():
        finding = flag(legal_office, matter(department, f"g-{first}-{how}"))
        decide(legal_office, finding, first, **DECISIONS[first])
        answer = decide(legal_office, finding, how, **said)
        if how in then:
            assert answer.status_code == 201, (how, answer.text)
            before, after = answer.json()["items"]
            assert before["until"] == after["at"]
            assert after["until"] is None
        else:
            assert (answer.status_code, answer.json()["code"]) == (409, "decision_out_of_place")


def test_a_dismissed_finding_stays_dismissed_as_long_as_it_says_the_same(
    department: TestClient, legal_office: TestClient
) -> None:
    record = matter(department, "h1", determinations={"technical": {"value": False, "reason": "虚构"}})
    finding = flag(legal_office, record)
    decide(legal_office, finding, "dismiss", reason="the notice was read out")
    again = {"received": "2024-02-01"}
    no_need = {"technical": {"value": False, "reason": "虚构"}}
    hand_in(department, record, application=again, notice=SHORT_NOTICE, decision=DECIDED, determinations=no_need)
    assert state(legal_office, finding) == "dismissed"
    dismissed = legal_office.get(FINDINGS, params={"record": record["key"], "review": "dismissed"}).json()["items"]
    assert [item["key"] for item in dismissed] == [finding["key"]]
    assert dismissed[0]["state"] == "open"


@pytest.mark.parametrize("how", DECISIONS)
def test_a_finding_that_changes_is_undecided_again(department: TestClient, legal_office: TestClient, how: str) -> None:
    record = matter(department, f"i-{how}")
    finding = flag(legal_office, record)
    decide(legal_office, finding, how, **DECISIONS[how])
    hand_in(department, record, notice=SHORTER, decision=DECIDED)
    assert state(legal_office, finding) == "undecided"
    (item,) = legal_office.get(f"{FINDINGS}/{finding['key']}/reviews").json()["items"]
    assert item["until"] is not None
    assert legal_office.get(FINDINGS, params={"record": record["key"], "review": "undecided"}).json()["items"]


def test_a_finding_that_comes_back_is_undecided_again(department: TestClient, legal_office: TestClient) -> None:
    record = matter(department, "j1")
    finding = flag(legal_office, record)
    decide(legal_office, finding, "order", **DECISIONS["order"])
    mend(department, record)
    assert state(legal_office, finding) == "rectification_ordered"
    assert decide(legal_office, finding, "close", rectified=True).json()["state"] == "closed"
    hand_in(department, record, notice=SHORT_NOTICE, examination=EXAMINED, decision=DECIDED)
    assert flag(legal_office, record)["state"] == "open"
    assert state(legal_office, finding) == "undecided"


def test_what_is_rectified_can_only_be_closed(department: TestClient, legal_office: TestClient) -> None:
    record = matter(department, "k1")
    finding = flag(legal_office, record)
    mend(department, record)
    for how in ("confirm", "dismiss", "order"):
        refused = decide(legal_office, finding, how, **DECISIONS[how])
        assert (refused.status_code, refused.json()["code"]) == (409, "rectified_already")
    assert decide(legal_office, finding, "close", rectified=True).status_code == 201


def test_what_is_not_rectified_is_not_closed_as_if_it_were(department: TestClient, legal_office: TestClient) -> None:
    finding = flag(legal_office, matter(department, "l1"))
    refused = decide(legal_office, finding, "close", rectified=True, reason="surely")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_rectified")
    refused = decide(legal_office, finding, "close")
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_missing")


@pytest.mark.parametrize(
    ("how", "said", "code"),
    [
        ("dismiss", {}, None),
        ("dismiss", {"reason": "  "}, None),
        ("dismiss", {"reason": "x" * 2001}, None),
        ("dismiss", {"reason": "机密★5年"}, "classified"),
        ("order", {"reason": "extend it"}, None),
        ("order", {"reason": "extend it", "due": in_days(-1)}, "day_passed"),
        ("order", {"reason": "extend it", "due": "soon"}, None),
        ("order", {"reason": "extend it", "due": 20261231}, None),
        ("confirm", {"surprise": 1}, None),
        ("confirm", {"reason": "a\x00b"}, None),
    ],
)
def test_what_is_wrong_is_refused(
    department: TestClient, legal_office: TestClient, how: str, said: dict[str, object], code: str | None
) -> None:
    finding = flag(legal_office, matter(department, f"m-{new_key()}"))
    refused = decide(legal_office, finding, how, **said)
    assert refused.status_code in {400, 422}, refused.text
    assert code in {None, refused.json()["code"]}
    assert state(legal_office, finding) == "undecided"


def test_what_is_told_with_another_is_not_decided_about_by_itself(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    finding = flag(legal_office, matter(department, "l2"))
    with served.service.database.writing() as session:
        row = session.get_one(Finding, finding["key"])
        row.state, row.under = FindingState.SUBSUMED, OF_THE_LEGAL_OFFICE
    refused = decide(legal_office, finding, "confirm")
    assert (refused.status_code, refused.json()["code"]) == (409, "told_with_another")


def test_an_order_whose_day_has_passed_is_overdue(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    record = matter(department, "n1")
    finding = flag(legal_office, record)
    decide(legal_office, finding, "order", reason="today", due=in_days(0))

    def overdue(wanted: bool) -> list[str]:  # noqa: FBT001 - what the filter takes
        answer = legal_office.get(FINDINGS, params={"record": record["key"], "overdue": wanted})
        return [item["card"] for item in answer.json()["items"]]

    assert overdue(wanted=True) == []
    with served.service.database.writing() as session:
        held = session.get_one(ReviewInForce, (finding["key"], 1))
        assert held.due
        held.due -= timedelta(days=1)
    assert overdue(wanted=True) == [OF_A_DEPARTMENT]
    assert overdue(wanted=False) == [OF_THE_LEGAL_OFFICE]


def test_lists_as_tables_tell_what_was_decided(department: TestClient, legal_office: TestClient) -> None:
    record = matter(department, "o1")
    decide(legal_office, flag(legal_office, record), "order", **DECISIONS["order"])
    answer = legal_office.get(FINDINGS, params={"record": record["key"], "card": OF_A_DEPARTMENT, "format": "csv"})
    head, row = answer.text.lstrip("\ufeff").splitlines()[:2]
    assert head.endswith("decision,to be rectified by,waived until")
    assert row.endswith(f"rectification ordered,{DECISIONS['order']['due']},")


def test_what_held_at_a_time_can_be_asked_later(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    finding = flag(legal_office, matter(department, "p1"))
    before = now()
    decide(legal_office, finding, "dismiss", reason="read out")
    between = now()
    decide(legal_office, finding, "confirm")
    after = now()

    def held(session: Session, at: object) -> list[Decision]:
        wanted = select(ReviewInForce.decision).where(ReviewInForce.finding == finding["key"])
        return list(session.exec(wanted.where(holding(at))))  # type: ignore[arg-type]

    with served.service.database.reading() as session:
        assert [held(session, at) for at in (before, between, after)] == [
            [],
            [Decision.DISMISSED],
            [Decision.CONFIRMED],
        ]


def test_decisions_are_in_the_trail_which_vouches_for_them(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    finding = flag(legal_office, matter(department, "q1"))
    decide(legal_office, finding, "dismiss", reason="读给他们听了")
    with served.service.database.reading() as session:
        wanted = select(TrailEntry).where(TrailEntry.subject == finding["key"])
        entries = session.exec(wanted).all()
        assert [entry.action for entry in entries] == ["finding.opened", "review.dismissed"]
        assert "读给他们听了" not in str(entries[1].content)
        assert verify(session, witnesses=WITNESSES) == ()


def test_the_database_refuses_to_change_a_review(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    finding = flag(legal_office, matter(department, "q2"))
    decide(legal_office, finding, "dismiss", reason="read out")
    for sql in ("UPDATE review SET reason = 'other'", "DELETE FROM review"):
        with pytest.raises(DBAPIError, match="only be added to"), served.service.database.writing() as session:
            session.execute(text(sql))


def test_a_review_that_was_changed_behind_its_back_shows(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    finding = flag(legal_office, matter(department, "zz"))
    decide(legal_office, finding, "dismiss", reason="read out")
    key = finding["key"]
    tamper(
        served.service.database,
        f"UPDATE review SET reason = 'other' WHERE finding = '{key}'",
        table="review",
    )
    with served.service.database.reading() as session:
        (problem,) = verify(session, witnesses=WITNESSES)
    assert (problem.kind, problem.subject) == (Tampering.CONTENT_CHANGED, f"{key}/1")


def test_a_notice_that_is_long_enough_leaves_nothing_to_decide(department: TestClient) -> None:
    record = matter(department, "r1", notice=LONG_NOTICE, examination=EXAMINED)
    assert department.get(FINDINGS, params={"record": record["key"]}).json()["items"] == []
