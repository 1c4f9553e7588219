"""Catalogues and their versions as they lie in the store: found, within reach, as they were known at a time."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from api.catalogue.errors import (
    CatalogueNotYetKnownError,
    UnknownCatalogueError,
)
from api.catalogue.tables import CatalogueCase, CatalogueVersion, KeptCatalogue
from api.identity.reach import Reach
from api.records.errors import UnknownVersionError
from api.records.tables import Record
from api.store.keys import is_key
from api.store.types import canonical_json
from engine.record.catalogue import Catalogue


def body_of(catalogue: Catalogue) -> str:
    """Write a catalogue as it is stored: what is known, and nothing else."""
    return canonical_json(catalogue.model_dump(mode="json", exclude_defaults=True))


def read_body(body: str) -> Catalogue:
    """Read a catalogue as it is stored."""
    return Catalogue.model_validate(json.loads(body))


def visible(session: Session, reach: Reach, key: str) -> KeptCatalogue:
    """Return a catalogue of which something may be read; raises `UnknownCatalogueError` for any other."""
    found = session.get(KeptCatalogue, key) if is_key(key) else None
    if found is None or not cases_in_reach(session, reach, key):
        raise UnknownCatalogueError(given=key)
    return found


def cases_in_reach(session: Session, reach: Reach, key: str) -> Sequence[CatalogueCase]:
    """Return the cases of a catalogue that may be read, the catalogue's own first, then its entries in their order."""
    case = CatalogueCase
    query = select(case).join(Record, col(Record.key) == col(case.record)).where(case.catalogue == key, reach.where())
    return session.exec(query.order_by(col(case.place), col(case.record))).all()


def newest(session: Session, row: KeptCatalogue) -> CatalogueVersion:
    """Return the newest version of a catalogue."""
    return session.get_one(CatalogueVersion, (row.key, row.version))


def numbered(session: Session, row: KeptCatalogue, number: int) -> CatalogueVersion:
    """Return a version by its number; raises `UnknownVersionError`."""
    found = session.get(CatalogueVersion, (row.key, number))
    if found is None:
        raise UnknownVersionError(given=number, newest=row.version)
    return found


def as_known(session: Session, row: KeptCatalogue, known_at: datetime) -> CatalogueVersion:
    """Return the version that was the newest at a time; raises `CatalogueNotYetKnownError`."""
    kept = CatalogueVersion
    query = select(kept).where(kept.catalogue == row.key, col(kept.entered_at) <= known_at)
    found = session.exec(query.order_by(col(kept.number).desc()).limit(1)).first()
    if found is None:
        raise CatalogueNotYetKnownError(given=known_at)
    return found


def history(session: Session, row: KeptCatalogue) -> Sequence[CatalogueVersion]:
    """Return the versions of a catalogue, the oldest first."""
    kept = CatalogueVersion
    return session.exec(select(kept).where(kept.catalogue == row.key).order_by(col(kept.number))).all()
