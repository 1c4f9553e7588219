"""What is packed as ZIP, distrusted: it is unfolded in small pieces, and never beyond its limits."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from engine.vocabulary import Bilingual

MOST_FILES: Final = 2_000
MOST_BYTES: Final = 256 * 1024 * 1024
"""What the files of an office file may come to, unfolded."""


class PackedError(Exception):
    """A file cannot be unpacked, or unfolds to too much."""

    def __init__(self, code: str, *, given: str, expected: Bilingual, do: Bilingual) -> None:
        """Say what was found, what may be there, and what to do."""
        super().__init__(f"{given}; expected {expected.en}; {do.en}")
        self.code, self.given, self.expected, self.do = code, given, expected, do


def unpacked(content: bytes, *, most: int = MOST_BYTES) -> Mapping[str, bytes]:
    """Return the files of an archive by their names; raises `PackedError`.

    Every file is unfolded, so that none is larger than it says.
    """
    found: dict[str, bytes] = {}
    room = most
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            if len(entries) > MOST_FILES:
                raise _too_much(given=f"{len(entries)} files", most=most)
            for entry in entries:
                with packed.open(entry) as file:
                    text = file.read(min(entry.file_size, room) + 1)
                room -= len(text)
                if room < 0 or len(text) != entry.file_size:
                    raise _too_much(given=f"{entry.filename!r}, which unfolds to more than it may", most=most)
                found[entry.filename] = text
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error) as error:
        raise PackedError(
            "not_a_workbook", given=f"a file that cannot be unpacked ({error})", expected=_WHOLE, do=_AGAIN
        ) from None
    return found


def _too_much(*, given: str, most: int) -> PackedError:
    expected = Bilingual(
        zh=f"不超过{MOST_FILES}个文件、展开后不超过{most}字节",
        en=f"{MOST_FILES} files or fewer, {most} bytes or fewer unfolded",
    )
    return PackedError("file_too_large", given=given, expected=expected, do=_SPLIT)


_WHOLE: Final = Bilingual(
    zh="完整的XLSX文件,或者CSV文件的ZIP压缩包,没有密码",
    en="a sound XLSX file, or CSV files packed as ZIP, without a password",
)
_AGAIN: Final = Bilingual(zh="在电子表格软件中重新另存为XLSX", en="save it again as XLSX in a spreadsheet program")
_SPLIT: Final = Bilingual(zh="拆分文件", en="split the file")
