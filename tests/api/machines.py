"""A real scheduler and real workers of dask.distributed on this machine, each a process of its own.

And parts that stand still in a worker until it is killed, or until they are let go: nothing waits by the clock.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from distributed import Client, Security

from api.settings import ServiceSettings
from api.sweeps.crews import Done
from api.sweeps.parts import Judgeable, Part
from api.sweeps.schedulers import security_for
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import Asked
from tests.conftest import ROOT

HOST: Final = "127.0.0.1"
PATIENCE: Final = 60.0
"""So many seconds a test waits for what should happen at once, on however busy a machine."""

Result = TypeVar("Result")

_RUN: Final = (sys.executable, "-m")


@dataclass
class Cluster:
    """A scheduler, and the workers that were started for it."""

    folder: Path
    scheduler: "subprocess.Popen[bytes]"
    address: str
    stack: ExitStack
    settings: ServiceSettings = field(default_factory=ServiceSettings)
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def add_worker(self, *, path: Path = ROOT) -> "subprocess.Popen[bytes]":
        """Start a worker of one thread; `path`: where its code lies."""
        own = ("--no-nanny", "--nthreads", "1", "--host", HOST, "--local-directory", str(self.folder), "--no-dashboard")
        command = (
            *_RUN,
            "distributed.cli.dask_worker",
            self.address,
            *own,
            "--memory-limit",
            "0",
            *_certified(self.settings),
        )
        log = self.stack.enter_context((self.folder / f"worker-{len(self.workers)}.log").open("wb"))
        environment = os.environ | {"PYTHONPATH": str(path)}
        started = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        self.stack.callback(_end, started)
        self.workers.append(started)
        return started

    def await_workers(self, number: int) -> None:
        """Wait until the scheduler knows so many workers."""
        security = security_for(self.address, self.settings)
        with Client(self.address, security=security, set_as_default=False) as client:
            client.wait_for_workers(number, timeout=PATIENCE)


@contextmanager
def cluster(folder: Path, *, workers: int, tls: bool = False) -> Iterator[Cluster]:
    """Start a scheduler on a free port, and workers; end them all."""
    settings, scheme = (_with_certificates(folder), "tls") if tls else (ServiceSettings(), "tcp")
    with ExitStack() as stack:
        ready, ready_in = os.pipe()
        preload = folder / "tell.py"
        preload.write_text(_TELL, encoding="utf-8")
        own = ("--host", f"{scheme}://{HOST}", "--port", "0", "--no-dashboard", "--preload", str(preload))
        command = (*_RUN, "distributed.cli.dask_scheduler", *own, *_certified(settings))
        environment = os.environ | {"DUECOURSE_TEST_PIPE": str(ready_in)}
        log = stack.enter_context((folder / "scheduler.log").open("wb"))
        started = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, pass_fds=(ready_in,))
        stack.callback(_end, started)
        os.close(ready_in)
        with os.fdopen(ready, encoding="utf-8") as told:
            address = json.loads(told.readline())
        made = Cluster(folder, started, address, stack, settings)
        for _ in range(workers):
            made.add_worker()
        yield made


def _with_certificates(folder: Path) -> ServiceSettings:
    """Make a certificate for everybody, signed by itself."""
    made = Security.temporary()
    files = {"scheduler_tls_ca": made.tls_ca_file, "scheduler_tls_cert": made.tls_client_cert}
    files["scheduler_tls_key"] = made.tls_client_key
    for name, content in files.items():
        (folder / f"{name}.pem").write_text(content, encoding="utf-8")
    return ServiceSettings.model_validate({name: folder / f"{name}.pem" for name in files})


def _certified(settings: ServiceSettings) -> tuple[str, ...]:
    """Return the options by which dask's own programs are given certificates."""
    files = {
        "--tls-ca-file": settings.scheduler_tls_ca,
        "--tls-cert": settings.scheduler_tls_cert,
        "--tls-key": settings.scheduler_tls_key,
    }
    return tuple(text for option, file in files.items() if file for text in (option, str(file)))


_TELL: Final = """
import json, os

def dask_setup(scheduler):
    os.write(int(os.environ["DUECOURSE_TEST_PIPE"]), (json.dumps(scheduler.address) + "\\n").encode())
"""
"""Runs in the scheduler once it listens, and tells on which port."""


class InThisProcess:
    """A crew of nobody else."""

    def run(self, work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result]:
        """Judge the parts one after the other."""
        return map(work, parts)


@dataclass(frozen=True)
class Halting:
    """A part that stands still the first time that it is read, until the process dies that reads it."""

    part: Part
    folder: Path

    @property
    def name(self) -> str:
        """Return the name of the part itself."""
        return self.part.name

    @property
    def procedure(self) -> str:
        """Return the procedure of the part itself."""
        return self.part.procedure

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the part itself."""
        return self.part.fingerprint

    def read(self, rules: CompiledRulebook, asked: Asked) -> Judgeable:
        """Tell by whom it is read and stand still; read it if that was done before."""
        with suppress(FileExistsError):
            os.close(os.open(self.folder / "stood", os.O_CREAT | os.O_EXCL))
            # Opening waits for the test to listen.
            (self.folder / "reader").write_text(str(os.getpid()), encoding="utf-8")
            threading.Event().wait()
        return self.part.read(rules, asked)


@dataclass(frozen=True)
class Faulty:
    """Work that fails until it has been tried so often; each trial leaves a file."""

    folder: Path
    times: int

    def __call__(self, part: Part) -> Done:
        """Fail, or do nothing."""
        tried = len(list(self.folder.glob(f"{part.name}.*")))
        (self.folder / f"{part.name}.{tried}").touch()
        if tried < self.times:
            message = f"trial {tried + 1}"
            raise ValueError(message)
        return Done(part.name, 0, 0, 0, 0, 0)


@contextmanager
def killed_while_reading(part: Part, folder: Path, *, instead: int | None = None) -> Iterator[Halting]:
    """Give a part that stands still as it is read first; who reads it is killed then, or another process instead."""
    folder.mkdir()
    os.mkfifo(folder / "reader")

    def kill() -> None:
        reader = int((folder / "reader").read_text(encoding="utf-8"))
        os.kill(instead or reader, signal.SIGKILL)

    killing = threading.Thread(target=kill, daemon=True)
    killing.start()
    yield Halting(part, folder)
    killing.join(PATIENCE)
    assert not killing.is_alive(), "nobody read the part"


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
