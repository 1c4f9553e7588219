"""Delivering: what was entered is spread to those who want it, and sent until it has arrived or is given up."""

import asyncio
import ssl
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar

import structlog
from sqlmodel import Session

from api import clock
from api.judging.rulebooks import Rulebooks
from api.outbox.hosts import Hosts
from api.outbox.mails import mail, post_mail
from api.outbox.parcels import Parcel, Terms, arrived, failed, hand_out, is_due
from api.outbox.receivers import spread
from api.outbox.tables import Webhook
from api.outbox.webhooks import NotTakenError, WebhookSender
from api.settings import ServiceSettings
from api.store.database import Database
from engine.vocabulary import Frozen

_AT_ONCE: Final = 8
"""So many parcels are on their way at once."""
_IN_A_TURN: Final = 100
"""So many messages are spread in one transaction."""

STEPS: Final = 12
"""A delivery has fewer steps than this, none of which may take longer than the setting says."""

LOG: Final = structlog.get_logger("duecourse")

Result = TypeVar("Result")


class Sent(Frozen):
    """How many parcels arrived, and how many did not."""

    arrived: int
    failed: int


class Courier:
    """Delivers for one process; others may do so at the same time."""

    def __init__(
        self, database: Database, rulebooks: Rulebooks, settings: ServiceSettings, *, pool: Executor | None = None
    ) -> None:
        """Take the store, the settings, and the threads for what waits; without them those of the loop are used."""
        self._database, self._rulebooks, self._settings, self._pool = database, rulebooks, settings, pool
        self._sender = WebhookSender(
            Hosts.of(settings),
            public_url=settings.public_url,
            seconds=settings.delivery_seconds,
            context=ssl.create_default_context(),
        )
        self._terms = Terms(
            tries=settings.delivery_tries,
            pause=timedelta(seconds=settings.retry_seconds),
            lease=timedelta(seconds=STEPS * settings.delivery_seconds),
        )

    async def deliver(self) -> Sent:
        """Send all that is due now, once."""
        sent = Sent(arrived=0, failed=0)
        if not await self._reading(lambda session: is_due(session, at=clock.now())):
            return sent
        while await self._writing(self._spread):
            pass
        while (parcels := await self._writing(self._hand_out)) is not None:
            answers = await asyncio.gather(*map(self._send, parcels), return_exceptions=True)
            await self._writing(partial(self._note, outcome=list(zip(parcels, answers, strict=True))))
            done = answers.count(None)
            sent = Sent(arrived=sent.arrived + done, failed=sent.failed + len(answers) - done)
        return sent

    def _spread(self, session: Session) -> int:
        tree, at = self._rulebooks.active(session).rulebook.tree, clock.now()
        mailing = self._settings.smtp_host is not None
        return spread(session, tree, mail=mailing, today=clock.today(), at=at, limit=_IN_A_TURN)

    def _hand_out(self, session: Session) -> tuple[Parcel, ...] | None:
        return hand_out(session, self._terms, at=clock.now(), most=_AT_ONCE)

    async def _send(self, parcel: Parcel) -> None:
        if isinstance(parcel.to, Webhook):
            await self._sender.send(parcel, parcel.to)
        else:
            message = mail(parcel, parcel.to, self._rulebooks.current.rulebook, self._settings)
            await self._in_thread(lambda: post_mail(message, self._settings))

    def _note(self, session: Session, *, outcome: Iterable[tuple[Parcel, BaseException | None]]) -> None:
        for parcel, error in outcome:
            if error is None:
                arrived(session, parcel, at=clock.now())
                continue
            final = isinstance(error, NotTakenError) and error.final
            failure = error.failure if isinstance(error, NotTakenError) else type(error).__name__
            if not isinstance(error, NotTakenError):
                LOG.error("delivery_fault", error=failure)
            failed(session, parcel, failure, self._terms, at=clock.now(), final=final)

    async def _reading(self, work: Callable[[Session], Result]) -> Result:
        def read() -> Result:
            with self._database.reading() as session:
                return work(session)

        return await self._in_thread(read)

    async def _writing(self, work: Callable[[Session], Result]) -> Result:
        def write() -> Result:
            with self._database.writing() as session:
                return work(session)

        return await self._in_thread(write)

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)
