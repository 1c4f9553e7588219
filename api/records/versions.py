"""Records and their versions as they lie in the store: found, within reach, as they were known at a time."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from api.identity.reach import Reach
from api.records.errors import (
    KeptInCatalogueError,
    LeadUnclearError,
    NotLeadingError,
    NotYetKnownError,
    UnknownRecordError,
    UnknownVersionError,
)
from api.records.tables import Record, RecordUnit, RecordVersion
from api.records.units import lead_of
from api.store.keys import is_key
from engine.record import DecisionRecord
from engine.record.catalogue import JOINED


def visible(session: Session, reach: Reach, key: str) -> Record:
    """Return a record that may be read; raises `UnknownRecordError` for any other, whether there is one or not."""
    found = session.exec(select(Record).where(Record.key == key, reach.where())).first() if is_key(key) else None
    if found is None:
        raise UnknownRecordError(given=key)
    return found


def editable(session: Session, reach: Reach, key: str) -> Record:
    """Return a record that may be changed.

    Raises `UnknownRecordError`, `NotLeadingError`, and `KeptInCatalogueError` for catalogues and their entries.
    """
    row = visible(session, reach, key)
    if row.procedure in JOINED:
        raise KeptInCatalogueError(procedure=row.procedure)
    if not reach.may_edit(jurisdiction=row.jurisdiction, units=units_of(session, key)):
        raise NotLeadingError(given=row.key)
    return row


def units_of(session: Session, key: str) -> tuple[RecordUnit, ...]:
    """Return the units of a record, in its order."""
    return tuple(session.exec(select(RecordUnit).where(RecordUnit.record == key).order_by(col(RecordUnit.place))))


def newest(session: Session, row: Record) -> RecordVersion:
    """Return the newest version of a record."""
    return session.get_one(RecordVersion, (row.key, row.version))


def numbered(session: Session, row: Record, number: int) -> RecordVersion:
    """Return a version by its number; raises `UnknownVersionError`."""
    found = session.get(RecordVersion, (row.key, number))
    if found is None:
        raise UnknownVersionError(given=number, newest=row.version)
    return found


def as_known(session: Session, key: str, known_at: datetime) -> RecordVersion:
    """Return the version that was the newest at a time; raises `NotYetKnownError`."""
    found = session.exec(
        select(RecordVersion)
        .where(RecordVersion.record == key, col(RecordVersion.entered_at) <= known_at)
        .order_by(col(RecordVersion.entered_at).desc(), col(RecordVersion.number).desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotYetKnownError(given=known_at)
    return found


def is_taken(session: Session, *, key: str, own_id: str, lead: str) -> bool:
    """Tell whether a unit has another record of an id."""
    others = select(Record.key).where(Record.lead_unit == lead, Record.own_id == own_id, Record.key != key)
    return session.exec(others).first() is not None


def follow_lead(session: Session, row: Record, record: DecisionRecord, *, on: date) -> None:
    """Let a record be listed under the unit that leads it on a day, in a session of `Database.writing()`.

    As days pass the lead goes over as the record says. Where that is not clear, or the next unit has a record of the
    same id, it stays as it is.
    """
    try:
        lead = lead_of(record, on=on)
    except LeadUnclearError:
        return
    if lead != row.lead_unit and not is_taken(session, key=row.key, own_id=row.own_id, lead=lead):
        row.lead_unit = lead
        session.add(row)


def history(session: Session, row: Record) -> tuple[RecordVersion, ...]:
    """Return the versions of a record, the oldest first."""
    order = col(RecordVersion.number)
    return tuple(session.exec(select(RecordVersion).where(RecordVersion.record == row.key).order_by(order)))
