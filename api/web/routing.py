"""Routes of pages: forms are read within the limits, and whatever is refused is told on a page.

A page names the operation that it serves, as a route of the interface does: `allowed(Operation.X)`. A form proves with
its field `csrf` that it stands on a page of this site.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse

from api.edge.limits import FORM, counted, media_of, refuse_announced
from api.edge.problems import CODE, refusal_of, status_of
from api.identity.dependencies import FORM_CSRF
from api.identity.errors import NotAuthenticatedError, PasswordMustChangeError
from api.refusals import RefusalError
from api.web.rendering import page

PLAIN_FORM: Final = "application/x-www-form-urlencoded"
CSRF_FIELD: Final = "csrf"
MOST_FIELDS: Final = 2_000
LOGIN: Final = "/login"
PASSWORD: Final = "/password"  # noqa: S105 - an address

Answer = Callable[[Request], Coroutine[Any, Any, Response]]


def pages_router() -> APIRouter:
    """Make a router of pages, which stand in no description of the interface."""
    return APIRouter(route_class=PageRoute, include_in_schema=False)


class PageRoute(APIRoute):
    """A route that answers with a page, whatever happens."""

    def get_route_handler(self) -> Answer:
        """Return what answers a request."""
        answer = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                if request.method == "POST":
                    await _read_form(request)
                return await answer(request)
            except NotAuthenticatedError:
                return see_other(f"{LOGIN}?next={quote(_back(request))}")
            except PasswordMustChangeError:
                return see_other(PASSWORD)
            except RefusalError as refusal:
                return refused(request, refusal)
            except RequestValidationError as error:
                return refused(request, refusal_of(error))

        return answered


def see_other(address: str) -> Response:
    """Send the browser on to another page."""
    return RedirectResponse(address, status_code=303)


def refused(request: Request, refusal: RefusalError) -> Response:
    """Tell on a page why something is refused, and what to do."""
    request.scope[CODE] = refusal.code
    status = status_of(refusal)
    return page(request, "refusal.html", status=status, title=refusal.title, problems=refusal.problems)


def within_site(address: str, *, otherwise: str = "/") -> str:
    """Return an address of this site as it is, and another for one that leads elsewhere."""
    leads_away = not address.startswith("/") or address[1:2] in {"/", "\\"} or "\\" in address
    return otherwise if leads_away or any(ord(char) < ord(" ") for char in address) else address


async def _read_form(request: Request) -> None:
    """Read a form before anybody asks for it, no longer than a file may be."""
    limit = request.app.state.service.settings.max_file_bytes
    media_of(request, taken={FORM, PLAIN_FORM})
    refuse_announced(request, limit=limit)
    request._receive = counted(request._receive, limit=limit)  # noqa: SLF001 - streamed
    form = await request.form(max_fields=MOST_FIELDS)
    sent = form.get(CSRF_FIELD)
    request.scope[FORM_CSRF] = sent if isinstance(sent, str) else ""


def _back(request: Request) -> str:
    """Return where to go on after a login: the page that was asked for; a form has to be filled in again."""
    if request.method != "GET":
        return "/"
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
