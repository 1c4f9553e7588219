import csv
import io

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.identity.accounts import find_account
from api.identity.roles import Role
from api.store.keys import new_key
from api.store.tables import KeptAnswer, TrailEntry
from tests.api.accounts.conftest import Person, enter, settle
from tests.api.serving import Served


@pytest.fixture
def admin(served: Served) -> TestClient:
    return served.client(Role.ADMIN)


def unit_of(served: Served, role: Role) -> str:
    with served.service.database.reading() as session:
        return find_account(session, role.value).unit


def make(admin: TestClient, unit: str, **fields: object) -> dict[str, object]:
    new = {"login": f"a-{new_key()}", "name": "李(虚构)", "role": "department", "unit": unit, **fields}
    response = admin.post("/api/v1/accounts", json=new)
    assert response.status_code == 201, response.text
    made: dict[str, object] = response.json()
    assert response.headers["location"] == f"/api/v1/accounts/{key_of(made)}"
    return made


def key_of(made: dict[str, object]) -> str:
    account = made["account"]
    assert isinstance(account, dict)
    return str(account["key"])


def test_an_account_is_made_with_a_one_time_password_told_once(served: Served, admin: TestClient) -> None:
    made = make(admin, unit_of(served, Role.DEPARTMENT))
    key, password = key_of(made), str(made["one_time_password"])
    read = admin.get(f"/api/v1/accounts/{key}")
    assert read.json() == made["account"]
    assert read.json()["must_change_password"] is True
    assert password not in read.text
    browser = enter(served, Person(key, read.json()["login"], password))
    assert browser.get("/api/v1/me").json()["account"] == key


def test_a_machines_account_gets_tokens_from_an_admin(served: Served, admin: TestClient) -> None:
    made = make(admin, unit_of(served, Role.DEPARTMENT), password=False)
    assert made["one_time_password"] is None
    tokens = f"/api/v1/accounts/{key_of(made)}/tokens"
    issued = admin.post(tokens, json={"label": "OA", "scopes": ["write"], "days": 30}).json()
    machine = served.client()
    machine.headers["Authorization"] = f"Bearer {issued['secret']}"
    assert machine.get("/api/v1/me").json()["code"] == "scope_missing"
    assert [each["key"] for each in admin.get(tokens).json()["items"]] == [issued["token"]["key"]]
    assert admin.delete(f"{tokens}/{new_key()}").status_code == 404
    others = f"/api/v1/accounts/{key_of(make(admin, unit_of(served, Role.AUDITOR)))}/tokens"
    assert admin.delete(f"{others}/{issued['token']['key']}").status_code == 404
    assert admin.delete(f"{tokens}/{issued['token']['key']}").status_code == 204
    assert machine.get("/api/v1/me").json()["code"] == "not_authenticated"


def test_role_and_unit_are_changed_from_the_next_request_on(served: Served, admin: TestClient, person: Person) -> None:
    browser, audit = settle(served, person), unit_of(served, Role.AUDITOR)
    changed = admin.patch(f"/api/v1/accounts/{person.key}", json={"role": "auditor", "unit": audit})
    assert (changed.json()["role"], changed.json()["unit"], changed.json()["name"]) == ("auditor", audit, "made up")
    me = browser.get("/api/v1/me").json()
    assert (me["role"], me["unit"]) == ("auditor", audit)


def test_disabled_enabled_reset_and_erased(served: Served, admin: TestClient, person: Person) -> None:
    address, browser = f"/api/v1/accounts/{person.key}", settle(served, person)
    assert admin.post(f"{address}/disable").json()["disabled_at"] is not None
    assert browser.get("/api/v1/me").status_code == 401
    assert admin.post(f"{address}/enable").json()["disabled_at"] is None
    assert browser.get("/api/v1/me").status_code == 401
    reset = admin.post(f"{address}/password").json()
    again = enter(served, Person(person.key, person.login, reset["one_time_password"]))
    assert again.get("/api/v1/me").json()["must_change_password"] is True
    erased = admin.post(f"{address}/erase").json()
    assert (erased["login"], erased["name"], erased["key"]) == (None, None, person.key)
    assert again.get("/api/v1/me").status_code == 401
    refused = admin.post(f"{address}/enable")
    assert (refused.status_code, refused.json()["code"]) == (409, "account_erased")


