"""What a server process does by itself, beside answering: judging anew, reminding, sending, forgetting.

Several processes may do so at once: what only one may do is leased, and what is sent is handed out. An errand that
fails is told in the log and tried again later; the server goes on.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, timedelta
from typing import Annotated, Final, TypeVar, cast

from fastapi import Depends, Request

from api import clock
from api.context import Service
from api.edge.idempotency import forget
from api.edge.logs import LOG, fault
from api.errands.forgetting import forget_messages
from api.errands.leases import LeaseLostError
from api.errands.reminding import remind_all
from api.outbox.delivery import Courier
from api.reevaluations.errors import UnderWayError
from api.reevaluations.service import Sweeper, is_wanted, is_wanted_by_rules

SERVER: Final = "server"
"""Who judges anew by itself."""

_THREADS: Final = 8
_FORGETTING: Final = timedelta(hours=1)

Result = TypeVar("Result")


class StoppingError(Exception):
    """The server is to end; what has begun is broken off where it does no harm."""


class Errands:
    """The errands of one server process."""

    def __init__(self, service: Service) -> None:
        """Take what they work with; to be made in the server's loop."""
        self._service = service
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="errands")
        self._courier = Courier(service.database, service.rulebooks, service.settings, pool=self._pool)
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._stopping = threading.Event()
        self._asked_by: str | None = None
        self._looked_at: datetime | None = None
        self._forgot_at = clock.now()

    def judge_anew(self, by: str) -> None:
        """Judge records anew at once, whatever the settings say; to be called from any thread."""
        self._asked_by = by
        self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        """Go on errands again and again, until cancelled; what takes long keeps nothing else waiting."""
        await asyncio.gather(
            self._again(self._reevaluate, woken=self._woken),
            self._again(self._remind, self._deliver, self._forget, woken=asyncio.Event()),
        )

    def stop(self) -> None:
        """End what is done in threads, and wait for it; it may not go on once the store is closed."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def _again(self, *errands: Callable[[], Awaitable[None]], woken: asyncio.Event) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), self._service.settings.outbox_seconds)
            woken.clear()
            for errand in errands:
                await self._try(errand)

    async def _try(self, errand: Callable[[], Awaitable[None]]) -> None:
        try:
            await errand()
        except (StoppingError, LeaseLostError, UnderWayError):
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, the server goes on, and tries again
            LOG.error("errand_failed", errand=errand.__name__.lstrip("_"), **fault(error))

    async def _reevaluate(self) -> None:
        asked_by, self._asked_by = self._asked_by, None
        today = clock.today()
        if asked_by is not None or await self._in_thread(lambda: self._is_time(today)):
            sweeper = Sweeper(self._service.database, self._service.rulebooks, asked_by or SERVER)
            report = await self._in_thread(lambda: sweeper.run(as_of=today, progress=self._go_on))
            LOG.info("reevaluated", judged=report.judged, changed=report.changed, unread=len(report.unread))

    async def _remind(self) -> None:
        await self._in_thread(lambda: remind_all(self._service.database, today=clock.today()))

    async def _deliver(self) -> None:
        await self._courier.deliver()

    async def _forget(self) -> None:
        if clock.now() - self._forgot_at >= _FORGETTING:
            self._forgot_at = clock.now()
            settings, database = self._service.settings, self._service.database
            await self._in_thread(lambda: forget(database, hours=settings.idempotency_hours))
            await self._in_thread(lambda: forget_messages(database, days=settings.outbox_days))

    def _is_time(self, today: date) -> bool:
        """Tell whether records are to be judged anew: by other rules at once, as days pass if the operator wants it."""
        minutes, at = self._service.settings.sweep_minutes, clock.now()
        rulebooks = self._service.rulebooks
        with self._service.database.reading() as session:
            if is_wanted_by_rules(session, rulebooks):
                return True
            if minutes == 0 or (self._looked_at and at - self._looked_at < timedelta(minutes=minutes)):
                return False
            self._looked_at = at
            return is_wanted(session, rulebooks, as_of=today)

    def _go_on(self, done: int, total: int) -> None:
        del done, total
        if self._stopping.is_set():
            raise StoppingError

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await self._loop.run_in_executor(self._pool, work)


@asynccontextmanager
async def errands_of(service: Service) -> AsyncIterator[Errands]:
    """Go on errands for the length of a block."""
    errands = Errands(service)
    task = asyncio.create_task(errands.run())
    try:
        yield errands
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await asyncio.to_thread(errands.stop)


async def _errands(request: Request) -> Errands:
    return cast(Errands, request.app.state.errands)


ErrandsDep = Annotated[Errands, Depends(_errands)]
