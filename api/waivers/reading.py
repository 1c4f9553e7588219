"""What is read of waivers: lists by filters, one with what has happened to it. How they stand follows from the day."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from api.identity.reach import Reach
from api.identity.roles import Role
from api.records.tables import Record
from api.store.conditions import older
from api.waivers.models import WaiverEventOut, WaiverFilter, WaiverOut, WaiverRow, WaiverStanding
from api.waivers.standing import STANDING
from api.waivers.tables import Waiver, WaiverEvent, WaiverState
from engine.vocabulary import Bilingual


def standing(waiver: Waiver, *, today: date) -> WaiverStanding:
    """Say how a waiver stands on a day."""
    if waiver.state not in STANDING:
        return WaiverStanding.of(waiver.state)
    if waiver.until < today:
        return WaiverStanding.LAPSED
    if waiver.state == WaiverState.APPLIED:
        return WaiverStanding.APPLIED
    return WaiverStanding.COMING if waiver.since > today else WaiverStanding.IN_FORCE


def listed(
    session: Session,
    reach: Reach,
    wanted: WaiverFilter,
    *,
    today: date,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> Sequence[tuple[Waiver, Record]]:
    """Return waivers of records within reach, the newest first, from behind a position on."""
    query = (
        select(Waiver, Record)
        .join(Record, col(Record.key) == col(Waiver.record))
        .where(reach.where(), *_conditions(wanted, today))
        .order_by(col(Waiver.applied_at).desc(), col(Waiver.key).desc())
    )
    if after is not None:
        applied, key = col(Waiver.applied_at), col(Waiver.key)
        query = query.where(older(applied, key, than=after))
    if limit is not None:
        query = query.limit(limit)
    return [(waiver, record) for waiver, record in session.execute(query)]


def told_row(waiver: Waiver, record: Record, *, today: date) -> WaiverRow:
    """Tell a waiver in a list."""
    return WaiverRow(
        key=waiver.key,
        finding=waiver.finding,
        record=record.key,
        record_id=record.own_id,
        record_title=Bilingual(zh=record.title_zh, en=record.title_en),
        lead_unit=record.lead_unit,
        jurisdiction=record.jurisdiction,
        version=waiver.version,
        card=waiver.card,
        scope=waiver.scope,
        reason=waiver.reason,
        since=waiver.since,
        until=waiver.until,
        standing=standing(waiver, today=today),
        applied_at=waiver.applied_at,
        applied_by=waiver.by,
        role=Role.of(waiver.role),
        unit=waiver.unit,
        approved_at=waiver.approved_at,
        approved_by=waiver.approved_by,
        closed_at=waiver.closed_at,
    )


def told(session: Session, waiver: Waiver, record: Record, *, today: date) -> WaiverOut:
    """Tell a waiver with what has happened to it."""
    order = col(WaiverEvent.number)
    events = session.scalars(select(WaiverEvent).where(col(WaiverEvent.waiver) == waiver.key).order_by(order))
    return WaiverOut(
        **dict(told_row(waiver, record, today=today)),
        events=tuple(
            WaiverEventOut(
                number=event.number,
                what=event.what,
                reason=event.reason,
                version=event.version,
                at=event.at,
                by=event.by,
            )
            for event in events
        ),
    )


def _conditions(wanted: WaiverFilter, today: date) -> list[ColumnElement[bool]]:
    """Return what a filter asks for. Texts go to the database as values, never as SQL."""
    equal = (
        (col(Waiver.finding), wanted.finding),
        (col(Waiver.record), wanted.record),
        (col(Waiver.card), wanted.card),
        (col(Record.jurisdiction), wanted.jurisdiction),
        (col(Record.lead_unit), wanted.unit),
    )
    found: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if wanted.standing is not None:
        found += _stands(wanted.standing, today)
    return found


def _stands(wanted: WaiverStanding, today: date) -> list[ColumnElement[bool]]:
    """Return the conditions on `Waiver` that it stands so on a day, as `standing` says."""
    state, since, until = col(Waiver.state), col(Waiver.since), col(Waiver.until)
    match wanted:
        case WaiverStanding.LAPSED:
            return [state.in_(STANDING), until < today]
        case WaiverStanding.COMING:
            return [state == WaiverState.APPROVED, until >= today, since > today]
        case WaiverStanding.IN_FORCE:
            return [state == WaiverState.APPROVED, until >= today, since <= today]
        case WaiverStanding.APPLIED:
            return [state == WaiverState.APPLIED, until >= today]
    return [state == WaiverState.of(wanted)]
