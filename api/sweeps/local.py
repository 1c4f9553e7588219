"""A crew of processes on this machine, each with one thread. One that is killed is replaced, and its part judged again.

When a process dies, nobody can say which of the parts under way killed it, if any did. So these are then judged one at
a time, each alone: what dies alone three times is given up, and nothing else.
"""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from api.sweeps.carried import Carried, install
from api.sweeps.crews import TRIES, Failed, failure
from api.sweeps.errors import SweepError, WorkerDiedError
from api.sweeps.parts import Part

Result = TypeVar("Result")

AHEAD: Final = 2
"""So many parts are handed out for each process, so that none waits for the next."""

SURROUNDINGS: Final[Mapping[str, str]] = {
    "POLARS_MAX_THREADS": "1",
    # Memory that was given back is kept for the next part and not asked for anew: a third less of the system's time.
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1",
}
"""Each process keeps to one thread of Polars: parts are what is done side by side."""


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class _Trial:
    """A part, how often it has failed, and how often a process has died that judged nothing else."""

    part: Part
    failed: int = 0
    died: int = 0
    alone: bool = False


class Processes:
    """Processes on this machine. To be used in a `with` statement."""

    def __init__(self, number: int, *, rulebooks: Iterable[Carried]) -> None:
        """Take how many there are to be, and what they judge by."""
        self._number, self._rulebooks = number, tuple(rulebooks)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Start the processes, which read the rulebooks at once."""
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the processes, each once it is done with its part."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def run(self, work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result | Failed]:
        """Give what came of each part, in any order. Parts are taken one by one, as processes become free."""
        return _Run(self, work, iter(parts)).results()

    @property
    def room(self) -> int:
        """Return how many parts may be handed out at a time."""
        return self._number * AHEAD

    def submit(self, work: Callable[[Part], Result], part: Part) -> Future[Result]:
        """Hand out a part; where a process has died, all are started anew."""
        try:
            return self._running().submit(_judged, work, part)
        except BrokenProcessPool:
            self._start()
            return self._running().submit(_judged, work, part)

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            message = "the crew is used outside of its `with` statement"
            raise RuntimeError(message)
        return self._pool

    def _start(self) -> None:
        before = {name: os.environ.get(name) for name in SURROUNDINGS}
        os.environ.update(SURROUNDINGS)
        try:
            self._pool = ProcessPoolExecutor(
                self._number,
                mp_context=get_context("spawn"),
                initializer=_begin,
                initargs=(self._rulebooks,),
            )
            # A process is started with each task as long as none is idle.
            for _ in range(self._number):
                self._pool.submit(os.getpid)
        finally:
            _restore(before)


class _Run:
    """One run over parts: which are under way, which are to be tried again, and which alone."""

    def __init__(self, crew: Processes, work: Callable[[Part], Any], parts: Iterator[Part]) -> None:
        self._crew, self._work, self._parts = crew, work, parts
        self._under_way: dict[Future[Any], _Trial] = {}
        self._again = deque[_Trial]()
        self._suspected = deque[_Trial]()

    def results(self) -> Iterator[Any]:
        """Give what came of each part; ends early after a failure that stops all."""
        try:
            while True:
                self._hand_out()
                if not self._under_way:
                    return
                finished, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
                for future in finished:
                    came = self._what_came(future, self._under_way.pop(future))
                    if came is not None:
                        yield came
                    if isinstance(came, Failed) and came.stops:
                        return
        finally:
            for future in self._under_way:
                future.cancel()

    def _hand_out(self) -> None:
        """Hand out as many parts as there is room for; those over which a process may have died, each alone."""
        if self._suspected:
            if not self._under_way:
                self._begin(self._suspected.popleft())
            return
        if any(trial.alone for trial in self._under_way.values()):
            return
        while len(self._under_way) < self._crew.room:
            trial = self._again.popleft() if self._again else _first(self._parts)
            if trial is None:
                return
            self._begin(trial)

    def _begin(self, trial: _Trial) -> None:
        self._under_way[self._crew.submit(self._work, trial.part)] = trial

    def _what_came(self, future: Future[Any], trial: _Trial) -> Any:  # noqa: ANN401 - whatever the work gives
        """Return what came of a part, nothing if it is to be tried again."""
        was_alone, trial.alone = trial.alone, False
        try:
            return future.result()
        except BrokenProcessPool:
            trial.died += was_alone
            if trial.died == TRIES:
                return failure(trial.part, WorkerDiedError(part=trial.part.name, times=TRIES), tries=TRIES)
            trial.alone = True
            self._suspected.append(trial)
        except SweepError as error:
            return failure(trial.part, error, tries=trial.failed + 1)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other parts are judged
            trial.failed += 1
            if trial.failed == TRIES:
                return failure(trial.part, error, tries=TRIES)
            self._again.append(trial)
        return None


def _first(parts: Iterator[Part]) -> _Trial | None:
    part = next(parts, None)
    return None if part is None else _Trial(part)


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


_refused: Final[list[SweepError]] = []
"""Why this process cannot judge."""


def _begin(rulebooks: Iterable[Carried]) -> None:
    """Begin as a process of a crew: interrupts are the parent's, and none outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        for rulebook in rulebooks:
            install(rulebook)
    except SweepError as error:
        _refused.append(error)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _judged(work: Callable[[Part], Result], part: Part) -> Result:
    if _refused:
        raise _refused[0]
    return work(part)
