"""How long something takes: medians of repeated runs, after a run that is not counted."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each run, in order; `cpu`: those of all cores that went into it, which neighbours disturb less."""

    seconds: tuple[float, ...]
    cpu: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        """Return the median, in seconds."""
        return median(self.seconds)

    @property
    def spread(self) -> tuple[float, float]:
        """Return the shortest and the longest run, in seconds."""
        return min(self.seconds), max(self.seconds)

    @property
    def cpu_median(self) -> float:
        """Return the median of CPU time, in seconds."""
        return median(self.cpu)

    def rate(self, count: int) -> float:
        """Return how many of `count` things a run does in a second, by the median."""
        return count / self.median


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Run once and return the seconds, and those of CPU time: of this process, and what the work says of others."""
    gc.collect()
    begun, cpu = perf_counter(), process_time()
    elsewhere = work()
    return perf_counter() - begun, process_time() - cpu + (elsewhere if isinstance(elsewhere, float) else 0.0)


def timings(*works: Callable[[], object], runs: int) -> tuple[Timing, ...]:
    """Time several works in turn, so that a slow spell of the machine falls on all of them; warm up once.

    Every other round goes backwards, so that none always follows the same one.
    """
    for work in works:
        work()
    found: list[list[tuple[float, float]]] = [[] for _ in works]
    for number in range(runs):
        order = list(enumerate(works))
        for place, work in reversed(order) if number % 2 else order:
            found[place].append(timed(work))
    return tuple(Timing(*(tuple(column) for column in zip(*runs, strict=True))) for runs in found)


def timing(work: Callable[[], object], *, runs: int) -> Timing:
    """Time one work."""
    return timings(work, runs=runs)[0]
