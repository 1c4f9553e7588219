"""What the commands that work on the store have in common: it is opened by the settings, and closed again."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from api.settings import PREFIX, ServiceSettings
from api.store.backup import BackupExistsError
from api.store.blobs import Blobs
from api.store.database import Database, DatabaseUrlError, OldTablesError
from api.store.restoring import StoreNotEmptyError, TamperedBackupError, UnfitBackupError, UnreadableBackupError
from api.store.turns import StoreBusyError

_SAID = (
    BackupExistsError,
    DatabaseUrlError,
    OldTablesError,
    StoreBusyError,
    StoreNotEmptyError,
    TamperedBackupError,
    UnfitBackupError,
    UnreadableBackupError,
)
"""What is told to the operator as it is."""


@contextmanager
def opened_store(*, up_to_date: bool = True, url: str | None = None) -> Iterator[tuple[Database, Blobs]]:
    """Open the database and the files; whatever the operator can mend ends the command with code 2.

    `up_to_date`: whether the tables have to be those that this program works with; `url`: another database than that of
    the settings.
    """
    try:
        settings = ServiceSettings.read()
        database = Database(url or settings.database)
        try:
            if up_to_date:
                database.require_tables()
            yield database, Blobs(settings.blobs)
        finally:
            database.close()
    except ValidationError as error:
        for found in error.errors():
            name = PREFIX + "_".join(map(str, found["loc"])).upper()
            typer.echo(f"{name}: given {found['input']!r}; {found['msg']}; correct it or unset it", err=True)
        raise typer.Exit(2) from None
    except _SAID as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except DBAPIError as error:
        typer.echo(f"the database cannot be used: {error.orig}; correct DUECOURSE_DATABASE or start it", err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        typer.echo(f"{error.filename}: {error.strerror}; choose another place or free this one", err=True)
        raise typer.Exit(2) from None
