"""The tables of the store itself: the trail and its head, auditors' reads, answers kept for repeated requests."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, Text
from sqlmodel import Field

from api.store.types import CanonicalJson, Stored, UtcTime


class TrailEntry(Stored, table=True):
    """One thing done. Never changed and never removed: the database refuses both."""

    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcTime)
    actor: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text, index=True)
    subject: str = Field(sa_type=Text, index=True)
    content: dict[str, Any] = Field(sa_type=CanonicalJson)
    before: str = Field(max_length=64)
    digest: str = Field(max_length=64, unique=True)


class TrailHead(Stored, table=True):
    """The newest entry of the trail, in one row. Who writes locks it first, so that the trail cannot fork."""

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(primary_key=True, default=1, sa_column_kwargs={"autoincrement": False})
    number: int = Field(sa_type=BigInteger)
    digest: str = Field(max_length=64)


class ReadLog(Stored, table=True):
    """What an auditor read."""

    key: str = Field(primary_key=True, max_length=26)
    at: datetime = Field(sa_type=UtcTime, index=True)
    account: str = Field(max_length=26, index=True)
    path: str = Field(sa_type=Text)
    request: str = Field(sa_type=Text)


class KeptAnswer(Stored, table=True):
    """The answer to a request with an Idempotency-Key, given again when the request comes again."""

    account: str = Field(primary_key=True, max_length=26)
    key: str = Field(primary_key=True, max_length=255)
    request: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcTime, index=True)
    status: int
    headers: dict[str, str] = Field(sa_type=CanonicalJson)
    body: bytes = Field(sa_type=LargeBinary)
