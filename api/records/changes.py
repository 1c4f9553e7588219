"""One change of a record: worked out and judged ahead, then written in one transaction with all that follows from it.

Judging takes far longer than writing, and only one can write at a time. So a change is worked out before it is its turn
to write, and what was worked out is taken if nothing has come in between; else it is worked out again while it has the
turn. Times of entry are those of the turn: whoever comes later enters later. Catalogues in which the record is joined
are written with it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, delete

from api import clock
from api.catalogue.links import joined_in, relinked
from api.findings.tables import Cause
from api.judging.judge import Judge
from api.judging.judgements import Judged, first_judgements, record_changes, state_of
from api.judging.models import Changes
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.records.bodies import body_of, read_body
from api.records.errors import RecordExistsError
from api.records.plans import Plan
from api.records.tables import Record, RecordState, RecordUnit, RecordVersion
from api.records.units import unit_rows
from api.records.versions import is_taken, newest, units_of
from api.store import trail
from api.store.database import Database
from api.store.turns import PATIENCE, StoreBusyError
from api.store.types import digest_of
from engine.calendar.moment import LOCAL
from engine.evaluation.assess import record_digest
from engine.evaluation.results import Assessment
from engine.record import DecisionRecord
from engine.vocabulary import Bilingual

_TURNS: Final = tuple(threading.Lock() for _ in range(256))
_TICK: Final = timedelta(microseconds=1)


@contextmanager
def turn(key: str) -> Iterator[None]:
    """Let the changes of a record in this process come one after the other, so that none is worked out in vain."""
    lock = _TURNS[hash(key) % len(_TURNS)]
    if not lock.acquire(timeout=PATIENCE):
        raise StoreBusyError
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class Written:
    """A record as it stands after a change. `changes`: None where the record says already what it should say."""

    row: Record
    version: RecordVersion
    record: DecisionRecord
    changes: Changes | None


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What was worked out: from which version, by which rulebook, and when."""

    base: int
    stored: DecisionRecord | None
    rules: ReadyRulebook
    at: datetime
    assessment: Assessment | None

    def serves(self, base: int, rules: ReadyRulebook, at: datetime) -> bool:
        """Tell whether the verdicts would be the same now: the engine sees no more of a time than its second."""
        same_second = int(self.at.timestamp()) == int(at.timestamp())
        return self.base == base and self.rules.digest == rules.digest and same_second


class Change:
    """One change of a record."""

    def __init__(self, plan: Plan, *, rulebooks: Rulebooks, judge: Judge) -> None:
        """Take what is to be done."""
        self._plan: Final = plan
        self._rulebooks, self._judge = rulebooks, judge
        self._attempt: _Attempt | None = None

    def work_out(self, database: Database) -> None:
        """Work the change out before it is its turn; raises what writing it would raise as things stand."""
        with database.reading() as session:
            self._check(session)
            rules = self._rulebooks.active(session)
            version = None if self._plan.is_new else newest(session, session.get_one(Record, self._plan.key))
        stored = read_body(version.body, rules) if version else None
        at = _entry_time(version)
        record = self._plan.make(stored, rules, at)
        self._plan.lead(record, on=_day(at))
        same = record == stored
        self._attempt = _Attempt(
            base=version.number if version else 0,
            stored=stored,
            rules=rules,
            at=at,
            assessment=None if same else self._judged(read_body(body_of(record), rules), rules, at),
        )
        if not same:
            self._make_ready(database, record, rules)

    def write(self, session: Session) -> Written:
        """Write the change, in a session of `Database.writing()`."""
        self._check(session)
        rules, plan = self._rulebooks.active(session), self._plan
        row = None if plan.is_new else session.get_one(Record, plan.key)
        version = newest(session, row) if row else None
        at = _entry_time(version)
        attempt = self._attempt
        if attempt is not None and not attempt.serves(version.number if version else 0, rules, at):
            attempt = None
        stored = attempt.stored if attempt else read_body(version.body, rules) if version else None
        record = plan.make(stored, rules, at)
        if row and version and record == stored:
            return Written(row, version, record, None)
        body = body_of(record)
        if attempt and attempt.assessment:
            assessment = _at_time(attempt.assessment, record, at)
        else:
            record = read_body(body, rules)
            assessment = self._judged(record, rules, at)
        return self._write(session, row, record, body, assessment)

    def _write(
        self, session: Session, row: Record | None, record: DecisionRecord, body: str, assessment: Assessment
    ) -> Written:
        plan, at = self._plan, assessment.receipt.known_at
        before = units_of(session, plan.key) if row else ()
        row = _row(session, plan, row, record, at)
        version = RecordVersion(
            record=row.key,
            number=row.version,
            body=body,
            sha256=assessment.receipt.record,
            rulebook=assessment.receipt.rulebook,
            entered_at=at,
            by=plan.by,
        )
        session.add(version)
        if not plan.is_new:
            session.execute(delete(RecordUnit).where(col(RecordUnit.record) == row.key))
        session.add_all(unit_rows(record, key=row.key, before=before, on=_day(at)))
        session.flush()
        content = {"version": version.number, "sha256": version.sha256, "body": digest_of(body), **plan.note}
        trail.append(session, at=at, actor=plan.by, action=plan.action, subject=row.key, content=content)
        judged = Judged(row, record, assessment)
        changes = self._judgement(session, judged)
        write_joined(session, row, record, rulebooks=self._rulebooks, judge=self._judge, at=at, by=plan.by)
        return Written(row, version, record, changes)

    def _judgement(self, session: Session, judged: Judged) -> Changes:
        """Keep what the record came to; where it is new, nothing that was said before need be looked for."""
        at, by = judged.assessment.receipt.known_at, self._plan.by
        if not self._plan.is_new:
            return record_changes(session, self._rulebooks, judged, at=at, by=by, cause=Cause.VERSION)
        judged.row.state = state_of(judged)
        rules = self._rulebooks.by_digest(session, judged.assessment.receipt.rulebook)
        (changes,) = first_judgements(session, rules, [judged], at=at, by=by)
        return changes

    def _make_ready(self, database: Database, record: DecisionRecord, rules: ReadyRulebook) -> None:
        """Have ready what judges the catalogues in which a record is joined: for that nobody is to wait in turn."""
        with database.reading() as session:
            procedures = joined_in(session, record)
        for procedure in procedures & set(rules.rulebook.procedures):
            self._judge.crew(rules.compiled(procedure))

    def _check(self, session: Session) -> None:
        if self._plan.guard:
            self._plan.guard(session)

    def _judged(self, record: DecisionRecord, rules: ReadyRulebook, at: datetime) -> Assessment:
        return self._judge.assess(record, rules.compiled(record.procedure), as_of=_day(at), known_at=at)


