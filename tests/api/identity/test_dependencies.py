"""What the dependencies of routes do beside letting in: who is logged, and how far a caller reaches."""

from collections.abc import Iterator

import pytest
from sqlmodel import col, select

from api.identity.accounts import find_account
from api.identity.roles import Role
from api.store.keys import new_key
from api.store.tables import ReadLog, TrailEntry
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.serving import Served, serve


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with serve(fresh_database(request.param), tmp_path_factory.mktemp("var")) as running:
        yield running


def logged(served: Served, role: Role) -> list[str]:
    with served.service.database.reading() as session:
        account = find_account(session, role.value).key
        wanted = select(ReadLog.path).where(ReadLog.account == account).order_by(col(ReadLog.at))
        return list(session.exec(wanted))


def test_what_an_auditor_reads_of_records_is_logged_even_what_is_not_there(served: Served) -> None:
    client, before = served.client(Role.AUDITOR), logged(served, Role.AUDITOR)
    path = f"/api/v1/records/{new_key()}"
    assert client.get("/api/v1/records", params={"limit": "1"}).status_code == 200
    assert client.get(path, headers={"X-Request-Id": "asked-by-auditor"}).status_code == 404
    assert logged(served, Role.AUDITOR) == [*before, "/api/v1/records", path]
    with served.service.database.reading() as session:
        assert session.exec(select(ReadLog.path).where(ReadLog.request == "asked-by-auditor")).all() == [path]


def test_what_an_auditor_reads_of_rules_and_units_is_not(served: Served) -> None:
    client, before = served.client(Role.AUDITOR), logged(served, Role.AUDITOR)
    for path in ("/api/v1/rules", "/api/v1/units", "/api/v1/me", "/api/v1/jurisdictions"):
        assert client.get(path).status_code == 200
    assert logged(served, Role.AUDITOR) == before


def test_what_others_read_is_not_logged_nor_does_reading_stand_in_the_trail(served: Served) -> None:
    with served.service.database.reading() as session:
        entries = len(session.exec(select(TrailEntry.number)).all())
    for role in Role:
        served.client(role).get("/api/v1/records")
    assert [role for role in Role if logged(served, role)] == [Role.AUDITOR]
    with served.service.database.reading() as session:
        assert len(session.exec(select(TrailEntry.number)).all()) == entries


def test_what_an_auditor_may_not_do_is_refused_and_not_logged(served: Served) -> None:
    before = logged(served, Role.AUDITOR)
    assert served.client(Role.AUDITOR).get("/api/v1/accounts").status_code == 403
    assert logged(served, Role.AUDITOR) == before
