"""Findings open, change, are rectified and open again, and keep their history; lists tell those within reach."""

import csv
import io
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select, text

from api.findings.tables import Finding, FindingEvent, FindingState
from api.identity.roles import Role
from api.records.bodies import read_body
from api.records.tables import Record
from api.records.versions import newest
from api.store.keys import new_key
from engine.evaluation.assess import assess
from engine.evaluation.results import canonical
from tests.api.permits import FINDINGS, LEAD, LONG_NOTICE, RECORDS, SHORT_NOTICE, permit, somebody_else, submitted
from tests.api.serving import Served

DECIDED = {"decided": "2024-03-25"}


def listed(client: TestClient, told: dict[str, Any], **wanted: str) -> dict[str, dict[str, Any]]:
    answer = client.get(FINDINGS, params={"record": told["key"], **wanted})
    assert answer.status_code == 200, answer.text
    return {item["card"]: item for item in answer.json()["items"]}


def hand_in(client: TestClient, told: dict[str, Any], **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    address = f"{RECORDS}/{told['key']}"
    tag = client.get(address).headers["etag"]
    answer = client.put(address, json=permit(told["record"]["id"], **fields), headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    written: dict[str, Any] = answer.json()
    return written


def happened(client: TestClient, finding: dict[str, Any]) -> list[tuple[str, str, int]]:
    items = client.get(f"{FINDINGS}/{finding['key']}/history").json()["items"]
    assert [item["number"] for item in items] == list(range(1, len(items) + 1))
    return [(item["what"], item["cause"], item["version"]) for item in items]


def test_a_finding_tells_what_was_found_and_what_to_do(department: TestClient) -> None:
    told = submitted(department, "a1", notice=SHORT_NOTICE, decision=DECIDED)
    found = listed(department, told)
    assert {(card, item["kind"], item["state"]) for card, item in found.items()} == {
        ("PA-1", "flag", "open"),
        ("PA-2", "flag", "open"),
    }
    finding = department.get(f"{FINDINGS}/{found['PA-1']['key']}").json()
    assert finding["message"]["en"] == "too short: 7 days, 10 required"
    assert (finding["told"]["actual"], finding["told"]["required"]) == ({"lo": 7, "hi": 7}, 10)
    assert finding["told"]["remedy"]["en"] == "extend the notice"
    assert (finding["lead_unit"], finding["record_id"], finding["age_days"]) == (LEAD, "a1", 0)


def test_a_finding_has_a_history(department: TestClient) -> None:
    told = submitted(department, "b1", notice=SHORT_NOTICE, decision=DECIDED)
    finding = listed(department, told)["PA-1"]
    shorter = {"opened": "2024-03-01", "closed": "2024-03-05"}
    hand_in(department, told, notice=shorter, decision=DECIDED)
    hand_in(department, told, notice=LONG_NOTICE, decision=DECIDED)
    assert listed(department, told)["PA-1"]["state"] == "rectified"
    hand_in(department, told, notice=shorter, decision=DECIDED)
    assert listed(department, told)["PA-1"]["state"] == "open"
    assert happened(department, finding) == [
        ("opened", "version", 1),
        ("changed", "version", 2),
        ("rectified", "version", 3),
        ("reopened", "version", 4),
    ]
    items = department.get(f"{FINDINGS}/{finding['key']}/history").json()["items"]
    assert [item["verdict"]["verdict"] for item in items] == ["violated", "violated", "satisfied", "violated"]


def test_what_does_not_concern_a_finding_leaves_it_alone(department: TestClient) -> None:
    told = submitted(department, "c1", notice=SHORT_NOTICE, decision=DECIDED)
    finding = listed(department, told)["PA-1"]
    hand_in(
        department, told, notice=SHORT_NOTICE | {"note": "虚构"}, decision=DECIDED, organ="某区人民政府办公室(虚构)"
    )
    assert happened(department, finding) == [("opened", "version", 1)]
    assert listed(department, told)["PA-1"] == finding


def test_the_change_of_a_finding_comes_with_the_answer_that_brought_it_about(department: TestClient) -> None:
    told = submitted(department, "d1", notice=SHORT_NOTICE, decision=DECIDED)
    changes = hand_in(department, told, notice=LONG_NOTICE, decision=DECIDED)["changes"]
    assert [(moved["card"], moved["what"], moved["state"]) for moved in changes["findings"]] == [
        ("PA-1", "rectified", "rectified")
    ]
    assert changes["verdicts"] == [{"card": "PA-1", "before": "violated", "after": "satisfied"}]
    assert changes["lights"] == [{"step": "notice", "before": "violated", "after": "done"}]
    assert changes["cause"] == "version"


def test_open_findings_are_those_of_a_fresh_evaluation(served: Served, department: TestClient) -> None:
    for number in range(3):
        told = submitted(department, f"e{number}", notice=SHORT_NOTICE)
        hand_in(department, told, notice=LONG_NOTICE, decision=DECIDED)
    with served.service.database.reading() as session:
        for row in session.exec(select(Record)):
            present = session.exec(select(Finding).where(Finding.record == row.key)).all()
            kept = {finding.card: finding.said for finding in present if finding.state == FindingState.OPEN}
            assert kept == fresh(served, session, row)


def fresh(served: Served, session: Session, row: Record) -> dict[str, str]:
    """Judge a record in this process, by the sweep evaluator."""
    ready = served.service.rulebooks.active(session)
    version = newest(session, row)
    record = read_body(version.body, ready)
    asked = {"as_of": version.entered_at.date(), "known_at": version.entered_at}
    found = assess(record, ready.compiled(row.procedure), decided_by="sweep", **asked)  # type: ignore[arg-type]
    return {finding.card: canonical(finding) for finding in found.findings}


def test_lists_are_filtered(served: Served, department: TestClient) -> None:
    name = "某区体育局(虚构)f"
    client = somebody_else(served, name)
    told = submitted(client, "f1", units=[{"name": name, "role": "lead"}], notice=SHORT_NOTICE, decision=DECIDED)
    auditor = served.client(Role.AUDITOR)

    def cards(**wanted: str) -> set[str]:
        items = auditor.get(FINDINGS, params={"unit": name, **wanted}).json()["items"]
        return {item["card"] for item in items}

    assert cards() == {"PA-1", "PA-2"}
    assert cards(step="notice") == cards(card="PA-1") == {"PA-1"}
    assert cards(kind="flag", state="open") == {"PA-1", "PA-2"}
    assert cards(kind="question") == cards(state="rectified") == cards(jurisdiction="CN-33-QZ") == set()
    assert cards(age_to="0") == cards(age_from="0") == {"PA-1", "PA-2"}
    assert cards(age_from="1") == set()
    assert cards(procedure="permit", record=told["key"]) == {"PA-1", "PA-2"}
    assert department.get(FINDINGS, params={"unit": name}).json()["items"] == []


def test_a_list_comes_in_pages_and_as_a_table(served: Served) -> None:
    name = "某区绿化局(虚构)g"
    client = somebody_else(served, name)
    for number in range(2):
        submitted(client, f"g{number}", units=[{"name": name, "role": "lead"}], notice=SHORT_NOTICE, decision=DECIDED)
    first = client.get(FINDINGS, params={"limit": "3"}).json()
    second = client.get(FINDINGS, params={"limit": "3", "cursor": first["next"]}).json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (3, 1, None)
    assert len({item["key"] for item in first["items"] + second["items"]}) == 4
    table = client.get(FINDINGS, headers={"Accept": "text/csv"}).content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(table)) if row["rule"]]
    assert {row["rule"] for row in rows} >= {"the notice lasts 10 days or more"}
    for cursor in ("x", first["next"][:-2] + "xx"):
        bad = client.get(FINDINGS, params={"limit": "3", "cursor": cursor})
        assert (bad.status_code, bad.json()["code"]) == (422, "bad_cursor")


