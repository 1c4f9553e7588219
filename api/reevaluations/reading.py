"""What is read of re-evaluations: their reports, and which verdicts changed within reach."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from api.identity.reach import Reach
from api.records.tables import Record
from api.reevaluations.errors import UnknownReevaluationError
from api.reevaluations.models import ChangeOut, ReevaluationOut
from api.reevaluations.tables import ChangedVerdict, Reevaluation
from api.store.conditions import older
from api.store.keys import is_key


def reports(
    session: Session, *, after: tuple[datetime, str] | None = None, limit: int | None = None
) -> Sequence[ReevaluationOut]:
    """Return the reports, the newest first, from behind a position on."""
    query = select(Reevaluation).order_by(col(Reevaluation.begun_at).desc(), col(Reevaluation.key).desc())
    if after is not None:
        at, key = col(Reevaluation.begun_at), col(Reevaluation.key)
        query = query.where(older(at, key, than=after))
    return [told(row) for row in session.exec(query if limit is None else query.limit(limit))]


def changes(
    session: Session,
    reach: Reach,
    key: str,
    *,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> Sequence[ChangeOut]:
    """Return which verdicts of records within reach a re-evaluation changed; raises `UnknownReevaluationError`."""
    if not is_key(key) or session.get(Reevaluation, key) is None:
        raise UnknownReevaluationError(given=key)
    record, card = col(ChangedVerdict.record), col(ChangedVerdict.card)
    query = select(ChangedVerdict, Record.own_id).join(Record, col(Record.key) == record)
    query = query.where(ChangedVerdict.reevaluation == key, reach.where()).order_by(record, card)
    if after is not None:
        query = query.where(or_(record > after[0], and_(record == after[0], card > after[1])))
    return [
        ChangeOut(record=row.record, own_id=own_id, card=row.card, before=row.before, after=row.after, cause=row.cause)
        for row, own_id in session.exec(query if limit is None else query.limit(limit))
    ]


def told(row: Reevaluation) -> ReevaluationOut:
    """Say what is told of a report."""
    return ReevaluationOut(
        key=row.key,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        by=row.by,
        as_of=row.as_of,
        rulebook=row.rulebook,
        judged=row.judged,
        changed=row.changed,
        unread=len(row.unread),
    )
