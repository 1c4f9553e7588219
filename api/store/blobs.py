"""Files on disk by their SHA-256: evidence, and personal data that can be erased.

Decides that a file is on disk before anybody is told its digest, so that a row that names it can be committed after.
Does not decide who may see a file, nor which kinds are taken.
"""

import os
import re
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Final, Protocol, cast

from engine.vocabulary import Frozen

_CHUNK: Final = 1 << 20
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_INCOMING: Final = "incoming"
_ABANDONED: Final = 24 * 3600.0
"""After how many seconds a file that is still incoming belongs to a process that has died."""


class Readable(Protocol):
    """What bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; none at the end."""
        ...


class Blob(Frozen):
    """A file: its SHA-256 in hexadecimal, and its size in bytes."""

    sha256: str
    size: int


class BlobTooLargeError(Exception):
    """A file has more bytes than are allowed; nothing of it was kept."""

    def __init__(self, *, limit: int) -> None:
        """Keep the limit."""
        super().__init__(f"given a file of more than {limit} bytes; expected at most that many; send a smaller file")
        self.limit = limit


class BlobMissingError(Exception):
    """There is no file of a digest: it was erased, or never kept."""

    def __init__(self, *, sha256: str) -> None:
        """Keep the digest."""
        super().__init__(f"given the digest {sha256!r}; expected one of a file that is kept; it may have been erased")
        self.sha256 = sha256


class Blobs:
    """The files in a folder, by their digest.

    Whoever stores a row that names a file asks `holds` in the same `writing()`, and whoever erases one does so in a
    `writing()` too: then no row is committed that names a file just erased.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder, made when it is first written to."""
        self.folder = folder

    def put(self, stream: Readable, limit: int) -> Blob:
        """Keep a file of at most `limit` bytes; it is on disk when this returns. Raises `BlobTooLargeError`."""
        incoming = self.folder / _INCOMING
        _make_folder(incoming)
        with NamedTemporaryFile(dir=incoming, delete=False) as file:
            path = Path(file.name)
            try:
                blob = _receive(stream, cast("BinaryIO", file), limit)
                file.flush()
                os.fsync(file.fileno())
                self._settle(path, self._path(blob.sha256))
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        return blob

    def open(self, sha256: str) -> BinaryIO:
        """Open a file for reading; raises `BlobMissingError`."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise BlobMissingError(sha256=sha256) from None

    def holds(self, sha256: str) -> bool:
        """Tell whether a file is kept; raises `BlobMissingError` for what is no digest at all."""
        return self._path(sha256).is_file()

    def erase(self, sha256: str) -> None:
        """Remove a file for good; raises `BlobMissingError`."""
        path = self._path(sha256)
        try:
            path.unlink()
        except FileNotFoundError:
            raise BlobMissingError(sha256=sha256) from None
        _sync_folder(path.parent)

    def digests(self) -> Iterator[str]:
        """Return the digests of all files, in order."""
        for part in sorted(self.folder.glob("??")):
            yield from sorted(path.name for path in part.iterdir() if _DIGEST.fullmatch(path.name))

    def clear_abandoned(self) -> int:
        """Remove what processes that died left half written; return how many files."""
        then, count = time.time() - _ABANDONED, 0
        for path in (self.folder / _INCOMING).glob("*"):
            if path.stat().st_mtime < then:
                path.unlink(missing_ok=True)
                count += 1
        return count

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise BlobMissingError(sha256=digest)
        return self.folder / digest[:2] / digest

    def _settle(self, path: Path, target: Path) -> None:
        """Give a file its name, and have the name on disk too."""
        _make_folder(target.parent)
        path.replace(target)
        _sync_folder(target.parent)
        # Another process may have made the folder just now and not yet synchronised it.
        _sync_folder(self.folder)


def _receive(stream: Readable, file: BinaryIO, limit: int) -> Blob:
    digest, size = sha256(), 0
    while chunk := stream.read(min(_CHUNK, limit + 1 - size)):
        size += len(chunk)
        if size > limit:
            raise BlobTooLargeError(limit=limit)
        digest.update(chunk)
        file.write(chunk)
    return Blob(sha256=digest.hexdigest(), size=size)


def _make_folder(folder: Path) -> None:
    """Make a folder, and those above it, so that their names are on disk."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk, where the system lets a folder be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
