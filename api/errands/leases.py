"""Leases: one process at a time is at an errand, and another takes over once that one is taken for dead.

A lease is believed for some seconds, and prolonged while the errand goes on. Who has lost it is told before it writes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from api import clock
from api.errands.tables import Errand
from api.store.database import Database
from api.store.keys import new_key


class LeaseLostError(Exception):
    """Another process has taken the errand over: this one was slower than it had promised to be."""

    def __init__(self, name: str) -> None:
        """Keep the name of the errand."""
        super().__init__(f"another process has taken over {name!r}; what is left is done there")
        self.name = name


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one process to be at an errand."""

    name: str
    holder: str
    seconds: float

    def prolong(self, session: Session) -> None:
        """Go on for as long again, in a session of `Database.writing()`; raises `LeaseLostError`."""
        row = self._row(session)
        row.until = clock.now() + timedelta(seconds=self.seconds)
        session.add(row)

    def done(self, session: Session, what: str) -> None:
        """Note that the errand is done, and for what, in a session of `Database.writing()`; raises `LeaseLostError`."""
        row = self._row(session)
        row.done_at, row.done_for = clock.now(), what
        session.add(row)

    def _row(self, session: Session) -> Errand:
        row = session.get(Errand, self.name)
        if row is None or row.holder != self.holder:
            raise LeaseLostError(self.name)
        return row


@contextmanager
def leased(database: Database, name: str, *, seconds: float) -> Iterator[Lease | None]:
    """Be at an errand for the length of a block; None while another process is at it."""
    lease = Lease(name, new_key(), seconds)
    with database.writing() as session:
        taken = _take(session, lease, at=clock.now())
    if not taken:
        yield None
        return
    try:
        yield lease
    finally:
        with database.writing() as session:
            _give_back(session, lease)


def last_done(session: Session, name: str) -> Errand:
    """Return an errand, which says when it was last done and for what."""
    return session.get(Errand, name) or Errand(name=name)


def _take(session: Session, lease: Lease, *, at: datetime) -> bool:
    row = session.get(Errand, lease.name) or Errand(name=lease.name)
    if row.holder is not None and row.until is not None and row.until > at:
        return False
    row.holder, row.until = lease.holder, at + timedelta(seconds=lease.seconds)
    session.add(row)
    return True


def _give_back(session: Session, lease: Lease) -> None:
    row = session.get(Errand, lease.name)
    if row is not None and row.holder == lease.holder:
        row.holder, row.until = None, None
        session.add(row)
