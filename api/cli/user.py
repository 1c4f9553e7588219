"""`duecourse user`: accounts, for the operator at the server."""

from datetime import timedelta
from typing import Annotated

import typer
from sqlmodel import Session, col, select

from api import clock
from api.cli.refusals import print_rows, reading, writing
from api.identity.accounts import (
    OPERATOR,
    MadeAccount,
    NewAccount,
    change_account,
    create_account,
    disable_account,
    enable_account,
    erase_account,
    find_account,
    link_account,
    reset_password,
    unlink_account,
)
from api.identity.roles import Role
from api.identity.tables import Account
from api.identity.units import find_unit, read_directory
from api.settings import ServiceSettings

user = typer.Typer(help="Accounts.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(metavar="ACCOUNT", help="login or key of the account")]
UnitOption = Annotated[str, typer.Option(help="key of the unit, or the name that it bears today")]


@user.command()
def add(
    login: Annotated[str, typer.Argument(help="what the person types in")],
    *,
    role: Annotated[Role, typer.Option()],
    unit: UnitOption,
    name: Annotated[str, typer.Option(help="how the person is called; the login if left out")] = "",
    password: Annotated[bool, typer.Option(help="with a one-time password; a machine needs none")] = True,
) -> None:
    """Make an account, and print its one-time password."""
    with writing() as session:
        key = find_unit(session, unit, today=clock.today()).key
        new = NewAccount(login=login, name=name, role=role, unit=key)
        made = create_account(session, new, one_time=_one_time() if password else None, at=clock.now(), actor=OPERATOR)
    _print(made)


@user.command("list")
def list_accounts() -> None:
    """List the accounts."""
    with reading() as session:
        directory, today = read_directory(session), clock.today()
        accounts = session.exec(select(Account).order_by(col(Account.login), col(Account.key))).all()
    rows = [
        (
            account.key,
            account.login,
            account.name,
            account.role,
            directory.called(account.unit, day=today),
            _state(account),
        )
        for account in accounts
    ]
    print_rows(("key", "login", "name", "role", "unit", "state"), rows)


@user.command()
def change(
    account: Who,
    *,
    name: Annotated[str | None, typer.Option(help="how the person is called")] = None,
    role: Annotated[Role | None, typer.Option()] = None,
    unit: Annotated[str | None, typer.Option(help="key of the unit, or the name that it bears today")] = None,
) -> None:
    """Change the name, the role or the unit of an account."""
    with writing() as session:
        key = find_unit(session, unit, today=clock.today()).key if unit else None
        found = _key(session, account)
        change_account(session, found, name=name, role=role, unit=key, at=clock.now(), actor=OPERATOR)


@user.command()
def disable(account: Who) -> None:
    """Let an account in no more; what it did stays."""
    with writing() as session:
        disable_account(session, _key(session, account), at=clock.now(), actor=OPERATOR)


@user.command()
def enable(account: Who) -> None:
    """Let a disabled account in again."""
    with writing() as session:
        enable_account(session, _key(session, account), at=clock.now(), actor=OPERATOR)


@user.command()
def erase(account: Who, *, yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False) -> None:
    """Disable an account and remove login, name, password and links for good; its key stays in the trail."""
    if not yes:
        typer.confirm(f"erase {account} for good?", abort=True)
    with writing() as session:
        erase_account(session, _key(session, account), at=clock.now(), actor=OPERATOR)


@user.command("reset-password")
def reset(account: Who) -> None:
    """Give an account a one-time password, and print it; its sessions end."""
    with writing() as session:
        key = _key(session, account)
        made = reset_password(session, key, one_time=_one_time(), at=clock.now(), actor=OPERATOR)
    _print(made)


@user.command()
def link(
    account: Who,
    *,
    issuer: Annotated[str, typer.Option(help="the OpenID provider, as in DUECOURSE_OIDC_ISSUER")],
    subject: Annotated[str, typer.Option(help="how the provider calls the person (sub)")],
) -> None:
    """Let whom an OpenID provider calls by a subject log in as an account."""
    with writing() as session:
        key = _key(session, account)
        link_account(session, key, issuer=issuer, subject=subject, at=clock.now(), actor=OPERATOR)


@user.command()
def unlink(account: Who) -> None:
    """Remove all links of an account to OpenID providers; its sessions end."""
    with writing() as session:
        unlink_account(session, _key(session, account), at=clock.now(), actor=OPERATOR)


def _key(session: Session, given: str) -> str:
    return find_account(session, given).key


def _one_time() -> timedelta:
    return timedelta(hours=ServiceSettings.read().one_time_password_hours)


def _print(made: MadeAccount) -> None:
    typer.echo(f"account {made.account.key}")
    if made.password is not None:
        typer.echo(f"one-time password {made.password}")


def _state(account: Account) -> str:
    if account.erased_at is not None:
        return "erased"
    if account.disabled_at is not None:
        return "disabled"
    return "one-time password" if account.must_change_password else "in use"
