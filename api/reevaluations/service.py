"""Judging anew what may have changed while nobody touched it: as days pass, and when other rules are in use.

Records are judged by the sweep evaluator, many at once and before it is one's turn to write; a judgement is written
only if the record, its judgement and the rulebook in use are still what they were, and its findings with it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final, TypeVar

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from api import clock
from api.errands.leases import Lease, last_done, leased
from api.findings.tables import Cause
from api.judging.errors import BeyondRulebookError
from api.judging.judgements import Judged, record_changes
from api.judging.models import Changes
from api.judging.rulebooks import ReadyRulebook, Rulebooks, same_law
from api.judging.tables import Judgement
from api.records.bodies import read_body
from api.records.tables import Record, RecordState, RecordVersion
from api.records.versions import follow_lead
from api.reevaluations.errors import UnderWayError
from api.reevaluations.tables import ChangedVerdict, Reevaluation
from api.store import trail
from api.store.database import Database
from api.store.keys import new_key
from api.store.types import JSON
from engine.evaluation.assess import assess_many
from engine.evaluation.results import Assessment
from engine.record import DecisionRecord

ERRAND: Final = "reevaluation"
LEASE_SECONDS: Final = 120.0
"""How long a process that says nothing is believed to be at it; each step takes far less."""

_AT_ONCE: Final = 256
"""So many records are judged together."""
_IN_A_TURN: Final = 16
"""So many judgements are written together; others who write wait for no more than these."""

_NEWEST: Final = and_(col(RecordVersion.record) == col(Record.key), col(RecordVersion.number) == col(Record.version))

Item = TypeVar("Item")
Progress = Callable[[int, int], None]
"""Is told how many records have been judged, and how many there are."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Judges records anew. `by`: an account, the operator, or the server itself."""

    database: Database
    rulebooks: Rulebooks
    by: str

    def run(self, *, as_of: date, progress: Progress = lambda _done, _all: None) -> Reevaluation:
        """Judge anew for a day whatever is not judged for it or not by the active rulebook; returns the report.

        Should another rulebook be activated meanwhile, it begins anew by that one. Raises `UnderWayError` while another
        process is at it, and `LeaseLostError`.
        """
        with leased(self.database, ERRAND, seconds=LEASE_SECONDS) as lease:
            if lease is None:
                raise UnderWayError
            while True:
                with self.database.writing() as session:
                    rules = self.rulebooks.active(session)
                    report = _begun(session, rules, as_of=as_of, by=self.by)
                report = _Run(self, rules, lease, report).through(progress)
                if report.ended_at is not None:
                    return report


@dataclass(slots=True)
class _Run:
    """One re-evaluation on its way."""

    sweeper: Sweeper
    rules: ReadyRulebook
    lease: Lease
    report: Reevaluation
    _causes: dict[str, Cause] = field(default_factory=dict)

    def through(self, progress: Progress) -> Reevaluation:
        """Go through all records that are to be judged anew; broken off where another rulebook is activated."""
        database = self.sweeper.database
        with database.reading() as session:
            found = select(Record.key, Record.procedure).join(Judgement, col(Judgement.record) == col(Record.key))
            stale = found.where(is_stale(self.rules.digest, self.report.as_of))
            waiting = session.exec(stale.order_by(col(Record.procedure), col(Record.key))).all()
        for some in _parts(waiting, _AT_ONCE):
            for judged in _parts(self._judged([key for key, _ in some]), _IN_A_TURN):
                with database.writing() as session:
                    self.lease.prolong(session)
                    if self.sweeper.rulebooks.active(session).digest != self.rules.digest:
                        return self.report
                    self._write(session, judged)
            progress(self.report.judged + len(self.report.unread), len(waiting))
        with database.writing() as session:
            self._end(session)
        return self.report

    def _judged(self, keys: Sequence[str]) -> Iterator[tuple[RecordVersion, DecisionRecord, Assessment]]:
        """Judge the newest versions of some records; those that the rulebook cannot read are noted."""
        with self.sweeper.database.reading() as session:
            versions = session.exec(select(RecordVersion).join(Record, _NEWEST).where(col(Record.key).in_(keys))).all()
        read: dict[str, list[tuple[RecordVersion, DecisionRecord]]] = {}
        for version in versions:
            try:
                record = read_body(version.body, self.rules)
            except BeyondRulebookError:
                self.report.unread = [*self.report.unread, version.record]
            else:
                read.setdefault(record.procedure, []).append((version, record))
        for procedure, some in read.items():
            records = [record for _, record in some]
            compiled = self.rules.compiled(procedure)
            assessments = assess_many(records, compiled, as_of=self.report.as_of, known_at=clock.now())
            for (version, record), assessment in zip(some, assessments, strict=True):
                yield version, record, assessment

    def _write(self, session: Session, judged: Iterable[tuple[RecordVersion, DecisionRecord, Assessment]]) -> None:
        """Write judgements whose record and judgement are still what they were."""
        report = session.merge(self.report)
        for version, record, assessment in judged:
            row, kept = session.get_one(Record, version.record), session.get_one(Judgement, version.record)
            if row.version != version.number or not _is_older(kept, self.rules.digest, self.report.as_of):
                continue
            cause = self._cause(session, kept)
            follow_lead(session, row, record, on=report.as_of)
            changes = record_changes(
                session,
                self.sweeper.rulebooks,
                Judged(row, record, assessment),
                at=clock.now(),
                by=self.sweeper.by,
                cause=cause,
            )
            report.judged += 1
            report.changed += _note(session, report, changes)
        session.add(report)
        self.report = report

    def _cause(self, session: Session, kept: Judgement) -> Cause:
        if kept.rulebook == self.rules.digest:
            return Cause.DAY
        if kept.rulebook not in self._causes:
            same = same_law(session, kept.rulebook, self.rules.digest)
            self._causes[kept.rulebook] = Cause.NOTICES if same else Cause.RULEBOOK
        return self._causes[kept.rulebook]

    def _end(self, session: Session) -> None:
        self.report = report = session.merge(self.report)
        report.ended_at = clock.now()
        session.add(report)
        self.lease.done(session, _what(report.as_of, report.rulebook))
        if report.judged:
            content: dict[str, JSON] = {
                "as_of": report.as_of.isoformat(),
                "rulebook": report.rulebook,
                "judged": report.judged,
                "changed": report.changed,
                "unread": len(report.unread),
            }
            trail.append(
                session, at=report.ended_at, actor=report.by, action="reevaluated", subject=report.key, content=content
            )


