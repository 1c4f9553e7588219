"""A new store from a backup: all of it, or nothing.

Decides what a backup can be restored into, and that its trail must stand.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import Session

from api.store import migrations, rows, trail
from api.store.backup import FORMAT, MANIFEST, Manifest, member
from api.store.blobs import Blobs
from api.store.database import Database
from api.store.types import JSON, utc_text
from api.store.verification import TrailProblem, Witness, verify

_BLOB: Final = re.compile(r"blobs/(?P<sha256>[0-9a-f]{64})")
_BROKEN: Final = (
    BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    IntegrityError,
    DataError,
)
"""What is raised by a file that `duecourse db backup` did not write, or that was damaged since."""


class Digest(Protocol):
    """A digest that is being made."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""


class UnreadableBackupError(Exception):
    """A file is no backup, or a broken one; nothing was restored."""

    def __init__(self, *, path: Path, where: str) -> None:
        """Keep the path, and what in it cannot be read."""
        super().__init__(
            f"given {str(path)!r}, in which {where} cannot be read; expected a whole file that "
            "`duecourse db backup` wrote; take another backup",
        )
        self.path = path
        self.where = where


class UnfitBackupError(Exception):
    """A backup was made by a newer program, or the store has other tables than the backup, though without rows."""

    def __init__(self, *, given: str, expected: str) -> None:
        """Keep the revision of the backup and what was expected."""
        super().__init__(
            f"given a backup with tables of revision {given!r}; expected {expected}; "
            "restore it with the version of the program that made it or a later one, into a database without tables",
        )
        self.given = given


class StoreNotEmptyError(Exception):
    """A backup was to be restored into a store that holds something; it was left as it is."""

    def __init__(self, *, tables: tuple[str, ...]) -> None:
        """Keep the names of the tables that hold rows."""
        super().__init__(
            f"given a store with rows in {', '.join(tables)}; expected an empty one; "
            "set DUECOURSE_DATABASE to a new database",
        )
        self.tables = tables


class TamperedBackupError(Exception):
    """The trail in a backup does not stand; nothing was restored."""

    def __init__(self, *, problems: tuple[TrailProblem, ...]) -> None:
        """Keep the problems."""
        said = "; ".join(problem.say("en") for problem in problems[:5])
        super().__init__(f"given a backup whose trail does not stand ({said}); expected one that does; take another")
        self.problems = problems


def restore(
    database: Database,
    blobs: Blobs,
    path: Path,
    *,
    at: datetime,
    witnesses: Iterable[Witness] = (),
) -> Manifest:
    """Make the store of a backup, all of it or nothing, and note so in the trail.

    Raises `StoreNotEmptyError`, `UnreadableBackupError`, `UnfitBackupError` and `TamperedBackupError`.
    """
    with _opened(path) as archive, database.exclusive() as connection:
        manifest = _manifest(archive, path)
        _prepare(connection, manifest)
        _restore_blobs(archive, blobs, path)
        _load(connection, archive, manifest, path)
        migrations.upgrade(connection)
        with Session(connection, expire_on_commit=False) as session:
            problems = verify(session, exported=manifest.head, witnesses=witnesses)
            if problems:
                raise TamperedBackupError(problems=problems)
            said: dict[str, JSON] = {"made_at": utc_text(manifest.made_at), "head": manifest.head.model_dump()}
            trail.append(session, at=at, actor="operator", action="restored", subject="store", content=said)
            session.flush()
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[ZipFile]:
    try:
        archive = ZipFile(path)
    except (OSError, *_BROKEN):
        raise UnreadableBackupError(path=path, where="the file") from None
    with archive:
        yield archive


@contextmanager
def _reading(path: Path, where: str) -> Iterator[None]:
    """Tell which part of a backup cannot be read."""
    try:
        yield
    except _BROKEN as error:
        raise UnreadableBackupError(path=path, where=where) from error


def _manifest(archive: ZipFile, path: Path) -> Manifest:
    with _reading(path, MANIFEST):
        manifest = Manifest.model_validate_json(archive.read(MANIFEST))
        if manifest.format != FORMAT:
            raise ValueError(manifest.format)
    return manifest


def _prepare(connection: Connection, manifest: Manifest) -> None:
    """Make the tables as they were when the backup was made."""
    filled = rows.filled(connection)
    if filled:
        raise StoreNotEmptyError(tables=filled)
    known, found = migrations.known(), migrations.applied(connection)
    if manifest.revision not in known:
        raise UnfitBackupError(given=manifest.revision, expected=f"one of {', '.join(known)}")
    if found is None:
        migrations.upgrade(connection, manifest.revision)
    elif found != manifest.revision:
        raise UnfitBackupError(given=manifest.revision, expected=f"{found}, which the tables of the store have")


def _restore_blobs(archive: ZipFile, blobs: Blobs, path: Path) -> None:
    for entry in archive.infolist():
        if found := _BLOB.fullmatch(entry.filename):
            with _reading(path, entry.filename), archive.open(entry) as file:
                kept = blobs.put(file, entry.file_size)
                if kept.sha256 != found["sha256"]:
                    raise ValueError(kept.sha256)


def _load(connection: Connection, archive: ZipFile, manifest: Manifest, path: Path) -> None:
    found = rows.tables(connection)
    with _reading(path, MANIFEST):
        if {table.name for table in found} != set(manifest.tables):
            raise ValueError(set(manifest.tables))
    with _reading(path, "how rows refer to each other"), rows.deferred_references(connection):
        for table in found:
            wanted, digest = manifest.tables[table.name], sha256()
            with _reading(path, member(table.name)):
                count = rows.load(connection, table, _lines(archive, table.name, digest))
                if (count, digest.hexdigest()) != (wanted.rows, wanted.sha256):
                    raise ValueError(count)


def _lines(archive: ZipFile, table: str, digest: Digest) -> Iterator[str]:
    """Read the lines of a table, and take their digest."""
    with archive.open(member(table)) as file:
        for line in file:
            digest.update(line)
            yield line.decode()
