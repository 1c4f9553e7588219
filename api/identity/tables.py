"""The tables of units, accounts and what proves who somebody is.

Personal data (login, name, what a token is for, the subject at an OpenID provider) stands only in columns that erasing
an account empties, or in rows that it removes; elsewhere an account stands by its key. Secrets are kept as digests.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field

from api.identity.operations import Scope
from api.identity.roles import Role
from api.store.types import CanonicalJson, Stored, UtcTime


class Unit(Stored, table=True):
    """A body. `merged_on`: the first day on which `merged_into` stands in its place."""

    __table_args__ = (CheckConstraint("(merged_into IS NULL) = (merged_on IS NULL)", name="merged"),)

    key: str = Field(primary_key=True, max_length=26)
    jurisdiction: str = Field(sa_type=Text, index=True)
    merged_into: str | None = Field(default=None, max_length=26, foreign_key="unit.key", index=True)
    merged_on: date | None = None
    created_at: datetime = Field(sa_type=UtcTime)


class UnitName(Stored, table=True):
    """What a unit is called, from one day until another, both inclusive; without a day it is open-ended."""

    key: str = Field(primary_key=True, max_length=26)
    unit: str = Field(max_length=26, foreign_key="unit.key", index=True)
    name: str = Field(sa_type=Text, index=True)
    since: date | None = None
    until: date | None = None


class DirectoryState(Stored, table=True):
    """How many times units, or who decides in them, have changed: what a process remembers of them goes by it."""

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(primary_key=True, default=1, sa_column_kwargs={"autoincrement": False})
    version: int


class Account(Stored, table=True):
    """Somebody, or a machine, that works for a unit in a role.

    `login`: as it is compared, see `accounts.login_of`. `password`: argon2; none if only tokens or OpenID Connect lead
    in. `password_ends`: until when a one-time password can be used.
    """

    key: str = Field(primary_key=True, max_length=26)
    login: str | None = Field(default=None, sa_type=Text, unique=True)
    name: str | None = Field(default=None, sa_type=Text)
    role: Role = Field(sa_type=Text)
    unit: str = Field(max_length=26, foreign_key="unit.key", index=True)
    password: str | None = Field(default=None, sa_type=Text)
    must_change_password: bool = False
    password_ends: datetime | None = Field(default=None, sa_type=UtcTime)
    created_at: datetime = Field(sa_type=UtcTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcTime)


class OidcLink(Stored, table=True):
    """Who an OpenID provider calls by this subject is this account. Made by an admin, never by logging in."""

    issuer: str = Field(primary_key=True, sa_type=Text)
    subject: str = Field(primary_key=True, sa_type=Text)
    account: str = Field(max_length=26, foreign_key="account.key", index=True)
    linked_at: datetime = Field(sa_type=UtcTime)


class OidcFlow(Stored, table=True):
    """A login under way at the OpenID provider. `digest`: of the secret that the browser holds meanwhile."""

    digest: str = Field(primary_key=True, max_length=64)
    state: str = Field(max_length=64)
    nonce: str = Field(max_length=64)
    verifier: str = Field(max_length=128)
    begun_at: datetime = Field(sa_type=UtcTime, index=True)


class PersonSession(Stored, table=True):
    """A person who has logged in. `digest`: of the secret in the cookie; `seen_at`: to the minute or so."""

    digest: str = Field(primary_key=True, max_length=64)
    key: str = Field(max_length=26, unique=True)
    account: str = Field(max_length=26, foreign_key="account.key", index=True)
    begun_at: datetime = Field(sa_type=UtcTime)
    seen_at: datetime = Field(sa_type=UtcTime)
    ends_at: datetime = Field(sa_type=UtcTime, index=True)


class ApiToken(Stored, table=True):
    """What a machine shows. `digest`: of the token itself, which is told once; `used_on`: the last local day of use."""

    key: str = Field(primary_key=True, max_length=26)
    digest: str = Field(max_length=64, unique=True)
    account: str = Field(max_length=26, foreign_key="account.key", index=True)
    label: str | None = Field(default=None, sa_type=Text)
    scopes: list[Scope] = Field(sa_type=CanonicalJson)
    issued_at: datetime = Field(sa_type=UtcTime)
    issued_by: str = Field(max_length=26)
    expires_at: datetime = Field(sa_type=UtcTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    used_on: date | None = None


class LoginTry(Stored, table=True):
    """A login that failed or is not decided yet, counted under the digest of an account's login or of an address."""

    key: str = Field(primary_key=True, max_length=26)
    attempt: str = Field(max_length=26, index=True)
    bucket: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_type=UtcTime, index=True)
