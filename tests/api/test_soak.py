from pathlib import Path

import pytest

from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.soak import soak


@pytest.mark.parametrize("kind", DATABASES)
def test_what_was_acknowledged_is_there_after_kill_9(fresh_database: FreshDatabase, tmp_path: Path, kind: str) -> None:
    """Five kills on each database, of servers with one process and with two; `make soak-api` makes a hundred."""
    outcome = soak(fresh_database(kind), tmp_path, 5)
    assert outcome.kills == 5
    assert outcome.writes > 40
