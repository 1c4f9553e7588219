"""The service with the permits, at its errands all the time; a fresh one for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.outbox.receiving import HERE
from tests.api.permits import in_calendar_days, permit_rules
from tests.api.serving import Served, serve


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return in_calendar_days(permit_rules(tmp_path / "rules"))


@pytest.fixture
def served(database_url: str, rules: Path, tmp_path: Path) -> Iterator[Served]:
    with serve(
        database_url, tmp_path / "var", rules=rules, outbox_seconds=0.1, sweep_minutes=1, webhook_hosts=HERE
    ) as running:
        yield running
