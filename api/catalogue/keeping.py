"""What a general office does with catalogues: compile one, and hand in a new version of it. Knows no HTTP.

A catalogue and its entries are records whose versions are merged like those of all records: what a new version leaves
out, or says otherwise, is void from then on and stays on record. So they are written, each by its own change, in the
transaction of the catalogue's version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from api import clock
from api.catalogue.drafts import Desk, Draft
from api.catalogue.errors import (
    CatalogueExistsError,
    EnteredByServerError,
    NotYoursToKeepError,
    RepeatedEntryError,
)
from api.catalogue.links import keep_link, lead_or_organ
from api.catalogue.tables import CatalogueCase, CatalogueLink, CatalogueVersion, KeptCatalogue
from api.catalogue.versions import body_of, newest, visible
from api.identity.callers import Caller
from api.identity.reach import Reach
from api.judging.judge import Judge
from api.judging.models import Changes
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.records.changes import Change
from api.records.clerk import merged_by, refuse_classified
from api.records.errors import FixedFieldError
from api.records.plans import Make, Plan
from api.store import trail
from api.store.database import Database
from api.store.keys import new_key
from api.store.types import JSON, digest_of
from engine.reading.problems import field_path
from engine.record import DecisionRecord
from engine.record.catalogue import Catalogue
from engine.record.catalogues import ReadCatalogue
from engine.vocabulary import Bilingual

_TICK: Final = timedelta(microseconds=1)
_FIXED: Final = ("id", "jurisdiction", "organ", "year")
"""What a catalogue is known by; with another of these it is another catalogue."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps catalogues for a caller."""

    database: Database
    rulebooks: Rulebooks
    judge: Judge
    caller: Caller
    reach: Reach

    def compile(self, submitted: ReadCatalogue) -> "CatalogueChange":
        """Enter a catalogue for the first time.

        Raises `NotYoursToKeepError`, `CatalogueExistsError`, `NoCatalogueProcedureError`, `ClassifiedError` and
        `InvalidError`.
        """
        return self._worked_out(new_key(), submitted, is_new=True)

    def hand_in(self, key: str, submitted: ReadCatalogue) -> "CatalogueChange":
        """Say what a catalogue should say from now on.

        Raises `UnknownCatalogueError` and `FixedFieldError`, too.
        """
        return self._worked_out(key, submitted, is_new=False)

    def _worked_out(self, key: str, submitted: ReadCatalogue, *, is_new: bool) -> "CatalogueChange":
        _refuse_unfit(submitted.catalogue)
        change = CatalogueChange(self, key, submitted, is_new=is_new)
        change.work_out()
        return change


@dataclass(frozen=True, slots=True)
class Kept:
    """A catalogue as it stands after a change, and what that brought about."""

    row: KeptCatalogue
    version: CatalogueVersion
    changes: tuple[Changes, ...]


class CatalogueChange:
    """One change of a catalogue with all its entries."""

    def __init__(self, keeper: Keeper, key: str, submitted: ReadCatalogue, *, is_new: bool) -> None:
        """Take what is to be done."""
        self.key: Final = key
        self._keeper, self._is_new = keeper, is_new
        self._catalogue: Final = submitted.catalogue
        self._desk: Final = Desk(submitted)
        self._drafts: dict[str | None, Draft] = {}
        self._changes: dict[str | None, tuple[str, Change]] = {}

    def work_out(self) -> None:
        """Draft all cases and judge them before it is its turn; raises what writing it would raise."""
        keeper = self._keeper
        with keeper.database.reading() as session:
            self._refuse(session)
            rules = keeper.rulebooks.active(session)
            self._draft(session, rules, clock.now())
        for _, change in self._changes.values():
            change.work_out(keeper.database)

    def write(self, session: Session) -> Kept:
        """Write the catalogue and its entries, in a session of `Database.writing()`."""
        self._refuse(session)
        rules = self._keeper.rulebooks.active(session)
        row, version = self._version(session)
        self._draft(session, rules, clock.now())
        changes = [self._write(session, draft) for draft in self._drafts.values()]
        changes += [self._strike(session, case) for case in self._left_out(session)]
        session.flush()
        return Kept(row, version, tuple(change for change in changes if change is not None))

    def _refuse(self, session: Session) -> None:
        """Refuse what may not be done as things stand."""
        keeper, catalogue = self._keeper, self._catalogue
        row = None if self._is_new else keepable(session, keeper.reach, self.key)
        if row is None:
            _refuse_elsewhere(catalogue.jurisdiction, keeper.reach)
            taken = select(KeptCatalogue.key).where(KeptCatalogue.own_id == catalogue.id)
            if session.exec(taken).first() is not None:
                raise CatalogueExistsError(given=catalogue.id)
            return
        present = {"id": row.own_id, "jurisdiction": row.jurisdiction, "organ": row.organ, "year": row.year}
        for name in _FIXED:
            if getattr(catalogue, name) != present[name]:
                raise FixedFieldError(field=name, given=str(getattr(catalogue, name)), present=str(present[name]))

    def _draft(self, session: Session, rules: ReadyRulebook, at: datetime) -> None:
        """Draft the cases as things stand; a change that was worked out from another draft is dropped."""
        before, drafts = self._drafts, self._desk.drafts(session, rules, at=at)
        self._drafts = {draft.entry: draft for draft in drafts}
        known = {case.entry: case.record for case in _cases(session, self.key)}
        for draft in drafts:
            held = self._changes.get(draft.entry)
            key = known.get(draft.entry) or (held[0] if held else new_key())
            if held is None or held[0] != key or before[draft.entry].says != draft.says:
                change = self._change(key, _merging(draft.says), is_new=draft.entry not in known)
                self._changes[draft.entry] = key, change

    def _change(self, key: str, make: Make, *, is_new: bool = False) -> Change:
        action = "record.created" if is_new else "record.version"
        by, note = self._keeper.caller.account, {"catalogue": self.key}
        plan = Plan(key, by, action, make, is_new=is_new, note=note, lead=lead_or_organ)
        return Change(plan, rulebooks=self._keeper.rulebooks, judge=self._keeper.judge)

    def _version(self, session: Session) -> tuple[KeptCatalogue, CatalogueVersion]:
        """Write the catalogue as it was handed in; nothing where it says so already."""
        at, catalogue, by = clock.now(), self._catalogue, self._keeper.caller.account
        body = body_of(catalogue)
        row = session.get(KeptCatalogue, self.key)
        before = newest(session, row) if row else None
        if row and before and before.body == body:
            return row, before
        if before and before.entered_at >= at:
            at = before.entered_at + _TICK
        row = _row(session, self.key, row, catalogue, at)
        sha256 = digest_of(body)
        version = CatalogueVersion(
            catalogue=row.key, number=row.version, body=body, sha256=sha256, entered_at=at, by=by
        )
        session.add(version)
        action = "catalogue.created" if before is None else "catalogue.version"
        content: dict[str, JSON] = {
            "version": version.number,
            "sha256": sha256,
            "id": catalogue.id,
            "entries": len(catalogue.entries),
        }
        trail.append(session, at=at, actor=by, action=action, subject=row.key, content=content)
        return row, version

    def _write(self, session: Session, draft: Draft) -> Changes | None:
        """Write one case, and keep what is joined in it."""
        key, change = self._changes[draft.entry]
        written = change.write(session)
        case = session.get(CatalogueCase, key)
        if case is None:
            name = self._catalogue.id if draft.entry is None else self._catalogue.entry_case(draft.entry)
            place = draft.place
            case = CatalogueCase(record=key, catalogue=self.key, entry=draft.entry, name=name, place=place, listed=True)
        case.place, case.listed = draft.place, True
        session.add(case)
        session.flush()
        _keep_links(session, key, draft.joined)
        return written.changes

    def _left_out(self, session: Session) -> list[CatalogueCase]:
        return [case for case in _cases(session, self.key) if case.listed and case.entry not in self._drafts]

    def _strike(self, session: Session, case: CatalogueCase) -> Changes | None:
        """Declare void what an entry says that the catalogue leaves out."""
        case.listed = False
        session.add(case)
        _keep_links(session, case.record, {})
        return self._change(case.record, _emptied).write(session).changes


