"""Logging in and out over HTTP, one's own password and one's own sessions."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from api.accounts.models import LoginIn, Me, PasswordIn, Sessions
from api.accounts.service import me_told, session_told
from api.clock import now
from api.context import Service, ServiceDep
from api.edge.answers import done, found
from api.edge.routing import PREFIX, named, noun_router
from api.identity import login, oidc
from api.identity.callers import Caller
from api.identity.cookies import OIDC_FLOW, SESSION, drop_cookie, put_cookie, read_cookie
from api.identity.dependencies import address_of, allowed, open_to_all, origins
from api.identity.operations import Operation
from api.identity.permission import refuse_other_sites
from api.identity.sessions import csrf_of, end_session, sessions_of

router: Final = noun_router("", tag="login")

START: Final = "/"
"""Where the browser goes after a login by the OpenID provider."""


@router.post("/login", response_model=Me, dependencies=[Depends(open_to_all(Operation.LOGIN))])
def log_in(request: Request, service: ServiceDep, given: LoginIn) -> Response:
    """Begin a session, whose cookie comes with the answer; `csrf` goes into X-CSRF-Token with every change."""
    refuse_other_sites(request.headers, origins=origins(request, service.settings.public_url))
    entered = login.log_in(
        service.database,
        login=given.login,
        password=given.password,
        address=address_of(request),
        settings=service.settings,
        at=now(),
    )
    response = found(me_told(entered.caller, csrf=entered.begun.csrf)).response()
    return _with_session(request, response, service, entered)


@router.post("/logout", status_code=204)
def log_out(
    request: Request, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.LOGOUT))]
) -> Response:
    """End the session."""
    login.log_out(service.database, caller)
    response = done().response()
    drop_cookie(request, response, SESSION, secure=service.settings.secure_cookies)
    return response


@router.post("/password", status_code=204)
def change_password(
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.PASSWORD_CHANGE))],
    given: PasswordIn,
) -> Response:
    """Change one's password; one's other sessions end."""
    login.change_password(
        service.database,
        caller,
        old=given.old,
        new=given.new,
        address=address_of(request),
        settings=service.settings,
        at=now(),
    )
    return done().response()


@router.get("/me", response_model=Me)
def read_me(
    request: Request, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.ME_READ))]
) -> Response:
    """Say who one is; with a session, also what goes into X-CSRF-Token."""
    secret = read_cookie(request, SESSION, secure=service.settings.secure_cookies)
    return found(me_told(caller, csrf=csrf_of(secret) if secret and caller.session else None)).response()


@router.get("/sessions", response_model=Sessions)
def list_sessions(
    service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.OWN_SESSION_LIST))]
) -> Response:
    """List one's own sessions that have not ended."""
    idle = timedelta(minutes=service.settings.session_idle_minutes)
    with service.database.reading() as session:
        rows = sessions_of(session, caller.account, idle=idle, at=now())
    return found(Sessions(items=tuple(session_told(row, caller) for row in rows))).response()


@router.delete("/sessions/{key}", status_code=204)
def end_own_session(
    key: str, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.OWN_SESSION_END))]
) -> Response:
    """End one of one's own sessions."""
    with service.database.writing() as session:
        end_session(session, key, account=caller.account)
    return done().response()


@router.get("/oidc/login", status_code=303, dependencies=[Depends(open_to_all(Operation.OIDC_START))])
def begin_oidc(request: Request, service: ServiceDep) -> Response:
    """Send the browser to the OpenID provider."""
    flow = oidc.begin(service.database, service.settings, at=now())
    response = RedirectResponse(flow.url, status_code=303)
    seconds = int(oidc.PATIENCE.total_seconds())
    put_cookie(request, response, OIDC_FLOW, flow.secret, seconds=seconds, secure=service.settings.secure_cookies)
    return response


# Not by the strict routes: a provider may add parameters of its own, which the protocol says to pass over.
callback: Final = APIRouter(prefix=PREFIX, tags=["login"], generate_unique_id_function=named)

Given = Annotated[str | None, Query()]


@callback.get(
    "/oidc/callback",
    status_code=303,
    include_in_schema=False,
    dependencies=[Depends(open_to_all(Operation.OIDC_FINISH))],
)
def finish_oidc(
    request: Request,
    service: ServiceDep,
    state: Given = None,
    code: Given = None,
    error: Given = None,
    iss: Given = None,
) -> Response:
    """Take the browser back from the OpenID provider, and begin a session."""
    secure = service.settings.secure_cookies
    entered = oidc.finish(
        service.database,
        service.settings,
        secret=read_cookie(request, OIDC_FLOW, secure=secure),
        answer=oidc.ProviderAnswer(state=state or "", code=code, error=error, issuer=iss),
        at=now(),
    )
    response = RedirectResponse(START, status_code=303)
    drop_cookie(request, response, OIDC_FLOW, secure=secure)
    return _with_session(request, response, service, entered)


def _with_session(request: Request, response: Response, service: Service, entered: login.LoggedIn) -> Response:
    seconds = service.settings.session_hours * 3600
    secret, secure = entered.begun.secret, service.settings.secure_cookies
    put_cookie(request, response, SESSION, secret, seconds=seconds, secure=secure)
    response.headers["Cache-Control"] = "no-store"
    return response
