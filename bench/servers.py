"""Servers in processes of their own, as they would be run: ours by its command, the yardstick by uvicorn, an echo."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bench.store import FOLDER, Store

STARTING: Final = 300
"""How many seconds a server may take to start."""
DAY: Final = "86400"
TICKS: Final = os.sysconf("SC_CLK_TCK")


class NotStartedError(Exception):
    """A server does not answer."""

    def __init__(self, *, log: Path) -> None:
        """Say where it tells why."""
        super().__init__(f"the server did not start in {STARTING} seconds; read {log}")
        self.log = log


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers at an address."""

    address: str
    pid: int

    def cpu(self) -> float:
        """Return the seconds of CPU time that it has taken, all its threads together."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def cpu_ms(self) -> float:
        """Return the milliseconds of CPU time of its threads that are still there, more exactly than `cpu`."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text(encoding="ascii").split()[0]) for thread in threads) / 1e6

    def memory(self) -> int:
        """Return how many bytes of memory it has taken at most."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@contextmanager
def ours(store: Store) -> Iterator[Server]:
    """Serve the store, one worker, with the settings that there are by themselves.

    Errands are left for another day: what was entered in bulk would be told to nobody, and be looked through meanwhile.
    """
    port = _free_port()
    command = [str(Path(sys.executable).with_name("duecourse")), "serve", "--port", str(port)]
    settings = {
        "DUECOURSE_DATABASE": store.url,
        "DUECOURSE_VAR": str(store.folder),
        "DUECOURSE_OUTBOX_SECONDS": DAY,
    }
    with _running(command, settings, port, "/health", FOLDER / "ours.log") as server:
        yield server


@contextmanager
def yardstick(store: Store) -> Iterator[Server]:
    """Serve the bare application on the same file, one worker, without a log of requests."""
    port, file = _free_port(), Path(store.url.removeprefix("sqlite:///"))
    command = [sys.executable, "-m", "uvicorn", "bench.bare:app", "--port", str(port), "--no-access-log"]
    settings = {"BENCH_READ": f"sqlite:///{file}", "BENCH_WRITTEN": f"sqlite:///{FOLDER / 'notes.sqlite'}"}
    with _running(command, settings, port, "/openapi.json", FOLDER / "bare.log") as server:
        yield server


@contextmanager
def echo(size: int) -> Iterator[Server]:
    """Answer with so many bytes, and do nothing else."""
    port = _free_port()
    command = [sys.executable, "-c", f"from bench.load import serve_echo; serve_echo({port}, {size})"]
    with _running(command, {}, port, "/", FOLDER / "echo.log") as server:
        yield server


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def _running(command: Sequence[str], settings: Mapping[str, str], port: int, path: str, log: Path) -> Iterator[Server]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DUECOURSE_")}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command, env={**environment, **settings, "PYTHONPATH": "."}, stdout=output, stderr=output
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _await(address, path, process, log)
            yield Server(address, process.pid)
        finally:
            process.terminate()
            process.wait()


def _await(address: str, path: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection(urlsplit(address).netloc, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 300:  # noqa: PLR2004 - it went well
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise NotStartedError(log=log)
