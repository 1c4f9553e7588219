"""Sweeps over partitions on disk: from Parquet to findings in Parquet, two partitions at a time."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench import handwritten
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweeping import asked, sweep_partition
from engine.observables.frames import read_frames

THREADS: Final = 2

Codes = Mapping[str, NDArray[np.uint8]]
"""Outcome codes by card, one entry per record."""

Judge = Callable[[Path], tuple[Codes, pl.DataFrame]]
"""Reads a partition and gives the outcome codes and the findings."""


class VerdictsDifferError(Exception):
    """Two ways of judging do not give the same."""

    def __init__(self, *, what: str, where: str) -> None:
        """Keep what differs and where."""
        super().__init__(
            f"{what} differ in {where}: one of the two judges by another law; compare them record by record"
        )
        self.what = what
        self.where = where


def ours(rules: CompiledRulebook) -> Judge:
    """Judge with the engine."""
    as_of, known_at = handwritten.AS_OF, handwritten.KNOWN_AT
    needed = asked(rules, as_of=as_of, known_at=known_at)

    def judge(folder: Path) -> tuple[Codes, pl.DataFrame]:
        return sweep_partition(read_frames(folder, needed), rules, as_of=as_of, known_at=known_at)

    return judge


def by_hand(folder: Path) -> tuple[Codes, pl.DataFrame]:
    """Judge with the hand-written query."""
    codes, findings = handwritten.judge(folder)
    return {card: codes.get_column(card).to_numpy() for card in codes.columns}, findings


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep over some partitions; findings go to a folder of its own, one file per partition."""

    judge: Judge
    partitions: Sequence[Path]
    findings: Path

    def run(self) -> None:
        """Judge all partitions and write the findings."""
        self.findings.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(self._one, self.partitions))

    def _one(self, partition: Path) -> None:
        _, findings = self.judge(partition)
        findings.write_parquet(self.findings / f"{partition.name}.parquet", compression="lz4", statistics=False)


def refuse_different(one: Judge, other: Judge, partitions: Sequence[Path]) -> None:
    """Raise `VerdictsDifferError` unless both give the same outcome for every card and record, and equal findings."""
    for partition in partitions:
        codes, findings = one(partition)
        other_codes, other_findings = other(partition)
        for card, values in other_codes.items():
            if not np.array_equal(codes[card], values):
                raise VerdictsDifferError(what=f"outcomes of {card}", where=partition.name)
        if not _ordered(findings).equals(_ordered(other_findings)):
            raise VerdictsDifferError(what="findings", where=partition.name)


def _ordered(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.select(pl.all().cast(pl.String)).sort("card", "id").select(sorted(findings.columns))


def outcome_counts(judge: Judge, partition: Path, size: int) -> dict[str, list[int]]:
    """Count the outcomes of every card in a partition."""
    codes, _ = judge(partition)
    return {card: np.bincount(values, minlength=size).tolist() for card, values in codes.items()}
