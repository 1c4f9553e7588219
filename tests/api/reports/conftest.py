"""A part of the made-up district's year in a service, on each database: three matters with flags, one under way."""

from collections.abc import Iterator

import pytest

from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.serving import serve
from tests.api.summaries.year import Year, settle


@pytest.fixture(scope="module", params=DATABASES)
def year(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Year]:
    kind: str = request.param
    with serve(fresh_database(kind), tmp_path_factory.mktemp("var")) as running:
        yield settle(running, "0[4568]-*.yaml")
