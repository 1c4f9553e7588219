"""All routes of the interface, with the operations that each declares. Pages have a table of their own."""

from collections.abc import Iterator, Mapping
from typing import Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.app import PAGES, create_app
from api.identity.dependencies import OPERATION
from api.identity.operations import Operation
from api.settings import ServiceSettings


def operations(dependant: Dependant) -> Iterator[Operation]:
    """Return the operations that a route declares, in its dependencies and theirs."""
    for part in dependant.dependencies:
        if found := getattr(part.call, OPERATION, None):
            yield found
        yield from operations(part)


def routes(app: FastAPI) -> dict[str, list[Operation]]:
    """Return what each route declares; the description of the interface itself is for everybody."""
    pages = [route for router in PAGES for route in router.routes]
    return {
        f"{method} {route.path}": list(operations(route.dependant))
        for route in app.routes
        if isinstance(route, APIRoute) and route not in pages
        for method in sorted(route.methods or ())
    }


ROUTES: Final[Mapping[str, list[Operation]]] = routes(create_app(ServiceSettings()))
