"""One sheet of a layout as rows of values. Knows what each cell says and which cannot be read, not whose it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from api.office.cells import Cell, CellFault, Value, is_blank, shown_cell, value_of
from api.office.grids import Grid
from api.office.layout import Column, Sheet
from engine.reading.problems import near
from engine.vocabulary import Bilingual


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a sheet, and which one of several of its name."""

    column: Column
    number: int = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be read, by its row and column from 0."""

    at: tuple[int, int]
    fault: CellFault
    column: Column | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says under a heading; nothing if it is blank, or cannot be read."""

    at: tuple[int, int]
    heading: Heading
    value: Value | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number from 0, what it says, and what of it cannot be read. `lost`: something of it is not read."""

    number: int
    cells: tuple[Said, ...]
    faults: tuple[Fault, ...]
    lost: bool

    def key(self, column: Column) -> Said:
        """Return what stands under a heading that every row needs."""
        return next(said for said in self.cells if said.heading.column is column)

    def is_faulty(self, said: Said) -> bool:
        """Tell whether it is told already what is wrong with a cell."""
        return any(fault.at == said.at for fault in self.faults)


class Table:
    """A sheet of a workbook, read as a sheet of a layout."""

    def __init__(self, sheet: Sheet, grid: Grid) -> None:
        """Read the headings."""
        self.sheet, self.grid = sheet, grid
        self.faults: list[Fault] = []
        self._headings: dict[int, Heading] = {}
        self._unknown: set[int] = set()
        for at, cell in enumerate(grid.rows[0] if grid.rows else ()):
            if not is_blank(cell):
                self._heading(at, str(cell))

    @property
    def missing(self) -> tuple[Column, ...]:
        """Return the columns that every row needs, and that are not there."""
        there = {heading.column.name for heading in self._headings.values()}
        return tuple(column for column in self.sheet.columns if column.needed and column.name not in there)

    @property
    def has_doubles(self) -> bool:
        """Tell whether a heading stands twice."""
        return any(fault.fault.code == _TWICE for fault in self.faults)

    def rows(self) -> Iterable[Row]:
        """Give the rows in which anything stands."""
        for number, cells in self.grid.filled():
            yield self._row(number, cells)

    def _heading(self, at: int, text: str) -> None:
        known = self.sheet.column_of(text)
        if known is None:
            names = [column.name for column in self.sheet.columns]
            listed = ", ".join(names)
            expected = Bilingual(
                zh=f"该表的列标题({listed})", en=f"a heading of this sheet ({listed}){near(text, names)}"
            )
            self.faults.append(Fault((0, at), CellFault("unknown_column", shown_cell(text), expected, _CORRECT)))
            self._unknown.add(at)
            return
        heading = Heading(*known)
        if heading in self._headings.values() or (heading.number > 1 and not heading.column.many):
            self.faults.append(Fault((0, at), CellFault(_TWICE, shown_cell(text), _ONCE, _CORRECT)))
        self._headings[at] = heading

    def _row(self, number: int, cells: Sequence[Cell]) -> Row:
        told = {at: fault for (row, at), fault in self.grid.faults.items() if row == number}
        faults = [Fault((number, at), fault, self._column(at)) for at, fault in told.items()]
        said: list[Said] = []
        for at, heading in self._headings.items():
            cell = cells[at] if at < len(cells) else None
            value = None
            if not is_blank(cell):
                try:
                    value = value_of(cell, heading.column)
                except CellFault as fault:
                    if at not in told:
                        faults.append(Fault((number, at), fault, heading.column))
            said.append(Said((number, at), heading, value))
        others = [
            at for at, cell in enumerate(cells) if at not in self._headings and at not in told and not is_blank(cell)
        ]
        # Under a heading that is not known, the heading is told once.
        astray = [at for at in others if at not in self._unknown]
        faults += [
            Fault((number, at), CellFault("no_heading", shown_cell(cells[at]), _HEADED, _CLEAR)) for at in astray
        ]
        return Row(number, tuple(said), tuple(faults), lost=bool(faults or others))

    def _column(self, at: int) -> Column | None:
        heading = self._headings.get(at)
        return heading.column if heading else None


_TWICE: Final = "duplicate_column"
_ONCE: Final = Bilingual(zh="每个列标题只出现一次", en="each heading once")
_CORRECT: Final = Bilingual(zh="更正列标题或者删除该列", en="correct the heading, or remove the column")
_HEADED: Final = Bilingual(zh="有列标题的单元格", en="cells under a heading")
_CLEAR: Final = Bilingual(zh="补上列标题或者清空单元格", en="add the heading, or clear the cell")
