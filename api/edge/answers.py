"""Answers to requests that went well, in the few forms that there are."""

from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel
from starlette.responses import Response

from api.edge.limits import JSON

TYPE: Final = "content-type"
UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "the caller has this version already"}}
"""What the description of a route with ETags says, as `responses`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as a value, so that it can be kept and given again."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Write it for the server."""
        return Response(self.body, status_code=self.status, headers=self.headers)


def found(content: BaseModel | bytes, *, etag: str | None = None) -> Answer:
    """Answer with what was asked for, or with what came of a change; bytes are JSON already."""
    return Answer(200, _written(content), _headers(etag=etag))


def created(content: BaseModel | bytes, *, location: str, etag: str | None = None) -> Answer:
    """Answer that something was made, with its address."""
    return Answer(201, _written(content), _headers(etag=etag) | {"location": location})


def accepted(content: BaseModel | bytes) -> Answer:
    """Answer that something will be done."""
    return Answer(202, _written(content), _headers())


def done() -> Answer:
    """Answer that it is done, and that there is nothing to say about it."""
    return Answer(204)


def _written(content: BaseModel | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.model_dump_json().encode()


def _headers(*, etag: str | None = None) -> dict[str, str]:
    return {TYPE: JSON} | ({"etag": etag} if etag else {})
