"""Records in long form: one row for each thing that a record says; from records to rows, and back.

A row names the `record` by its id, the `step` and the `round` (from 1) about which it says something, both empty for
the record itself, the `field`, and its `value` as text. A field within another is written with a dot, a member of a
list by its number from 1: `title.zh`, `units.2.name`, `opened.planned`, `documents.1`. A round of which nothing is
known is a row without field and value; a set that is said to be empty is `[]`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from api.records.bodies import plain
from engine.procedure import AttributeType, Procedure
from engine.reading.problems import Location, Problem, field_path
from engine.record import DecisionRecord
from engine.record.reading import DEFAULT_PROCEDURE
from engine.vocabulary import Bilingual

COLUMNS: Final = ("record", "step", "round", "field", "value")
"""The columns of the long form."""


class Row(NamedTuple):
    """One thing said. All are texts; `step`, `round` and `field` may be empty."""

    record: str
    step: str
    round: str
    field: str
    value: str


class PlacedRow(NamedTuple):
    """A row and its number in its file, from 1."""

    number: int
    row: Row


# --- from records ----------------------------------------------------------------------------------------------------


def long_of(records: Iterable[DecisionRecord]) -> Iterator[Row]:
    """Write records as rows, those of one record together."""
    for record in records:
        data = plain(record)
        own, steps = data.pop("id"), data.pop("steps", {})
        for name, value in _leaves(data, ()):
            yield Row(own, "", "", name, value)
        for step, rounds in steps.items():
            for number, entry in enumerate(rounds, start=1):
                said = list(_leaves(_shortened(entry), ())) if entry else [("", "")]
                for name, value in said:
                    yield Row(own, step, str(number), name, value)


def _shortened(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Write a moment that only took place, and a document of which only the kind is known, as one value."""
    found = {
        name: value["actual"] if isinstance(value, dict) and set(value) == {"actual"} else value
        for name, value in entry.items()
    }
    if "documents" in found:
        documents = found["documents"]
        found["documents"] = [one["kind"] if set(one) == {"kind"} else one for one in documents]
    return found


def _leaves(data: Any, place: tuple[str, ...]) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - plain data
    """Give the fields of plain data with their values as text."""
    if isinstance(data, dict | list) and data:
        parts = data.items() if isinstance(data, dict) else enumerate(data, start=1)
        for name, part in parts:
            yield from _leaves(part, (*place, str(name)))
        return
    yield ".".join(place), _text(data)


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return _EMPTY
        case list():
            return _NONE
    return str(value)


_EMPTY: Final = "{}"
_NONE: Final = "[]"


# --- and back --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Said:
    """What the rows of a record say: plain data, and what is wrong with rows."""

    file: str
    rows: Sequence[PlacedRow]
    data: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def lines(self) -> dict[Location, int]:
        """Return the row of each place in the data; that of a part of the record is its first."""
        first = self.rows[0].number
        found: dict[Location, int] = {(): first, ("id",): first}
        for number, row in self.rows:
            place = _place(row.step, row.round, row.field)
            if place.problem is None:
                found[place.whole] = number
                for length in range(1, len(place.whole)):
                    found.setdefault(place.whole[:length], number)
        return found


def procedure_of(rows: Iterable[Row]) -> str:
    """Return the procedure that the rows of a record name."""
    return next((row.value for row in rows if row.field == "procedure" and not row.step), DEFAULT_PROCEDURE)


Kinds = Mapping[tuple[str, str], AttributeType]


def kinds_of(procedure: Procedure | None) -> Kinds:
    """Return of which type each attribute of each step is, by which numbers are told from texts."""
    steps = procedure.steps if procedure else {}
    return {(step, name): one.type for step, of in steps.items() for name, one in of.attributes.items()}


def said(rows: Sequence[PlacedRow], *, file: str, kinds: Kinds) -> Said:
    """Return what the rows of one record say."""
    tree: dict[str | int, Any] = {"id": rows[0].row.record}
    found = Said(file, rows, {})
    for placed in rows:
        row = placed.row
        place = _place(row.step, row.round, row.field)
        if place.problem is None:
            _put(tree, place, _value(row, kinds), placed, found)
        elif place.problem == "not_a_round":
            found.problems.append(_problem(place.problem, placed, found, given=row.round, expected=_ROUND))
        else:
            found.problems.append(_problem(place.problem, placed, found, given=_where(row), expected=_FIELD))
    found.data = _lists(tree, (), found)
    return found


