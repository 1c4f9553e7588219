"""The rows of a workbook, put where they belong in their records. Names every cell that cannot be placed."""

from typing import Final

from api.office.cells import CellFault, says_nothing, shown_cell
from api.office.grids import Grid
from api.office.layout import Column, Known, Layout, Listed, Named, Numbered, Sheet
from api.office.owners import Owner
from api.office.problems import CellAt, CellProblem
from api.office.table import Row, Said, Table
from engine.reading.problems import Location, near
from engine.vocabulary import Bilingual


class _MisplacedError(Exception):
    """A row does not say where it belongs: the cell, and what is wrong with it; nothing that is told already."""

    def __init__(self, said: Said, fault: CellFault | None) -> None:
        super().__init__("misplaced")
        self.said, self.fault = said, fault


class Rows:
    """Takes the sheets of a layout, and gives the records or catalogues that they are about."""

    def __init__(self, layout: Layout, file: str) -> None:
        """Begin with nothing; `file` is what problems call the workbook."""
        self._layout, self._file = layout, file
        self._tables: dict[str, Table] = {}
        self._owners: dict[str, Owner] = {}
        self._problems: list[CellProblem] = []
        self._refuses_all = False

    def take(self, sheet: Sheet, grid: Grid) -> None:
        """Take the grid of a sheet."""
        if sheet.id in self._tables:
            self._refuse(grid, CellFault("duplicate_sheet", repr(grid.name), _ONE_SHEET, _REMOVE_SHEET))
        elif grid.hidden and not grid.is_empty:
            self._refuse(grid, CellFault("hidden_sheet", "a hidden sheet", _IN_SIGHT, _SHOW))
        elif not grid.is_empty:
            self._tables[sheet.id] = Table(sheet, grid)

    def owners(self) -> tuple[list[Owner], list[CellProblem]]:
        """Return those of which everything could be read, and what is wrong with the others."""
        # In the order of the layout: a row is placed by what stands on the sheets before it.
        for sheet in self._layout.sheets:
            if sheet.id in self._tables:
                self._read(self._tables[sheet.id])
        for owner in self._owners.values():
            self._refuse_gaps(owner)
        good = [] if self._refuses_all else [owner for owner in self._owners.values() if not owner.refused]
        return good, self._problems

    def _read(self, table: Table) -> None:
        for fault in table.faults:
            self._tell(table.grid, fault.at, fault.fault)
        if table.missing:
            listed = ", ".join(column.heading(" ") for column in table.missing)
            expected = Bilingual(zh=f"第1行有列标题 {listed}", en=f"the headings {listed} in row 1")
            self._refuse(table.grid, CellFault("missing_column", "a sheet without them", expected, _TAKE_HEADINGS))
            return
        self._refuses_all |= table.has_doubles
        for row in table.rows():
            self._row(table, row)

    def _row(self, table: Table, row: Row) -> None:
        said = row.key(table.sheet.owner)
        name = said.value.strip() if isinstance(said.value, str) else None
        for fault in row.faults:
            self._tell(table.grid, fault.at, fault.fault, column=fault.column, owner=name)
        try:
            if table.sheet is self._layout.root:
                self._begin(table, row, said, name)
            else:
                self._add(table, row, said, name)
        except _MisplacedError as error:
            if error.fault:
                self._tell(table.grid, error.said.at, error.fault, column=error.said.heading.column, owner=name)

    def _begin(self, table: Table, row: Row, said: Said, name: str | None) -> None:
        """Begin a record."""
        if name is None:
            raise _missing(row, said)
        if name in self._owners:
            self._owners[name].refused = True
            raise _MisplacedError(said, _twice(name, self._owners[name].cell.at[0]))
        cell = CellAt(table.grid.name, said.at, said.heading.column)
        owner = self._owners[name] = Owner(name, self._file, cell, refused=row.lost)
        self._write(owner, (), table, row)

    def _add(self, table: Table, row: Row, said: Said, name: str | None) -> None:
        """Add the thing of a row to its record."""
        if name is None:
            raise _missing(row, said)
        owner = self._owners.get(name)
        if owner is None:
            raise _MisplacedError(said, _unknown(name, list(self._owners), self._layout.root))
        owner.refused |= row.lost
        try:
            place = self._place(table.sheet, row, owner)
        except _MisplacedError:
            owner.refused = True
            raise
        self._write(owner, place, table, row)

    def _place(self, sheet: Sheet, row: Row, owner: Owner) -> Location:
        """Return where in its record the thing of a row lies; raises `_MisplacedError`."""
        place: Location = ()
        for part in sheet.where:
            match part:
                case Listed():
                    place = (*place, owner.count(place))
                case str():
                    place = (*place, part)
                case _:
                    above = place
                    place = (*place, self._key(sheet, row, owner, part, above))
                    if isinstance(part, Numbered) and part is not sheet.where[-1] and place not in owner.rows:
                        said = row.key(sheet.by_name[part.column])
                        raise _MisplacedError(said, CellFault("unknown_round", str(said.value), _A_ROUND, _ADD_ROUND))
        last = sheet.where[-1]
        if isinstance(last, Named | Numbered) and place in owner.rows:
            said = row.key(sheet.by_name[last.column])
            raise _MisplacedError(said, _twice(str(said.value), owner.rows[place].at[0]))
        return place

    def _key(self, sheet: Sheet, row: Row, owner: Owner, part: Numbered | Named | Known, above: Location) -> str | int:
        """Return the part of a place that stands in a column."""
        said = row.key(sheet.by_name[part.column])
        if said.value is None:
            raise _missing(row, said)
        text = str(said.value).strip()
        if isinstance(part, Named):
            return text
        if isinstance(part, Known):
            known = {str(owner.values.get((*place, "id"))): place[-1] for place in owner.within(above)}
            if text not in known:
                raise _MisplacedError(said, _unknown(text, list(known), self._tables.get("entries", self._layout.root)))
            return known[text]
        if not isinstance(said.value, int) or said.value < 1:
            raise _MisplacedError(said, CellFault("not_a_number", text, _FROM_ONE, _COUNT))
        return said.value - 1

    def _write(self, owner: Owner, place: Location, table: Table, row: Row) -> None:
        """Note what the cells of a row say, and where each of it was read."""
        first = row.cells[0]
        owner.begin(place, CellAt(table.grid.name, first.at, first.heading.column))
        for said in sorted(row.cells, key=lambda said: said.heading.number):
            column = said.heading.column
            if column.place is None:
                continue
            cell, target = CellAt(table.grid.name, said.at, column), (*place, *column.place)
            if column.many:
                self._one_of_many(owner, target, cell, said)
            else:
                silent = said.value is False and column.name in _SILENT
                owner.note(target, cell, None if silent else said.value)
        owner.tidy_title(place)

    def _one_of_many(self, owner: Owner, target: Location, cell: CellAt, said: Said) -> None:
        if isinstance(said.value, str) and says_nothing(said.value):
            owner.note(target, cell, [])
        elif said.value is not None:
            owner.note((*target, owner.listed(target)), cell, said.value)

    def _refuse_gaps(self, owner: Owner) -> None:
        """Refuse a record of which a round is missing: a row may have been lost."""
        for above in {place[:-1] for place in owner.rows if place and isinstance(place[-1], int)}:
            numbers = sorted(int(place[-1]) for place in owner.within(above))
            if numbers != list(range(len(numbers))):
                cell = owner.rows[(*above, numbers[-1])]
                expected = Bilingual(zh=f"从1到{len(numbers)}的序号", en=f"the numbers 1 to {len(numbers)}")
                given = ", ".join(str(number + 1) for number in numbers)
                fault = CellFault("round_missing", given, expected, _COUNT)
                self._problems.append(cell.problem(fault, file=self._file, owner=owner.id))
                owner.refused = True

    def _tell(
        self,
        grid: Grid,
        at: tuple[int, int],
        fault: CellFault,
        *,
        column: Column | None = None,
        owner: str | None = None,
    ) -> None:
        self._problems.append(CellAt(grid.name, at, column).problem(fault, file=self._file, owner=owner))

    def _refuse(self, grid: Grid, fault: CellFault) -> None:
        """Refuse a sheet, and every record with it: which of them would lack something cannot be told."""
        self._tell(grid, (0, 0), fault)
        self._refuses_all = True


