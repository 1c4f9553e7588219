"""Records and catalogues as tables, out: the sheets, as XLSX or as CSV; and templates to fill.

Whatever is written is read again: a record that a table cannot tell in full is named, and never lost in silence.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Final

from api.office.grids import CSV, Grid, grid_of_csv, grids_of, written
from api.office.guide import guide
from api.office.layout import Layout
from api.office.reading import read_grids
from api.office.sheets import catalogue_layout, record_layout
from api.office.workbooks import write_workbook
from api.office.writing import Filled, Written, filled
from engine.reading.problems import Location, Problem, field_path, shown
from engine.record import DecisionRecord
from engine.record.catalogue import JOINED, Catalogue
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Language

_UNLIMITED: Final = 2**62


class UnknownProcedureError(Exception):
    """A template is asked for of a procedure that the rulebook does not have."""

    def __init__(self, *, given: str, known: Iterable[str]) -> None:
        """Say which there are."""
        listed = ", ".join(sorted(known))
        super().__init__(f"procedure: given {given!r}; expected one of {listed}; correct it")
        self.given = given


class SeveralProceduresError(Exception):
    """Records of several procedures are to go into one table, whose sheets are the steps of one."""

    def __init__(self, *, given: Iterable[str]) -> None:
        """Say which they are, and what to do."""
        listed = ", ".join(sorted(given))
        super().__init__(
            f"records: given several procedures ({listed}); expected those of one; choose one by --procedure"
        )
        self.given = given


@dataclass(frozen=True)
class Tables:
    """Records of one procedure, and catalogues, as sheets."""

    records: tuple[DecisionRecord, ...]
    catalogues: tuple[Catalogue, ...]
    rulebook: Rulebook
    language: Language
    layouts: tuple[Layout, ...]
    sheets: tuple[Filled, ...]

    def write_xlsx(self, file: IO[bytes]) -> None:
        """Write a workbook; raises `TooManyRowsError`."""
        first = self.layouts[0]
        procedure = self.rulebook.procedures[first.procedure] if first.procedure else None
        notes = (f"规则库摘要 rulebook {self.rulebook.digest}",)
        write_workbook(file, self.sheets, guide=guide(procedure), notes=notes, language=self.language)

    def csv_files(self) -> dict[str, bytes]:
        """Return CSV files by their names, one for each sheet on which anything stands, and for those of the owners."""
        roots = {layout.root.id for layout in self.layouts}
        wanted = [sheet for sheet in self.sheets if sheet.rows or sheet.sheet.id in roots]
        return {f"{sheet.sheet.name}{CSV}": _csv(sheet) for sheet in wanted}

    def untold(self, grids: Sequence[Grid], *, file: str) -> list[Problem]:
        """Tell which records and catalogues a reader of what was written would not get in full."""
        read = read_grids(grids, file=file, rulebook=self.rulebook)
        records = {record.id: record for record in read.records}
        catalogues = {catalogue.id: catalogue for catalogue in read.catalogues}
        told = [
            *(_untold(one, records.get(one.id), file=file) for one in self.records),
            *(_untold(one, catalogues.get(one.id), file=file) for one in self.catalogues),
        ]
        return [problem for problem in told if problem]


def tables_of(
    records: Sequence[DecisionRecord], catalogues: Sequence[Catalogue], rulebook: Rulebook, *, language: Language
) -> Tables:
    """Write records and catalogues as sheets; raises `SeveralProceduresError`."""
    procedures = {record.procedure for record in records}
    if len(procedures) > 1:
        raise SeveralProceduresError(given=procedures)
    layouts: list[Layout] = []
    sheets: list[Filled] = []
    for name in procedures:
        layouts.append(record_layout(rulebook.procedures[name], rulebook))
        sheets += filled(layouts[-1], records, language=language)
    if catalogues:
        layouts.append(catalogue_layout(rulebook))
        sheets += filled(layouts[-1], catalogues, language=language)
    return Tables(tuple(records), tuple(catalogues), rulebook, language, tuple(layouts), tuple(sheets))


def template(procedure: str, rulebook: Rulebook, *, language: Language) -> Tables:
    """Return the sheets of a procedure, or of catalogues, with nothing on them; raises `UnknownProcedureError`."""
    if procedure not in rulebook.procedures:
        raise UnknownProcedureError(given=procedure, known=rulebook.procedures)
    joined = procedure in JOINED
    layout = catalogue_layout(rulebook) if joined else record_layout(rulebook.procedures[procedure], rulebook)
    return Tables((), (), rulebook, language, (layout,), tuple(filled(layout, (), language=language)))


def written_grids(content: bytes) -> list[Grid]:
    """Read a workbook that was just written."""
    return grids_of(io.BytesIO(content), limit=_UNLIMITED, most=_UNLIMITED)


def csv_grids(files: Mapping[str, bytes]) -> list[Grid]:
    """Read CSV files by their names, each as the sheet of its name; raises `UnreadableError`."""
    return [grid_of_csv(name.removesuffix(CSV), content) for name, content in files.items()]


def _csv(sheet: Filled) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.heading(" ", number=number) for column, number in sheet.headings])
    writer.writerows([_in_csv(cell) for cell in row] for row in sheet.rows)
    # A mark of the coding, without which Excel takes Chinese for something else.
    return text.getvalue().encode("utf-8-sig")


def _in_csv(cell: Written) -> str | int:
    match cell:
        case None:
            return ""
        case str():
            return written(cell)
        case date():
            return cell.isoformat()
    return cell


def _untold(one: DecisionRecord | Catalogue, again: DecisionRecord | Catalogue | None, *, file: str) -> Problem | None:
    first, second = _plain(one), _plain(again) if again else None
    if first == second:
        return None
    place, value = _difference(first, second, ()) if second else ((), one.id)
    return Problem(
        code="not_in_a_table",
        file=file,
        line=1,
        field=f"{one.id} {field_path(place) if place else '(record)'}",
        given=shown(value),
        expected=_TELLABLE,
        do=_CORRECT,
    )


def _plain(one: DecisionRecord | Catalogue) -> Any:  # noqa: ANN401 - plain data
    return _as_things(one.model_dump(mode="json", exclude_none=True))


def _as_things(data: Any, name: str = "") -> Any:  # noqa: ANN401 - plain data
    """Write documents that are named by their kind alone as what they are, so that both notations are equal."""
    if isinstance(data, dict):
        return {key: _as_things(value, key) for key, value in data.items()}
    if isinstance(data, list):
        return [{"kind": one} if name == "documents" and isinstance(one, str) else _as_things(one) for one in data]
    return data


def _difference(first: Any, second: Any, place: Location) -> tuple[Location, Any]:  # noqa: ANN401 - plain data
    """Return the first place at which two things differ, and what the first of them says there."""
    if isinstance(first, dict) and isinstance(second, dict):
        for key in [*first, *second]:
            if first.get(key) != second.get(key):
                return _difference(first.get(key), second.get(key), (*place, key))
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for number, (one, other) in enumerate(zip(first, second, strict=True)):
            if one != other:
                return _difference(one, other, (*place, number))
    return place, first


_TELLABLE: Final = Bilingual(zh="表格能够如实表示的内容", en="what a table can tell")
_CORRECT: Final = Bilingual(
    zh="更正该值(首尾空白、控制字符、空的名称等),或者用YAML传递该记录",
    en="correct the value (blanks at its ends, control characters, empty names), or hand the record on as YAML",
)
