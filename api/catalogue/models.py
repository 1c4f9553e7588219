"""What is told about catalogues: in lists, as they stand, by version, with their entries and the records joined."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from api.judging.models import Changes, StatusOut
from engine.vocabulary import Bilingual, Frozen, OrganLevel


class CatalogueFilter(Frozen):
    """Which catalogues are asked for; what is left out is not asked about."""

    jurisdiction: str | None = None
    organ: str | None = None
    level: OrganLevel | None = None
    year: int | None = None


class CatalogueRow(Frozen):
    """A catalogue in a list, with what stands open in it and its entries, as far as they are in reach."""

    key: str
    id: str = Field(description="how records call it before the id of an entry")
    title: Bilingual
    jurisdiction: str
    organ: str
    organ_level: OrganLevel
    year: int
    version: int
    made_up: bool
    created_at: datetime
    changed_at: datetime
    entries: int
    flags: int
    questions: int


class CatalogueOut(Frozen):
    """A catalogue as one of its versions says it. A department is told the entries in its own reach."""

    key: str
    version: int
    newest: int = Field(description="the number of the newest version")
    sha256: str
    entered_at: datetime
    entered_by: str = Field(description="the key of the account")
    catalogue: dict[str, Any] = Field(description="the catalogue, without what is not known")


class CatalogueWritten(CatalogueOut):
    """A catalogue after a change, and what it brought about for the catalogue and each of its entries."""

    changes: tuple[Changes, ...]


class CatalogueVersionRow(Frozen):
    """A version of a catalogue in its history."""

    version: int
    sha256: str
    entered_at: datetime
    entered_by: str


class CatalogueHistory(Frozen):
    """The versions of a catalogue, the oldest first."""

    key: str
    items: tuple[CatalogueVersionRow, ...]


class LinkedRecord(Frozen):
    """A record that is joined, as far as it is in reach."""

    key: str
    id: str
    title: Bilingual
    lead_unit: str


class EntryStanding(Frozen):
    """How an entry stands, and the records that name it. `others`: how many more there are, out of reach."""

    entry: str
    title: Bilingual
    lead_unit: str
    records: tuple[LinkedRecord, ...]
    others: int
    status: StatusOut = Field(description="of the entry's case, which is a record by itself")


class CatalogueStatus(Frozen):
    """How a catalogue and its entries stand.

    `without_record`: entries that no record names; `unlisted`: records of organ and year that name no entry, nor say
    why. `status` is nothing for whom only some entries are in reach.
    """

    key: str
    version: int
    as_of: date
    known_at: datetime
    rulebook: str
    status: StatusOut | None
    entries: tuple[EntryStanding, ...]
    without_record: tuple[str, ...]
    unlisted: tuple[LinkedRecord, ...]
