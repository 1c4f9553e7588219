"""Auditors read and verify the trail of what is done with records, admins that of everything else."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.clock import now
from api.identity.roles import Role
from tests.api.flags import decide, flag, in_days, matter
from tests.api.permits import FINDINGS, RECORDS, somebody_else
from tests.api.serving import Served
from tests.api.tampering import tamper

TRAIL = "/api/v1/trail"


def entries(client: TestClient, **wanted: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        answer = client.get(TRAIL, params={"limit": 20, **wanted, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            return found


def actions(client: TestClient, **wanted: str) -> list[str]:
    return [entry["action"] for entry in entries(client, **wanted)]


def test_an_auditor_reads_what_was_done_with_a_record(
    department: TestClient, legal_office: TestClient, auditor: TestClient
) -> None:
    record = matter(department, "a1")
    finding = flag(legal_office, record)
    decide(legal_office, finding, "confirm")
    waiver = {"finding": finding["key"], "version": 1, "reason": "虚构", "since": in_days(0), "until": in_days(1)}
    key = department.post("/api/v1/waivers", json=waiver).json()["key"]
    assert actions(auditor, subject=record["key"]) == ["record.created"]
    assert actions(auditor, subject=finding["key"]) == ["finding.opened", "review.confirmed"]
    assert actions(auditor, subject=key) == ["waiver.applied"]
    (created,) = entries(auditor, subject=record["key"])
    assert created["content"]["version"] == 1
    account = department.get("/api/v1/me").json()["account"]
    assert created["actor"] == account
    assert len(entries(auditor, actor=account)) == 4
    assert set(actions(auditor, action="finding.")) == {"finding.opened"}
    assert actions(auditor, action="waiver.applied")
    assert entries(auditor, since=now().isoformat()) == []


def test_entries_come_in_their_order_each_with_the_digest_of_the_one_before(
    served: Served, department: TestClient
) -> None:
    matter(department, "a2")
    national = somebody_else(served, "国家审计署(虚构)", role=Role.AUDITOR, place="CN")
    admin = served.client(Role.ADMIN)
    found = {entry["number"]: entry for entry in (*entries(national), *entries(admin))}
    newest = national.get(f"{TRAIL}/head").json()
    assert sorted(found) == list(range(1, newest["number"] + 1))
    assert all(found[number]["before"] == found[number - 1]["digest"] for number in found if number > 1)
    assert found[newest["number"]]["digest"] == newest["digest"]


def test_an_admin_reads_what_is_about_no_record(department: TestClient, admin: TestClient) -> None:
    record = matter(department, "b1")
    found = {action.partition(".")[0] for action in actions(admin)}
    assert {"account", "unit", "token", "rulebook"} <= found
    assert not found & {"record", "finding", "review", "waiver", "round", "evidence", "catalogue"}
    assert entries(admin, subject=record["key"]) == []


def test_an_auditor_reads_nothing_of_accounts_and_of_records_elsewhere(
    served: Served, department: TestClient, auditor: TestClient
) -> None:
    record = matter(department, "b2")
    assert not [action for action in actions(auditor) if action.startswith(("account.", "token.", "login"))]
    elsewhere = somebody_else(served, "外市审计局(虚构)", role=Role.AUDITOR, place="CN-33-QZ")
    assert entries(elsewhere, subject=record["key"]) == []
    assert {action.partition(".")[0] for action in actions(elsewhere)} == {"unit", "rulebook"}


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.LEGAL_OFFICE, Role.GENERAL_OFFICE])
@pytest.mark.parametrize("address", ["", "/verify", "/reads"])
def test_others_do_not_read_the_trail(served: Served, role: Role, address: str) -> None:
    refused = served.client(role).get(f"{TRAIL}{address}")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_everybody_may_keep_the_head(served: Served) -> None:
    for role in Role:
        answer = served.client(role).get(f"{TRAIL}/head")
        assert answer.status_code == 200
        assert set(answer.json()) == {"number", "digest"}
        assert answer.headers["content-disposition"].startswith('attachment; filename="trail-head-')


def test_a_trail_that_was_left_alone_stands(department: TestClient, auditor: TestClient, admin: TestClient) -> None:
    exported = auditor.get(f"{TRAIL}/head").json()
    record = matter(department, "c1")
    decide(auditor, flag(department, record), "confirm")
    for client in (auditor, admin):
        told = client.get(f"{TRAIL}/verify", params=exported).json()
        assert (told["stands"], told["found"], told["problems"]) == (True, 0, [])
        assert told["exported"] == exported
        assert told["head"]["number"] > exported["number"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"number": 3}, "half_a_head"),
        ({"digest": "0" * 64}, "half_a_head"),
        ({"number": 0, "digest": "0" * 64}, None),
        ({"number": 1, "digest": "x"}, None),
    ],
)
def test_a_head_is_given_whole(auditor: TestClient, asked: dict[str, Any], code: str | None) -> None:
    refused = auditor.get(f"{TRAIL}/verify", params=asked)
    assert refused.status_code == 422
    assert code in {None, refused.json()["code"]}


def test_another_trail_than_that_of_which_the_head_was_exported_shows(auditor: TestClient) -> None:
    told = auditor.get(f"{TRAIL}/verify", params={"number": 2, "digest": "0" * 64}).json()
    assert (told["stands"], told["found"]) == (False, 1)
    assert (told["problems"][0]["kind"], told["problems"][0]["number"]) == ("rewritten", 2)
    assert "not the trail" in told["problems"][0]["said"]["en"]


def test_the_trail_is_also_a_table(department: TestClient, auditor: TestClient) -> None:
    record = matter(department, "d1")
    table = auditor.get(TRAIL, params={"subject": record["key"], "format": "csv"}).text
    heading, row = table.lstrip("\ufeff").splitlines()[:2]
    assert heading == "number,time,actor,action,subject,digest before,digest,content"
    assert f"record.created,{record['key']}" in row
    assert auditor.get(TRAIL, params={"format": "xlsx"}).content.startswith(b"PK")


def paths(answer: Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["path"] for item in answer.json()["items"]]


def test_what_an_auditor_reads_is_noted_apart_and_an_admin_reads_that(
    served: Served, department: TestClient, admin: TestClient
) -> None:
    auditor = somebody_else(served, "某区审计二局(虚构)", role=Role.AUDITOR)
    account = auditor.get("/api/v1/me").json()["account"]
    record = matter(department, "e1")
    before = len(entries(admin))
    auditor.get(f"{RECORDS}/{record['key']}/status")
    auditor.get(FINDINGS, params={"card": "PA-1"})
    auditor.get(TRAIL)
    assert len(entries(admin)) == before
    assert paths(admin.get(f"{TRAIL}/reads", params={"account": account})) == [
        TRAIL,
        FINDINGS,
        f"{RECORDS}/{record['key']}/status",
    ]
    first = admin.get(f"{TRAIL}/reads", params={"account": account, "limit": 2})
    cursor = first.json()["next"]
    following = admin.get(f"{TRAIL}/reads", params={"account": account, "limit": 2, "cursor": cursor})
    assert paths(following) == [f"{RECORDS}/{record['key']}/status"]
    assert paths(admin.get(f"{TRAIL}/reads", params={"account": account, "since": now().isoformat()})) == []
    table = admin.get(f"{TRAIL}/reads", params={"account": account, "format": "csv"}).text
    assert table.lstrip("\ufeff").startswith("time,account,address,request")
    assert auditor.get(f"{TRAIL}/reads").status_code == 403


def test_tampering_shows_in_the_report(served: Served, department: TestClient, auditor: TestClient) -> None:
    """The last test of the module: from here on the trail of this store does not stand."""
    record = matter(department, "zz")
    (created,) = entries(auditor, subject=record["key"])
    forged = json.dumps({**created["content"], "version": "seven"}).replace(":", "\\:")
    database = served.service.database
    tamper(database, f"UPDATE trail_entry SET content = '{forged}' WHERE number = {created['number']}")
    told = auditor.get(f"{TRAIL}/verify").json()
    assert not told["stands"]
    kinds = {(problem["kind"], problem["subject"]) for problem in told["problems"]}
    assert ("changed", record["key"]) in kinds
