"""What is said when something is decided about a finding, and what is told of it."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from api.edge.asking import Day
from api.identity.roles import Role
from api.reviews.tables import Decision, ReviewState
from engine.vocabulary import Frozen

Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000, strip_whitespace=True),
    Field(description="without personal data, and nothing that is a state secret"),
]


class Confirming(Frozen):
    """It is as the finding says."""

    reason: Reason | None = None


class Dismissing(Frozen):
    """It is not to be held against anybody, and why. The finding stays as it is, in lists and in figures."""

    reason: Reason


class Ordering(Frozen):
    """It is to be rectified by a day, that day included."""

    reason: Reason
    due: Day


class Closing(Frozen):
    """The matter is closed: because it is rectified, or for a reason."""

    rectified: bool = False
    reason: Reason | None = None


class ReviewOut(Frozen):
    """One decision about a finding. `events`: how many things had happened to the finding by then."""

    number: int
    decision: Decision
    reason: str | None
    due: date | None
    rectified: bool
    events: int
    version: int = Field(description="the version of the record at that time")
    role: Role
    unit: str = Field(description="the key of the unit")
    at: datetime
    by: str = Field(description="the key of the account")
    until: datetime | None = Field(description="since when it holds no more; nothing while it does")


class Reviews(Frozen):
    """What was decided about a finding, the oldest first, and what holds now."""

    finding: str
    state: ReviewState
    due: date | None
    events: int = Field(description="how many things have happened to the finding")
    items: tuple[ReviewOut, ...]
