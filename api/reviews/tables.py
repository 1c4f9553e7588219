"""The tables of reviews: what was decided about a finding, and from when to when that holds."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlmodel import Field

from api.store.coded import Coded
from api.store.types import Stored, UtcTime
from engine.vocabulary import Word


class Decision(Word):
    """What can be decided about a finding."""

    CONFIRMED = "confirmed", "确认", "confirmed"
    DISMISSED = "dismissed", "不予认定", "dismissed"
    RECTIFICATION_ORDERED = "rectification_ordered", "责令整改", "rectification ordered"
    CLOSED = "closed", "办结", "closed"


class ReviewState(Word):
    """What holds of a finding: the last decision about it, unless it has changed or come back since."""

    UNDECIDED = "undecided", "待处理", "undecided"
    CONFIRMED = "confirmed", "确认", "confirmed"
    DISMISSED = "dismissed", "不予认定", "dismissed"
    RECTIFICATION_ORDERED = "rectification_ordered", "责令整改", "rectification ordered"
    CLOSED = "closed", "办结", "closed"


class Review(Stored, table=True):
    """One decision about a finding, numbered from 1. Never changed and never removed.

    `due`: the last day for a rectification that is ordered. `rectified`: closed because nothing is wrong any more.
    `events`: how many things had happened to the finding; `version`: of its record at that time. `role`, `unit`: for
    whom the account decided.
    """

    finding: str = Field(primary_key=True, max_length=26, foreign_key="finding.key")
    number: int = Field(primary_key=True)
    decision: Decision = Field(sa_type=Coded(Decision))
    reason: str | None = Field(sa_type=Text)
    due: date | None
    rectified: bool
    events: int
    version: int
    role: str = Field(sa_type=Text)
    unit: str = Field(max_length=26)
    at: datetime = Field(sa_type=UtcTime)
    by: str = Field(max_length=26)


class ReviewInForce(Stored, table=True):
    """From when to when a decision about a finding holds; `until` is None while it does.

    It holds no more from another decision on, or once the finding changes or comes back.
    """

    finding: str = Field(primary_key=True, max_length=26, foreign_key="finding.key")
    number: int = Field(primary_key=True)
    decision: Decision = Field(sa_type=Coded(Decision), index=True)
    due: date | None
    since: datetime = Field(sa_type=UtcTime)
    until: datetime | None = Field(sa_type=UtcTime)
