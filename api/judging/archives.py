"""Rulebooks as archives: a folder of rules as one file that always has the same bytes, and back again.

Only YAML files count, as for the digest of a rulebook. What is taken from an archive is distrusted: no path leads out
of the folder, and nothing unfolds beyond its limits.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from engine.rulebook.reading import digest

SUFFIX: Final = ".yaml"
HOLIDAYS: Final = "holidays"
MOST_FILES: Final = 20_000
MOST_BYTES: Final = 128 * 1024 * 1024
"""What the files of a rulebook may come to, unfolded."""

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class ArchiveError(Exception):
    """An archive cannot be a rulebook."""

    def __init__(self, *, given: str, expected: str) -> None:
        """Say what was found, and what may be there."""
        super().__init__(f"rulebook: given {given}; expected {expected}; pack the folder of rules anew")
        self.given, self.expected = given, expected


def pack(folder: Path) -> bytes:
    """Pack the YAML files of a folder of rules; equal folders give equal bytes."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob(f"*{SUFFIX}")}
    return pack_files(files)


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Pack files by their names, in the order of the names, as of no day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def unpack(archive: bytes) -> dict[str, bytes]:
    """Return the YAML files of an archive by their names; raises `ArchiveError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            entries = [entry for entry in packed.infolist() if entry.filename.endswith(SUFFIX)]
            _refuse_large(entries)
            return {_checked(entry.filename): _content(packed, entry) for entry in entries}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error) as error:
        raise ArchiveError(given=f"a file that cannot be unpacked ({error})", expected="a ZIP archive") from None


@contextmanager
def unpacked(archive: bytes) -> Iterator[Path]:
    """Lay the files of an archive out in a folder that goes away afterwards; raises `ArchiveError`."""
    with _laid_out(unpack(archive)) as folder:
        yield folder


def law_digest(archive: bytes) -> str:
    """Return the digest that a rulebook would have without its holiday notices: it changes only with the law."""
    files = {name: content for name, content in unpack(archive).items() if PurePosixPath(name).parts[0] != HOLIDAYS}
    with _laid_out(files) as folder:
        return digest(folder)


@contextmanager
def _laid_out(files: Mapping[str, bytes]) -> Iterator[Path]:
    with TemporaryDirectory(prefix="duecourse-rules-") as name:
        folder = Path(name)
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        yield folder


def _refuse_large(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise ArchiveError(given=f"{len(entries)} files", expected=f"{MOST_FILES} files or fewer")
    size = sum(entry.file_size for entry in entries)
    if size > MOST_BYTES:
        raise ArchiveError(given=f"{size} bytes unfolded", expected=f"{MOST_BYTES} bytes or fewer")


def _checked(name: str) -> str:
    """Return the name of a file that lies within the folder; raises `ArchiveError`."""
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or not path.parts
        or any(part in {"..", "."} or "\\" in part or ":" in part for part in path.parts)
    ):
        raise ArchiveError(given=f"a file named {name!r}", expected="names within the folder of rules")
    return path.as_posix()


def _content(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Read no more than the entry says that it holds."""
    with packed.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise ArchiveError(given=f"{entry.filename!r}, which is not of the size it says", expected="a sound archive")
    return content
