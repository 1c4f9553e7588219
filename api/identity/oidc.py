"""Logging in by an OpenID provider: the code flow with PKCE, state and nonce.

Who the provider says it is gets in only where an admin has linked issuer and subject to an account beforehand; nothing
else that the provider says, no name, address or group, makes an account or gives it rights.
"""

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OAuthError, OpenIDMixin
from authlib.integrations.httpx_client import OAuth2Client
from httpx2 import HTTPError, InvalidURL
from joserfc.errors import JoseError
from sqlalchemy import delete
from sqlmodel import col

from api.identity.accounts import account_of
from api.identity.login import LoggedIn, enter
from api.identity.tables import OidcFlow, OidcLink
from api.refusals import ForbiddenError, UnauthenticatedError, UnavailableError, UnknownError
from api.settings import ServiceSettings
from api.store.database import Database
from api.store.types import digest_of
from engine.vocabulary import Bilingual

CALLBACK: Final = "/api/v1/oidc/callback"
PATIENCE: Final = timedelta(minutes=10)
"""How long somebody may take at the provider."""

_SECONDS: Final = 10
"""How long an answer of the provider is waited for."""

_SIGNED_BY: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Signatures that only the provider can make."""


class OidcOffError(UnknownError):
    """No OpenID provider is set."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "oidc_off",
            given="-",
            expected=Bilingual(zh="已配置的统一身份认证", en="an OpenID provider in the settings"),
            do=Bilingual(zh="用账号和密码登录", en="log in with account and password"),
        )


class OidcFailedError(UnauthenticatedError):
    """The provider did not say who it is, or nothing that can be believed."""

    def __init__(self, *, given: str) -> None:
        """Keep what went wrong."""
        super().__init__(
            "oidc_failed",
            given=given,
            expected=Bilingual(zh="统一身份认证对本次登录的答复", en="the provider's answer to this very login"),
            do=Bilingual(zh="重新登录", en="begin the login again"),
        )


class OidcUnlinkedError(ForbiddenError):
    """The provider knows who it is; no account of this service is linked to that."""

    def __init__(self, *, subject: str) -> None:
        """Keep the subject, which an admin needs in order to link it."""
        super().__init__(
            "oidc_unlinked",
            given=subject,
            expected=Bilingual(zh="已与启用账号关联的标识", en="a subject that is linked to an account in use"),
            do=Bilingual(zh="把该标识告知管理员,请其关联账号", en="tell an administrator this subject, to be linked"),
            field="subject",
        )


class ProviderUnavailableError(UnavailableError):
    """The provider cannot be reached, or answers nothing of use."""

    def __init__(self, *, issuer: str) -> None:
        """Keep which."""
        super().__init__(
            "oidc_unavailable",
            given=issuer,
            expected=Bilingual(zh="可用的统一身份认证", en="an OpenID provider that answers"),
            do=Bilingual(zh="稍后再试,或者用密码登录", en="try again later, or log in with a password"),
        )


