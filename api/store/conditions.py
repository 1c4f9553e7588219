"""Conditions of SQL that several lists share; both databases know them. They know no noun."""

from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.sql.elements import SQLCoreOperations

Times: TypeAlias = SQLCoreOperations[datetime]
Texts: TypeAlias = SQLCoreOperations[str]
Value = TypeVar("Value")


def read_only(column: SQLCoreOperations[Value]) -> ColumnElement[Value]:
    """Return the value of a column for a condition on rows that are better found by something else.

    SQLite takes any index for one that leaves few rows, and may choose that of a state which nearly all rows are in.
    """
    value: ColumnElement[Value] = func.coalesce(column, column)
    return value


def looked_at(column: SQLCoreOperations[Any], value: str) -> ColumnElement[bool]:
    """Return the condition that a text is this one, for rows that are better found by something else."""
    return read_only(column) == value


def older(at: Times, key: Texts, *, than: tuple[datetime, str]) -> ColumnElement[bool]:
    """Return the condition that a row stands behind a position in a list of the newest first."""
    time, name = than
    # The first part says no more than the second; by it the position is found in an index.
    return and_(at <= time, or_(at < time, key < name))


def newer(at: Times, key: Texts, *, than: tuple[datetime, str]) -> ColumnElement[bool]:
    """Return the condition that a row stands behind a position in a list of the oldest first."""
    time, name = than
    return and_(at >= time, or_(at > time, key > name))
