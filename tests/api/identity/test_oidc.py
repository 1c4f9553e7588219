"""Logging in by a real OpenID provider: canaille on loopback, a browser's steps, the service on both databases."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete
from sqlmodel import col, select

from api.clock import now
from api.identity.accounts import disable_account, enable_account, find_account, link_account
from api.identity.oidc import CALLBACK
from api.identity.tables import Account, OidcFlow, OidcLink, PersonSession
from api.store.tables import TrailEntry
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.identity.provider import CLIENT_ID, CLIENT_SECRET, PEOPLE
from tests.api.serving import Served, serve

HOST: Final = "http://testserver"
ROOT: Final = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Run the provider; give its address."""
    port = free_port()
    command = [sys.executable, "-m", "tests.api.identity.provider", str(port), HOST + CALLBACK]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        yield f"http://127.0.0.1:{port}"
        running.kill()


@dataclass(frozen=True)
class Site:
    """The service, and the provider that it asks."""

    served: Served
    issuer: str

    def browser(self) -> TestClient:
        return TestClient(self.served.app, base_url=HOST, follow_redirects=False, headers={"Accept-Language": "en"})

    def link(self, login: str, subject: str) -> str:
        with self.served.service.database.writing() as session:
            key = find_account(session, login).key
            link_account(session, key, issuer=self.issuer, subject=subject, at=now(), actor="tester")
        return key


@pytest.fixture(scope="module", params=DATABASES)
def opened_site(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory, issuer: str
) -> Iterator[Site]:
    settings = {
        "oidc_issuer": issuer,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "public_url": HOST,
    }
    with serve(fresh_database(request.param), tmp_path_factory.mktemp("var"), **settings) as served:
        yield Site(served, issuer)


@pytest.fixture
def site(opened_site: Site) -> Site:
    """Give the site with nobody linked or logged in."""
    with opened_site.served.service.database.writing() as session:
        for table in (OidcLink, OidcFlow, PersonSession):
            session.execute(delete(table))
        enable_account(session, find_account(session, "department").key, at=now(), actor="tester")
    return opened_site


def begun(browser: TestClient) -> str:
    """Begin to log in; return where the browser is sent."""
    response = browser.get("/api/v1/oidc/login")
    assert response.status_code == 303
    return str(response.headers["location"])


def agreed(location: str, person: str) -> str:
    """Log in at the provider as a person does; return where it sends the browser back."""
    with httpx2.Client(follow_redirects=False) as at_provider:
        response = at_provider.get(location)
        for _ in range(10):
            if response.is_redirect:
                following = str(response.next_request.url) if response.next_request else ""
                if following.startswith(HOST):
                    return following
                response = at_provider.get(following)
                continue
            found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
            assert found, response.text
            answers = {"csrf_token": found[1], "login": person, "password": PEOPLE[person], "answer": "accept"}
            response = at_provider.post(str(response.url), data=answers)
    pytest.fail("the provider did not send the browser back")


def back(location: str) -> str:
    return location.removeprefix(HOST)


def test_whom_an_admin_has_linked_logs_in(site: Site) -> None:
    key, browser = site.link("department", "wang"), site.browser()
    response = browser.get(back(agreed(begun(browser), "wang")))
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert "httponly" in response.headers["set-cookie"].lower()
    me = browser.get("/api/v1/me").json()
    assert (me["account"], me["role"], me["must_change_password"]) == (key, "department", False)
    with site.served.service.database.reading() as session:
        newest = select(TrailEntry).order_by(col(TrailEntry.number).desc())
        entry = session.exec(newest).first()
        assert entry is not None
        assert (entry.actor, entry.content) == (key, {"by": "oidc"})
        assert session.exec(select(OidcFlow)).all() == []


def test_the_request_to_the_provider_has_pkce_state_and_nonce(site: Site) -> None:
    browser = site.browser()
    first, second = (parse_qs(urlsplit(begun(browser)).query) for _ in range(2))
    assert first["code_challenge_method"] == ["S256"]
    assert first["response_type"] == ["code"]
    assert first["redirect_uri"] == [HOST + CALLBACK]
    for name in ("code_challenge", "state", "nonce"):
        assert first[name] != second[name]