def write_joined(
    session: Session,
    row: Record,
    record: DecisionRecord,
    *,
    rulebooks: Rulebooks,
    judge: Judge,
    at: datetime,
    by: str,
) -> None:
    """Write the catalogues in which a record is joined otherwise than before, in a session of `Database.writing()`.

    While the active rulebook has no rules for catalogues, they stay as they are.
    """
    procedures = rulebooks.active(session).rulebook.procedures
    for joined in relinked(session, row, record, at=at, by=by):
        if session.get_one(Record, joined.key).procedure in procedures:
            Change(joined, rulebooks=rulebooks, judge=judge).write(session)


def _row(session: Session, plan: Plan, row: Record | None, record: DecisionRecord, at: datetime) -> Record:
    """Bring the row of a record up to a new version, or make it; raises `RecordExistsError`."""
    lead = plan.lead(record, on=_day(at))
    if is_taken(session, key=plan.key, own_id=record.id, lead=lead):
        raise RecordExistsError(given=record.id, unit=lead)
    if row is None:
        row = new_row(record, key=plan.key, lead=lead, at=at)
    else:
        row.version += 1
        for name, value in _present(record, lead, at).items():
            setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


def new_row(record: DecisionRecord, *, key: str, lead: str, at: datetime) -> Record:
    """Make the row of a record that is entered for the first time."""
    return Record(
        key=key,
        procedure=record.procedure,
        jurisdiction=record.jurisdiction,
        version=1,
        state=RecordState.OPEN,
        created_at=at,
        **_present(record, lead, at),
    )


def _present(record: DecisionRecord, lead: str, at: datetime) -> dict[str, Any]:
    title = record.title if isinstance(record.title, Bilingual) else Bilingual(zh=record.title, en=record.title)
    return {
        "own_id": record.id,
        "organ": record.organ,
        "organ_level": record.organ_level,
        "lead_unit": lead,
        "title_zh": title.zh,
        "title_en": title.en,
        "made_up": record.made_up,
        "changed_at": at,
    }


def _entry_time(version: RecordVersion | None) -> datetime:
    """Return the present time, later in any case than that of the version before: clocks are set back at times."""
    now = clock.now()
    return now if version is None or now > version.entered_at else version.entered_at + _TICK


def _at_time(assessment: Assessment, record: DecisionRecord, at: datetime) -> Assessment:
    """Return an assessment of a record that differs in nothing but times of entry within one second."""
    receipt = assessment.receipt.model_copy(update={"known_at": at, "record": record_digest(record)})
    return assessment.model_copy(update={"receipt": receipt})


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()
