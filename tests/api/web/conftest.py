"""The service on SQLite for the pages: what they ask is tested on both databases where the interface is."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.demo.loading import load_demo
from api.settings import ServiceSettings
from tests.api.conftest import FreshDatabase
from tests.api.permits import permit_rules
from tests.api.serving import Served, serve
from tests.api.web.district import DemoDistrict


@pytest.fixture(scope="module")
def served(fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run the service with the permits: each test makes its own records."""
    rules = permit_rules(tmp_path_factory.mktemp("rules"))
    with serve(fresh_database("sqlite"), tmp_path_factory.mktemp("var"), rules=rules) as running:
        yield running


@pytest.fixture(scope="session")
def district(fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoDistrict]:
    """Run the service with the national rulebook and the made-up district in it, once for all pages.

    Tests that change a record make one of their own.
    """
    var = tmp_path_factory.mktemp("var")
    app = create_app(ServiceSettings(database=fresh_database("sqlite"), var=var, log_level="error"))
    with TestClient(app):
        accounts = load_demo(app.state.service)
        yield DemoDistrict(app, app.state.service, {account.login: account for account in accounts})
