"""Rows of every table as lines of text, the same from SQLite and from PostgreSQL.

Works on the tables that the database has, not on those that this program knows, so that none is left out.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Column, Connection, MetaData, Table, func, inspect, select
from sqlalchemy.types import Date, DateTime, LargeBinary

from api.store.types import JSON, canonical_json, utc_text

_BATCH: Final = 1000
_REVISION: Final = "alembic_version"


def tables(connection: Connection) -> tuple[Table, ...]:
    """Return all tables but the one that holds the revision, in order of their names."""
    metadata = MetaData()
    metadata.reflect(connection)
    return tuple(metadata.tables[name] for name in sorted(metadata.tables) if name != _REVISION)


def filled(connection: Connection) -> tuple[str, ...]:
    """Return the names of the tables that hold rows, but for those that always hold one."""
    inspector = inspect(connection)
    found = []
    for table in tables(connection):
        one_row = f"ck_{table.name}_one_row"
        always = any(check["name"] == one_row for check in inspector.get_check_constraints(table.name))
        if not always and connection.execute(select(func.count()).select_from(table)).scalar_one():
            found.append(table.name)
    return tuple(found)


def lines(connection: Connection, table: Table) -> Iterator[str]:
    """Write the names of the columns, then each row, in order of the primary key."""
    yield canonical_json([column.name for column in table.columns])
    wanted = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_BATCH)
    for row in connection.execute(wanted):
        yield canonical_json([_written(value) for value in row])


def load(connection: Connection, table: Table, written: Iterator[str]) -> int:
    """Put rows in the place of those that a table holds; return how many.

    Raises `ValueError`, `LookupError` or `TypeError` for what `lines` has not written.
    """
    columns = [table.columns[name] for name in json.loads(next(written, ""))]
    connection.execute(table.delete())
    count = 0
    while batch := tuple(islice(written, _BATCH)):
        connection.execute(table.insert(), [_row(columns, line) for line in batch])
        count += len(batch)
    return count


@contextmanager
def deferred_references(connection: Connection) -> Iterator[None]:
    """Let rows refer to others that come later.

    Raises `LookupError` or `IntegrityError` at the end if one is missing.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        yield
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise LookupError
        return
    references = [
        f'ALTER TABLE "{table.name}" ALTER CONSTRAINT "{key.name}"'
        for table in tables(connection)
        for key in table.foreign_key_constraints
    ]
    for reference in references:
        connection.exec_driver_sql(f"{reference} DEFERRABLE INITIALLY DEFERRED")
    yield
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for reference in references:
        connection.exec_driver_sql(f"{reference} NOT DEFERRABLE")


def _written(value: object) -> JSON:
    match value:
        case bytes():
            return b64encode(value).decode()
        case datetime():
            return utc_text(value)
        case date():
            return value.isoformat()
        case None | bool() | int() | float() | str():
            return value
    raise TypeError(value)


def _row(columns: Sequence[Column[Any]], line: str) -> dict[str, object]:
    return {column.name: _read(column, value) for column, value in zip(columns, json.loads(line), strict=True)}


def _read(column: Column[Any], value: Any) -> object:  # noqa: ANN401 - any JSON
    match column.type:
        case _ if value is None:
            return None
        case LargeBinary():
            return b64decode(value, validate=True)
        case DateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
    return value
