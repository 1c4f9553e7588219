"""Write records and catalogues as the rows of sheets. What a table cannot say is told by reading it again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from api.office.cells import NOTHING
from api.office.layout import Column, Kind, Known, Layout, Listed, Named, Numbered, Sheet, Where
from engine.calendar.moment import LOCAL
from engine.reading.problems import Location
from engine.record import DecisionRecord
from engine.record.catalogue import Catalogue
from engine.vocabulary import Language

Written = str | int | bool | date | None
"""What is written into a cell; a flag as a word, a day as a day."""

_LAST_SECOND: Final = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet with what is written on it. `headings`: each column, and which one of several of its name."""

    sheet: Sheet
    headings: tuple[tuple[Column, int], ...]
    rows: tuple[tuple[Written, ...], ...]


def filled(layout: Layout, owners: Sequence[DecisionRecord | Catalogue], *, language: Language) -> list[Filled]:
    """Write records or catalogues as the sheets of their layout."""
    data = [owner.model_dump(mode="json", exclude_none=True) for owner in owners]
    return [_filled(sheet, data, language) for sheet in layout.sheets]


def _filled(sheet: Sheet, owners: Sequence[Mapping[str, Any]], language: Language) -> Filled:
    rows: list[dict[tuple[str, int], Written]] = []
    for own in owners:
        for keys, thing in _things(own, sheet.where):
            rows.append(_row(sheet, keys | {sheet.owner.name: own["id"]}, thing, language))
    headings = tuple((column, number) for column in sheet.columns for number in range(1, _most(column, rows) + 1))
    table = tuple(tuple(row.get((column.name, number)) for column, number in headings) for row in rows)
    return Filled(sheet, headings, table)


def _most(column: Column, rows: Iterable[Mapping[tuple[str, int], Written]]) -> int:
    if not column.many:
        return 1
    return max((number for row in rows for name, number in row if name == column.name), default=1)


def _things(data: Mapping[str, Any], where: Where) -> Iterator[tuple[dict[str, Written], Mapping[str, Any]]]:
    """Give each thing of a kind in a record, with the keys that say where it lies."""
    found: list[tuple[dict[str, Written], Any]] = [({}, data)]
    for part in where:
        found = [one for keys, value in found for one in _parts(keys, value, part)]
    yield from found


def _parts(
    keys: dict[str, Written],
    value: Any,  # noqa: ANN401 - plain data
    part: str | Numbered | Named | Known | Listed,
) -> Iterator[tuple[dict[str, Written], Any]]:
    match part:
        case Listed():
            yield from ((keys, one if isinstance(one, dict) else {"kind": one}) for one in value)
        case str():
            if part in value:
                yield keys, value[part]
        case Numbered():
            yield from ((keys | {part.column: number}, one) for number, one in enumerate(value, start=1))
        case Named():
            yield from ((keys | {part.column: name}, one) for name, one in value.items())
        case Known():
            yield from ((keys | {part.column: one["id"]}, one) for one in value)


def _row(
    sheet: Sheet, keys: Mapping[str, Written], thing: Mapping[str, Any], language: Language
) -> dict[tuple[str, int], Written]:
    row: dict[tuple[str, int], Written] = {}
    for column in sheet.columns:
        found: Any = keys.get(column.name) if column.place is None else _at(thing, column.place)
        if column.many and found is not None:
            several = found or _none(column, thing)
            row |= {(column.name, number): str(one) for number, one in enumerate(several, start=1)}
        elif found is not None:
            row[(column.name, 1)] = _cell(found, column, language)
    return row


def _none(column: Column, thing: Mapping[str, Any]) -> Sequence[str]:
    """Return what is written for an empty list: nothing, unless it is all that is said of what it is a part of."""
    place = column.place or ()
    return [NOTHING] if len(place) > 1 and len(thing[str(place[0])]) == 1 else []


def _at(thing: Any, place: Location) -> Any:  # noqa: ANN401 - plain data
    if place == ("title", "zh") and isinstance(thing.get("title"), str):
        return thing["title"]
    for part in place:
        if not isinstance(thing, dict) or part not in thing:
            return None
        thing = thing[part]
    return thing


def _cell(value: Any, column: Column, language: Language) -> Written:  # noqa: ANN401 - plain data
    match column.kind:
        case Kind.FLAG:
            return None if value is False and column.name in {"made_up", "void"} else _flag(value, language)
        case Kind.CHOICE:
            return label(column, value, language)
        case Kind.SET if not value and column.place == ("special_statutes",):
            return None
        case Kind.SET:
            return "、".join(label(column, one, language) for one in value) if value else NOTHING
        case Kind.MOMENT:
            return _moment(value)
        case Kind.TIME:
            return _time(value)
    return value if isinstance(value, str | int) else str(value)


def _flag(value: bool, language: Language) -> str:  # noqa: FBT001 - the value itself
    return {"zh": ("否", "是"), "en": ("no", "yes")}[language][value]


def label(column: Column, code: str, language: Language) -> str:
    """Return what a choice is called, if nothing else of the column is called so; else its code."""
    title = column.values.get(code)
    if title is None:
        return code
    said = title.say(language)
    called = [name for one, other in column.values.items() for name in (one, other.zh, other.en) if one != code]
    mixed = any(sign in said for sign in ";；\n")
    return code if mixed or said.casefold() in {name.casefold() for name in called} else said


def _moment(text: str) -> Written:
    """Return a day as a day, and everything else as it was written."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day.isoformat() == text and day >= _FIRST_DAY else text


_FIRST_DAY: Final = date(1900, 3, 1)
"""Excel counts a day too many before."""


def _time(text: str) -> str:
    """Return a point in time in local time, a last second as its day."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return text
    local = moment.astimezone(LOCAL).replace(tzinfo=None)
    return local.date().isoformat() if local.time() == _LAST_SECOND else local.isoformat()
