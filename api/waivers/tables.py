"""The tables of waivers: each as it stands, and what has happened to it."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, Text
from sqlmodel import Field

from api.store.coded import Coded
from api.store.types import Stored, UtcTime
from engine.vocabulary import Word


class WaiverScope(Word):
    """For what somebody answers."""

    FINDING = "finding", "该项发现", "this finding, as long as it says the same"
    CARD = "card", "该规则卡", "what this card says of the record"


class WaiverState(Word):
    """What has become of a waiver. Whether its days have come or passed is not kept: it follows from the day."""

    APPLIED = "applied", "待批准", "applied for"
    APPROVED = "approved", "已批准", "approved"
    REFUSED = "refused", "未批准", "refused"
    ENDED = "ended", "已终止", "ended"
    REOPENED = "reopened", "因变化而失效", "reopened"


class Waiver(Stored, table=True):
    """Somebody answers for a violation of one card by one version of a record, from one day to another, inclusive.

    `approved_at`, `closed_at`: since when it was approved, and since when it is refused, ended or reopened. `role` and
    `unit`: for whom the applicant `by` applied. `events`: how many things have happened to it.
    """

    __table_args__ = (
        ForeignKeyConstraint(["record", "version"], ["record_version.record", "record_version.number"]),
        Index(None, "record", "card"),
    )

    key: str = Field(primary_key=True, max_length=26)
    finding: str = Field(max_length=26, foreign_key="finding.key", index=True)
    record: str = Field(max_length=26)
    card: str = Field(sa_type=Text)
    version: int
    scope: WaiverScope = Field(sa_type=Coded(WaiverScope))
    reason: str = Field(sa_type=Text)
    since: date
    until: date = Field(index=True)
    state: WaiverState = Field(sa_type=Coded(WaiverState))
    applied_at: datetime = Field(sa_type=UtcTime, index=True)
    by: str = Field(max_length=26)
    role: str = Field(sa_type=Text)
    unit: str = Field(max_length=26)
    approved_at: datetime | None = Field(default=None, sa_type=UtcTime)
    approved_by: str | None = Field(default=None, max_length=26)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    events: int


class WaiverEvent(Stored, table=True):
    """One thing that happened to a waiver, numbered from 1. Never changed and never removed.

    `version`: of the record at that time; `by`: an account, or who judges as days pass.
    """

    waiver: str = Field(primary_key=True, max_length=26, foreign_key="waiver.key")
    number: int = Field(primary_key=True)
    what: WaiverState = Field(sa_type=Coded(WaiverState))
    reason: str | None = Field(sa_type=Text)
    version: int
    at: datetime = Field(sa_type=UtcTime)
    by: str = Field(sa_type=Text)
