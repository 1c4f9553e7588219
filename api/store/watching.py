"""Whether anybody has written to a SQLite file since one last looked, told in a few microseconds.

SQLite tells a connection by a number of its own whether another one, in whatever process, has committed meanwhile.
What was read at one number still stands while the number is the same, so it can be remembered without ever being old.
"""

import sqlite3
import threading
from pathlib import Path


class Watch:
    """Looks at one file, by a connection that does nothing else. May be used by any thread."""

    def __init__(self, path: Path) -> None:
        """Take the file; it is opened when first looked at."""
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def number(self) -> int:
        """Return the number: another one after each commit, and never one that it was before."""
        with self._lock:
            if self._connection is None:
                self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
                self._connection.execute("PRAGMA query_only = ON")
            found: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
            return found

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
