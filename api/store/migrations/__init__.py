"""How the tables came to be: one revision for each noun, in a chain.

A new one is a file `versions/r0002_identity.py` with `revision = "0002"` and `down_revision = "0001"`, which creates
its tables explicitly. What may only be added to gets `append_only("table")` of `api.store.migrations.triggers`.

Alembic is imported where it is used: it takes a fifth of a second, and most processes find their tables as they are.
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER: Final = Path(__file__).parent
_ONE_AT_A_TIME: Final = threading.Lock()
"""Alembic keeps what it is doing in variables of its modules."""


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Apply the revisions that are missing, in the transaction of the connection."""
    from alembic import command  # noqa: PLC0415

    config = _config()
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, revision)


def applied(connection: Connection) -> str | None:
    """Return the revision of the tables, or nothing if there are none."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    return MigrationContext.configure(connection).get_current_revision()


def known() -> tuple[str, ...]:
    """Return the revisions that this program knows, the oldest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return tuple(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())[::-1]


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config
