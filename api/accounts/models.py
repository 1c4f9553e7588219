"""What is told about accounts, sessions and tokens, and what is sent to change them."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.identity.accounts import LOGIN_LENGTH, NAME_LENGTH
from api.identity.operations import Scope
from api.identity.passwords import LONGEST
from api.identity.roles import Role
from api.identity.tokens import LABEL_LENGTH
from engine.vocabulary import Frozen

LoginText = Annotated[str, Field(min_length=1, max_length=LOGIN_LENGTH, examples=["wang.shuiwu"])]
NameText = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH, examples=["王(虚构)"])]
Password = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Key = Annotated[str, Field(min_length=1, max_length=26)]


class LoginIn(Frozen):
    """Account and password."""

    login: LoginText
    password: Password


class PasswordIn(Frozen):
    """The password so far, and the one from now on."""

    old: Password
    new: Password


class Me(Frozen):
    """Who one is. `scopes`: of the token that was shown; `csrf`: what goes into X-CSRF-Token, for a session."""

    account: str
    name: str
    role: Role
    unit: str
    unit_name: str
    jurisdiction: str
    scopes: tuple[Scope, ...] | None
    must_change_password: bool
    csrf: str | None


class SessionOut(Frozen):
    """A session of one's own. `ends_at`: at the latest."""

    key: str
    current: bool
    begun_at: datetime
    seen_at: datetime
    ends_at: datetime


class Sessions(Frozen):
    """The sessions of one's own that have not ended."""

    items: tuple[SessionOut, ...]


class AccountOut(Frozen):
    """An account. Without login and name once it has been erased."""

    key: str
    login: str | None
    name: str | None
    role: Role
    unit: str
    has_password: bool
    must_change_password: bool
    created_at: datetime
    disabled_at: datetime | None
    erased_at: datetime | None


class AccountIn(Frozen):
    """An account to be made; `password`: whether it gets a one-time password, which only people need."""

    login: LoginText
    name: NameText
    role: Role
    unit: Key
    password: bool = True


class AccountChangeIn(Frozen):
    """What of an account is to be changed; what is left out stays."""

    name: NameText | None = None
    role: Role | None = None
    unit: Key | None = None


class MadeAccountOut(Frozen):
    """An account with its one-time password, told this once."""

    account: AccountOut
    one_time_password: str | None


class LinkIn(Frozen):
    """Whom an OpenID provider means."""

    issuer: Annotated[str, Field(min_length=1, max_length=500, examples=["https://id.example.gov.cn"])]
    subject: Annotated[str, Field(min_length=1, max_length=255)]


class AccountFilter(Frozen):
    """Which accounts of a list are asked for: of a role, of a unit, in use or not."""

    role: Role | None
    unit: str | None
    in_use: bool | None


class TokenOut(Frozen):
    """A token, without its secret. `used_on`: the last day on which it was used."""

    key: str
    account: str
    label: str | None
    scopes: tuple[Scope, ...]
    issued_at: datetime
    issued_by: str
    expires_at: datetime
    revoked_at: datetime | None
    used_on: date | None


class Tokens(Frozen):
    """The tokens of an account, the newest first."""

    items: tuple[TokenOut, ...]


class TokenIn(Frozen):
    """A token to be issued: what it is for, what it may be used for, for how many days."""

    label: Annotated[str, Field(max_length=LABEL_LENGTH, examples=["OA系统报送"])] = ""
    scopes: Annotated[tuple[Scope, ...], Field(max_length=len(Scope))]
    days: Annotated[int, Field(ge=1, le=3660, examples=[90])]


class IssuedTokenOut(Frozen):
    """A token with its secret, told this once."""

    token: TokenOut
    secret: str
