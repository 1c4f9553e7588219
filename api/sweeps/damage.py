"""Records of a part that are damaged: which, where and how; and the part without them.

A round whose record cannot be told belongs to one of those between its neighbours. Which of them has lost a round is
not known, so none of them is judged.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from api.sweeps.rejects import Reject
from engine.observables.frames import Frames
from engine.vocabulary import Bilingual

Longs = NDArray[np.int64]
Rows = NDArray[np.intp]

NOTHING: Final = Bilingual(zh="空", en="nothing")
_RESTORE: Final = Bilingual(
    zh="恢复该文件,或者重新生成案例表后再次运行", en="restore the file, or write the table anew, and run again"
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a column: the code of the reason, and what is expected in it."""

    file: str
    column: str
    code: str
    expected: Bilingual


@dataclass(slots=True)
class Damage:
    """What is found to be damaged in a part: records by their places, and the rejects that tell it."""

    ids: pl.Series
    folder: Path
    rejects: list[Reject] = field(default_factory=list)
    _bad: set[int] = field(default_factory=set)

    def note(self, flaw: Flaw, row: int, given: Bilingual, *, owners: Iterable[int]) -> None:
        """Note that in a row, counted from 0, something else is given than what is expected; of which records it is."""
        reason = Bilingual(
            zh=f"输入为 {given.zh};应为 {flaw.expected.zh}", en=f"given {given.en}; expected {flaw.expected.en}"
        )
        for owner in owners:
            self._bad.add(owner)
            reject = Reject(
                file=str(self.folder / flaw.file),
                row=row + 1,
                record=self.ids[owner],
                field=flaw.column,
                code=flaw.code,
                reason=reason,
                do=_RESTORE,
            )
            self.rejects.append(reject)

    def holds(self, owner: int) -> bool:
        """Tell whether a record is known to be damaged."""
        return owner in self._bad

    def without(self, frames: Frames) -> Frames:
        """Return a part without the records that are damaged."""
        if not self._bad:
            return frames
        sound = np.ones(len(self.ids), dtype=np.bool_)
        sound[list(self._bad)] = False
        places = np.where(sound, np.cumsum(sound) - 1, -1)
        moved = pl.Series("record", np.append(places, -1), dtype=pl.Int64)

        def kept(frame: pl.DataFrame) -> pl.DataFrame:
            record = frame.get_column("record").cast(pl.Int64)
            known = (record >= 0) & (record < len(self.ids))
            own = pl.Series("record", np.where(known.fill_null(value=False), record.fill_null(-1), len(self.ids)))
            return frame.with_columns(moved.gather(own)).filter(pl.col("record") >= 0)

        return Frames(
            records=frames.records.filter(pl.Series(sound)),
            rounds={step: kept(frame) for step, frame in frames.rounds.items()},
            events=kept(frames.events),
            documents=kept(frames.documents),
        )


def given_number(value: int, *, blank: int | None = None) -> Bilingual:
    """Say which number is given; `blank`: the one that stands where nothing is."""
    return NOTHING if value == blank else Bilingual(zh=str(value), en=str(value))


def misplaced(record: Longs, size: int) -> Iterator[tuple[int, Iterable[int]]]:
    """Give each row that is out of place with the records that it may belong to; those told before are left out.

    `record`: places of records, which should lie between 0 and `size` and never fall. Rows keep their place if as many
    as possible of the others then are in order.
    """
    valid = (record >= 0) & (record < size)
    in_place = np.zeros(len(record), dtype=np.bool_)
    in_place[_longest_rise(record, valid)] = True
    for row in np.flatnonzero(valid[:-1] & valid[1:] & (record[:-1] > record[1:])).tolist():
        # Either of the two may be the one that is wrong.
        fits_before = row == 0 or record[row - 1] <= record[row + 1]
        fits_after = row + 2 >= len(record) or record[row] <= record[row + 2]
        if fits_before and fits_after:
            in_place[row : row + 2] = False
    rows = np.flatnonzero(~in_place)
    neighbours = np.flatnonzero(in_place)
    after = np.searchsorted(neighbours, rows)
    told: tuple[int, int] | None = None
    for row, place in zip(rows.tolist(), after.tolist(), strict=True):
        first = int(record[neighbours[place - 1]]) if place else 0
        last = int(record[neighbours[place]]) if place < len(neighbours) else size - 1
        named = (int(record[row]),) if valid[row] else ()
        yield row, (*named, *(() if told == (first, last) else range(first, last + 1)))
        told = first, last


def _longest_rise(record: Longs, valid: NDArray[np.bool_]) -> Rows:
    """Return the rows of a longest sequence of valid places that never falls."""
    tails: list[int] = []
    ends: list[int] = []
    before = np.full(len(record), -1, dtype=np.intp)
    for row in np.flatnonzero(valid).tolist():
        place = bisect_right(tails, int(record[row]))
        before[row] = ends[place - 1] if place else -1
        if place == len(tails):
            tails.append(int(record[row]))
            ends.append(row)
        else:
            tails[place], ends[place] = int(record[row]), row
    found: list[int] = []
    row = ends[-1] if ends else -1
    while row >= 0:
        found.append(row)
        row = int(before[row])
    return np.array(found[::-1], dtype=np.intp)
