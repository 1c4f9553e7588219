"""The real server in processes of its own, as `duecourse serve` runs it; to be killed, if need be."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from httpx2 import Client, TransportError

from tests.conftest import ROOT

STARTING: Final = 120
"""How many seconds it may take to start."""
PORTS: Final = 20_000, 32_000


def free_port() -> int:
    """Return a port on which nobody listens now, and which no client is given for its own end of a connection.

    Else a client that tries a server in vain may at last be connected to itself, and the server finds its port taken.
    """
    while True:
        port = random.randrange(*PORTS)  # noqa: S311 - a draw, no secret
        with socket.socket() as found:
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def settings_of(url: str, folder: Path, **settings: object) -> dict[str, str]:
    """Write settings as the environment has them."""
    given = {"database": url, "var": folder, "log_level": "error", "outbox_seconds": 86_400, **settings}
    return {f"DUECOURSE_{name.upper()}": str(value) for name, value in given.items()}


class ServerProcess:
    """A server with its worker processes, begun at once; `wait` until it answers."""

    def __init__(self, environment: Mapping[str, str], *, port: int, workers: int = 1, demo: bool = False) -> None:
        """Start it in a group of processes of its own."""
        command = ["serve", "--port", str(port), "--workers", str(workers), *(["--demo"] if demo else [])]
        self.address: Final = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "api.cli.app", *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + STARTING
        with Client(base_url=self.address, timeout=STARTING) as client:
            while True:
                assert self._process.poll() is None, "the server did not start"
                assert time.monotonic() < until, "the server took too long to start"
                try:
                    if client.get("/ready").is_success:
                        return
                except TransportError:
                    time.sleep(0.05)

    def kill(self) -> None:
        """Kill it with all its processes, at once and without a word; twice does no harm."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def end(self) -> None:
        """Let it end by itself."""
        self._process.terminate()
        self._process.wait(STARTING)


@contextmanager
def serving(url: str, folder: Path, *, workers: int = 1, demo: bool = False, **settings: object) -> Iterator[str]:
    """Serve until the block ends; give the address."""
    server = ServerProcess(settings_of(url, folder, **settings), port=free_port(), workers=workers, demo=demo)
    try:
        server.wait()
        yield server.address
        server.end()
    except BaseException:
        server.kill()
        raise
