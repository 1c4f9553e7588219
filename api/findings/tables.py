"""The tables of findings: each as it stands, and what has happened to it."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from api.store.coded import Coded
from api.store.types import Stored, UtcTime
from engine.vocabulary import FindingKind, Word


class FindingState(Word):
    """How a finding stands. `subsumed`: still not right, and told with the finding that it follows from."""

    OPEN = "open", "未改正", "open"
    SUBSUMED = "subsumed", "并入其他发现", "told with another"
    RECTIFIED = "rectified", "已改正", "rectified"


class FindingChange(Word):
    """What happened to a finding."""

    OPENED = "opened", "新增", "opened"
    CHANGED = "changed", "变化", "changed"
    RECTIFIED = "rectified", "改正", "rectified"
    REOPENED = "reopened", "再次出现", "reopened"


class Cause(Word):
    """Why a record was judged anew."""

    VERSION = "version", "记录有变化", "the record changed"
    DAY = "day", "日期推移", "days passed"
    RULEBOOK = "rulebook", "规则库更新", "another rulebook"
    NOTICES = "notices", "节假日安排更新", "another holiday notice"


_QUEUE: Final = Index("ix_finding_queue", "state", "opened_at", "key", "kind", "card", "step", "record")
"""The order of lists, and what most of them ask for: so a finding that is not listed is not read."""
_COUNT: Final = Index("ix_finding_count", "record", "state", "kind", "card", "step", "opened_at", "key")
"""What findings are counted by, record by record."""


class Finding(Stored, table=True):
    """What somebody has to look at, once for each card of a record.

    `said`: the finding in the engine's words as canonical JSON, as it was last told. `under`: the card that it is told
    with. `verdict` and `reason`: what the card says now, None where the rulebook has it no more. `version`, `as_of`,
    `rulebook`: those of the judgement that last changed it. `events`: how many things have happened to it.
    """

    __table_args__ = (UniqueConstraint("record", "card"), _QUEUE, _COUNT)

    key: str = Field(primary_key=True, max_length=26)
    record: str = Field(max_length=26, foreign_key="record.key")
    card: str = Field(sa_type=Text, index=True)
    step: str = Field(sa_type=Text)
    kind: FindingKind = Field(sa_type=Coded(FindingKind))
    state: FindingState = Field(sa_type=Coded(FindingState))
    under: str | None = Field(sa_type=Text)
    verdict: str | None = Field(sa_type=Text)
    reason: str | None = Field(sa_type=Text)
    said: str = Field(sa_type=Text)
    opened_at: datetime = Field(sa_type=UtcTime)
    opened_as_of: date
    changed_at: datetime = Field(sa_type=UtcTime)
    rectified_at: datetime | None = Field(sa_type=UtcTime)
    version: int
    as_of: date
    rulebook: str = Field(max_length=64, foreign_key="rulebook.digest")
    events: int


class FindingEvent(Stored, table=True):
    """One thing that happened to a finding, numbered from 1. Never changed and never removed.

    `verdict`: what the card said then, in the engine's words as canonical JSON.
    """

    finding: str = Field(primary_key=True, max_length=26, foreign_key="finding.key")
    number: int = Field(primary_key=True)
    what: FindingChange = Field(sa_type=Coded(FindingChange))
    cause: Cause = Field(sa_type=Coded(Cause))
    at: datetime = Field(sa_type=UtcTime, index=True)
    by: str = Field(sa_type=Text)
    version: int
    as_of: date
    rulebook: str = Field(max_length=64)
    kind: FindingKind = Field(sa_type=Coded(FindingKind))
    state: FindingState = Field(sa_type=Coded(FindingState))
    verdict: str | None = Field(sa_type=Text)
