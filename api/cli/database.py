"""`duecourse db`: make and update the tables, back up and restore the store."""

from pathlib import Path
from typing import Annotated

import typer

from api import clock
from api.cli.store import opened_store
from api.store import migrations
from api.store.backup import back_up
from api.store.restoring import restore
from api.witnesses import WITNESSES

db = typer.Typer(help="The database: DUECOURSE_DATABASE, and the files in DUECOURSE_VAR.", no_args_is_help=True)

BackupFile = Annotated[Path, typer.Argument(help="the file of the backup")]


@db.command()
def migrate() -> None:
    """Make the tables, or bring them up to date."""
    with opened_store(up_to_date=False) as (database, _):
        database.migrate()
        typer.echo(f"tables of revision {migrations.known()[-1]}")


@db.command()
def backup(file: BackupFile) -> None:
    """Write the whole store to a new file, files of evidence included; the service may go on meanwhile."""
    with opened_store() as (database, blobs):
        made = back_up(database, blobs, file, at=clock.now())
        rows = sum(table.rows for table in made.tables.values())
        typer.echo(f"{file}: {rows} rows, {made.blobs} files; head {made.head.number} {made.head.digest}")


@db.command("restore")
def restore_store(file: BackupFile) -> None:
    """Make a new store of a backup, from whichever kind of database; refuses a store that is not empty."""
    with opened_store(up_to_date=False) as (database, blobs):
        made = restore(database, blobs, file, at=clock.now(), witnesses=WITNESSES)
        rows = sum(table.rows for table in made.tables.values())
        typer.echo(f"{rows} rows, {made.blobs} files; the trail stands; head {made.head.number} {made.head.digest}")
