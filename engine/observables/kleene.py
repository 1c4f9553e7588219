"""Three-valued logic (Kleene's) on columns of small integers, doubts included.

0 is false, 100 is true, and every number between is "unknown, for the reason with that number" (see `DOUBT_CODES`).
"Or" is the greater of two, so that of two reasons the greater stays: a reason of the record's before one of the
rulebook's. "And" is the greater of two reasons as well, unless one side is false. All of it is arithmetic on bytes.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.vocabulary import Doubt

Truth = NDArray[np.uint8]
"""One three-valued answer per row."""

FALSE: Final = 0
TRUE: Final = 100

DOUBT_CODES: Final = {doubt: index for index, doubt in enumerate(Doubt, start=1)}
DOUBTS: Final = {code: doubt for doubt, code in DOUBT_CODES.items()}

_ALL: Final = np.uint8(TRUE)
_FEW: Final = 256
"""Up to this many rows a table is quicker than arithmetic."""


def kleene_and(left: Truth, right: Truth) -> Truth:
    """Return "and", one entry per row."""
    if left.size < _FEW:
        return _AND[left, right]
    doubt = np.maximum(_doubt(left), _doubt(right))
    unless_false = doubt + _ALL * (doubt == FALSE)
    joined: Truth = unless_false * (np.minimum(left, right) != FALSE)
    return joined


def kleene_or(left: Truth, right: Truth) -> Truth:
    """Return "or", one entry per row."""
    return np.maximum(left, right)


def kleene_not(truth: Truth) -> Truth:
    """Return "not", one entry per row; what is unknown stays unknown for the same reason."""
    if truth.size < _FEW:
        return _NOT[truth]
    opposite: Truth = truth ^ (_ALL * ((truth == FALSE) | (truth == TRUE)))
    return opposite


def least(truth: Truth, reduce: Callable[[Truth], Truth]) -> Truth:
    """Reduce groups of rows with "and": `reduce` takes the minimum of each group."""
    return _mirrored(reduce(_mirrored(truth)))


def truth(true: NDArray[np.bool_], false: NDArray[np.bool_], doubt: Truth | int) -> Truth:
    """Make answers: true where `true`, false where `false`, elsewhere unknown for `doubt`."""
    return np.maximum(np.asarray(doubt, dtype=np.uint8) * ~false, _ALL * true)


def _doubt(truth: Truth) -> Truth:
    """Return the reasons of what is unknown, 0 elsewhere."""
    reasons: Truth = truth * (truth != TRUE)
    return reasons


def _mirrored(truth: Truth) -> Truth:
    """Turn the order of the doubts round and leave true and false in their places."""
    return np.where((truth > FALSE) & (truth < TRUE), _ALL - truth, truth)


def one_and(left: int, right: int) -> int:
    """Return "and" of two single answers."""
    if FALSE in {left, right}:
        return FALSE
    if TRUE in {left, right}:
        return min(left, right)
    return max(left, right)


def one_not(answer: int) -> int:
    """Return "not" of a single answer."""
    return TRUE - answer if answer in {TRUE, FALSE} else answer


_AND: Final = np.array(
    [[one_and(left, right) for right in range(TRUE + 1)] for left in range(TRUE + 1)],
    dtype=np.uint8,
)
_NOT: Final = np.array([one_not(answer) for answer in range(TRUE + 1)], dtype=np.uint8)
