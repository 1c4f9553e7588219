"""The case table as Polars frames: written from records, and read back as cases, one partition at a time.

`records` has one row per record, in order; `rounds` one frame per step, one row per round, sorted by record, then
beginning; `events` one row per clock event, in order; `documents` one row per document later than the beginning of its
round. `record` is the place of the record in `records`, `step` the place of the step in the procedure, and `round` the
place of the round within its record and step. What is not known is null; a step without rounds, and a column in which
nothing is known, may be left out. An attribute that has the name `record` itself is the column `record.said`.

On disk a partition is a folder of Parquet files: one per frame, in `rounds` one per step.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.observables.cases import ATTACHED, CaseLayout, Cases, Longs, StepTable
from engine.observables.layout import Blank
from engine.observables.rows import RecordRows, Row

PLACES = ("record", "step", "round")
EVENT_COLUMNS = ("kind", "at.lo", "at.hi")
DOCUMENT_COLUMNS = ("bits", "lo", "hi")


@dataclass(frozen=True, slots=True)
class Frames:
    """A partition of a case table."""

    records: pl.DataFrame
    rounds: Mapping[str, pl.DataFrame]
    events: pl.DataFrame
    documents: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Asked:
    """The columns of records, and of rounds by step, that somebody needs, each with what stands for "not known".

    Steps that nobody asks about are left out.
    """

    records: Mapping[str, Blank]
    rounds: Mapping[str, Mapping[str, Blank]]


def frames_of(ids: Sequence[str], records: Sequence[RecordRows], layout: CaseLayout) -> Frames:
    """Write the rows of records as frames."""
    steps = {name: code for code, name in enumerate(layout.procedure.steps)}
    made = _frame([record.record for record in records], _types(layout.records))
    return Frames(
        records=made.with_columns(pl.Series("id", list(ids), dtype=pl.String)),
        rounds={step: _rounds(step, records, layout) for step in steps},
        events=_frame(_attached(records, steps, "events"), attached_types(EVENT_COLUMNS)),
        documents=_frame(_attached(records, steps, "documents"), attached_types(DOCUMENT_COLUMNS)),
    )


def _rounds(step: str, records: Sequence[RecordRows], layout: CaseLayout) -> pl.DataFrame:
    rows = [
        {"record": place, **{column_of(name): value for name, value in row.items()}}
        for place, record in enumerate(records)
        for row in record.rounds.get(step, ())
    ]
    types = {column_of(name): kind for name, kind in _types(layout.rounds[step]).items()}
    return _frame(rows, {"record": pl.Int64()} | types)


def _attached(records: Sequence[RecordRows], steps: dict[str, int], kind: str) -> list[Row]:
    return [
        {"record": place, "step": steps[step], **row}
        for place, record in enumerate(records)
        for step, rows in getattr(record, kind).items()
        for row in rows
    ]


def _frame(rows: Sequence[Row], types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(
        {name: pl.Series(name, [row.get(name) for row in rows], dtype=kind) for name, kind in types.items()}
    )


def column_of(name: str) -> str:
    """Return the column of a frame that holds what the layout calls by a name: `record` is the place of the record."""
    return f"{name}.said" if name == "record" else name


def type_of(blank: Blank) -> pl.DataType:
    """Return the type of a column by what stands in it where nothing is known."""
    return pl.Int32() if blank.dtype == np.int32 else pl.Int64()


def attached_types(names: Iterable[str]) -> dict[str, pl.DataType]:
    """Return the columns of a frame of clock events, or of later documents, with their types."""
    types: dict[str, pl.DataType] = dict.fromkeys(PLACES, pl.Int64())
    return types | {name: pl.Int32() if ATTACHED[name] == np.int32 else pl.Int64() for name in names}


def _types(blanks: Mapping[str, Blank]) -> dict[str, pl.DataType]:
    return {name: type_of(blanks[name]) for name in sorted(blanks)}


def holds_numbers(kind: pl.DataType) -> bool:
    """Tell whether a column of a type holds whole numbers, or yes and no."""
    return kind.is_integer() or kind == pl.Boolean()


class UnsortedRoundsError(ValueError):
    """The rounds of a step are not in the order of their records."""

    def __init__(self, *, step: str, row: int) -> None:
        """Keep the first row that is out of order, from 0."""
        super().__init__(f"row {row} of the rounds of {step} is out of order; sort by record, begun.lo (nulls last)")
        self.step = step
        self.row = row


class ColumnTypeError(TypeError):
    """A column of a partition on disk holds no whole numbers."""

    def __init__(self, *, file: Path, column: str, given: pl.DataType) -> None:
        """Keep the file, the column, and the type that it has."""
        super().__init__(f"{file}: column {column} is of type {given}; expected whole numbers; write it anew as such")
        self.file = file
        self.column = column
        self.given = given


def cases_from(frames: Frames, layout: CaseLayout) -> Cases:
    """Read a partition as cases, in the order of its records; raises `UnsortedRoundsError`."""
    steps = {}
    events, documents = _Attached(frames.events, EVENT_COLUMNS), _Attached(frames.documents, DOCUMENT_COLUMNS)
    for code, name in enumerate(layout.procedure.steps):
        rounds = frames.rounds.get(name)
        if rounds is not None and rounds.height:
            case = _in_order(name, rounds.get_column("record").cast(pl.Int64).to_numpy())
            steps[name] = StepTable(
                case=case,
                column=_FromFrame(rounds, layout.rounds[name]),
                events=events.of_step(code, case),
                documents=documents.of_step(code, case),
            )
    return Cases(frames.records.height, _FromFrame(frames.records, layout.records), steps)


def _in_order(step: str, record: Longs) -> Longs:
    wrong = record[1:] < record[:-1]
    if wrong.any():
        raise UnsortedRoundsError(step=step, row=int(wrong.argmax()) + 1)
    return record


class _FromFrame:
    """Columns of a frame, what is not known as the layout says."""

    def __init__(self, frame: pl.DataFrame, blanks: Mapping[str, Blank]) -> None:
        self._columns = {series.name: series for series in frame.get_columns()}
        self._rows = frame.height
        self._blanks = blanks
        self._made: dict[str, NDArray[Any]] = {}

    def __call__(self, name: str) -> NDArray[Any]:
        if name not in self._made:
            self._made[name] = self._column(name)
        return self._made[name]

    def _column(self, name: str) -> NDArray[Any]:
        series, blank = self._columns.get(column_of(name)), self._blanks[name]
        if series is None:
            return np.full(self._rows, blank)
        whole = series if not series.null_count() else series.cast(type_of(blank)).fill_null(blank.item())
        values = whole.to_numpy()
        return values if values.dtype == blank.dtype else whole.cast(type_of(blank)).to_numpy()


class _Attached:
    """Rows that belong to rounds, such as clock events, by step."""

    def __init__(self, frame: pl.DataFrame, names: Sequence[str]) -> None:
        types = attached_types(names)
        self._columns = {name: frame.get_column(name).cast(kind).to_numpy() for name, kind in types.items()}
        self._names = names
        self._any = frame.height > 0

    def of_step(self, code: int, case: Longs) -> dict[str, NDArray[Any]]:
        """Return the rows of a step, with the place of their round among the rounds of that step."""
        rows = np.flatnonzero(self._columns["step"] == code) if self._any else ()
        if not len(rows):
            return {}
        first = np.searchsorted(case, self._columns["record"][rows])
        columns = {name: self._columns[name][rows] for name in self._names}
        return {"round": first + self._columns["round"][rows], **columns}


def columns_asked(layout: CaseLayout, ask: Callable[[Cases], None]) -> Asked:
    """Return the columns that a derivation asks for, by letting it ask once of nothing."""
    records: set[str] = set()
    rounds: dict[str, set[str]] = {step: set() for step in layout.procedure.steps}

    def blank(names: set[str], blanks: dict[str, Blank], name: str) -> NDArray[Any]:
        names.add(name)
        blank = blanks[name]
        return np.full(1, max(blank, blank.dtype.type(0)) if name in {"jurisdiction", "organ_level"} else blank)

    steps = {
        step: StepTable(case=np.zeros(1, dtype=np.int64), column=partial(blank, names, layout.rounds[step]))
        for step, names in rounds.items()
    }
    ask(Cases(1, partial(blank, records, layout.records), steps))
    return Asked(
        {name: layout.records[name] for name in sorted(records)},
        {step: {name: layout.rounds[step][name] for name in sorted(names)} for step, names in rounds.items() if names},
    )


def write_frames(frames: Frames, folder: Path) -> None:
    """Write a partition to a folder; what is there by the same names is replaced."""
    for name, frame in _files(frames).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # One row group, for a partition is read whole: its columns then lie in one piece.
        frame.write_parquet(path, compression="lz4", row_group_size=max(frame.height, 1))


def _files(frames: Frames) -> dict[str, pl.DataFrame]:
    return {
        "records.parquet": frames.records,
        "events.parquet": frames.events,
        "documents.parquet": frames.documents,
        **{f"rounds/{step}.parquet": frame for step, frame in frames.rounds.items()},
    }


def read_frames(folder: Path, asked: Asked) -> Frames:
    """Read of a partition what is asked for, what is not known as the layout says.

    A file or column that is not there holds nothing known. Raises `ColumnTypeError`.
    """
    paths = {step: folder / "rounds" / f"{step}.parquet" for step in asked.rounds}
    steps = [step for step, path in paths.items() if path.exists()]
    wanted = [_scan(folder / "records.parquet", "id", asked.records)]
    wanted += [_scan(paths[step], "record", asked.rounds[step]) for step in steps]
    records, *rounds = pl.collect_all(wanted)
    return Frames(
        records=records,
        rounds=dict(zip(steps, rounds, strict=True)),
        events=pl.read_parquet(folder / "events.parquet"),
        documents=pl.read_parquet(folder / "documents.parquet"),
    )


def _scan(path: Path, key: str, blanks: Mapping[str, Blank]) -> pl.LazyFrame:
    frame = pl.scan_parquet(path)
    wanted = {column_of(name): blank for name, blank in blanks.items()}
    there = {name: kind for name, kind in frame.collect_schema().items() if name in wanted}
    for name, kind in there.items():
        if not holds_numbers(kind):
            raise ColumnTypeError(file=path, column=name, given=kind)
    return frame.select(
        pl.col(key), *(pl.col(name).cast(type_of(wanted[name])).fill_null(wanted[name].item()) for name in there)
    )
