"""What is told about webhooks, subscriptions and deliveries, and what is sent to change them."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.identity.roles import Role
from api.outbox.tables import News, Sending
from engine.vocabulary import FindingKind, Frozen, Language

LONGEST_URL = 500
LONGEST_ADDRESS = 254

Key = Annotated[str, Field(min_length=1, max_length=26)]
WantedNews = Annotated[tuple[News, ...], Field(min_length=1, max_length=len(News), description="what is told")]
WantedKinds = Annotated[
    tuple[FindingKind, ...], Field(max_length=len(FindingKind), description="of which kinds of findings it is told")
]
EVERYTHING = tuple(News)
LOOKED_AT = (FindingKind.FLAG, FindingKind.QUESTION)


class WebhookIn(Frozen):
    """A webhook for a unit's own system. It tells what somebody of the unit, in the role, may read."""

    unit: Key
    role: Role
    url: Annotated[str, Field(min_length=1, max_length=LONGEST_URL, examples=["https://oa.example.gov.cn/duecourse"])]
    news: WantedNews = EVERYTHING
    kinds: WantedKinds = LOOKED_AT


class WebhookOut(Frozen):
    """A webhook."""

    key: str
    unit: str
    role: Role
    url: str
    news: tuple[News, ...]
    kinds: tuple[FindingKind, ...]
    created_at: datetime
    by: str


class MadeWebhook(Frozen):
    """A webhook that was made, with the secret that signatures are made with. It is told this once."""

    webhook: WebhookOut
    secret: str


class Webhooks(Frozen):
    """The webhooks in use."""

    items: tuple[WebhookOut, ...]


class SubscriptionIn(Frozen):
    """Mail that is wanted. `own`: for oneself, and with one's own reach; else for the unit's mailbox."""

    address: Annotated[
        str,
        Field(
            max_length=LONGEST_ADDRESS,
            pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,187}[A-Za-z0-9])?$",
            examples=["office@example.gov.cn"],
        ),
    ]
    own: bool = True
    language: Language = "zh"
    news: WantedNews = EVERYTHING
    kinds: WantedKinds = LOOKED_AT


class SubscriptionOut(Frozen):
    """Mail that is wanted. `own`: only for the account that asked for it."""

    key: str
    unit: str
    own: bool
    address: str
    language: Language
    news: tuple[News, ...]
    kinds: tuple[FindingKind, ...]
    created_at: datetime


class Subscriptions(Frozen):
    """One's own subscriptions, and those of one's unit."""

    items: tuple[SubscriptionOut, ...]


class DeliveryFilter(Frozen):
    """Which deliveries are asked for."""

    state: Sending | None
    webhook: str | None
    subscription: str | None


class DeliveryOut(Frozen):
    """How a delivery stands. What it says is for the receiver alone."""

    key: str
    message: str
    news: News
    webhook: str | None
    subscription: str | None
    state: Sending
    tries: int
    at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    failure: str | None
