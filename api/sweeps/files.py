"""Files that are whole or not there: written beside their place, brought to disk, and only then given their name."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from polars.exceptions import PolarsError

from api.sweeps.errors import DiskFullError

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SAID: Final = tuple(f"os error {number}" for number in _FULL)


@contextmanager
def whole(file: Path) -> Iterator[Path]:
    """Give a file to write, named like no other, that takes the place of `file` at the end; raises `DiskFullError`."""
    unfinished = file.with_name(f".{file.name}.{uuid4().hex}")
    try:
        with room_in(file.parent):
            yield unfinished
            _bring_to_disk(unfinished)
            unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def room_in(folder: Path) -> Iterator[None]:
    """Raise `DiskFullError` where there is no room to write."""
    try:
        yield
    except (OSError, PolarsError) as error:
        if getattr(error, "errno", None) in _FULL or any(text in str(error) for text in _SAID):
            raise DiskFullError(folder=folder) from error
        raise


def clear_unfinished(folder: Path) -> None:
    """Take away what was never finished."""
    for path in folder.glob(".*.*"):
        if path.is_file():
            path.unlink(missing_ok=True)


def _bring_to_disk(file: Path) -> None:
    opened = os.open(file, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