@dataclass(frozen=True, slots=True)
class BegunFlow:
    """A login that has begun: where to send the browser, and the secret that it keeps meanwhile."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """With what the provider sends the browser back."""

    state: str
    code: str | None
    error: str | None = None
    issuer: str | None = None


def begin(database: Database, settings: ServiceSettings, *, at: datetime) -> BegunFlow:
    """Begin a login; raises `OidcOffError` and `ProviderUnavailableError`."""
    provider = _provider(settings, at)
    with _reached(provider):
        begun = provider.create_authorization_url(settings.public_url.rstrip("/") + CALLBACK)
    secret = secrets.token_urlsafe(32)
    flow = OidcFlow(
        digest=digest_of(secret),
        state=begun["state"],
        nonce=begun["nonce"],
        verifier=begun["code_verifier"],
        begun_at=at,
    )
    with database.writing() as session:
        session.execute(delete(OidcFlow).where(col(OidcFlow.begun_at) <= at - PATIENCE))
        session.add(flow)
    return BegunFlow(begun["url"], secret)


def finish(
    database: Database, settings: ServiceSettings, *, secret: str | None, answer: ProviderAnswer, at: datetime
) -> LoggedIn:
    """Begin a session for whom the provider names.

    Raises `OidcOffError`, `OidcFailedError`, `OidcUnlinkedError` and `ProviderUnavailableError`.
    """
    provider = _provider(settings, at)
    flow = _taken(database, secret, at)
    if not hmac.compare_digest(flow.state.encode(), answer.state.encode("utf-8", "replace")):
        raise OidcFailedError(given="state")
    if answer.error or not answer.code or answer.issuer not in {None, provider.issuer}:
        raise OidcFailedError(given=(answer.error or "code")[:_SHOWN])
    subject = _subject(provider, settings, flow, answer.code)
    with database.writing() as session:
        link = session.get(OidcLink, (provider.issuer, subject))
        account = account_of(session, link.account) if link else None
        if account is None or account.disabled_at is not None:
            raise OidcUnlinkedError(subject=subject)
        return enter(session, account, by="oidc", settings=settings, at=at)


_SHOWN: Final = 80


class _Provider(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]  # authlib carries no types
    """The provider of the settings, with what it says of itself."""

    client_cls = OAuth2Client

    def __init__(self, *, issuer: str, client_id: str, client_secret: str | None, scopes: str) -> None:
        super().__init__(
            framework=None,
            client_id=client_id,
            client_secret=client_secret,
            server_metadata_url=issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={"scope": scopes, "code_challenge_method": "S256", "timeout": _SECONDS},
        )
        self.issuer: Final = issuer

    def load_server_metadata(self) -> dict[str, Any]:
        """Return what the provider says of itself, if it is the one that was asked."""
        metadata: dict[str, Any] = super().load_server_metadata()
        if metadata.get("issuer") != self.issuer:
            raise OAuthError("issuer", f"{metadata.get('issuer')}")
        said = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [alg for alg in said if alg in _SIGNED_BY]
        return metadata


def _provider(settings: ServiceSettings, at: datetime) -> _Provider:
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        raise OidcOffError
    secret = settings.oidc_client_secret
    return _remembered(
        settings.oidc_issuer,
        settings.oidc_client_id,
        secret.get_secret_value() if secret else None,
        settings.oidc_scopes,
        at.replace(minute=0, second=0, microsecond=0),
    )


@lru_cache(maxsize=4)
def _remembered(issuer: str, client_id: str, client_secret: str | None, scopes: str, hour: datetime) -> _Provider:
    """Keep what a provider said of itself for an hour at most."""
    del hour
    return _Provider(issuer=issuer, client_id=client_id, client_secret=client_secret, scopes=scopes)


def _taken(database: Database, secret: str | None, at: datetime) -> OidcFlow:
    """Take a login out that is under way: it can be finished once."""
    if secret is None:
        raise OidcFailedError(given="cookie")
    with database.writing() as session:
        flow = session.get(OidcFlow, digest_of(secret))
        if flow is not None:
            session.delete(flow)
    if flow is None or flow.begun_at <= at - PATIENCE:
        raise OidcFailedError(given="cookie")
    return flow


def _subject(provider: _Provider, settings: ServiceSettings, flow: OidcFlow, code: str) -> str:
    """Change the code for an ID token, and read who it is."""
    claims = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    with _reached(provider):
        token = provider.fetch_access_token(
            redirect_uri=settings.public_url.rstrip("/") + CALLBACK, code=code, code_verifier=flow.verifier
        )
        said = provider.parse_id_token(token, nonce=flow.nonce, claims_options=claims)
    if not said or not isinstance(said.get("sub"), str):
        raise OidcFailedError(given="sub")
    subject: str = said["sub"]
    return subject


@contextmanager
def _reached(provider: _Provider) -> Iterator[None]:
    """Tell a provider that does not answer from one that answers what cannot be believed."""
    try:
        yield
    except OAuthError as error:
        raise OidcFailedError(given=f"{error.error}"[:_SHOWN]) from error
    except JoseError as error:
        raise OidcFailedError(given=f"{error.error}"[:_SHOWN]) from error
    except (HTTPError, InvalidURL, ValueError, KeyError, RuntimeError) as error:
        raise ProviderUnavailableError(issuer=provider.issuer) from error
