"""The whole store in one file, made while others write, and a new store of it: from and into both databases."""

import io
import json
import random
import stat
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlmodel import Session, select

from api.identity.tables import Unit
from api.store import migrations, reads, rows, trail
from api.store.backup import BackupExistsError, Manifest, back_up
from api.store.blobs import Blobs
from api.store.database import Database
from api.store.idempotency import keep_answer
from api.store.keys import new_key
from api.store.restoring import (
    StoreNotEmptyError,
    TamperedBackupError,
    UnfitBackupError,
    UnreadableBackupError,
    restore,
)
from api.store.tables import KeptAnswer, ReadLog, TrailEntry
from api.store.trail import Head
from api.store.verification import verify
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.tampering import tamper

AT = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
CONTENT = random.Random(5).randbytes(100_000)  # noqa: S311 - a made-up file

Open = Callable[[str], Database]


@pytest.fixture
def opened(fresh_database: FreshDatabase) -> Iterator[Open]:
    """Give a function that opens a fresh, migrated database of a kind."""
    databases: list[Database] = []

    def fresh(kind: str) -> Database:
        databases.append(Database(fresh_database(kind)))
        return databases[-1]

    yield fresh
    for database in databases:
        database.close()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def other_blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "other" / "blobs")


def append(session: Session, subject: str = "s") -> None:
    trail.append(session, at=AT, actor="某人", action="written", subject=subject, content={"文": "\u2028\n\"'\\😀"})


def fill(database: Database) -> Head:
    """Write rows of every kind of column, among them one that refers to one that comes after it."""
    with database.writing() as session:
        for _ in range(3):
            append(session)
        reads.log_read(session, at=AT, account="a", path="/api/v1/records", request="r")
        keep_answer(
            session,
            KeptAnswer(account="a", key="k", request="0" * 64, at=AT, status=200, headers={}, body=CONTENT[:1000]),
        )
        last = Unit(key="z" * 26, jurisdiction="CN", created_at=AT)
        session.add(last)
        session.flush()
        session.add(Unit(key="a" * 26, jurisdiction="CN", merged_into=last.key, merged_on=AT.date(), created_at=AT))
        session.flush()
        return trail.head(session)


def contents(database: Database) -> dict[str, list[str]]:
    with database.reading() as session:
        connection = session.connection()
        return {table.name: list(rows.lines(connection, table)) for table in rows.tables(connection)}


@pytest.mark.parametrize("source", DATABASES)
@pytest.mark.parametrize("target", DATABASES)
def test_a_store_is_the_same_after_backup_and_restore(
    opened: Open, blobs: Blobs, other_blobs: Blobs, tmp_path: Path, source: str, target: str
) -> None:
    database, restored = opened(source), opened(target)
    head = fill(database)
    blob = blobs.put(io.BytesIO(CONTENT), len(CONTENT))
    manifest = back_up(database, blobs, tmp_path / "backup", at=LATER)
    assert (manifest.head, manifest.blobs, manifest.tables["trail_entry"].rows) == (head, 1, 3)

    assert restore(restored, other_blobs, tmp_path / "backup", at=LATER) == manifest
    before, after = contents(database), contents(restored)
    assert after.pop("trail_entry")[:-1] == before.pop("trail_entry")
    assert after.pop("trail_head") != before.pop("trail_head")
    assert after == before
    with other_blobs.open(blob.sha256) as file:
        assert file.read() == CONTENT
    with restored.reading() as session:
        assert verify(session, exported=head) == ()
        newest = list(trail.entries(session, after=head.number, limit=10))
    assert [(entry.action, entry.content["head"]) for entry in newest] == [("restored", head.model_dump())]


