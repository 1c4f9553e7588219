"""Whose turn it is to write.

Within a process a lock; between processes that share a SQLite file, locks on a file beside it. SQLite's own lock would
keep writers apart too, but it is fair to nobody: who comes back at once finds it free, while those who wait sleep.
With this one, moreover, no two processes commit or move the log into the file at the same time.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PATIENCE: Final = 30
"""How many seconds a writer waits for those before it."""

_NEXT, _NOW = 0, 1
"""The bytes of the file on which the locks lie: of who writes next, and of who writes now."""

_PAUSE: Final = 0.001


class StoreBusyError(Exception):
    """Other writers have not finished in time; nothing was written."""

    def __init__(self) -> None:
        super().__init__(f"the store is busy: waited {PATIENCE} seconds for other writers; try again later")


class NestedWritingError(RuntimeError):
    """A thread that is writing began to write once more, and would wait for itself."""

    def __init__(self) -> None:
        super().__init__("this thread is writing already; hand its session on instead of calling writing() again")


class Turns:
    """The turns of all who write to one database: one at a time."""

    def __init__(self, file: Path | None) -> None:
        """Take the file on which processes lock each other out; without it the database does that itself."""
        self._file = file
        self._handle: int | None = None
        self._lock = threading.Lock()
        self._thread: int | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for one's turn and have it; raises `StoreBusyError` and `NestedWritingError`."""
        if self._thread == threading.get_ident():
            raise NestedWritingError
        until = time.monotonic() + PATIENCE
        if not self._lock.acquire(timeout=PATIENCE):
            raise StoreBusyError
        try:
            self._thread = threading.get_ident()
            with self._among_processes(until):
                yield
        finally:
            self._thread = None
            self._lock.release()

    def close(self) -> None:
        """Close the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    @contextmanager
    def _among_processes(self, until: float) -> Iterator[None]:
        if self._file is None:
            yield
            return
        if self._handle is None:
            self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # Whoever has written goes behind the one that is next already.
        _lock(self._handle, _NEXT, until)
        try:
            _lock(self._handle, _NOW, until)
        finally:
            _unlock(self._handle, _NEXT)
        try:
            yield
        finally:
            _unlock(self._handle, _NOW)


def _lock(handle: int, byte: int, until: float) -> None:
    """Lock a byte of a file; the system unlocks it when the process dies. Raises `StoreBusyError`."""
    while True:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except (BlockingIOError, PermissionError):  # either may say that another has it
            if time.monotonic() > until:
                raise StoreBusyError from None
            time.sleep(_PAUSE)
        else:
            return


def _unlock(handle: int, byte: int) -> None:
    fcntl.lockf(handle, fcntl.LOCK_UN, 1, byte)
