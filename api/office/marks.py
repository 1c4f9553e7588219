"""What a sheet of a workbook has beside its values: errors, formulas that were never worked out, what is hidden.

The XML of the sheet is read in one pass, before anything reads its values: a cell at the far end of a sheet would make
any reader of values lay out all the cells before it. No entity is expanded.
"""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

ROWS: Final = 1_048_576
"""Excel has so many rows, and as many columns as follow."""
COLUMNS: Final = 16_384
MOST_CELLS: Final = 2_000_000
"""So many cells a sheet may span, from A1 to the last one that holds anything."""

_RELATIONSHIP: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_LETTERS: Final = 26
_LINK: Final = "xl/_rels/workbook.xml.rels"
_BOOK: Final = "xl/workbook.xml"


class MarkupError(Exception):
    """The XML of a workbook cannot be read."""

    def __init__(self, *, given: str) -> None:
        """Say what was found."""
        super().__init__(given)


@dataclass(slots=True)
class Marks:
    """What a sheet has beside its values; rows and columns are counted from 0.

    `rows`, `columns`: how many there are, as far as anything stands in them.
    """

    hidden: bool = False
    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    empty_formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


def marks_of(parts: Mapping[str, bytes]) -> dict[str, Marks]:
    """Return the marks of each sheet by its name; `parts` are the files of the workbook. Raises `MarkupError`."""
    targets = _targets(parts)
    found: dict[str, Marks] = {}
    for name, link, hidden in _sheets(parts):
        content = parts.get(targets.get(link, ""))
        if content is None:
            raise MarkupError(given=f"the sheet {name!r} has no contents")
        found[name] = _SheetReader(hidden=hidden).read(content)
    return found


def _targets(parts: Mapping[str, bytes]) -> dict[str, str]:
    found: dict[str, str] = {}

    def begin(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            found[attributes.get("Id", "")] = path

    _parse(parts.get(_LINK, b""), begin)
    return found


def _sheets(parts: Mapping[str, bytes]) -> list[tuple[str, str, bool]]:
    """Return name, link and whether it is hidden of each sheet."""
    found: list[tuple[str, str, bool]] = []

    def begin(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            link = attributes.get(f"{_RELATIONSHIP} id") or attributes.get(f"{_STRICT} id") or ""
            found.append((attributes.get("name", ""), link, attributes.get("state", "visible") != "visible"))

    _parse(parts.get(_BOOK, b""), begin)
    return found


class _SheetReader:
    """Reads the XML of one sheet."""

    def __init__(self, *, hidden: bool) -> None:
        self._marks = Marks(hidden=hidden)
        self._row, self._column = -1, -1
        self._formula, self._value = False, False
        self._kind, self._text = "", ""
        self._reading = False

    def read(self, content: bytes) -> Marks:
        _parse(content, self._begin, self._end, self._said)
        return self._marks

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "row":
                self._row = _whole(attributes.get("r"), self._row + 2) - 1
                self._column = -1
                if attributes.get("hidden") in _TRUE:
                    self._marks.hidden_rows.add(self._row)
            case "c":
                given = attributes.get("r")
                self._row, self._column = cell_at(given) if given else (self._row, self._column + 1)
                self._kind, self._text = attributes.get("t", "n"), ""
                self._formula = self._value = False
            case "f":
                self._formula = True
            case "v":
                self._value = self._reading = True
            case "is":
                self._value = True
            case "col" if attributes.get("hidden") in _TRUE:
                first, last = _whole(attributes.get("min"), 1), _whole(attributes.get("max"), COLUMNS)
                self._marks.hidden_columns |= set(range(first - 1, min(last, COLUMNS)))
            case "mergeCell":
                first_cell, _, last_cell = attributes.get("ref", "A1").partition(":")
                self._marks.merged.append((cell_at(first_cell), cell_at(last_cell or first_cell)))

    def _end(self, tag: str) -> None:
        match _local(tag):
            case "v":
                self._reading = False
            case "c" if self._value or self._formula:
                self._span()
                place = (self._row, self._column)
                if self._kind == "e":
                    self._marks.errors[place] = self._text or "#ERROR"
                elif self._formula and not self._value:
                    self._marks.empty_formulas.add(place)

    def _said(self, text: str) -> None:
        if self._reading and self._kind == "e":
            self._text += text

    def _span(self) -> None:
        marks = self._marks
        marks.rows, marks.columns = max(marks.rows, self._row + 1), max(marks.columns, self._column + 1)
        if marks.rows * marks.columns > MOST_CELLS:
            raise MarkupError(given=f"a sheet of {marks.rows} rows and {marks.columns} columns")


_TRUE: Final = frozenset({"1", "true"})


def cell_at(name: str) -> tuple[int, int]:
    """Return row and column, from 0, of a cell such as D7; raises `MarkupError`."""
    plain = name.replace("$", "")
    letters = plain.rstrip("0123456789")
    digits = plain[len(letters) :]
    if not letters.isascii() or not letters.isalpha() or not digits or len(letters) > len("XFD"):
        raise MarkupError(given=f"a cell called {name!r}")
    column = 0
    for letter in letters.upper():
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    row = int(digits[: len("1048576") + 1])
    if not (1 <= row <= ROWS and column <= COLUMNS):
        raise MarkupError(given=f"a cell called {name!r}")
    return row - 1, column - 1


def _whole(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not text.isdecimal() or len(text) > len("1048576") or not 1 <= int(text) <= ROWS:
        raise MarkupError(given=f"a row or column {text!r}")
    return int(text)


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _parse(
    content: bytes,
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    said: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = said
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes it by place only
    except (expat.ExpatError, LookupError) as error:
        # LookupError: it claims a coding that nobody knows.
        raise MarkupError(given=f"XML that cannot be read: {error}") from None


def _refuse_entities(*_: object) -> None:
    raise MarkupError(given="XML that declares entities")
