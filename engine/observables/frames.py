"""The case table as Polars frames: written from records, and read back as cases, one partition at a time.

Four frames: `records` (one row per record, in order), `rounds` (one row per round, sorted by step, then record, then
beginning, so that the rounds of a step lie together), `events` (one row per clock event) and `documents` (one row per
document later than the beginning of its round). `record` is the place of the record in `records`, `step` the place of
the step in the procedure, and `round` the place of the round within its record and step. What is not known is null; a
column of the layout in which nothing is known may be left out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.observables.cases import CaseLayout, Cases, Ints, StepTable
from engine.observables.rows import RecordRows, Row

EVENT_COLUMNS = ("kind", "at.lo", "at.hi")
DOCUMENT_COLUMNS = ("bits", "lo")


@dataclass(frozen=True, slots=True)
class Frames:
    """A partition of a case table."""

    records: pl.DataFrame
    rounds: pl.DataFrame
    events: pl.DataFrame
    documents: pl.DataFrame


def frames_of(ids: Sequence[str], records: Sequence[RecordRows], layout: CaseLayout) -> Frames:
    """Write the rows of records as frames."""
    round_names = sorted({name for columns in layout.rounds.values() for name in columns})
    steps = {name: code for code, name in enumerate(layout.procedure.steps)}
    rounds = [
        {"record": place, "step": steps[step], **row}
        for step in steps
        for place, record in enumerate(records)
        for row in record.rounds.get(step, ())
    ]
    made = _frame([record.record for record in records], sorted(layout.records))
    return Frames(
        records=made.with_columns(pl.Series("id", list(ids), dtype=pl.String)),
        rounds=_frame(rounds, ("record", "step", *round_names)).cast({"record": pl.UInt32, "step": pl.UInt8}),
        events=_frame(_attached(records, steps, "events"), ("record", "step", "round", *EVENT_COLUMNS)),
        documents=_frame(_attached(records, steps, "documents"), ("record", "step", "round", *DOCUMENT_COLUMNS)),
    )


def _attached(records: Sequence[RecordRows], steps: dict[str, int], kind: str) -> list[Row]:
    return [
        {"record": place, "step": steps[step], **row}
        for place, record in enumerate(records)
        for step, rows in getattr(record, kind).items()
        for row in rows
    ]


def _frame(rows: Sequence[Row], names: Iterable[str]) -> pl.DataFrame:
    return pl.DataFrame({name: pl.Series(name, [row.get(name) for row in rows], dtype=pl.Int64) for name in names})


class UnsortedRoundsError(ValueError):
    """The rounds of a partition are not in the order of steps, then records."""

    def __init__(self, row: int) -> None:
        """Keep the first row that is out of order, from 0."""
        super().__init__(f"row {row} of `rounds` is out of order; sort by step, record, begun.lo (nulls last)")
        self.row = row


def cases_from(frames: Frames, layout: CaseLayout) -> Cases:
    """Read a partition as cases, in the order of its records; raises `UnsortedRoundsError`."""
    rounds = frames.rounds
    step_of = rounds.get_column("step").to_numpy()
    record_of = rounds.get_column("record").to_numpy().astype(np.int64)
    _refuse_unsorted(step_of, record_of)
    steps = {}
    for code, name in enumerate(layout.procedure.steps):
        first, after = np.searchsorted(step_of, (code, code + 1))
        if first < after:
            case = record_of[first:after]
            steps[name] = StepTable(
                case=case,
                column=_kept(partial(_filled, rounds[first:after], layout.rounds[name])),
                events=_of_step(frames.events, code, case, EVENT_COLUMNS),
                documents=_of_step(frames.documents, code, case, DOCUMENT_COLUMNS),
            )
    return Cases(frames.records.height, _kept(partial(_filled, frames.records, layout.records)), steps)


def _refuse_unsorted(step: NDArray[np.uint8], record: Ints) -> None:
    wrong = (step[1:] < step[:-1]) | ((step[1:] == step[:-1]) & (record[1:] < record[:-1]))
    if wrong.any():
        raise UnsortedRoundsError(int(wrong.argmax()) + 1)


def _filled(frame: pl.DataFrame, blanks: Mapping[str, int], name: str) -> Ints:
    """Return a column, what is not known as the layout says."""
    blank = blanks[name]
    if name not in frame.columns:
        return np.full(frame.height, blank, dtype=np.int64)
    column = frame.get_column(name)
    return (column.fill_null(blank) if column.null_count() else column).to_numpy()


def _kept(make: Callable[[str], Ints]) -> Callable[[str], Ints]:
    """Remember what was made by name."""
    made: dict[str, Ints] = {}

    def column(name: str) -> Ints:
        if name not in made:
            made[name] = make(name)
        return made[name]

    return column


def _of_step(frame: pl.DataFrame, code: int, case: Ints, names: Sequence[str]) -> dict[str, Ints]:
    """Return the rows of a step, with the place of their round among the rounds of that step."""
    rows = frame.filter(pl.col("step") == code) if frame.height else frame
    if not rows.height:
        return {}
    first = np.searchsorted(case, rows.get_column("record").to_numpy())
    columns = {name: rows.get_column(name).to_numpy() for name in names}
    return {"round": first + rows.get_column("round").to_numpy(), **columns}


def columns_asked(layout: CaseLayout, ask: Callable[[Cases], None]) -> tuple[set[str], set[str]]:
    """Return the columns of records and of rounds that a derivation asks for, by letting it ask once of nothing."""
    records: set[str] = set()
    rounds: set[str] = set()

    def blank(names: set[str], blanks: dict[str, int], name: str) -> Ints:
        names.add(name)
        return np.full(
            1,
            max(blanks[name], 0) if name in {"jurisdiction", "organ_level"} else blanks[name],
            dtype=np.int64,
        )

    steps = {
        step: StepTable(case=np.zeros(1, dtype=np.int64), column=partial(blank, rounds, layout.rounds[step]))
        for step in layout.procedure.steps
    }
    ask(Cases(1, partial(blank, records, layout.records), steps))
    return records, rounds
