"""Read files of records. What is wrong with one record is told; the good records beside it are still read."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from engine.procedure import Procedure
from engine.reading.problems import Location, Problem, field_path, near, problems_of, shown
from engine.reading.texts import DEFAULT_LIMIT, Text, read_texts
from engine.record.record import DecisionRecord, record_type
from engine.vocabulary import Bilingual

DEFAULT_PROCEDURE: Final = "major_decision"


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A record and the place where it was read."""

    record: DecisionRecord
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at a place of a text: a record, or a catalogue, to be read."""

    data: Any
    place: Location
    text: Text


def read_records(
    paths: Iterable[Path],
    *,
    procedures: Mapping[str, Procedure],
    jurisdictions: Collection[str],
    limit: int = DEFAULT_LIMIT,
) -> tuple[list[ReadRecord], list[Problem]]:
    """Read every record of every file; returns the records in order and all problems, and raises for none.

    A file holds one record, a list of records, or `records:` with a list, in one or more YAML documents or one JSON
    value; beside `records:` there may be `catalogues:`, see `read_catalogues`. `limit` is the greatest size of a file
    in bytes.
    """
    problems: list[Problem] = []

    def texts() -> Iterator[Text]:
        for path in paths:
            found, wrong = read_texts(path, limit=limit)
            problems.extend(wrong)
            yield from found

    records, wrong = records_of(texts(), procedures=procedures, jurisdictions=jurisdictions)
    return records, problems + wrong


def records_of(
    texts: Iterable[Text], *, procedures: Mapping[str, Procedure], jurisdictions: Collection[str]
) -> tuple[list[ReadRecord], list[Problem]]:
    """Read every record of texts; returns the records in order and all problems, and raises for none."""
    records: list[ReadRecord] = []
    problems: list[Problem] = []
    known: dict[str, ReadRecord] = {}
    for entry in (entry for text in texts for entry in entries_of(text)):
        read = _read(entry, procedures, jurisdictions)
        if isinstance(read, list):
            problems.extend(read)
        elif read.record.id in known:
            problems.append(_duplicate(entry, read, known[read.record.id]))
        else:
            known[read.record.id] = read
            records.append(read)
    return records, problems


def read_record(
    data: Any,  # noqa: ANN401 - plain data
    *,
    file: str,
    procedures: Mapping[str, Procedure],
    jurisdictions: Collection[str],
) -> DecisionRecord | list[Problem]:
    """Read one record from plain data, as a file would be read; `file` is what problems name as their place.

    All of it counts as line 1.
    """
    read = _read(Entry(data, (), Text(file, data, {})), procedures, jurisdictions)
    if isinstance(read, list):
        lines = dict.fromkeys(places_of(data, ()), 1)
        read = _read(Entry(data, (), Text(file, data, lines)), procedures, jurisdictions)
    return read.record if isinstance(read, ReadRecord) else read


def places_of(data: Any, place: Location) -> Iterable[Location]:  # noqa: ANN401 - plain data
    """Give every place of plain data, which stands at a place itself."""
    yield place
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, part in parts:
        yield from places_of(part, (*place, name))


RECORDS, CATALOGUES = "records", "catalogues"


def entries_of(text: Text, key: str = RECORDS) -> Iterable[Entry]:
    """Return what stands under a key of a file of several things; a file without keys holds records."""
    data: Any = text.data
    place: Location = ()
    if isinstance(data, dict) and data and set(data) <= {RECORDS, CATALOGUES}:
        data, place = data.get(key), (key,)
    elif key != RECORDS:
        return []
    if isinstance(data, list):
        return [Entry(item, (*place, index), text) for index, item in enumerate(data)]
    return [] if data is None else [Entry(data, place, text)]


def _read(
    entry: Entry,
    procedures: Mapping[str, Procedure],
    jurisdictions: Collection[str],
) -> ReadRecord | list[Problem]:
    data = entry.data
    if not isinstance(data, dict):
        expected = Bilingual(zh="一条记录(键和值)", en="a record, that is, keys with values")
        do = Bilingual(zh="按记录的格式填写", en="write the record as keys with values")
        return [_problem(entry, "wrong_type", (), shown(data), expected, do)]
    name = data.get("procedure", DEFAULT_PROCEDURE)
    if not isinstance(name, str) or name not in procedures:
        return [not_among(entry, "unknown_procedure", ("procedure",), name, procedures)]
    try:
        record = record_type(procedures[name]).model_validate(data)
    except ValidationError as error:
        return problems_of(error, file=entry.text.file, lines=lines_below(entry))
    if record.jurisdiction not in jurisdictions:
        return [not_among(entry, "unknown_jurisdiction", ("jurisdiction",), record.jurisdiction, jurisdictions)]
    for index, statute in enumerate(record.special_statutes):
        if statute not in procedures[name].special_statutes:
            place: Location = ("special_statutes", index)
            return [not_among(entry, "unknown_statute", place, statute, procedures[name].special_statutes)]
    return ReadRecord(record=record, file=entry.text.file, line=line_at(entry, ()))


def lines_below(entry: Entry) -> dict[Location, int]:
    """Return the lines of the parts of an entry, by their places in it."""
    return {key[len(entry.place) :]: line for key, line in entry.text.lines.items() if within(key, entry.place)}


def within(key: Location, place: Location) -> bool:
    """Tell whether one place lies within another."""
    return key[: len(place)] == place


def line_at(entry: Entry, place: Location) -> int:
    """Return the line of a part of an entry, or else its own."""
    return entry.text.lines.get((*entry.place, *place), entry.text.lines.get(entry.place, 1))


def not_among(entry: Entry, code: str, place: Location, given: object, known: Collection[str]) -> Problem:
    """Tell that a name is none of those that are known."""
    names = sorted(known)
    listed = ", ".join(names) or "(none)"
    expected = Bilingual(zh=f"{listed} 之一", en=f"one of {listed}{near(str(given), names)}")
    do = Bilingual(zh="更正名称,或者在规则库中补充", en="correct the name, or add it to the rulebook")
    return _problem(entry, code, place, shown(given), expected, do)


def _duplicate(entry: Entry, read: ReadRecord, earlier: ReadRecord) -> Problem:
    expected = Bilingual(
        zh=f"每条记录编号唯一(已见于 {earlier.file}:{earlier.line})",
        en=f"an id of its own for each record (first at {earlier.file}:{earlier.line})",
    )
    do = Bilingual(zh="删除重复的记录或者更正编号", en="remove the second record or correct its id")
    return _problem(entry, "duplicate_id", ("id",), shown(read.record.id), expected, do)


def _problem(
    entry: Entry,
    code: str,
    place: Location,
    given: str,
    expected: Bilingual,
    do: Bilingual,
) -> Problem:
    return Problem(
        code=code,
        file=entry.text.file,
        line=line_at(entry, place),
        field=field_path(place) if place else "(record)",
        given=given,
        expected=expected,
        do=do,
    )
