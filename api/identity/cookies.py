"""The cookies: HttpOnly, SameSite=Lax, and Secure wherever the service is reached by TLS.

Over TLS they bear the prefix `__Host-`, so that no other host of the domain can set them.
"""

from typing import Final

from fastapi import Request, Response

SESSION: Final = "duecourse_session"
OIDC_FLOW: Final = "duecourse_oidc"
_SAME_SITE: Final = "lax"


def read_cookie(request: Request, name: str, *, secure: bool) -> str | None:
    """Return what a cookie holds, None if it was not sent."""
    return request.cookies.get(_full_name(request, name, secure=secure))


def put_cookie(request: Request, response: Response, name: str, content: str, *, seconds: int, secure: bool) -> None:
    """Let the browser keep a cookie for a time."""
    response.set_cookie(
        _full_name(request, name, secure=secure),
        content,
        max_age=seconds,
        path="/",
        secure=_is_secure(request, secure=secure),
        httponly=True,
        samesite=_SAME_SITE,
    )


def drop_cookie(request: Request, response: Response, name: str, *, secure: bool) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(
        _full_name(request, name, secure=secure),
        path="/",
        secure=_is_secure(request, secure=secure),
        httponly=True,
        samesite=_SAME_SITE,
    )


def _full_name(request: Request, name: str, *, secure: bool) -> str:
    return f"__Host-{name}" if _is_secure(request, secure=secure) else name


def _is_secure(request: Request, *, secure: bool) -> bool:
    return secure or request.url.scheme == "https"
