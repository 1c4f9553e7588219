"""Sheets as grids of cells, whatever file they come from, and which of the cells cannot be read. Knows no record."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from api.formulas import disarmed
from api.office.archives import MOST_BYTES, PackedError, unpacked
from api.office.cells import Cell, CellFault, is_blank
from api.office.marks import Marks, MarkupError, marks_of
from api.office.problems import cell_name
from engine.vocabulary import Bilingual

CONTENT: Final = "[Content_Types].xml"
CSV: Final = ".csv"

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet. `faults`: cells that cannot be read, by row and column from 0; `hidden`: the whole sheet is."""

    name: str
    rows: Sequence[Sequence[Cell]]
    faults: Mapping[Place, CellFault] = field(default_factory=dict)
    hidden: bool = False

    def filled(self) -> Iterable[tuple[int, Sequence[Cell]]]:
        """Give the rows in which anything stands, below the headings, each with its number from 0."""
        faulty = {row for row, _ in self.faults}
        for number, cells in enumerate(self.rows[1:], start=1):
            if number in faulty or not all(is_blank(cell) for cell in cells):
                yield number, cells

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing stands in it."""
        return all(is_blank(cell) for row in self.rows for cell in row)


class UnreadableError(Exception):
    """A file, or one of its sheets, cannot be read at all."""

    def __init__(self, code: str, *, given: str, expected: Bilingual, do: Bilingual, row: int = 0) -> None:
        """Say what was found, what may be there, and what to do."""
        super().__init__(f"{given}; expected {expected.en}; {do.en}")
        self.code, self.given, self.expected, self.do, self.row = code, given, expected, do, row


def grids_of(stream: IO[bytes], *, limit: int, most: int = MOST_BYTES) -> list[Grid]:
    """Read a workbook, or CSV files packed as ZIP; `limit`: bytes of the file, `most`: unfolded.

    Raises `UnreadableError`.
    """
    content = stream.read(limit + 1)
    if len(content) > limit:
        do = Bilingual(zh="拆分文件或者调高上限", en="split the file, or raise the limit")
        raise UnreadableError("file_too_large", given="a larger file", expected=_no_more(limit), do=do)
    if not content.startswith(b"PK"):
        raise UnreadableError("not_a_workbook", given=_what_it_is(content), expected=_A_WORKBOOK, do=_SAVE_ANEW)
    try:
        parts = unpacked(content, most=most)
    except PackedError as error:
        raise UnreadableError(error.code, given=error.given, expected=error.expected, do=error.do) from None
    if CONTENT in parts:
        return _sheets(content, parts)
    tables = {name: text for name, text in parts.items() if name.lower().endswith(CSV)}
    if not tables:
        raise UnreadableError(
            "not_a_workbook", given="an archive without CSV files", expected=_A_WORKBOOK, do=_SAVE_ANEW
        )
    return [grid_of_csv(PurePosixPath(name).stem, text) for name, text in tables.items()]


def grid_of_csv(name: str, content: bytes) -> Grid:
    """Read a CSV file as the sheet of a name; raises `UnreadableError`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start)
        given = f"{name}{CSV}: the byte 0x{content[error.start]:02x} in line {row + 1}"
        raise UnreadableError("not_utf8", given=given, expected=_IN_UTF8, do=_SAVE_UTF8, row=row) from None
    try:
        rows = [[armed(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error as error:
        given = f"{name}{CSV}: {error}"
        raise UnreadableError("not_readable", given=given, expected=_A_TABLE, do=_SAVE_UTF8) from None
    return Grid(name, rows)


def written(text: str) -> str:
    """Return a text as it is written into CSV: no spreadsheet takes it for a formula, and `armed` gives it back."""
    return f"'{text}" if text.startswith("'") else disarmed(text)


def armed(text: str) -> str:
    """Return a text of CSV without the sign that keeps spreadsheets from taking it for a formula."""
    rest = text[1:]
    return rest if text.startswith("'") and (rest.startswith("'") or disarmed(rest) != rest) else text


def _sheets(content: bytes, parts: Mapping[str, bytes]) -> list[Grid]:
    """Read the sheets of a workbook, after their XML was found to be within limits."""
    try:
        marks = marks_of(parts)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return [_grid(book, name, own) for name, own in marks.items()]
    except (CalamineError, MarkupError, ValueError) as error:
        raise UnreadableError("not_a_workbook", given=str(error), expected=_A_WORKBOOK, do=_SAVE_ANEW) from None


def _grid(book: CalamineWorkbook, name: str, marks: Marks) -> Grid:
    sheet = book.get_sheet_by_name(name)
    rows: list[list[Any]] = list(sheet.to_python(skip_empty_area=False)) if marks.rows else []
    faults = dict(_faults(rows, marks))
    for first, last in marks.merged:
        _spread(rows, first, last)
    return Grid(name, rows, faults=faults, hidden=marks.hidden)


def _spread(rows: list[list[Any]], first: Place, last: Place) -> None:
    """Write into all cells that were merged what stands in the first, so that whose rows they are can be told."""
    for row in range(first[0], min(last[0] + 1, len(rows))):
        for column in range(first[1], min(last[1] + 1, len(rows[row]))):
            rows[row][column] = rows[first[0]][first[1]]


def _faults(rows: Sequence[Sequence[Cell]], marks: Marks) -> Iterable[tuple[Place, CellFault]]:
    """Tell what cannot be read: what is hidden or merged, errors, and formulas that were never worked out."""
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            hidden = number in marks.hidden_rows or column in marks.hidden_columns
            if hidden and not is_blank(cell):
                yield (number, column), CellFault("hidden_cell", repr(cell), _IN_SIGHT, _SHOW)
    for place, text in marks.errors.items():
        yield place, CellFault("error_in_cell", text, _A_VALUE, _MEND)
    for place in marks.empty_formulas:
        yield place, CellFault("formula_without_value", "a formula that was never worked out", _A_VALUE, _WORK_OUT)
    for first, last in marks.merged:
        given = f"the merged cells {cell_name(*first)}:{cell_name(*last)}"
        yield first, CellFault("merged_cells", given, _OWN_CELL, _UNMERGE)
        # Excel keeps the value in the first cell; the rows below would lose theirs.
        for row in range(first[0] + 1, min(last[0], len(rows) - 1) + 1):
            yield (row, first[1]), CellFault("merged_cells", given, _OWN_CELL, _UNMERGE)


def _what_it_is(content: bytes) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "an old XLS file, or one with a password"
    return "an empty file" if not content else "a file that is neither XLSX nor ZIP"


def _no_more(limit: int) -> Bilingual:
    return Bilingual(zh=f"不超过{limit}字节", en=f"{limit} bytes or fewer")


_A_WORKBOOK: Final = Bilingual(
    zh="XLSX工作簿,或者CSV文件的ZIP压缩包", en="an XLSX workbook, or CSV files packed as ZIP"
)
_SAVE_ANEW: Final = Bilingual(
    zh="在电子表格软件中去掉密码并另存为XLSX",
    en="open it in a spreadsheet program, take off any password, and save it as XLSX",
)
_IN_UTF8: Final = Bilingual(zh="UTF-8编码的CSV", en="CSV in UTF-8")
_SAVE_UTF8: Final = Bilingual(zh="另存为“CSV UTF-8(逗号分隔)”", en="save it as `CSV UTF-8 (comma delimited)`")
_A_TABLE: Final = Bilingual(zh="逗号分隔、引号成对的CSV", en="CSV with commas between cells and quotes in pairs")
_IN_SIGHT: Final = Bilingual(zh="显示出来的单元格", en="cells in sight")
_SHOW: Final = Bilingual(
    zh="取消隐藏行和列,核对后重新导入,或者删除", en="show hidden rows and columns and check them, or delete them"
)
_A_VALUE: Final = Bilingual(zh="一个值", en="a value")
_MEND: Final = Bilingual(zh="更正公式,或者直接填写值", en="correct the formula, or write the value itself")
_WORK_OUT: Final = Bilingual(
    zh="在电子表格软件中打开并保存,或者直接填写值",
    en="open and save it in a spreadsheet program, or write the value itself",
)
_OWN_CELL: Final = Bilingual(zh="每行各有单元格", en="a cell of its own for each row")
_UNMERGE: Final = Bilingual(zh="取消合并,每行都填写", en="unmerge the cells and fill in each row")
