"""A crew on several machines: workers of dask.distributed judge parts and write the results themselves.

Decides how many parts are under way, and what is tried again. Only what a part came to, in a few numbers, comes back.
What was judged stays on disk, whatever becomes of scheduler and workers.
"""

import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import partial
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from uuid import uuid4

from distributed import CancelledError, Client, Future, KilledWorker

from api.settings import ServiceSettings
from api.sweeps.carried import Carried
from api.sweeps.crews import Failed, failure
from api.sweeps.errors import SweepError, WorkerDiedError
from api.sweeps.parts import Part
from api.sweeps.schedulers import (
    LostSchedulerError,
    NoSchedulerError,
    NoWorkerError,
    UnfitWorkerError,
    security_for,
)
from api.sweeps.worker import OnWorker, TakeInRulebooks, Unfit

Result = TypeVar("Result")

_LOOK: Final = 1.0
"""So many seconds nothing may come back before it is looked whether scheduler and workers are still there."""


@dataclass(frozen=True, slots=True)
class _Trial:
    """A part that is under way; `number`: which trial of it this is."""

    part: Part
    number: int


class Machines:
    """The workers of a scheduler. To be used in a `with` statement: they are told of the rulebooks as it is entered."""

    def __init__(self, address: str, *, rulebooks: Iterable[Carried], settings: ServiceSettings) -> None:
        """Take the scheduler's address and what is judged by; raises `SweepError` for an address not to be trusted."""
        self._address: Final = address
        self._security: Final = security_for(address, settings)
        self._settings: Final = settings
        self._plugin: Final = f"duecourse-{uuid4()}"
        self._rulebooks: Final = tuple(astuple(rulebook) for rulebook in rulebooks)
        self._opened: Client | None = None
        self.unfit: Final[list[SweepError]] = []
        """Why workers were dismissed that came later and could not judge by the rulebooks."""

    def __enter__(self) -> Self:
        """Reach the scheduler, wait for a worker, and let all take the rulebooks in; raises `SweepError`."""
        try:
            self._opened = Client(
                self._address,
                timeout=self._settings.scheduler_seconds,
                security=self._security,
                set_as_default=False,
            )
        except (OSError, TimeoutError) as error:
            raise NoSchedulerError(
                address=self._address, seconds=self._settings.scheduler_seconds, why=_first_line(error)
            ) from error
        try:
            self._await_worker()
            self._tell()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the scheduler; workers forget of which rulebooks they were told."""
        client, self._opened = self._client, None
        with suppress(OSError, TimeoutError, RuntimeError, ValueError):
            if client.status == "running":
                client.unregister_worker_plugin(self._plugin)
        client.close()

    @property
    def _client(self) -> Client:
        if self._opened is None:
            message = "the crew is used outside of its `with` statement"
            raise RuntimeError(message)
        return self._opened

    def run(self, work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result | Failed]:
        """Give what came of each part, in any order; raises `SweepError` if there is nobody left to judge.

        Parts are taken one by one, so that each thread has a few ahead of it.
        """
        under_way = _UnderWay(self._client, partial(OnWorker.packing, work, plugin=self._plugin))
        waiting, again = iter(parts), deque[_Trial]()
        try:
            while True:
                self._fill(under_way, waiting, again)
                if not under_way.trials:
                    return
                future, trial = self._next(under_way)
                came = self._what_came(future, trial, again)
                if came is not None:
                    yield came
                    if isinstance(came, Failed) and came.stops:
                        return
        finally:
            under_way.call_off()

    def _fill(self, under_way: "_UnderWay", waiting: Iterator[Part], again: deque[_Trial]) -> None:
        """Hand out parts until each thread has as many as it may; those that failed go first."""
        room = self._room() - len(under_way.trials)
        while room > 0:
            trial = again.popleft() if again else _first(waiting)
            if trial is None:
                return
            under_way.begin(trial)
            room -= 1

    def _room(self) -> int:
        return max(sum(self._threads().values()), 1) * self._settings.scheduler_ahead

    def _threads(self) -> dict[str, int]:
        try:
            found: dict[str, int] = self._client.nthreads()
        except (OSError, RuntimeError, TypeError) as error:
            raise LostSchedulerError(self._address) from error
        return found

    def _next(self, under_way: "_UnderWay") -> tuple[Future[Any], _Trial]:
        """Wait until something comes back; raises `SweepError` if there is nobody left from whom it could."""
        while True:
            with suppress(queue.Empty):
                return under_way.next(_LOOK)
            if self._client.status != "running":
                raise LostSchedulerError(self._address)
            if not self._threads():
                self._await_worker()

    def _what_came(self, future: Future[Any], trial: _Trial, again: deque[_Trial]) -> Any:  # noqa: ANN401 - a result
        """Return what came of a part, none if it is to be tried again."""
        if future.status in {"cancelled", "lost"} or self._client.status != "running":
            raise LostSchedulerError(self._address)
        error = future.exception()
        if error is not None:
            return self._failed(error, trial, again)
        try:
            came = future.result(timeout=self._settings.scheduler_seconds)
        except TimeoutError as gone:
            # The worker died after it had judged the part and before it was asked what came of it.
            return self._failed(gone, trial, again)
        except (CancelledError, OSError) as gone:
            raise LostSchedulerError(self._address) from gone
        if isinstance(came, Unfit):
            self.unfit.append(came.why)
            self._client.retire_workers([came.worker])
            again.append(trial)
            return None
        return came.result

    def _failed(self, error: BaseException, trial: _Trial, again: deque[_Trial]) -> Failed | None:
        """Return a part as failed if it is no use to try it again. A worker that died counts as a failure."""
        tries = trial.number
        if isinstance(error, KilledWorker):
            tries += error.allowed_failures
            error = WorkerDiedError(part=trial.part.name, times=tries)
        elif isinstance(error, SweepError):
            return failure(trial.part, error, tries=tries)
        if tries >= self._settings.scheduler_tries:
            return failure(trial.part, error, tries=tries)
        again.append(_Trial(trial.part, tries + 1))
        return None

    def _await_worker(self) -> None:
        seconds = self._settings.scheduler_seconds
        try:
            self._client.wait_for_workers(1, timeout=seconds)
        except TimeoutError as error:
            raise NoWorkerError(address=self._address, seconds=seconds) from error
        except OSError as error:
            raise LostSchedulerError(self._address) from error

    def _tell(self) -> None:
        """Let the workers take the rulebooks in, those too that come later; raises `SweepError`."""
        try:
            self._client.register_plugin(TakeInRulebooks(self._plugin, self._rulebooks))
        except SweepError:
            raise
        except Exception as error:
            # Whatever a worker with other code may raise.
            raise UnfitWorkerError(address=self._address, why=f"{type(error).__name__}: {error}") from error


class _UnderWay:
    """The parts that workers have; what is finished comes through a queue."""

    def __init__(self, client: Client, packing: Callable[[Part], OnWorker[Any]]) -> None:
        self._client: Final = client
        self._packing: Final = packing
        self._finished: Final[queue.SimpleQueue[Future[Any]]] = queue.SimpleQueue()
        self.trials: Final[dict[str, tuple[Future[Any], _Trial]]] = {}

    def begin(self, trial: _Trial) -> None:
        """Hand out a part."""
        key = f"{trial.part.name}-{uuid4()}"
        future = self._client.submit(self._packing(trial.part), key=key, pure=False)
        self.trials[key] = future, trial
        future.add_done_callback(self._finished.put)

    def next(self, seconds: float) -> tuple[Future[Any], _Trial]:
        """Return what is finished next; raises `queue.Empty`."""
        return self.trials.pop(str(self._finished.get(timeout=seconds).key))

    def call_off(self) -> None:
        """Let go of what is still under way."""
        if self.trials and self._client.status == "running":
            self._client.cancel([future for future, _ in self.trials.values()])
        self.trials.clear()


def _first(waiting: Iterator[Part]) -> _Trial | None:
    part = next(waiting, None)
    return None if part is None else _Trial(part, 1)


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]
