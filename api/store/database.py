"""One database, SQLite or PostgreSQL, and its two kinds of transactions.

Decides how a transaction begins and ends, and that what was acknowledged is on disk. Writers queue: within a process
at a lock, between processes at a file beside SQLite's or at the trail's head row in PostgreSQL. So each sees all that
the one before it committed, and no two of them can add to the trail at the same place.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from api.store import migrations
from api.store.tables import TrailHead
from api.store.turns import PATIENCE, StoreBusyError, Turns
from api.store.watching import Watch


class DatabaseUrlError(Exception):
    """The address of the database cannot be used."""

    def __init__(self, *, given: str) -> None:
        """Keep the address, without its password."""
        super().__init__(
            f"database: given {given!r}; expected sqlite:///folder/file.sqlite or "
            "postgresql+psycopg://user:password@host/name; correct DUECOURSE_DATABASE",
        )
        self.given = given


class OldTablesError(Exception):
    """The tables are not those that this program works with."""

    def __init__(self, *, given: str | None, expected: str) -> None:
        """Keep the revision of the tables and the one that is expected."""
        super().__init__(
            f"given a store with tables of revision {given or '(none)'}; expected {expected}; "
            "run `duecourse db migrate` with the newest version of the program that was used",
        )
        self.given = given
        self.expected = expected


class Database:
    """The store's database: `reading()` and `writing()` are the only ways in."""

    def __init__(self, url: str) -> None:
        """Take the address; nothing is connected yet. Raises `DatabaseUrlError`."""
        self.url = _read_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._turns = Turns(_beside(self.url) if self.is_sqlite else None)
        self._watch = Watch(Path(self.url.database or "").absolute()) if self.is_sqlite else None
        if self.is_sqlite:
            self._readers, self._writers = _sqlite_engine(self.url, writes=False), _sqlite_engine(self.url, writes=True)
        else:
            self._readers, self._writers = (
                _postgresql_engine(self.url, writes=False),
                _postgresql_engine(self.url, writes=True),
            )

    def migrate(self) -> None:
        """Bring the tables up to date. Safe to call from several processes at once."""
        with self.exclusive() as connection:
            migrations.upgrade(connection)

    def require_tables(self) -> None:
        """Raise `OldTablesError` unless the tables are up to date."""
        with self.reading() as session:
            found, newest = migrations.applied(session.connection()), migrations.known()[-1]
        if found != newest:
            raise OldTablesError(given=found, expected=newest)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read, all of one moment, however long it takes. Writes are refused by the database."""
        with Session(self._readers, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Write in one transaction: all of it is on disk when the block ends, or nothing if it raises.

        Raises `StoreBusyError` and `NestedWritingError`.
        """
        with self._turns.taken(), Session(self._writers, expire_on_commit=False) as session:
            self._take_head(session)
            yield session
            session.commit()

    @contextmanager
    def exclusive(self) -> Iterator[Connection]:
        """Write in one transaction without the tables: for migrations and for restoring."""
        with self._turns.taken(), self._writers.connect() as connection, connection.begin():
            if not self.is_sqlite:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('duecourse'))")
            yield connection

    def changes(self) -> int | None:
        """Return a number that is another one as soon as anybody has committed; none where telling would cost a query.

        What is read after looking still stands while the number is the same.
        """
        return self._watch.number() if self._watch else None

    def close(self) -> None:
        """Close all connections."""
        if self._watch:
            self._watch.close()
        self._readers.dispose()
        self._writers.dispose()
        self._turns.close()

    def _take_head(self, session: Session) -> None:
        """Begin, and wait until it is this writer's turn among all processes."""
        try:
            if self.is_sqlite:
                session.connection()
            else:
                session.execute(select(TrailHead).with_for_update()).one()
        except OperationalError as error:
            if isinstance(error.orig, psycopg.errors.LockNotAvailable) or "locked" in str(error.orig):
                raise StoreBusyError from error
            raise


def _read_url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise DatabaseUrlError(given=text) from None
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "postgresql+psycopg"} or not url.database or url.database == ":memory:":
        raise DatabaseUrlError(given=url.render_as_string(hide_password=True))
    return url


def _beside(url: URL) -> Path:
    """Return the file by which processes take turns; the folder is made."""
    path = Path(url.database or "").absolute()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path.with_name(f"{path.name}-turns")


def _pool(*, writes: bool) -> dict[str, int]:
    """Keep a few connections, and allow as many as threads serve requests; writers take turns, so one is enough."""
    return {"pool_size": 1, "max_overflow": 1} if writes else {"pool_size": 8, "max_overflow": 40}


_MAPPED: Final = 2**31 - 2**16
"""So many bytes of a file are mapped into memory: as many as SQLite maps at most."""

_CACHE: Final = 64 * 1024
"""So many KiB of pages a writer keeps: those that each write looks at, the upper ones of the indexes above all."""


def _sqlite_engine(url: URL, *, writes: bool) -> Engine:
    """Make an engine for a file: WAL, each commit on disk before it returns, writers take the lock as they begin."""
    engine = create_engine(url, connect_args={"timeout": PATIENCE}, **_pool(writes=writes))

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        del entry
        connection.isolation_level = None  # sqlite3 itself shall begin nothing
        if not writes:
            connection.execute("PRAGMA query_only = ON")
            # Pages are looked at where the system keeps them, not copied one by one.
            connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
            return
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        connection.execute("PRAGMA foreign_keys = ON")
        # Else INSERT OR REPLACE removes rows without asking the triggers.
        connection.execute("PRAGMA recursive_triggers = ON")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: URL, *, writes: bool) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, **_pool(writes=writes))

    @event.listens_for(engine, "connect")
    def connected(connection: psycopg.Connection, entry: ConnectionPoolEntry) -> None:
        del entry
        connection.execute("SET timezone = 'UTC'")
        connection.execute("SET synchronous_commit = on")
        connection.execute(f"SET lock_timeout = '{PATIENCE}s'")
        connection.commit()
        if not writes:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True

    return engine
