"""Rows of a source that cannot be judged: which, why, and what to do about it. The rest is judged.

They are written as CSV for people, and kept as Parquet beside the findings of a part.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from api.formulas import disarmed
from api.sweeps.files import whole
from engine.reading.problems import Problem
from engine.vocabulary import Bilingual

_CORRECT: Final = Bilingual(zh="更正该行后重新运行", en="correct the row and run again")


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot be judged. `row` counts from 1, a header not counted; `record` is its id, where it has one."""

    file: str
    row: int | None
    record: str | None
    field: str
    code: str
    reason: Bilingual
    do: Bilingual = _CORRECT


def reject_of(problem: Problem, *, row: int | None, record: str | None) -> Reject:
    """Tell a problem with an input as a row that cannot be judged."""
    given, expected = problem.given, problem.expected
    return Reject(
        file=problem.file,
        row=row,
        record=record,
        field=problem.field,
        code=problem.code,
        reason=Bilingual(
            zh=f"输入为 {given};应为 {expected.zh}",
            en=f"given {given}; expected {expected.en}",
        ),
        do=problem.do,
    )


HEADINGS: Final = ("file", "row", "record", "field", "code", "reason_zh", "reason_en", "do_zh", "do_en")
"""The columns of rejects, on paper and in keeping."""

Cells = tuple[str, int | None, str | None, str, str, str, str, str, str]


def cells_of(reject: Reject) -> Cells:
    """Return the cells of a reject, one per heading."""
    where = (reject.file, reject.row, reject.record, reject.field, reject.code)
    return (*where, reject.reason.zh, reject.reason.en, reject.do.zh, reject.do.en)


def write_rejects(file: Path, rejects: Iterable[Reject]) -> int:
    """Write rejects as CSV, one after the other, all or nothing; returns how many. Raises `DiskFullError`."""
    written = 0
    with whole(file) as unfinished, unfinished.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADINGS)
        for reject in rejects:
            writer.writerow(disarmed(cell) if isinstance(cell, str) else cell for cell in cells_of(reject))
            written += 1
    return written


def keep_rejects(file: Path, rejects: Iterable[Reject]) -> None:
    """Keep the rejects of a part as Parquet, the whole file or none; raises `DiskFullError`."""
    with whole(file) as unfinished:
        frame_of(rejects).write_parquet(unfinished)


def kept_rejects(file: Path) -> Iterator[Reject]:
    """Give the rejects that are kept in a file."""
    for cells in pl.read_parquet(file).iter_rows():
        where, row, record, field, code, reason_zh, reason_en, do_zh, do_en = cells
        reason, do = Bilingual(zh=reason_zh, en=reason_en), Bilingual(zh=do_zh, en=do_en)
        yield Reject(where, row, record, field, code, reason, do)


def frame_of(rejects: Iterable[Reject]) -> pl.DataFrame:
    """Write rejects as a frame, one row each."""
    return pl.DataFrame(list(map(cells_of, rejects)), schema=_SCHEMA, orient="row")


_SCHEMA: Final = {name: pl.Int64() if name == "row" else pl.String() for name in HEADINGS}
