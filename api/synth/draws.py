"""Random columns: what made-up records are made of. Every draw comes from one seeded generator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NULL: Final = np.iinfo(np.int64).min
"""What the record does not say; null in the frames."""

_LARGEST_DRAFT: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws of one entry per record."""

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
        share = np.cumsum(list(weights.values()))
        found: Ints = codes[np.searchsorted(share, self.generator.random(self.size) * share[-1], side="right")]
        return found

    def bits(self, likelihoods: Mapping[str, float], known: Sequence[str]) -> Ints:
        """Draw a set, each member with a likelihood of its own, as bits."""
        found = np.zeros(self.size, dtype=np.int64)
        for value, likelihood in likelihoods.items():
            found |= self.chance(likelihood).astype(np.int64) << known.index(value)
        return found

    def one_of(self, numbers: Ints) -> Ints:
        """Draw one of some numbers."""
        return numbers[self.generator.integers(0, len(numbers), self.size)]

    def drafts(self) -> Ints:
        """Draw the numbers of drafts, each different from every other."""
        return self.generator.integers(1, _LARGEST_DRAFT, self.size)
