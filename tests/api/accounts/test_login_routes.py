from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from api.app import create_app
from api.clock import now
from api.identity.roles import Role
from api.identity.tables import PersonSession
from api.store.tables import KeptAnswer
from tests.api.accounts.conftest import OWN, Person, enter, make_person, settle
from tests.api.conftest import FreshDatabase
from tests.api.serving import Served, serve


def log_in(browser: TestClient, person: Person, **headers: str) -> tuple[int, str]:
    sent = {"login": person.login, "password": person.password}
    response = browser.post("/api/v1/login", json=sent, headers=headers)
    return response.status_code, response.json().get("code", "")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(served: Served, person: Person) -> None:
    sent = {"login": person.login, "password": person.password}
    response = served.client().post("/api/v1/login", json=sent)
    (cookie,) = SimpleCookie(response.headers["set-cookie"]).values()
    assert cookie.key == "duecourse_session"
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "lax", "/", "")
    assert not cookie["secure"]
    assert response.headers["cache-control"] == "no-store"
    assert cookie.value not in response.text


@pytest.mark.parametrize(("secure", "base"), [(True, "http://testserver"), (False, "https://testserver")])
def test_over_tls_or_by_the_setting_the_cookie_goes_over_tls_only(
    fresh_database: FreshDatabase, tmp_path: Path, base: str, *, secure: bool
) -> None:
    with serve(fresh_database("sqlite"), tmp_path, secure_cookies=secure) as served:
        person = make_person(served, Role.DEPARTMENT)
        browser = TestClient(served.app, base_url=base)
        response = browser.post("/api/v1/login", json={"login": person.login, "password": person.password})
        (cookie,) = SimpleCookie(response.headers["set-cookie"]).values()
        assert cookie.key == "__Host-duecourse_session"
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
        over_tls = TestClient(served.app, base_url="https://testserver", cookies={cookie.key: cookie.value})
        assert over_tls.get("/api/v1/me").status_code == 200
        tossed = TestClient(served.app, base_url="https://testserver", cookies={"duecourse_session": cookie.value})
        assert tossed.get("/api/v1/me").status_code == 401


def test_a_one_time_password_opens_nothing_but_its_own_change(served: Served, person: Person) -> None:
    browser = enter(served, person)
    assert browser.get("/api/v1/me").json()["must_change_password"] is True
    refused = browser.get("/api/v1/units")
    assert (refused.status_code, refused.json()["code"]) == (403, "password_must_change")
    weak = browser.post("/api/v1/password", json={"old": person.password, "new": person.password})
    assert (weak.status_code, weak.json()["code"]) == (422, "password_weak")
    assert browser.post("/api/v1/password", json={"old": person.password, "new": OWN}).status_code == 204
    assert browser.get("/api/v1/units").status_code == 200
    assert browser.get("/api/v1/me").json()["must_change_password"] is False


def test_who_one_is_is_told(served: Served, person: Person) -> None:
    me = settle(served, person).get("/api/v1/me").json()
    assert (me["account"], me["name"], me["role"], me["scopes"]) == (person.key, "made up", "department", None)
    assert (me["unit_name"], me["jurisdiction"]) == ("某区住房局(虚构)", "CN-31-MH")
    token = served.client(Role.AUDITOR).get("/api/v1/me").json()
    assert (token["role"], token["csrf"]) == ("auditor", None)
    assert token["scopes"] == ["read", "write", "review", "admin", "calendar"]


