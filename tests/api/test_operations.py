"""Every route names its operation, once, and every operation that is named is in the table."""

from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.app import ROUTERS
from api.identity.dependencies import OPERATION
from api.identity.operations import Operation
from api.identity.roles import ANONYMOUS

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def operations(dependant: Dependant) -> Iterator[Operation]:
    for each in dependant.dependencies:
        if (operation := getattr(each.call, OPERATION, None)) is not None:
            yield operation
        yield from operations(each)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{min(route.methods)}-{route.path}")
def test_a_route_names_its_operation_once(route: APIRoute) -> None:
    assert len(list(operations(route.dependant))) == 1


def test_no_two_routes_are_the_same_operation() -> None:
    named = [operation for route in ROUTES for operation in operations(route.dependant)]
    assert len(named) == len(set(named))


def test_what_needs_no_caller_is_what_the_table_says() -> None:
    for route in ROUTES:
        (operation,) = operations(route.dependant)
        asks = any(each.call.__name__ == "caller" for each in _all(route.dependant) if each.call)
        assert asks is (operation not in ANONYMOUS), operation


def _all(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from _all(each)
