"""Write sheets as an XLSX workbook: a template to fill, or one that is filled. No cell is ever a formula."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from api.formulas import disarmed
from api.office.layout import Column, Kind, Sheet
from api.office.sheets import CHOICES, HOW_TO
from api.office.writing import Filled, Written, label
from engine.vocabulary import Bilingual, Language

ROWS: Final = 500
"""On so many rows a template offers choices."""

_MOST_ROWS: Final = 1_048_575
_WIDTH: Final = {
    Kind.TEXT: 22,
    Kind.FLAG: 9,
    Kind.NUMBER: 9,
    Kind.MOMENT: 13,
    Kind.TIME: 17,
    Kind.CHOICE: 18,
    Kind.SET: 28,
}
_HEADING: Final[dict[str, Any]] = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE6F1", "border": 1}
_KEY: Final[dict[str, Any]] = _HEADING | {"bg_color": "#B8CCE4"}
_TITLE_LENGTH: Final = 32
_MESSAGE_LENGTH: Final = 255


class TooManyRowsError(Exception):
    """A sheet would have more rows than Excel has."""

    def __init__(self, *, sheet: str, rows: int) -> None:
        """Say how many there are, and what to do."""
        super().__init__(
            f"sheet {sheet!r}: given {rows} rows; expected {_MOST_ROWS} or fewer; export fewer records, or as CSV"
        )
        self.sheet, self.rows = sheet, rows


@dataclass
class _Book:
    """A workbook in the making: its formats, and where the choices of each column stand."""

    book: xlsxwriter.Workbook
    language: Language
    formats: dict[str, Format] = field(default_factory=dict)
    choices: dict[tuple[str, str], str] = field(default_factory=dict)

    def format(self, **properties: object) -> Format:
        """Return a format, made once."""
        key = repr(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]


def write_workbook(
    file: IO[bytes],
    sheets: Sequence[Filled],
    *,
    guide: Sequence[Bilingual],
    notes: Sequence[str] = (),
    language: Language,
) -> None:
    """Write a workbook: how to fill it in, the sheets with their choices, and a list of all choices.

    `notes`: lines of what it rests on. Raises `TooManyRowsError`.
    """
    for filled in sheets:
        if len(filled.rows) > _MOST_ROWS:
            raise TooManyRowsError(sheet=filled.sheet.name, rows=len(filled.rows))
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as opened:
        book = _Book(opened, language)
        _write_guide(book, guide, notes)
        pages = [(opened.add_worksheet(filled.sheet.name), filled) for filled in sheets]
        _write_choices(book, [filled.sheet for filled in sheets])
        for page, filled in pages:
            _write_sheet(book, page, filled, root=sheets[0].sheet)


def _write_guide(book: _Book, guide: Sequence[Bilingual], notes: Sequence[str]) -> None:
    page = book.book.add_worksheet(f"说明 {HOW_TO}")
    page.set_column(0, 1, 70, book.format(text_wrap=True, valign="top"))
    for row, line in enumerate(guide):
        style = book.format(bold=True, font_size=14, text_wrap=True) if row == 0 else None
        page.write_string(row, 0, line.zh, style)
        page.write_string(row, 1, line.en, style)
    for row, note in enumerate(notes, start=len(guide) + 1):
        page.write_string(row, 0, note)


def _write_choices(book: _Book, sheets: Iterable[Sheet]) -> None:
    """List the choices of all columns, and note where those of each stand."""
    page = book.book.add_worksheet(f"选项 {CHOICES}")
    for at, heading in enumerate(("表 sheet", "列 column", "名称", "name", "代码 code")):
        page.write_string(0, at, heading, book.format(**_HEADING))
    page.set_column(0, 4, 26)
    page.freeze_panes(1, 0)
    row = 1
    named = 2 if book.language == "zh" else 3
    for sheet in sheets:
        for column in (column for column in sheet.columns if column.values):
            first = row
            for code, title in column.values.items():
                shown = label(column, code, book.language)
                cells = [sheet.name, column.short, title.zh, title.en, code]
                cells[named] = shown
                for at, cell in enumerate(cells):
                    page.write_string(row, at, cell)
                row += 1
            letter = "CD"[named - 2]
            book.choices[(sheet.id, column.name)] = f"='选项 {CHOICES}'!${letter}${first + 1}:${letter}${row}"


def _write_sheet(book: _Book, page: Worksheet, filled: Filled, *, root: Sheet) -> None:
    page.freeze_panes(1, 2)
    page.set_row(0, 62)
    last = max(ROWS, len(filled.rows))
    for at, (column, number) in enumerate(filled.headings):
        page.set_column(at, at, _WIDTH[column.kind], book.format(num_format=_number_format(column)))
        style = book.format(**(_KEY if column.needed else _HEADING))
        page.write_string(0, at, column.heading("\n", number=number), style)
        page.data_validation(1, at, last, at, _validation(book, filled.sheet, column, root))
    for row, cells in enumerate(filled.rows, start=1):
        for at, cell in enumerate(cells):
            _write_cell(book, page, row, at, cell)


def _write_cell(book: _Book, page: Worksheet, row: int, at: int, cell: Written) -> None:
    match cell:
        case str() if disarmed(cell) != cell:
            # The sign that keeps a spreadsheet from making a formula of it, once somebody edits the cell.
            page.write_string(row, at, cell, book.format(num_format="@", quote_prefix=True))
        case str():
            page.write_string(row, at, cell, book.format(num_format="@"))
        case int():
            page.write_number(row, at, cell, book.format(num_format="0"))
        case date():
            page.write_datetime(row, at, cell, book.format(num_format="yyyy-mm-dd"))


def _number_format(column: Column) -> str:
    match column.kind:
        case Kind.MOMENT:
            return "yyyy-mm-dd"
        case Kind.NUMBER:
            return "0"
    return "@"


def _validation(book: _Book, sheet: Sheet, column: Column, root: Sheet) -> dict[str, Any]:
    """Return what a cell takes, and what is said of it when it is chosen."""
    title = column.title.say(book.language)[:_TITLE_LENGTH]
    message = _HINTS[column.kind].say(book.language)
    said = {
        "input_title": title,
        "input_message": f"{column.title.en}\n{message}"[:_MESSAGE_LENGTH],
        "ignore_blank": True,
    }
    refused = {"error_type": "stop", "error_title": title, "error_message": message[:_MESSAGE_LENGTH]}
    if column.place is None and column is sheet.owner and sheet is not root:
        return {"validate": "list", "source": f"='{root.name}'!$A$2:$A${ROWS + 1}", **said, **refused}
    match column.kind:
        case Kind.CHOICE:
            return {"validate": "list", "source": book.choices[(sheet.id, column.name)], **said, **refused}
        case Kind.FLAG:
            return {"validate": "list", "source": list(_YES_NO[book.language]), **said, **refused}
        case Kind.NUMBER:
            least = 1 if column.place is None else 0
            return {"validate": "integer", "criteria": ">=", "value": least, **said, **refused}
    return {"validate": "any", **said}


_YES_NO: Final[Mapping[Language, tuple[str, str]]] = {"zh": ("是", "否"), "en": ("yes", "no")}
_HINTS: Final = {
    Kind.TEXT: Bilingual(zh="文字", en="a text"),
    Kind.FLAG: Bilingual(zh="是或者否;不清楚的留空", en="yes or no; blank if not known"),
    Kind.NUMBER: Bilingual(zh="整数,不带单位", en="a whole number, without a unit"),
    Kind.MOMENT: Bilingual(
        zh="日期2024-03-01;或者月2024-03、季2024-Q1、年2024、时刻2024-03-01T09:30、unknown",
        en="a day 2024-03-01; or a month 2024-03, quarter 2024-Q1, year 2024, time 2024-03-01T09:30, unknown",
    ),
    Kind.TIME: Bilingual(zh="日期或者时间2024-03-01T09:30", en="a day, or a time 2024-03-01T09:30"),
    Kind.CHOICE: Bilingual(zh="从列表中选择", en="choose one of the list"),
    Kind.SET: Bilingual(
        zh="可以多选,用、或者;隔开,见“选项 choices”表",
        en="one or several, with 、 or ; between; see the sheet `choices`",
    ),
}
