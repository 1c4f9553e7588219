"""The trail on both databases."""

from datetime import UTC, datetime

from api.store import trail
from api.store.database import Database

AT = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)


def test_an_entry_holds_the_digest_of_the_one_before(database: Database) -> None:
    with database.writing() as session:
        first = trail.append(session, at=AT, actor="a", action="record.created", subject="s", content={"n": 1})
        second = trail.append(session, at=AT, actor="a", action="record.version", subject="s", content={"n": 2})
    assert (first.number, first.before, second.number, second.before) == (1, trail.GENESIS, 2, first.digest)
    with database.reading() as session:
        assert trail.head(session) == trail.Head(number=2, digest=second.digest)
