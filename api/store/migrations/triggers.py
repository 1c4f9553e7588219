"""Triggers by which the database itself refuses to change or remove what may only be added to.

Whoever may drop a trigger can still tamper; that is what the trail is for.
"""

from alembic import op


def append_only(table: str, *, key: tuple[str, ...] = ("key",)) -> None:
    """Let a table be added to only, in either database. `key`: its primary key."""
    dialect = op.get_bind().dialect.name
    for statement in _sqlite(table, key) if dialect == "sqlite" else _postgresql(table):
        op.execute(statement)


def trigger_names(table: str, *, dialect: str) -> tuple[str, ...]:
    """Return the names of the triggers that `append_only` makes for a table."""
    parts = ("update", "delete", "replace") if dialect == "sqlite" else ("change", "truncate")
    return tuple(f"{table}_no_{part}" for part in parts)


def drop_append_only(table: str) -> None:
    """Take the triggers of a table away, in a later revision that must rebuild it."""
    dialect = op.get_bind().dialect.name
    for name in trigger_names(table, dialect=dialect):
        op.execute(f"DROP TRIGGER {name}" if dialect == "sqlite" else f"DROP TRIGGER {name} ON {table}")


def _sqlite(table: str, key: tuple[str, ...]) -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} may only be added to'); END"
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    # INSERT OR REPLACE removes the row that stands in its way without asking the trigger for DELETE.
    there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names from our own revisions
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {there} {refuse}",
    )


def _postgresql(table: str) -> tuple[str, ...]:
    body = "$$ BEGIN RAISE EXCEPTION '% may only be added to', TG_TABLE_NAME; END $$"
    refuse = "EXECUTE FUNCTION duecourse_append_only()"
    return (
        f"CREATE OR REPLACE FUNCTION duecourse_append_only() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
        # ALWAYS: also in sessions that call themselves a replica.
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
    )
