"""Logging in and out by password, and changing one's password.

Passwords are checked outside of any transaction: it takes a twentieth of a second, for which nobody else shall wait.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from api.identity import passwords
from api.identity.accounts import NotALoginError, account_of, end_sessions, login_of
from api.identity.authentication import caller_for
from api.identity.callers import Caller
from api.identity.errors import LoginFailedError
from api.identity.sessions import BegunSession, begin_session, end_session
from api.identity.tables import Account
from api.identity.tries import TryLimits, begin_try, take_back
from api.identity.units import read_directory
from api.settings import ServiceSettings
from api.store import trail
from api.store.database import Database


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Somebody who has logged in, with the session that has begun."""

    caller: Caller
    begun: BegunSession


def log_in(
    database: Database, *, login: str, password: str, address: str, settings: ServiceSettings, at: datetime
) -> LoggedIn:
    """Begin a session for who knows login and password; raises `LoginFailedError` and `TooManyTriesError`."""
    try:
        login = login_of(login)
    except NotALoginError:
        raise LoginFailedError from None
    attempt = _begin(database, login=login, address=address, settings=settings, at=at)
    account = _with_password(database, login, password, at)
    with database.writing() as session:
        present = _unchanged(session, account)
        take_back(session, attempt, login=login)
        return enter(session, present, by="password", settings=settings, at=at)


def enter(session: Session, account: Account, *, by: str, settings: ServiceSettings, at: datetime) -> LoggedIn:
    """Begin a session for an account that has proved who it is; in a session of `Database.writing()`."""
    begun = begin_session(session, account.key, lasts=timedelta(hours=settings.session_hours), at=at)
    trail.append(session, at=at, actor=account.key, action="login", subject=account.key, content={"by": by})
    directory = read_directory(session)
    return LoggedIn(caller_for(account, directory, session=begun.session.key, at=at), begun)


def log_out(database: Database, caller: Caller) -> None:
    """End the caller's session."""
    if caller.session is not None:
        with database.writing() as session:
            end_session(session, caller.session, account=caller.account)


def change_password(
    database: Database, caller: Caller, *, old: str, new: str, address: str, settings: ServiceSettings, at: datetime
) -> None:
    """Give oneself another password, and end one's other sessions.

    Raises `PasswordWeakError`, `LoginFailedError` and `TooManyTriesError`.
    """
    with database.reading() as session:
        login = account_of(session, caller.account).login or ""
    passwords.check(new, login=login, before=old)
    attempt = _begin(database, login=login, address=address, settings=settings, at=at)
    account = _with_password(database, login, old, at)
    kept = passwords.kept(new)
    with database.writing() as session:
        present = _unchanged(session, account)
        take_back(session, attempt, login=login)
        present.password, present.must_change_password, present.password_ends = kept, False, None
        session.add(present)
        end_sessions(session, account.key, but=caller.session)
        action = "account.password_changed"
        trail.append(session, at=at, actor=account.key, action=action, subject=account.key, content={})


def _begin(database: Database, *, login: str, address: str, settings: ServiceSettings, at: datetime) -> str:
    limits = TryLimits(
        for_account=settings.login_tries,
        for_address=settings.address_tries,
        within=timedelta(minutes=settings.login_minutes),
    )
    with database.writing() as session:
        return begin_try(session, login=login, address=address, limits=limits, at=at)


def _with_password(database: Database, login: str, password: str, at: datetime) -> Account:
    """Return the account whose password it is, if it may log in; whatever is wrong, it takes as long to say so."""
    with database.reading() as session:
        account = session.exec(select(Account).where(Account.login == login)).first()
    known = passwords.verify(password, account.password if account else None)
    if account is None or not known or account.disabled_at is not None:
        raise LoginFailedError
    if account.password_ends is not None and account.password_ends <= at:
        raise LoginFailedError
    return account


def _unchanged(session: Session, account: Account) -> Account:
    """Return an account as it is now; raises `LoginFailedError` if it has been closed or its password changed."""
    present = account_of(session, account.key)
    if present.password != account.password or present.disabled_at is not None:
        raise LoginFailedError
    return present
