"""What the versions of records say, as they were known at a time: whole, or one part of each."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, exists, func, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from api.identity.reach import Reach
from api.records.tables import Record, RecordVersion

TOGETHER = 500
"""Of so many records the versions are read at a time."""


def bodies(session: Session, keys: Sequence[str], *, known_at: datetime) -> Iterator[tuple[str, str]]:
    """Give the bodies of some records by their keys."""
    for begin in range(0, len(keys), TOGETHER):
        some = col(RecordVersion.record).in_(keys[begin : begin + TOGETHER])
        query = select(col(RecordVersion.record), col(RecordVersion.body)).where(some, *_known(known_at))
        yield from ((row[0], row[1]) for row in session.execute(query))


def parts(session: Session, reach: Reach, name: str, *, known_at: datetime) -> Iterator[tuple[str, str | None]]:
    """Give one part of what each record within reach says: a word as it is, anything else as JSON, None for nothing."""
    query = (
        select(col(RecordVersion.record), _part(session, name))
        .join(Record, col(Record.key) == col(RecordVersion.record))
        .where(reach.where(), *_known(known_at))
    )
    yield from ((row[0], row[1]) for row in session.execute(query))


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
