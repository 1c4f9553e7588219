"""What a cell means, by the kind of its column; and how a value is written into one.

A cell that can be read in one way only is read; any other is refused with what is expected. Nothing is guessed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from pydantic_core import PydanticCustomError

from api.office.days import moment_of, moment_text, plain
from api.office.layout import Column, Kind
from engine.calendar.moment import known_time, moment
from engine.vocabulary import Bilingual

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""What stands in a cell of a workbook; in CSV there are texts only."""

Value = str | int | bool | list[str]

NOTHING: Final = "(无)"
"""What is written for a set or a list that is known to be empty."""

_EXACT: Final = 10**15
"""Spreadsheets keep so many numbers exactly."""
_FIRST_YEAR: Final = 1000
_LAST_YEAR: Final = 9999
_YES: Final = frozenset({"是", "true", "yes"})
_NO: Final = frozenset({"否", "false", "no"})
_EMPTY: Final = frozenset({"(无)", "(none)"})
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
_STRONG: Final = re.compile(r"[;\n]")
_WEAK: Final = re.compile(r"[、,]")
_LISTED: Final = 12
"""So many choices are told in a message."""


@dataclass(frozen=True, slots=True)
class CellFault(Exception):  # noqa: N818 - never leaves the reader
    """A cell that cannot be read; `given`: what stands there."""

    code: str
    given: str
    expected: Bilingual
    do: Bilingual


def is_blank(cell: Cell) -> bool:
    """Tell whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip("\u200b\ufeff \t\r\n\u3000\xa0"))


def value_of(cell: Cell, column: Column) -> Value:
    """Read a cell that is not blank; raises `CellFault`."""
    return _READERS[column.kind](cell, column)


def says_nothing(text: str) -> bool:
    """Tell whether a text says of a list that it is known to be empty."""
    return plain(text) in _EMPTY


def shown_cell(cell: Cell) -> str:
    """Return what stands in a cell as a problem tells it."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    text = repr(cell) if isinstance(cell, str) else str(cell)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


_SHOWN: Final = 80


def _text(cell: Cell, _: Column) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise CellFault("wrong_type", shown_cell(cell), _A_TEXT, _AS_TEXT)
    if not float(cell).is_integer() or abs(cell) >= _EXACT:
        raise CellFault("wrong_type", f"the number {shown_cell(cell)}", _A_TEXT, _AS_TEXT)
    return str(int(cell))


def _flag(cell: Cell, _: Column) -> bool:
    if isinstance(cell, bool):
        return cell
    text = plain(cell).casefold() if isinstance(cell, str) else ""
    if text not in _YES | _NO:
        raise CellFault("not_yes_or_no", shown_cell(cell), _YES_OR_NO, _WRITE_YES)
    return text in _YES


def _number(cell: Cell, _: Column) -> int:
    if isinstance(cell, str):
        text = plain(cell)
        digits = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
        if re.fullmatch(r"[0-9]{1,15}(?:\.0+)?", digits):
            return int(digits.split(".")[0])
    elif (
        isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell).is_integer() and abs(cell) < _EXACT
    ):
        return int(cell)
    raise CellFault("not_a_number", shown_cell(cell), _WHOLE, _WRITE_NUMBER)


def _moment(cell: Cell, _: Column) -> str:
    text = _written_moment(cell)
    try:
        return moment(text).text
    except PydanticCustomError as error:
        raise _refused(error, cell) from None


def _time(cell: Cell, _: Column) -> str:
    if isinstance(cell, str) and _is_time(cell.strip()):
        return cell.strip()
    text = _written_moment(cell)
    try:
        known_time(text)
    except PydanticCustomError as error:
        raise _refused(error, cell) from None
    return text


def _is_time(text: str) -> bool:
    try:
        known_time(text)
    except PydanticCustomError:
        return False
    return True


def _written_moment(cell: Cell) -> str:
    match cell:
        case str():
            text = cell.strip()
            try:
                return moment(text).text
            except PydanticCustomError:
                return moment_text(text)
        case date():
            return moment_of(cell)
        case int() | float() if _is_year(cell):
            return str(int(cell))
        case int() | float() if not isinstance(cell, bool):
            raise CellFault("not_a_moment", f"the number {shown_cell(cell)}", _A_DAY, _AS_DAY)
    raise CellFault("not_a_moment", shown_cell(cell), _A_DAY, _AS_DAY)


def _is_year(number: float) -> bool:
    return not isinstance(number, bool) and _FIRST_YEAR <= number <= _LAST_YEAR and float(number).is_integer()


