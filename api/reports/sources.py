"""Where a report is made from: files of records and catalogues, or the database of a service."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from api.findings.tables import Finding, FindingEvent, FindingState
from api.judging.errors import BeyondRulebookError
from api.judging.rulebooks import ReadyRulebook
from api.records.bodies import read_body
from api.records.tables import Record, RecordVersion
from api.reports.material import FlagStanding, Handled, Material
from api.reports.models import ReportBasis
from api.reports.question import ReportQuestion
from api.reviews.standing import holding, review_state
from api.reviews.tables import ReviewInForce, ReviewState
from api.store import trail
from api.summaries.service import marks_at
from engine import VERSION
from engine.calendar.moment import LOCAL
from engine.reading.problems import Problem
from engine.record import DecisionRecord
from engine.record.catalogue import JOINED
from engine.record.catalogues import read_catalogues
from engine.record.reading import read_records
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import FindingKind

TOGETHER: Final = 500
"""Of so many records the versions are read at a time."""


def from_files(
    files: Sequence[Path], rulebook: Rulebook, asked: ReportQuestion, *, limit: int
) -> tuple[Material, list[Problem]]:
    """Read the records and catalogues of files; what cannot be read is told, and is in no number."""
    places, ids = asked.places(rulebook), rulebook.tree.ids
    read, problems = read_records(files, procedures=rulebook.procedures, jurisdictions=ids, limit=limit)
    catalogues, wrong = read_catalogues(files, jurisdictions=ids, limit=limit)
    records = [one.record for one in read if one.record.entered is None or one.record.entered <= asked.known_at]
    cases = {
        record.id: record for record in records if record.jurisdiction in places and record.procedure not in JOINED
    }
    for catalogue in catalogues:
        if catalogue.catalogue.jurisdiction not in places or not set(rulebook.procedures) >= JOINED:
            continue
        made, found = catalogue.cases(records, rulebook.procedures, known_at=asked.known_at)
        wrong += found
        cases |= {one.record.id: one.record for one in made}
    told = [*problems, *wrong]
    basis = _basis(
        ", ".join(map(str, files)), rulebook, asked, cases, unread=len({(one.file, one.line) for one in told})
    )
    return Material(basis, cases), told


def from_store(session: Session, source: str, rules: ReadyRulebook, asked: ReportQuestion) -> Material:
    """Read the records of a place from the store of a service, as they were known at the time asked about."""
    places = asked.places(rules.rulebook)
    cases: dict[str, DecisionRecord] = {}
    unread = 0
    for key, body in _bodies(session, places, asked.known_at):
        try:
            cases[key] = read_body(body, rules)
        except BeyondRulebookError:
            unread += 1
    head = trail.head(session)
    basis = _basis(source, rules.rulebook, asked, cases, unread=unread)
    basis = basis.model_copy(update={"trail_number": head.number, "trail_digest": head.digest})
    moment = min(asked.known_at, datetime.combine(asked.as_of, time.max, tzinfo=LOCAL))
    marks = marks_at(session, as_of=asked.as_of, known_at=asked.known_at)
    return Material(basis, cases, Handled(marks, tuple(_flags(session, places, moment))))


def _basis(
    source: str, rulebook: Rulebook, asked: ReportQuestion, cases: Mapping[str, DecisionRecord], *, unread: int
) -> ReportBasis:
    return ReportBasis(
        source=source,
        place=asked.place,
        place_title=rulebook.tree.by_id[asked.place].title,
        procedure=asked.procedure,
        procedure_title=rulebook.procedures[asked.procedure].title,
        year=asked.year,
        as_of=asked.as_of,
        known_at=asked.known_at,
        rulebook=rulebook.digest,
        engine=VERSION,
        made_up=any(record.made_up for record in cases.values()),
        unread=unread,
    )


def _bodies(session: Session, places: frozenset[str], known_at: datetime) -> Iterable[tuple[str, str]]:
    """Give the keys of the records of some places, with what each said at a time."""
    keys = session.exec(
        select(Record.key).where(col(Record.jurisdiction).in_(sorted(places))).order_by(Record.key)
    ).all()
    for begin in range(0, len(keys), TOGETHER):
        some = keys[begin : begin + TOGETHER]
        versions = session.exec(
            select(RecordVersion)
            .where(col(RecordVersion.record).in_(some), col(RecordVersion.entered_at) <= known_at)
            .order_by(col(RecordVersion.record), col(RecordVersion.number))
        )
        newest = {version.record: version.body for version in versions}
        yield from newest.items()


def _flags(session: Session, places: frozenset[str], moment: datetime) -> Iterable[FlagStanding]:
    """Give the flags that had been opened by a moment, as they stood then."""
    events = session.exec(
        select(Finding, FindingEvent)
        .join(FindingEvent, col(FindingEvent.finding) == col(Finding.key))
        .join(Record, col(Record.key) == col(Finding.record))
        .where(col(Record.jurisdiction).in_(sorted(places)), col(FindingEvent.at) <= moment)
        .order_by(col(Finding.key), col(FindingEvent.number))
    )
    last: dict[str, tuple[Finding, FindingState, bool]] = {}
    for finding, event in events:
        was_flag = event.kind == FindingKind.FLAG or (finding.key in last and last[finding.key][2])
        last[finding.key] = (finding, event.state, was_flag)
    held = session.exec(select(ReviewInForce).where(holding(moment)))
    reviews: dict[str, ReviewState] = {one.finding: review_state(one) for one in held}
    for key, (finding, state, was_flag) in last.items():
        if was_flag:
            yield FlagStanding(finding.record, finding.card, state, reviews.get(key, ReviewState.UNDECIDED))
