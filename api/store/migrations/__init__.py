"""How the tables came to be: one revision for each noun, in a chain.

A new one is a file `versions/r0002_identity.py` with `revision = "0002"` and `down_revision = "0001"`, which creates
its tables explicitly. What may only be added to gets `append_only("table")` of `api.store.migrations.triggers`.
"""

import threading
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_FOLDER: Final = Path(__file__).parent
_ONE_AT_A_TIME: Final = threading.Lock()
"""Alembic keeps what it is doing in variables of its modules."""


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Apply the revisions that are missing, in the transaction of the connection."""
    config = _config()
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, revision)


def applied(connection: Connection) -> str | None:
    """Return the revision of the tables, or nothing if there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def known() -> tuple[str, ...]:
    """Return the revisions that this program knows, the oldest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())[::-1]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config
