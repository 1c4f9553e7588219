"""A plan is told over HTTP as on the command line, and refused where there is nothing to plan."""

import json
from datetime import date, timedelta
from pathlib import Path

from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.cli.app import app
from api.clock import today
from tests.api.permits import RECORDS, submitted
from tests.api.serving import Served

PLANNED = {"opened": {"planned": (today() + timedelta(1)).isoformat()}}


def _plan(client: TestClient, key: str, **asked: str) -> dict[str, object]:
    answer = client.get(f"{RECORDS}/{key}/plan", params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json()
    return told


def test_a_plan_names_the_latest_lawful_days_and_the_cards_that_bind_them(department: TestClient) -> None:
    key = submitted(department, "p1", notice=PLANNED)["key"]
    meeting = today() + timedelta(40)
    told = _plan(department, key, meeting=meeting.isoformat())
    assert told["meeting"] == meeting.isoformat()
    days = {(one["step"], one["attribute"]): one for one in told["moments"]}  # type: ignore[attr-defined]
    opened, closed = (date.fromisoformat(days["notice", name]["day"]) for name in ("opened", "closed"))
    assert (closed - opened).days >= 10
    assert closed <= meeting
    assert days["notice", "opened"]["bound_by"]


def test_the_earliest_lawful_meeting_is_found_and_a_day_before_it_is_not_lawful(department: TestClient) -> None:
    key = submitted(department, "p2", notice=PLANNED)["key"]
    earliest = _plan(department, key)
    assert (earliest["lawful"], earliest["earliest"]) == (True, True)
    before = date.fromisoformat(str(earliest["meeting"])) - timedelta(1)
    assert _plan(department, key, meeting=before.isoformat())["lawful"] is False


def test_a_plan_is_another_once_the_record_says_more_and_for_another_day(department: TestClient) -> None:
    key = submitted(department, "p6", application={"received": "2026-01-05"})["key"]
    meeting = (today() + timedelta(40)).isoformat()
    before = _plan(department, key, meeting=meeting)
    assert _plan(department, key, meeting=meeting)["moments"] == before["moments"]
    other = _plan(department, key, meeting=(today() + timedelta(60)).isoformat())
    assert other["moments"] != before["moments"]
    opened = {"opened": today().isoformat(), "closed": {"planned": (today() + timedelta(20)).isoformat()}}
    answer = department.post(f"{RECORDS}/{key}/rounds/notice", json=opened)
    assert answer.status_code == 200, answer.text
    after = _plan(department, key, meeting=meeting)
    assert "opened" not in {one["attribute"] for one in after["moments"] if one["step"] == "notice"}  # type: ignore[attr-defined]
    assert after["moments"] != before["moments"]


def test_the_command_line_says_the_same(served: Served, department: TestClient, tmp_path: Path) -> None:
    told = submitted(department, "p3", notice=PLANNED)
    meeting = (today() + timedelta(40)).isoformat()
    over_http = _plan(department, told["key"], meeting=meeting)
    file = tmp_path / "record.json"
    record = department.get(f"{RECORDS}/{told['key']}").json()["record"]
    file.write_text(json.dumps(record), encoding="utf-8")
    rules = str(served.service.settings.rules)
    ran = CliRunner().invoke(app, ["plan", str(file), "--meeting", meeting, "--format", "json", "--rules", rules])
    (by_command,) = json.loads(ran.stdout)["plans"]
    assert {**by_command, "known_at": None} == {**over_http, "known_at": None}


def test_a_matter_that_was_decided_has_nothing_to_plan_and_a_past_day_is_no_wish(department: TestClient) -> None:
    decided = submitted(department, "p4", decision={"decided": "2024-03-20"})["key"]
    answer = department.get(f"{RECORDS}/{decided}/plan")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_plan")
    under_way = submitted(department, "p5", application={"received": "2026-01-05"})["key"]
    answer = department.get(f"{RECORDS}/{under_way}/plan", params={"meeting": "2020-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (422, "meeting_in_past")
    answer = department.get(f"{RECORDS}/{under_way}/plan", params={"meeting": "9999-12-30"})
    assert (answer.status_code, answer.json()["code"]) == (422, "meeting_too_far")
    answer = department.get(f"{RECORDS}/{under_way}/plan", params={"as_of": "9999-12-30"})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_lawful_meeting")
