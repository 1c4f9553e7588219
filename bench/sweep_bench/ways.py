"""Ways to judge the forty cards, each from Parquet to findings in Parquet, in two processes with one thread each.

Ours reads a part as a sweep does, with all that it looks at in it. The processes are kept, as in a sweep over many
parts; DuckDB is given some parts at a time, for that is how it is fastest.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import Final

import polars as pl

from api.sweeps.local import SURROUNDINGS
from api.sweeps.partitions import PartOnDisk
from bench.rules import named_cards
from bench.sweep_bench import by_polars
from bench.sweep_bench.by_duckdb.judge import PARTITIONS, Query
from bench.sweep_bench.question import QUESTION
from engine.evaluation.sweeping import asked, sweep_partition

WORKERS: Final = 2
OURS, POLARS, DUCKDB = "ours", "polars", "duckdb"
WAYS: Final = (OURS, POLARS, DUCKDB)
AT_A_TIME: Final = {OURS: 1, POLARS: 1, DUCKDB: PARTITIONS}

Judge = Callable[[Sequence[PartOnDisk], Path], None]
"""Judges parts and writes their findings to one file."""


class Workers:
    """Processes that judge parts. To be ended."""

    def __init__(self) -> None:
        """Start them."""
        os.environ.update(SURROUNDINGS)
        self._pool = ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"))

    def judge(self, way: str, parts: Sequence[PartOnDisk], findings: Path) -> float:
        """Judge parts in a way, write the findings to a folder; return the seconds of CPU time that it took."""
        findings.mkdir(parents=True, exist_ok=True)
        return sum(self._pool.map(partial(_judge_some, way, findings), batches(way, parts)))

    def close(self) -> None:
        """End them."""
        self._pool.shutdown()


def batches(way: str, parts: Sequence[PartOnDisk]) -> list[tuple[PartOnDisk, ...]]:
    """Cut parts into what is judged at a time; at most half of them, so that both processes have something to do."""
    size = min(AT_A_TIME[way], -(-len(parts) // WORKERS))
    return [tuple(parts[first : first + size]) for first in range(0, len(parts), size)]


def file_of(findings: Path, batch: Sequence[PartOnDisk]) -> Path:
    """Return the file with the findings of parts that were judged at a time."""
    return findings / f"{batch[0].name}.parquet"


def _judge_some(way: str, findings: Path, batch: Sequence[PartOnDisk]) -> float:
    judge, begun = _judge(way), process_time()
    judge(batch, file_of(findings, batch))
    return process_time() - begun


@cache
def _judge(way: str) -> Judge:
    match way:
        case "ours":
            return _ours()
        case "polars":
            return _by_polars
        case "duckdb":
            return _by_duckdb()
    raise ValueError(way)


def _ours() -> Judge:
    rules = named_cards()
    needed = asked(rules, **QUESTION)

    def judge(batch: Sequence[PartOnDisk], target: Path) -> None:
        (part,) = batch
        _, found = sweep_partition(part.read(rules, needed).frames, rules, **QUESTION)
        _write(found, target)

    return judge


def _by_polars(batch: Sequence[PartOnDisk], target: Path) -> None:
    (part,) = batch
    _, found = by_polars.judge(part.folder)
    _write(found, target)


def _by_duckdb() -> Judge:
    query = Query(**QUESTION)

    def judge(batch: Sequence[PartOnDisk], target: Path) -> None:
        query.judge([part.folder for part in batch], target)

    return judge


def _write(found: pl.DataFrame, target: Path) -> None:
    found.write_parquet(target, compression="lz4", statistics=False, row_group_size=max(found.height, 1))
