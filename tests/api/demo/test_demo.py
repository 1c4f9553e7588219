"""The made-up district is loaded as people would submit it, once, and everybody in it can log in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.context import Service
from api.demo.loading import MATTERS, StoreInUseError, is_loaded, load_demo
from api.demo.models import DemoAccount
from api.identity.roles import Role
from api.settings import ServiceSettings
from tests.api.conftest import DATABASES, FreshDatabase


@pytest.fixture(scope="module", params=DATABASES)
def demo(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, tuple[DemoAccount, ...]]]:
    kind: str = request.param
    var: Path = tmp_path_factory.mktemp("demo")
    app = create_app(ServiceSettings(database=fresh_database(kind), var=var, log_level="error"))
    with TestClient(app) as client:
        yield client, load_demo(app.state.service)


def logged_in(client: TestClient, account: DemoAccount) -> TestClient:
    own = TestClient(client.app, base_url="http://testserver")
    answer = own.post("/api/v1/login", json={"login": account.login, "password": account.password})
    assert answer.status_code == 200, answer.text
    return own


def service_of(client: TestClient) -> Service:
    service: Service = client.app.state.service  # type: ignore[attr-defined]  # the application that was made above
    return service


def test_everybody_logs_in_and_need_change_no_password(
    demo: tuple[TestClient, tuple[DemoAccount, ...]],
) -> None:
    client, accounts = demo
    assert {account.role for account in accounts} == set(Role)
    for account in accounts:
        me = logged_in(client, account).get("/api/v1/me").json()
        assert (me["role"], me["unit_name"], me["must_change_password"]) == (account.role, account.unit, False)


def test_an_auditor_sees_all_matters_and_each_department_those_in_which_it_has_a_role(
    demo: tuple[TestClient, tuple[DemoAccount, ...]],
) -> None:
    client, accounts = demo
    auditor = next(account for account in accounts if account.role == Role.AUDITOR)
    every = logged_in(client, auditor).get("/api/v1/records").json()["items"]
    assert len(every) == len([file for folder in MATTERS for file in folder.glob("*.yaml")])
    assert all(record["made_up"] for record in every)
    for account in accounts:
        if account.role == Role.DEPARTMENT:
            own = logged_in(client, account).get("/api/v1/records").json()["items"]
            assert account.unit in {record["lead_unit"] for record in own}
            assert len(own) < len(every)


def test_the_districts_catalogue_is_published_and_some_of_its_entries_have_a_record(
    demo: tuple[TestClient, tuple[DemoAccount, ...]],
) -> None:
    client, accounts = demo
    auditor = logged_in(client, next(account for account in accounts if account.role == Role.AUDITOR))
    (listed,) = auditor.get("/api/v1/catalogues").json()["items"]
    assert (listed["made_up"], listed["flags"], listed["questions"]) == (True, 0, 0)
    status = auditor.get(f"/api/v1/catalogues/{listed['key']}/status").json()
    joined = {entry["entry"]: [record["id"] for record in entry["records"]] for entry in status["entries"]}
    assert status["without_record"] == ["01", "02", "03"]
    assert joined["meal-points"] == ["yunling-2026-02-meal-points"]
    assert {entry["lead_unit"] for entry in status["entries"]} <= {account.unit for account in accounts}
    assert status["unlisted"] == []


def test_what_is_loaded_is_not_loaded_again(demo: tuple[TestClient, tuple[DemoAccount, ...]]) -> None:
    service = service_of(demo[0])
    with service.database.reading() as session:
        assert is_loaded(session)
    with pytest.raises(StoreInUseError):
        load_demo(service)
