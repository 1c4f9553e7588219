"""How long something takes: medians of repeated runs, after a run that is not counted."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each run, in order."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Return the median, in seconds."""
        return median(self.seconds)

    @property
    def spread(self) -> tuple[float, float]:
        """Return the shortest and the longest run, in seconds."""
        return min(self.seconds), max(self.seconds)

    def rate(self, count: int) -> float:
        """Return how many of `count` things a run does in a second, by the median."""
        return count / self.median


def timed(work: Callable[[], object]) -> float:
    """Run once and return the seconds."""
    gc.collect()
    begun = perf_counter()
    work()
    return perf_counter() - begun


def timings(*works: Callable[[], object], runs: int) -> tuple[Timing, ...]:
    """Time several works in turn, so that a slow spell of the machine falls on all of them; warm up once."""
    for work in works:
        work()
    rounds = [[timed(work) for work in works] for _ in range(runs)]
    return tuple(Timing(tuple(column)) for column in zip(*rounds, strict=True))


def timing(work: Callable[[], object], *, runs: int) -> Timing:
    """Time one work."""
    return timings(work, runs=runs)[0]
