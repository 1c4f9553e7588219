"""Webhooks and deliveries over HTTP, for the admin; and what a unit and its people want to be told by mail."""

from typing import Annotated, Final

from fastapi import Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from api.clock import now
from api.context import ServiceDep
from api.edge.answers import Answer, created, done, found
from api.edge.cursors import Page, PagingDep
from api.edge.idempotency import OnceDep
from api.edge.language import language_of
from api.edge.routing import PREFIX, noun_router
from api.edge.tables import TABLES, Basis, Format, FormatDep, exported
from api.identity.callers import Caller
from api.identity.dependencies import allowed
from api.identity.operations import Operation
from api.outbox import service as outbox
from api.outbox.models import (
    DeliveryFilter,
    DeliveryOut,
    MadeWebhook,
    SubscriptionIn,
    SubscriptionOut,
    Subscriptions,
    WebhookIn,
    Webhooks,
)
from api.outbox.service import Clerk
from api.outbox.tables import Sending
from api.store import trail
from api.store.types import utc_text
from engine.vocabulary import Bilingual

webhooks: Final = noun_router("/webhooks", tag="webhooks")
deliveries: Final = noun_router("/deliveries", tag="deliveries")
subscriptions: Final = noun_router("/subscriptions", tag="subscriptions")

Key = Annotated[str | None, Query(max_length=26)]


@webhooks.get("", response_model=Webhooks)
def list_webhooks(service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.WEBHOOK_LIST))]) -> Response:
    """List the webhooks in use, without their secrets."""
    del caller
    with service.database.reading() as session:
        return found(Webhooks(items=outbox.webhooks(session))).response()


@webhooks.post("", status_code=201, response_model=MadeWebhook)
def create_webhook(
    service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.WEBHOOK_CREATE))], new: WebhookIn
) -> Response:
    """Let a unit's own system be told; the secret of its signatures is told this once."""
    # Not by an Idempotency-Key: the answer holds a secret, and would be kept.
    with service.database.writing() as session:
        made = Clerk(caller, service.settings).make_webhook(session, new, at=now())
    told = MadeWebhook(webhook=outbox.told_webhook(made), secret=made.secret)
    return created(told, location=f"{PREFIX}/webhooks").response()


@webhooks.delete("/{key}", status_code=204)
def end_webhook(
    key: str, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.WEBHOOK_END))]
) -> Response:
    """Let a webhook be told no more, not even what waits for it."""
    with service.database.writing() as session:
        Clerk(caller, service.settings).end_webhook(session, key, at=now())
    return done().response()


async def _wanted(*, state: Sending | None = None, webhook: Key = None, subscription: Key = None) -> DeliveryFilter:
    return DeliveryFilter(state=state, webhook=webhook, subscription=subscription)


@deliveries.get("", response_model=Page[DeliveryOut], responses=TABLES)
def list_deliveries(
    *,
    request: Request,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.DELIVERY_LIST))],
    wanted: Annotated[DeliveryFilter, Depends(_wanted)],
    paging: PagingDep,
    form: FormatDep,
) -> Response:
    """List what was or is to be sent, the newest first, without what it says; CSV and XLSX hold all, not a page."""
    del caller
    with service.database.reading() as session:
        if form == Format.JSON:
            rows = outbox.deliveries(session, wanted, after=paging.at_time(), limit=paging.fetch)
            page = paging.page(rows, lambda row: row, lambda row: (utc_text(row.at), row.key))
            return found(page).response()
        rows = outbox.deliveries(session, wanted, limit=service.settings.export_rows)
        basis = Basis(_TITLE, printed_at=now(), trail=trail.head(session))
        cells = ([getattr(row, name) for name in _COLUMNS] for row in rows)
        language = language_of(request.scope)
        return exported(form, tuple(_COLUMNS.values()), cells, basis=basis, language=language, name="deliveries")


@deliveries.post("/{key}/resending", response_model=DeliveryOut)
def send_again(
    key: str,
    service: ServiceDep,
    caller: Annotated[Caller, Depends(allowed(Operation.DELIVERY_RESEND))],
    once: OnceDep,
) -> Response:
    """Send something again that was given up or has arrived; the receiver knows it by the same id."""

    def work(session: Session) -> Answer:
        return found(Clerk(caller, service.settings).send_again(session, key, at=now()))

    return once(caller.account, work)


@subscriptions.get("", response_model=Subscriptions)
def list_subscriptions(
    service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.SUBSCRIPTION_LIST))]
) -> Response:
    """List the mail that oneself and one's unit have."""
    with service.database.reading() as session:
        return found(Subscriptions(items=outbox.subscriptions(session, caller))).response()


@subscriptions.post("", status_code=201, response_model=SubscriptionOut)
def subscribe(
    service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.SUBSCRIPTION_CREATE))], new: SubscriptionIn
) -> Response:
    """Have mail about what one may read, for oneself or for the unit's mailbox."""
    # Not by an Idempotency-Key: the answer holds an address, which must not be kept elsewhere.
    with service.database.writing() as session:
        made = Clerk(caller, service.settings).subscribe(session, new, at=now())
    return created(outbox.told_subscription(made), location=f"{PREFIX}/subscriptions").response()


@subscriptions.delete("/{key}", status_code=204)
def unsubscribe(
    key: str, service: ServiceDep, caller: Annotated[Caller, Depends(allowed(Operation.SUBSCRIPTION_END))]
) -> Response:
    """Have no more mail; the address is forgotten."""
    with service.database.writing() as session:
        Clerk(caller, service.settings).unsubscribe(session, key, at=now())
    return done().response()


_TITLE: Final = Bilingual(zh="发送记录", en="deliveries")
_COLUMNS: Final = {
    "key": Bilingual(zh="标识", en="key"),
    "message": Bilingual(zh="消息", en="message"),
    "news": Bilingual(zh="内容", en="news"),
    "webhook": Bilingual(zh="推送地址", en="webhook"),
    "subscription": Bilingual(zh="订阅", en="subscription"),
    "state": Bilingual(zh="状态", en="state"),
    "tries": Bilingual(zh="次数", en="tries"),
    "at": Bilingual(zh="时间", en="at"),
    "next_at": Bilingual(zh="下次", en="next try"),
    "ended_at": Bilingual(zh="结束", en="ended"),
    "failure": Bilingual(zh="失败原因", en="failure"),
}
