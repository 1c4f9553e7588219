"""Logging in and out, one's own password, the language, and the way home."""

from typing import Annotated, Final

from fastapi import Depends, Form, Query, Request
from starlette.responses import Response

from api.clock import now
from api.context import ServiceDep
from api.identity import login
from api.identity.callers import Caller
from api.identity.cookies import SESSION, drop_cookie, put_cookie
from api.identity.dependencies import address_of, allowed, open_to_all, origins
from api.identity.operations import Operation
from api.identity.permission import refuse_other_sites
from api.refusals import RefusalError
from api.web.errors import UnknownPageError
from api.web.languages import COOKIE, SECONDS, TAGS
from api.web.navigation import home_of
from api.web.rendering import page
from api.web.routing import LOGIN, PASSWORD, pages_router, refused, see_other, within_site

router: Final = pages_router()

Next = Annotated[str, Query(max_length=2_000)]
Text = Annotated[str, Form(max_length=1_000)]


@router.get("/")
async def home(caller: Annotated[Caller, Depends(allowed(Operation.ME_READ))]) -> Response:
    """Go where one begins one's day."""
    return see_other(PASSWORD if caller.must_change_password else home_of(caller.role))


@router.get(LOGIN, dependencies=[Depends(open_to_all(Operation.LOGIN))])
async def show_login(request: Request, service: ServiceDep, next: Next = "/") -> Response:  # noqa: A002 - the parameter
    """Ask who one is."""
    return _login_page(request, next, by_provider=service.settings.oidc_issuer is not None)


@router.post(LOGIN, dependencies=[Depends(open_to_all(Operation.LOGIN))])
def log_in(
    request: Request,
    service: ServiceDep,
    name: Text = "",
    password: Text = "",
    next: Annotated[str, Form(max_length=2_000)] = "/",  # noqa: A002 - the field
) -> Response:
    """Begin a session, and go on to where one was going."""
    refuse_other_sites(request.headers, origins=origins(request, service.settings.public_url))
    try:
        entered = login.log_in(
            service.database,
            login=name,
            password=password,
            address=address_of(request),
            settings=service.settings,
            at=now(),
        )
    except RefusalError as refusal:
        by_provider = service.settings.oidc_issuer is not None
        return _login_page(request, next, by_provider=by_provider, name=name, refusal=refusal)
    response = see_other(PASSWORD if entered.caller.must_change_password else within_site(next))
    seconds = service.settings.session_hours * 3600
    secure = service.settings.secure_cookies
    put_cookie(request, response, SESSION, entered.begun.secret, seconds=seconds, secure=secure)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/logout")
def log_out(
    request: Request, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.LOGOUT))]
) -> Response:
    """End the session."""
    login.log_out(service.database, caller)
    response = see_other(LOGIN)
    drop_cookie(request, response, SESSION, secure=service.settings.secure_cookies)
    return response


@router.get(PASSWORD)
async def show_password(
    request: Request, caller: Annotated[Caller, Depends(allowed(Operation.PASSWORD_CHANGE))]
) -> Response:
    """Ask for another password."""
    return page(request, "password.html", caller=caller, refusal=None)


@router.post(PASSWORD)
def change_password(
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.PASSWORD_CHANGE))],
    old: Text = "",
    new: Text = "",
) -> Response:
    """Change one's password."""
    try:
        login.change_password(
            service.database,
            caller,
            old=old,
            new=new,
            address=address_of(request),
            settings=service.settings,
            at=now(),
        )
    except RefusalError as refusal:
        return page(request, "password.html", caller=caller, status=422, refusal=refusal)
    return see_other(home_of(caller.role))


@router.get("/language/{language}", dependencies=[Depends(open_to_all(Operation.LOGIN))])
async def choose_language(request: Request, service: ServiceDep, language: str, next: Next = "/") -> Response:  # noqa: A002
    """Show pages in a language from now on."""
    if language not in TAGS:
        return refused(request, UnknownPageError(given=language))
    response = see_other(within_site(next))
    response.set_cookie(
        COOKIE,
        language,
        max_age=SECONDS,
        path="/",
        secure=service.settings.secure_cookies or request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


def _login_page(
    request: Request, next_: str, *, by_provider: bool, name: str = "", refusal: RefusalError | None = None
) -> Response:
    status = 200 if refusal is None else 401
    return page(
        request,
        "login.html",
        status=status,
        by_provider=by_provider,
        next=within_site(next_),
        name=name,
        refusal=refusal,
    )
