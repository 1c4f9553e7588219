"""Who runs the service can tell that it lives, and whether it can answer."""

from pathlib import Path

import pytest

from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.serving import serve


@pytest.mark.parametrize("kind", DATABASES)
def test_it_is_ready_only_with_its_tables(kind: str, fresh_database: FreshDatabase, tmp_path: Path) -> None:
    with serve(fresh_database(kind), tmp_path) as served:
        client = served.client()
        ready = client.get("/ready")
        assert ready.status_code == 200
        assert ready.json()["rulebook"] == served.service.rulebook.digest
        with served.service.database.exclusive() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        behind = client.get("/ready")
        assert behind.status_code == 503
        assert behind.json()["code"] == "not_ready"
        assert int(behind.headers["retry-after"]) > 0
        with served.service.database.exclusive() as connection:
            connection.exec_driver_sql("DROP TABLE alembic_version")
        assert client.get("/ready").status_code == 503
        assert client.get("/health").json() == {"status": "ok"}
