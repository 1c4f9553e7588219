"""The tables of the outbox: what happened, who wants to be told, what is sent to whom; and the days that are due."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from api.store.coded import Coded
from api.store.types import CanonicalJson, Stored, UtcTime
from engine.vocabulary import Language, Word


class News(Word):
    """What somebody may want to be told."""

    FINDING_OPENED = "finding.opened", "新增发现", "new finding"
    FINDING_CHANGED = "finding.changed", "发现有变化", "finding changed"
    FINDING_REOPENED = "finding.reopened", "发现再次出现", "finding back again"
    FINDING_RECTIFIED = "finding.rectified", "发现已改正", "finding rectified"
    DUE_SOON = "due.soon", "即将到期", "due soon"
    DUE_PASSED = "due.passed", "已经逾期", "overdue"
    RECTIFICATION_ORDERED = "rectification.ordered", "责令整改", "rectification ordered"


class DueKind(Word):
    """What is due on a day."""

    DEADLINE = "deadline", "法定期限", "deadline"
    GATE = "gate", "关口", "gate"
    RECTIFICATION = "rectification", "整改期限", "rectification"
    WAIVER = "waiver", "豁免到期", "end of a waiver"


class Sending(Word):
    """How a delivery stands. `dropped`: nobody wants it any more."""

    WAITING = "waiting", "待发送", "waiting"
    DELIVERED = "delivered", "已送达", "delivered"
    DEAD = "dead", "多次失败、已停止", "given up"
    DROPPED = "dropped", "已取消", "dropped"


class Webhook(Stored, table=True):
    """Where a unit's own system is told what the unit, in a role, may read.

    `secret`: what signatures are made with; told once, when the webhook is made. `news`, `kinds`: what it is told, of
    which kinds of findings.
    """

    key: str = Field(primary_key=True, max_length=26)
    unit: str = Field(max_length=26, foreign_key="unit.key", index=True)
    role: str = Field(sa_type=Text)
    url: str = Field(sa_type=Text)
    secret: str = Field(sa_type=Text)
    news: list[str] = Field(sa_type=CanonicalJson)
    kinds: list[str] = Field(sa_type=CanonicalJson)
    created_at: datetime = Field(sa_type=UtcTime)
    by: str = Field(max_length=26)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Subscription(Stored, table=True):
    """Who wants mail about what a unit, in a role, may read.

    `account`: whose own it is, None for the unit's mailbox. `address`: None once it has ended, for it may be personal.
    """

    key: str = Field(primary_key=True, max_length=26)
    unit: str = Field(max_length=26, foreign_key="unit.key", index=True)
    role: str = Field(sa_type=Text)
    account: str | None = Field(default=None, max_length=26, foreign_key="account.key", index=True)
    address: str | None = Field(default=None, sa_type=Text)
    language: Language = Field(sa_type=Text)
    news: list[str] = Field(sa_type=CanonicalJson)
    kinds: list[str] = Field(sa_type=CanonicalJson)
    created_at: datetime = Field(sa_type=UtcTime)
    by: str = Field(max_length=26)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Message(Stored, table=True):
    """One thing that happened, entered in the transaction in which it did.

    `subject`: the finding, or whatever else it is about. `content`: what is told, without titles of matters and names
    of people. `spread_at`: when it was worked out who is to be told; None until then.
    """

    key: str = Field(primary_key=True, max_length=26)
    news: News = Field(sa_type=Coded(News))
    at: datetime = Field(sa_type=UtcTime, index=True)
    record: str = Field(max_length=26, foreign_key="record.key", index=True)
    subject: str = Field(sa_type=Text)
    content: dict[str, Any] = Field(sa_type=CanonicalJson)
    spread_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)


class Delivery(Stored, table=True):
    """A message to one receiver, which is a webhook or a subscription.

    `next_at`: not to be tried before; while somebody tries it, that is when it is free again. `failure`: what went
    wrong last, without addresses.
    """

    __table_args__ = (Index(None, "state", "next_at"),)

    key: str = Field(primary_key=True, max_length=26)
    message: str = Field(max_length=26, foreign_key="message.key", index=True)
    webhook: str | None = Field(default=None, max_length=26, foreign_key="webhook.key", index=True)
    subscription: str | None = Field(default=None, max_length=26, foreign_key="subscription.key", index=True)
    state: Sending = Field(sa_type=Coded(Sending))
    tries: int
    at: datetime = Field(sa_type=UtcTime, index=True)
    next_at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    failure: str | None = Field(default=None, sa_type=Text)


class DueDay(Stored, table=True):
    """A day by which something has to be done, or on which something ends.

    `subject`: what it is about: of a deadline the card of the record, else a finding or a waiver. `warn_on`: from when
    on it is due soon. `sequence`: how many times it has moved. `ended_at`: since when it is no longer waited for; the
    row stays, so that a day that comes back is the same entry in calendars. `told_soon`, `told_passed`: of which day
    that was told.
    """

    __table_args__ = (UniqueConstraint("kind", "subject"), Index(None, "ended_at", "warn_on"))

    key: str = Field(primary_key=True, max_length=26)
    kind: DueKind = Field(sa_type=Coded(DueKind))
    subject: str = Field(sa_type=Text)
    record: str = Field(max_length=26, foreign_key="record.key", index=True)
    card: str = Field(sa_type=Text)
    step: str = Field(sa_type=Text)
    due: date
    warn_on: date
    sequence: int
    changed_at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    told_soon: date | None = None
    told_passed: date | None = None
