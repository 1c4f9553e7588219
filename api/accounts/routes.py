"""Accounts over HTTP, for an admin. What tells a password or a name is kept nowhere beside the accounts themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from api.accounts import service as accounts
from api.accounts.models import (
    AccountChangeIn,
    AccountFilter,
    AccountIn,
    AccountOut,
    IssuedTokenOut,
    LinkIn,
    MadeAccountOut,
    TokenIn,
    Tokens,
)
from api.accounts.service import account_told, token_told
from api.accounts.token_routes import issued
from api.clock import now
from api.context import Service, ServiceDep
from api.edge.answers import created, done, found
from api.edge.cursors import Page, PagingDep
from api.edge.language import language_of
from api.edge.routing import PREFIX, noun_router
from api.edge.tables import TABLES, Basis, Format, FormatDep, exported
from api.identity.accounts import (
    MadeAccount,
    NewAccount,
    account_of,
    change_account,
    create_account,
    disable_account,
    enable_account,
    erase_account,
    link_account,
    reset_password,
    unlink_account,
)
from api.identity.callers import Caller
from api.identity.dependencies import allowed
from api.identity.operations import Operation
from api.identity.roles import Role
from api.identity.tables import Account
from api.identity.tokens import revoke_token, tokens_of
from api.store import trail
from engine.vocabulary import Bilingual

router: Final = noun_router("/accounts", tag="accounts")


async def _wanted(
    *,
    role: Role | None = None,
    unit: Annotated[str | None, Query(max_length=26)] = None,
    in_use: bool | None = None,
) -> AccountFilter:
    return AccountFilter(role=role, unit=unit, in_use=in_use)


@router.get(
    "",
    response_model=Page[AccountOut],
    responses=TABLES,
    dependencies=[Depends(allowed(Operation.ACCOUNT_LIST))],
)
def list_accounts(
    request: Request,
    service: ServiceDep,
    wanted: Annotated[AccountFilter, Depends(_wanted)],
    paging: PagingDep,
    form: FormatDep,
) -> Response:
    """List the accounts in the order of their logins; CSV and XLSX hold all of them, not a page."""
    with service.database.reading() as session:
        if form == Format.JSON:
            rows = accounts.accounts(session, wanted, after=paging.at(str, str), limit=paging.fetch)
            return found(paging.page(rows, account_told, lambda row: (row.login or "", row.key))).response()
        basis = Basis(_TITLE, printed_at=now(), trail=trail.head(session))
        told = [account_told(row) for row in accounts.accounts(session, wanted)]
    cells = ([getattr(row, name) for name in _COLUMNS] for row in told)
    language = language_of(request.scope)
    return exported(form, tuple(_COLUMNS.values()), cells, basis=basis, language=language, name="accounts")


@router.post("", status_code=201, response_model=MadeAccountOut)
def make_account(
    service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.ACCOUNT_CREATE))], new: AccountIn
) -> Response:
    """Make an account; its one-time password is told this once."""
    asked = NewAccount(login=new.login, name=new.name, role=new.role, unit=new.unit)
    one_time = _one_time(service) if new.password else None
    with service.database.writing() as session:
        made = create_account(session, asked, one_time=one_time, at=now(), actor=caller.account)
        told = _made(made)
    return created(told, location=f"{PREFIX}/accounts/{told.account.key}").response()


@router.get("/{key}", response_model=AccountOut, dependencies=[Depends(allowed(Operation.ACCOUNT_READ))])
def read_account(key: str, service: ServiceDep) -> Response:
    """Give one account."""
    with service.database.reading() as session:
        return found(account_told(account_of(session, key))).response()


@router.patch("/{key}", response_model=AccountOut)
def alter_account(
    key: str,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.ACCOUNT_UPDATE))],
    change: AccountChangeIn,
) -> Response:
    """Change the name, the role or the unit of an account; it holds from the next request on."""

    def altered(session: Session, at: datetime) -> Account:
        name, role, unit = change.name, change.role, change.unit
        return change_account(session, key, name=name, role=role, unit=unit, at=at, actor=caller.account)

    return _changed(service, altered)


@router.post("/{key}/disable", response_model=AccountOut)
def disable(
    key: str, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.ACCOUNT_DISABLE))]
) -> Response:
    """Let an account in no more; what it did stays."""
    return _changed(service, lambda session, at: disable_account(session, key, at=at, actor=caller.account))


@router.post("/{key}/enable", response_model=AccountOut)
def enable(
    key: str, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.ACCOUNT_ENABLE))]
) -> Response:
    """Let a disabled account in again."""
    return _changed(service, lambda session, at: enable_account(session, key, at=at, actor=caller.account))


@router.post("/{key}/erase", response_model=AccountOut)
def erase(
    key: str, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.ACCOUNT_ERASE))]
) -> Response:
    """Disable an account and remove login, name and all else that is personal; its key stays."""
    return _changed(service, lambda session, at: erase_account(session, key, at=at, actor=caller.account))


@router.post("/{key}/password", response_model=MadeAccountOut)
def reset(
    key: str, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.ACCOUNT_RESET_PASSWORD))]
) -> Response:
    """Give an account a one-time password, told this once; its sessions end."""
    with service.database.writing() as session:
        made = reset_password(session, key, one_time=_one_time(service), at=now(), actor=caller.account)
        return found(_made(made)).response()


@router.post("/{key}/links", response_model=AccountOut)
def link(
    key: str,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.ACCOUNT_LINK))],
    new: LinkIn,
) -> Response:
    """Say whom at an OpenID provider an account is."""

    def linked(session: Session, at: datetime) -> Account:
        link_account(session, key, issuer=new.issuer, subject=new.subject, at=at, actor=caller.account)
        return account_of(session, key)

    return _changed(service, linked)


@router.delete("/{key}/links", status_code=204)
def unlink(
    key: str, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.ACCOUNT_UNLINK))]
) -> Response:
    """Remove all links of an account to OpenID providers; its sessions end."""
    with service.database.writing() as session:
        unlink_account(session, key, at=now(), actor=caller.account)
    return done().response()


@router.get("/{key}/tokens", response_model=Tokens, dependencies=[Depends(allowed(Operation.TOKEN_LIST))])
def list_tokens(key: str, service: ServiceDep) -> Response:
    """List the tokens of an account."""
    with service.database.reading() as session:
        rows = tokens_of(session, account_of(session, key).key)
    return found(Tokens(items=tuple(token_told(row) for row in rows))).response()


@router.post("/{key}/tokens", status_code=201, response_model=IssuedTokenOut)
def issue(
    key: str,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.TOKEN_ISSUE))],
    new: TokenIn,
) -> Response:
    """Issue a token for an account, such as that of another system; it is told this once."""
    return issued(service, key, new, location=f"{PREFIX}/accounts/{key}/tokens", actor=caller.account)


@router.delete("/{key}/tokens/{token}", status_code=204)
def revoke(
    key: str, token: str, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.TOKEN_REVOKE))]
) -> Response:
    """Let a token of an account not be used any more."""
    with service.database.writing() as session:
        revoke_token(session, token, account=key, at=now(), actor=caller.account)
    return done().response()


def _changed(service: Service, change: Callable[[Session, datetime], Account]) -> Response:
    with service.database.writing() as session:
        return found(account_told(change(session, now()))).response()


def _one_time(service: Service) -> timedelta:
    return timedelta(hours=service.settings.one_time_password_hours)


def _made(made: MadeAccount) -> MadeAccountOut:
    return MadeAccountOut(account=account_told(made.account), one_time_password=made.password)


_TITLE: Final = Bilingual(zh="账号", en="accounts")
_COLUMNS: Final = {
    "key": Bilingual(zh="标识", en="key"),
    "login": Bilingual(zh="账号名", en="login"),
    "name": Bilingual(zh="姓名", en="name"),
    "role": Bilingual(zh="角色", en="role"),
    "unit": Bilingual(zh="单位", en="unit"),
    "created_at": Bilingual(zh="建立时间", en="made at"),
    "disabled_at": Bilingual(zh="停用时间", en="disabled at"),
    "erased_at": Bilingual(zh="清除时间", en="erased at"),
}
