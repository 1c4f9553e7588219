"""Every route names its operation, once, and every operation that is named is in the table."""

from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.app import ROUTERS, create_app
from api.edge.rights import operations_of
from api.identity.dependencies import caller, caller_by_link
from api.identity.roles import ANONYMOUS, ROLES, Role
from api.settings import ServiceSettings

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{min(route.methods or ())}-{route.path}")
def test_a_route_names_its_operation_once(route: APIRoute) -> None:
    assert len(list(operations_of(route.dependant))) == 1


def test_no_two_routes_are_the_same_operation() -> None:
    named = [operation for route in ROUTES for operation in operations_of(route.dependant)]
    assert len(named) == len(set(named))


def test_what_needs_no_caller_is_what_the_table_says() -> None:
    for route in ROUTES:
        (operation,) = operations_of(route.dependant)
        asks = any(each.call in {caller, caller_by_link} for each in _all(route.dependant) if each.call)
        assert asks is (operation not in ANONYMOUS), operation


def _all(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from _all(each)


def test_the_description_tells_who_may_do_what_and_with_which_token() -> None:
    paths = create_app(ServiceSettings()).openapi()["paths"]
    for route in ROUTES:
        if not route.include_in_schema:
            continue
        (operation,) = operations_of(route.dependant)
        described = paths[route.path_format][min(route.methods or ()).lower()]
        ways = {name for way in described["security"] for name in way}
        if operation in ANONYMOUS:
            assert ways == set()
            continue
        assert ways == ({"token", "session"} if operation.scope else {"session"})
        told = described["description"].rpartition("Roles: ")[2].partition(".")[0]
        assert told.split(", ") == [role.value for role in Role if role in ROLES[operation]]
