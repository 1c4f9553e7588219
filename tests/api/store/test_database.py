"""Transactions on both databases: all or nothing, one writer after the other, and on disk when acknowledged."""

import importlib
import pkgutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

import api
from api.store import database as databases
from api.store import migrations, reads, trail, turns
from api.store.database import Database, DatabaseUrlError
from api.store.idempotency import forget_answers, keep_answer, kept_answer
from api.store.tables import KeptAnswer, ReadLog, TrailEntry, TrailHead
from api.store.turns import NestedWritingError, StoreBusyError
from api.store.types import NaiveTimeError, Stored
from api.store.verification import verify
from tests.api.conftest import FreshDatabase
from tests.conftest import ROOT

AT = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)


def append(session: Session, actor: str = "a") -> TrailEntry:
    return trail.append(session, at=AT, actor=actor, action="written", subject="s", content={})


def entries(database: Database) -> list[TrailEntry]:
    with database.reading() as session:
        return list(trail.entries(session, after=0, limit=1_000_000))


def stands(database: Database) -> bool:
    with database.reading() as session:
        return verify(session) == ()


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            append(session)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert entries(database) == []
    with database.writing() as session:
        append(session)
    assert [entry.number for entry in entries(database)] == [1]


def test_a_reader_sees_one_moment_however_long_it_takes(database: Database) -> None:
    with database.reading() as session:
        before = trail.head(session)
        with database.writing() as other:
            append(other)
        session.expire_all()
        assert trail.head(session) == before
        assert list(session.exec(select(TrailEntry))) == []
    assert len(entries(database)) == 1


def test_a_reader_cannot_write(database: Database) -> None:
    with database.reading() as session:
        append(session)
        with pytest.raises(DatabaseError):
            session.commit()
    assert entries(database) == []


def test_rows_can_be_used_after_their_transaction(database: Database) -> None:
    with database.writing() as session:
        entry = append(session)
    assert (entry.number, entry.at) == (1, AT)


def test_writing_within_writing_is_refused_instead_of_waiting_for_itself(database: Database) -> None:
    with database.writing() as session:
        append(session)
        with pytest.raises(NestedWritingError), database.writing():
            pass
    assert len(entries(database)) == 1


def test_a_writer_gives_up_after_a_while(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (databases, turns):
        monkeypatch.setattr(module, "PATIENCE", 0.2)
    others = Database(database.url.render_as_string(hide_password=False))
    with database.writing() as session:
        append(session)
        with pytest.raises(StoreBusyError), others.writing():
            pass
        with ThreadPoolExecutor(1) as pool, pytest.raises(StoreBusyError):
            pool.submit(lambda: database.writing().__enter__()).result()
    with others.writing() as session:
        append(session)
    others.close()
    assert len(entries(database)) == 2


@pytest.mark.parametrize("table", ["trail_entry", "read_log"])
@pytest.mark.parametrize("tampering", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove(database: Database, table: str, tampering: str) -> None:
    assert_refused(database, tampering.format(table))


@pytest.mark.parametrize("table", ["trail_entry", "read_log"])
def test_the_database_refuses_what_only_it_has(database: Database, table: str) -> None:
    replace = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    assert_refused(database, replace if database.is_sqlite else f"TRUNCATE {table}")


def test_a_postgresql_that_calls_itself_a_replica_refuses_too(fresh_database: FreshDatabase) -> None:
    database = Database(fresh_database("postgresql"))
    assert_refused(database, "SET LOCAL session_replication_role = replica; DELETE FROM trail_entry")
    database.close()


def assert_refused(database: Database, statement: str) -> None:
    with database.writing() as session:
        append(session)
        reads.log_read(session, at=AT, account="a", path="/api/v1/records", request="r")
    with pytest.raises(DatabaseError, match="may only be added to"), database.exclusive() as connection:
        connection.exec_driver_sql(statement)
    assert len(entries(database)) == 1


def test_many_threads_append_without_a_fork(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    several = [database, Database(url), Database(url)]

    def write(number: int) -> None:
        for _ in range(5):
            with several[number % 3].writing() as session:
                append(session, f"thread {number}")
                append(session, f"thread {number}")

    with ThreadPoolExecutor(24) as pool:
        list(pool.map(write, range(24)))
    for other in several[1:]:
        other.close()
    assert [entry.number for entry in entries(database)] == list(range(1, 241))
    assert stands(database)


def test_several_processes_append_without_a_fork(database: Database) -> None:
    processes = [start(database, f"process {number}", "25") for number in range(3)]
    told = [int(line) for process in processes for line in process.communicate()[0].split()]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(told) == list(range(1, 76))
    assert len({entry.actor for entry in entries(database)}) == 3
    assert stands(database)


def test_what_was_acknowledged_survives_kill_9(database: Database) -> None:
    for pause in (0.0, 0.011, 0.1):
        processes = [start(database, f"process {number}") for number in range(2)]
        told = [[first_line(process)] for process in processes]
        time.sleep(pause)
        for process in processes:
            process.send_signal(signal.SIGKILL)
        for process, lines in zip(processes, told, strict=True):
            lines.extend(process.communicate()[0].splitlines(keepends=True))
        # What was being written when the signal came is not whole.
        acknowledged = {int(line) for lines in told for line in lines if line.endswith("\n")}
        assert len(acknowledged) >= 2
        assert acknowledged <= {entry.number for entry in entries(database)}
        assert stands(database)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def start(database: Database, *arguments: str) -> subprocess.Popen[str]:
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.api.store.writer", url, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_sqlite_writes_ahead_and_waits_for_the_disk(fresh_database: FreshDatabase) -> None:
    database = Database(fresh_database("sqlite"))
    with database.exclusive() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout")
        }
    database.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 30_000,
    }


def test_postgresql_waits_for_the_disk_whatever_the_server_prefers(fresh_database: FreshDatabase) -> None:
    url = fresh_database("postgresql")
    database = Database(url)
    with database.exclusive() as connection:
        name = connection.engine.url.database
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    database.close()
    with database.exclusive() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
        assert connection.exec_driver_sql("SHOW timezone").scalar_one() == "UTC"
    database.close()


def test_several_at_once_may_make_the_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/var/store.sqlite"
    code = f"from api.store.database import Database; Database({url!r}).migrate()"
    processes = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(4)]
    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    database = Database(url)
    with database.exclusive() as connection:
        assert migrations.applied(connection) == migrations.known()[-1]
    with database.reading() as session:
        assert session.exec(select(TrailHead)).one().number == 0
    database.close()


