"""What routes ask for: who calls, whether they may do this, and how far they reach.

A route names its operation once: `caller: Annotated[Caller, Depends(allowed(Operation.RECORD_READ))]`. Whoever may not
is turned away before the route begins.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import cache
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from api import clock
from api.context import Service, service_of
from api.edge.outermost import ACCOUNT
from api.edge.problems import REQUEST_ID
from api.edge.promptly import promptly
from api.identity.authentication import Proof, bearer_of, note, recognise
from api.identity.callers import Caller
from api.identity.cookies import SESSION, read_cookie
from api.identity.errors import NotAuthenticatedError
from api.identity.operations import Operation, Scope
from api.identity.permission import (
    CHANGES_NOTHING,
    CSRF_HEADER,
    origin_of,
    permit,
    refuse_other_sites,
    refuse_without_csrf,
)
from api.identity.reach import Reach, reach
from api.identity.roles import LOGGED, Role
from api.store.database import Database
from api.store.reads import log_read

_ONLY_CALENDAR: Final = frozenset({Scope.CALENDAR})

FORM_CSRF: Final = "duecourse.csrf"
"""Where in a request's scope stands what a form of a page sends in place of the header."""

OPERATION: Final = "operation"
"""The attribute of what `allowed` returns that says for which operation."""


async def caller(request: Request) -> Caller:
    """Return who calls; raises `NotAuthenticatedError` and `CrossSiteError`."""
    service = service_of(request)
    proof = _proof(request, secure=service.settings.secure_cookies)
    if not proof.is_token and request.method not in CHANGES_NOTHING:
        refuse_other_sites(request.headers, origins=origins(request, service.settings.public_url))
        sent = request.headers.get(CSRF_HEADER) or request.scope.get(FORM_CSRF, "")
        refuse_without_csrf(sent, secret=proof.secret)
    return await _known(request, service, proof)


async def caller_by_link(
    request: Request,
    token: Annotated[
        str | None,
        Query(max_length=100, description="a token with the scope `calendar` alone, for programs that send no headers"),
    ] = None,
) -> Caller:
    """Return who calls by an address that holds a token, which must be good for nothing else; else as `caller` does.

    An address is kept in histories and logs of others, so that no token which can do more is taken from there.
    """
    if token is None:
        return await caller(request)
    who = await _known(request, service_of(request), bearer_of(f"Bearer {token}"))
    if who.scopes != _ONLY_CALENDAR:
        raise NotAuthenticatedError
    return who


CallerDep = Annotated[Caller, Depends(caller)]


@cache
def allowed(operation: Operation) -> Callable[..., Awaitable[Caller]]:
    """Return the dependency that lets in whoever may do an operation, and gives the caller."""

    async def permitted(request: Request, who: CallerDep) -> Caller:
        return await _permitted(request, who, operation)

    setattr(permitted, OPERATION, operation)
    return permitted


@cache
def allowed_by_link(operation: Operation) -> Callable[..., Awaitable[Caller]]:
    """Return what `allowed` does, for a route that may also be called by an address with a token in it."""

    async def permitted(request: Request, who: Annotated[Caller, Depends(caller_by_link)]) -> Caller:
        return await _permitted(request, who, operation)

    setattr(permitted, OPERATION, operation)
    return permitted


@cache
def open_to_all(operation: Operation) -> Callable[..., Awaitable[None]]:
    """Return the dependency of a route that needs no caller, so that it names its operation as all others do."""

    async def permitted() -> None:
        return None

    setattr(permitted, OPERATION, operation)
    return permitted


async def _reach(request: Request, who: CallerDep) -> Reach:
    return reach(who, tree=service_of(request).rulebook.tree, today=clock.today())


ReachDep = Annotated[Reach, Depends(_reach)]
"""How far the caller reaches; for a route that also says what is `allowed`."""


def origins(request: Request, public_url: str) -> frozenset[str]:
    """Return under which addresses the service is reached: the one it was told, and the one the browser used."""
    return frozenset({origin_of(public_url), origin_of(str(request.base_url))})


def address_of(request: Request) -> str:
    """Return from which address a request comes, behind trusted proxies the one that they name."""
    return request.client.host if request.client else "-"


def _proof(request: Request, *, secure: bool) -> Proof:
    """Return what a request shows. A token goes before a cookie, which browsers send by themselves."""
    if authorization := request.headers.get("authorization"):
        return bearer_of(authorization)
    if secret := read_cookie(request, SESSION, secure=secure):
        return Proof(secret, is_token=False)
    raise NotAuthenticatedError


def _log_read(database: Database, who: Caller, request: Request) -> None:
    with database.writing() as session:
        path, name = request.url.path, request.scope.get(REQUEST_ID, "-")
        log_read(session, at=clock.now(), account=who.account, path=path, request=name)


async def _known(request: Request, service: Service, proof: Proof) -> Caller:
    at, idle = clock.now(), timedelta(minutes=service.settings.session_idle_minutes)
    found = await promptly(service.database, lambda: recognise(service.database, proof, idle=idle, at=at))
    if found.seen or found.used:
        await run_in_threadpool(note, service.database, found, at=at)
    request.scope[ACCOUNT] = found.caller.account
    return found.caller


async def _permitted(request: Request, who: Caller, operation: Operation) -> Caller:
    permit(who, operation)
    if who.role is Role.AUDITOR and operation in LOGGED:
        await run_in_threadpool(_log_read, service_of(request).database, who, request)
    return who
