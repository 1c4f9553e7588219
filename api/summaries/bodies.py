"""What the versions of records say, as they were known at a time: whole, or one part of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Text, cast, exists, func, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from api.identity.reach import Reach
from api.records.tables import Record, RecordVersion
from api.records.worked import Entered, Worked
from api.summaries.followed import Followed, Keys, Source

Answer = TypeVar("Answer")

TOGETHER: Final = 500
"""Of so many records the versions are read at a time."""


def bodies(session: Session, keys: Sequence[str], *, known_at: datetime) -> Iterator[tuple[str, str]]:
    """Give the bodies of some records by their keys."""
    for some in _bunches(keys):
        query = select(col(RecordVersion.record), col(RecordVersion.body)).where(
            col(RecordVersion.record).in_(some), *_known(known_at)
        )
        yield from ((row[0], row[1]) for row in session.execute(query))


def parts(
    session: Session, reach: Reach, name: str, said: Callable[[str | None], Answer], *, known_at: datetime
) -> Mapping[str, Answer]:
    """Return what one part of each record within reach says.

    `said`: what is made of it, a function of a module; it is given a word as it is, anything else as JSON, None for
    nothing. What was made of a version once is kept.
    """

    def read(keys: Sequence[str]) -> dict[str, Answer]:
        return {key: said(text) for key, text in _read(session, keys, name, known_at)}

    def known(*conditions: ColumnElement[bool]) -> dict[str, Answer]:
        versions = _entered(session, reach, *conditions, known_at=known_at)
        found: dict[str, Answer] = _PARTS.of((name, said), versions, read)
        return found

    def renewed(answer: Mapping[str, Any], keys: Keys) -> Mapping[str, Any]:
        others = {key: one for key, one in answer.items() if key not in keys}
        return others | known(col(Record.key).in_(keys))

    source = Source(newest=partial(_newest, session), whole=known, renewed=renewed, size=len)
    return _OF_ALL.of(session, (reach, name, said), source, known_at=known_at)


_PARTS: Final = Worked[Any](200_000)
_OF_ALL: Final = Followed[Mapping[str, Any]](150_000)


def _newest(session: Session, keys: Keys | None) -> datetime | None:
    query = select(func.max(col(RecordVersion.entered_at)))
    return session.scalar(query if keys is None else query.where(col(RecordVersion.record).in_(keys)))


def _entered(session: Session, reach: Reach, *conditions: ColumnElement[bool], known_at: datetime) -> list[Entered]:
    """Return the version of each record within reach that was the newest at a time."""
    version = (col(RecordVersion.record), col(RecordVersion.number), col(RecordVersion.sha256))
    query = (
        select(*version)
        .join(Record, col(Record.key) == col(RecordVersion.record))
        .where(reach.where(), *_known(known_at), *conditions)
    )
    return [Entered(*row) for row in session.connection().execute(query)]


def entered_of(session: Session, keys: Sequence[str], *, known_at: datetime) -> Iterator[Entered]:
    """Give the versions of some records that were the newest at a time."""
    version = (col(RecordVersion.record), col(RecordVersion.number), col(RecordVersion.sha256))
    for some in _bunches(keys):
        query = select(*version).where(col(RecordVersion.record).in_(some), *_known(known_at))
        yield from (Entered(*row) for row in session.connection().execute(query))


def _read(session: Session, keys: Sequence[str], name: str, known_at: datetime) -> Iterator[tuple[str, str | None]]:
    for some in _bunches(keys):
        query = select(col(RecordVersion.record), _part(session, name)).where(
            col(RecordVersion.record).in_(some), *_known(known_at)
        )
        yield from ((row[0], row[1]) for row in session.connection().execute(query))


def _bunches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(keys), TOGETHER):
        yield keys[begin : begin + TOGETHER]


def _part(session: Session, name: str) -> ColumnElement[Any]:
    body = col(RecordVersion.body)
    if session.get_bind().dialect.name == "sqlite":
        return type_coerce(func.json_extract(body, f"$.{name}"), Text)
    found: ColumnElement[Any] = cast(body, JSONB)[name].astext
    return found


def _known(known_at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on `RecordVersion` that it was the newest at a time."""
    version, later = RecordVersion, aliased(RecordVersion)
    superseded = exists().where(
        col(later.record) == col(version.record),
        col(later.number) == col(version.number) + 1,
        col(later.entered_at) <= known_at,
    )
    return col(version.entered_at) <= known_at, ~superseded
