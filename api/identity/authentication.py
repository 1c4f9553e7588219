"""From what a request shows to who asks: one look into the database, whether a session or a token is shown.

The directory of units is remembered for as long as its version is the same. Sessions, tokens and accounts are looked up
each time, so that what has been ended, revoked or disabled lets nobody in; unless the database can tell that nobody has
written anything since they were last looked up. What ends by time is asked of the clock in any case.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, Row, bindparam, select
from sqlmodel import col

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
    found = _looked_up(database, proof)
    if found is None or found.row.disabled_at is not None:
        raise NotAuthenticatedError
    if proof.is_token:
        return _with_token(found.row, found.directory, at)
    return _in_session(found.row, found.directory, idle, at)


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


_UNREAD: Final = Directory(-1, ())


@dataclass(frozen=True, slots=True)
class _Found:
    """What stood in the database about a proof, with the units of that moment, while it had changed so many times."""

    row: Row[Any]
    directory: Directory
    changes: int | None


@dataclass(slots=True)
class _Memory:
    """What a process remembers of one database; by the digests of proofs, tokens and sessions apart."""

    directory: Directory = _UNREAD
    found: dict[tuple[bool, str], _Found] = field(default_factory=dict)


_MEMORIES: Final[WeakKeyDictionary[Database, _Memory]] = WeakKeyDictionary()
_MOST: Final = 10_000
"""How many proofs are remembered; then one begins anew."""

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


def _looked_up(database: Database, proof: Proof) -> _Found | None:
    changes, memory, digest = database.changes(), _MEMORIES.setdefault(database, _Memory()), digest_of(proof.secret)
    key = proof.is_token, digest
    known = memory.found.get(key)
    if known and changes is not None and known.changes == changes:
        return known
    with database.reading() as session:
        row = session.execute(_BY_TOKEN if proof.is_token else _BY_SESSION, {"digest": digest}).first()
        if row is None:
            return None
        directory = memory.directory
        if directory.version != row.version:
            directory = memory.directory = read_directory(session)
    found = _Found(row, directory, changes)
    if changes is not None:
        if len(memory.found) >= _MOST:
            memory.found = {}
        memory.found[key] = found
    return found


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
