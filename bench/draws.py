"""Random columns: what made-up records are made of. Every draw comes from one seeded generator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.calendar.moment import MINUTES_PER_DAY, epoch_day
from engine.observables.layout import identity

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NULL: Final = np.iinfo(np.int64).min
"""What the record does not say; null in the frames."""

PARTIES: Final = tuple(f"某单位{number}(虚构)" for number in range(2_000))
DRAFTS: Final = tuple(f"草案{number}" for number in range(2_000))
PARTY_NUMBERS: Final = np.array([identity(name) for name in PARTIES], dtype=np.int64)
DRAFT_NUMBERS: Final = np.array([identity(name) for name in DRAFTS], dtype=np.int64)

MONTH_ONLY: Final = 0.03
WITH_TIME: Final = 0.15
OPENING_HOUR: Final = 9 * 60
WORKING_MINUTES: Final = 8 * 60


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments in minutes, both ends inclusive; NULL where there is none."""

    lo: Ints
    hi: Ints

    def where(self, keep: Bools) -> "Moments":
        """Keep some, take the others away."""
        return Moments(np.where(keep, self.lo, NULL), np.where(keep, self.hi, NULL))


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws of one entry per row."""

    generator: np.random.Generator
    size: int

    def chance(self, likelihood: float) -> Bools:
        """Say yes with a likelihood."""
        return self.generator.random(self.size) < likelihood

    def between(self, low: int, high: int) -> Ints:
        """Draw a number between two, both inclusive."""
        return self.generator.integers(low, high, self.size, endpoint=True)

    def choice(self, weights: Mapping[str, float], known: Sequence[str]) -> Ints:
        """Draw one of some values by weight; its place among the known ones."""
        codes = np.array([known.index(value) for value in weights])
        share = np.array(list(weights.values()))
        return codes[self.generator.choice(len(codes), self.size, p=share / share.sum())]

    def bits(self, likelihoods: Mapping[str, float], known: Sequence[str]) -> Ints:
        """Draw a set, each member with a likelihood of its own, as bits; NULL for an empty one."""
        found = np.zeros(self.size, dtype=np.int64)
        for value, likelihood in likelihoods.items():
            found |= self.chance(likelihood).astype(np.int64) << known.index(value)
        return np.where(found > 0, found, NULL)

    def party(self) -> Ints:
        """Draw the number of a party."""
        return self.generator.choice(PARTY_NUMBERS, self.size)

    def draft(self, pool: Ints) -> Ints:
        """Draw the number of a draft: each row of a pool number has mostly the same one."""
        other = self.chance(0.1)
        return DRAFT_NUMBERS[(pool + other) % len(DRAFT_NUMBERS)]

    def moments(self, day: Ints) -> Moments:
        """Make moments of epoch days: most known to the day, some to the month, some to the minute."""
        month, minute = self.chance(MONTH_ONLY), self.chance(WITH_TIME)
        first = day.view("M8[D]").astype("M8[M]")
        time = day * MINUTES_PER_DAY + OPENING_HOUR + self.between(0, WORKING_MINUTES)
        lo = np.where(month, _minute(first), np.where(minute, time, day * MINUTES_PER_DAY))
        hi = np.where(month, _minute(first + 1) - 1, np.where(minute, time, (day + 1) * MINUTES_PER_DAY - 1))
        return Moments(lo, hi)


def _minute(month: NDArray[np.datetime64]) -> Ints:
    days: Ints = month.astype("M8[D]").view(np.int64)
    return days * MINUTES_PER_DAY


def days_between(draws: Draws, first: date, last: date) -> Ints:
    """Draw epoch days between two dates, both inclusive."""
    return draws.between(epoch_day(first), epoch_day(last))
