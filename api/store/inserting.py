"""Many rows written with one statement."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

Row = Mapping[str, Any]
"""A row of a table by its columns, all of them."""


def insert_rows(session: Session, table: type[SQLModel], rows: Sequence[Row]) -> None:
    """Write new rows after all that the session has still to write; nothing of them is kept in the session.

    By the connection: what the session would do for objects of its own costs more than the writing.
    """
    if rows:
        session.flush()
        session.connection().execute(insert(table), rows)
