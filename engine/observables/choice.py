"""Which round of a step is the first, the last or the effective one; as far as the record tells.

Rounds have an order only as far as their beginnings do not overlap. Where several may be the one, all of them are
possible; where none has certainly begun (and counts), it is possible that there is none.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.calendar.moment import MINUTES_PER_DAY
from engine.observables import kernels
from engine.observables.kleene import DOUBT_CODES, Truth
from engine.vocabulary import Doubt, Quantifier

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MOMENT: Final = np.uint8(DOUBT_CODES[Doubt.MOMENT_NOT_EXACT])
_SAME_DAY: Final = np.uint8(DOUBT_CODES[Doubt.SAME_DAY_ORDER])


@dataclass(frozen=True, slots=True)
class Choice:
    """The round that a quantifier names; one entry per case with rounds.

    `place`: its place among the rounds, -1 for none. `unclear`: the cases for which that is not certain. For these
    alone: `rounds` are the possible rounds, case after case, from `starts` on; `none` tells whether there may be
    none; `doubt` says why one cannot tell.
    """

    place: Longs
    unclear: Longs
    rounds: Longs
    starts: Longs
    none: Bools
    doubt: Truth


@dataclass(frozen=True, slots=True)
class Candidates:
    """The rounds of a step, case after case from `starts` on.

    `lo` to `hi`: when they began, in minutes. `may`: they possibly began, and count; `sure`: they certainly did.
    """

    lo: Ints
    hi: Ints
    may: Bools
    sure: Bools
    starts: Longs

    def choose(self, quantifier: Quantifier) -> Choice:
        """Find the first, or else the last, of the rounds that may be."""
        if len(self.starts) == len(self.lo):
            return self._only()
        first = quantifier == Quantifier.FIRST
        possible, place, count, certain = kernels.candidates(self.lo, self.hi, self.may, self.sure, self.starts, first)
        unclear = np.flatnonzero((count > 1) | ((count == 1) & ~certain))
        if not len(unclear):
            return _clear(place)
        rounds = kernels.rows_of(possible, self.starts, unclear, int(count[unclear].sum()))
        starts = np.cumsum(count[unclear]) - count[unclear]
        none = ~certain[unclear]
        first_day = np.minimum.reduceat(self.lo[rounds], starts) // MINUTES_PER_DAY
        last_day = np.maximum.reduceat(self.hi[rounds], starts) // MINUTES_PER_DAY
        doubt = np.where((first_day == last_day) & ~none, _SAME_DAY, _MOMENT)
        return Choice(place, unclear, rounds, starts, none, doubt)

    def _only(self) -> Choice:
        """Take the one round of each case."""
        place = np.arange(len(self.lo))
        place = place if self.may.all() else np.where(self.may, place, -1)
        unclear = np.flatnonzero(self.may & ~self.sure)
        if not len(unclear):
            return _clear(place)
        return Choice(
            place,
            unclear,
            rounds=unclear,
            starts=np.arange(len(unclear)),
            none=np.ones(len(unclear), dtype=np.bool_),
            doubt=np.full(len(unclear), _MOMENT),
        )


def _clear(place: Longs) -> Choice:
    return Choice(place, _NOTHING, _NOTHING, _NOTHING, np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.uint8))


_NOTHING: Final = np.zeros(0, dtype=np.int64)
