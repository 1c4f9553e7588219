"""Style sheets and scripts of our own, given out under names that change with their content."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.web.errors import UnknownPageError

FOLDER: Final = Path(__file__).parent / "assets"
MEDIA: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FOREVER: Final = "public, max-age=31536000, immutable"

router: Final = APIRouter(prefix="/assets", include_in_schema=False)


@cache
def _content(name: str) -> bytes | None:
    known = {path.name: path for path in FOLDER.iterdir() if path.suffix in MEDIA}
    return known[name].read_bytes() if name in known else None


@cache
def address_of(name: str) -> str:
    """Return the address of a file; another one as soon as the file says something else."""
    content = _content(name)
    if content is None:
        raise FileNotFoundError(name)
    return f"{router.prefix}/{sha256(content).hexdigest()[:12]}/{name}"


@router.get("/{digest}/{name}")
async def read_asset(digest: str, name: str, request: Request) -> Response:
    """Give a file."""
    content = _content(name)
    if content is None or address_of(name) != request.url.path:
        raise UnknownPageError(given=f"{digest}/{name}")
    return Response(content, media_type=MEDIA[Path(name).suffix], headers={"Cache-Control": FOREVER})
