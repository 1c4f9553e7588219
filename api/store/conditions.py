"""Conditions of SQL that several lists share; both databases know them. They know no noun."""

from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Text, and_, or_, type_coerce
from sqlalchemy.sql.elements import SQLCoreOperations

Times: TypeAlias = SQLCoreOperations[datetime]
Texts: TypeAlias = SQLCoreOperations[str]


def looked_at(column: Texts, value: str) -> ColumnElement[bool]:
    """Return the condition that a text is this one, for rows that are better found by something else.

    SQLite takes any index for one that leaves few rows, and may choose that of a state which nearly all rows are in.
    """
    return type_coerce(column, Text()).concat("") == str(value)


def older(
    at: SQLCoreOperations[datetime], key: SQLCoreOperations[str], than: tuple[datetime, str]
) -> ColumnElement[bool]:
    """Return the condition that a row stands behind a position in a list of the newest first."""
    time, name = than
    # The first part says no more than the second; by it the position is found in an index.
    return and_(at <= time, or_(at < time, key < name))


def newer(
    at: SQLCoreOperations[datetime], key: SQLCoreOperations[str], than: tuple[datetime, str]
) -> ColumnElement[bool]:
    """Return the condition that a row stands behind a position in a list of the oldest first."""
    time, name = than
    return and_(at >= time, or_(at > time, key > name))
