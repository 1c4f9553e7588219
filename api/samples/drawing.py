"""Draws some of many by a seed. Pure: the same names and seed draw the same, in whatever order they come.

Each name is given a place by a digest of seed and name, and those with the first places are drawn. So a record that is
added or taken away moves at most one other in or out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from heapq import nsmallest

Strata = Mapping[str, tuple[int, tuple[str, ...]]]
"""For each stratum how many names it has, and those drawn, in the order in which they were drawn."""


def drawn(names: Iterable[tuple[str, str]], *, seed: str, size: int) -> Strata:
    """Draw some names of each stratum; `names`: each with its stratum; `size`: how many of each."""
    strata: defaultdict[str, list[str]] = defaultdict(list)
    for name, stratum in names:
        strata[stratum].append(name)
    return {
        stratum: (len(found), tuple(nsmallest(size, found, key=lambda name: place(name, seed=seed))))
        for stratum, found in sorted(strata.items())
    }


def place(name: str, *, seed: str) -> tuple[bytes, str]:
    """Return the place of a name among all others, by a seed."""
    return sha256(f"{seed}\n{name}".encode()).digest(), name
