"""The trail: what was done, each entry holding the digest of the one before.

Decides how an entry is written and how it is vouched for. Holds no personal data and no long texts: only their digests.
Whether the trail still stands is told by `verify`, which lives in `api.store.verification`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from api.store.inserting import insert_rows
from api.store.tables import TrailEntry, TrailHead
from api.store.types import JSON, canonical_json, digest_of, utc_text
from engine.vocabulary import Frozen

GENESIS: Final = "0" * 64
"""What stands for the digest before the first entry."""


class Head(Frozen):
    """The newest entry of the trail: who keeps it elsewhere can later tell whether the trail up to it still stands."""

    number: int
    digest: str


def append(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    content: Mapping[str, JSON],
) -> TrailEntry:
    """Add an entry, in a session of `Database.writing()`; raises `NaiveTimeError`."""
    head = session.get_one(TrailHead, 1)
    number, text = head.number + 1, canonical_json(content)
    entry = TrailEntry(
        number=number,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        content=dict(content),
        before=head.digest,
        digest=entry_digest(head.digest, number, utc_text(at), text, actor, action, subject),
    )
    session.add(entry)
    head.number, head.digest = entry.number, entry.digest
    return entry


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done, to be entered with others."""

    action: str
    subject: str
    content: Mapping[str, JSON]


def append_all(session: Session, things: Iterable[Done], *, at: datetime, actor: str) -> None:
    """Add an entry for each of several things done at one time, as `append` would, all with one statement."""
    head, rows = session.get_one(TrailHead, 1), []
    number, before = head.number, head.digest
    for done in things:
        number, text = number + 1, canonical_json(done.content)
        digest = entry_digest(before, number, utc_text(at), text, actor, done.action, done.subject)
        rows.append(
            {
                "number": number,
                "at": at,
                "actor": actor,
                "action": done.action,
                "subject": done.subject,
                "content": done.content,
                "before": before,
                "digest": digest,
            }
        )
        before = digest
    if rows:
        insert_rows(session, TrailEntry, rows)
        head.number, head.digest = number, before


def head(session: Session) -> Head:
    """Return the newest entry's number and digest; number 0 while there is none."""
    row = session.get_one(TrailHead, 1)
    return Head(number=row.number, digest=row.digest)


def entries(session: Session, *, after: int, limit: int, subject: str | None = None) -> Iterator[TrailEntry]:
    """Return at most `limit` entries with numbers above `after`, in order; all, or those about one subject."""
    wanted = select(TrailEntry).where(col(TrailEntry.number) > after).order_by(col(TrailEntry.number)).limit(limit)
    yield from session.exec(wanted if subject is None else wanted.where(TrailEntry.subject == subject))


def entry_digest(before: str, number: int, at: str, content: str, *said: str) -> str:
    """Return the digest of an entry. Time and content are given as they are written; then actor, action, subject."""
    return digest_of(canonical_json([number, at, *said, digest_of(content), before]))
