"""The judge: one record at a time, by the live evaluator in worker processes; should one die, by the sweep evaluator.

Decides how many workers there are and which answers. The receipt says who decided. Knows no store.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from queue import Empty, LifoQueue
from typing import Final, Self

from api.judging.errors import EngineFaultError
from engine.evaluation.assess import assess, assess_with_worker
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.live import EngineFault
from engine.evaluation.results import Assessment
from engine.evaluation.worker import LiveWorker, WorkerClosedError
from engine.record import DecisionRecord

CREWS: Final = 8
"""For how many procedures, over all rulebooks, workers are kept; the longest unused go first."""


class Crew:
    """The workers of one procedure of a rulebook, each started when all others are busy, up to a number."""

    def __init__(self, rules: CompiledRulebook, *, most: int, seconds: float, start_seconds: float) -> None:
        """Start the first."""
        self._rules: Final = rules
        self._seconds, self._start_seconds = seconds, start_seconds
        self._lock: Final = threading.Lock()
        self._idle: Final[LifoQueue[LiveWorker]] = LifoQueue()
        self._workers: Final[list[LiveWorker]] = []
        self._most: Final = most
        self._idle.put(self._start())

    @property
    def pids(self) -> tuple[int, ...]:
        """Return the process ids of the workers."""
        return tuple(worker.pid for worker in self._workers)

    @contextmanager
    def worker(self) -> Iterator[LiveWorker]:
        """Lend a worker; waits for one while all are busy."""
        worker = self._free()
        try:
            yield worker
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End the workers, each after the question that it is at."""
        for worker in self._workers:
            worker.close()

    def _free(self) -> LiveWorker:
        try:
            return self._idle.get_nowait()
        except Empty:
            with self._lock:
                if len(self._workers) < self._most:
                    return self._start()
        return self._idle.get()

    def _start(self) -> LiveWorker:
        worker = LiveWorker(self._rules.rulesets, seconds=self._seconds, start_seconds=self._start_seconds)
        self._workers.append(worker)
        return worker


class Judge:
    """Judges records by any rulebook; safe to ask from any thread."""

    def __init__(self, *, workers: int, seconds: float, start_seconds: float, crews: int = CREWS) -> None:
        """Keep how many workers there may be for each procedure, and how long one may take."""
        self._most: Final = crews
        self._workers, self._seconds, self._start_seconds = workers, seconds, start_seconds
        self._lock: Final = threading.Lock()
        self._crews: Final[OrderedDict[tuple[str, str], Crew]] = OrderedDict()
        self._closed = False

    def assess(self, record: DecisionRecord, rules: CompiledRulebook, *, as_of: date, known_at: datetime) -> Assessment:
        """Judge a record; raises `EngineFaultError`."""
        try:
            return self._assess(record, rules, as_of=as_of, known_at=known_at)
        except EngineFault as fault:
            raise EngineFaultError(record=record.id, rulebook=rules.rulebook.digest, fault=fault) from fault

    def crew(self, rules: CompiledRulebook) -> Crew:
        """Return the workers of a procedure, started if there are none; raises `WorkerClosedError` once closed."""
        key = rules.rulebook.digest, rules.procedure.id
        _ = rules.rulesets  # takes long when first asked for, and is not for others to wait for
        dismissed: list[Crew] = []
        with self._lock:
            if self._closed:
                raise WorkerClosedError
            if key not in self._crews:
                self._crews[key] = Crew(
                    rules, most=self._workers, seconds=self._seconds, start_seconds=self._start_seconds
                )
            self._crews.move_to_end(key)
            crew = self._crews[key]
            while len(self._crews) > self._most:
                dismissed.append(self._crews.popitem(last=False)[1])
        for other in dismissed:
            other.close()
        return crew

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            self._closed = True
            crews = list(self._crews.values())
            self._crews.clear()
        for crew in crews:
            crew.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _assess(
        self, record: DecisionRecord, rules: CompiledRulebook, *, as_of: date, known_at: datetime
    ) -> Assessment:
        try:
            with self.crew(rules).worker() as worker:
                return assess_with_worker(record, rules, worker, as_of=as_of, known_at=known_at)
        except WorkerClosedError:
            # Its crew was dismissed in favour of another procedure's meanwhile, or the service is ending.
            return assess(record, rules, as_of=as_of, known_at=known_at, decided_by="sweep")
