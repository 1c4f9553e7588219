"""The tables of records. Only `record` and `record_unit` change: they say what the newest version says."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from api.store.coded import Coded
from api.store.types import Stored, UtcTime
from engine.vocabulary import OrganLevel, UnitRole


class RecordState(StrEnum):
    """Whether the verdicts on a record can still change while nobody touches it."""

    OPEN = "open"
    CLOSED = "closed"


class Record(Stored, table=True):
    """A decision record as it stands. `own_id`: how the unit that leads calls it; `version`: the newest."""

    __table_args__ = (UniqueConstraint("lead_unit", "own_id"), Index(None, "created_at", "key"))

    key: str = Field(primary_key=True, max_length=26)
    own_id: str = Field(max_length=100)
    procedure: str = Field(sa_type=Text)
    jurisdiction: str = Field(sa_type=Text, index=True)
    organ: str = Field(sa_type=Text)
    organ_level: OrganLevel = Field(sa_type=Coded(OrganLevel))
    lead_unit: str = Field(sa_type=Text)
    title_zh: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    made_up: bool
    version: int
    state: RecordState = Field(sa_type=Coded(RecordState), index=True)
    created_at: datetime = Field(sa_type=UtcTime)
    changed_at: datetime = Field(sa_type=UtcTime)


class RecordUnit(Stored, table=True):
    """A unit that has a role in a record, by the name that the record gives, with the days at its ends, inclusive.

    `named_on`: the day by which the name is to be understood, `since` or else the day on which it came on record.
    """

    __table_args__ = (Index(None, "name", "role", "record"),)

    record: str = Field(primary_key=True, max_length=26, foreign_key="record.key")
    place: int = Field(primary_key=True)
    name: str = Field(sa_type=Text)
    role: UnitRole = Field(sa_type=Coded(UnitRole))
    since: date | None
    until: date | None
    named_on: date


class RecordVersion(Stored, table=True):
    """What a record said from a time on. Never changed and never removed.

    `body`: the record as canonical JSON without what is not known. `sha256`: the digest of the record as the engine
    reads it by the rulebook of that time, as it stands in receipts.
    """

    __table_args__ = (Index(None, "record", "entered_at"),)

    record: str = Field(primary_key=True, max_length=26, foreign_key="record.key")
    number: int = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    sha256: str = Field(max_length=64, index=True)
    rulebook: str = Field(max_length=64, foreign_key="rulebook.digest")
    entered_at: datetime = Field(sa_type=UtcTime)
    by: str = Field(max_length=26)


class Evidence(Stored, table=True):
    """A file that proves something about a round of a step; `version`: the first that lists it."""

    __table_args__ = (ForeignKeyConstraint(["record", "version"], ["record_version.record", "record_version.number"]),)

    key: str = Field(primary_key=True, max_length=26)
    record: str = Field(max_length=26, index=True)
    version: int
    step: str = Field(sa_type=Text)
    place: int
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    media_type: str = Field(sa_type=Text)
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_type=UtcTime)
    by: str = Field(max_length=26)


class EvidenceErasure(Stored, table=True):
    """A file that was taken away because of what is in it. That it was there, and its digest, stay on record."""

    evidence: str = Field(primary_key=True, max_length=26, foreign_key="evidence.key")
    reason: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcTime)
    by: str = Field(max_length=26)


class Attestation(Stored, table=True):
    """Somebody of the role that the procedure names vouches for a round as a version has it.

    `digest`: SHA-256 of that round, by which it shows whether the round has changed since.
    """

    __table_args__ = (ForeignKeyConstraint(["record", "version"], ["record_version.record", "record_version.number"]),)

    key: str = Field(primary_key=True, max_length=26)
    record: str = Field(max_length=26, index=True)
    version: int
    step: str = Field(sa_type=Text)
    place: int
    digest: str = Field(max_length=64)
    role: str = Field(sa_type=Text)
    unit: str = Field(max_length=26)
    by: str = Field(max_length=26)
    at: datetime = Field(sa_type=UtcTime)
