"""Days by which something has to be done: kept as they come, move and go, and told once when they are near or past."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from api.outbox.posting import Tidings, post
from api.outbox.tables import DueDay, DueKind, News
from api.store.keys import new_key

_TOLD_OTHERWISE: Final = frozenset({DueKind.DEADLINE})
"""What is past of these is told as a finding."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due on a day. `warning`: how many days before it is due soon."""

    kind: DueKind
    subject: str
    record: str
    card: str
    step: str
    day: date
    warning: int


def keep_due(session: Session, due: Due, *, today: date, at: datetime) -> None:
    """Let something be due on a day, instead of any day that was kept for the same subject."""
    _keep(session, _row(session, due.kind, due.subject), due, today=today, at=at)


def end_due(session: Session, kind: DueKind, subject: str, *, at: datetime) -> None:
    """Wait for a day no more: it was kept, or is not asked for any longer."""
    row = _row(session, kind, subject)
    if row is not None and row.ended_at is None:
        row.ended_at = at
        session.add(row)


def keep_deadlines(session: Session, record: str, dues: Iterable[Due], *, today: date, at: datetime) -> None:
    """Let the deadlines of a record be these and no others."""
    found = select(DueDay).where(DueDay.record == record, DueDay.kind == DueKind.DEADLINE)
    rows = {row.subject: row for row in session.exec(found)}
    kept = {due.subject: due for due in dues}
    for subject, row in rows.items():
        if subject not in kept and row.ended_at is None:
            row.ended_at = at
            session.add(row)
    for subject, due in kept.items():
        _keep(session, rows.get(subject), due, today=today, at=at)


def remind(session: Session, *, today: date, at: datetime, limit: int) -> int:
    """Tell of days that are near or past and were not told of yet; returns of how many."""
    rows = session.exec(select(DueDay).where(untold(today)).order_by(col(DueDay.due)).limit(limit)).all()
    for row in rows:
        _tell(session, row, today=today, at=at)
    return len(rows)


def untold(today: date) -> ColumnElement[bool]:
    """Return the condition on `DueDay` that there is something to tell on a day."""
    not_soon = or_(col(DueDay.told_soon).is_(None), col(DueDay.told_soon) != col(DueDay.due))
    not_past = or_(col(DueDay.told_passed).is_(None), col(DueDay.told_passed) != col(DueDay.due))
    past = and_(col(DueDay.due) < today, col(DueDay.kind).not_in(_TOLD_OTHERWISE), not_past)
    soon = and_(col(DueDay.due) >= today, not_soon)
    return and_(col(DueDay.ended_at).is_(None), col(DueDay.warn_on) <= today, or_(soon, past))


def _row(session: Session, kind: DueKind, subject: str) -> DueDay | None:
    return session.exec(select(DueDay).where(DueDay.kind == kind, DueDay.subject == subject)).first()


def _keep(session: Session, row: DueDay | None, due: Due, *, today: date, at: datetime) -> None:
    warn_on = due.day - timedelta(days=due.warning)
    if row is None:
        row = DueDay(
            key=new_key(),
            kind=due.kind,
            subject=due.subject,
            record=due.record,
            card=due.card,
            step=due.step,
            due=due.day,
            warn_on=warn_on,
            sequence=0,
            changed_at=at,
        )
    elif row.due != due.day or row.ended_at is not None:
        row.due, row.warn_on, row.ended_at = due.day, warn_on, None
        row.sequence, row.changed_at = row.sequence + 1, at
    else:
        row.warn_on = warn_on
    session.add(row)
    _tell(session, row, today=today, at=at)


def _tell(session: Session, row: DueDay, *, today: date, at: datetime) -> None:
    """Tell once of each day that it is near, and once that it is past."""
    if row.due < today:
        if row.kind not in _TOLD_OTHERWISE and row.told_passed != row.due:
            row.told_passed = row.due
            post(session, _tidings(News.DUE_PASSED, row), at=at)
    elif row.warn_on <= today and row.told_soon != row.due:
        row.told_soon = row.due
        post(session, _tidings(News.DUE_SOON, row), at=at)
    session.add(row)


def _tidings(news: News, row: DueDay) -> Tidings:
    content: Mapping[str, str] = {
        "due_kind": row.kind,
        "due": row.due.isoformat(),
        "card": row.card,
        "step": row.step,
    }
    return Tidings(news, row.record, row.subject, content)
