"""The service for the tests of its edge: one for each database, shared, since they leave nothing behind."""

from collections.abc import Iterator

import pytest

from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.serving import Served, serve


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    kind: str = request.param
    with serve(fresh_database(kind), tmp_path_factory.mktemp("var"), max_bytes=200_000) as running:
        yield running
