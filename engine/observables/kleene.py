"""Three-valued logic (Kleene's) on columns of small integers, doubts included.

0 is false, 100 is true, and every number between is "unknown, for the reason with that number" (see `DOUBT_CODES`).
"Or" is the greater of two, so that of two reasons the greater stays: a reason of the record's before one of the
rulebook's. "And" is the greater of two reasons as well, unless one side is false. All of it is arithmetic on bytes.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.loops import BYTES, LONGS, NEW_BYTES, kernel
from engine.vocabulary import Doubt

Truth = NDArray[np.uint8]
"""One three-valued answer per row."""

FALSE: Final = 0
TRUE: Final = 100

DOUBT_CODES: Final = {doubt: index for index, doubt in enumerate(Doubt, start=1)}
DOUBTS: Final = {code: doubt for doubt, code in DOUBT_CODES.items()}

_ALL: Final = np.uint8(TRUE)


@kernel(NEW_BYTES(BYTES, BYTES))
def kleene_and(left: Truth, right: Truth) -> Truth:
    """Return "and", one entry per row."""
    found = np.empty(len(left), dtype=np.uint8)
    for row in range(len(left)):
        a, b = left[row], right[row]
        doubt = max(a if a != TRUE else FALSE, b if b != TRUE else FALSE)
        unless_false = doubt if doubt != FALSE else TRUE
        found[row] = unless_false if min(a, b) != FALSE else FALSE
    return found


def kleene_or(left: Truth, right: Truth) -> Truth:
    """Return "or", one entry per row."""
    return np.maximum(left, right)


@kernel(NEW_BYTES(BYTES))
def kleene_not(truth: Truth) -> Truth:
    """Return "not", one entry per row; what is unknown stays unknown for the same reason."""
    found = np.empty(len(truth), dtype=np.uint8)
    for row in range(len(truth)):
        a = truth[row]
        found[row] = TRUE - a if a in (FALSE, TRUE) else a
    return found


@kernel(NEW_BYTES(BYTES, LONGS))
def all_in(truth: Truth, starts: NDArray[np.int64]) -> Truth:
    """Join each group of rows with "and", group after group from `starts` on."""
    found = np.empty(len(starts), dtype=np.uint8)
    for group in range(len(starts)):
        end = starts[group + 1] if group + 1 < len(starts) else len(truth)
        doubt, no = FALSE, False
        for row in range(starts[group], end):
            no |= truth[row] == FALSE
            doubt = max(doubt, truth[row] if truth[row] != TRUE else FALSE)
        found[group] = FALSE if no else doubt if doubt != FALSE else TRUE
    return found


def truth(true: NDArray[np.bool_], false: NDArray[np.bool_], doubt: Truth | int) -> Truth:
    """Make answers: true where `true`, false where `false`, elsewhere unknown for `doubt`."""
    return np.maximum(np.asarray(doubt, dtype=np.uint8) * ~false, _ALL * true)
