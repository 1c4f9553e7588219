"""The service on SQLite for the pages: what they ask is tested on both databases where the interface is."""

from collections.abc import Iterator

import pytest

from tests.api.conftest import FreshDatabase
from tests.api.permits import permit_rules
from tests.api.serving import Served, serve


@pytest.fixture(scope="module")
def served(fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run the service with the permits: each test makes its own records."""
    rules = permit_rules(tmp_path_factory.mktemp("rules"))
    with serve(fresh_database("sqlite"), tmp_path_factory.mktemp("var"), rules=rules) as running:
        yield running
