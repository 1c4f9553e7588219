"""Evidence files: which kinds are taken, whether a file is what it says it is, and whether it bears a marking.

What a file is, its first bytes say, or the names within it; neither its name nor the sender is believed alone. Files
are looked at and never run; of what is packed, no more than a limit is unfolded.
"""

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from api.records.errors import ClassifiedError, FileKindError, FileNameError
from api.records.markings import marking
from engine.vocabulary import Bilingual

LONGEST_NAME: Final = 200
SCANNED: Final = 32 * 1024 * 1024
"""How many bytes of text are looked through for markings, of one file."""

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. `part`: a name that a packed one has within; `texts`: the parts that hold text."""

    media_type: str
    endings: tuple[str, ...]
    begins: tuple[bytes, ...] = ()
    part: str | None = None
    texts: str | None = None


TEXT: Final = Kind("text/plain", (".txt",))
KINDS: Final = (
    Kind("application/pdf", (".pdf",), begins=(b"%PDF-",)),
    Kind("image/png", (".png",), begins=(b"\x89PNG\r\n\x1a\n",)),
    Kind("image/jpeg", (".jpg", ".jpeg"), begins=(b"\xff\xd8\xff",)),
    Kind(f"{_OFFICE}.wordprocessingml.document", (".docx",), part="word/document.xml", texts=r"word/.*\.xml"),
    Kind(f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",), part="xl/workbook.xml", texts=r"xl/(worksheets/)?[^/]*\.xml"),
    Kind(
        f"{_OFFICE}.presentationml.presentation", (".pptx",), part="ppt/presentation.xml", texts=r"ppt/slides/.*\.xml"
    ),
    Kind("application/ofd", (".ofd",), part="OFD.xml", texts=r".*\.xml"),
    TEXT,
    Kind("text/csv", (".csv",)),
)
"""The kinds that are taken. No archives, no programs, and no documents that may hold macros."""

_ZIP: Final = b"PK\x03\x04"
_MACROS: Final = re.compile(r".*(vbaProject\.bin|\.exe|\.dll|\.js)", re.IGNORECASE)
_TAGS: Final = re.compile(r"<[^<>]*>")
_PARAGRAPHS: Final = re.compile(r"</(?:w:p|a:p|si|row|c|ofd:TextObject)>")
_HEAD: Final = 64
_EXPECTED: Final = Bilingual(
    zh=f"{'、'.join(ending for kind in KINDS for ending in kind.endings)},且内容与名称、类型一致",
    en=f"one of {', '.join(ending for kind in KINDS for ending in kind.endings)}, as name and type say",
)


def safe_name(name: str | None) -> str:
    """Return the name of a file, in its usual form; raises `FileNameError` for one that may lead anywhere."""
    given = name or ""
    usual = unicodedata.normalize("NFC", given).strip()
    ordinary = all(unicodedata.category(letter)[0] != "C" for letter in usual)
    if (
        not ordinary
        or not 0 < len(usual) <= LONGEST_NAME
        or re.search(r'[/\\:*?"<>|]', usual)
        or usual.strip(".") == ""
    ):
        raise FileNameError(given=given)
    return usual


def kind_of(file: BinaryIO, *, name: str, declared: str | None) -> Kind:
    """Return the kind of a file, by what is in it; name and declared type have to agree. Raises `FileKindError`."""
    media_type = (declared or "").partition(";")[0].strip().lower()
    wanted = [kind for kind in KINDS if name.lower().endswith(kind.endings)]
    if not wanted or not _agrees(file, wanted[0]):
        raise FileKindError(given=f"{name} ({media_type or 'no type'})", expected=_EXPECTED)
    kind = wanted[0]
    if media_type not in {kind.media_type, "application/octet-stream", ""}:
        raise FileKindError(given=f"{name} ({media_type})", expected=_EXPECTED)
    return kind


def refuse_marked(file: BinaryIO, kind: Kind, *, name: str) -> None:
    """Refuse a file that bears a marking of a state secret, as far as its text can be read.

    Text in pictures and in the fonts of a PDF is not read. Raises `ClassifiedError`.
    """
    for text in (name, *_texts(file, kind)):
        if found := marking(text):
            raise ClassifiedError(field="file", given=found)


def _agrees(file: BinaryIO, kind: Kind) -> bool:
    head = _head(file)
    if kind.begins:
        return head.startswith(kind.begins)
    if kind.part:
        return head.startswith(_ZIP) and _holds_part(file, kind.part)
    return _is_text(file)


def _head(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(_HEAD)


def _holds_part(file: BinaryIO, part: str) -> bool:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return part in names and not any(_MACROS.fullmatch(name) for name in names)


def _is_text(file: BinaryIO) -> bool:
    file.seek(0)
    try:
        return all(b"\x00" not in chunk for chunk in _decoded(file))
    except UnicodeDecodeError:
        return False


def _decoded(file: BinaryIO) -> Iterator[bytes]:
    """Read a file that must be UTF-8 throughout; raises `UnicodeDecodeError`."""
    rest = b""
    while chunk := file.read(1 << 20):
        whole = rest + chunk
        try:
            whole.decode()
            rest = b""
        except UnicodeDecodeError as error:
            if len(whole) - error.start >= 4 or error.reason != "unexpected end of data":  # noqa: PLR2004 - of UTF-8
                raise
            rest = whole[error.start :]
        yield whole
    rest.decode()


def _texts(file: BinaryIO, kind: Kind) -> Iterator[str]:
    """Return what text of a file can be read."""
    file.seek(0)
    if kind.texts is not None:
        yield from _packed_texts(file, kind.texts)
    elif kind.begins:
        yield from _printed_texts(file.read(SCANNED))
    else:
        yield file.read(SCANNED).decode("utf-8", "ignore")


def _packed_texts(file: BinaryIO, names: str) -> Iterator[str]:
    left = SCANNED
    with zipfile.ZipFile(file) as packed:
        for entry in packed.infolist():
            if left > 0 and re.fullmatch(names, entry.filename):
                try:
                    with packed.open(entry) as part:
                        content = part.read(left)
                except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
                    continue
                left -= len(content)
                text = _PARAGRAPHS.sub("\n", content.decode("utf-8", "ignore"))
                yield _TAGS.sub("", text)


def _printed_texts(content: bytes) -> Iterator[str]:
    """Return the texts of a PDF or of a picture's description that are written plainly."""
    yield content.decode("utf-8", "ignore")
    for found in re.finditer(rb"\((?:\xfe\xff)((?:[^()\\]|\\.){2,4000})\)", content, re.DOTALL):
        yield found[1].decode("utf-16-be", "ignore")
    for found in re.finditer(rb"<FEFF([0-9A-Fa-f]{4,8000})>", content, re.IGNORECASE):
        digits = found[1][: len(found[1]) // 4 * 4]
        yield bytes.fromhex(digits.decode()).decode("utf-16-be", "ignore")