def test_the_tables_are_those_that_the_revisions_make(database: Database) -> None:
    for found in pkgutil.walk_packages(api.__path__, "api."):
        if found.name.endswith(".tables") and not found.name.startswith("api.edge."):
            importlib.import_module(found.name)
    with database.exclusive() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Stored.metadata) == []


@pytest.mark.parametrize(
    "url",
    ["", "store.sqlite", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "postgresql://u:secret@h"],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUrlError, match="DUECOURSE_DATABASE") as caught:
        Database(url)
    assert "secret" not in str(caught.value)


def test_a_time_is_the_same_time_again(database: Database) -> None:
    shanghai = datetime(2026, 6, 30, 16, 0, 0, 1, tzinfo=timezone(timedelta(hours=8)))
    with database.writing() as session:
        reads.log_read(session, at=shanghai, account="a", path="/", request="r")
    with database.reading() as session:
        assert session.exec(select(ReadLog)).one().at.isoformat() == "2026-06-30T08:00:00.000001+00:00"


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(NaiveTimeError), database.writing() as session:
        trail.append(session, at=datetime(2026, 6, 30), actor="a", action="x", subject="s", content={})  # noqa: DTZ001


def test_reads_are_told_by_account_and_time(database: Database) -> None:
    with database.writing() as session:
        for minute, account in enumerate(("a", "b", "a")):
            time_of_reading = AT + timedelta(minutes=minute)
            reads.log_read(session, at=time_of_reading, account=account, path=f"/{minute}", request="r")
    with database.reading() as session:
        assert [read.path for read in reads.reads(session)] == ["/2", "/1", "/0"]
        assert [read.path for read in reads.reads(session, account="a")] == ["/2", "/0"]
        assert [read.path for read in reads.reads(session, since=AT + timedelta(minutes=1))] == ["/2", "/1"]
        newest, *_ = reads.reads(session, limit=1)
        assert [read.path for read in reads.reads(session, after=(newest.at, newest.key))] == ["/1", "/0"]


def test_an_answer_is_kept_and_forgotten(database: Database) -> None:
    answer = KeptAnswer(account="a", key="k", request="0" * 64, at=AT, status=201, headers={"etag": '"1"'}, body=b"{}")
    with database.writing() as session:
        keep_answer(session, answer)
    with database.writing() as session:
        forget_answers(session, before=AT)
        kept = kept_answer(session, account="a", key="k")
        assert kept
        assert (kept.status, kept.headers, kept.body) == (201, {"etag": '"1"'}, b"{}")
        assert kept_answer(session, account="b", key="k") is None
        forget_answers(session, before=AT + timedelta(seconds=1))
        session.expire_all()
        assert kept_answer(session, account="a", key="k") is None