def test_links_to_a_provider_are_made_and_removed(admin: TestClient, person: Person) -> None:
    address, link = f"/api/v1/accounts/{person.key}/links", {"issuer": "https://id.example", "subject": new_key()}
    assert admin.post(address, json=link).status_code == 200
    taken = admin.post(address, json=link)
    assert (taken.status_code, taken.json()["code"]) == (409, "link_taken")
    assert admin.delete(address).status_code == 204
    assert admin.post(address, json=link).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"login": "admin"}, 409, "login_taken"),
        ({"login": "two words"}, 422, "not_a_login"),
        ({"unit": "nope"}, 404, "unknown_unit"),
        ({"role": "king"}, 422, "not_a_choice"),
        ({"rights": "all"}, 422, "unknown_field"),
    ],
)
def test_what_cannot_be_is_refused(
    served: Served, admin: TestClient, fields: dict[str, object], status: int, code: str
) -> None:
    new = {"login": f"a-{new_key()}", "name": "x", "role": "auditor", "unit": unit_of(served, Role.AUDITOR), **fields}
    refused = admin.post("/api/v1/accounts", json=new)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_the_last_admin_stays(served: Served, admin: TestClient) -> None:
    with served.service.database.reading() as session:
        key = find_account(session, Role.ADMIN.value).key
    for refused in (
        admin.post(f"/api/v1/accounts/{key}/disable"),
        admin.post(f"/api/v1/accounts/{key}/erase"),
        admin.patch(f"/api/v1/accounts/{key}", json={"role": "auditor"}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")


def test_accounts_are_listed_in_pages_and_by_filters(served: Served, admin: TestClient) -> None:
    for _ in range(3):
        make(admin, unit_of(served, Role.GENERAL_OFFICE), role="general_office")
    asked, found = {"role": "general_office", "limit": "2"}, []
    page = admin.get("/api/v1/accounts", params=asked).json()
    while True:
        found += page["items"]
        if page["next"] is None:
            break
        page = admin.get("/api/v1/accounts", params={**asked, "cursor": page["next"]}).json()
    assert len(found) == len({each["key"] for each in found}) >= 4
    assert {each["role"] for each in found} == {"general_office"}
    admin.post(f"/api/v1/accounts/{found[0]['key']}/erase")
    asked = {"in_use": "false", "unit": unit_of(served, Role.GENERAL_OFFICE)}
    assert [each["key"] for each in admin.get("/api/v1/accounts", params=asked).json()["items"]] == [found[0]["key"]]


def test_accounts_come_as_a_table_without_live_formulas(served: Served, admin: TestClient) -> None:
    made = make(admin, unit_of(served, Role.AUDITOR), role="auditor", name="=1+1")
    text = admin.get("/api/v1/accounts", params={"format": "csv", "role": "auditor"}).content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if row and row[0] == key_of(made)]
    assert [row[2] for row in rows] == ["'=1+1"]
    xlsx = admin.get("/api/v1/accounts", params={"format": "xlsx"})
    assert xlsx.content.startswith(b"PK")


def test_no_password_and_no_name_is_kept_beside_the_accounts(served: Served, admin: TestClient) -> None:
    login = f"a-{new_key()}"
    made = make(admin, unit_of(served, Role.AUDITOR), login=login, name="很特别的名字")
    admin.post(f"/api/v1/accounts/{key_of(made)}/password", headers={"Idempotency-Key": new_key()})
    with served.service.database.reading() as session:
        said = [f"{entry.subject} {entry.content}" for entry in session.exec(select(TrailEntry))]
        said += [answer.body.decode() for answer in session.exec(select(KeptAnswer))]
    text = " ".join(said)
    assert key_of(made) in text
    for personal in (login, "很特别的名字", str(made["one_time_password"])):
        assert personal not in text


ADMINS = [
    ("GET", "/api/v1/accounts"),
    ("POST", "/api/v1/accounts"),
    ("GET", "/api/v1/accounts/{key}"),
    ("PATCH", "/api/v1/accounts/{key}"),
    ("POST", "/api/v1/accounts/{key}/disable"),
    ("POST", "/api/v1/accounts/{key}/enable"),
    ("POST", "/api/v1/accounts/{key}/erase"),
    ("POST", "/api/v1/accounts/{key}/password"),
    ("POST", "/api/v1/accounts/{key}/links"),
    ("DELETE", "/api/v1/accounts/{key}/links"),
    ("GET", "/api/v1/accounts/{key}/tokens"),
    ("POST", "/api/v1/accounts/{key}/tokens"),
    ("DELETE", "/api/v1/accounts/{key}/tokens/{token}"),
    ("POST", "/api/v1/units"),
    ("POST", "/api/v1/units/{key}/names"),
    ("POST", "/api/v1/units/{key}/merger"),
]
BODIES = {
    "/api/v1/accounts": {"login": "x", "name": "x", "role": "admin", "unit": "x"},
    "/api/v1/accounts/{key}": {"role": "admin"},
    "/api/v1/accounts/{key}/links": {"issuer": "https://id.example", "subject": "x"},
    "/api/v1/accounts/{key}/tokens": {"scopes": ["admin"], "days": 1},
    "/api/v1/units": {"name": "x", "jurisdiction": "CN"},
    "/api/v1/units/{key}/names": {"name": "x", "since": "2026-01-01"},
    "/api/v1/units/{key}/merger": {"into": "x", "on": "2026-01-01"},
}


@pytest.mark.parametrize(("method", "path"), ADMINS)
def test_nobody_but_an_admin_handles_accounts_and_units(served: Served, method: str, path: str) -> None:
    with served.service.database.reading() as session:
        key = find_account(session, Role.DEPARTMENT.value).key
    address = path.format(key=key, token="x")  # noqa: S106 - the key of a token that is none
    for role in (*Role, None):
        if role is Role.ADMIN:
            continue
        body = BODIES.get(path) if method != "GET" else None
        response = served.client(role).request(method, address, json=body)
        assert response.status_code == (401 if role is None else 403), (role, response.text)
