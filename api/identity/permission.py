"""Whether a caller may do an operation at all, and whether a change comes from a page of this site."""

import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from api.identity.callers import Caller
from api.identity.errors import CrossSiteError, NotAllowedError, PasswordMustChangeError, ScopeMissingError
from api.identity.operations import Operation
from api.identity.roles import WITH_A_ONE_TIME_PASSWORD, may
from api.identity.sessions import csrf_of

CSRF_HEADER: Final = "X-CSRF-Token"
CHANGES_NOTHING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FROM_HERE: Final = frozenset({"same-origin", "none"})
"""What browsers say of a request from a page of the same origin, or from the address bar."""


def permit(caller: Caller, operation: Operation) -> None:
    """Let a caller do an operation, or raise: the role first, then the token's scope, then the one-time password.

    Raises `NotAllowedError`, `ScopeMissingError` and `PasswordMustChangeError`.
    """
    if not may(caller.role, operation):
        raise NotAllowedError(operation=operation, role=caller.role)
    if caller.scopes is not None and (operation.scope is None or operation.scope not in caller.scopes):
        raise ScopeMissingError(operation=operation)
    if caller.must_change_password and operation not in WITH_A_ONE_TIME_PASSWORD:
        raise PasswordMustChangeError(operation=operation)


def refuse_other_sites(headers: Mapping[str, str], *, origins: frozenset[str]) -> None:
    """Refuse what a browser says comes from a page of another site; raises `CrossSiteError`.

    `origins`: under which the service is reached. What no browser sent says nothing of where it comes from.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in _FROM_HERE:
        raise CrossSiteError(given=f"Sec-Fetch-Site: {site}")
    if site is None and origin is not None and origin not in origins:
        raise CrossSiteError(given=f"Origin: {origin}")


def refuse_without_csrf(sent: str, *, secret: str) -> None:
    """Refuse a change that does not send back what only a page of this site can know; raises `CrossSiteError`."""
    if not hmac.compare_digest(sent.encode("utf-8", "replace"), csrf_of(secret).encode()):
        raise CrossSiteError(given=f"{CSRF_HEADER}: {'-' if not sent else '…'}")


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address, as browsers write them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
