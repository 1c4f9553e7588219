"""Accounts: made, changed, disabled, enabled and erased by an admin; who they are, they prove elsewhere.

Every change leaves an entry in the trail, which names accounts by key only. Sessions given are those of
`Database.writing()`, except for reading.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from api.drafts.tables import Draft
from api.identity import passwords
from api.identity.roles import Role
from api.identity.tables import Account, ApiToken, OidcLink, PersonSession, Unit, UnitName
from api.identity.units import UnitUnknownError, note_change
from api.outbox.tables import Subscription
from api.refusals import ConflictError, InvalidError, UnknownError
from api.store import trail
from api.store.keys import new_key
from api.store.types import JSON
from engine.parameters.jurisdictions import ROOT
from engine.vocabulary import Bilingual

OPERATOR: Final = "operator"
"""The actor of what is done at the server itself, by the command line or at its first start."""

LOGIN_LENGTH: Final = 100
NAME_LENGTH: Final = 100


class AccountUnknownError(UnknownError):
    """There is no such account."""

    def __init__(self, *, given: str) -> None:
        """Keep what was given."""
        super().__init__(
            "unknown_account",
            given=given,
            expected=Bilingual(zh="已有的账号", en="an account that exists"),
            do=Bilingual(zh="更正,或者先建立账号", en="correct it, or make the account first"),
            field="account",
        )


class LoginTakenError(ConflictError):
    """There is an account with this login."""

    def __init__(self, *, given: str) -> None:
        """Keep the login."""
        super().__init__(
            "login_taken",
            given=given,
            expected=Bilingual(zh="尚未使用的账号名", en="a login that no account has"),
            do=Bilingual(zh="换一个账号名", en="choose another one"),
            field="login",
        )


class NotALoginError(InvalidError):
    """A login cannot be used as it was given."""

    def __init__(self, *, given: str) -> None:
        """Keep what was given."""
        super().__init__(
            "not_a_login",
            given=given,
            expected=Bilingual(
                zh=f"1至{LOGIN_LENGTH}个字符,不含空格", en=f"1 to {LOGIN_LENGTH} characters without spaces"
            ),
            do=Bilingual(zh="更正账号名", en="correct the login"),
            field="login",
        )


class LastAdminError(ConflictError):
    """Without this account nobody could administer."""

    def __init__(self, *, account: str) -> None:
        """Keep the account."""
        super().__init__(
            "last_admin",
            given=account,
            expected=Bilingual(zh="还有其他启用的管理员", en="another administrator whose account is in use"),
            do=Bilingual(zh="先建立另一个管理员账号", en="make another administrator first"),
            field="account",
        )


class AccountErasedError(ConflictError):
    """What has been erased cannot be used again."""

    def __init__(self, *, account: str) -> None:
        """Keep the account."""
        super().__init__(
            "account_erased",
            given=account,
            expected=Bilingual(zh="未清除的账号", en="an account that has not been erased"),
            do=Bilingual(zh="建立新账号", en="make a new account"),
            field="account",
        )


class LinkTakenError(ConflictError):
    """The subject at the OpenID provider is linked to an account."""

    def __init__(self, *, subject: str, account: str) -> None:
        """Keep both."""
        super().__init__(
            "link_taken",
            given=subject,
            expected=Bilingual(
                zh=f"未与账号({account})关联的标识", en=f"a subject without an account (it has {account})"
            ),
            do=Bilingual(zh="先解除原有关联", en="remove the link that there is"),
            field="subject",
        )


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made: for whom, in which role, for the unit of which key."""

    login: str
    name: str
    role: Role
    unit: str


@dataclass(frozen=True, slots=True)
class MadeAccount:
    """An account, and its one-time password: to be told once, for it is not kept. None if it has no password."""

    account: Account
    password: str | None


