"""From an entry of a catalogue to a record of it: who may open one, and what it begins with. Knows no HTTP."""

from typing import Any

from sqlmodel import Session, col, select

from api.catalogue.errors import NotYoursToOpenError, UnknownEntryError
from api.catalogue.models import LinkedRecord
from api.catalogue.reading import in_reach
from api.catalogue.tables import CatalogueCase, CatalogueLink, KeptCatalogue
from api.catalogue.versions import newest, visible
from api.identity.reach import Reach
from api.records.tables import Record
from api.records.versions import units_of
from engine.vocabulary import Bilingual, Frozen


class Beginning(Frozen):
    """What a record of an entry begins with, and the records in reach that the entry has already."""

    catalogue: str
    entry: str
    title: Bilingual
    data: dict[str, Any]
    records: tuple[LinkedRecord, ...]


def opened_by(session: Session, reach: Reach, key: str) -> frozenset[str]:
    """Return the entries of a catalogue of which one may open a record: those that one's own unit leads."""
    case = CatalogueCase
    query = select(case.entry).join(Record, col(Record.key) == col(case.record))
    own = query.where(case.catalogue == key, col(case.listed), col(case.entry).is_not(None), reach.where_led())
    found = session.exec(own.where(Record.jurisdiction == reach.jurisdiction))
    return frozenset(str(entry) for entry in found)


def beginning(session: Session, reach: Reach, key: str, entry: str) -> Beginning:
    """Return what a record of an entry begins with.

    Raises `UnknownCatalogueError`, `UnknownEntryError`, and `NotYoursToOpenError` for an entry that another unit leads.
    """
    row = visible(session, reach, key)
    case = _case(session, reach, row, entry)
    if not reach.may_create(jurisdiction=row.jurisdiction, units=units_of(session, case.record)):
        raise NotYoursToOpenError(given=entry)
    said = next(one for one in in_reach(session, reach, key, newest(session, row))["entries"] if one["id"] == entry)
    data: dict[str, Any] = {"organ": row.organ, "organ_level": row.organ_level.value, "made_up": row.made_up}
    data |= {name: said[name] for name in ("title", "matter_class", "units") if said.get(name)}
    data |= {"catalogue": {"entries": [case.name]}}
    title = Bilingual(zh=row.title_zh, en=row.title_en)
    return Beginning(catalogue=key, entry=entry, title=title, data=data, records=_records(session, reach, case))


def _case(session: Session, reach: Reach, row: KeptCatalogue, entry: str) -> CatalogueCase:
    case = CatalogueCase
    query = select(case).join(Record, col(Record.key) == col(case.record)).where(reach.where(), col(case.listed))
    found = session.exec(query.where(case.catalogue == row.key, case.entry == entry)).first()
    if found is None:
        raise UnknownEntryError(given=entry)
    return found


def _records(session: Session, reach: Reach, case: CatalogueCase) -> tuple[LinkedRecord, ...]:
    query = select(Record).join(CatalogueLink, col(CatalogueLink.record) == col(Record.key))
    rows = session.exec(query.where(CatalogueLink.case == case.record, reach.where()).order_by(col(Record.created_at)))
    return tuple(
        LinkedRecord(
            key=row.key, id=row.own_id, title=Bilingual(zh=row.title_zh, en=row.title_en), lead_unit=row.lead_unit
        )
        for row in rows
    )
