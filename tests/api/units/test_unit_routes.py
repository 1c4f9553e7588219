import csv
import io
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.identity.roles import Role
from api.store.keys import new_key
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.serving import PLACE, UNITS, Served, serve


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with serve(fresh_database(request.param), tmp_path_factory.mktemp("var")) as running:
        yield running


@pytest.fixture
def admin(served: Served) -> TestClient:
    return served.client(Role.ADMIN)


def add(admin: TestClient, name: str, place: str = PLACE, **fields: str) -> str:
    response = admin.post("/api/v1/units", json={"name": name, "jurisdiction": place, **fields})
    assert response.status_code == 201, response.text
    key: str = response.json()["key"]
    assert response.headers["location"] == f"/api/v1/units/{key}"
    return key


def test_a_unit_is_registered_renamed_and_merged(admin: TestClient) -> None:
    water = add(admin, "某区水务局(虚构)")
    ocean = add(admin, "某区海洋局(虚构)", since="2010-01-01")
    renamed = admin.post(f"/api/v1/units/{water}/names", json={"name": "某区水务和海洋局(虚构)", "since": "2024-03-01"})
    assert renamed.json()["name"] == "某区水务和海洋局(虚构)"
    merged = admin.post(f"/api/v1/units/{ocean}/merger", json={"into": water, "on": "2024-03-01"})
    assert (merged.json()["merged_into"], merged.json()["merged_on"]) == (water, "2024-03-01")
    assert admin.get(f"/api/v1/units/{water}").json()["names"] == [
        {"name": "某区水务局(虚构)", "since": None, "until": "2024-02-29"},
        {"name": "某区水务和海洋局(虚构)", "since": "2024-03-01", "until": None},
    ]
    again = admin.post(f"/api/v1/units/{ocean}/merger", json={"into": water, "on": "2024-03-01"})
    assert (again.status_code, again.json()["code"]) == (409, "merged_already")


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_the_units_because_records_name_them(served: Served, role: Role) -> None:
    client = served.client(role)
    items = client.get("/api/v1/units", params={"jurisdiction": PLACE, "limit": "500"}).json()["items"]
    assert set(UNITS.values()) <= {each["name"] for each in items}
    assert client.get(f"/api/v1/units/{items[0]['key']}").json() == items[0]
    assert client.get(f"/api/v1/units/{new_key()}").status_code == 404


def test_units_are_listed_in_pages_and_by_filters(admin: TestClient) -> None:
    name = f"林业局{new_key()}"
    keys = {add(admin, f"{name}{number}") for number in range(5)}
    asked, found = {"name": name, "limit": "2"}, []
    page = admin.get("/api/v1/units", params=asked).json()
    while page["next"]:
        found += page["items"]
        page = admin.get("/api/v1/units", params={**asked, "cursor": page["next"]}).json()
    found += page["items"]
    assert [each["key"] for each in found] == sorted(keys)
    into, key = sorted(keys)[:2]
    admin.post(f"/api/v1/units/{key}/merger", json={"into": into, "on": "2024-03-01"})
    asked = {"name": name, "merged": "true"}
    assert [each["key"] for each in admin.get("/api/v1/units", params=asked).json()["items"]] == [key]


def test_units_come_as_a_table(admin: TestClient) -> None:
    text = admin.get("/api/v1/units", params={"format": "csv"}).content.decode("utf-8-sig")
    names = {row[1] for row in csv.reader(io.StringIO(text)) if len(row) > 1}
    assert set(UNITS.values()) <= names


@pytest.mark.parametrize(
    ("new", "status", "code"),
    [
        ({"name": "某区住房局(虚构)", "jurisdiction": PLACE}, 409, "name_taken"),
        ({"name": "某区住房局(虚构)", "jurisdiction": "CN-31"}, 409, "name_taken"),
        ({"name": "x", "jurisdiction": "CN-99"}, 422, "unknown_jurisdiction"),
        ({"name": " ", "jurisdiction": PLACE}, 422, "not_a_name"),
        ({"name": "", "jurisdiction": PLACE}, 422, "invalid_value"),
    ],
)
def test_what_cannot_be_is_refused(admin: TestClient, new: dict[str, str], status: int, code: str) -> None:
    refused = admin.post("/api/v1/units", json=new)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_the_same_key_registers_one_unit(admin: TestClient) -> None:
    new, headers = {"name": f"x{new_key()}", "jurisdiction": PLACE}, {"Idempotency-Key": new_key()}
    first, second = (admin.post("/api/v1/units", json=new, headers=headers) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())


def test_other_processes_see_a_new_name_at_once(served: Served, admin: TestClient) -> None:
    """What a process remembers of the units is read anew when they have changed, whoever changed them."""
    key = add(admin, f"x{new_key()}")
    with served.service.database.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE unit_name SET name = 'elsewhere {key}' WHERE unit = '{key}'")
        session.connection().exec_driver_sql("UPDATE directory_state SET version = version + 1")
    assert admin.get(f"/api/v1/units/{key}").json()["name"] == f"elsewhere {key}"