def create_account(
    session: Session, new: NewAccount, *, one_time: timedelta | None, at: datetime, actor: str
) -> MadeAccount:
    """Make an account, with a one-time password for a time; without it only tokens or OpenID Connect lead in.

    Raises `NotALoginError`, `LoginTakenError` and `UnitUnknownError`.
    """
    login = login_of(new.login)
    if session.exec(select(Account.key).where(Account.login == login)).first():
        raise LoginTakenError(given=login)
    if session.get(Unit, new.unit) is None:
        raise UnitUnknownError(given=new.unit)
    name = new.name.strip() or login
    account = Account(key=new_key(), login=login, name=name, role=new.role, unit=new.unit, created_at=at)
    password = _give_password(account, ends=at + one_time) if one_time is not None else None
    session.add(account)
    session.flush()
    _tell(session, "account.created", account, at=at, actor=actor, content={"role": new.role.value, "unit": new.unit})
    note_change(session)
    return MadeAccount(account, password)


def change_account(
    session: Session,
    key: str,
    *,
    name: str | None = None,
    role: Role | None = None,
    unit: str | None = None,
    at: datetime,
    actor: str,
) -> Account:
    """Change the name, the role or the unit of an account, whichever is given.

    Raises `AccountUnknownError`, `AccountErasedError`, `UnitUnknownError` and `LastAdminError`.
    """
    account = _in_use(session, key)
    if unit is not None and session.get(Unit, unit) is None:
        raise UnitUnknownError(given=unit)
    if role is not None and role != Role.ADMIN:
        _keep_an_admin(session, account)
    account.name = (name or "").strip() or account.name
    account.role, account.unit = role or account.role, unit or account.unit
    session.add(account)
    content: dict[str, JSON] = {"role": str(account.role), "unit": account.unit, "renamed": name is not None}
    _tell(session, "account.changed", account, at=at, actor=actor, content=content)
    note_change(session)
    return account


def disable_account(session: Session, key: str, *, at: datetime, actor: str) -> Account:
    """Let an account not in any more: its sessions end, its tokens do not work. What it did stays.

    Raises `AccountUnknownError` and `LastAdminError`.
    """
    account = account_of(session, key)
    if account.disabled_at is None:
        _keep_an_admin(session, account)
        account.disabled_at = at
        session.add(account)
        end_sessions(session, key)
        _tell(session, "account.disabled", account, at=at, actor=actor)
        note_change(session)
    return account


def enable_account(session: Session, key: str, *, at: datetime, actor: str) -> Account:
    """Let a disabled account in again; raises `AccountUnknownError` and `AccountErasedError`."""
    account = _in_use(session, key)
    if account.disabled_at is not None:
        account.disabled_at = None
        session.add(account)
        _tell(session, "account.enabled", account, at=at, actor=actor)
        note_change(session)
    return account


def erase_account(session: Session, key: str, *, at: datetime, actor: str) -> Account:
    """Disable an account and remove what is personal: login, name, password, links, drafts, token labels, addresses.

    The key stays, so that what was done by it can still be told from what others did. Raises `AccountUnknownError`
    and `LastAdminError`.
    """
    account = disable_account(session, key, at=at, actor=actor)
    if account.erased_at is None:
        account.login = account.name = account.password = account.password_ends = None
        account.must_change_password, account.erased_at = False, at
        session.add(account)
        session.execute(delete(OidcLink).where(col(OidcLink.account) == key))
        session.execute(delete(Draft).where(col(Draft.account) == key))
        session.execute(update(ApiToken).where(col(ApiToken.account) == key).values(label=None))
        own_mail = col(Subscription.account) == key
        session.execute(update(Subscription).where(own_mail).values(address=None, ended_at=at))
        unrevoked = col(ApiToken.revoked_at).is_(None)
        session.execute(update(ApiToken).where(col(ApiToken.account) == key, unrevoked).values(revoked_at=at))
        _tell(session, "account.erased", account, at=at, actor=actor)
    return account


def reset_password(session: Session, key: str, *, one_time: timedelta, at: datetime, actor: str) -> MadeAccount:
    """Give an account a one-time password for a time, and end its sessions.

    Raises `AccountUnknownError` and `AccountErasedError`.
    """
    account = _in_use(session, key)
    password = _give_password(account, ends=at + one_time)
    session.add(account)
    end_sessions(session, key)
    _tell(session, "account.password_reset", account, at=at, actor=actor)
    return MadeAccount(account, password)


