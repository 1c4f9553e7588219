"""Who is told: webhooks that an admin makes for units, mail that people want; and what became of what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from api.identity.callers import Caller
from api.identity.directory import Directory
from api.identity.roles import Role
from api.identity.units import UnitUnknownError
from api.outbox.errors import (
    MailDomainError,
    NoMailError,
    NotSentAgainError,
    TooManySubscriptionsError,
    UnknownDeliveryError,
    UnknownSubscriptionError,
    UnknownWebhookError,
    WebhookHostError,
    WebhookRoleError,
)
from api.outbox.hosts import HostRefusedError, Hosts, listed, names
from api.outbox.models import DeliveryFilter, DeliveryOut, SubscriptionIn, SubscriptionOut, WebhookIn, WebhookOut
from api.outbox.signing import new_secret
from api.outbox.tables import Delivery, Message, News, Sending, Subscription, Webhook
from api.settings import ServiceSettings
from api.store import trail
from api.store.conditions import older
from api.store.keys import is_key, new_key
from api.store.types import JSON, digest_of
from engine.vocabulary import FindingKind

MOST_SUBSCRIPTIONS: Final = 50
"""How many a unit may have, with those of its people."""

_TOLD: Final = frozenset({Role.DEPARTMENT, Role.LEGAL_OFFICE, Role.GENERAL_OFFICE})
_SENT_AGAIN: Final = frozenset({Sending.DEAD, Sending.DELIVERED})


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who changes what is sent out, and by which settings it may be."""

    caller: Caller
    settings: ServiceSettings

    def make_webhook(self, session: Session, new: WebhookIn, *, at: datetime) -> Webhook:
        """Make a webhook, in a session of `Database.writing()`.

        Raises `UnitUnknownError`, `WebhookRoleError` and `WebhookHostError`.
        """
        _refuse_unknown_unit(self.caller.directory, new.unit)
        if new.role not in _TOLD:
            raise WebhookRoleError(given=new.role)
        try:
            Hosts.of(self.settings).checked(new.url)
        except HostRefusedError as error:
            raise WebhookHostError(fault=error.fault) from None
        made = Webhook(
            key=new_key(),
            unit=new.unit,
            role=new.role,
            url=new.url,
            secret=new_secret(),
            news=[each.value for each in new.news],
            kinds=[each.value for each in new.kinds],
            created_at=at,
            by=self.caller.account,
        )
        session.add(made)
        content: dict[str, JSON] = {"unit": new.unit, "role": new.role, "url": digest_of(new.url), "news": made.news}
        self._tell(session, "webhook.created", made.key, content, at=at)
        return made

    def end_webhook(self, session: Session, key: str, *, at: datetime) -> None:
        """Let a webhook be told no more, in a session of `Database.writing()`; raises `UnknownWebhookError`."""
        found = session.get(Webhook, key) if is_key(key) else None
        if found is None or found.ended_at is not None:
            raise UnknownWebhookError(given=key)
        found.ended_at = at
        session.add(found)
        self._tell(session, "webhook.ended", key, {"unit": found.unit}, at=at)

    def subscribe(self, session: Session, new: SubscriptionIn, *, at: datetime) -> Subscription:
        """Let somebody have mail, in a session of `Database.writing()`.

        Raises `NoMailError`, `MailDomainError` and `TooManySubscriptionsError`.
        """
        if self.settings.smtp_host is None:
            raise NoMailError
        allowed = names(self.settings.mail_domains)
        if allowed and not listed(new.address.rpartition("@")[2], allowed):
            raise MailDomainError
        caller = self.caller
        there = select(func.count()).where(Subscription.unit == caller.unit, col(Subscription.ended_at).is_(None))
        if session.exec(there).one() >= MOST_SUBSCRIPTIONS:
            raise TooManySubscriptionsError(most=MOST_SUBSCRIPTIONS)
        made = Subscription(
            key=new_key(),
            unit=caller.unit,
            role=caller.role,
            account=caller.account if new.own else None,
            address=new.address,
            language=new.language,
            news=[each.value for each in new.news],
            kinds=[each.value for each in new.kinds],
            created_at=at,
            by=caller.account,
        )
        session.add(made)
        content: dict[str, JSON] = {"unit": caller.unit, "own": new.own, "news": made.news}
        self._tell(session, "subscription.created", made.key, content, at=at)
        return made

    def unsubscribe(self, session: Session, key: str, *, at: datetime) -> None:
        """Let somebody have no more mail, in a session of `Database.writing()`; raises `UnknownSubscriptionError`."""
        own = select(Subscription).where(Subscription.key == key, _is_own(self.caller))
        found = session.exec(own).first() if is_key(key) else None
        if found is None:
            raise UnknownSubscriptionError(given=key)
        found.ended_at, found.address = at, None
        session.add(found)
        self._tell(session, "subscription.ended", key, {"unit": found.unit}, at=at)

    def send_again(self, session: Session, key: str, *, at: datetime) -> DeliveryOut:
        """Send something again that was given up or has arrived, in a session of `Database.writing()`.

        Raises `UnknownDeliveryError` and `NotSentAgainError`.
        """
        query = _DELIVERIES.where(Delivery.key == key)
        found = session.exec(query).first() if is_key(key) else None
        if found is None:
            raise UnknownDeliveryError(given=key)
        row, message = found
        if row.state not in _SENT_AGAIN:
            raise NotSentAgainError(given=row.state)
        if not _is_in_use(session, row):
            raise NotSentAgainError(given=Sending.DROPPED)
        row.state, row.tries, row.next_at, row.ended_at = Sending.WAITING, 0, at, None
        session.add(row)
        self._tell(session, "delivery.sent_again", key, {"message": row.message}, at=at)
        return told_delivery(row, message.news)

    def _tell(self, session: Session, action: str, subject: str, content: dict[str, JSON], *, at: datetime) -> None:
        trail.append(session, at=at, actor=self.caller.account, action=action, subject=subject, content=content)


