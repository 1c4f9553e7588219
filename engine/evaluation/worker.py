"""The live evaluator in a process of its own, watched over.

Decides when the process has died or hangs, and starts another. Does not answer in its place: who asks is told
by `WorkerDied`, and goes another way. The process is a fresh interpreter, neither a fork nor a second run of
the program that asks.
"""

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Final, Self

from pydantic import TypeAdapter

from engine.evaluation.live import EngineFault, LiveEvaluator, checked
from engine.evaluation.rulesets import Compiled

READY: Final = "ready"

PAYLOAD: Final = TypeAdapter(Compiled)
CODE: Final = "import sys; from engine.evaluation.worker import serve; serve(int(sys.argv[1]))"


class Death(StrEnum):
    """How a worker process was lost."""

    ENDED = "ended"
    HUNG = "hung"
    NEVER_READY = "never ready"


class WorkerDied(Exception):  # noqa: N818 (an event that the caller answers, no mistake of the caller)
    """The process died or hung over the question; another has been started."""

    def __init__(self, how: Death, generation: int, exit_code: int) -> None:
        super().__init__(f"live worker {generation} {how.value} (exit code {exit_code}); answer another way")
        self.how = how
        self.generation = generation
        self.exit_code = exit_code


class WorkerClosedError(Exception):
    """A question was put to a worker that has been closed."""

    def __init__(self) -> None:
        super().__init__("the live worker is closed; make a new one")


@dataclass(slots=True)
class _Question:
    """A question that has been put. `settled`: somebody has waited for its answer, with or without success."""

    settled: bool = False


class LiveWorker:
    """A live evaluator in a supervised process; answers one question at a time, from any thread.

    `seconds` is what one question may take once it is put, `start_seconds` what the process may take to load
    its rules. Both are real time.
    """

    def __init__(self, compiled: Compiled, *, seconds: float, start_seconds: float) -> None:
        self._columns: Final = compiled.columns
        self._seconds: Final = seconds
        self._start_seconds: Final = start_seconds
        self._lock: Final = threading.Lock()
        self._closed = False
        self._generation = 0
        self._payload: Final = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`, given to every process)
        self._payload.write(PAYLOAD.dump_json(compiled))
        self._payload.flush()
        self._ready = False
        self._start()

    @property
    def generation(self) -> int:
        """Return how many times the process has been replaced."""
        return self._generation

    @property
    def pid(self) -> int:
        """Return the process id of the present process."""
        return self._process.pid

    def evaluate(self, case: Mapping[str, int]) -> dict[str, str]:
        """Return the one outcome of every card; raises what `asking` raises."""
        with self.asking(case) as answer:
            return answer()

    @contextmanager
    def asking(self, case: Mapping[str, int]) -> Iterator[Callable[[], dict[str, str]]]:
        """Put a question and go on with other things; what is given waits for the one outcome of every card.

        Both raise `WorkerDied` if the process is lost over this question; waiting raises `EngineFault` as the evaluator
        does. However it is broken off, the process is replaced: it may hold a stale answer.
        """
        values = checked(case, self._columns)
        with self._lock:
            if self._closed:
                raise WorkerClosedError
            with self._replacing():
                self._put(values)
            question = _Question()
            try:
                yield partial(self._answer, question)
            finally:
                if not question.settled:
                    self._replace()

    def close(self) -> None:
        """End the process and wait for it; closing twice does no harm."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._end()
                self._payload.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _put(self, values: list[int]) -> None:
        if not self._ready:
            self._wait(self._start_seconds)
            self._ready = self._pipe.recv() == READY
        # What `send` would do, without a view into its buffer that outlives a process that is gone.
        self._pipe.send_bytes(pickle.dumps(values))

    def _answer(self, question: "_Question") -> dict[str, str]:
        question.settled = True
        with self._replacing():
            self._wait(self._seconds)
            answer: dict[str, str] | EngineFault = self._pipe.recv()
        if isinstance(answer, EngineFault):
            raise answer
        return answer

    @contextmanager
    def _replacing(self) -> Iterator[None]:
        """Replace the process if it is lost meanwhile, or if waiting for it is broken off."""
        try:
            yield
        except TimeoutError:
            raise self._lost(Death.HUNG if self._ready else Death.NEVER_READY) from None
        except (EOFError, OSError):
            raise self._lost(Death.ENDED) from None
        except BaseException:
            self._replace()
            raise

    def _wait(self, seconds: float) -> None:
        if not self._pipe.poll(seconds):
            raise TimeoutError

    def _lost(self, how: Death) -> WorkerDied:
        generation = self._generation
        return WorkerDied(how, generation, self._replace())

    def _replace(self) -> int:
        """End the process, start another without waiting for it, and return the exit code of the first."""
        exit_code = self._end()
        self._generation += 1
        self._start()
        return exit_code

    def _start(self) -> None:
        os.lseek(self._payload.fileno(), 0, os.SEEK_SET)  # the process before has read to the end
        self._pipe, theirs = Pipe()
        self._ready = False
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (this interpreter, with code that stands above)
                [sys.executable, "-P", "-c", CODE, str(theirs.fileno())],
                stdin=self._payload,
                pass_fds=[theirs.fileno()],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )

    def _end(self) -> int:
        """End the process if it has not ended by itself, wait for it, and return its exit code."""
        self._pipe.close()
        self._process.kill()
        return self._process.wait()


def serve(descriptor: int) -> None:
    """Load rulesets from standard input and answer questions from a pipe until its other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the program that asks, which then closes
    compiled = PAYLOAD.validate_json(sys.stdin.buffer.read())
    evaluator, columns = LiveEvaluator(compiled), compiled.columns
    with Connection(descriptor) as pipe:
        pipe.send(READY)
        while True:
            try:
                values = pipe.recv()
            except (EOFError, OSError):
                return
            try:
                answer: dict[str, str] | EngineFault = evaluator.evaluate(dict(zip(columns, values, strict=True)))
            except EngineFault as fault:
                answer = fault
            pipe.send(answer)
