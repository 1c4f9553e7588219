"""The whole store in one file, while others write.

Decides what a backup holds: every row as of one moment, and the files that lie beside the database. It is the same
from both databases, so that a store can move from one to the other. A zip archive:

- `tables/<name>.jsonl`: the names of the columns, then one row a line;
- `blobs/<sha256>`;
- `manifest.json`: revision of the tables, head of the trail, for each table how many rows and the SHA-256 of its lines.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from api.store import migrations, rows, trail
from api.store.blobs import BlobMissingError, Blobs
from api.store.database import Database
from api.store.trail import Head
from engine.vocabulary import Frozen

FORMAT: Final = "duecourse-backup-1"
MANIFEST: Final = "manifest.json"
CHUNK: Final = 1 << 20


class BackedUpTable(Frozen):
    """How many rows a table has, and the SHA-256 of their lines."""

    rows: int
    sha256: str


class Manifest(Frozen):
    """What a backup holds."""

    format: str
    made_at: datetime
    revision: str
    head: Head
    tables: dict[str, BackedUpTable]
    blobs: int


class BackupExistsError(Exception):
    """There is a file where the backup was to be written."""

    def __init__(self, *, path: Path) -> None:
        """Keep the path."""
        super().__init__(f"given {str(path)!r}, which exists; expected the name of a new file; choose another name")
        self.path = path


def back_up(database: Database, blobs: Blobs, path: Path, *, at: datetime) -> Manifest:
    """Write a backup to a new file, which appears only once it is whole and on disk; raises `BackupExistsError`."""
    if path.exists():
        raise BackupExistsError(path=path)
    with NamedTemporaryFile(dir=path.absolute().parent, prefix=f".{path.name}.", delete=False) as file:
        unfinished = Path(file.name)
        try:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
                manifest = _write(archive, database, blobs, at=at)
            file.flush()
            os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    return manifest


def _write(archive: ZipFile, database: Database, blobs: Blobs, *, at: datetime) -> Manifest:
    """Write first the rows, then the files: each file that a row names was kept before the row was."""
    with database.reading() as session:
        connection = session.connection()
        written = {
            table.name: _write_table(archive, member(table.name), rows.lines(connection, table))
            for table in rows.tables(connection)
        }
        head, revision = trail.head(session), migrations.applied(connection)
    manifest = Manifest(
        format=FORMAT,
        made_at=at,
        revision=revision or "",
        head=head,
        tables=written,
        blobs=sum(_write_blob(archive, blobs, digest) for digest in blobs.digests()),
    )
    archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def member(table: str) -> str:
    """Return the name that the rows of a table have in the archive."""
    return f"tables/{table}.jsonl"


def _write_table(archive: ZipFile, name: str, lines: Iterator[str]) -> BackedUpTable:
    digest, count = sha256(), -1
    with archive.open(name, "w", force_zip64=True) as file:
        for line in lines:
            written = f"{line}\n".encode()
            digest.update(written)
            file.write(written)
            count += 1
    return BackedUpTable(rows=count, sha256=digest.hexdigest())


def _write_blob(archive: ZipFile, blobs: Blobs, digest: str) -> bool:
    """Write a file, stored as it is; tell whether it was still there."""
    try:
        source = blobs.open(digest)
    except BlobMissingError:  # erased since its name was read
        return False
    entry = ZipInfo(f"blobs/{digest}")
    entry.compress_type = ZIP_STORED
    with source, archive.open(entry, "w", force_zip64=True) as file:
        while chunk := source.read(CHUNK):
            file.write(chunk)
    return True
