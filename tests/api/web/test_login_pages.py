"""Logging in and out by pages, the language of pages, and what every page sends along."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient
from sqlmodel import select

from api.identity import passwords
from api.identity.roles import Role
from api.identity.tables import Account
from api.web.languages import CATALOGUE
from api.web.rendering import TEMPLATES
from tests.api.serving import Served

PASSWORD = "correct-horse-battery-staple-9"  # noqa: S105 - of a test


@pytest.fixture
def browser(served: Served) -> TestClient:
    """Give a browser, and the department's account a password that is known."""
    with served.service.database.writing() as session:
        account = session.exec(select(Account).where(Account.role == Role.DEPARTMENT)).one()
        account.password, account.must_change_password = passwords.kept(PASSWORD), False
        session.add(account)
    return TestClient(served.app, follow_redirects=False)


def test_whoever_has_not_logged_in_is_asked_who_they_are_and_then_goes_on(browser: TestClient) -> None:
    asked = browser.get("/password?x=1")
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=/password%3Fx%3D1")
    entered = browser.post("/login", data={"name": "department", "password": PASSWORD, "next": "/password?x=1"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/password?x=1")
    assert "修改密码" in browser.get("/password").text


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_a_login_leads_to_no_other_site(browser: TestClient, next_: str) -> None:
    entered = browser.post("/login", data={"name": "department", "password": PASSWORD, "next": next_})
    assert entered.headers["location"] == "/"


def test_a_wrong_password_is_told_on_the_page_that_asked(browser: TestClient) -> None:
    told = browser.post("/login", data={"name": "department", "password": "wrong"})
    assert told.status_code == 401
    assert 'role="alert"' in told.text
    assert "wrong" not in told.text


def test_a_form_that_does_not_stand_on_a_page_of_this_site_changes_nothing(browser: TestClient) -> None:
    browser.post("/login", data={"name": "department", "password": PASSWORD})
    assert browser.post("/logout", data={"csrf": "guessed"}).status_code == 403
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get("/password").text)
    assert csrf
    assert browser.post("/logout", data={"csrf": csrf[1]}).headers["location"] == "/login"
    assert browser.get("/password").status_code == 303


def test_a_page_is_chinese_until_english_is_chosen(browser: TestClient) -> None:
    assert 'lang="zh-CN"' in browser.get("/login").text
    chosen = browser.get("/language/en?next=/login")
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/login")
    told = browser.get("/login").text
    assert 'lang="en"' in told
    assert "登录" not in told


def test_a_page_loads_nothing_from_elsewhere_and_runs_no_script_that_stands_in_it(browser: TestClient) -> None:
    answer = browser.get("/login")
    policy = answer.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy
    assets = re.findall(r'(?:href|src)="(/assets/[^"]+)"', answer.text)
    assert len(assets) == 3
    for address in assets:
        assert browser.get(address).status_code == 200
    assert browser.get(assets[0].replace("/assets/", "/assets/0")).status_code == 404


def test_an_address_without_a_page_is_told_as_a_page_and_below_the_interface_as_a_problem(browser: TestClient) -> None:
    as_browser = {"Accept": "text/html,application/xhtml+xml"}
    told = browser.get("/no-such-page", headers=as_browser)
    assert (told.status_code, told.headers["content-type"]) == (404, "text/html; charset=utf-8")
    for address in ("/api/v1/no-such-thing", "/api/v1/records/x/no-such-thing"):
        assert browser.get(address, headers=as_browser).headers["content-type"] == "application/problem+json"


def test_every_text_of_the_templates_is_there_in_english() -> None:
    with CATALOGUE.open("rb") as file:
        known = {message.id: message.string for message in read_po(file, locale="en") if message.id}
    found = extract_from_dir(TEMPLATES, method_map=[("**.html", "jinja2")], keywords={"_": None, "ngettext": (1, 2)})
    used = {text if isinstance(text, str) else tuple(text): Path(name) for name, _, text, _, _ in found}
    lacking = {text: str(name) for text, name in used.items() if not known.get(text)}
    assert not lacking
    assert not {text for text in known if text not in used}, "no template says these any more"
