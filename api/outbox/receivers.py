"""Who is to be told what: those who want it, and may read the record that it is about.

Decided when a message is spread, by units, accounts and reach as they are then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from api.identity.callers import Caller
from api.identity.directory import Directory
from api.identity.reach import Reach, reach
from api.identity.roles import Role
from api.identity.tables import Account
from api.identity.units import read_directory
from api.outbox.tables import Delivery, Message, Sending, Subscription, Webhook
from api.records.tables import Record, RecordUnit
from api.store.keys import new_key
from engine.parameters.jurisdictions import JurisdictionTree


@dataclass(frozen=True, slots=True)
class Receiver:
    """A webhook or a subscription, with how far it reaches."""

    row: Webhook | Subscription
    reach: Reach

    def wants(self, message: Message) -> bool:
        """Tell whether it is to be told of such a thing at all."""
        kind = message.content.get("kind")
        return message.news in self.row.news and (kind is None or kind in self.row.kinds)

    def may_read(self, record: Record, units: Iterable[RecordUnit]) -> bool:
        """Tell whether it reads the record."""
        return self.reach.may_read(jurisdiction=record.jurisdiction, units=units)

    def delivery(self, message: Message, *, at: datetime) -> Delivery:
        """Make the delivery of a message to it."""
        webhook = isinstance(self.row, Webhook)
        return Delivery(
            key=new_key(),
            message=message.key,
            webhook=self.row.key if webhook else None,
            subscription=None if webhook else self.row.key,
            state=Sending.WAITING,
            tries=0,
            at=at,
            next_at=at,
        )


def spread(session: Session, tree: JurisdictionTree, *, mail: bool, today: date, at: datetime, limit: int) -> int:
    """Work out who is to be told of what was entered, the oldest first; returns of how many messages.

    In a session of `Database.writing()`. `mail`: whether mail can be sent at all.
    """
    waiting = select(Message).where(col(Message.spread_at).is_(None)).order_by(col(Message.at)).limit(limit)
    messages = session.exec(waiting).all()
    if not messages:
        return 0
    found = tuple(_receivers(session, tree, mail=mail, today=today))
    for message in messages:
        message.spread_at = at
        session.add(message)
        wanting = [receiver for receiver in found if receiver.wants(message)]
        if wanting:
            record = session.get_one(Record, message.record)
            units = session.exec(select(RecordUnit).where(RecordUnit.record == record.key)).all()
            session.add_all(
                receiver.delivery(message, at=at) for receiver in wanting if receiver.may_read(record, units)
            )
    return len(messages)


def reach_of(unit: str, role: Role, directory: Directory, tree: JurisdictionTree, *, today: date) -> Reach:
    """Return how far whoever works for a unit in a role reaches today."""
    acting = directory.acting(unit, today=today)
    place = directory.bodies[acting].jurisdiction
    who = Caller(account="", name="", role=role, unit=acting, unit_name="", jurisdiction=place, directory=directory)
    return reach(who, tree=tree, today=today)


def _receivers(session: Session, tree: JurisdictionTree, *, mail: bool, today: date) -> Iterator[Receiver]:
    directory = read_directory(session)
    for webhook in session.exec(select(Webhook).where(col(Webhook.ended_at).is_(None))):
        yield Receiver(webhook, reach_of(webhook.unit, Role.of(webhook.role), directory, tree, today=today))
    if not mail:
        return
    accounts = {account.key: account for account in session.exec(select(Account).join(Subscription, _OWN))}
    for row in session.exec(select(Subscription).where(col(Subscription.ended_at).is_(None))):
        unit, role = row.unit, Role.of(row.role)
        if row.account is not None:
            account = accounts[row.account]
            if account.disabled_at is not None or account.erased_at is not None:
                continue
            unit, role = account.unit, Role.of(account.role)
        yield Receiver(row, reach_of(unit, role, directory, tree, today=today))


_OWN = col(Subscription.account) == col(Account.key)
