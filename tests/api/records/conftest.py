"""The service with the permits, one for each database, shared by the tests of a module: each makes its own records."""

from collections.abc import Iterator

import pytest

from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.permits import permit_rules
from tests.api.serving import Served, serve


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    kind: str = request.param
    rules = permit_rules(tmp_path_factory.mktemp("rules"))
    with serve(fresh_database(kind), tmp_path_factory.mktemp("var"), rules=rules, max_file_bytes=65_536) as running:
        yield running
