"""What happened goes into the outbox in the transaction in which it did. Who is to be told is worked out later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from api.outbox.tables import Message, News
from api.store.inserting import insert_rows
from api.store.keys import new_key
from api.store.types import JSON


@dataclass(frozen=True, slots=True)
class Tidings:
    """One thing that happened to a record. `subject`: the finding, waiver or card that it is about.

    `content`: what is told beside; never titles of matters, names of people, or texts that somebody wrote.
    """

    news: News
    record: str
    subject: str
    content: Mapping[str, JSON] = field(default_factory=dict)


def post(session: Session, *tidings: Tidings, at: datetime) -> None:
    """Enter what happened, in a session of `Database.writing()`; it is told if, and only if, that is committed."""
    rows = [
        {
            "key": new_key(),
            "news": each.news,
            "at": at,
            "record": each.record,
            "subject": each.subject,
            "content": each.content,
            "spread_at": None,
        }
        for each in tidings
    ]
    insert_rows(session, Message, rows)
