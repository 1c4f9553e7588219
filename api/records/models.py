"""What is told about records: in lists, as they stand, by version; evidence and attestations."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from api.judging.models import Changes
from api.records.tables import RecordState
from engine.vocabulary import Bilingual, Frozen, OrganLevel, UnitRole


class RecordFilter(Frozen):
    """Which records are asked for; what is left out is not asked about."""

    unit: str | None = None
    role: UnitRole | None = None
    jurisdiction: str | None = None
    procedure: str | None = None
    level: OrganLevel | None = None
    state: RecordState | None = None
    own_id: str | None = None
    compliant: bool | None = None
    made_up: bool | None = None
    text: str | None = None


class RecordRow(Frozen):
    """A record in a list, with the number of open findings at the last judgement."""

    key: str
    id: str = Field(description="how the unit that leads calls it")
    title: Bilingual
    procedure: str
    jurisdiction: str
    organ: str
    organ_level: OrganLevel
    lead_unit: str
    state: RecordState
    version: int
    made_up: bool
    created_at: datetime
    changed_at: datetime
    judged_as_of: date
    flags: int
    questions: int
    notices: int


class RecordOut(Frozen):
    """A record as one of its versions says it."""

    key: str
    version: int
    newest: int = Field(description="the number of the newest version")
    sha256: str = Field(description="the digest of the record, as it stands in receipts")
    rulebook: str = Field(description="the digest of the rulebook by which it was read when it was entered")
    entered_at: datetime
    entered_by: str = Field(description="the key of the account")
    state: RecordState
    lead_unit: str
    record: dict[str, Any] = Field(description="the record, without what is not known")


class WrittenOut(RecordOut):
    """A record after a change, and what the change brought about; nothing if it was so before."""

    changes: Changes | None


class VersionRow(Frozen):
    """A version of a record in its history."""

    version: int
    sha256: str
    rulebook: str
    entered_at: datetime
    entered_by: str


class History(Frozen):
    """The versions of a record, the oldest first."""

    key: str
    items: tuple[VersionRow, ...]


class EvidenceOut(Frozen):
    """An evidence file of a round. `erased_at`: when it was taken away; its digest stays."""

    key: str
    record: str
    version: int = Field(description="the first version of the record that lists it")
    step: str
    place: int = Field(description="the place of the round in the step, from 0")
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    added_by: str
    erased_at: datetime | None
    erased_because: str | None


class EvidenceList(Frozen):
    """The evidence files of a record, in the order in which they came."""

    items: tuple[EvidenceOut, ...]


class EvidenceWritten(Frozen):
    """An evidence file that was added, and the record that now lists it."""

    evidence: EvidenceOut
    record: WrittenOut


class Attesting(Frozen):
    """Who vouches says for which round, and which version of the record they have seen."""

    place: int = Field(ge=0, le=10_000, description="the place of the round in the step, from 0")
    version: int = Field(ge=1, le=2**31, description="the version of the record that was seen")


class Erasing(Frozen):
    """Why a file is taken away."""

    reason: str = Field(min_length=1, max_length=2000)


class AttestationOut(Frozen):
    """Somebody vouches for a round. `holds`: the round has not changed since, and stands."""

    key: str
    record: str
    version: int
    step: str
    place: int
    role: str
    unit: str = Field(description="the key of the unit")
    attested_by: str = Field(description="the key of the account")
    attested_at: datetime
    holds: bool


class AttestationList(Frozen):
    """The attestations of a record, in the order in which they came."""

    items: tuple[AttestationOut, ...]
