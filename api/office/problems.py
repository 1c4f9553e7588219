"""What is wrong with a cell of a table, as a value: sheet, cell and heading, and whose record it belongs to."""

from dataclasses import dataclass
from typing import Final

from api.office.cells import CellFault
from api.office.layout import Column
from engine.reading.problems import Problem

_LETTERS: Final = 26


class CellProblem(Problem):
    """One thing wrong with a table. `line` is the row; `cell` is what a spreadsheet calls it, such as D7."""

    sheet: str
    cell: str
    heading: str | None = None
    owner: str | None = None
    """The id of the record or catalogue that the row belongs to, as far as it is known."""


@dataclass(frozen=True, slots=True)
class CellAt:
    """A cell: its sheet, its row and column from 0, and the column that it stands in."""

    sheet: str
    at: tuple[int, int]
    column: Column | None = None

    def problem(self, fault: CellFault, *, file: str, owner: str | None = None) -> CellProblem:
        """Make the problem of this cell."""
        name, heading = cell_name(*self.at), self.column.short if self.column else None
        return CellProblem(
            code=fault.code,
            file=file,
            line=self.at[0] + 1,
            field=f"{self.sheet}!{name} {heading}" if heading else f"{self.sheet}!{name}",
            given=fault.given,
            expected=fault.expected,
            do=fault.do,
            sheet=self.sheet,
            cell=name,
            heading=heading,
            owner=owner,
        )


def column_name(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        name = chr(ord("A") + rest) + name
    return name


def cell_name(row: int, column: int) -> str:
    """Return what a spreadsheet calls a cell; rows and columns are counted from 0."""
    return f"{column_name(column)}{row + 1}"
