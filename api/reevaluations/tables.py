"""The tables of re-evaluations: each as a whole, and the verdicts that it changed."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlmodel import Field

from api.findings.tables import Cause
from api.store.coded import Coded
from api.store.types import CanonicalJson, Stored, UtcTime


class Reevaluation(Stored, table=True):
    """All records judged anew for a day, by a rulebook. `ended_at`: None while it goes on, or if it was broken off.

    `judged`: how many records; `changed`: how many of them had another verdict or finding than before. `unread`: those
    that the rulebook cannot read, which keep the judgement that they had.
    """

    key: str = Field(primary_key=True, max_length=26)
    begun_at: datetime = Field(sa_type=UtcTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    by: str = Field(sa_type=Text)
    as_of: date
    rulebook: str = Field(max_length=64, foreign_key="rulebook.digest")
    judged: int
    changed: int
    unread: list[str] = Field(sa_type=CanonicalJson)


class ChangedVerdict(Stored, table=True):
    """A card that says something else of a record than before, and why that is asked anew.

    `before`, `after`: outcomes; None where the card was, or is, not in the rulebook.
    """

    reevaluation: str = Field(primary_key=True, max_length=26, foreign_key="reevaluation.key")
    record: str = Field(primary_key=True, max_length=26, foreign_key="record.key", index=True)
    card: str = Field(primary_key=True, sa_type=Text)
    before: str | None = Field(sa_type=Text)
    after: str | None = Field(sa_type=Text)
    cause: Cause = Field(sa_type=Coded(Cause))