def is_stale(rulebook: str, as_of: date) -> ColumnElement[bool]:
    """Return the condition on `Judgement` and its `Record` that it is to be judged anew for a day, by a rulebook.

    What is settled changes with no day; with the rules it may.
    """
    day_passed = and_(col(Record.state) == RecordState.OPEN, col(Judgement.as_of) < as_of)
    return or_(day_passed, and_(col(Judgement.rulebook) != rulebook, col(Judgement.as_of) <= as_of))


def is_wanted(session: Session, rulebooks: Rulebooks, *, as_of: date) -> bool:
    """Tell whether records are to be judged anew for a day and nobody has gone through them for it."""
    active = rulebooks.active(session).digest
    if last_done(session, ERRAND).done_for == _what(as_of, active):
        return False
    stale = select(Record.key).join(Judgement, col(Judgement.record) == col(Record.key)).where(is_stale(active, as_of))
    return session.exec(stale.limit(1)).first() is not None


def is_wanted_by_rules(session: Session, rulebooks: Rulebooks) -> bool:
    """Tell whether there are judgements by another rulebook than the active one, and nobody has gone by that yet."""
    active = rulebooks.active(session).digest
    done_for = last_done(session, ERRAND).done_for
    if done_for is not None and done_for.endswith(active):
        return False
    # Not "unequal", for which no index would be used.
    by_another = or_(col(Judgement.rulebook) < active, col(Judgement.rulebook) > active)
    return session.exec(select(Judgement.record).where(by_another).limit(1)).first() is not None


def _what(as_of: date, rulebook: str) -> str:
    return f"{as_of.isoformat()} {rulebook}"


def _begun(session: Session, rules: ReadyRulebook, *, as_of: date, by: str) -> Reevaluation:
    report = Reevaluation(
        key=new_key(),
        begun_at=clock.now(),
        by=by,
        as_of=as_of,
        rulebook=rules.digest,
        judged=0,
        changed=0,
        unread=[],
    )
    session.add(report)
    return report


def _is_older(kept: Judgement, rulebook: str, as_of: date) -> bool:
    """Tell whether nobody has judged a record meanwhile for that day, or a later one, by that rulebook."""
    return kept.as_of < as_of or (kept.rulebook != rulebook and kept.as_of == as_of)


def _note(session: Session, report: Reevaluation, changes: Changes) -> bool:
    """Keep which verdicts changed; tells whether anything did."""
    session.add_all(
        ChangedVerdict(
            reevaluation=report.key,
            record=changes.record,
            card=change.card,
            before=change.before,
            after=change.after,
            cause=changes.cause,
        )
        for change in changes.verdicts
    )
    return bool(changes.verdicts or changes.findings)


def _parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    following = iter(items)
    while part := list(islice(following, size)):
        yield part
