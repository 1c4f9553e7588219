"""The service on each database, shared by the tests of a file; and people who log in with a password."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from api.clock import now
from api.identity.accounts import NewAccount, create_account, find_account
from api.identity.roles import Role
from api.store.keys import new_key
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.serving import Served, serve

OWN = "correct horse battery"


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and the password that it has now."""

    key: str
    login: str
    password: str


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with serve(fresh_database(request.param), tmp_path_factory.mktemp("var"), login_tries=3) as running:
        yield running


@pytest.fixture
def person(served: Served) -> Person:
    """Make an account of a department with a one-time password."""
    return make_person(served, Role.DEPARTMENT)


def make_person(served: Served, role: Role) -> Person:
    login = f"person-{new_key()}"
    with served.service.database.writing() as session:
        unit = find_account(session, role.value).unit
        new = NewAccount(login=login, name="made up", role=role, unit=unit)
        made = create_account(session, new, one_time=timedelta(hours=1), at=now(), actor="tester")
    assert made.password is not None
    return Person(made.account.key, login, made.password)


def enter(served: Served, person: Person, password: str | None = None) -> TestClient:
    """Log in; return the browser, which sends what goes with the session."""
    browser = served.client()
    response = browser.post("/api/v1/login", json={"login": person.login, "password": password or person.password})
    assert response.status_code == 200, response.text
    browser.headers["X-CSRF-Token"] = response.json()["csrf"]
    return browser


def settle(served: Served, person: Person) -> TestClient:
    """Log in and change the one-time password."""
    browser = enter(served, person)
    changed = browser.post("/api/v1/password", json={"old": person.password, "new": OWN})
    assert changed.status_code == 204, changed.text
    return browser
