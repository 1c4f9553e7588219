"""`duecourse unit`, `user` and `token` as an operator runs them, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from api.cli.app import app
from api.clock import now
from api.identity.accounts import OPERATOR, find_account
from api.identity.authentication import bearer_of, recognise
from api.identity.errors import LoginFailedError, NotAuthenticatedError
from api.identity.login import log_in
from api.identity.operations import Scope
from api.identity.tables import OidcLink
from api.identity.units import read_directory
from api.settings import ServiceSettings
from api.store.database import Database
from api.store.tables import TrailEntry

Run = Callable[..., Result]
PLACE = ("--jurisdiction", "CN-31-XH")


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    """Run a command, which has to go well."""

    def ran(*arguments: str, code: int = 0) -> Result:
        settings = {"DUECOURSE_DATABASE": database_url, "DUECOURSE_VAR": str(tmp_path)}
        done = CliRunner().invoke(app, list(arguments), env=settings, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done

    return ran


def enter(database: Database, login: str, password: str) -> str:
    settings = ServiceSettings()
    entered = log_in(database, login=login, password=password, address="192.0.2.1", settings=settings, at=now())
    return entered.caller.account


def add_user(run: Run, login: str, *more: str, role: str = "department") -> tuple[str, str]:
    """Add a user to the first unit; return key and one-time password."""
    done = run("user", "add", login, "--role", role, "--unit", "某区水务局(虚构)", *more)
    key, *password = (line.split(" ")[-1] for line in done.stdout.splitlines())
    return key, password[0] if password else ""


@pytest.fixture
def unit(run: Run) -> str:
    return run("unit", "add", "某区水务局(虚构)", *PLACE).stdout.split()[1]


def test_units_are_added_renamed_merged_and_listed(run: Run, database: Database, unit: str) -> None:
    other = run("unit", "add", "某区海洋局(虚构)", *PLACE, "--since", "2010-01-01").stdout.split()[1]
    run("unit", "rename", "某区水务局(虚构)", "某区水务和海洋局(虚构)", "--since", "2024-03-01")
    run("unit", "merge", "某区海洋局(虚构)", "某区水务和海洋局(虚构)", "--on", "2024-03-01")
    listed = run("unit", "list").stdout
    for told in (unit, other, "某区水务局(虚构)", "2024-02-29", "某区水务和海洋局(虚构)", "2010-01-01"):
        assert told in listed
    with database.reading() as session:
        directory = read_directory(session)
        assert {entry.actor for entry in session.exec(select(TrailEntry))} == {OPERATOR}
    assert directory.acting(other, today=now().date()) == unit


def test_what_is_refused_is_told_in_one_line_and_changes_nothing(run: Run, database: Database, unit: str) -> None:
    assert unit
    for arguments, told in (
        (("unit", "add", "某区水务局(虚构)", *PLACE), "given 某区水务局(虚构); expected a name that no other unit"),
        (("unit", "add", "x", "--jurisdiction", "CN-99"), "given CN-99; expected one of CN"),
        (("unit", "rename", "nope", "x", "--since", "2024-03-01"), "given nope; expected a unit"),
        (("unit", "add", "x", *PLACE, "--since", "2024-02-30"), "expected a day such as"),
        (("user", "add", "wang", "--role", "king", "--unit", unit), "king"),
        (("user", "add", "two words", "--role", "auditor", "--unit", unit), "without spaces"),
        (("user", "disable", "nobody"), "given nobody; expected an account"),
        (("token", "issue", "nobody", "--scope", "read", "--days", "1"), "given nobody; expected an account"),
        (("token", "revoke", "nope"), "given nope; expected a token"),
    ):
        assert told in run(*arguments, code=2).stderr
    with database.reading() as session:
        assert len(session.exec(select(TrailEntry)).all()) == 1


def test_a_user_is_added_reset_disabled_and_enabled(run: Run, database: Database, unit: str) -> None:
    assert unit
    key, password = add_user(run, "Wang.Shui", "--name", "王(虚构)")
    assert enter(database, "wang.shui", password) == key
    again = run("user", "reset-password", "wang.shui").stdout.split()[-1]
    with pytest.raises(LoginFailedError):
        enter(database, "wang.shui", password)
    run("user", "disable", key)
    assert "disabled" in run("user", "list").stdout
    with pytest.raises(LoginFailedError):
        enter(database, "wang.shui", again)
    run("user", "enable", "wang.shui")
    assert enter(database, "wang.shui", again) == key


def test_role_unit_and_name_of_a_user_are_changed(run: Run, database: Database, unit: str) -> None:
    assert unit
    add_user(run, "wang")
    audit = run("unit", "add", "某区审计局(虚构)", *PLACE).stdout.split()[1]
    run("user", "change", "wang", "--role", "auditor", "--unit", "某区审计局(虚构)", "--name", "王(虚构)")
    with database.reading() as session:
        account = find_account(session, "wang")
    assert (account.role, account.unit, account.name) == ("auditor", audit, "王(虚构)")


def test_a_user_is_erased_for_good(run: Run, unit: str) -> None:
    assert unit
    key, _ = add_user(run, "wang", "--name", "王(虚构)")
    run("user", "link", "wang", "--issuer", "https://id.example", "--subject", "wang@id")
    run("user", "erase", "wang", "--yes")
    listed = run("user", "list").stdout
    assert key in listed
    assert "王" not in listed
    assert "wang" not in listed
    run("user", "enable", key, code=2)


def test_a_user_is_linked_to_a_subject_and_unlinked(run: Run, database: Database, unit: str) -> None:
    assert unit
    key, _ = add_user(run, "wang")
    run("user", "link", "wang", "--issuer", "https://id.example", "--subject", "wang@id")
    with database.reading() as session:
        assert session.exec(select(OidcLink.account)).all() == [key]
    run("user", "unlink", "wang")
    with database.reading() as session:
        assert session.exec(select(OidcLink)).all() == []


def test_a_machine_gets_a_token_that_is_listed_and_revoked(run: Run, database: Database, unit: str) -> None:
    assert unit
    key, password = add_user(run, "oa", "--no-password")
    assert password == ""
    done = run("token", "issue", "oa", "--scope", "read", "--scope", "write", "--days", "30", "--label", "OA")
    secret, token = done.stdout.splitlines()[-1], done.stdout.split()[1].strip(",")
    found = recognise(database, bearer_of(f"Bearer {secret}"), idle=timedelta(hours=1), at=now())
    assert found.caller.account == key
    assert found.caller.scopes == frozenset({Scope.READ, Scope.WRITE})
    listed = run("token", "list", "oa").stdout
    assert token in listed
    assert secret not in listed
    run("token", "revoke", token)
    assert "revoked" in run("token", "list").stdout
    with pytest.raises(NotAuthenticatedError):
        recognise(database, bearer_of(f"Bearer {secret}"), idle=timedelta(hours=1), at=now())
