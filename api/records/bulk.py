"""Many new records entered at once: by who moves them here from elsewhere. What is written is what `Change` writes.

Assessments come from one sweep over all of them, and each table gets its rows with one statement. Who enters records so
has checked them: nothing is asked of a caller's reach.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from api.judging.judge import Judge
from api.judging.judgements import Judged, first_judgements, state_of
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.records.bodies import body_of
from api.records.changes import new_row, write_joined
from api.records.errors import RecordExistsError
from api.records.tables import Record, RecordUnit, RecordVersion
from api.records.units import lead_of, unit_rows
from api.store import trail
from api.store.inserting import insert_rows
from api.store.keys import new_key
from api.store.types import JSON, digest_of
from engine.calendar.moment import LOCAL
from engine.evaluation.results import Assessment
from engine.record import DecisionRecord

_FIRST: Final = 1
"""The number of the version that is entered."""


def enter_all(
    session: Session,
    entered: Sequence[tuple[DecisionRecord, Assessment]],
    *,
    rulebooks: Rulebooks,
    judge: Judge,
    at: datetime,
    by: str,
) -> tuple[str, ...]:
    """Enter new records with their assessments of the day, in a session of `Database.writing()`; returns their keys.

    `judge` judges the catalogues in which they are joined. Raises `RecordExistsError` and `LeadUnclearError`, and
    `ValueError` for an assessment of another day or by another rulebook than the active one.
    """
    rules, day = rulebooks.active(session), at.astimezone(LOCAL).date()
    if any((found.receipt.as_of, found.receipt.rulebook) != (day, rules.digest) for _, found in entered):
        raise ValueError(day)
    judged = [_judged(record, found, at) for record, found in entered]
    _refuse_taken(session, [one.row for one in judged])
    insert_rows(session, Record, [dict(one.row) for one in judged])
    units = (row for one in judged for row in unit_rows(one.record, key=one.row.key, before=(), on=day))
    insert_rows(session, RecordUnit, [dict(row) for row in units])
    _write_versions(session, judged, rules, at=at, by=by)
    first_judgements(session, rules, judged, at=at, by=by)
    for one in judged:
        write_joined(session, one.row, one.record, rulebooks=rulebooks, judge=judge, at=at, by=by)
    return tuple(one.row.key for one in judged)


def _judged(record: DecisionRecord, found: Assessment, at: datetime) -> Judged:
    row = new_row(record, key=new_key(), lead=lead_of(record, on=found.receipt.as_of), at=at)
    receipt = found.receipt.model_copy(update={"known_at": at})
    judged = Judged(row, record, found.model_copy(update={"receipt": receipt}))
    row.state = state_of(judged)
    return judged


def _refuse_taken(session: Session, rows: Sequence[Record]) -> None:
    """Raise `RecordExistsError` where a unit has a record of an id already, or would have two."""
    ids = sorted({row.own_id for row in rows})
    there = session.exec(select(Record.lead_unit, Record.own_id).where(col(Record.own_id).in_(ids)))
    taken = {(unit, own_id) for unit, own_id in there}
    for row in rows:
        if (row.lead_unit, row.own_id) in taken:
            raise RecordExistsError(given=row.own_id, unit=row.lead_unit)
        taken.add((row.lead_unit, row.own_id))


def _write_versions(session: Session, judged: Sequence[Judged], rules: ReadyRulebook, *, at: datetime, by: str) -> None:
    versions, done = [], []
    for one in judged:
        body, digest = body_of(one.record), one.assessment.receipt.record
        version = RecordVersion(
            record=one.row.key, number=_FIRST, body=body, sha256=digest, rulebook=rules.digest, entered_at=at, by=by
        )
        versions.append(dict(version))
        content: dict[str, JSON] = {"version": _FIRST, "sha256": digest, "body": digest_of(body)}
        done.append(trail.Done("record.created", one.row.key, content))
    insert_rows(session, RecordVersion, versions)
    trail.append_all(session, done, at=at, actor=by)
