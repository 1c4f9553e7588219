"""Evidence files: kept by their digest, listed in the record, seen by those who may see the record.

A file is on disk before the version that lists it is written; of what is refused in the end, nothing stays.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from pydantic import ValidationError
from sqlmodel import Session, col, select

from api import clock
from api.records.changes import Change, Written
from api.records.clerk import Clerk, refuse_classified
from api.records.errors import (
    EvidenceErasedError,
    FileGoneError,
    FileKindError,
    FileTooLargeError,
    UnknownEvidenceError,
)
from api.records.files import Kind, kind_of, refuse_marked, safe_name
from api.records.tables import Evidence, EvidenceErasure
from api.refusals import InvalidError
from api.store import trail
from api.store.blobs import Blob, BlobMissingError, Blobs, BlobTooLargeError
from api.store.database import Database
from api.store.keys import new_key
from engine.reading.problems import problems_of
from engine.record import Document
from engine.vocabulary import Bilingual

FORM: Final = "(body)"
"""What problems call what was sent."""
_SOMETHING: Final = Bilingual(zh="有内容的文件", en="a file that holds something")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is sent, and for what."""

    file: BinaryIO
    name: str | None
    declared: str | None
    step: str
    place: int
    kind: str
    title: str | None
    day: str | None


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has been looked at and is on disk."""

    upload: Upload
    name: str
    kind: Kind
    blob: Blob
    change: Change


def receive(blobs: Blobs, clerk: Clerk, key: str, upload: Upload, *, limit: int) -> Received:
    """Look at a file, keep it, and work out the version that lists it.

    Raises `FileNameError`, `FileKindError`, `FileTooLargeError`, `ClassifiedError` and what `Clerk.add_document` does;
    then nothing is kept.
    """
    name = safe_name(upload.name)
    kind = kind_of(upload.file, name=name, declared=upload.declared)
    refuse_marked(upload.file, kind, name=name)
    document = _document(upload, name)
    upload.file.seek(0)
    try:
        blob = blobs.put(upload.file, limit)
    except BlobTooLargeError:
        raise FileTooLargeError(limit=limit) from None
    with nothing_left_behind(blobs, clerk.database, blob.sha256):
        if blob.size == 0:
            raise FileKindError(given=f"{name} (0 bytes)", expected=_SOMETHING)
        listed = document.model_copy(update={"sha256": blob.sha256})
        return Received(upload, name, kind, blob, clerk.add_document(key, upload.step, upload.place, listed))


def _document(upload: Upload, name: str) -> Document:
    """Write how a record lists a file; raises `InvalidError` and `ClassifiedError`."""
    data = {"kind": upload.kind, "title": upload.title or name, "day": upload.day}
    refuse_classified(data)
    try:
        return Document.model_validate(data)
    except ValidationError as error:
        raise InvalidError.of(problems_of(error, file=FORM, lines={})) from None


def add(session: Session, blobs: Blobs, received: Received, *, by: str) -> tuple[Evidence, Written]:
    """Write the version that lists a file, and the file's own row, in a session of `Database.writing()`.

    The same file for the same round once more is the same evidence. Raises `FileGoneError` if it was erased meanwhile.
    """
    written = received.change.write(session)
    if not blobs.holds(received.blob.sha256):
        raise FileGoneError(given=received.name)
    upload, at = received.upload, max(clock.now(), written.version.entered_at)
    for known in of_record(session, written.row.key):
        if (known.step, known.place, known.kind, known.sha256) == (
            upload.step,
            upload.place,
            upload.kind,
            received.blob.sha256,
        ) and session.get(EvidenceErasure, known.key) is None:
            return known, written
    row = Evidence(
        key=new_key(),
        record=written.row.key,
        version=written.row.version,
        step=upload.step,
        place=upload.place,
        kind=upload.kind,
        name=received.name,
        media_type=received.kind.media_type,
        size=received.blob.size,
        sha256=received.blob.sha256,
        at=at,
        by=by,
    )
    session.add(row)
    content = {name: getattr(row, name) for name in ("record", "version", "step", "place", "kind", "size", "sha256")}
    trail.append(session, at=at, actor=by, action="evidence.added", subject=row.key, content=content)
    return row, written


def of_record(session: Session, record: str) -> tuple[Evidence, ...]:
    """Return the evidence files of a record, in the order in which they came."""
    order = col(Evidence.at), col(Evidence.key)
    return tuple(session.exec(select(Evidence).where(Evidence.record == record).order_by(*order)))


def erasures(session: Session, rows: Iterable[Evidence]) -> dict[str, EvidenceErasure]:
    """Return which of some files were taken away."""
    keys = [row.key for row in rows]
    found = session.exec(select(EvidenceErasure).where(col(EvidenceErasure.evidence).in_(keys)))
    return {erasure.evidence: erasure for erasure in found}


def one_of_record(session: Session, record: str, key: str) -> Evidence:
    """Return an evidence file of a record; raises `UnknownEvidenceError`."""
    found = session.get(Evidence, key)
    if found is None or found.record != record:
        raise UnknownEvidenceError(given=key)
    return found


def open_file(session: Session, blobs: Blobs, row: Evidence) -> BinaryIO:
    """Open an evidence file; raises `EvidenceErasedError`."""
    if session.get(EvidenceErasure, row.key) is not None:
        raise EvidenceErasedError(given=row.key)
    try:
        return blobs.open(row.sha256)
    except BlobMissingError:
        raise EvidenceErasedError(given=row.key) from None


def erase(session: Session, blobs: Blobs, row: Evidence, *, reason: str, at: datetime, by: str) -> EvidenceErasure:
    """Take a file away because of what is in it; that it was there stays on record. Twice is the same as once.

    In a session of `Database.writing()`. Where others list the same file, it stays theirs.
    """
    done = session.get(EvidenceErasure, row.key)
    if done is not None:
        return done
    erasure = EvidenceErasure(evidence=row.key, reason=reason, at=at, by=by)
    session.add(erasure)
    session.flush()
    content = {"record": row.record, "sha256": row.sha256}
    trail.append(session, at=at, actor=by, action="evidence.erased", subject=row.key, content=content)
    _drop_unlisted(session, blobs, row.sha256)
    return erasure


@contextmanager
def nothing_left_behind(blobs: Blobs, database: Database, sha256: str) -> Iterator[None]:
    """Remove a file that was kept for what then fails, unless something else lists it."""
    try:
        yield
    except BaseException:
        with database.writing() as session:
            _drop_unlisted(session, blobs, sha256)
        raise


def _drop_unlisted(session: Session, blobs: Blobs, sha256: str) -> None:
    listing = (
        select(Evidence.key)
        .outerjoin(EvidenceErasure, col(EvidenceErasure.evidence) == col(Evidence.key))
        .where(Evidence.sha256 == sha256, col(EvidenceErasure.evidence).is_(None))
        .limit(1)
    )
    if session.exec(listing).first() is None:
        with suppress(BlobMissingError):
            blobs.erase(sha256)
