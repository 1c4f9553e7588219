"""Read a part of a case table from disk. What stands where a number belongs and is none is told, cell by cell.

A part is read at once where its columns are of the right types; only one that is not is looked at column by column.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
from polars.exceptions import InvalidOperationError

from api.sweeps.errors import UnreadablePartError
from engine.observables.frames import (
    DOCUMENT_COLUMNS,
    EVENT_COLUMNS,
    Asked,
    ColumnTypeError,
    Frames,
    attached_types,
    column_of,
    holds_numbers,
    read_frames,
    type_of,
)
from engine.observables.layout import Blank
from engine.reading.problems import shown

RECORDS: Final = "records.parquet"
EVENTS: Final = "events.parquet"
DOCUMENTS: Final = "documents.parquet"
_ATTACHED: Final = {EVENTS: EVENT_COLUMNS, DOCUMENTS: DOCUMENT_COLUMNS}


def rounds_file(step: str) -> str:
    """Return the file of the rounds of a step, below the folder of its part."""
    return f"rounds/{step}.parquet"


@dataclass(frozen=True, slots=True)
class Misfit:
    """A cell that holds no number that its column may hold; `row` counts from 0."""

    file: str
    column: str
    row: int
    given: str


def read_part(folder: Path, asked: Asked) -> tuple[Frames, tuple[Misfit, ...]]:
    """Read what is asked for of a part; a misfit stands in the frames as if nothing were known.

    Raises `UnreadablePartError`, and what polars raises for files that are broken.
    """
    try:
        frames = read_frames(folder, asked)
    except (ColumnTypeError, InvalidOperationError):
        return _looked_at(folder, asked)
    for file, frame in ((EVENTS, frames.events), (DOCUMENTS, frames.documents)):
        _require(folder / file, frame, attached_types(_ATTACHED[file]))
    return (frames, ()) if _is_typed(frames) else _looked_at(folder, asked)


def _require(file: Path, frame: pl.DataFrame, names: Mapping[str, pl.DataType]) -> None:
    if missing := set(names).difference(frame.columns):
        raise UnreadablePartError(file=file, why=f"no column {', '.join(sorted(missing))}")


_SHORT: Final[frozenset[Any]] = frozenset({pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16})
_FIT: Final[Mapping[pl.DataType, frozenset[Any]]] = {pl.Int32(): _SHORT, pl.Int64(): _SHORT | {pl.Int64, pl.UInt32}}
"""The types of columns all of whose numbers a column of a type can hold."""


def _is_typed(frames: Frames) -> bool:
    """Tell whether the columns that `read_frames` takes as they are can be those of the case table."""
    of_events, of_documents = attached_types(EVENT_COLUMNS), attached_types(DOCUMENT_COLUMNS)
    events = (frames.events[name].dtype in _FIT[kind] for name, kind in of_events.items())
    documents = (frames.documents[name].dtype in _FIT[kind] for name, kind in of_documents.items())
    places = (frame["record"].dtype in _FIT[pl.Int64()] for frame in frames.rounds.values())
    return all((*events, *documents, *places)) and frames.records["id"].dtype == pl.String


def _looked_at(folder: Path, asked: Asked) -> tuple[Frames, tuple[Misfit, ...]]:
    """Read a part column by column."""
    misfits: list[Misfit] = []

    def read(file: str, types: Mapping[str, pl.DataType], blanks: Mapping[str, Blank]) -> pl.DataFrame:
        there = [name for name in pl.read_parquet_schema(folder / file) if name in types]
        frame = pl.read_parquet(folder / file, columns=there)
        made = [_fitting(file, column, types[column.name], misfits) for column in frame.get_columns()]
        empty = {column_of(name): blank.item() for name, blank in blanks.items()}
        filled = [column.fill_null(empty[column.name]) if column.name in empty else column for column in made]
        return pl.DataFrame(filled)

    def numbers(blanks: Mapping[str, Blank]) -> dict[str, pl.DataType]:
        return {column_of(name): type_of(blank) for name, blank in blanks.items()}

    steps = [step for step in asked.rounds if (folder / rounds_file(step)).exists()]
    frames = Frames(
        records=read(RECORDS, {"id": pl.String(), **numbers(asked.records)}, asked.records),
        rounds={
            step: read(rounds_file(step), {"record": pl.Int64(), **numbers(asked.rounds[step])}, asked.rounds[step])
            for step in steps
        },
        events=read(EVENTS, attached_types(EVENT_COLUMNS), {}),
        documents=read(DOCUMENTS, attached_types(DOCUMENT_COLUMNS), {}),
    )
    for file, frame, key in _keyed(frames):
        _require(folder / file, frame, key)
    return frames, tuple(misfits)


def _keyed(frames: Frames) -> Iterator[tuple[str, pl.DataFrame, Mapping[str, pl.DataType]]]:
    yield RECORDS, frames.records, {"id": pl.String()}
    yield from ((rounds_file(step), frame, {"record": pl.Int64()}) for step, frame in frames.rounds.items())
    yield EVENTS, frames.events, attached_types(EVENT_COLUMNS)
    yield DOCUMENTS, frames.documents, attached_types(DOCUMENT_COLUMNS)


def _fitting(file: str, column: pl.Series, wanted: pl.DataType, misfits: list[Misfit]) -> pl.Series:
    """Return a column as its type demands, null where something else stands, which is noted."""
    fits = column.dtype == pl.String if wanted == pl.String else holds_numbers(column.dtype)
    made = column.cast(wanted, strict=False) if fits else pl.Series(column.name, [None] * len(column), dtype=wanted)
    rows = (made.is_null() & column.is_not_null()).arg_true().to_list()
    misfits += [Misfit(file, column.name, row, shown(column[row])) for row in rows]
    return made
