"""The demonstration of `duecourse serve --demo`: loaded at the first start, and its accounts shown at every start."""

from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from api.context import Service
from api.demo.loading import DemoMissingError, StoreInUseError, is_loaded, load_demo
from api.demo.models import DemoAccount, DemoAccounts
from api.settings import ServiceSettings


def show_demo(settings: ServiceSettings, *, address: str) -> None:
    """Load the district unless it is there, and print its accounts; they stand also in `var/demo-accounts.json`."""
    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = settings.var / "demo-accounts.json"
    try:
        accounts = _load(settings, file)
    except (DemoMissingError, StoreInUseError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    file.touch(mode=0o600)
    file.write_text(DemoAccounts(address=address, accounts=accounts).model_dump_json(indent=1), encoding="utf-8")
    _print(accounts)
    typer.echo(f"these accounts, whose passwords are for trying only, stand in {file}")


def _load(settings: ServiceSettings, file: Path) -> tuple[DemoAccount, ...]:
    service = Service.open(settings)
    try:
        with service.database.reading() as session:
            there = is_loaded(session)
        if there and file.exists():
            return DemoAccounts.model_validate_json(file.read_bytes()).accounts
        typer.echo("the made-up district is loaded and judged; this takes some seconds")
        return load_demo(service)
    finally:
        service.close()


def _print(accounts: tuple[DemoAccount, ...]) -> None:
    table = Table(box=None)
    for heading in ("login", "password", "role", "unit"):
        table.add_column(heading, no_wrap=True)
    for account in accounts:
        table.add_row(account.login, account.password, str(account.role), account.unit)
    Console(width=None if Console().is_terminal else 200, highlight=False, markup=False).print(table)
