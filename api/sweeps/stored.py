"""A service's store as a source: SQLite or PostgreSQL, whatever procedures its records are of.

Of each record, catalogue and entry the version is judged that was the newest at the known-at time, read as the service
reads it. Catalogues and entries hold in their versions what was joined of records by then. Findings are told by the
key that a record has in the store, for its own id is unique in its unit alone. A part is a range of keys, read in one
transaction that writes nothing; the tables are neither made nor brought up to date.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Executable, and_, exists, func, not_, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col

from api.judging.errors import BeyondRulebookError
from api.judging.rulebooks import ReadyRulebook, newest_activation
from api.judging.tables import RulebookArchive
from api.records.bodies import read_body, read_plain
from api.records.tables import Record, RecordVersion
from api.store.database import Database, DatabaseUrlError, OldTablesError
from api.sweeps.errors import SweepError
from api.sweeps.gathering import Gathering
from api.sweeps.parts import Judgeable
from api.sweeps.rejects import Reject, reject_of
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import Asked
from engine.reading.problems import Problem
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual

RECORDS_OF_A_PART: Final = 5_000
_AT_ONCE: Final = 500
"""So many bodies are taken from the database at a time."""


class UnreadableStoreError(SweepError):
    """A store cannot be read."""

    def __init__(self, *, url: str, why: str) -> None:
        """Keep the address, without its password, and the reason."""
        super().__init__(
            Bilingual(
                zh=f"{url}: 无法读取({why});请核对数据库地址,并用同一版本的程序(见 duecourse db migrate)",
                en=f"{url}: cannot be read ({why}); check the address of the database, and use the version of the "
                "program that its service uses (see `duecourse db migrate`)",
            )
        )


class Keys(NamedTuple):
    """A range of keys: after one, until another one, inclusive."""

    after: str
    until: str

    def hold(self, key: Mapped[str]) -> ColumnElement[bool]:
        """Return the condition that a key lies in the range."""
        return and_(key > self.after, key <= self.until)


@dataclass(frozen=True)
class StoredPart:
    """The records of one procedure in a range of keys. `stored`: their procedure in the store.

    It is another one than that by which they are judged where the rulebook does not know it: then all are rejected.
    """

    name: str
    procedure: str
    stored: str
    fingerprint: str
    url: str
    keys: Keys
    as_of: date
    known_at: datetime

    def read(self, rules: CompiledRulebook, asked: Asked) -> Judgeable:
        """Read the versions that were the newest at the known-at time; all columns are given.

        Raises `UnreadableStoreError`.
        """
        del asked
        ready, found = ReadyRulebook(rules.rulebook), Gathering(rules, self.as_of, self.known_at)
        with _reading(self.url) as session:
            query = _versions(self.stored, self.keys, self.known_at)
            rows = session.connection().execute(query, execution_options={"yield_per": _AT_ONCE})
            for key, body in rows:
                try:
                    record = read_body(body, ready)
                except BeyondRulebookError:
                    problems = read_plain(json.loads(body), ready)
                    found.rejects += self._rejected(key, problems if isinstance(problems, list) else ())
                else:
                    found.add(record, own=key)
        return found.judgeable()

    def _rejected(self, key: str, problems: Iterable[Problem]) -> list[Reject]:
        shown = (problem.model_copy(update={"file": _shown(self.url)}) for problem in problems)
        return [reject_of(problem, row=None, record=key) for problem in shown]


class StoredSource:
    """The records of a service's store. `as_of`, `known_at`: the question that is asked."""

    def __init__(self, url: str, *, as_of: date, known_at: datetime, size: int = RECORDS_OF_A_PART) -> None:
        """Take the address of the database; `size`: of how many records a part is. Raises `UnreadableStoreError`."""
        self.url = _settled(url)
        self._as_of, self._known_at, self._size = as_of, known_at, size
        self._known: Collection[str] | None = None

    def check(self, rulebook: Rulebook) -> None:
        """Note which procedures there are, and that the store can be read; raises `UnreadableStoreError`."""
        self._known = tuple(rulebook.procedures)
        with _reading(self.url):
            pass

    def parts(self) -> Iterator[StoredPart]:
        """Give the parts, procedure after procedure, in the order of keys; raises `UnreadableStoreError`."""
        with _reading(self.url) as session:
            procedures = session.connection().execute(
                select(col(Record.procedure)).distinct().order_by(col(Record.procedure))
            )
            for procedure in procedures.scalars().all():
                for number, keys in enumerate(self._ranges(session, procedure)):
                    yield self._part(session, procedure, number, keys)

    def _ranges(self, session: Session, procedure: str) -> Sequence[Keys]:
        """Cut the keys of a procedure into ranges."""
        key = col(Record.key)
        query = select(key).where(col(Record.procedure) == procedure).order_by(key)
        found, after, last = list[Keys](), "", ""
        rows = session.connection().execute(query.execution_options(yield_per=10 * _AT_ONCE)).scalars()
        for number, last in enumerate(rows, start=1):
            if number % self._size == 0:
                found.append(Keys(after, last))
                after = last
        return [*found, Keys(after, last)] if last != after else found

    def _part(self, session: Session, procedure: str, number: int, keys: Keys) -> StoredPart:
        known = self._known is None or procedure in self._known
        version = RecordVersion
        newest = select(func.count(), func.max(col(version.entered_at))).where(
            keys.hold(col(version.record)), col(version.entered_at) <= self._known_at
        )
        count, at = session.connection().execute(newest).one()
        return StoredPart(
            name=f"{procedure}-{number:05}",
            procedure=procedure if known else next(iter(self._known or (procedure,))),
            stored=procedure,
            fingerprint=f"{keys.after} {keys.until} {count} {at}",
            url=self.url,
            keys=keys,
            as_of=self._as_of,
            known_at=self._known_at,
        )


