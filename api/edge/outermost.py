"""The outermost layer, around every request: its id, the headers of every answer, log, figures, and faults.

Written once, as plain ASGI, because each request pays for it.
"""

import re
from collections.abc import Iterable
from secrets import token_hex
from time import perf_counter
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.edge import metrics
from api.edge.logs import LOG, fault
from api.edge.problems import CODE, REQUEST_ID, fault_answer, refusal_answer
from api.refusals import UnreadableError
from engine.vocabulary import Bilingual

ACCOUNT: Final = "duecourse.account"
"""Where the key of the account that asks stands in a request's scope, for the log."""
HEADER: Final = b"x-request-id"
GONE: Final = 499
"""The status in log and figures when the caller has gone before the answer."""

_OWN_ID: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_UNKNOWN: Final = "(none)"
_ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_UNLESS_SAID: Final = (
    (b"cache-control", b"private, no-cache"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_ONLY_TLS: Final = ((b"strict-transport-security", b"max-age=31536000"),)


class NulError(UnreadableError):
    """An address holds NUL, which no text of ours does."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "binary_file",
            given="%00",
            expected=Bilingual(zh="不含NUL的地址", en="an address without NUL"),
            do=Bilingual(zh="更正地址", en="correct the address"),
        )


class Outermost:
    """Wraps the application. `tls`: whether it is reached by TLS, which browsers are then told to keep to."""

    def __init__(self, app: ASGIApp, *, tls: bool) -> None:
        self._app: Final = app
        self._always: Final = (*_ALWAYS, *(_ONLY_TLS if tls else ()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        name = _request_id(scope["headers"])
        scope[REQUEST_ID] = name.decode()
        status = 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                said = {header for header, _ in headers}
                headers.extend(self._always)
                headers.extend(pair for pair in _UNLESS_SAID if pair[0] not in said)
                headers.append((HEADER, name))
            await send(message)

        try:
            if b"%00" in scope["query_string"] or b"%00" in scope.get("raw_path", b""):
                await refusal_answer(NulError(), scope)(scope, receive, send_dressed)
            else:
                await self._app(scope, receive, send_dressed)
        except ClientDisconnect:
            status = GONE
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer and the log the place
            LOG.error("fault", request=scope[REQUEST_ID], route=_route(scope), **fault(error))
            if status == 0:
                await fault_answer(scope)(scope, receive, send_dressed)
        finally:
            _note(scope, status or GONE, perf_counter() - began)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route, method = _route(scope), scope["method"] if scope["method"] in _METHODS else "OTHER"
    metrics.observe(method, route, status=status, seconds=seconds)
    LOG.info(
        "request",
        request=scope[REQUEST_ID],
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 2),
        account=scope.get(ACCOUNT),
        code=scope.get(CODE),
    )


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _route(scope: Scope) -> str:
    """Return the route as it is written, without what stands in its place in the address."""
    return getattr(scope.get("route"), "path", _UNKNOWN)


def _request_id(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the id that the caller gave a request, if it is a plain one, else a new one."""
    for header, value in headers:
        if header == HEADER and _OWN_ID.fullmatch(value):
            return value
    return token_hex(12).encode()
