"""Read tables of records and catalogues. Every bad cell is named; what is wrong with one record stops no other.

Knows nothing of the command line: what is uploaded is read by the same functions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Final

from api.office.cells import CellFault
from api.office.grids import Grid, UnreadableError, grids_of
from api.office.layout import Layout
from api.office.owners import Owner
from api.office.problems import CellAt, CellProblem
from api.office.rows import Rows
from api.office.sheets import CHOICES, HOW_TO, PROCEDURE, RECORD, catalogue_layout, record_layout
from engine.reading.problems import Problem
from engine.reading.texts import DEFAULT_LIMIT, Text
from engine.record import DecisionRecord
from engine.record.catalogue import JOINED, Catalogue
from engine.record.catalogues import catalogues_of
from engine.record.reading import DEFAULT_PROCEDURE, read_record
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual

_FAR: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReadTables:
    """What stands in tables, and what is wrong with the rest."""

    records: tuple[DecisionRecord, ...]
    catalogues: tuple[Catalogue, ...]
    problems: tuple[Problem, ...]


def read_workbook(stream: IO[bytes], *, file: str, rulebook: Rulebook, limit: int = DEFAULT_LIMIT) -> ReadTables:
    """Read an XLSX workbook, or CSV files packed as ZIP; raises nothing for what it holds.

    `file` is what problems call it; `limit`: the greatest size of the file, in bytes.
    """
    try:
        grids = grids_of(stream, limit=limit)
    except UnreadableError as error:
        return ReadTables((), (), (unreadable(error, file=file),))
    return read_grids(grids, file=file, rulebook=rulebook)


def unreadable(error: UnreadableError, *, file: str) -> Problem:
    """Tell that a file cannot be read at all."""
    return Problem(
        code=error.code,
        file=file,
        line=error.row + 1,
        field="(whole file)",
        given=error.given,
        expected=error.expected,
        do=error.do,
    )


def read_grids(grids: Sequence[Grid], *, file: str, rulebook: Rulebook) -> ReadTables:
    """Read the sheets of one workbook."""
    layouts = _layouts(grids, rulebook)
    if not layouts:
        return ReadTables((), (), (_no_records(grids, file),))
    problems: list[Problem] = list(_unknown_sheets(grids, layouts, file))
    records: list[DecisionRecord] = []
    catalogues: list[Catalogue] = []
    for layout in layouts:
        rows = Rows(layout, file)
        for grid in grids:
            if sheet := layout.sheet_of(grid.name):
                rows.take(sheet, grid)
        owners, wrong = rows.owners()
        problems += wrong
        for owner in owners:
            found, told = (
                _record(owner, layout, rulebook, file) if layout.procedure else _catalogue(owner, rulebook, file)
            )
            problems += told
            if isinstance(found, DecisionRecord):
                records.append(found)
            elif found is not None:
                catalogues.append(found)
    return ReadTables(tuple(records), tuple(catalogues), tuple(problems))


def _layouts(grids: Sequence[Grid], rulebook: Rulebook) -> list[Layout]:
    """Return what the sheets can be: records of the procedure that the sheet of records names, and catalogues."""
    found: list[Layout] = []
    ids = {grid.name.split()[-1]: grid for grid in grids if grid.name.split()}
    if RECORD in ids:
        name = _procedure(ids[RECORD], rulebook)
        found.append(record_layout(rulebook.procedures[name], rulebook))
    if "catalogue" in ids and set(rulebook.procedures) >= JOINED:
        found.append(catalogue_layout(rulebook))
    return found


def _procedure(grid: Grid, rulebook: Rulebook) -> str:
    """Return the procedure that stands in the heading of its column, else the usual one."""
    for heading in grid.rows[0] if grid.rows else ():
        name = str(heading).strip().rpartition(f"[{PROCEDURE}=")[2].rstrip("]")
        if name in rulebook.procedures:
            return name
    return DEFAULT_PROCEDURE if DEFAULT_PROCEDURE in rulebook.procedures else next(iter(rulebook.procedures))


def _unknown_sheets(grids: Iterable[Grid], layouts: Sequence[Layout], file: str) -> Iterable[CellProblem]:
    listed = "; ".join(sheet.name for layout in layouts for sheet in layout.sheets)
    expected = Bilingual(zh=f"{listed} 之一", en=f"one of {listed}")
    for grid in grids:
        words = grid.name.split()
        if grid.is_empty or (words and words[-1] in {HOW_TO, CHOICES}):
            continue
        if not any(layout.sheet_of(grid.name) for layout in layouts):
            fault = CellFault("unknown_sheet", repr(grid.name), expected, _RENAME_SHEET)
            yield CellAt(grid.name, (0, 0)).problem(fault, file=file)


def _no_records(grids: Sequence[Grid], file: str) -> Problem:
    given = "; ".join(grid.name for grid in grids) or "no sheets"
    return Problem(
        code="no_records",
        file=file,
        line=1,
        field="(whole file)",
        given=given,
        expected=_A_RECORD_SHEET,
        do=_TAKE_TEMPLATE,
    )


def _record(
    owner: Owner, layout: Layout, rulebook: Rulebook, file: str
) -> tuple[DecisionRecord | None, Sequence[Problem]]:
    data = {PROCEDURE: layout.procedure, **owner.data()}
    read = read_record(data, file=file, procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids)
    if isinstance(read, DecisionRecord):
        return read, ()
    return None, [owner.problem(problem) for problem in read]


def _catalogue(owner: Owner, rulebook: Rulebook, file: str) -> tuple[Catalogue | None, Sequence[Problem]]:
    data = owner.data()
    text = Text(file, {"catalogues": [data]}, dict.fromkeys(owner.written(("catalogues", 0)), 1))
    found, wrong = catalogues_of([text], rulebook.tree.ids)
    problems = list(wrong)
    for read in found:
        problems += read.cases((), rulebook.procedures, known_at=_FAR)[1]
    if problems:
        return None, [owner.problem(problem) for problem in problems]
    return found[0].catalogue, ()


_RENAME_SHEET: Final = Bilingual(zh="更正表名或者删除该表", en="correct the name of the sheet, or remove it")
_A_RECORD_SHEET: Final = Bilingual(zh="名为“事项 record”或者“目录 catalogue”的表", en="a sheet `record` or `catalogue`")
_TAKE_TEMPLATE: Final = Bilingual(
    zh="用 duecourse export template 生成的模板填写", en="fill in a template: duecourse export template"
)