def webhooks(session: Session) -> tuple[WebhookOut, ...]:
    """Return the webhooks in use, the newest first."""
    query = select(Webhook).where(col(Webhook.ended_at).is_(None))
    order = query.order_by(col(Webhook.created_at).desc(), col(Webhook.key))
    return tuple(told_webhook(row) for row in session.exec(order))


def subscriptions(session: Session, caller: Caller) -> tuple[SubscriptionOut, ...]:
    """Return one's own subscriptions and those of one's unit, the newest first."""
    query = select(Subscription).where(_is_own(caller))
    order = query.order_by(col(Subscription.created_at).desc(), col(Subscription.key))
    return tuple(told_subscription(row) for row in session.exec(order))


def deliveries(
    session: Session,
    wanted: DeliveryFilter,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
) -> Sequence[DeliveryOut]:
    """Return deliveries, the newest first, from behind a position on."""
    query = _DELIVERIES.order_by(col(Delivery.at).desc(), col(Delivery.key).desc())
    equal = {
        Delivery.state: wanted.state,
        Delivery.webhook: wanted.webhook,
        Delivery.subscription: wanted.subscription,
    }
    query = query.where(*(col(column) == value for column, value in equal.items() if value is not None))
    if after is not None:
        at, key = col(Delivery.at), col(Delivery.key)
        query = query.where(older(at, key, than=after))
    return [
        told_delivery(row, message.news)
        for row, message in session.exec(query if limit is None else query.limit(limit))
    ]


def told_webhook(row: Webhook) -> WebhookOut:
    """Say what is told of a webhook."""
    return WebhookOut(
        key=row.key,
        unit=row.unit,
        role=Role.of(row.role),
        url=row.url,
        news=tuple(map(News.of, row.news)),
        kinds=tuple(map(FindingKind.of, row.kinds)),
        created_at=row.created_at,
        by=row.by,
    )


def told_subscription(row: Subscription) -> SubscriptionOut:
    """Say what is told of a subscription that has not ended."""
    return SubscriptionOut(
        key=row.key,
        unit=row.unit,
        own=row.account is not None,
        address=row.address or "",
        language=row.language,
        news=tuple(map(News.of, row.news)),
        kinds=tuple(map(FindingKind.of, row.kinds)),
        created_at=row.created_at,
    )


def told_delivery(row: Delivery, news: News) -> DeliveryOut:
    """Say how a delivery stands."""
    return DeliveryOut(
        key=row.key,
        message=row.message,
        news=news,
        webhook=row.webhook,
        subscription=row.subscription,
        state=row.state,
        tries=row.tries,
        at=row.at,
        next_at=row.next_at if row.state == Sending.WAITING else None,
        ended_at=row.ended_at,
        failure=row.failure,
    )


_DELIVERIES = select(Delivery, Message).join(Message, col(Message.key) == col(Delivery.message))


def _is_own(caller: Caller) -> ColumnElement[bool]:
    """Return the condition on `Subscription` that it is in use, and the account's own or its unit's mailbox."""
    of_unit = and_(
        col(Subscription.account).is_(None),
        col(Subscription.unit) == caller.unit,
        col(Subscription.role) == caller.role,
    )
    return and_(col(Subscription.ended_at).is_(None), or_(col(Subscription.account) == caller.account, of_unit))


def _is_in_use(session: Session, row: Delivery) -> bool:
    to = session.get(Webhook, row.webhook) if row.webhook else session.get(Subscription, row.subscription)
    return to is not None and to.ended_at is None


def _refuse_unknown_unit(directory: Directory, unit: str) -> None:
    if unit not in directory.bodies:
        raise UnitUnknownError(given=unit)
