"""Which decision about a finding holds, now or at a time; and that it holds no more. Below judging, which asks."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, select

from api.outbox.dues import end_due
from api.outbox.tables import DueKind
from api.reviews.tables import ReviewInForce, ReviewState


def holding(known_at: datetime) -> ColumnElement[bool]:
    """Return the condition on `ReviewInForce` that a decision held at a time."""
    until = col(ReviewInForce.until)
    return and_(col(ReviewInForce.since) <= known_at, or_(until.is_(None), until > known_at))


def holding_now() -> ColumnElement[bool]:
    """Return the condition on `ReviewInForce` that a decision holds; there is one for a finding, or none."""
    return col(ReviewInForce.until).is_(None)


def in_force(session: Session, finding: str) -> ReviewInForce | None:
    """Return the decision that holds about a finding, None where there is none."""
    return session.exec(select(ReviewInForce).where(ReviewInForce.finding == finding, holding_now())).first()


def review_state(holds: ReviewInForce | None) -> ReviewState:
    """Say what holds of a finding."""
    return ReviewState.of(holds.decision) if holds else ReviewState.UNDECIDED


def undo(session: Session, finding: str, *, at: datetime) -> None:
    """Let no decision about a finding hold any longer: it is another one than was decided about."""
    ended = update(ReviewInForce).where(col(ReviewInForce.finding) == finding, holding_now()).values(until=at)
    session.execute(ended.execution_options(synchronize_session="fetch"))
    end_due(session, DueKind.RECTIFICATION, finding, at=at)