def link_account(session: Session, key: str, *, issuer: str, subject: str, at: datetime, actor: str) -> OidcLink:
    """Say that whom an OpenID provider calls by a subject is this account.

    Raises `AccountUnknownError`, `AccountErasedError` and `LinkTakenError`.
    """
    account = _in_use(session, key)
    there = session.get(OidcLink, (issuer, subject))
    if there is not None:
        raise LinkTakenError(subject=subject, account=there.account)
    link = OidcLink(issuer=issuer, subject=subject, account=key, linked_at=at)
    session.add(link)
    _tell(session, "account.linked", account, at=at, actor=actor, content={"issuer": issuer})
    return link


def unlink_account(session: Session, key: str, *, at: datetime, actor: str) -> None:
    """Remove all links of an account to OpenID providers; raises `AccountUnknownError`."""
    account = account_of(session, key)
    session.execute(delete(OidcLink).where(col(OidcLink.account) == key))
    end_sessions(session, key)
    _tell(session, "account.unlinked", account, at=at, actor=actor)


def first_admin(session: Session, *, one_time: timedelta, at: datetime) -> str | None:
    """Make the account `admin` where there is no admin yet, and return its one-time password; else None."""
    if session.exec(select(Account.key).where(Account.role == Role.ADMIN)).first():
        return None
    unit = Unit(key=new_key(), jurisdiction=ROOT, created_at=at)
    session.add(unit)
    session.flush()
    session.add(UnitName(key=new_key(), unit=unit.key, name=_OPERATOR_UNIT))
    content: dict[str, JSON] = {"name": _OPERATOR_UNIT, "jurisdiction": ROOT, "since": None}
    trail.append(session, at=at, actor=OPERATOR, action="unit.created", subject=unit.key, content=content)
    new = NewAccount(login="admin", name="admin", role=Role.ADMIN, unit=unit.key)
    made = create_account(session, new, one_time=one_time, at=at, actor=OPERATOR)
    return made.password


_OPERATOR_UNIT: Final = "运维 Operator"


def account_of(session: Session, key: str) -> Account:
    """Return the account of a key; raises `AccountUnknownError`."""
    account = session.get(Account, key)
    if account is None:
        raise AccountUnknownError(given=key)
    return account


def find_account(session: Session, given: str) -> Account:
    """Return the account of a login or of a key; raises `AccountUnknownError`."""
    by_login = session.exec(select(Account).where(Account.login == _folded(given))).first()
    return by_login or account_of(session, given)


def login_of(given: str) -> str:
    """Return a login as it is kept and compared: one way of writing, no capitals; raises `NotALoginError`."""
    login = _folded(given)
    if not 0 < len(login) <= LOGIN_LENGTH or not login.isprintable() or any(sign.isspace() for sign in login):
        raise NotALoginError(given=given)
    return login


def end_sessions(session: Session, account: str, *, but: str | None = None) -> None:
    """End the sessions of an account, all or all but the one of a key."""
    wanted = delete(PersonSession).where(col(PersonSession.account) == account)
    session.execute(wanted if but is None else wanted.where(col(PersonSession.key) != but))


def _folded(given: str) -> str:
    return unicodedata.normalize("NFKC", given.strip()).casefold()


def _in_use(session: Session, key: str) -> Account:
    account = account_of(session, key)
    if account.erased_at is not None:
        raise AccountErasedError(account=key)
    return account


def _give_password(account: Account, *, ends: datetime) -> str:
    password = passwords.one_time()
    account.password, account.must_change_password, account.password_ends = passwords.kept(password), True, ends
    return password


def _keep_an_admin(session: Session, account: Account) -> None:
    """Refuse to take away the last admin."""
    if account.role != Role.ADMIN or account.disabled_at is not None:
        return
    in_use = select(func.count()).where(Account.role == Role.ADMIN, col(Account.disabled_at).is_(None))
    if session.exec(in_use).one() < 2:  # noqa: PLR2004 - itself and another
        raise LastAdminError(account=account.key)


def _tell(
    session: Session,
    action: str,
    account: Account,
    *,
    at: datetime,
    actor: str,
    content: dict[str, JSON] | None = None,
) -> None:
    trail.append(session, at=at, actor=actor, action=action, subject=account.key, content=content or {})
