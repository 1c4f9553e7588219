"""The tables of catalogues. The catalogue and each of its entries are also records, with versions and judgements."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from api.store.coded import Coded
from api.store.types import Stored, UtcTime
from engine.vocabulary import OrganLevel


class KeptCatalogue(Stored, table=True):
    """A catalogue as it stands. `own_id`: how its organ calls it; records name its entries by it."""

    __tablename__ = "catalogue"

    key: str = Field(primary_key=True, max_length=26)
    own_id: str = Field(max_length=100, unique=True)
    jurisdiction: str = Field(sa_type=Text, index=True)
    organ: str = Field(sa_type=Text, index=True)
    organ_level: OrganLevel = Field(sa_type=Coded(OrganLevel))
    year: int
    title_zh: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    made_up: bool
    version: int
    created_at: datetime = Field(sa_type=UtcTime, index=True)
    changed_at: datetime = Field(sa_type=UtcTime)


class CatalogueVersion(Stored, table=True):
    """What a catalogue said from a time on, as it was handed in. Never changed and never removed."""

    catalogue: str = Field(primary_key=True, max_length=26, foreign_key="catalogue.key")
    number: int = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    sha256: str = Field(max_length=64)
    entered_at: datetime = Field(sa_type=UtcTime)
    by: str = Field(max_length=26)


class CatalogueCase(Stored, table=True):
    """The record that is the case of a catalogue, or of an entry by its own id.

    `name`: what records may call it; `place`: of the entry in the catalogue, from 0, and -1 for the catalogue itself;
    `listed`: it stands in the newest version.
    """

    record: str = Field(primary_key=True, max_length=26, foreign_key="record.key")
    catalogue: str = Field(max_length=26, foreign_key="catalogue.key", index=True)
    entry: str | None = Field(sa_type=Text, index=True)
    name: str = Field(sa_type=Text, index=True)
    place: int
    listed: bool


class CatalogueLink(Stored, table=True):
    """A record that belongs to a case, and the round that is joined for it, as canonical JSON."""

    case: str = Field(primary_key=True, max_length=26, foreign_key="catalogue_case.record")
    record: str = Field(primary_key=True, max_length=26, foreign_key="record.key", index=True)
    round: str = Field(sa_type=Text)


class NamedEntry(Stored, table=True):
    """An entry that a record names, by its own id or with its catalogue's before it; there need not be one yet."""

    record: str = Field(primary_key=True, max_length=26, foreign_key="record.key")
    name: str = Field(primary_key=True, sa_type=Text, index=True)