def test_without_session_or_token_one_is_nobody(served: Served) -> None:
    for headers in ({}, {"Cookie": "duecourse_session=guessed"}, {"Authorization": "Bearer dc_guessed"}):
        refused = served.client().get("/api/v1/me", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
        assert refused.headers["www-authenticate"] == "Bearer"


def test_a_wrong_token_is_not_made_up_for_by_a_right_cookie(served: Served, person: Person) -> None:
    browser = enter(served, person)
    assert browser.get("/api/v1/me", headers={"Authorization": "Bearer dc_guessed"}).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 64},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_change_with_a_cookie_has_to_come_from_here(served: Served, person: Person, headers: dict[str, str]) -> None:
    browser = settle(served, person)
    new = {"label": "x", "scopes": ["read"], "days": 1}
    refused = browser.post("/api/v1/tokens", json=new, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")
    here = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert browser.post("/api/v1/tokens", json=new, headers=here).status_code == 201


def test_reading_with_a_cookie_needs_no_more(served: Served, person: Person) -> None:
    browser = settle(served, person)
    del browser.headers["X-CSRF-Token"]
    assert browser.get("/api/v1/units", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_token_needs_no_proof_of_where_it_comes_from(served: Served) -> None:
    admin = served.client(Role.ADMIN)
    units = {"name": "某区水务局(虚构)", "jurisdiction": "CN-31-MH"}
    response = admin.post("/api/v1/units", json=units, headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 201


def test_nobody_is_logged_in_from_another_site(served: Served, person: Person) -> None:
    assert log_in(served.client(), person, Origin="https://evil.example") == (403, "cross_site")
    assert log_in(served.client(), person, **{"Sec-Fetch-Site": "cross-site"}) == (403, "cross_site")
    assert log_in(served.client(), person, Origin="http://testserver")[0] == 200


def test_failed_logins_are_limited_among_all_workers(served: Served, person: Person) -> None:
    sent = {"login": person.login.upper(), "password": "not the password"}
    other = create_app(served.service.settings)
    with TestClient(other, headers={"Accept-Language": "en"}) as another_worker:
        workers = (served.client(), another_worker)
        for worker in (*workers, *workers[:1]):
            assert worker.post("/api/v1/login", json=sent).json()["code"] == "login_failed"
        for worker in workers:
            response = worker.post("/api/v1/login", json={**sent, "password": person.password})
            assert (response.status_code, response.json()["code"]) == (429, "too_many_tries")
            assert 0 < int(response.headers["retry-after"]) <= 15 * 60


def test_an_unknown_account_is_refused_as_a_wrong_password_is(served: Served, person: Person) -> None:
    bodies = [
        served.client().post("/api/v1/login", json={"login": login, "password": "not the password"}).json()
        for login in (person.login, "nobody-of-this-name")
    ]
    for body in bodies:
        body.pop("request")
    assert bodies[0] == bodies[1]


def test_logging_out_ends_the_session_and_takes_the_cookie_back(served: Served, person: Person) -> None:
    browser = settle(served, person)
    secret = browser.cookies["duecourse_session"]
    response = browser.post("/api/v1/logout")
    assert response.status_code == 204
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert "duecourse_session" not in browser.cookies
    again = served.client()
    again.cookies["duecourse_session"] = secret
    assert again.get("/api/v1/me").status_code == 401


def test_one_sees_and_ends_ones_own_sessions(served: Served, person: Person) -> None:
    mine = settle(served, person)
    other = enter(served, person, OWN)
    sessions = mine.get("/api/v1/sessions").json()["items"]
    assert [each["current"] for each in sessions] == [False, True]
    assert mine.delete(f"/api/v1/sessions/{sessions[0]['key']}").status_code == 204
    assert other.get("/api/v1/me").status_code == 401
    somebody = settle(served, make_person(served, Role.AUDITOR))
    assert somebody.delete(f"/api/v1/sessions/{sessions[1]['key']}").status_code == 404
    assert mine.get("/api/v1/me").status_code == 200


def test_ones_own_tokens_are_issued_by_a_person_and_told_once(served: Served, person: Person) -> None:
    browser = settle(served, person)
    new = {"label": "OA", "scopes": ["write", "read"], "days": 90}
    issued = browser.post("/api/v1/tokens", json=new, headers={"Idempotency-Key": "not heeded"})
    assert issued.status_code == 201
    secret, key = issued.json()["secret"], issued.json()["token"]["key"]
    machine = served.client()
    machine.headers["Authorization"] = f"Bearer {secret}"
    me = machine.get("/api/v1/me").json()
    assert (me["account"], me["scopes"]) == (person.key, ["read", "write"])
    listed = browser.get("/api/v1/tokens").json()["items"]
    assert [(each["key"], each["label"]) for each in listed] == [(key, "OA")]
    assert secret not in browser.get("/api/v1/tokens").text
    refused = machine.post("/api/v1/tokens", json=new)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert served.client(Role.ADMIN).delete(f"/api/v1/tokens/{key}").status_code == 403
    assert browser.delete(f"/api/v1/tokens/{key}").status_code == 204
    assert machine.get("/api/v1/me").status_code == 401
    with served.service.database.reading() as session:
        assert session.exec(select(KeptAnswer).where(KeptAnswer.account == person.key)).all() == []


@pytest.mark.parametrize(
    "new",
    [
        {"scopes": [], "days": 1},
        {"scopes": ["read"], "days": 0},
        {"scopes": ["read"], "days": 367},
        {"scopes": ["everything"], "days": 1},
        {"scopes": ["read"]},
        {"scopes": ["read"], "days": 1, "account": "another"},
    ],
)
def test_a_token_that_cannot_be_is_refused(served: Served, person: Person, new: dict[str, object]) -> None:
    browser = settle(served, person)
    assert browser.post("/api/v1/tokens", json=new).status_code == 422
    assert browser.get("/api/v1/tokens").json()["items"] == []


def test_a_token_never_gives_more_than_the_role(served: Served) -> None:
    department = served.client(Role.DEPARTMENT)
    refused = department.get("/api/v1/accounts")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_a_session_that_was_not_used_for_long_has_ended(served: Served, person: Person) -> None:
    browser = settle(served, person)
    with served.service.database.writing() as session:
        (row,) = session.exec(select(PersonSession).where(PersonSession.account == person.key))
        row.seen_at -= timedelta(minutes=59)
        session.add(row)
    assert browser.get("/api/v1/me").status_code == 200
    with served.service.database.writing() as session:
        (row,) = session.exec(select(PersonSession).where(PersonSession.account == person.key))
        assert now() - row.seen_at < timedelta(minutes=1)
        row.seen_at -= timedelta(minutes=60)
        session.add(row)
    assert browser.get("/api/v1/me").status_code == 401
