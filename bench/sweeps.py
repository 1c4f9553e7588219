"""Sweeps over partitions on disk: from Parquet to findings in Parquet, two partitions at a time."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.rules import all_cards, named_cards, national_cards
from bench.sweep_bench import by_polars
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweeping import asked, sweep_partition
from engine.observables.frames import read_frames

WORKERS: Final = 2

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
    as_of, known_at = by_polars.AS_OF, by_polars.KNOWN_AT
    needed = asked(rules, as_of=as_of, known_at=known_at)

    def judge(folder: Path) -> tuple[Codes, pl.DataFrame]:
        return sweep_partition(read_frames(folder, needed), rules, as_of=as_of, known_at=known_at)

    return judge


def by_hand(folder: Path) -> tuple[Codes, pl.DataFrame]:
    """Judge with the hand-written query."""
    codes, findings = by_polars.judge(folder)
    return {card: codes.get_column(card).to_numpy() for card in codes.columns}, findings


def judge_called(name: str) -> Judge:
    """Return a way of judging by its name: `all` cards, the `national` or `named` ones, or by `hand`."""
    match name:
        case "all":
            return ours(all_cards())
        case "national":
            return ours(national_cards())
        case "named":
            return ours(named_cards())
        case "hand":
            return by_hand
    raise ValueError(name)


class Workers:
    """Two processes that sweep partitions, each with one thread; they are kept, as in a sweep over many partitions."""

    def __init__(self) -> None:
        """Start them."""
        os.environ["POLARS_MAX_THREADS"] = "1"
        self._pool = ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"))

    def sweep(self, name: str, partitions: Sequence[Path], findings: Path) -> float:
        """Judge partitions in a way, write the findings to a folder; return the seconds of CPU time that it took."""
        findings.mkdir(parents=True, exist_ok=True)
        return sum(self._pool.map(partial(_sweep_one, name, findings), partitions))

    def close(self) -> None:
        """End them."""
        self._pool.shutdown()


_judges = lru_cache(judge_called)


def _sweep_one(name: str, findings: Path, partition: Path) -> float:
    judge, begun = _judges(name), process_time()
    _, found = judge(partition)
    target = findings / f"{partition.name}.parquet"
    found.write_parquet(target, compression="lz4", statistics=False, row_group_size=max(found.height, 1))
    return process_time() - begun


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
