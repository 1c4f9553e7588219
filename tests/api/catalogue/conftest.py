"""The service with the national rulebook, one for each database, shared by the tests of a module.

Each test has catalogues and records of its own, of an organ of its own.
"""

from collections.abc import Iterator

import pytest

from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.serving import Served, serve


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    kind: str = request.param
    with serve(fresh_database(kind), tmp_path_factory.mktemp("var")) as running:
        yield running
