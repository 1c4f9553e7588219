"""Who may do what, as the description of the interface tells it: by the operation that a route names."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.identity.cookies import SESSION
from api.identity.dependencies import OPERATION
from api.identity.operations import Operation
from api.identity.permission import CSRF_HEADER
from api.identity.roles import ANONYMOUS, ROLES, Role

_TOKEN, _SESSION = "token", "session"
SCHEMES: Final[Mapping[str, Any]] = {
    _TOKEN: {"type": "http", "scheme": "bearer", "description": "A token `dc_…` of a machine, within its scopes."},
    _SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION,
        "description": f"The session of a person who has logged in; over TLS the cookie is called `__Host-{SESSION}`. "
        f"Changes send `{CSRF_HEADER}` as the login told it.",
    },
}
"""How one proves who one is."""


def operations_of(dependant: Dependant) -> Iterator[Operation]:
    """Return the operations that a route names: one, if it was written as routes are."""
    for each in dependant.dependencies:
        if (operation := getattr(each.call, OPERATION, None)) is not None:
            yield operation
        yield from operations_of(each)


def tell_rights(route: APIRoute, described: dict[str, Any]) -> None:
    """Add to the description of a route who may do it, and with which token."""
    for operation in operations_of(route.dependant):
        if operation in ANONYMOUS:
            described["security"] = []
            continue
        ways: list[dict[str, list[str]]] = [{_SESSION: []}]
        said = f"Roles: {', '.join(role for role in Role if role in ROLES[operation])}."
        if operation.scope is not None:
            ways.insert(0, {_TOKEN: []})
            said += f" Scope of a token: {operation.scope}."
        described["security"] = ways
        described["description"] = f"{described.get('description', '')}\n\n{said}".strip()
