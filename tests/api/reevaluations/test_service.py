"""As days pass and rules change, what is kept is what a live evaluation of each record would say now."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from api import clock
from api.errands.leases import leased
from api.findings.tables import Cause, Finding, FindingEvent, FindingState
from api.judging.archives import pack
from api.judging.tables import JudgedStatus, Judgement
from api.judging.telling import told_status
from api.outbox.tables import DueDay, DueKind, Message, News
from api.records.bodies import read_body
from api.records.tables import Record, RecordVersion
from api.reevaluations.errors import UnderWayError
from api.reevaluations.service import ERRAND, Sweeper, is_wanted, is_wanted_by_rules
from api.reevaluations.tables import ChangedVerdict
from api.store.tables import TrailEntry
from tests.api.permits import submitted
from tests.api.serving import Served

TODAY = clock.today()
LONG = timedelta(days=60)


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def ahead(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


CASES: Mapping[str, dict[str, Any]] = {
    "nothing-yet": {},
    "received-today": {"application": {"received": ago(0)}},
    "received-long-ago": {"application": {"received": ago(400)}},
    "notice-under-way": {"notice": {"opened": ago(2), "closed": {"announced": ahead(12)}}},
    "notice-too-short": {"notice": {"opened": ago(2), "closed": {"announced": ahead(3)}}},
    "notice-planned": {"notice": {"opened": {"planned": ahead(3)}}, "decision": {"decided": {"planned": ahead(20)}}},
    "meeting-before-the-examination": {"decision": {"decided": ago(3)}},
    "in-a-month": {"application": {"received": TODAY.isoformat()[:7]}},
    "decided": {
        "application": {"received": "2024-03-01"},
        "notice": {"opened": "2024-03-01", "closed": "2024-03-20"},
        "examination": {"done": "2024-03-21"},
        "decision": {"decided": "2024-03-22"},
        "outcome": {"kind": "decided", "on": "2024-03-22"},
    },
    "withdrawn": {"outcome": {"kind": "withdrawn", "on": "2024-03-22", "reason": "虚构"}},
}


@pytest.fixture
def keys(department: TestClient) -> Mapping[str, str]:
    return {name: submitted(department, name, **facts)["key"] for name, facts in CASES.items()}


def as_live(served: Served, key: str, as_of: date) -> tuple[dict[str, Any], Judgement]:
    """Judge a record live as of the time at which it was judged anew; return its status, and the judgement kept."""
    service = served.service
    with service.database.reading() as session:
        kept, row = session.get_one(Judgement, key), session.get_one(Record, key)
        version = session.get_one(RecordVersion, (key, row.version))
        rules = service.rulebooks.active(session)
        record = read_body(version.body, rules)
        assessment = service.judge.assess(record, rules.compiled("permit"), as_of=as_of, known_at=kept.known_at)
        assert assessment.receipt.decided_by == "live"
        told = told_status(assessment, record=key, version=row.version, waivers=())
        findings = {finding.card for finding in assessment.findings}
        open_now = session.exec(select(Finding.card).where(Finding.record == key, Finding.state == FindingState.OPEN))
        assert findings == set(open_now)
        return json.loads(told.model_dump_json()), kept


def kept_status(served: Served, key: str) -> dict[str, Any]:
    with served.service.database.reading() as session:
        status: dict[str, Any] = json.loads(session.get_one(JudgedStatus, key).text)
        return status


def test_after_days_every_record_stands_as_a_live_evaluation_says(
    served: Served, sweeper: Sweeper, keys: Mapping[str, str]
) -> None:
    settled = {keys["decided"], keys["withdrawn"]}
    for days in (1, 30, 500):
        as_of = TODAY + timedelta(days=days)
        report = sweeper.run(as_of=as_of)
        assert (report.judged, report.unread) == (len(keys) - len(settled), [])
        for key in set(keys.values()) - settled:
            live, kept = as_live(served, key, as_of)
            assert (kept.as_of, kept.decided_by) == (as_of, "sweep")
            assert kept_status(served, key) == live | {"decided_by": "sweep"}
        for key in settled:
            live, kept = as_live(served, key, as_of)
            assert kept.as_of == TODAY
            assert without_days(kept_status(served, key)) == without_days(live)


def without_days(status: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in status.items() if name not in {"as_of", "known_at", "decided_by"}}


def test_the_report_says_which_verdicts_changed_and_why(
    served: Served, sweeper: Sweeper, keys: Mapping[str, str]
) -> None:
    report = sweeper.run(as_of=TODAY + LONG)
    with served.service.database.reading() as session:
        changed = session.exec(select(ChangedVerdict).where(ChangedVerdict.record == keys["received-today"])).all()
        assert [(row.card, row.before, row.after, row.cause) for row in changed] == [
            ("PA-3", "pending", "violated", Cause.DAY)
        ]
        event = session.exec(select(FindingEvent).join(Finding).where(Finding.record == keys["received-today"])).one()
        assert (event.cause, event.by, event.as_of) == (Cause.DAY, "test", TODAY + LONG)
        entry = session.exec(select(TrailEntry).where(TrailEntry.action == "reevaluated")).one()
        assert (entry.subject, entry.content["judged"]) == (report.key, report.judged)


def test_a_second_time_on_a_day_there_is_nothing_to_do(
    served: Served, sweeper: Sweeper, keys: Mapping[str, str]
) -> None:
    del keys
    rulebooks = served.service.rulebooks
    with served.service.database.reading() as session:
        assert not is_wanted(session, rulebooks, as_of=TODAY)
        assert is_wanted(session, rulebooks, as_of=TODAY + LONG)
        assert not is_wanted_by_rules(session, rulebooks)
    sweeper.run(as_of=TODAY + LONG)
    with served.service.database.reading() as session:
        assert not is_wanted(session, rulebooks, as_of=TODAY + LONG)
    again = sweeper.run(as_of=TODAY + LONG)
    assert (again.judged, again.changed) == (0, 0)


def test_what_is_settled_is_left_alone_until_the_rules_change(
    served: Served, sweeper: Sweeper, keys: Mapping[str, str], rules: Path
) -> None:
    stricter(served, rules)
    with served.service.database.reading() as session:
        assert is_wanted_by_rules(session, served.service.rulebooks)
    report = sweeper.run(as_of=TODAY)
    assert report.judged == len(keys)
    with served.service.database.reading() as session:
        assert not is_wanted_by_rules(session, served.service.rulebooks)
        changed = session.exec(select(ChangedVerdict).where(ChangedVerdict.record == keys["decided"])).all()
        assert [(row.card, row.before, row.after, row.cause) for row in changed] == [
            ("PA-1", "satisfied", "violated", Cause.RULEBOOK)
        ]
    for key in keys.values():
        live, kept = as_live(served, key, TODAY)
        assert kept_status(served, key) == live | {"decided_by": "sweep"}
        assert kept.rulebook == report.rulebook


def test_a_new_holiday_notice_is_told_as_what_it_is(
    served: Served, sweeper: Sweeper, department: TestClient, rules: Path
) -> None:
    key = submitted(department, "over-the-year", application={"received": ago(20)})["key"]
    newest = max((rules / "holidays").glob("*.yaml"))
    newest.write_text(
        newest.read_text(encoding="utf-8").replace("title_zh: ", "title_zh: 关于更正的"), encoding="utf-8"
    )
    activate(served, pack(rules))
    assert sweeper.run(as_of=TODAY + LONG).changed == 1
    with served.service.database.reading() as session:
        changed = session.exec(select(ChangedVerdict).where(ChangedVerdict.record == key)).all()
        assert {row.cause for row in changed} == {Cause.NOTICES}


def test_what_the_rulebook_cannot_read_keeps_its_judgement_and_is_told(
    served: Served, sweeper: Sweeper, department: TestClient, rules: Path
) -> None:
    good = submitted(department, "good")["key"]
    bad = submitted(department, "bad", notice={"opened": ago(3), "urgent": True})["key"]
    procedure = rules / "procedures" / "permit.yaml"
    text = procedure.read_text(encoding="utf-8")
    without = "\n".join(line for line in text.splitlines() if not line.strip().startswith("urgent:"))
    procedure.write_text(without, encoding="utf-8")
    card = rules / "cards" / "PA-1.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("unless: notice.any_round.urgent\n", ""), encoding="utf-8")
    activate(served, pack(rules))
    report = sweeper.run(as_of=TODAY)
    assert (report.judged, report.unread) == (1, [bad])
    with served.service.database.reading() as session:
        assert session.get_one(Judgement, good).rulebook == report.rulebook != session.get_one(Judgement, bad).rulebook
        assert not is_wanted(session, served.service.rulebooks, as_of=TODAY)


def test_one_process_at_a_time_judges_anew(served: Served, sweeper: Sweeper, keys: Mapping[str, str]) -> None:
    del keys
    with leased(served.service.database, ERRAND, seconds=60) as lease:
        assert lease is not None
        with pytest.raises(UnderWayError):
            sweeper.run(as_of=TODAY + LONG)
    with leased(served.service.database, ERRAND, seconds=-1):
        assert sweeper.run(as_of=TODAY + LONG).judged > 0


def test_records_that_change_meanwhile_keep_the_judgement_of_what_they_say(
    served: Served, sweeper: Sweeper, department: TestClient, keys: Mapping[str, str]
) -> None:
    written = [keys[name] for name in ("nothing-yet", "received-today", "notice-planned")]

    def write() -> list[int]:
        return [
            department.post(f"/api/v1/records/{key}/rounds/examination", json={"done": ago(turn)}).status_code
            for turn in range(5)
            for key in written
        ]

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        for day in count(1):
            sweeper.run(as_of=TODAY + timedelta(days=day))
            if writing.done():
                break
    assert set(writing.result()) == {200}
    for key in written:
        with served.service.database.reading() as session:
            kept, row = session.get_one(Judgement, key), session.get_one(Record, key)
        assert kept.version == row.version == 6
        live, _ = as_live(served, key, kept.as_of)
        assert without_days(kept_status(served, key)) == without_days(live)


def test_days_that_come_near_are_told_once_and_the_overdue_as_findings(
    served: Served, sweeper: Sweeper, keys: Mapping[str, str]
) -> None:
    key = keys["received-today"]
    database = served.service.database
    with database.reading() as session:
        due = session.exec(select(DueDay).where(DueDay.record == key, DueDay.kind == DueKind.DEADLINE)).one()
    for day in (due.warn_on - timedelta(days=1), due.warn_on, due.warn_on + timedelta(days=1), due.due):
        sweeper.run(as_of=day)
    assert told(served, key) == [News.DUE_SOON]
    sweeper.run(as_of=due.due + timedelta(days=1))
    assert told(served, key) == [News.DUE_SOON, News.DUE_PASSED]
    with database.reading() as session:
        row = session.get_one(DueDay, due.key)
        assert (row.due, row.sequence) == (due.due, 0)
        assert row.ended_at is not None


def told(served: Served, record: str) -> list[News]:
    with served.service.database.reading() as session:
        found = select(Message).where(Message.record == record).order_by(col(Message.at))
        return [message.news for message in session.exec(found)]


def stricter(served: Served, rules: Path) -> None:
    """Activate a rulebook by which a notice has to last thirty days."""
    path = rules / "parameters" / "notice_days.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 10", "value: 30"), encoding="utf-8")
    card = rules / "cards" / "PA-1.yaml"
    text = card.read_text(encoding="utf-8").replace("2024-03-11}", "2024-04-11}")
    card.write_text(text, encoding="utf-8")
    activate(served, pack(rules))


def activate(served: Served, archive: bytes) -> None:
    service = served.service
    with service.database.writing() as session:
        added = service.rulebooks.add(session, archive, at=clock.now(), by="test")
        service.rulebooks.activate(session, added.digest, at=clock.now(), by="test")