class _Place(NamedTuple):
    """The place in the record that a row speaks of: `within` what, and its name there; or the code of what is wrong."""

    whole: Location
    within: Location
    last: str | int
    problem: str | None = None


@lru_cache(maxsize=50_000)
def _place(step: str, round_: str, name: str) -> _Place:
    """Return the place that a row speaks of; the same ones come again with every record."""
    parts = [_part(part) for part in name.split(".")] if name else []
    if None in parts or bool(step) != bool(round_) or not (step or parts):
        return _Place((), (), "", "not_a_field")
    place = tuple(part for part in parts if part is not None)
    if step:
        number = _part(round_)
        if not isinstance(number, int):
            return _Place((), (), "", "not_a_round")
        place = ("steps", step, number, *place)
    return _Place(place, place[:-1], place[-1])


def _part(text: str) -> str | int | None:
    """Read a part of the name of a field: a number from 1 is the place of a member, here from 0."""
    if text.isascii() and text.isdigit():
        return int(text) - 1 if len(text) <= _PLACES and int(text) else None
    return text or None


_PLACES: Final = 5


def _value(row: Row, kinds: Kinds) -> object:
    """Return a value as the record holds it; what is not as it should be stays text, and is refused by the record."""
    if not row.field:
        return row.value or {}
    kind = kinds.get((row.step, row.field))
    value = row.value
    if kind == AttributeType.NUMBER and value.isascii() and value.isdigit() and len(value) <= _DIGITS:
        return int(value)
    if value == _NONE and kind == AttributeType.SET:
        return []
    if value == _EMPTY and (kind == AttributeType.MOMENT or (row.field == "catalogue" and not row.step)):
        return {}
    return value


_DIGITS: Final = 18


def _put(tree: dict[str | int, Any], place: _Place, value: object, placed: PlacedRow, found: Said) -> None:
    """Put a value in its place; one place is spoken of once."""
    node, last = tree, place.last
    for part in place.within:
        node = node.setdefault(part, {})
        if not isinstance(node, dict):
            break
    else:
        if last not in node:
            node[last] = value
            return
        if value == {} and isinstance(node[last], dict):
            return
    found.problems.append(_problem("said_twice", placed, found, given=_where(placed.row), expected=_ONCE))


def _lists(node: Any, place: Location, found: Said) -> Any:  # noqa: ANN401 - plain data
    """Turn what has numbers for names into lists, in their order."""
    if not isinstance(node, dict):
        return node
    made = {name: _lists(part, (*place, name), found) for name, part in node.items()}
    numbers = sorted(name for name in made if isinstance(name, int))
    if not numbers:
        return made
    if len(numbers) < len(made) or numbers != list(range(len(numbers))):
        found.problems.append(
            Problem(
                code="number_missing",
                file=found.file,
                line=found.lines().get((*place, numbers[-1]), found.rows[0].number),
                field=field_path(place),
                given=", ".join(str(number + 1) for number in numbers[:_SHOWN]),
                expected=_NUMBERED,
                do=_ADD,
            )
        )
    return [made[number] for number in numbers]


_SHOWN: Final = 10


def _where(row: Row) -> str:
    named = " ".join(part for part in (row.step, row.round, row.field) if part)
    return repr(named or row.value)


def _problem(code: str, placed: PlacedRow, found: Said, *, given: str, expected: Bilingual) -> Problem:
    row = placed.row
    written = ".".join(part for part in (row.step, row.round, row.field) if part) or "field"
    return Problem(
        code=code, file=found.file, line=placed.number, field=written, given=given, expected=expected, do=_CORRECT
    )


_FIELD: Final = Bilingual(
    zh="字段名(如title、units.1.name);关于环节的,step和round都填写",
    en="the name of a field such as title or units.1.name; about a step, both step and round",
)
_ROUND: Final = Bilingual(zh="从1起的轮次", en="the number of a round, from 1")
_ONCE: Final = Bilingual(zh="同一记录的同一字段只说一次", en="each field of a record once")
_NUMBERED: Final = Bilingual(zh="从1起连续的编号", en="numbers from 1 on without a gap")
_CORRECT: Final = Bilingual(zh="更正该行", en="correct the row")
_ADD: Final = Bilingual(zh="补充缺少的行或者更正编号", en="add the rows that are missing, or correct the numbers")
