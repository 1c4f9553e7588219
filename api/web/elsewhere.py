"""Addresses at which there is neither a page nor anything of the interface."""

from typing import Final

from fastapi import FastAPI, Request
from starlette.types import Receive, Scope, Send

from api.web.errors import UnknownPageError
from api.web.routing import refused

PLACES: Final = ("/api/",)
HTML: Final = "text/html"


def answer_elsewhere(app: FastAPI) -> None:
    """Let browsers that ask for what is not there be told so on a page, and programs as before."""
    otherwise = app.router.default

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_for_a_person(request := Request(scope, receive)):
            await otherwise(scope, receive, send)
            return
        await refused(request, UnknownPageError(given=request.url.path))(scope, receive, send)

    app.router.default = answered


def _is_for_a_person(request: Request) -> bool:
    return HTML in request.headers.get("accept", "") and not request.url.path.startswith(PLACES)
