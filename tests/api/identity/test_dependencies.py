"""What the dependencies of routes do beside letting in: who is logged, and how far a caller reaches."""

from collections.abc import Iterator
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from sqlmodel import col, select

from api.clock import now
from api.edge.problems import install
from api.identity.accounts import find_account
from api.identity.callers import Caller
from api.identity.dependencies import allowed_by_link
from api.identity.operations import Operation, Scope
from api.identity.roles import Role
from api.identity.tokens import NewToken, issue_token
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


def test_an_address_may_hold_a_token_that_is_good_for_the_calendar_only(served: Served) -> None:
    app = FastAPI()
    app.state.service = served.service
    install(app)

    @app.get("/feed")
    def feed(who: Annotated[Caller, Depends(allowed_by_link(Operation.CALENDAR_READ))]) -> str:
        return who.account

    with served.service.database.writing() as session:
        key = find_account(session, Role.DEPARTMENT.value).key
        secrets = {
            name: issue_token(session, key, NewToken(name, scopes, 1), most_days=1, at=now(), actor="tester").secret
            for name, scopes in {
                "calendar": (Scope.CALENDAR,),
                "more": (Scope.CALENDAR, Scope.READ),
                "other": (Scope.READ,),
            }.items()
        }
    client = TestClient(app)
    assert client.get("/feed", params={"token": secrets["calendar"]}).json() == key
    for refused in (secrets["more"], secrets["other"], "dc_guessed", "guessed"):
        assert client.get("/feed", params={"token": refused}).status_code == 401
    by_header = {name: {"Authorization": f"Bearer {secret}"} for name, secret in secrets.items()}
    assert [client.get("/feed", headers=by_header[name]).status_code for name in by_header] == [200, 200, 403]
    assert client.get("/feed").status_code == 401
