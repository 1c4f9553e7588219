"""Who works in the made-up district, as its file says, and as it is told to whoever tries the service."""

from pydantic import Field

from api.identity.roles import Role
from engine.vocabulary import Frozen


class Somebody(Frozen):
    """Somebody who works for a unit in a role."""

    login: str = Field(pattern=r"^[a-z0-9]+$")
    role: Role
    unit: str
    name: str


class District(Frozen):
    """The people of a place."""

    jurisdiction: str
    accounts: tuple[Somebody, ...]


class DemoAccount(Frozen):
    """An account to try the service with."""

    login: str
    password: str
    role: Role
    unit: str
    what: str


class DemoAccounts(Frozen):
    """All of them, and where the service is."""

    address: str
    accounts: tuple[DemoAccount, ...]