def _refused(error: PydanticCustomError, cell: Cell) -> CellFault:
    said = error.context or {}
    return CellFault(
        str(said["code"]),
        shown_cell(cell),
        Bilingual(zh=str(said["expected_zh"]), en=str(said["expected_en"])),
        Bilingual(zh=str(said["do_zh"]), en=str(said["do_en"])),
    )


def _choice(cell: Cell, column: Column) -> str:
    text = cell if isinstance(cell, str) else shown_cell(cell)
    codes = _codes(text, column.values)
    if len(codes) != 1:
        raise _no_choice(cell, column, codes)
    return codes[0]


def _set(cell: Cell, column: Column) -> list[str]:
    text = cell if isinstance(cell, str) else shown_cell(cell)
    if says_nothing(text):
        return []
    found: list[str] = []
    for part in _STRONG.split(plain(text)):
        found += _several(part, cell, column)
    return found


def _several(text: str, cell: Cell, column: Column) -> Iterable[str]:
    """Read several choices with commas between; of names that hold commas themselves, the longest that there is."""
    words = [word for word in _WEAK.split(text) if word.strip()]
    signs = _WEAK.findall(text)
    if len(words) <= len(signs) and any(not word.strip() for word in _WEAK.split(text)):
        signs = ["、"] * max(len(words) - 1, 0)
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):
            joined = "".join(
                word + sign for word, sign in zip(words[start:end], [*signs[start : end - 1], ""], strict=True)
            )
            codes = _codes(joined, column.values)
            if len(codes) == 1:
                yield codes[0]
                start = end
                break
        else:
            raise _no_choice(cell, column, _codes(words[start], column.values), part=words[start])


def _codes(text: str, values: Mapping[str, Bilingual]) -> list[str]:
    """Return the codes that a text may mean: a code itself, else those that are called so in either language."""
    told = text.strip()
    if told in values:
        return [told]
    wanted = _called(text)
    return [code for code, title in values.items() if wanted in {_called(title.zh), _called(title.en), _called(code)}]


def _called(text: str) -> str:
    return plain(text).casefold()


def _no_choice(cell: Cell, column: Column, codes: list[str], *, part: str | None = None) -> CellFault:
    given = shown_cell(cell) if part is None or part == cell else f"{part.strip()!r} in {shown_cell(cell)}"
    if codes:
        listed = ", ".join(codes)
        return CellFault(
            "ambiguous_choice", given, Bilingual(zh=f"{listed} 中的一个", en=f"one of {listed}"), _WRITE_CODE
        )
    names = [f"{title.zh} {code}" for code, title in column.values.items()]
    more = " …" if len(names) > _LISTED else ""
    listed = "; ".join(names[:_LISTED]) + more
    return CellFault("not_a_choice", given, Bilingual(zh=f"{listed} 之一", en=f"one of {listed}"), _CHOOSE)


_READERS: Final[Mapping[Kind, Callable[[Cell, Column], Value]]] = {
    Kind.TEXT: _text,
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
    Kind.MOMENT: _moment,
    Kind.TIME: _time,
    Kind.CHOICE: _choice,
    Kind.SET: _set,
}

_A_TEXT: Final = Bilingual(zh="文字", en="a text")
_AS_TEXT: Final = Bilingual(
    zh="把单元格格式改为“文本”后重新填写",
    en="format the cell as text and write the value again: a spreadsheet has changed it",
)
_YES_OR_NO: Final = Bilingual(zh="是或者否;不清楚的留空", en="是 (yes) or 否 (no); blank if not known")
_WRITE_YES: Final = Bilingual(zh="填写是或者否", en="write 是 or 否, yes or no")
_WHOLE: Final = Bilingual(zh="不小于0的整数", en="a whole number, 0 or more")
_WRITE_NUMBER: Final = Bilingual(zh="只填写数字,不带单位", en="write the digits alone, without a unit")
_A_DAY: Final = Bilingual(
    zh="日期(2024-03-01、2024年3月1日)、月(2024-03)、季(2024-Q1)、年,或者日期和时间(2024-03-01T09:30)",
    en="a day (2024-03-01), month (2024-03), quarter (2024-Q1), year, or a day and time (2024-03-01T09:30)",
)
_AS_DAY: Final = Bilingual(zh="按上述格式之一填写", en="write it in one of these forms, as exactly as it is known")
_WRITE_CODE: Final = Bilingual(zh="改填代码", en="write the code")
_CHOOSE: Final = Bilingual(
    zh="从所列的值中选择(见“选项 choices”表)", en="choose one of the values listed on the sheet `choices`"
)
