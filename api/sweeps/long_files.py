"""Files in long form, CSV and Parquet, read row by row: a stretch of rows at a time, in bounded memory.

CSV is UTF-8 with a line of headings; Parquet has the same columns as texts. A row has its number in the file, from 1,
headings not counted.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, NamedTuple

import polars as pl
from polars.exceptions import PolarsError

from api.sweeps.saying import COLUMNS, PlacedRow, Row
from engine.vocabulary import Bilingual

_BATCH: Final = 100_000
"""So many rows of Parquet are read at a time."""
_SHORT: Final = 200


class Stretch(NamedTuple):
    """Rows of a file that follow one another: `begin` and `end` are bytes of CSV, or rows of Parquet from 0.

    `before`: how many rows there are before them.
    """

    begin: int
    end: int
    before: int


class Start(NamedTuple):
    """A row that may begin a record: where it stands, the id, and the procedure if that row names it."""

    at: int
    before: int
    record: str | None
    procedure: str | None


class FileError(Exception):
    """A file cannot be read as rows: what is wrong, in which row if that is known, and what to do."""

    def __init__(self, code: str, *, row: int | None, reason: Bilingual, do: Bilingual) -> None:
        """Keep it."""
        super().__init__(reason.en)
        self.code, self.row, self.reason, self.do = code, row, reason, do


def starts_of(file: Path) -> Iterator[Start]:
    """Go through the whole file once, for where records begin and of which procedure they are; raises `FileError`.

    Last comes a start without a record at the end of the file.
    """
    return _parquet_starts(file) if _is_parquet(file) else _csv_starts(file)


def rows_in(file: Path, stretch: Stretch) -> Iterator[PlacedRow]:
    """Give the rows of a stretch; raises `FileError`. A row with cells that are missing or too many has no value."""
    return _parquet_rows(file, stretch) if _is_parquet(file) else _csv_rows(file, stretch)


def _is_parquet(file: Path) -> bool:
    return file.suffix == ".parquet"


# --- CSV -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Lines:
    """The lines of a file as text, up to a byte, and how many bytes have been given."""

    opened: IO[bytes]
    at: int
    end: int | None = None
    _next: bytes = b""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self.end is not None and self.at >= self.end:
            raise StopIteration
        line, self._next = self._next or self.opened.readline(), b""
        if not line:
            raise StopIteration
        self.at += len(line)
        return line.decode()

    def pass_over(self, record: str) -> int:
        """Pass over lines that are plain rows of a record and name no procedure; returns how many there are."""
        begin, passed = f"{record},".encode(), 0
        for line in self.opened:
            if not line.startswith(begin) or b'"' in line or b",procedure," in line:
                self._next = line
                break
            if not line.isascii():
                line.decode()
            self.at += len(line)
            passed += 1
        return passed


def _csv_starts(file: Path) -> Iterator[Start]:
    with _opened(file) as opened:
        lines, number, last = _Lines(opened, 0), 0, None
        try:
            places = _headings(lines)
            record, step, field, value = (places[name] for name in ("record", "step", "field", "value"))
            at = lines.at
            for cells in csv.reader(lines, strict=True):
                if cells:
                    whole = len(cells) == len(COLUMNS)
                    own = cells[record] if record < len(cells) else ""
                    names = whole and cells[field] == "procedure" and not cells[step]
                    if own != last or names:
                        yield Start(at, number, own, cells[value] if names else None)
                    last = own
                number += 1
                if last and record == 0 and "," not in last:
                    number += lines.pass_over(last)
                at = lines.at
        except UnicodeDecodeError as error:
            raise _not_text(error, row=number + 1) from None
        except csv.Error as error:
            raise _broken(str(error), row=number + 1) from None
        yield Start(at, number, None, None)


def _csv_rows(file: Path, stretch: Stretch) -> Iterator[PlacedRow]:
    with _opened(file) as opened:
        head = _Lines(opened, 0)
        number = stretch.before
        try:
            places = _headings(head)
            order = [places[name] for name in COLUMNS]
            opened.seek(stretch.begin)
            for cells in csv.reader(_Lines(opened, stretch.begin, stretch.end), strict=True):
                number += 1
                if not cells:
                    continue
                if len(cells) != len(COLUMNS):
                    record = cells[places["record"]] if places["record"] < len(cells) else ""
                    yield PlacedRow(number, Row(record, "", "", "", f"{len(cells)} cells"))
                    continue
                yield PlacedRow(number, Row._make(cells[place] for place in order))
        except UnicodeDecodeError as error:
            raise _not_text(error, row=number + 1) from None
        except csv.Error as error:
            raise _broken(str(error), row=number + 1) from None


def _opened(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except OSError as error:
        raise _broken(error.strerror or str(error), row=None) from None


def _headings(lines: _Lines) -> dict[str, int]:
    """Read the line of headings: where each column stands."""
    cells = next(csv.reader(lines, strict=True), [])
    if cells:
        cells[0] = cells[0].removeprefix("\ufeff")
    _require(cells)
    return {name: place for place, name in enumerate(cells)}


def _require(names: Iterable[str]) -> None:
    given = list(names)
    if sorted(given) == sorted(COLUMNS):
        return
    if not given:
        raise nothing_in_it()
    listed, wanted = ", ".join(given)[:_SHORT], ", ".join(COLUMNS)
    reason = Bilingual(zh=f"输入为列 {listed};应为列 {wanted}", en=f"given the columns {listed}; expected {wanted}")
    raise FileError("wrong_columns", row=None, reason=reason, do=_CORRECT)


def nothing_in_it() -> FileError:
    """Say that a file holds no rows."""
    reason = Bilingual(zh="输入没有数据行;应为长表的行", en="given no rows; expected rows in long form")
    return FileError("empty_file", row=None, reason=reason, do=_LEAVE_OUT)


def _not_text(error: UnicodeDecodeError, *, row: int) -> FileError:
    byte = f"0x{error.object[error.start]:02x}"
    reason = Bilingual(zh=f"输入含字节 {byte};应为UTF-8编码", en=f"given the byte {byte}; expected text in UTF-8")
    return FileError("wrong_encoding", row=row, reason=reason, do=_SAVE)


def _broken(why: str, *, row: int | None) -> FileError:
    reason = Bilingual(zh=f"无法读取({why})", en=f"cannot be read ({why})")
    return FileError("unreadable_file", row=row, reason=reason, do=_RESTORE)


# --- Parquet ---------------------------------------------------------------------------------------------------------


def _parquet_starts(file: Path) -> Iterator[Start]:
    frame = _scanned(file)
    number, last = 0, ""
    try:
        for batch in frame.collect_batches(chunk_size=_BATCH, maintain_order=True):
            own = pl.col("record")
            names = (pl.col("field") == "procedure") & (pl.col("step") == "")
            before = own.shift(1, fill_value=last if number else None)
            marked = batch.with_row_index("at", offset=number).filter((own != before) | before.is_null() | names)
            told = marked.select("at", "record", pl.when(names).then("value"))
            for at, record, procedure in told.iter_rows():
                yield Start(at, at, record, procedure)
            number += batch.height
            last = batch.get_column("record")[-1] if batch.height else last
    except PolarsError as error:
        raise _broken(str(error).partition("\n")[0], row=None) from None
    yield Start(number, number, None, None)


def _parquet_rows(file: Path, stretch: Stretch) -> Iterator[PlacedRow]:
    begin = stretch.begin
    try:
        while begin < stretch.end:
            some = _scanned(file).slice(begin, min(_BATCH, stretch.end - begin)).collect()
            for number, cells in enumerate(some.iter_rows(), start=begin + 1):
                yield PlacedRow(number, Row._make(cells))
            begin += _BATCH
    except PolarsError as error:
        raise _broken(str(error).partition("\n")[0], row=None) from None


def _scanned(file: Path) -> pl.LazyFrame:
    """Read Parquet with all columns as texts, empty where nothing is said."""
    try:
        frame = pl.scan_parquet(file)
        schema = frame.collect_schema()
    except (OSError, PolarsError) as error:
        raise _broken(str(error).partition("\n")[0], row=None) from None
    _require(schema.names())
    for name, kind in schema.items():
        if not (any(kind == text for text in _TEXTS) or (name == "round" and kind.is_integer())):
            reason = Bilingual(
                zh=f"输入为 {kind} 类型的列 {name};应为文本",
                en=f"given the column {name} of type {kind}; expected text",
            )
            raise FileError("wrong_type", row=None, reason=reason, do=_CORRECT)
    return frame.select(pl.col(name).cast(pl.String).fill_null("") for name in COLUMNS)


_TEXTS: Final = (pl.String, pl.Categorical, pl.Enum, pl.Null)
_CORRECT: Final = Bilingual(
    zh="更正列名和类型(见docs/sweeps-sources.md)", en="correct the columns, see docs/sweeps-sources.md"
)
_SAVE: Final = Bilingual(zh="另存为UTF-8编码的CSV", en="save the file as CSV in UTF-8")
_RESTORE: Final = Bilingual(zh="恢复或者重新生成该文件", en="restore the file, or write it anew")
_LEAVE_OUT: Final = Bilingual(zh="填写或者不提交该文件", en="fill it in, or leave the file out")
