"""Addresses at which there is no page."""

from typing import Final

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.edge.routing import PREFIX
from api.web.errors import UnknownPageError
from api.web.routing import pages_router

router: Final = pages_router()


@router.get("/{rest:path}")
async def no_page(request: Request, rest: str) -> Response:
    """Say that there is no page; below the prefix of the interface, as the interface says so."""
    if request.url.path.startswith(PREFIX):
        raise HTTPException(404)
    raise UnknownPageError(given=f"/{rest}")
