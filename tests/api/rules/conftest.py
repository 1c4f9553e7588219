"""The service for the routes of rules: one for each database."""

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
