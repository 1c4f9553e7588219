"""Findings as they lie in the store: within reach, by filters, with their history. Changes none: judging does."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from api.findings.errors import UnknownFindingError
from api.findings.models import EventOut, FindingFilter, FindingHistory, FindingOut, FindingRow
from api.findings.tables import Finding, FindingEvent
from api.identity.reach import Reach
from api.judging.telling import told_finding
from api.records.tables import Record
from api.store.keys import is_key
from engine.calendar.moment import LOCAL
from engine.evaluation import results
from engine.evaluation.results import CardVerdict
from engine.vocabulary import Bilingual

_DAY = timedelta(days=1)


def listed(
    session: Session,
    reach: Reach,
    wanted: FindingFilter,
    *,
    today: date,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> Sequence[tuple[Finding, Record]]:
    """Return findings within reach with their records, the newest first, from behind a position on."""
    query = (
        select(Finding, Record)
        .join(Record, col(Record.key) == col(Finding.record))
        .where(reach.where(), *_conditions(wanted, today))
        .order_by(col(Finding.opened_at).desc(), col(Finding.key).desc())
    )
    if after is not None:
        opened, key = col(Finding.opened_at), col(Finding.key)
        query = query.where(or_(opened < after[0], and_(opened == after[0], key < after[1])))
    if limit is not None:
        query = query.limit(limit)
    return [(finding, record) for finding, record in session.execute(query)]


def visible(session: Session, reach: Reach, key: str) -> tuple[Finding, Record]:
    """Return a finding within reach, with its record; raises `UnknownFindingError`."""
    query = select(Finding, Record).join(Record, col(Record.key) == col(Finding.record))
    found = session.execute(query.where(col(Finding.key) == key, reach.where())).first() if is_key(key) else None
    if found is None:
        raise UnknownFindingError(given=key)
    finding, record = found
    return finding, record


def history(session: Session, finding: Finding) -> FindingHistory:
    """Tell what has happened to a finding."""
    order = col(FindingEvent.number)
    events = session.scalars(select(FindingEvent).where(col(FindingEvent.finding) == finding.key).order_by(order))
    return FindingHistory(key=finding.key, items=tuple(_told_event(event) for event in events))


def told_row(finding: Finding, record: Record, *, today: date) -> FindingRow:
    """Tell a finding in a list."""
    said = results.Finding.model_validate_json(finding.said)
    return _row(finding, record, said, today)


def told(finding: Finding, record: Record, *, today: date) -> FindingOut:
    """Tell a finding with everything."""
    said = results.Finding.model_validate_json(finding.said)
    return FindingOut(
        **dict(_row(finding, record, said, today)),
        told=told_finding(said),
        version=finding.version,
        as_of=finding.as_of,
        rulebook=finding.rulebook,
    )


def _row(finding: Finding, record: Record, said: results.Finding, today: date) -> FindingRow:
    return FindingRow(
        key=finding.key,
        record=record.key,
        record_id=record.own_id,
        record_title=Bilingual(zh=record.title_zh, en=record.title_en),
        lead_unit=record.lead_unit,
        jurisdiction=record.jurisdiction,
        procedure=record.procedure,
        card=finding.card,
        title=said.title,
        step=finding.step,
        kind=finding.kind,
        state=finding.state,
        under=finding.under,
        verdict=finding.verdict,
        reason=finding.reason,
        message=said.message,
        opened_at=finding.opened_at,
        opened_as_of=finding.opened_as_of,
        changed_at=finding.changed_at,
        rectified_at=finding.rectified_at,
        age_days=max(0, (today - finding.opened_at.astimezone(LOCAL).date()).days),
    )


def _told_event(event: FindingEvent) -> EventOut:
    return EventOut(
        number=event.number,
        what=event.what,
        cause=event.cause,
        at=event.at,
        by=event.by,
        version=event.version,
        as_of=event.as_of,
        rulebook=event.rulebook,
        kind=event.kind,
        state=event.state,
        verdict=CardVerdict.model_validate_json(event.verdict) if event.verdict else None,
    )


def _conditions(wanted: FindingFilter, today: date) -> list[ColumnElement[bool]]:
    """Return what a filter asks for. Texts go to the database as values, never as SQL."""
    equal = (
        (col(Record.lead_unit), wanted.unit),
        (col(Record.jurisdiction), wanted.jurisdiction),
        (col(Record.procedure), wanted.procedure),
        (col(Finding.record), wanted.record),
        (col(Finding.step), wanted.step),
        (col(Finding.card), wanted.card),
        (col(Finding.kind), wanted.kind),
        (col(Finding.state), wanted.state),
    )
    found: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if wanted.age_from is not None:
        found.append(col(Finding.opened_at) < _begin(today - wanted.age_from * _DAY + _DAY))
    if wanted.age_to is not None:
        found.append(col(Finding.opened_at) >= _begin(today - wanted.age_to * _DAY))
    return found


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL)
