"""From what a request shows to who asks: one look into the database, whether a session or a token is shown.

What is remembered between requests is the directory of units only, for as long as its version is the same; sessions,
tokens and accounts are looked up each time, so that what has been ended, revoked or disabled lets nobody in.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, Row, bindparam, select
from sqlmodel import Session, col

from api.identity.callers import Caller
from api.identity.directory import Directory
from api.identity.errors import NotAuthenticatedError
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.sessions import SEEN_EVERY, note_seen
from api.identity.tables import Account, ApiToken, DirectoryState, PersonSession
from api.identity.tokens import PREFIX, note_used
from api.identity.units import local_day, read_directory
from api.store.database import Database
from api.store.types import digest_of


@dataclass(frozen=True, slots=True)
class Proof:
    """What a request shows: the secret of a session, or a token."""

    secret: str
    is_token: bool


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who asks, and what is to be noted of it: a session that was seen, or a token that was used; by its key."""

    caller: Caller
    seen: str | None = None
    used: str | None = None


def bearer_of(authorization: str) -> Proof:
    """Read the header Authorization; raises `NotAuthenticatedError`."""
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret.startswith(PREFIX):
        raise NotAuthenticatedError
    return Proof(secret.strip(), is_token=True)


def recognise(database: Database, proof: Proof, *, idle: timedelta, at: datetime) -> Recognised:
    """Return who shows a proof at a time; raises `NotAuthenticatedError`."""
    statement = _BY_TOKEN if proof.is_token else _BY_SESSION
    with database.reading() as session:
        row = session.execute(statement, {"digest": digest_of(proof.secret)}).first()
        if row is None or row.disabled_at is not None:
            raise NotAuthenticatedError
        directory = _directory(database, session, row.version)
    return _with_token(row, directory, at) if proof.is_token else _in_session(row, directory, idle, at)


def note(database: Database, recognised: Recognised, *, at: datetime) -> None:
    """Note that a session was seen or a token used."""
    with database.writing() as session:
        if recognised.seen:
            note_seen(session, recognised.seen, at=at)
        if recognised.used:
            note_used(session, recognised.used, on=local_day(at))


def caller_for(account: Account, directory: Directory, *, session: str | None, at: datetime) -> Caller:
    """Return the caller that an account is, with the key of its session if it has one."""
    return _caller(account, directory, local_day(at), scopes=None, session=session)


_REMEMBERED: Final[WeakKeyDictionary[Database, Directory]] = WeakKeyDictionary()

_ACCOUNT: Final = (
    col(Account.key),
    col(Account.name),
    col(Account.role),
    col(Account.unit),
    col(Account.must_change_password),
    col(Account.disabled_at),
    col(DirectoryState.version),
)
_BY_SESSION: Final[Executable] = (
    select(
        *_ACCOUNT,
        col(PersonSession.key).label("session"),
        col(PersonSession.seen_at),
        col(PersonSession.ends_at),
    )
    .join(PersonSession, col(PersonSession.account) == col(Account.key))
    .join(DirectoryState, col(DirectoryState.id) == 1)
    .where(col(PersonSession.digest) == bindparam("digest"))
)
_BY_TOKEN: Final[Executable] = (
    select(
        *_ACCOUNT,
        col(ApiToken.key).label("token"),
        col(ApiToken.scopes),
        col(ApiToken.expires_at),
        col(ApiToken.revoked_at),
        col(ApiToken.used_on),
    )
    .join(ApiToken, col(ApiToken.account) == col(Account.key))
    .join(DirectoryState, col(DirectoryState.id) == 1)
    .where(col(ApiToken.digest) == bindparam("digest"))
)


def _directory(database: Database, session: Session, version: int) -> Directory:
    known = _REMEMBERED.get(database)
    if known is None or known.version != version:
        known = _REMEMBERED[database] = read_directory(session)
    return known


def _in_session(row: Row[Any], directory: Directory, idle: timedelta, at: datetime) -> Recognised:
    if row.ends_at <= at or row.seen_at <= at - idle:
        raise NotAuthenticatedError
    caller = _caller(row, directory, local_day(at), scopes=None, session=row.session)
    return Recognised(caller, seen=row.session if row.seen_at <= at - SEEN_EVERY else None)


def _with_token(row: Row[Any], directory: Directory, at: datetime) -> Recognised:
    if row.expires_at <= at or row.revoked_at is not None:
        raise NotAuthenticatedError
    today = local_day(at)
    scopes = frozenset(Scope.of(scope) for scope in row.scopes)
    caller = _caller(row, directory, today, scopes=scopes, session=None)
    return Recognised(caller, used=row.token if row.used_on != today else None)


def _caller(
    account: Account | Row[Any],
    directory: Directory,
    today: date,
    *,
    scopes: frozenset[Scope] | None,
    session: str | None,
) -> Caller:
    unit = directory.acting(account.unit, today=today)
    return Caller(
        account=account.key,
        name=account.name or account.key,
        role=Role.of(account.role),
        unit=unit,
        unit_name=directory.called(unit, day=today),
        jurisdiction=directory.bodies[unit].jurisdiction,
        scopes=scopes,
        must_change_password=account.must_change_password,
        session=session,
        directory=directory,
    )
