"""Findings as they lie in the store: within reach, by filters, with their history. Changes none: judging does.

Beside each stands what was decided about it, and until when somebody answers for it.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, select, tuple_
from sqlmodel import Session, col

from api.findings.errors import UnknownFindingError
from api.findings.models import EventOut, FindingFilter, FindingHistory, FindingOut, FindingRow
from api.findings.tables import Finding, FindingEvent, FindingState
from api.identity.reach import Reach
from api.identity.roles import Role
from api.judging.telling import told_finding
from api.records.tables import Record
from api.reviews.standing import holding_now, review_state
from api.reviews.tables import ReviewInForce, ReviewState
from api.store.conditions import looked_at, older, read_only
from api.store.keys import is_key
from api.waivers.standing import shown_waivers
from api.waivers.tables import Waiver, WaiverState
from engine.calendar.moment import LOCAL
from engine.evaluation import results
from engine.evaluation.results import CardVerdict
from engine.vocabulary import Bilingual

_DAY = timedelta(days=1)


class Listed(NamedTuple):
    """A finding with its record, what was decided and holds, and the last day of its waiver, if any is in force."""

    finding: Finding
    record: Record
    holds: ReviewInForce | None
    waived_until: date | None


def listed(
    session: Session,
    reach: Reach,
    wanted: FindingFilter,
    *,
    today: date,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
    led: bool = False,
) -> Sequence[Listed]:
    """Return findings within reach with what stands beside them, the newest first, from behind a position on.

    `led`: only those of records that the caller leads.
    """
    by_record = led or reach.role is Role.DEPARTMENT
    query = (
        with_decisions(today)
        .where(reach.where_led() if led else reach.where(), *conditions(wanted, today, by_record=by_record))
        .order_by(col(Finding.opened_at).desc(), col(Finding.key).desc())
    )
    if after is not None:
        opened, key = col(Finding.opened_at), col(Finding.key)
        query = query.where(older(opened, key, than=after))
    if limit is not None:
        query = query.limit(limit)
    return [Listed(*row) for row in session.execute(query)]


def beside(session: Session, finding: Finding, *, today: date) -> Listed:
    """Return a finding with what stands beside it."""
    return Listed(*session.execute(with_decisions(today).where(col(Finding.key) == finding.key)).one())


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


def told_row(row: Listed, *, today: date) -> FindingRow:
    """Tell a finding in a list."""
    return _row(row, results.Finding.model_validate_json(row.finding.said), today)


def told(session: Session, finding: Finding, *, at: datetime) -> FindingOut:
    """Tell a finding with everything, as of the day of a time."""
    today = at.astimezone(LOCAL).date()
    said = results.Finding.model_validate_json(finding.said)
    waivers = shown_waivers(session, finding.record, as_of=today, known_at=at)
    return FindingOut(
        **dict(_row(beside(session, finding, today=today), said, today)),
        told=told_finding(said),
        version=finding.version,
        as_of=finding.as_of,
        rulebook=finding.rulebook,
        waivers=tuple(waiver for waiver in waivers if waiver.card == finding.card),
    )


def _row(row: Listed, said: results.Finding, today: date) -> FindingRow:
    finding, record = row.finding, row.record
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
        review=review_state(row.holds),
        due=row.holds.due if row.holds else None,
        waived_until=row.waived_until,
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


def with_decisions(today: date) -> Select[Finding, Record, ReviewInForce, date]:
    """Return the query for findings with what stands beside them."""
    return (
        select(Finding, Record, ReviewInForce, _waived_until(today))
        .join(Record, col(Record.key) == col(Finding.record))
        .outerjoin(ReviewInForce, decided())
    )


def decided() -> ColumnElement[bool]:
    """Return the condition that a decision about a finding holds; of decisions one does, or none."""
    return and_(col(ReviewInForce.finding) == col(Finding.key), holding_now())


def _waived_until(today: date) -> ScalarSelect[date]:
    same = and_(col(Waiver.record) == col(Finding.record), col(Waiver.card) == col(Finding.card))
    return select(func.max(col(Waiver.until))).where(same, *_in_force(today)).correlate(Finding).scalar_subquery()


def _in_force(today: date) -> tuple[ColumnElement[bool], ...]:
    return col(Waiver.state) == WaiverState.APPROVED, col(Waiver.since) <= today, col(Waiver.until) >= today


def conditions(wanted: FindingFilter, today: date, *, by_record: bool = False) -> list[ColumnElement[bool]]:
    """Return what a filter asks for. Texts go to the database as values, never as SQL.

    `by_record`: findings are found by their records, which are few; by what they are themselves they are not. So they
    are in any case where one record is asked for, or those of one unit.
    """
    found = by_record or wanted.record is not None or wanted.unit is not None
    return [*on_records(wanted), *on_findings(wanted, today, by_record=found), *on_decisions(wanted, today)]


def on_records(wanted: FindingFilter) -> list[ColumnElement[bool]]:
    """Return what a filter asks for of records."""
    equal = (
        (col(Record.lead_unit), wanted.unit),
        (col(Record.jurisdiction), wanted.jurisdiction),
        (col(Record.procedure), wanted.procedure),
        (col(Record.key), wanted.record),
    )
    return [column == value for column, value in equal if value is not None]


def on_findings(wanted: FindingFilter, today: date, *, by_record: bool = False) -> list[ColumnElement[bool]]:
    """Return what a filter asks for of findings themselves."""
    equal = (
        (col(Finding.step), wanted.step),
        (col(Finding.card), wanted.card),
        (col(Finding.kind), wanted.kind),
        (col(Finding.state), wanted.state),
    )
    found: list[ColumnElement[bool]] = [
        looked_at(column, value) if by_record else column == value for column, value in equal if value is not None
    ]
    opened = read_only(col(Finding.opened_at)) if by_record else col(Finding.opened_at)
    if wanted.age_from is not None:
        found.append(opened < _begin(today - wanted.age_from * _DAY + _DAY))
    if wanted.age_to is not None:
        found.append(opened >= _begin(today - wanted.age_to * _DAY))
    return found


def on_decisions(wanted: FindingFilter, today: date) -> list[ColumnElement[bool]]:
    """Return what a filter asks for of that which stands beside findings."""
    found: list[ColumnElement[bool]] = []
    if wanted.review is not None:
        decision = col(ReviewInForce.decision)
        undecided = wanted.review == ReviewState.UNDECIDED
        found.append(decision.is_(None) if undecided else decision == wanted.review)
    if wanted.overdue is not None:
        overdue = and_(col(Finding.state) != FindingState.RECTIFIED, func.coalesce(ReviewInForce.due, today) < today)
        found.append(overdue if wanted.overdue else ~overdue)
    if wanted.waived is not None:
        waived = select(col(Waiver.record), col(Waiver.card)).where(*_in_force(today))
        about = tuple_(col(Finding.record), col(Finding.card))
        found.append(about.in_(waived) if wanted.waived else about.not_in(waived))
    return found


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL)
