"""What a worker of dask.distributed does for us: it takes the rulebooks in when it is told of them, and judges parts.

Workers import this module first. It imports nothing itself that starts threads, so that their number can still be set.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast

from distributed import Worker, WorkerPlugin, get_worker
from distributed.protocol import pickle

Result = TypeVar("Result")
PartOf = TypeVar("PartOf")

_THREADS: Final = {"polars": "POLARS_MAX_THREADS", "numba": "NUMBA_NUM_THREADS"}
"""By library, the variable that it reads when it is imported."""


class TakeInRulebooks(WorkerPlugin):
    """Reads rulebooks as a worker is told of them, or as it starts."""

    def __init__(self, name: str, rulebooks: tuple[tuple[str, str, bytes], ...]) -> None:
        """Take a name of its own, and the fields of each `Carried`."""
        self.name: Final = name
        self._rulebooks: Final = rulebooks

    async def setup(self, worker: Worker) -> None:
        """Give each thread of the worker one of each library's, and read; raises `SweepError`."""
        for library, variable in _THREADS.items():
            if library not in sys.modules:
                os.environ[variable] = str(worker.state.nthreads)
        await asyncio.to_thread(self.install)

    def install(self) -> None:
        """Read what has not been read yet, or no longer is at hand; raises `SweepError`."""
        from api.sweeps.carried import Carried, install  # noqa: PLC0415 - imports what threads have to be set for

        for fields in self._rulebooks:
            install(Carried(*fields))


@dataclass(frozen=True, slots=True)
class Unfit:
    """A worker that cannot judge by the rulebooks, and why; no part is to blame for it."""

    worker: str
    why: Any
    """An error of `api.sweeps.errors`."""


@dataclass(frozen=True, slots=True)
class Judged(Generic[Result]):
    """What came of a part, and on which worker."""

    worker: str
    result: Result


@dataclass(frozen=True, slots=True)
class OnWorker(Generic[Result]):
    """Work on a part, to be done on a worker if that is fit for it.

    Both are packed: the scheduler unpacks what it is sent, and has no need to know what our work is made of.
    """

    plugin: str
    packed: bytes

    @classmethod
    def packing(cls, work: Callable[[PartOf], Result], part: PartOf, *, plugin: str) -> "OnWorker[Result]":
        """Pack a part with what is to be done with it."""
        return cls(plugin, pickle.dumps((work, part)))

    def __call__(self) -> Judged[Result] | Unfit:
        """Judge the part."""
        from api.sweeps.carried import OtherEngineError, OtherRulebookError  # noqa: PLC0415 - see above

        worker = get_worker()
        told = cast("TakeInRulebooks", worker.plugins[self.plugin])
        try:
            told.install()
        except (OtherEngineError, OtherRulebookError) as error:
            return Unfit(worker.address, error)
        work, part = pickle.loads(self.packed)
        return Judged(worker.address, work(part))