def test_what_others_may_not_know_of_is_not_there(served: Served, department: TestClient) -> None:
    told = submitted(department, "h1", notice=SHORT_NOTICE, decision=DECIDED)
    finding = listed(department, told)["PA-1"]
    stranger = somebody_else(served, "某区文旅局(虚构)h")
    answers = [
        stranger.get(f"{FINDINGS}/{finding['key']}"),
        stranger.get(f"{FINDINGS}/{finding['key']}/history"),
        department.get(f"{FINDINGS}/{new_key()}"),
        department.get(f"{FINDINGS}/x"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "unknown_finding")}


@pytest.mark.parametrize("table", ["finding_event", "record_version", "evidence", "attestation", "rulebook"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = NULL"])
def test_the_database_refuses_to_change_what_has_happened(
    served: Served, department: TestClient, table: str, change: str
) -> None:
    told = submitted(
        department, new_key(), notice=SHORT_NOTICE, decision=DECIDED, application={"received": "2024-03-01"}
    )
    address = f"{RECORDS}/{told['key']}"
    department.post(f"{address}/steps/notice/attestations", json={"place": 0, "version": 1})
    files = {"file": ("a.pdf", b"%PDF-1.7\n", "application/pdf")}
    department.post(f"{address}/evidence", data={"step": "application", "kind": "form"}, files=files)
    column = {"finding_event": "verdict", "record_version": "body", "rulebook": "archive"}.get(table, "step")
    with pytest.raises(DBAPIError, match="may only be added to"), served.service.database.writing() as session:
        session.execute(text(change.format(table, column)))
    with served.service.database.reading() as session:
        assert session.exec(select(FindingEvent)).first() is not None
