"""Who asks: a person with a session, or a machine with a token."""

from dataclasses import dataclass, field

from api.identity.directory import NOBODY, Directory
from api.identity.operations import Scope
from api.identity.roles import Role


@dataclass(frozen=True, slots=True)
class Caller:
    """An account that asks. Accounts and units are named by their keys; `name` and `unit_name` are for showing only."""

    account: str
    name: str
    role: Role
    unit: str
    """The unit for which it acts today: its own, or the one into which that was merged."""
    unit_name: str
    """What that unit is called today."""
    jurisdiction: str
    scopes: frozenset[Scope] | None = None
    """What the token may be used for; None for a person with a session."""
    must_change_password: bool = False
    session: str | None = None
    """The key of the person's session; None for a token."""
    directory: Directory = field(default=NOBODY, compare=False, repr=False)
    """The units as they were when the caller was recognised, by which its reach is found."""
