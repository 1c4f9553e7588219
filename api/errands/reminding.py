"""Reminding of days that are near or past, as days pass: each is told once, whoever looks first."""

from datetime import date
from typing import Final

from sqlmodel import select

from api import clock
from api.outbox.dues import remind, untold
from api.outbox.tables import DueDay
from api.store.database import Database

_IN_A_TURN: Final = 200


def remind_all(database: Database, *, today: date) -> int:
    """Tell of all days that are near or past and were not told of yet; returns of how many."""
    told = 0
    while _is_something_untold(database, today):
        with database.writing() as session:
            told += remind(session, today=today, at=clock.now(), limit=_IN_A_TURN)
    return told


def _is_something_untold(database: Database, today: date) -> bool:
    with database.reading() as session:
        return session.exec(select(DueDay.key).where(untold(today)).limit(1)).first() is not None
