"""Which records are joined in which cases of catalogues; kept up with every change of a record.

A record is joined in the catalogue of its organ and year, and in each entry that it names. What is joined are a few of
its moments, so that most changes of a record change no catalogue.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import and_, or_
from sqlmodel import Session, col, delete, select

from api.catalogue.tables import CatalogueCase, CatalogueLink, KeptCatalogue, NamedEntry
from api.judging.rulebooks import ReadyRulebook
from api.records.bodies import plain, read_plain
from api.records.errors import LeadUnclearError
from api.records.merge import merged_rounds
from api.records.plans import Plan
from api.records.tables import Record
from api.records.units import lead_of
from api.refusals import InvalidError
from api.store.types import canonical_json
from engine.record import DecisionRecord
from engine.record.catalogue import CATALOGUE, ENTRY, JOINED, Catalogue, in_catalogue, in_entry

STEP: Final = "record"
"""The step of a case whose rounds are joined."""
_ANY: Final = select(col(KeptCatalogue.key)).limit(1)


def relinked(session: Session, row: Record, record: DecisionRecord, *, at: datetime, by: str) -> tuple[Plan, ...]:
    """Bring the links of a record up to what it says; return what is to be done with the cases that this changes.

    In a session of `Database.writing()`.
    """
    if record.procedure in JOINED:
        return ()
    _keep_names(session, row, record)
    if not _any_catalogue(session):
        return ()
    before = {link.case: link for link in session.exec(select(CatalogueLink).where(CatalogueLink.record == row.key))}
    after = {
        case.record: text
        for case, kept in _cases(session, record)
        if (text := round_of(record, _masthead(kept), case.entry, at=at))
    }
    changed = [
        case for case in {**before, **after} if after.get(case) != (before[case].round if case in before else None)
    ]
    for case in changed:
        keep_link(session, case, row.key, after.get(case), kept=before.get(case))
    session.flush()
    return tuple(_joining(session, case, row.key, by=by) for case in changed)


def joined_in(session: Session, record: DecisionRecord) -> frozenset[str]:
    """Return the procedures of the cases in which a record is joined."""
    if record.procedure in JOINED or not _any_catalogue(session):
        return frozenset()
    return frozenset(ENTRY if case.entry else CATALOGUE for case, _ in _cases(session, record))


def round_of(record: DecisionRecord, catalogue: Catalogue, entry: str | None, *, at: datetime) -> str | None:
    """Write a record as the round that is joined for it in an entry, or, None, in the catalogue itself.

    None where it does not belong there.
    """
    if entry is None:
        found = in_catalogue(record, catalogue, known_at=at)
    else:
        found = in_entry(record, catalogue, entry, known_at=at)
    return None if found is None else canonical_json(found)


def keep_link(session: Session, case: str, record: str, text: str | None, *, kept: CatalogueLink | None) -> None:
    """Keep what is joined of a record in a case; None: nothing any more."""
    if text is None:
        if kept is not None:
            session.delete(kept)
    elif kept is None:
        session.add(CatalogueLink(case=case, record=record, round=text))
    else:
        kept.round = text
        session.add(kept)


def rounds_of(session: Session, case: str) -> list[dict[str, Any]]:
    """Return the rounds that are joined in a case, in the order in which their records came."""
    order = col(Record.created_at), col(Record.key)
    linked = select(CatalogueLink.round).join(Record, col(Record.key) == col(CatalogueLink.record))
    return [json.loads(text) for text in session.exec(linked.where(CatalogueLink.case == case).order_by(*order))]


def lead_or_organ(record: DecisionRecord, *, on: date) -> str:
    """Return the unit that leads an entry on a day; where there is none, or several, the organ."""
    try:
        return lead_of(record, on=on)
    except LeadUnclearError:
        return record.organ


def _masthead(kept: KeptCatalogue) -> Catalogue:
    """Return a catalogue without its entries: what tells which records belong to it."""
    return Catalogue(
        id=kept.own_id,
        title=kept.title_zh,
        jurisdiction=kept.jurisdiction,
        organ=kept.organ,
        organ_level=kept.organ_level,
        year=kept.year,
    )


def _any_catalogue(session: Session) -> bool:
    return session.connection().execute(_ANY).first() is not None


def _keep_names(session: Session, row: Record, record: DecisionRecord) -> None:
    """Note which entries a record names, whether there are any or not: a catalogue may come later."""
    key, is_new = row.key, row.version == 1
    before = set() if is_new else set(session.exec(select(NamedEntry.name).where(NamedEntry.record == key)))
    after = set(record.catalogue.entries) if record.catalogue else set()
    if gone := before - after:
        session.execute(delete(NamedEntry).where(col(NamedEntry.record) == key, col(NamedEntry.name).in_(gone)))
    session.add_all(NamedEntry(record=key, name=name) for name in sorted(after - before))


def _cases(session: Session, record: DecisionRecord) -> Iterable[tuple[CatalogueCase, KeptCatalogue]]:
    """Return the cases in which a record may be joined: catalogues of its organ, entries that it names."""
    names = record.catalogue.entries if record.catalogue else ()
    case, kept = CatalogueCase, KeptCatalogue
    query = select(case, kept).join(kept, col(kept.key) == col(case.catalogue)).where(col(case.listed))
    yield from session.exec(query.where(col(case.entry).is_(None), kept.organ == record.organ))
    if names:
        own = and_(col(case.entry).in_(names), col(kept.jurisdiction) == record.jurisdiction)
        yield from session.exec(query.where(col(case.entry).is_not(None), or_(own, col(case.name).in_(names))))


def _joining(session: Session, case: str, record: str, *, by: str) -> Plan:
    """Return what is to be done with a case in which something else is joined now."""
    rounds = rounds_of(session, case)

    def make(stored: DecisionRecord | None, rules: ReadyRulebook, at: datetime) -> DecisionRecord:
        assert stored is not None  # noqa: S101 - a case that is there
        return _joined(stored, rounds, rules, at)

    return Plan(case, by, "record.version", make, note={"joined": record}, lead=lead_or_organ)


def _joined(
    stored: DecisionRecord, rounds: Sequence[dict[str, Any]], rules: ReadyRulebook, at: datetime
) -> DecisionRecord:
    """Return a case with other rounds joined; those that were joined before stay on record as void."""
    data = plain(stored)
    read = read_plain({**data, "steps": {**data.get("steps", {}), STEP: rounds}}, rules)
    if isinstance(read, list):
        raise InvalidError.of(read)
    merged = merged_rounds(stored.rounds(STEP), read.rounds(STEP), now=at)
    return stored.model_copy(update={"steps": stored.steps.model_copy(update={STEP: merged})})
