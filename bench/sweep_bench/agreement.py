"""Whether findings agree: those of the three ways with one another, and ours with what was planted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from api.sweeps.partitions import CaseTable, PartOnDisk
from bench.sweep_bench.tables import TRUTH
from bench.sweep_bench.ways import OURS, WAYS, batches, file_of
from bench.sweeps import VerdictsDifferError

COLUMNS: Final = ("id", "card", "verdict", "reason", "actual_lo", "actual_hi", "required")
PLANTED: Final = COLUMNS[:4]


def refuse_different(folder: Path, parts: Sequence[PartOnDisk]) -> None:
    """Raise `VerdictsDifferError` unless each way has written the same findings of parts."""
    for way in WAYS:
        for batch in batches(way, parts):
            given = _read([file_of(folder / way, batch)], COLUMNS)
            ours = _read([file_of(folder / OURS, (part,)) for part in batch], COLUMNS)
            if not given.equals(ours):
                where = f"{batch[0].name} to {batch[-1].name}, {way} and {OURS}"
                raise VerdictsDifferError(what="findings", where=f"{where} ({_cards(given, ours)})")


def _read(files: Sequence[Path], columns: Sequence[str]) -> pl.DataFrame:
    frames = [pl.read_parquet(file, columns=list(columns)).select(pl.col(columns).cast(pl.String)) for file in files]
    return pl.concat(frames).sort(columns)


def _cards(one: pl.DataFrame, other: pl.DataFrame) -> str:
    """Name the cards whose findings differ."""
    apart = [
        left.join(right, on=left.columns, how="anti", nulls_equal=True) for left, right in ((one, other), (other, one))
    ]
    return ", ".join(pl.concat(apart).get_column("card").unique().sort())


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many findings there are, how many were planted, and how many are both."""

    found: int
    planted: int
    both: int
    cards: int
    """So many cards were planted."""
    apart: tuple[str, ...]
    """Cards on which they differ."""

    @property
    def precision(self) -> float:
        """Return which share of the findings was planted."""
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Return which share of what was planted was found."""
        return self.both / self.planted if self.planted else 1.0


def agreement(table: CaseTable, findings: Path) -> Agreement | None:
    """Hold the findings of all records against what was planted; None if nothing is said of that."""
    files = [table.folder / TRUTH / f"{part.name}.parquet" for part in table.parts()]
    if not all(file.exists() for file in files):
        return None
    found = planted = both = 0
    cards, apart = set[str](), set[str]()
    for truth in files:
        told, stated = (_read([file], PLANTED) for file in (findings / truth.name, truth))
        found, planted = found + told.height, planted + stated.height
        both += told.join(stated, on=PLANTED, how="inner").height
        cards.update(stated.get_column("card").unique())
        if not told.equals(stated):
            apart.update(_cards(told, stated).split(", "))
    return Agreement(found, planted, both, len(cards), tuple(sorted(apart)))
