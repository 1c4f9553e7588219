"""Tokens of machines: `dc_` and 256 random bits, told once and kept as a digest.

A token acts for its account, within its scopes, until its day. It is issued by a person, never by a token.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.identity.accounts import AccountErasedError, account_of
from api.identity.operations import Scope
from api.identity.tables import ApiToken
from api.refusals import InvalidError, UnknownError
from api.store import trail
from api.store.keys import new_key
from api.store.types import JSON, digest_of
from engine.vocabulary import Bilingual

PREFIX: Final = "dc_"
LABEL_LENGTH: Final = 100


class TokenUnknownError(UnknownError):
    """There is no such token of the account."""

    def __init__(self, *, given: str) -> None:
        """Keep what was given."""
        super().__init__(
            "unknown_token",
            given=given,
            expected=Bilingual(zh="该账号的令牌", en="a token of the account"),
            do=Bilingual(zh="更正", en="correct it"),
            field="key",
        )


class TokenTooLongError(InvalidError):
    """The token would be in force for longer than tokens may be."""

    def __init__(self, *, days: int, most: int) -> None:
        """Keep both."""
        super().__init__(
            "token_too_long",
            given=days,
            expected=Bilingual(zh=f"1至{most}天", en=f"1 to {most} days"),
            do=Bilingual(zh="缩短有效期,到期前换发", en="ask for fewer days, and for another token before they end"),
            field="days",
        )


class NoScopeError(InvalidError):
    """A token without a scope could do nothing."""

    def __init__(self) -> None:
        """Say which scopes there are."""
        known = ", ".join(Scope)
        super().__init__(
            "no_scope",
            given="-",
            expected=Bilingual(zh=f"{known} 中的一个或者多个", en=f"one or more of {known}"),
            do=Bilingual(zh="注明范围", en="give the scopes"),
            field="scopes",
        )


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be issued: what it is called, what it may be used for, for how many days."""

    label: str
    scopes: Collection[Scope]
    days: int


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token that was issued, with its secret: to be told once, for it is not kept."""

    token: ApiToken
    secret: str


def issue_token(
    session: Session, account: str, new: NewToken, *, most_days: int, at: datetime, actor: str
) -> IssuedToken:
    """Issue a token for an account; in a session of `Database.writing()`.

    Raises `AccountUnknownError`, `AccountErasedError`, `TokenTooLongError` and `NoScopeError`.
    """
    if account_of(session, account).erased_at is not None:
        raise AccountErasedError(account=account)
    if not new.scopes:
        raise NoScopeError
    if not 1 <= new.days <= most_days:
        raise TokenTooLongError(days=new.days, most=most_days)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        key=new_key(),
        digest=digest_of(secret),
        account=account,
        label=new.label.strip()[:LABEL_LENGTH] or None,
        scopes=[scope for scope in Scope if scope in new.scopes],
        issued_at=at,
        issued_by=actor,
        expires_at=at + timedelta(days=new.days),
    )
    session.add(token)
    content: dict[str, JSON] = {"account": account, "scopes": [scope.value for scope in token.scopes], "days": new.days}
    trail.append(session, at=at, actor=actor, action="token.issued", subject=token.key, content=content)
    return IssuedToken(token, secret)


def revoke_token(session: Session, key: str, *, account: str | None = None, at: datetime, actor: str) -> ApiToken:
    """Let a token not be used any more; in a session of `Database.writing()`.

    `account`: whose it has to be, None if anybody's. Raises `TokenUnknownError`.
    """
    token = session.get(ApiToken, key)
    if token is None or account not in {None, token.account}:
        raise TokenUnknownError(given=key)
    if token.revoked_at is None:
        token.revoked_at = at
        session.add(token)
        content = {"account": token.account}
        trail.append(session, at=at, actor=actor, action="token.revoked", subject=key, content=content)
    return token


def tokens_of(session: Session, account: str | None = None) -> tuple[ApiToken, ...]:
    """Return the tokens of an account, or all, the newest first."""
    wanted = select(ApiToken).order_by(col(ApiToken.issued_at).desc(), col(ApiToken.key))
    return tuple(session.exec(wanted if account is None else wanted.where(ApiToken.account == account)))


def note_used(session: Session, key: str, *, on: date) -> None:
    """Note on which day a token was used."""
    session.execute(update(ApiToken).where(col(ApiToken.key) == key).values(used_on=on))
