from itertools import product

import pytest

from api.identity.callers import Caller
from api.identity.errors import CrossSiteError, NotAllowedError, PasswordMustChangeError, ScopeMissingError
from api.identity.operations import Operation, Scope
from api.identity.permission import origin_of, permit, refuse_other_sites, refuse_without_csrf
from api.identity.roles import ROLES, WITH_A_ONE_TIME_PASSWORD, Role
from api.identity.sessions import csrf_of

SECRET = "of a session"  # noqa: S105 - nobody's

HERE = frozenset({"https://duecourse.example.gov.cn"})


def a_caller(role: Role, scopes: frozenset[Scope] | None = None, *, must_change: bool = False) -> Caller:
    return Caller("key", "name", role, "unit", "unit", "CN", scopes, must_change_password=must_change)


@pytest.mark.parametrize(("operation", "role"), tuple(product(Operation, Role)))
def test_a_person_may_do_what_the_table_says_and_nothing_else(operation: Operation, role: Role) -> None:
    if role in ROLES[operation]:
        permit(a_caller(role), operation)
        return
    with pytest.raises(NotAllowedError):
        permit(a_caller(role), operation)


@pytest.mark.parametrize(("operation", "scope"), tuple(product(Operation, Scope)))
def test_a_token_does_only_what_its_scope_is_for(operation: Operation, scope: Scope) -> None:
    for role in ROLES[operation]:
        who = a_caller(role, frozenset({scope}))
        if operation.scope is scope:
            permit(who, operation)
            continue
        with pytest.raises(ScopeMissingError):
            permit(who, operation)


@pytest.mark.parametrize("operation", list(Operation))
def test_with_a_one_time_password_one_may_only_change_it(operation: Operation) -> None:
    role = min(ROLES[operation])
    if operation in WITH_A_ONE_TIME_PASSWORD:
        permit(a_caller(role, must_change=True), operation)
        return
    with pytest.raises(PasswordMustChangeError):
        permit(a_caller(role, must_change=True), operation)


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "https://duecourse.example.gov.cn"}, True),
        ({"origin": "https://duecourse.example.gov.cn"}, False),
        ({"origin": "http://duecourse.example.gov.cn"}, True),
        ({"origin": "https://duecourse.example.gov.cn.evil.example"}, True),
        ({"origin": "https://duecourse.example.gov.cn:8443"}, True),
        ({"origin": "null"}, True),
    ],
)
def test_what_a_browser_says_comes_from_elsewhere_is_refused(headers: dict[str, str], *, refused: bool) -> None:
    if not refused:
        refuse_other_sites(headers, origins=HERE)
        return
    with pytest.raises(CrossSiteError):
        refuse_other_sites(headers, origins=HERE)


def test_a_change_sends_back_what_goes_with_the_session() -> None:
    refuse_without_csrf(csrf_of(SECRET), secret=SECRET)
    for sent in ("", csrf_of("another"), "秘"):
        with pytest.raises(CrossSiteError):
            refuse_without_csrf(sent, secret=SECRET)


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://DueCourse.example.gov.cn/somewhere/") == "https://duecourse.example.gov.cn"
    assert origin_of("http://127.0.0.1:8000") == "http://127.0.0.1:8000"
