"""The service with the permits, a fresh one for each test: judging anew concerns all records that are there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.reevaluations.service import Sweeper
from tests.api.permits import in_calendar_days, permit_rules
from tests.api.serving import Served, serve


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return in_calendar_days(permit_rules(tmp_path / "rules"))


@pytest.fixture
def served(database_url: str, rules: Path, tmp_path: Path) -> Iterator[Served]:
    with serve(database_url, tmp_path / "var", rules=rules) as running:
        yield running


@pytest.fixture
def sweeper(served: Served) -> Sweeper:
    return Sweeper(served.service.database, served.service.rulebooks, "test")