_SILENT: Final = frozenset({"made_up", "void"})
"""Of these, no is what is meant where nothing is said."""


def _missing(row: Row, said: Said) -> _MisplacedError:
    """Tell that a cell is blank that must not be; not again, if it is told already why it could not be read."""
    told = row.is_faulty(said)
    return _MisplacedError(said, None if told else CellFault("missing_field", "nothing", _FILLED, _FILL))


def _unknown(name: str, known: list[str], sheet: Sheet | Table) -> CellFault:
    listed = sheet.name if isinstance(sheet, Sheet) else sheet.grid.name
    expected = Bilingual(zh=f"“{listed}”表中的编号", en=f"an id of the sheet {listed!r}{near(name, known)}")
    return CellFault("unknown_id", shown_cell(name), expected, _CORRECT_ID)


def _twice(name: str, row: int) -> CellFault:
    expected = Bilingual(
        zh=f"每行各不相同(已见于第{row + 1}行)", en=f"one that no other row has (first in row {row + 1})"
    )
    return CellFault("duplicate_id", shown_cell(name), expected, _RENAME)


_RENAME: Final = Bilingual(zh="删除重复的行或者更正", en="remove the second row, or correct it")
_IN_SIGHT: Final = Bilingual(zh="显示出来的表", en="a sheet in sight")
_SHOW: Final = Bilingual(zh="取消隐藏并核对,或者删除该表", en="show the sheet and check it, or remove it")
_ONE_SHEET: Final = Bilingual(zh="每种表只有一张", en="one sheet of each kind")
_REMOVE_SHEET: Final = Bilingual(zh="合并或者删除多余的表", en="put the rows on one sheet, or remove the other")
_TAKE_HEADINGS: Final = Bilingual(
    zh="照模板恢复第1行的列标题", en="restore the headings in row 1 as the template has them"
)
_CORRECT_ID: Final = Bilingual(zh="更正编号,或者在该表中补充一行", en="correct the id, or add a row to that sheet")
_FROM_ONE: Final = Bilingual(zh="从1开始的序号", en="a number from 1 on")
_COUNT: Final = Bilingual(zh="从1开始连续编号", en="count from 1 without a gap")
_A_ROUND: Final = Bilingual(zh="该环节表中有的轮次", en="a round that has a row on the sheet of its step")
_ADD_ROUND: Final = Bilingual(
    zh="更正轮次,或者在该环节的表中补充一行", en="correct it, or add a row to the sheet of the step"
)
_FILLED: Final = Bilingual(zh="该单元格必须填写", en="this cell to be filled in")
_FILL: Final = Bilingual(zh="补充填写", en="fill it in")