def test_whom_nobody_has_linked_is_told_the_subject_and_not_let_in(site: Site) -> None:
    browser = site.browser()
    response = browser.get(back(agreed(begun(browser), "li")))
    assert (response.status_code, response.json()["code"]) == (403, "oidc_unlinked")
    assert response.json()["problems"][0]["given"] == "li"
    assert browser.get("/api/v1/me").status_code == 401
    with site.served.service.database.reading() as session:
        assert session.exec(select(PersonSession)).all() == []
        assert len(session.exec(select(Account)).all()) == 5


def test_an_account_of_the_same_name_is_not_enough(site: Site) -> None:
    with site.served.service.database.writing() as session:
        account = find_account(session, "auditor")
        account.login = "li"
        session.add(account)
    browser = site.browser()
    assert browser.get(back(agreed(begun(browser), "li"))).status_code == 403
    with site.served.service.database.writing() as session:
        find_account(session, "li").login = "auditor"


def test_the_subject_of_another_provider_is_somebody_else(site: Site) -> None:
    with site.served.service.database.writing() as session:
        key = find_account(session, "department").key
        link_account(session, key, issuer="https://elsewhere.example", subject="wang", at=now(), actor="tester")
    browser = site.browser()
    assert browser.get(back(agreed(begun(browser), "wang"))).status_code == 403


def test_a_disabled_account_is_not_let_in(site: Site) -> None:
    key, browser = site.link("department", "wang"), site.browser()
    with site.served.service.database.writing() as session:
        disable_account(session, key, at=now(), actor="tester")
    assert browser.get(back(agreed(begun(browser), "wang"))).json()["code"] == "oidc_unlinked"


def test_a_login_is_finished_once_and_in_the_browser_that_began_it(site: Site) -> None:
    site.link("department", "wang")
    mine, others = site.browser(), site.browser()
    location = back(agreed(begun(mine), "wang"))
    assert others.get(location).json()["code"] == "oidc_failed"
    begun(others)
    assert others.get(location).json()["code"] == "oidc_failed"
    cookies = dict(mine.cookies)
    assert mine.get(location).status_code == 303
    again = site.browser()
    again.cookies.update(cookies)
    assert again.get(location).json()["code"] == "oidc_failed"


@pytest.mark.parametrize("change", ["state", "code", "iss"])
def test_an_answer_that_was_changed_on_its_way_is_refused(site: Site, change: str) -> None:
    site.link("department", "wang")
    browser = site.browser()
    location = urlsplit(back(agreed(begun(browser), "wang")))
    asked = {name: values[0] for name, values in parse_qs(location.query).items()}
    assert asked["iss"] == site.issuer
    response = browser.get(location.path, params={**asked, change: "forged"})
    assert response.status_code == 401, (response.status_code, response.headers, asked)
    assert response.json()["code"] == "oidc_failed"
    assert browser.get("/api/v1/me").status_code == 401


def test_who_says_no_at_the_provider_is_told_so(site: Site) -> None:
    browser = site.browser()
    state = parse_qs(urlsplit(begun(browser)).query)["state"][0]
    response = browser.get(CALLBACK, params={"state": state, "error": "access_denied", "error_description": "no"})
    assert (response.status_code, response.json()["problems"][0]["given"]) == (401, "access_denied")


def test_a_login_that_takes_too_long_has_to_begin_again(site: Site) -> None:
    site.link("department", "wang")
    browser = site.browser()
    location = back(agreed(begun(browser), "wang"))
    with site.served.service.database.writing() as session:
        flow = session.exec(select(OidcFlow)).one()
        flow.begun_at -= timedelta(minutes=10)
        session.add(flow)
    assert browser.get(location).json()["code"] == "oidc_failed"


def test_without_a_provider_in_the_settings_there_is_no_such_login(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    with serve(fresh_database("sqlite"), tmp_path) as served:
        response = served.client().get("/api/v1/oidc/login", follow_redirects=False)
    assert (response.status_code, response.json()["code"]) == (404, "oidc_off")


@pytest.mark.parametrize("path", ["", "/elsewhere"])
def test_a_provider_that_cannot_be_reached_or_is_another_lets_nobody_in(
    path: str, fresh_database: FreshDatabase, tmp_path: Path, issuer: str
) -> None:
    address = f"{issuer}{path}" if path else f"http://127.0.0.1:{free_port()}"
    settings = {"oidc_issuer": address, "oidc_client_id": CLIENT_ID}
    with serve(fresh_database("sqlite"), tmp_path, **settings) as served:
        response = served.client().get("/api/v1/oidc/login", follow_redirects=False)
    assert (response.status_code, response.json()["code"]) == (503, "oidc_unavailable")
