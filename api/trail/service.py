"""What is read of the trail: entries within reach, whether it stands, and what auditors have read. Changes nothing.

An auditor reads what was done with the records in reach, and with rules and units; an admin, who reads no record, what
was done with everything else.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlmodel import Session, col

from api.catalogue.tables import KeptCatalogue
from api.findings.tables import Finding
from api.identity.reach import Reach
from api.identity.roles import Role
from api.records.tables import Attestation, Evidence, Record
from api.store.tables import ReadLog, TrailEntry
from api.store.trail import Head, head
from api.store.verification import TrailProblem, verify
from api.trail.models import EntryFilter, EntryOut, ProblemOut, ReadOut, TrailReport
from api.waivers.tables import Waiver
from api.witnesses import WITNESSES
from engine.vocabulary import Bilingual

TOLD: Final = 1000
"""How many problems are told one by one."""

_OF_RECORDS: Final = ("record.", "round.", "evidence.", "finding.", "review.", "waiver.", "catalogue.")
_OPEN: Final = ("unit.", "rulebook.", "reevaluated", "restored")
"""What everybody may know who reads the trail at all: it is about no record and no account."""


def entries(
    session: Session, reach: Reach, wanted: EntryFilter, *, after: int = 0, limit: int | None = None
) -> Sequence[TrailEntry]:
    """Return entries within reach with numbers above `after`, in their order."""
    query = (
        select(TrailEntry)
        .where(col(TrailEntry.number) > after, _within(reach), *_conditions(wanted))
        .order_by(col(TrailEntry.number))
    )
    return session.scalars(query if limit is None else query.limit(limit)).all()


def newest(
    session: Session, reach: Reach, wanted: EntryFilter, *, before: int | None = None, limit: int
) -> Sequence[TrailEntry]:
    """Return entries within reach with numbers below `before`, the newest first."""
    older = () if before is None else (col(TrailEntry.number) < before,)
    query = (
        select(TrailEntry)
        .where(*older, _within(reach), *_conditions(wanted))
        .order_by(col(TrailEntry.number).desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def told_entry(entry: TrailEntry) -> EntryOut:
    """Tell an entry."""
    return EntryOut(
        number=entry.number,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        content=entry.content,
        before=entry.before,
        digest=entry.digest,
    )


def report(session: Session, *, exported: Head | None) -> TrailReport:
    """Tell whether the trail stands, and all that it vouches for; reads all of it."""
    problems = verify(session, exported=exported, witnesses=WITNESSES)
    return TrailReport(
        stands=not problems,
        head=head(session),
        exported=exported,
        found=len(problems),
        problems=tuple(_told_problem(problem) for problem in problems[:TOLD]),
    )


def told_read(row: ReadLog) -> ReadOut:
    """Tell what an auditor has read."""
    return ReadOut(at=row.at, account=row.account, path=row.path, request=row.request)


def _told_problem(problem: TrailProblem) -> ProblemOut:
    said = Bilingual(zh=problem.say("zh"), en=problem.say("en"))
    return ProblemOut(kind=problem.kind, number=problem.number, subject=problem.subject, said=said)


def _within(reach: Reach) -> ColumnElement[bool]:
    """Return the condition on `TrailEntry` that it may be read."""
    of_records = _begins(_OF_RECORDS)
    if reach.role is Role.ADMIN:
        return ~of_records
    if reach.role is not Role.AUDITOR:
        return false()
    subject = col(TrailEntry.subject)
    reached = true() if reach.places is None else or_(*(subject.in_(keys) for keys in _subjects(reach)))
    return or_(_begins(_OPEN), and_(of_records, reached))


def _subjects(reach: Reach) -> tuple[Select[str], ...]:
    """Return the keys of what is about records within reach, one query for each kind."""
    within = select(col(Record.key)).where(reach.where())
    beside = ((Finding.key, Finding.record), (Waiver.key, Waiver.record), (Evidence.key, Evidence.record))
    places = sorted(reach.places or ())
    return (
        within,
        *(select(col(key)).where(col(record).in_(within)) for key, record in beside),
        select(col(Attestation.key)).where(col(Attestation.record).in_(within)),
        select(col(KeptCatalogue.key)).where(col(KeptCatalogue.jurisdiction).in_(places)),
    )


def _begins(words: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(col(TrailEntry.action).startswith(word, autoescape=True) for word in words))


def _conditions(wanted: EntryFilter) -> list[ColumnElement[bool]]:
    """Return what a filter asks for. Texts go to the database as values, never as SQL."""
    equal = ((col(TrailEntry.subject), wanted.subject), (col(TrailEntry.actor), wanted.actor))
    found: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if wanted.action is not None:
        noun = wanted.action.endswith(".")
        found.append(_begins([wanted.action]) if noun else col(TrailEntry.action) == wanted.action)
    if wanted.since is not None:
        found.append(col(TrailEntry.at) >= wanted.since)
    return found
