"""Loops over the columns of a part that tell whether all of them are sound: one pass for each column, or pair."""

from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from engine.calendar.moment import LONG_AGO, NEVER
from engine.loops import INTS, LONGS, NEW_BYTES, kernel

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Counts = NDArray[np.uint16]

COUNTS: Final = types.Array(types.uint16, 2, "C")
MANY: Final = 65_535
"""Of more rounds no count is kept."""

RECORD, STEP, ROUND, KIND, SPAN, ORDER = range(1, 7)
"""What may be wrong with an event or a document; 0: nothing."""


@kernel(types.int64(INTS, types.int32, types.int32), types.int64(LONGS, types.int64, types.int64))
def outside(values: Any, least: int, most: int) -> int:  # noqa: ANN401 - numbers of 32 or 64 bits
    """Count the numbers that are less than the least, or greater than the greatest."""
    found = 0
    for row in range(len(values)):
        value = values[row]
        low, high = value < least, value > most
        found += low | high
    return found


@kernel(types.int64(INTS, INTS))
def wrong_spans(lo: Ints, hi: Ints) -> int:
    """Count the moments that are none: beyond all time, the end before the beginning, or one without the other."""
    wrong = 0
    for row in range(len(lo)):
        early, late = lo[row], hi[row]
        backwards = (early > late) | (early < LONG_AGO) | (late > NEVER)
        endless = (late == NEVER) & (early > LONG_AGO) & (early < NEVER)
        wrong += backwards | endless
    return wrong


@kernel(types.int64(LONGS, INTS, types.uint16[::1], types.int64))
def wrong_rounds(record: Longs, begun: Ints, counts: Counts, size: int) -> int:
    """Count the rounds of a step that are out of order, or of no record; `counts`: how many rounds each record has."""
    wrong, last, early = 0, 0, LONG_AGO
    for row in range(len(record)):
        own, since = record[row], begun[row]
        if own < last or own >= size or (own == last and since < early):
            wrong += 1
            continue
        counts[own] += counts[own] < MANY
        last, early = own, since
    return wrong


@kernel(types.int64(LONGS, LONGS, LONGS, LONGS, INTS, INTS, COUNTS, LONGS, types.boolean, NEW_BYTES))
def wrong_attached(  # noqa: PLR0913, PLR0917 - a compiled loop is given columns
    record: Longs,
    step: Longs,
    place: Longs,
    kind: Longs,
    lo: Ints,
    hi: Ints,
    counts: Counts,
    known: Longs,
    ordered: bool,  # noqa: FBT001 - and takes no keywords
    wrong: Bytes,
) -> int:
    """Say of each event, or document, what is wrong with it; returns of how many something is.

    `known`: by step, the bits that its `kind` may have. `ordered`: those of a round must be so by their beginnings.
    """
    steps, size = counts.shape
    last, at, early = np.zeros(steps, dtype=np.int64), np.zeros(steps, dtype=np.int64), np.full(steps, LONG_AGO)
    total = 0
    for row in range(len(record)):
        own, code, number = record[row], step[row], place[row]
        if code < 0 or code >= steps:
            wrong[row] = STEP
            total += 1
            continue
        if own < last[code] or own >= size:
            wrong[row] = RECORD
            total += 1
            continue
        if number < 0 or number >= counts[code, own]:
            wrong[row] = ROUND
            total += 1
            continue
        none = (kind[row] <= 0) | ((kind[row] & ~known[code]) != 0)
        span = (lo[row] > hi[row]) | (lo[row] < LONG_AGO) | (hi[row] > NEVER)
        same = ordered & (own == last[code])
        disorder = same & ((number < at[code]) | ((number == at[code]) & (lo[row] < early[code])))
        last[code], at[code], early[code] = own, number, lo[row]
        if none | span | disorder:
            wrong[row] = KIND if none else SPAN if span else ORDER
            total += 1
        else:
            wrong[row] = 0
    return total
