"""Sessions of people: a secret in a cookie, of which the database keeps the digest only.

A session ends some time after it was last used, and at the latest some time after it began. With the secret goes a
second one, which pages send back in a header with every change: another site can let a browser send the cookie, but
cannot read what the header must say.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from api.identity.tables import PersonSession
from api.refusals import UnknownError
from api.store.keys import new_key
from api.store.types import digest_of
from engine.vocabulary import Bilingual

SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly it is kept when a session was last used, so that not every request writes."""


class SessionUnknownError(UnknownError):
    """There is no such session of this account."""

    def __init__(self, *, given: str) -> None:
        """Keep what was given."""
        super().__init__(
            "unknown_session",
            given=given,
            expected=Bilingual(zh="本账号的会话", en="a session of this account"),
            do=Bilingual(zh="更正", en="correct it"),
            field="key",
        )


@dataclass(frozen=True, slots=True)
class BegunSession:
    """A session that has begun, with the secret for its cookie, which is not kept."""

    session: PersonSession
    secret: str

    @property
    def csrf(self) -> str:
        """Return what pages send back with every change."""
        return csrf_of(self.secret)


def begin_session(session: Session, account: str, *, lasts: timedelta, at: datetime) -> BegunSession:
    """Begin a session; in a session of `Database.writing()`. Those that have ended are removed on the way."""
    session.execute(delete(PersonSession).where(col(PersonSession.ends_at) <= at))
    secret = secrets.token_urlsafe(32)
    begun = PersonSession(
        digest=digest_of(secret), key=new_key(), account=account, begun_at=at, seen_at=at, ends_at=at + lasts
    )
    session.add(begun)
    return BegunSession(begun, secret)


def end_session(session: Session, key: str, *, account: str) -> None:
    """End a session of an account; raises `SessionUnknownError`."""
    found = session.exec(select(PersonSession).where(PersonSession.key == key)).first()
    if found is None or found.account != account:
        raise SessionUnknownError(given=key)
    session.delete(found)


def sessions_of(session: Session, account: str, *, idle: timedelta, at: datetime) -> tuple[PersonSession, ...]:
    """Return the sessions of an account that have not ended, the newest first."""
    in_force = (col(PersonSession.ends_at) > at, col(PersonSession.seen_at) > at - idle)
    wanted = select(PersonSession).where(PersonSession.account == account, *in_force)
    return tuple(session.exec(wanted.order_by(col(PersonSession.begun_at).desc())))


def note_seen(session: Session, key: str, *, at: datetime) -> None:
    """Note that a session was used."""
    session.execute(update(PersonSession).where(col(PersonSession.key) == key).values(seen_at=at))


def csrf_of(secret: str) -> str:
    """Return what goes with a session's secret in the header of changes; the secret cannot be found from it."""
    return hmac.new(secret.encode(), b"X-CSRF-Token", sha256).hexdigest()
