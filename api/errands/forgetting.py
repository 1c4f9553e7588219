"""Forgetting what was delivered, or given up, long ago; what happened itself stays on record."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete
from sqlmodel import col, select

from api import clock
from api.outbox.tables import Delivery, Message, Sending
from api.store.database import Database

_IN_A_TURN: Final = 500


def forget_messages(database: Database, *, days: int) -> int:
    """Remove messages older than some days for which nothing waits, with their deliveries; returns how many."""
    before, gone = clock.now() - timedelta(days=days), 0
    waiting = select(Delivery.message).where(Delivery.state == Sending.WAITING)
    old = select(Message.key).where(
        col(Message.at) < before, col(Message.spread_at).is_not(None), col(Message.key).not_in(waiting)
    )
    while True:
        with database.writing() as session:
            keys = session.exec(old.limit(_IN_A_TURN)).all()
            session.execute(delete(Delivery).where(col(Delivery.message).in_(keys)))
            session.execute(delete(Message).where(col(Message.key).in_(keys)))
        gone += len(keys)
        if len(keys) < _IN_A_TURN:
            return gone
