"""What is measured on one case table: the sweep as it is run, the forty cards in three ways, agreement, and memory."""

import gc
import shutil
import subprocess
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import psutil

from api.sweeps.carried import carried
from api.sweeps.crews import Crew
from api.sweeps.judging import Question
from api.sweeps.local import Processes
from api.sweeps.partitions import CaseTable, PartOnDisk
from api.sweeps.results import FINDINGS
from api.sweeps.run import Sweep
from bench.rules import RULES, all_cards
from bench.sweep_bench.agreement import Agreement, agreement, refuse_different
from bench.sweep_bench.commands import CommandFailedError, duecourse
from bench.sweep_bench.question import QUESTION
from bench.sweep_bench.tables import FOLDER, records_of, rounds_of
from bench.sweep_bench.watching import Watch
from bench.sweep_bench.ways import WAYS, WORKERS, Workers
from bench.timing import Timing

EVERYTHING: Final = "everything"
ONE_WORKER: Final = "everything, one worker"
CHECKED_FIRST: Final = 2
"""On so many parts the ways are held against one another before anything is timed; that warms them up as well."""

Works = Mapping[str, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on one table; `command_seconds`: of the command as it is typed, its start included."""

    records: int
    rounds: int
    times: Mapping[str, Timing]
    command_seconds: float
    peak: int
    own_peak: int
    agreement: Agreement | None


def measured(table: CaseTable, *, runs: int) -> Measured:
    """Measure a table; raises `VerdictsDifferError` if ways differ, before or after they were timed."""
    folder = FOLDER / "results"
    shutil.rmtree(folder, ignore_errors=True)
    seconds, watch = _command(table, folder / "command")
    agreed = agreement(table, folder / "command" / FINDINGS)
    times = _times(table, folder, runs=runs)
    return Measured(records_of(table), rounds_of(table), times, seconds, watch.peak, watch.own_peak, agreed)


def _command(table: CaseTable, out: Path) -> tuple[float, Watch]:
    """Run the command itself on two workers, and look at how much memory it takes."""
    typed = duecourse("sweep", table.folder, "--rules", RULES, "--out", out, "--workers", WORKERS, "--format", "json")
    typed += ["--as-of", QUESTION["as_of"].isoformat(), "--known-at", QUESTION["known_at"].isoformat()]
    begun = perf_counter()
    process = subprocess.Popen(typed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own
    with process, Watch(psutil.Process(process.pid)) as watch:
        _, told = process.communicate()
    if process.returncode not in {0, 1, 3}:
        raise CommandFailedError(command=typed, told=told.strip())
    return perf_counter() - begun, watch


# --- in turn -----------------------------------------------------------------------------------------------------


def _times(table: CaseTable, folder: Path, *, runs: int) -> dict[str, Timing]:
    """Time everything, on two workers and on one, and the forty cards in three ways, all in turn."""
    rulebook, parts = all_cards().rulebook, table.parts()
    packed = (carried(RULES, digest=rulebook.digest),)
    with ExitStack() as stack:
        two, one = (stack.enter_context(Processes(number, rulebooks=packed)) for number in (WORKERS, 1))
        workers = Workers()
        stack.callback(workers.close)
        works: dict[str, Callable[[], object]] = {
            EVERYTHING: partial(_sweep, table, two, folder / "two"),
            ONE_WORKER: partial(_sweep, table, one, folder / "one"),
            **{way: partial(workers.judge, way, parts, folder / way) for way in WAYS},
        }
        _warm_up((two, one), workers, table, folder / "first")
        found = _in_turn(works, runs=runs)
    refuse_different(folder, parts)
    return found


def _sweep(source: "CaseTable | FirstParts", crew: Crew, folder: Path) -> None:
    """Sweep by the whole rulebook as the command does, from the beginning."""
    shutil.rmtree(folder, ignore_errors=True)
    rulebook = all_cards().rulebook
    wanted = Sweep("made up", source, Question.by(rulebook.digest, **QUESTION), folder)
    report, _ = wanted.run(crew, rulebook, lambda _: None)
    if report.failed or not report.finished:
        raise CommandFailedError(command=("sweep",), told="; ".join(failed.told.en for failed in report.failed))


@dataclass(frozen=True)
class FirstParts:
    """The first parts of a table, as a source of their own."""

    table: CaseTable

    def parts(self) -> tuple[PartOnDisk, ...]:
        """Return the parts."""
        return self.table.parts()[:CHECKED_FIRST]

    def check(self, rulebook: Any) -> None:  # noqa: ANN401 - as the table
        """Check what the table checks."""
        self.table.check(rulebook)


def _warm_up(crews: tuple[Crew, ...], workers: Workers, table: CaseTable, folder: Path) -> None:
    """Let everybody judge the first parts; raises `VerdictsDifferError` before anything is timed."""
    first = FirstParts(table)
    for crew in crews:
        _sweep(first, crew, folder / EVERYTHING)
    for way in WAYS:
        workers.judge(way, first.parts(), folder / way)
    refuse_different(folder, first.parts())


def _in_turn(works: Works, *, runs: int) -> dict[str, Timing]:
    """Time works in turn, every other round backwards, so that a slow spell of the machine falls on all of them."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for number in range(runs):
        order = list(works)
        for name in reversed(order) if number % 2 else order:
            gc.collect()
            begun, cpu = perf_counter(), _cpu_time()
            works[name]()
            found[name].append((perf_counter() - begun, _cpu_time() - cpu))
    return {name: Timing(*(tuple(column) for column in zip(*each, strict=True))) for name, each in found.items()}


def _cpu_time() -> float:
    """Return the seconds of CPU time of this process and all that it has started, which live on."""
    process = psutil.Process()
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))
