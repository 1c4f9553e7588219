"""How loops over columns are compiled: by numba, one pass and no column in between, for one row as for a million.

Columns are one-dimensional and contiguous; no loop writes to what it reads. Compiled code is kept beside its module, or
in the user's cache where that cannot be written. It is made anew when its module changes, not when another does. So a
loop calls no loop of another module, and is given codes that stand for words; of other modules it reads only what never
changes (true and false, the ends of time, the minutes of a day).
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
from numba import types

Loop = TypeVar("Loop", bound=Callable[..., Any])

BYTES: Final = types.Array(types.uint8, 1, "C", readonly=True)
INTS: Final = types.Array(types.int32, 1, "C", readonly=True)
LONGS: Final = types.Array(types.int64, 1, "C", readonly=True)
"""Places in other columns; and what does not fit in 32 bits: parties, sets, times of entry."""
ANY_INTS: Final = types.Array(types.int32, 1, "A", readonly=True)
"""A column that need not be contiguous, such as one number for all rows."""
BOOLS: Final = types.Array(types.boolean, 1, "C", readonly=True)
TABLE: Final = types.Array(types.uint8, 2, "C")

NEW_BYTES: Final = types.Array(types.uint8, 1, "C")
NEW_INTS: Final = types.Array(types.int32, 1, "C")
NEW_LONGS: Final = types.Array(types.int64, 1, "C")
NEW_BOOLS: Final = types.Array(types.boolean, 1, "C")


def together(*parts: Any) -> Any:  # noqa: ANN401 - types of numba
    """Give several columns at once."""
    return types.Tuple(parts)  # type: ignore[no-untyped-call] # carries no types


def kernel(*signatures: Any) -> Callable[[Loop], Loop]:  # noqa: ANN401 - types of numba
    """Compile a loop for these signatures, once; other threads go on while it runs."""

    def compiled(loop: Loop) -> Loop:
        try:
            return cast("Loop", numba.njit(list(signatures), cache=True, nogil=True)(loop))
        except RuntimeError:
            # There is no place to keep compiled code in: then it is made anew at every start, which takes some seconds.
            return cast("Loop", numba.njit(list(signatures), nogil=True)(loop))

    return compiled


@kernel(NEW_INTS(INTS, LONGS), NEW_LONGS(LONGS, LONGS), NEW_BYTES(BYTES, LONGS), NEW_BOOLS(BOOLS, LONGS))
def taken(values: Any, places: Any) -> Any:  # noqa: ANN401 - integers, bytes or truths
    """Take the values at some places, all of which there are."""
    found = np.empty(len(places), dtype=values.dtype)
    for row in range(len(places)):
        found[row] = values[places[row]]
    return found