def active_rulebook(url: str) -> bytes | None:
    """Return the archive of the rulebook by which the service of a store answers, None where there is none.

    Raises `UnreadableStoreError`.
    """
    with _reading(_settled(url)) as session:
        activation = newest_activation(session)
        kept = session.get(RulebookArchive, activation.rulebook) if activation else None
        return kept.archive if kept else None


def kept_rulebooks(url: str, beginning: str) -> dict[str, bytes]:
    """Return the archives of the rulebooks in a store whose digests begin so, two of them at most, by digest.

    Raises `UnreadableStoreError`.
    """
    digest = col(RulebookArchive.digest)
    query = select(digest, col(RulebookArchive.archive)).where(digest.startswith(beginning, autoescape=True)).limit(2)
    with _reading(_settled(url)) as session:
        return {row.digest: row.archive for row in session.connection().execute(query)}


def _versions(procedure: str, keys: Keys, known_at: datetime) -> Executable:
    """Select of some records the versions that were the newest at a time, in the order of keys."""
    version, later = RecordVersion, aliased(RecordVersion)
    superseded = exists().where(
        col(later.record) == col(version.record),
        col(later.number) == col(version.number) + 1,
        col(later.entered_at) <= known_at,
    )
    return (
        select(col(Record.key), col(version.body))
        .join(version, col(version.record) == col(Record.key))
        .where(col(Record.procedure) == procedure, keys.hold(col(Record.key)))
        .where(col(version.entered_at) <= known_at, not_(superseded))
        .order_by(col(Record.key))
    )


@contextmanager
def _reading(url: str) -> Iterator[Session]:
    """Read a store, all of one moment. It is opened anew each time: no connection is handed on to another process."""
    database: Database | None = None
    try:
        database = Database(url)
        database.require_tables()
        with database.reading() as session:
            yield session
    except (DatabaseUrlError, OldTablesError, OperationalError, ProgrammingError) as error:
        why = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise UnreadableStoreError(url=_shown(url), why=why) from None
    finally:
        if database is not None:
            database.close()


def _settled(url: str) -> str:
    """Return an address that is the same wherever it is used; a file that is not there is not made."""
    try:
        found = make_url(url)
    except ArgumentError:
        raise UnreadableStoreError(url=url.partition("://")[0], why="not an address") from None
    if found.get_backend_name() == "sqlite" and found.database:
        file = Path(found.database).absolute()
        if not file.is_file():
            raise UnreadableStoreError(url=_shown(url), why="no such file")
        found = found.set(database=str(file))
    return found.render_as_string(hide_password=False)


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)
