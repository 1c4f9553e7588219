"""Lists and summaries as tables: CSV that Excel opens, and XLSX. Each prints what its answers rest on.

No cell is ever a formula. The rows come first, so that a filter or a program finds its headings in line 1; as-of day,
known-at time, rulebook digest and head of the trail stand below them in CSV, and on a sheet of their own in XLSX.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any, Final

import xlsxwriter
from fastapi import Depends, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from api.edge.answers import UNCHANGED
from api.edge.language import LONGEST, weighted
from api.formulas import disarmed
from api.refusals import NotAcceptableError
from api.store.trail import Head
from engine.calendar.moment import LOCAL
from engine.vocabulary import Bilingual, Language, Word

CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY: Final = 1024 * 1024
"""How many bytes of a table are kept in memory before it goes to a temporary file."""
CHUNK: Final = 64 * 1024
LONGEST_CELL: Final = 32_000
"""Excel holds no more characters in a cell than 32,767."""

Cell = str | int | float | bool | date | datetime | Bilingual | Word | None

TABLES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {CSV: {"schema": {"type": "string"}}, XLSX: {"schema": {"type": "string", "format": "binary"}}}},
    **UNCHANGED,
}
"""What the description of a route that gives tables says of them, as `responses`."""

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


class Format(StrEnum):
    """In which form a list is given."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a table rests on, printed with it."""

    title: Bilingual
    printed_at: datetime
    as_of: date | None = None
    known_at: datetime | None = None
    rulebook: str | None = None
    trail: Head | None = None

    def lines(self, language: Language) -> tuple[tuple[str, str], ...]:
        """Return name and value of each part that there is."""
        trail = f"{self.trail.number} {self.trail.digest}" if self.trail else None
        parts = (
            (_TITLE, self.title.say(language)),
            (_AS_OF, self.as_of and self.as_of.isoformat()),
            (_KNOWN_AT, self.known_at and _time(self.known_at)),
            (_RULEBOOK, self.rulebook),
            (_TRAIL, trail),
            (_PRINTED, _time(self.printed_at)),
        )
        return tuple((name.say(language), value) for name, value in parts if value)


class FormatError(NotAcceptableError):
    """A list is asked for in a form that there is not."""

    def __init__(self, *, given: str) -> None:
        """Say which forms there are."""
        listed = f"application/json, {CSV}, {XLSX}"
        super().__init__(
            "not_acceptable",
            given=given,
            expected=Bilingual(zh=listed, en=f"one of {listed}"),
            do=Bilingual(zh="更正Accept,或者用format参数", en="correct the header Accept, or use the parameter format"),
            field="Accept",
        )


def exported(
    form: Format,
    columns: Sequence[Bilingual],
    rows: Iterable[Sequence[Cell]],
    *,
    basis: Basis,
    language: Language,
    name: str,
) -> Response:
    """Write a table as a file to be saved under a name, given without its ending."""
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    headings = [column.say(language) for column in columns]
    said = (tuple(_said(cell, language) for cell in row) for row in rows)
    write = _write_csv if form == Format.CSV else _write_xlsx
    write(file, headings, said, basis.lines(language))
    file.seek(0)
    return StreamingResponse(
        _chunks(file),
        media_type=f"{CSV}; charset=utf-8" if form == Format.CSV else XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"', "Vary": "Accept, Accept-Language"},
        background=BackgroundTask(file.close),
    )


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _said(cell: Cell, language: Language) -> str | int | float | None:
    """Return a cell as a number, a text, or nothing. Times are told as in China."""
    match cell:
        case Bilingual() | Word():
            return cell.say(language)
        case bool():
            return (_YES if cell else _NO).say(language)
        case datetime():
            return _time(cell)
        case date():
            return cell.isoformat()
        case str():
            return _UNPRINTABLE.sub("", cell)[:LONGEST_CELL]
    return cell


def _time(time: datetime) -> str:
    return f"{time.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"


def _write_csv(
    file: IO[bytes],
    headings: Sequence[str],
    rows: Iterable[Sequence[str | int | float | None]],
    basis: Iterable[tuple[str, str]],
) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([disarmed(cell) if isinstance(cell, str) else cell for cell in row])
    writer.writerow([])
    writer.writerows((disarmed(name), disarmed(value)) for name, value in basis)
    text.flush()
    text.detach()


def _write_xlsx(
    file: IO[bytes],
    headings: Sequence[str],
    rows: Iterable[Sequence[str | int | float | None]],
    basis: Iterable[tuple[str, str]],
) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet("表1")
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write_number(number, column, cell)
    about = book.add_worksheet("依据")
    for number, (name, value) in enumerate(basis):
        about.write_string(number, 0, name)
        about.write_string(number, 1, value)
    book.close()


async def _format(
    request: Request,
    form: Annotated[Format | None, Query(alias="format", description="instead of the header Accept")] = None,
) -> Format:
    if form is not None:
        return form
    given = request.headers.get("accept", "")[:LONGEST] or "*/*"
    for name, weight in weighted(given):
        if weight and (found := _FORMATS.get(name)):
            return found
    raise FormatError(given=given)


_FORMATS: Final = {
    "application/json": Format.JSON,
    "application/*": Format.JSON,
    "*/*": Format.JSON,
    CSV: Format.CSV,
    "text/*": Format.CSV,
    XLSX: Format.XLSX,
}


FormatDep = Annotated[Format, Depends(_format)]

_TITLE: Final = Bilingual(zh="表名", en="table")
_AS_OF: Final = Bilingual(zh="基准日", en="as of")
_KNOWN_AT: Final = Bilingual(zh="知悉时点", en="known at")
_RULEBOOK: Final = Bilingual(zh="规则库摘要", en="rulebook")
_TRAIL: Final = Bilingual(zh="留痕链首", en="head of the trail")
_PRINTED: Final = Bilingual(zh="导出时间", en="printed at")
_YES: Final = Bilingual(zh="是", en="yes")
_NO: Final = Bilingual(zh="否", en="no")