def test_the_restored_store_is_written_to_and_guarded_as_before(
    database: Database, opened: Open, blobs: Blobs, tmp_path: Path
) -> None:
    fill(database)
    back_up(database, blobs, tmp_path / "backup", at=LATER)
    restored = opened("sqlite" if database.is_sqlite else "postgresql")
    restore(restored, blobs, tmp_path / "backup", at=LATER)
    with restored.writing() as session:
        append(session)
    with restored.reading() as session:
        assert (verify(session), trail.head(session).number) == ((), 5)
    with pytest.raises(Exception, match="may only be added to"), restored.exclusive() as connection:
        connection.exec_driver_sql("DELETE FROM trail_entry")
    orphan = f"INSERT INTO unit_name (key, unit, name) VALUES ('{'b' * 26}', '{'c' * 26}', 'n')"
    with pytest.raises(Exception, match=r"(?i)foreign key"), restored.exclusive() as connection:
        connection.exec_driver_sql(orphan)


def test_a_backup_is_of_one_moment_while_others_write(
    database: Database, opened: Open, blobs: Blobs, other_blobs: Blobs, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            blob = blobs.put(io.BytesIO(new_key().encode()), 100)
            with database.writing() as session:
                append(session, blob.sha256)
                reads.log_read(session, at=AT, account="a", path=blob.sha256, request="r")

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    manifests = [back_up(database, blobs, tmp_path / f"backup{number}", at=LATER) for number in range(5)]
    stop.set()
    for thread in threads:
        thread.join()
    numbers = [manifest.head.number for manifest in manifests]
    assert numbers == sorted(set(numbers))

    for number, manifest in enumerate(manifests):
        restored = opened("sqlite" if database.is_sqlite else "postgresql")
        restore(restored, other_blobs, tmp_path / f"backup{number}", at=LATER)
        with restored.reading() as session:
            assert verify(session, exported=manifest.head) == ()
            subjects = set(session.exec(select(TrailEntry.subject).where(TrailEntry.action == "written")))
            assert set(session.exec(select(ReadLog.path))) == subjects
        assert all(other_blobs.holds(subject) for subject in subjects)


def test_a_backup_with_older_tables_is_brought_up_to_date(tmp_path: Path, blobs: Blobs) -> None:
    old, new = (Database(f"sqlite:///{tmp_path}/{name}.sqlite") for name in ("old", "new"))
    with old.exclusive() as connection:
        migrations.upgrade(connection, "0001")
    with old.writing() as session:
        append(session)
    assert back_up(old, blobs, tmp_path / "backup", at=LATER).revision == "0001"
    restore(new, blobs, tmp_path / "backup", at=LATER)
    with new.exclusive() as connection:
        assert migrations.applied(connection) == migrations.known()[-1]
    with new.reading() as session:
        assert (verify(session), trail.head(session).number) == ((), 2)
    old.close()
    new.close()


def test_a_store_that_holds_something_is_left_as_it_is(database: Database, blobs: Blobs, tmp_path: Path) -> None:
    fill(database)
    back_up(database, blobs, tmp_path / "backup", at=LATER)
    before = contents(database)
    with pytest.raises(StoreNotEmptyError, match=r"read_log, trail_entry, unit.*DUECOURSE_DATABASE"):
        restore(database, blobs, tmp_path / "backup", at=LATER)
    assert contents(database) == before


def test_a_file_that_exists_is_not_overwritten(database: Database, blobs: Blobs, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    path.write_text("something else")
    with pytest.raises(BackupExistsError, match="backup"):
        back_up(database, blobs, path, at=LATER)
    assert path.read_text() == "something else"
    assert [found.name for found in tmp_path.iterdir() if found.name.startswith(".")] == []


def test_a_backup_is_for_the_operator_only(database: Database, blobs: Blobs, tmp_path: Path) -> None:
    back_up(database, blobs, tmp_path / "backup", at=LATER)
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600


def test_a_backup_of_a_store_tampered_with_is_not_restored(
    database: Database, opened: Open, blobs: Blobs, tmp_path: Path
) -> None:
    fill(database)
    tamper(database, "UPDATE trail_entry SET actor = 'x' WHERE number = 2")
    back_up(database, blobs, tmp_path / "backup", at=LATER)
    restored = opened("sqlite" if database.is_sqlite else "postgresql")
    with pytest.raises(TamperedBackupError, match=r"entry 2 \(s\): changed"):
        restore(restored, blobs, tmp_path / "backup", at=LATER)
    with restored.exclusive() as connection:
        assert rows.filled(connection) == ()


@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize(
    "damage",
    [
        "not a backup",
        "cut short",
        "a byte changed",
        "another format",
        "no manifest",
        "a row missing",
        "a row changed",
        "a table missing",
        "no JSON",
        "a unit missing",
        "a file changed",
    ],
)
def test_a_broken_backup_restores_nothing(
    opened: Open, blobs: Blobs, other_blobs: Blobs, tmp_path: Path, kind: str, damage: str
) -> None:
    source, restored = opened("sqlite"), opened(kind)
    fill(source)
    blobs.put(io.BytesIO(CONTENT), len(CONTENT))
    back_up(source, blobs, tmp_path / "backup", at=LATER)
    break_backup(tmp_path / "backup", damage)
    with pytest.raises(UnreadableBackupError, match="cannot be read"):
        restore(restored, other_blobs, tmp_path / "backup", at=LATER)
    with restored.exclusive() as connection:
        assert rows.filled(connection) == ()


def test_a_backup_with_newer_tables_is_refused(opened: Open, blobs: Blobs, tmp_path: Path) -> None:
    back_up(opened("sqlite"), blobs, tmp_path / "backup", at=LATER)
    rewrite(tmp_path / "backup", lambda parts: parts.update({"manifest.json": changed(parts, revision="9999")}))
    with pytest.raises(UnfitBackupError, match="9999"):
        restore(opened("sqlite"), blobs, tmp_path / "backup", at=LATER)
    rewrite(tmp_path / "backup", lambda parts: parts.update({"manifest.json": changed(parts, revision="0001")}))
    with pytest.raises(UnfitBackupError, match="into a database without tables"):
        restore(opened("sqlite"), blobs, tmp_path / "backup", at=LATER)


Parts = dict[str, bytes]


def rewrite(path: Path, change: Callable[[Parts], object]) -> None:
    """Write a backup anew with other parts."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def changed(parts: Parts, **fields: object) -> bytes:
    manifest = Manifest.model_validate_json(parts["manifest.json"]).model_dump(mode="json")
    return json.dumps({**manifest, **fields}).encode()


def break_backup(path: Path, damage: str) -> None:
    content = path.read_bytes()
    entries, blob = "tables/trail_entry.jsonl", f"blobs/{'0' * 64}"
    changes: dict[str, Callable[[Parts], object]] = {
        "another format": lambda parts: parts.update({"manifest.json": changed(parts, format="duecourse-backup-0")}),
        "no manifest": lambda parts: parts.pop("manifest.json"),
        "a row missing": lambda parts: parts.update({entries: b"\n".join(parts[entries].splitlines()[:-1]) + b"\n"}),
        "a row changed": lambda parts: parts.update({entries: parts[entries].replace(b"written", b"forged!")}),
        "a table missing": lambda parts: parts.pop(entries),
        "no JSON": lambda parts: parts.update({entries: b"["}),
        "a unit missing": lambda parts: without(parts, "unit", "z" * 26),
        "a file changed": lambda parts: parts.update({blob: b"x"}),
    }
    match damage:
        case "not a backup":
            path.write_text("nothing of the kind")
        case "cut short":
            path.write_bytes(content[: len(content) // 2])
        case "a byte changed":
            place = content.index(CONTENT[:50])
            path.write_bytes(content[:place] + b"\x00\x01" + content[place + 2 :])
        case _:
            rewrite(path, changes[damage])


def without(parts: Parts, table: str, key: str) -> None:
    """Leave out a row to which others refer, and let the manifest agree."""
    name = f"tables/{table}.jsonl"
    kept = [line for line in parts[name].splitlines(keepends=True) if f'"{key}","CN"'.encode() not in line]
    parts[name] = b"".join(kept)
    manifest = Manifest.model_validate_json(parts["manifest.json"]).model_dump(mode="json")
    manifest["tables"][table] = {"rows": len(kept) - 1, "sha256": sha256(parts[name]).hexdigest()}
    parts["manifest.json"] = json.dumps(manifest).encode()
