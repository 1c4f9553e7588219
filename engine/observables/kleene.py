"""Three-valued logic (Kleene's) on columns of small integers, doubts included.

0 is false, 100 is true, and every number between is "unknown, for the reason with that number" (see `DOUBT_CODES`).
"Or" is the greater of two. "And" is the lesser, read through a mirror, so that of two reasons the greater stays:
a reason of the record's before one of the rulebook's.
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

_CODES: Final = np.arange(TRUE + 1, dtype=np.uint8)
_MIRROR: Final = np.where((_CODES > FALSE) & (_CODES < TRUE), TRUE - _CODES, _CODES).astype(np.uint8)
_OPPOSITE: Final = np.where(_CODES == FALSE, TRUE, np.where(_CODES == TRUE, FALSE, _CODES)).astype(np.uint8)


def kleene_and(left: Truth, right: Truth) -> Truth:
    """Return "and", one entry per row."""
    return _MIRROR[np.minimum(_MIRROR[left], _MIRROR[right])]


def kleene_or(left: Truth, right: Truth) -> Truth:
    """Return "or", one entry per row."""
    return np.maximum(left, right)


def kleene_not(truth: Truth) -> Truth:
    """Return "not", one entry per row; what is unknown stays unknown for the same reason."""
    return _OPPOSITE[truth]


def least(truth: Truth, reduce: Callable[[Truth], Truth]) -> Truth:
    """Reduce groups of rows with "and": `reduce` takes the minimum of each group."""
    return _MIRROR[reduce(_MIRROR[truth])]


def truth(true: NDArray[np.bool_], false: NDArray[np.bool_], doubt: Truth | int) -> Truth:
    """Make answers: true where `true`, false where `false`, elsewhere unknown for `doubt`."""
    return np.where(true, np.uint8(TRUE), np.where(false, np.uint8(FALSE), np.asarray(doubt, dtype=np.uint8)))
