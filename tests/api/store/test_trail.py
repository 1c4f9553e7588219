"""The trail on both databases."""

from datetime import UTC, datetime

from api.store import trail
from api.store.database import Database
from api.store.verification import verify

AT = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)


def test_an_entry_holds_the_digest_of_the_one_before(database: Database) -> None:
    with database.writing() as session:
        first = trail.append(session, at=AT, actor="a", action="record.created", subject="s", content={"n": 1})
        second = trail.append(session, at=AT, actor="a", action="record.version", subject="s", content={"n": 2})
    assert (first.number, first.before, second.number, second.before) == (1, trail.GENESIS, 2, first.digest)
    with database.reading() as session:
        assert trail.head(session) == trail.Head(number=2, digest=second.digest)


def test_several_things_done_at_once_are_entered_as_one_by_one(database: Database) -> None:
    things = [trail.Done("finding.opened", f"f{number}", {"n": number, "card": "公示"}) for number in range(3)]
    with database.writing() as session:
        trail.append(session, at=AT, actor="a", action="record.created", subject="s", content={})
        trail.append_all(session, things, at=AT, actor="a")
        trail.append_all(session, [], at=AT, actor="a")
        last = trail.append(session, at=AT, actor="a", action="record.version", subject="s", content={})
    with database.reading() as session:
        found = list(trail.entries(session, after=0, limit=10))
        assert trail.head(session) == trail.Head(number=5, digest=last.digest)
        assert [entry.before for entry in found] == [trail.GENESIS, *(entry.digest for entry in found[:-1])]
        assert [(entry.subject, entry.content) for entry in found[1:4]] == [
            (one.subject, one.content) for one in things
        ]
        assert not verify(session, exported=None)
