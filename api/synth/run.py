"""Make records by the million: part after part, on several processes, each part written whole or not at all."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from api.synth.circumstances import AS_OF, KNOWN_AT
from api.synth.errors import FolderInUseError
from api.synth.making import PART, Asked, made
from api.synth.plants.table import PLANTS
from engine.observables.frames import write_frames
from engine.vocabulary import Frozen

STATED: Final = "synth.json"
TRUTH: Final = "truth"
_UNFINISHED: Final = ".unfinished"
_THREADS: Final = "POLARS_MAX_THREADS"

Progress = Callable[[int], None]
"""Is told how many records have been made since it was told the last time."""


class Expected(Frozen):
    """A finding that a plant gives, and in how many records it does so."""

    card: str
    verdict: str
    reason: str


class PlantStated(Frozen):
    """A plant: its rate among the records that fit, how many of these there are, and in how many it stands."""

    name: str
    rate: float
    fitting: int
    planted: int
    gives: tuple[Expected, ...]


class Statement(Frozen):
    """What was made: the seed, the counts, and the plants. The truth holds for a day and a time of knowing."""

    made_up: bool = True
    seed: int
    records: int
    parts: int
    rounds: int
    findings: int
    as_of: date
    known_at: datetime
    plants: tuple[PlantStated, ...]


@dataclass
class PartMade:
    """What a part holds: records, rounds, findings expected, and records by plant."""

    records: int = 0
    rounds: int = 0
    findings: int = 0
    planted: Counter[str] = field(default_factory=Counter)
    fitting: Counter[str] = field(default_factory=Counter)

    def add(self, other: "PartMade") -> None:
        """Add another part."""
        self.records += other.records
        self.rounds += other.rounds
        self.findings += other.findings
        self.planted.update(other.planted)
        self.fitting.update(other.fitting)


def synthesise(
    asked: Asked, *, records: int, folder: Path, workers: int, progress: Progress = lambda _: None
) -> Statement:
    """Make so many records and the truth about them in a folder; raises `FolderInUseError` if it is not empty.

    The statement is written last: a folder without it is not finished.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(path.name.startswith("part-") or path.name in {TRUTH, STATED} for path in folder.iterdir()):
        raise FolderInUseError(folder)
    (folder / TRUTH).mkdir()
    sizes = [min(PART, records - first) for first in range(0, records, PART)]
    total = PartMade()
    for done in _all(partial(write_one, asked, folder), sizes, workers):
        total.add(done)
        progress(done.records)
    statement = _statement(asked, total, parts=len(sizes))
    unfinished = folder / f"{STATED}{_UNFINISHED}"
    unfinished.write_text(statement.model_dump_json(indent=1), encoding="utf-8")
    unfinished.replace(folder / STATED)
    return statement


def write_one(asked: Asked, folder: Path, number: int, size: int) -> PartMade:
    """Make a part and write it, the truth about it first."""
    found = made(asked, number=number, size=size)
    name = f"part-{number:05}"
    truth = folder / TRUTH / f"{name}.parquet"
    found.planted.truth.write_parquet(truth.with_suffix(_UNFINISHED), compression="lz4")
    truth.with_suffix(_UNFINISHED).replace(truth)
    unfinished = folder / f"{name}{_UNFINISHED}"
    shutil.rmtree(unfinished, ignore_errors=True)
    write_frames(found.frames, unfinished)
    unfinished.replace(folder / name)
    return PartMade(
        records=size,
        rounds=sum(rounds.height for rounds in found.frames.rounds.values()),
        findings=found.planted.truth.height,
        planted=Counter(found.planted.counts),
        fitting=Counter(found.planted.fitting),
    )


def _all(work: Callable[[int, int], PartMade], sizes: list[int], workers: int) -> Iterator[PartMade]:
    """Make all parts, here or by several processes of one thread each; as they are done."""
    if workers == 1 or len(sizes) == 1:
        yield from (work(number, size) for number, size in enumerate(sizes))
        return
    with _one_thread_each(), ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from _as_done(pool, work, sizes)


def _as_done(
    pool: ProcessPoolExecutor, work: Callable[[int, int], PartMade], sizes: Iterable[int]
) -> Iterator[PartMade]:
    jobs = [pool.submit(work, number, size) for number, size in enumerate(sizes)]
    try:
        for job in as_completed(jobs):
            yield job.result()
    finally:
        for job in jobs:
            job.cancel()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let the processes that are started meanwhile use one thread each."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before


def _statement(asked: Asked, total: PartMade, *, parts: int) -> Statement:
    plants = (
        PlantStated(
            name=plant.name,
            rate=asked.rates.get(plant.name, plant.rate),
            fitting=total.fitting[plant.name],
            planted=total.planted[plant.name],
            gives=tuple(Expected(card=one.card, verdict=one.verdict, reason=one.reason) for one in plant.told),
        )
        for plant in PLANTS
    )
    return Statement(
        seed=asked.seed,
        records=total.records,
        parts=parts,
        rounds=total.rounds,
        findings=total.findings,
        as_of=AS_OF,
        known_at=KNOWN_AT,
        plants=tuple(plants),
    )
