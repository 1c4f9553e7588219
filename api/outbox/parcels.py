"""What is to be sent, handed out to whoever sends it: to one at a time, and again until it has arrived or is given up.

A parcel is handed out for some seconds. Should the process that sends it die, it is free again afterwards: so what was
entered is delivered at least once. A receiver knows by the id of a message whether it has had it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from api.identity.tables import Account
from api.outbox.tables import Delivery, Message, Sending, Subscription, Webhook
from api.records.tables import Record

MOST_IN_A_MAIL: Final = 100
LONGEST_PAUSE: Final = timedelta(hours=12)
_BROKEN_OFF: Final = "broken off"


@dataclass(frozen=True, slots=True)
class Note:
    """A message with the id that the unit gave the record."""

    message: Message
    own_id: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes to one receiver in one go: one message to a webhook, one or several in a mail. `tries`: with this."""

    deliveries: tuple[str, ...]
    to: Webhook | Subscription
    notes: tuple[Note, ...]
    tries: int


@dataclass(frozen=True, slots=True)
class Terms:
    """How often something is tried, how long after the first time it is tried again, how long a try may take."""

    tries: int
    pause: timedelta
    lease: timedelta

    def next_try(self, tries: int, at: datetime) -> datetime:
        """Return when to try again what was tried so many times."""
        # The power is bounded so that the product is a time.
        return at + min(self.pause * (1 << min(tries - 1, 20)), LONGEST_PAUSE)


def is_due(session: Session, *, at: datetime) -> bool:
    """Tell whether there is something to send or to spread."""
    waiting = select(Delivery.key).where(Delivery.state == Sending.WAITING, col(Delivery.next_at) <= at)
    unspread = select(Message.key).where(col(Message.spread_at).is_(None))
    return any(session.exec(found.limit(1)).first() is not None for found in (waiting, unspread))


def hand_out(session: Session, terms: Terms, *, at: datetime, most: int) -> tuple[Parcel, ...] | None:
    """Hand out what is due, the longest waiting first, in a session of `Database.writing()`; None if nothing is.

    There may be no parcel among what is due: where nobody wants it any more, or it was tried too often.
    """
    due = select(Delivery).where(Delivery.state == Sending.WAITING, col(Delivery.next_at) <= at)
    first = session.exec(due.order_by(col(Delivery.next_at), col(Delivery.key)).limit(most)).all()
    found: list[Parcel] = []
    taken: set[str] = set()
    for row in first:
        if row.key in taken:
            continue
        rows = [row]
        if row.subscription is not None:
            same = due.where(Delivery.subscription == row.subscription).order_by(col(Delivery.at), col(Delivery.key))
            rows = list(session.exec(same.limit(MOST_IN_A_MAIL)))
        taken |= {each.key for each in rows}
        if parcel := _parcel(session, rows, terms, at=at):
            found.append(parcel)
    return tuple(found) if first else None


def arrived(session: Session, parcel: Parcel, *, at: datetime) -> None:
    """Note that a parcel has arrived, in a session of `Database.writing()`."""
    for row in _rows(session, parcel):
        row.state, row.ended_at, row.failure = Sending.DELIVERED, at, None
        session.add(row)


def failed(session: Session, parcel: Parcel, failure: str, terms: Terms, *, at: datetime, final: bool = False) -> None:
    """Note that a parcel has not arrived, in a session of `Database.writing()`; `final`: it never will."""
    for row in _rows(session, parcel):
        row.failure = failure
        if final or row.tries >= terms.tries:
            row.state, row.ended_at = Sending.DEAD, at
        else:
            row.next_at = terms.next_try(row.tries, at)
        session.add(row)


def _parcel(session: Session, rows: list[Delivery], terms: Terms, *, at: datetime) -> Parcel | None:
    """Make a parcel of deliveries to one receiver; None where nobody wants them, or they were tried too often."""
    to = _receiver(session, rows[0])
    if to is None:
        for row in rows:
            row.state, row.ended_at = Sending.DROPPED, at
            session.add(row)
        return None
    sent: list[Delivery] = []
    for row in rows:
        # Whoever tried it last has died over it; that is not to go on for ever.
        if row.tries >= terms.tries:
            row.state, row.ended_at, row.failure = Sending.DEAD, at, row.failure or _BROKEN_OFF
        else:
            row.tries, row.next_at = row.tries + 1, at + terms.lease
            sent.append(row)
        session.add(row)
    if not sent:
        return None
    keys = tuple(row.key for row in sent)
    return Parcel(keys, to, _notes(session, [row.message for row in sent]), tries=max(row.tries for row in sent))


def _receiver(session: Session, row: Delivery) -> Webhook | Subscription | None:
    found: Webhook | Subscription | None = None
    if row.webhook is not None:
        found = session.get(Webhook, row.webhook)
    elif row.subscription is not None:
        found = session.get(Subscription, row.subscription)
        account = session.get(Account, found.account) if found is not None and found.account is not None else None
        if account is not None and account.disabled_at is not None:
            return None
    return found if found is not None and found.ended_at is None else None


def _notes(session: Session, keys: list[str]) -> tuple[Note, ...]:
    query = select(Message, Record.own_id).join(Record, col(Record.key) == col(Message.record))
    ordered = query.where(col(Message.key).in_(keys)).order_by(col(Message.at), col(Message.key))
    return tuple(Note(message, own_id) for message, own_id in session.exec(ordered))


def _rows(session: Session, parcel: Parcel) -> Iterable[Delivery]:
    """Return the deliveries of a parcel that still wait for it; what came about meanwhile stands."""
    wanted = select(Delivery).where(col(Delivery.key).in_(parcel.deliveries), Delivery.state == Sending.WAITING)
    return session.exec(wanted).all()
