"""What is kept follows the store: only what has changed is read again, and it is given for no time before its own."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from api.clock import now
from api.store import trail
from api.store.database import Database
from api.summaries.followed import ENTRIES, Followed, Keys, Source

Reads = tuple[Keys | None, ...]


class Reader:
    """Answers with what was read for the answer: some records, or, None, all of them."""

    def __init__(self, database: Database, *, most: int = 10) -> None:
        self._database, self._followed = database, Followed[Reads](most)
        self.newest = now()

    def ask(self, *, earlier: int = 0) -> Reads:
        source: Source[Reads] = Source(
            newest=lambda _keys: self.newest,
            whole=lambda: (None,),
            renewed=lambda before, keys: (*before, keys),
            size=len,
        )
        with self._database.reading() as session:
            return self._followed.of(session, "q", source, known_at=self.newest - timedelta(seconds=earlier))


@pytest.fixture
def reader(database: Database) -> Reader:
    return Reader(database)


def write(database: Database, subjects: Iterable[str]) -> None:
    with database.writing() as session:
        done = [trail.Done("record.version", subject, {}) for subject in subjects]
        trail.append_all(session, done, at=now(), actor="test")


def test_only_what_was_written_about_since_is_read_again(database: Database, reader: Reader) -> None:
    write(database, ["a"])
    assert (reader.ask(), reader.ask()) == ((None,), (None,))
    write(database, ["b", "c"])
    assert (reader.ask(), reader.ask()) == ((None, frozenset("bc")), (None, frozenset("bc")))
    write(database, ["b"])
    assert reader.ask() == (None, frozenset("bc"), frozenset("b"))


def test_after_too_many_entries_everything_is_read_again(database: Database, reader: Reader) -> None:
    write(database, ["a"])
    reader.ask()
    write(database, map(str, range(ENTRIES + 1)))
    assert reader.ask() == (None,)


def test_what_was_known_before_the_newest_is_read_by_itself_and_not_kept(database: Database, reader: Reader) -> None:
    write(database, ["a"])
    reader.ask(earlier=1)
    write(database, ["b"])
    assert reader.ask() == (None,)
    write(database, ["c"])
    assert reader.ask(earlier=1) == (None,)
    reader.newest += timedelta(seconds=2)
    assert reader.ask(earlier=1) == (None, frozenset("c"))
    assert reader.ask() == (None, frozenset("c"))


def test_more_than_may_be_kept_is_read_each_time(database: Database) -> None:
    reader = Reader(database, most=0)
    write(database, ["a"])
    reader.ask()
    write(database, ["b"])
    assert reader.ask() == (None,)
