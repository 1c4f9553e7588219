"""Which accounts are asked for, and how accounts, sessions and tokens are told."""

from collections.abc import Sequence

from sqlalchemy import tuple_
from sqlmodel import Session, col, func, select

from api.accounts.models import AccountFilter, AccountOut, Me, SessionOut, TokenOut
from api.identity.callers import Caller
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.tables import Account, ApiToken, PersonSession


def accounts(
    session: Session, wanted: AccountFilter, *, after: tuple[str, str] | None = None, limit: int | None = None
) -> Sequence[Account]:
    """Return accounts in the order of their logins, from after a login and key on; those erased come first."""
    login = func.coalesce(col(Account.login), "")
    query = select(Account).order_by(login, col(Account.key)).limit(limit)
    if wanted.role is not None:
        query = query.where(Account.role == wanted.role)
    if wanted.unit is not None:
        query = query.where(Account.unit == wanted.unit)
    if wanted.in_use is not None:
        at_work = col(Account.disabled_at).is_(None)
        query = query.where(at_work if wanted.in_use else ~at_work)
    if after is not None:
        query = query.where(tuple_(login, col(Account.key)) > after)
    return session.exec(query).all()


def account_told(account: Account) -> AccountOut:
    """Say what is told of an account."""
    return AccountOut(
        key=account.key,
        login=account.login,
        name=account.name,
        role=Role.of(account.role),
        unit=account.unit,
        has_password=account.password is not None,
        must_change_password=account.must_change_password,
        created_at=account.created_at,
        disabled_at=account.disabled_at,
        erased_at=account.erased_at,
    )


def me_told(caller: Caller, *, csrf: str | None) -> Me:
    """Say who a caller is."""
    return Me(
        account=caller.account,
        name=caller.name,
        role=caller.role,
        unit=caller.unit,
        unit_name=caller.unit_name,
        jurisdiction=caller.jurisdiction,
        scopes=None if caller.scopes is None else tuple(scope for scope in Scope if scope in caller.scopes),
        must_change_password=caller.must_change_password,
        csrf=csrf,
    )


def session_told(session: PersonSession, caller: Caller) -> SessionOut:
    """Say what is told of a session."""
    return SessionOut(
        key=session.key,
        current=session.key == caller.session,
        begun_at=session.begun_at,
        seen_at=session.seen_at,
        ends_at=session.ends_at,
    )


def token_told(token: ApiToken) -> TokenOut:
    """Say what is told of a token."""
    return TokenOut(
        key=token.key,
        account=token.account,
        label=token.label,
        scopes=tuple(Scope.of(scope) for scope in token.scopes),
        issued_at=token.issued_at,
        issued_by=token.issued_by,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        used_on=token.used_on,
    )
