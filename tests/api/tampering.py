"""How somebody with all rights on the database tampers: the triggers are dropped first."""

from sqlalchemy import text

from api.store.database import Database
from api.store.migrations.triggers import trigger_names


def tamper(database: Database, *statements: str, table: str = "trail_entry") -> None:
    """Drop the triggers of a table that may only be added to, then run SQL."""
    kind = "sqlite" if database.is_sqlite else "postgresql"
    with database.exclusive() as connection:
        for name in trigger_names(table, dialect=kind):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}" + ("" if database.is_sqlite else f" ON {table}")))
        for statement in statements:
            connection.execute(text(statement))
