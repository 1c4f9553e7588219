"""A change is worked out ahead; what comes in between is never overwritten, and the verdicts are those of its turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from api import clock
from api.clock import now, today
from api.identity.callers import Caller
from api.identity.directory import Body, Borne, Directory
from api.identity.reach import reach
from api.identity.roles import Role
from api.judging.archives import pack
from api.judging.judge import Judge
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.judging.tables import Judgement
from api.records.bodies import read_body, read_plain
from api.records.changes import Change, Written
from api.records.clerk import Clerk
from api.records.errors import NotLeadingError, RecordExistsError, UnknownRecordError
from api.records.tables import Record, RecordVersion
from api.store.database import Database
from api.store.keys import new_key
from engine.evaluation.assess import record_digest
from engine.record import DecisionRecord
from tests.api.permits import LEAD, LONG_NOTICE, SHORT_NOTICE, permit, permit_rules
from tests.api.serving import PLACE


@dataclass(frozen=True)
class Office:
    """A clerk of the unit that leads, and what the clerk works with."""

    clerk: Clerk
    rules: ReadyRulebook

    @property
    def database(self) -> Database:
        return self.clerk.database

    def record(self, own_id: str, **fields: Any) -> DecisionRecord:  # noqa: ANN401 - plain data
        found = read_plain(permit(own_id, **fields), self.rules)
        assert isinstance(found, DecisionRecord)
        return found

    def submitted(self, own_id: str = "a1", **fields: Any) -> str:  # noqa: ANN401 - plain data
        key, change = self.clerk.submit(self.record(own_id, **fields))
        self.written(change)
        return key

    def written(self, change: Change) -> Written:
        with self.database.writing() as session:
            return change.write(session)


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    with Judge(workers=1, seconds=20, start_seconds=60) as made:
        yield made


@pytest.fixture(scope="session")
def rules_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return permit_rules(tmp_path_factory.mktemp("rules"))


@pytest.fixture
def office(database: Database, judge: Judge, rules_folder: Path) -> Office:
    rulebooks = Rulebooks()
    rules = rulebooks.install(database, rules_folder, at=now())
    return Office(clerk_of(LEAD, database, rulebooks, judge), rules)


def clerk_of(unit: str, database: Database, rulebooks: Rulebooks, judge: Judge) -> Clerk:
    key = new_key()
    directory = Directory(1, [Body(key, PLACE, (Borne(key, unit),))])
    caller = Caller(new_key(), "made up", Role.DEPARTMENT, key, unit, PLACE, directory=directory)
    tree = rulebooks.current.rulebook.tree
    return Clerk(database, rulebooks, judge, caller, reach(caller, tree=tree, today=today()))


def judgement(session: Session, key: str) -> Judgement:
    return session.get_one(Judgement, key)


def test_what_was_worked_out_is_not_written_over_what_came_in_between(office: Office) -> None:
    key = office.submitted()
    changes = [office.clerk.add_round(key, "notice", {"opened": "2024-03-01", "note": str(each)}) for each in range(3)]
    versions = [office.written(change).version.number for change in changes]
    assert versions == [2, 3, 4]
    with office.database.reading() as session:
        body = session.get_one(RecordVersion, (key, 4)).body
    rounds = read_body(body, office.rules).rounds("notice")
    assert [entry.note for entry in rounds] == ["0", "1", "2"]


def test_the_judgement_is_of_the_version_and_the_time_that_were_written(office: Office) -> None:
    key = office.submitted(notice=SHORT_NOTICE)
    written = office.written(office.clerk.hand_in(key, office.record("a1", notice=LONG_NOTICE)))
    with office.database.reading() as session:
        kept = judgement(session, key)
        version = session.get_one(RecordVersion, (key, 2))
    assert (kept.version, kept.known_at, kept.rulebook) == (2, version.entered_at, office.rules.digest)
    assert version.sha256 == record_digest(read_body(version.body, office.rules)) == record_digest(written.record)
    assert written.changes is not None
    assert written.changes.at == version.entered_at


def test_a_change_that_waited_for_its_turn_is_entered_at_its_turn(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = office.submitted()
    change = office.clerk.add_round(key, "notice", SHORT_NOTICE)
    later = now() + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    written = office.written(change)
    assert written.version.entered_at == later
    assert written.record.rounds("notice")[0].entered == later


def test_a_clock_that_is_set_back_enters_nothing_before_what_is_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = office.submitted()
    earlier = datetime(2026, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: earlier)
    for _ in range(2):
        office.written(office.clerk.add_round(key, "notice", SHORT_NOTICE))
    with office.database.reading() as session:
        times = session.exec(select(RecordVersion.entered_at).order_by(RecordVersion.number)).all()  # type: ignore[arg-type]
    assert list(times) == sorted(set(times))


def test_a_rulebook_that_becomes_active_in_between_is_the_one_that_judges(office: Office, tmp_path: Path) -> None:
    folder = permit_rules(tmp_path)
    days = folder / "parameters" / "notice_days.yaml"
    days.write_text(days.read_text(encoding="utf-8").replace("value: 10", "value: 5"), encoding="utf-8")
    decided = {"decided": "2024-03-25"}
    key, change = office.clerk.submit(office.record("a1", notice=SHORT_NOTICE, decision=decided))
    rulebooks = office.clerk.rulebooks
    with office.database.writing() as session:
        other = rulebooks.add(session, pack(folder), at=now(), by="admin")
        rulebooks.activate(session, other.digest, at=now(), by="admin")
    written = office.written(change)
    assert written.version.rulebook == other.digest
    assert written.changes is not None
    assert [moved.card for moved in written.changes.findings] == ["PA-2"]
    with office.database.reading() as session:
        assert judgement(session, key).rulebook == other.digest


def test_an_id_that_is_taken_in_between_is_refused_and_nothing_is_written(office: Office) -> None:
    _, first = office.clerk.submit(office.record("a1"))
    key, second = office.clerk.submit(office.record("a1"))
    office.written(first)
    with pytest.raises(RecordExistsError):
        office.written(second)
    with office.database.reading() as session:
        assert session.get(Record, key) is None
        assert session.get(Judgement, key) is None


def test_a_lead_that_is_lost_in_between_is_lost(office: Office) -> None:
    key = office.submitted()
    change = office.clerk.add_round(key, "notice", SHORT_NOTICE)
    units = [{"name": "某区交通局(虚构)", "role": "lead"}, {"name": LEAD, "role": "joint"}]
    office.written(office.clerk.hand_in(key, office.record("a1", units=units)))
    with pytest.raises(NotLeadingError):
        office.written(change)


def test_what_is_not_there_is_not_changed(office: Office, judge: Judge) -> None:
    key = office.submitted()
    with pytest.raises(UnknownRecordError):
        office.clerk.add_round(new_key(), "notice", SHORT_NOTICE)
    stranger = clerk_of("某区文旅局(虚构)", office.database, office.clerk.rulebooks, judge)
    with pytest.raises(UnknownRecordError):
        stranger.add_round(key, "notice", SHORT_NOTICE)
    with pytest.raises(UnknownRecordError):
        stranger.hand_in(key, office.record("a1"))


def test_what_says_nothing_new_writes_nothing(office: Office) -> None:
    key = office.submitted(notice=SHORT_NOTICE)
    written = office.written(office.clerk.hand_in(key, office.record("a1", notice=SHORT_NOTICE)))
    assert (written.changes, written.version.number) == (None, 1)
