"""`duecourse unit`: units with their names and mergers, for the operator at the server."""

from datetime import date
from typing import Annotated

import typer

from api import clock
from api.cli.days import parsed_day
from api.cli.refusals import print_rows, reading, writing
from api.identity.accounts import OPERATOR
from api.identity.units import add_unit, find_unit, merge_unit, read_directory, rename_unit
from api.settings import ServiceSettings
from engine.parameters.jurisdictions import JurisdictionTree
from engine.rulebook.reading import load_rulebook

unit = typer.Typer(help="Units: names and mergers by date.", no_args_is_help=True)

Which = Annotated[str, typer.Argument(metavar="UNIT", help="key of the unit, or the name that it bears today")]
Day = typer.Option(parser=parsed_day, metavar="DAY")


@unit.command()
def add(
    name: Annotated[str, typer.Argument(help="what the unit is called")],
    *,
    jurisdiction: Annotated[str, typer.Option(help="such as CN-31-XH")],
    since: Annotated[date | None, Day] = None,
) -> None:
    """Register a unit, with the name that it bears since a day or has always borne."""
    with writing() as session:
        tree = _tree()
        made = add_unit(
            session, name=name, jurisdiction=jurisdiction, since=since, tree=tree, at=clock.now(), actor=OPERATOR
        )
        typer.echo(f"unit {made.key}")


@unit.command()
def rename(
    which: Which, name: Annotated[str, typer.Argument(help="the new name")], *, since: Annotated[date, Day]
) -> None:
    """Let a unit bear another name from a day on."""
    with writing() as session:
        key = find_unit(session, which, today=clock.today()).key
        rename_unit(session, key, name=name, since=since, tree=_tree(), at=clock.now(), actor=OPERATOR)


@unit.command()
def merge(
    which: Which,
    into: Annotated[str, typer.Argument(help="key or present name of the unit that goes on")],
    *,
    on: Annotated[date, Day],
) -> None:
    """Let another unit stand in a unit's place from a day on: its records and accounts are then the other's."""
    with writing() as session:
        today = clock.today()
        key, end = find_unit(session, which, today=today).key, find_unit(session, into, today=today).key
        merge_unit(session, key, into=end, on=on, at=clock.now(), actor=OPERATOR)


@unit.command("list")
def list_units() -> None:
    """List the units with all their names."""
    with reading() as session:
        directory = read_directory(session)
    rows = [
        (body.key, body.jurisdiction, borne.name, _day(borne.first), _day(borne.last), body.merged_into, body.merged_on)
        for body in sorted(directory.bodies.values(), key=lambda body: (body.jurisdiction, body.key))
        for borne in sorted(body.names, key=lambda borne: borne.first)
    ]
    print_rows(("key", "jurisdiction", "name", "since", "until", "merged into", "on"), rows)


def _tree() -> JurisdictionTree:
    return load_rulebook(ServiceSettings.read().rules).tree


def _day(day: date) -> str:
    return "" if day in {date.min, date.max} else day.isoformat()
