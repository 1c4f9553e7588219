"""Which waivers are in force, and that they are no more once what they are about has changed.

Below judging, which asks. Days that come and pass change nothing that is kept: each question names its day.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlmodel import Session, col, select

from api.outbox.dues import end_due
from api.outbox.tables import DueKind
from api.store import trail
from api.store.types import JSON
from api.waivers.tables import Waiver, WaiverEvent, WaiverScope, WaiverState
from api.waivers.witness import event_digest
from engine.calendar.moment import LOCAL
from engine.vocabulary import Frozen

STANDING: Final = (WaiverState.APPLIED, WaiverState.APPROVED)
"""What is applied for or approved, and not closed yet."""


# Made once, and by columns: it is asked with every judgement, and most records have none.
_ANY_OF: Final = (
    select(col(Waiver.key)).where(col(Waiver.record) == bindparam("record"), col(Waiver.state).in_(STANDING)).limit(1)
)


class WaiverShown(Frozen):
    """A waiver in force, as it is shown beside a finding or a status; it changes neither verdicts nor gates."""

    key: str
    card: str
    scope: WaiverScope
    since: date
    until: date


def in_force(*, as_of: date, known_at: datetime) -> ColumnElement[bool]:
    """Return the condition on `Waiver` that it is in force on a day, the end of it, by what was known at a time."""
    moment = min(known_at, datetime.combine(as_of, time.max, tzinfo=LOCAL))
    closed = col(Waiver.closed_at)
    return and_(
        col(Waiver.approved_at) <= moment,
        or_(closed.is_(None), closed > moment),
        col(Waiver.since) <= as_of,
        col(Waiver.until) >= as_of,
    )


def shown_waivers(session: Session, record: str, *, as_of: date, known_at: datetime) -> tuple[WaiverShown, ...]:
    """Return the waivers of a record that are in force on a day, by what was known at a time."""
    return shown(session.exec(select(Waiver).where(Waiver.record == record, in_force(as_of=as_of, known_at=known_at))))


def shown(waivers: Iterable[Waiver]) -> tuple[WaiverShown, ...]:
    """Say of waivers what is shown beside a finding."""
    return tuple(
        WaiverShown(key=row.key, card=row.card, scope=row.scope, since=row.since, until=row.until)
        for row in sorted(waivers, key=lambda row: (row.card, row.key))
    )


def carried_over(
    session: Session, record: str, *, version: int, moved: Collection[str], as_of: date, at: datetime, by: str
) -> tuple[WaiverShown, ...]:
    """Reopen the waivers of a record that a new judgement of it ends; return those that are in force on its day.

    A new version ends them all; what happens to a finding (`moved`) ends those for as long as it says the same.
    """
    if session.connection().execute(_ANY_OF, {"record": record}).first() is None:
        return ()
    kept: list[Waiver] = []
    for row in session.exec(select(Waiver).where(Waiver.record == record, col(Waiver.state).in_(STANDING))):
        if row.version != version or (row.scope == WaiverScope.FINDING and row.finding in moved):
            row.closed_at = at
            note(session, row, WaiverState.REOPENED, reason=None, version=version, at=at, by=by)
        elif row.state == WaiverState.APPROVED and row.since <= as_of <= row.until:
            kept.append(row)
    return shown(kept)


def note(
    session: Session, row: Waiver, what: WaiverState, *, reason: str | None, version: int, at: datetime, by: str
) -> None:
    """Note that something happens to a waiver, and say so in the trail."""
    row.state, row.events = what, row.events + 1
    event = WaiverEvent(waiver=row.key, number=row.events, what=what, reason=reason, version=version, at=at, by=by)
    session.add(row)
    # The history refers to it.
    session.flush()
    session.add(event)
    content: dict[str, JSON] = {
        "record": row.record,
        "finding": row.finding,
        "card": row.card,
        "version": version,
        "scope": row.scope,
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "event": event.number,
        "sha256": event_digest(row, event),
    }
    trail.append(session, at=at, actor=by, action=f"waiver.{what}", subject=row.key, content=content)
    if what not in STANDING:
        end_due(session, DueKind.WAIVER, row.key, at=at)
