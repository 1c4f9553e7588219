"""Which sheets and columns a table of records has. Decides where each cell belongs, for reading and writing alike.

A sheet holds one row for each thing of a kind. `where` says where the things lie in what the workbook is about, the
owner: a record or a catalogue. A column says where its value lies in the thing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from engine.reading.problems import Location
from engine.vocabulary import Bilingual

LONGEST_NAME: Final = 31
"""Excel's limit for names of sheets."""

_UNFIT: Final = re.compile(r"[\[\]:*?/\\']")
_NAMED: Final = re.compile(r"\[([^\[\]]+)\]\s*$")


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    FLAG = "flag"
    NUMBER = "number"
    MOMENT = "moment"
    TIME = "time"
    CHOICE = "choice"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in brackets, what it is called, what it holds, and where that lies in the thing of a row.

    `place` is None for a key, which says to what the row belongs. `many`: it may stand several times, with one value
    in each. `needed`: a row without it cannot be read at all. `blank`: what a blank cell means, if not nothing.
    """

    name: str
    title: Bilingual
    kind: Kind
    place: Location | None
    values: Mapping[str, Bilingual] = field(default_factory=dict)
    many: bool = False
    needed: bool = False
    blank: str | None = None

    def heading(self, separator: str, *, number: int = 1) -> str:
        """Return the heading: Chinese, English, and the name by which it is known again."""
        which = f"#{number}" if number > 1 else ""
        blank = f"={self.blank}" if self.blank else ""
        return separator.join(dict.fromkeys((self.title.zh, self.title.en, f"[{self.name}{which}{blank}]")))

    @property
    def short(self) -> str:
        """Return how problems call it."""
        return f"{self.title.zh} {self.name}"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list whose places stand in a column, from 1."""

    column: str


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping whose keys stand in a column."""

    column: str


@dataclass(frozen=True, slots=True)
class Known:
    """A list of things that bear an id, which stands in a column."""

    column: str


class Listed(StrEnum):
    """A list in the order of the rows."""

    HERE = "here"


Where = tuple[str | Numbered | Named | Known | Listed, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet. `id` is the last word of its name, and the name of its CSV file."""

    id: str
    title: Bilingual
    where: Where
    columns: tuple[Column, ...]

    @cached_property
    def name(self) -> str:
        """Return what the sheet is called in a workbook: Chinese, then its id, as far as Excel has room."""
        title = _UNFIT.sub("", self.title.zh)
        room = LONGEST_NAME - len(self.id) - 1
        return f"{title[:room].rstrip()} {self.id}" if room > 0 else self.id[:LONGEST_NAME]

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Return the columns by their names."""
        return {column.name: column for column in self.columns}

    @property
    def owner(self) -> Column:
        """Return the column that names the record or catalogue that a row belongs to."""
        return self.columns[0]

    def column_of(self, heading: str) -> tuple[Column, int] | None:
        """Return the column of a heading, and which one of several of its name; None if there is no such column.

        A heading is known by the name in brackets; without one by its name or its title, if only one column bears it.
        """
        text = heading.strip()
        match = _NAMED.search(text)
        name, _, number = (match[1].strip() if match else text).partition("#")
        found = self.by_name.get(name.split("=")[0])
        if found is not None:
            return (found, int(number or 1)) if (number or "1").isdecimal() else None
        titled = [column for column in self.columns if text in {column.title.zh, column.title.en}]
        return (titled[0], 1) if len(titled) == 1 and not match else None


@dataclass(frozen=True)
class Layout:
    """The sheets of one kind of owner; the first has one row for each of them.

    `procedure`: that of the records, None for catalogues.
    """

    sheets: tuple[Sheet, ...]
    procedure: str | None = None

    @property
    def root(self) -> Sheet:
        """Return the sheet with one row for each owner."""
        return self.sheets[0]

    def sheet_of(self, name: str) -> Sheet | None:
        """Return the sheet of a name: the whole name, or one whose last word is the id."""
        words = name.split()
        return next((sheet for sheet in self.sheets if sheet.name == name or (words and words[-1] == sheet.id)), None)


def same(text: str) -> Bilingual:
    """Return a text that is the same in both languages."""
    return Bilingual(zh=text, en=text)
