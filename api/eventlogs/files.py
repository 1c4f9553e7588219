"""Files of event logs, compressed or not."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

BROKEN: Final = (OSError, EOFError, zlib.error)
"""What is raised for a file that is not there, or is compressed and broken."""


@contextmanager
def opened_log(path: Path) -> Iterator[IO[bytes]]:
    """Open a log to be read, `.gz` uncompressed as it is read."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as opened:
        yield cast("IO[bytes]", opened)


def why(error: Exception) -> str:
    """Tell in short what kept a file from being read."""
    return getattr(error, "strerror", None) or str(error)
