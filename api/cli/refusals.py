"""What the commands on units, accounts and tokens have in common: the open store, and refusals told in one line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from api.cli.store import opened_store
from api.refusals import RefusalError
from engine.rulebook.rulebook import RulebookError

UNLIMITED = 200
"""Columns of a table that goes to a file or a pipe."""


@contextmanager
def writing() -> Iterator[Session]:
    """Open the store for one change; what is refused ends the command with code 2."""
    with opened_store() as (database, _), told(), database.writing() as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Open the store to read; what is refused ends the command with code 2."""
    with opened_store() as (database, _), told(), database.reading() as session:
        yield session


def print_rows(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows as a table, nothing for what there is not."""
    table = Table(box=None)
    for heading in headings:
        table.add_column(heading, no_wrap=True)
    for row in rows:
        table.add_row(*("–" if cell is None or cell == "" else str(cell) for cell in row))
    Console(width=None if Console().is_terminal else UNLIMITED, markup=False, highlight=False).print(table)


@contextmanager
def told() -> Iterator[None]:
    """Tell what is refused in one line each, and end the command with code 2."""
    try:
        yield
    except RefusalError as refusal:
        for problem in refusal.problems:
            typer.echo(
                f"{problem.field}: given {problem.given}; expected {problem.expected.en}; {problem.do.en}", err=True
            )
        raise typer.Exit(2) from None
    except RulebookError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
