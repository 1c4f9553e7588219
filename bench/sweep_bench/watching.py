"""How much memory processes take while they work."""

from contextlib import suppress
from threading import Event, Thread
from typing import Final, Self

import psutil

EVERY: Final = 0.1
"""Seconds between two looks."""


class Watch:
    """Looks at a process and all its descendants, some times a second. To be used in a `with` statement.

    `peak`: bytes that all of them held at once, pages that they share counted for each; `own_peak`: counted once.
    """

    def __init__(self, process: psutil.Process | None = None) -> None:
        """Take the process; this one if none is given."""
        self._process = process or psutil.Process()
        self._over = Event()
        self._thread = Thread(target=self._look, daemon=True)
        self.peak = self.own_peak = 0

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            rss = pss = 0
            with suppress(psutil.NoSuchProcess):
                for process in (self._process, *self._process.children(recursive=True)):
                    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                        found = process.memory_full_info()
                        rss, pss = rss + found.rss, pss + found.pss
            self.peak, self.own_peak = max(self.peak, rss), max(self.own_peak, pss)
