"""The service with the national rulebook, one for each database, shared by the tests of a module.

Each test has catalogues and records of its own, of an organ of its own.
"""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.identity.roles import Role
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.serving import Served, serve


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    kind: str = request.param
    with serve(fresh_database(kind), tmp_path_factory.mktemp("var")) as running:
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
