"""What is read of catalogues: lists, versions, and how a catalogue and its entries stand.

Answers for today are kept, as for all records; others are judged anew, all cases at once.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlmodel import Session, col

from api import clock
from api.asked import Asked
from api.catalogue.errors import NoCatalogueProcedureError
from api.catalogue.links import STEP
from api.catalogue.models import CatalogueFilter, CatalogueStatus, EntryStanding, LinkedRecord
from api.catalogue.tables import CatalogueCase, CatalogueLink, CatalogueVersion, KeptCatalogue
from api.catalogue.versions import as_known, cases_in_reach, read_body, visible
from api.identity.reach import Reach
from api.identity.roles import Role
from api.judging.asking import Bench, settled_time
from api.judging.models import StatusOut
from api.judging.rulebooks import ReadyRulebook
from api.judging.tables import JudgedStatus, Judgement
from api.judging.telling import told_status
from api.records.bodies import read_body as read_record
from api.records.tables import Record, RecordVersion
from api.store.conditions import older
from api.waivers.standing import shown_waivers
from engine.evaluation.assess import assess_many
from engine.record.catalogue import JOINED
from engine.vocabulary import Bilingual


class Listed(NamedTuple):
    """A catalogue, how many of its entries are in reach, and what stands open in what is in reach."""

    row: KeptCatalogue
    entries: int
    flags: int
    questions: int


def listed(
    session: Session,
    reach: Reach,
    wanted: CatalogueFilter,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> Sequence[Listed]:
    """Return catalogues of which something is in reach, the newest first, from behind a position on."""
    kept = KeptCatalogue
    is_entry = case((and_(col(CatalogueCase.entry).is_not(None), col(CatalogueCase.listed)), 1), else_=0)
    query = (
        select(kept, func.sum(is_entry), func.sum(Judgement.flags), func.sum(Judgement.questions))
        .join(CatalogueCase, col(CatalogueCase.catalogue) == col(kept.key))
        .join(Record, col(Record.key) == col(CatalogueCase.record))
        .join(Judgement, col(Judgement.record) == col(Record.key))
        .where(reach.where(), *_conditions(wanted))
        .group_by(col(kept.key))
        .order_by(col(kept.created_at).desc(), col(kept.key).desc())
    )
    if after is not None:
        created, key = col(kept.created_at), col(kept.key)
        query = query.where(older(created, key, than=after))
    if limit is not None:
        query = query.limit(limit)
    return [Listed(*row) for row in session.execute(query)]


def in_reach(session: Session, reach: Reach, key: str, version: CatalogueVersion) -> dict[str, Any]:
    """Return what a version says; to a department, of the entries those in its reach."""
    data: dict[str, Any] = json.loads(version.body)
    if reach.role is Role.DEPARTMENT:
        known = {found.entry for found in cases_in_reach(session, reach, key)}
        data["entries"] = [entry for entry in data.get("entries", ()) if entry["id"] in known]
    return data


def status(bench: Bench, reach: Reach, key: str, asked: Asked) -> CatalogueStatus:
    """Tell how a catalogue and its entries stand, as far as they are in reach.

    Raises `UnknownCatalogueError`, `CatalogueNotYetKnownError`, `NoCatalogueProcedureError`, and what judging raises.
    """
    with bench.database.reading() as session:
        visible(session, reach, key)
        if asked.is_present and (kept := _told(session, bench, reach, key, asked, clock.now()).as_kept()):
            return kept
    known_at = settled_time(bench.database, asked.known_at)
    with bench.database.reading() as session:
        return _told(session, bench, reach, key, asked, known_at).judged()


def _told(session: Session, bench: Bench, reach: Reach, key: str, asked: Asked, known_at: datetime) -> "_Told":
    version = as_known(session, visible(session, reach, key), known_at)
    rulebooks = bench.rulebooks
    rules = rulebooks.by_digest(session, asked.rulebook) if asked.rulebook else rulebooks.active(session)
    return _Told(session, reach, key, version, _Question(asked.day, known_at, rules))


@dataclass(frozen=True, slots=True)
class _Question:
    """For which day, by what was known when, by which rules."""

    day: date
    known_at: datetime
    rules: ReadyRulebook


class _Told:
    """Tells how the cases of a catalogue stand that are in reach."""

    def __init__(
        self, session: Session, reach: Reach, key: str, version: CatalogueVersion, question: _Question
    ) -> None:
        if not set(question.rules.rulebook.procedures) >= JOINED:
            raise NoCatalogueProcedureError(rulebook=question.rules.digest)
        self._session, self._reach, self._key = session, reach, key
        self._version, self._question = version, question
        self._cases = {found.entry: found for found in cases_in_reach(session, reach, key)}
        keys = [found.record for found in self._cases.values()]
        self._versions = _versions(session, keys, question.known_at)
        self._rows = {found.key: found for found in _records(session, col(Record.key).in_(keys))}
        self._links = _links(session, reach, keys)

    def as_kept(self) -> CatalogueStatus | None:
        """Tell it from what was kept when the cases were last judged; None where one has to be judged for today.

        What was known then is all that is known.
        """
        kept = self._kept()
        if set(kept) != set(self._versions):
            return None
        return self._status(kept, known_at=max(found.known_at for found in kept.values()))

    def judged(self) -> CatalogueStatus:
        """Tell it by judging all cases."""
        return self._status(self._judged(), known_at=self._question.known_at)

    def _status(self, statuses: Mapping[str, StatusOut], *, known_at: datetime) -> CatalogueStatus:
        own = self._cases.get(None)
        entries = tuple(self._entry(found, statuses) for found in self._listed() if found.record in statuses)
        without = tuple(found.entry for found in entries if not found.records and not found.others)
        return CatalogueStatus(
            key=self._key,
            version=self._version.number,
            as_of=self._question.day,
            known_at=known_at,
            rulebook=self._question.rules.digest,
            status=statuses.get(own.record) if own else None,
            entries=entries,
            without_record=without,
            unlisted=self._unlisted(own) if own else (),
        )

    def _listed(self) -> Iterable[CatalogueCase]:
        """Return the entries that stood in the catalogue then, in its order."""
        for entry in read_body(self._version.body).entries:
            if (found := self._cases.get(entry.id)) is not None:
                yield found

    def _entry(self, found: CatalogueCase, statuses: Mapping[str, StatusOut]) -> EntryStanding:
        row, rounds = self._rows[found.record], self._rounds(found)
        linked = tuple(record for round_ in rounds if (record := self._linked(found, round_)))
        return EntryStanding(
            entry=str(found.entry),
            title=Bilingual(zh=row.title_zh, en=row.title_en),
            lead_unit=row.lead_unit,
            records=linked,
            others=len(rounds) - len(linked),
            status=statuses[found.record],
        )

    def _unlisted(self, own: CatalogueCase) -> tuple[LinkedRecord, ...]:
        rounds = (round_ for round_ in self._rounds(own) if not round_.get("listed", False))
        return tuple(record for round_ in rounds if (record := self._linked(own, round_)))

    def _rounds(self, found: CatalogueCase) -> list[dict[str, Any]]:
        """Return the rounds that were joined in a case and stood."""
        version = self._versions.get(found.record)
        rounds = json.loads(version.body).get("steps", {}).get(STEP, []) if version else []
        return [round_ for round_ in rounds if not round_.get("voided") and not round_.get("void")]

    def _linked(self, found: CatalogueCase, round_: Mapping[str, Any]) -> LinkedRecord | None:
        """Return the record of a round, None where it is out of reach or joined no more."""
        record = self._links.get((found.record, str(round_.get("record"))))
        if record is None:
            return None
        title = Bilingual(zh=record.title_zh, en=record.title_en)
        return LinkedRecord(key=record.key, id=record.own_id, title=title, lead_unit=record.lead_unit)

    def _judged(self) -> dict[str, StatusOut]:
        """Return how each case stands, by its key."""
        found: dict[str, StatusOut] = {}
        rules, day, known_at = self._question.rules, self._question.day, self._question.known_at
        for procedure in sorted(JOINED):
            versions = [version for key, version in self._versions.items() if self._rows[key].procedure == procedure]
            records = [read_record(version.body, rules) for version in versions]
            judged = assess_many(records, rules.compiled(procedure), as_of=day, known_at=known_at)
            for version, assessment in zip(versions, judged, strict=True):
                key, number = version.record, version.number
                waivers = shown_waivers(self._session, key, as_of=day, known_at=known_at)
                found[key] = told_status(assessment, record=key, version=number, waivers=waivers)
        return found

    def _kept(self) -> dict[str, StatusOut]:
        """Return how each case stands that was judged for the day, by its key."""
        query = (
            select(JudgedStatus)
            .join(Judgement, col(Judgement.record) == col(JudgedStatus.record))
            .where(
                col(JudgedStatus.record).in_(self._versions),
                col(Judgement.as_of) == self._question.day,
                col(Judgement.rulebook) == self._question.rules.digest,
            )
        )
        rows = self._session.scalars(query)
        return {row.record: StatusOut.model_validate_json(row.text) for row in rows}


def _versions(session: Session, keys: Sequence[str], known_at: datetime) -> dict[str, RecordVersion]:
    """Return the version of each record that was the newest at a time, for those that were there by then."""
    kept = RecordVersion
    known = and_(col(kept.record).in_(keys), col(kept.entered_at) <= known_at)
    numbers = select(col(kept.record), func.max(kept.number).label("number")).where(known).group_by(col(kept.record))
    newest = numbers.subquery()
    same = and_(col(kept.record) == newest.c.record, col(kept.number) == newest.c.number)
    return {version.record: version for version in session.scalars(select(kept).join(newest, same))}


def _records(session: Session, condition: ColumnElement[bool]) -> Iterable[Record]:
    return session.scalars(select(Record).where(condition))


def _links(session: Session, reach: Reach, keys: Sequence[str]) -> dict[tuple[str, str], Record]:
    """Return the records in reach that are joined in cases, by the case and by their own ids."""
    query = select(CatalogueLink, Record).join(Record, col(Record.key) == col(CatalogueLink.record))
    rows = session.execute(query.where(col(CatalogueLink.case).in_(keys), reach.where()))
    return {(link.case, record.own_id): record for link, record in rows}


def _conditions(wanted: CatalogueFilter) -> list[ColumnElement[bool]]:
    """Return what a filter asks for. Texts go to the database as values, never as SQL."""
    equal = (
        (col(KeptCatalogue.jurisdiction), wanted.jurisdiction),
        (col(KeptCatalogue.organ), wanted.organ),
        (col(KeptCatalogue.organ_level), wanted.level),
        (col(KeptCatalogue.year), wanted.year),
    )
    return [column == value for column, value in equal if value is not None]