def keepable(session: Session, reach: Reach, key: str) -> KeptCatalogue:
    """Return a catalogue that may be given versions; raises `UnknownCatalogueError` and `NotYoursToKeepError`."""
    row = visible(session, reach, key)
    _refuse_elsewhere(row.jurisdiction, reach)
    return row


def _refuse_elsewhere(jurisdiction: str, reach: Reach) -> None:
    if jurisdiction != reach.jurisdiction:
        raise NotYoursToKeepError(given=jurisdiction, own=reach.jurisdiction)


def _merging(says: DecisionRecord) -> Make:
    return lambda stored, rules, at: merged_by(stored, says, rules, at)


def _emptied(stored: DecisionRecord | None, rules: ReadyRulebook, at: datetime) -> DecisionRecord:
    """Return a case of which nothing stands any more."""
    assert stored is not None  # noqa: S101 - a case that is there
    steps: dict[str, Any] = dict.fromkeys(stored.step_names, ())
    return merged_by(stored, stored.model_copy(update={"steps": stored.steps.model_copy(update=steps)}), rules, at)


def _cases(session: Session, key: str) -> list[CatalogueCase]:
    query = select(CatalogueCase).where(CatalogueCase.catalogue == key)
    return list(session.exec(query.order_by(col(CatalogueCase.place), col(CatalogueCase.record))))


def _keep_links(session: Session, case: str, joined: Mapping[str, str]) -> None:
    links = session.exec(select(CatalogueLink).where(CatalogueLink.case == case))
    before = {link.record: link for link in links}
    for record in {**before, **joined}:
        keep_link(session, case, record, joined.get(record), kept=before.get(record))


def _row(session: Session, key: str, row: KeptCatalogue | None, catalogue: Catalogue, at: datetime) -> KeptCatalogue:
    """Bring the row of a catalogue up to a new version, or make it."""
    title = catalogue.title
    said = title if isinstance(title, Bilingual) else Bilingual(zh=title, en=title)
    present: dict[str, Any] = {
        "organ_level": catalogue.organ_level,
        "title_zh": said.zh,
        "title_en": said.en,
        "made_up": catalogue.made_up,
        "changed_at": at,
    }
    if row is None:
        row = KeptCatalogue(
            key=key,
            own_id=catalogue.id,
            jurisdiction=catalogue.jurisdiction,
            organ=catalogue.organ,
            year=catalogue.year,
            version=1,
            created_at=at,
            **present,
        )
    else:
        row.version += 1
        for name, value in present.items():
            setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


def _refuse_unfit(catalogue: Catalogue) -> None:
    """Refuse what no catalogue may say; raises `RepeatedEntryError`, `EnteredByServerError` and `ClassifiedError`."""
    known: set[str] = set()
    for place, entry in enumerate(catalogue.entries):
        if entry.id in known:
            raise RepeatedEntryError(given=entry.id, field=field_path(("entries", place, "id")))
        known.add(entry.id)
    for place, version in enumerate(catalogue.versions):
        if version.entered is not None:
            raise EnteredByServerError(given=version.entered, field=field_path(("versions", place, "entered")))
    refuse_classified(catalogue.model_dump(mode="json", exclude_defaults=True))
