"""Three answers: True, False, or a doubt. Of several doubts the one furthest down `Doubt` is told."""

from collections.abc import Iterable
from typing import Final

from engine.vocabulary import Doubt

Truth = bool | Doubt

OPEN: Final = Doubt.SOURCE_UNCONFIRMED
"""What only the future can tell; the least of the doubts, so that any other is told before it."""

_ORDER: Final = list(Doubt)


def both(parts: Iterable[Truth]) -> Truth:
    """Say "and": false if a part is false, else in doubt if a part is."""
    given = list(parts)
    if any(part is False for part in given):
        return False
    return _greatest(given) or True


def either(parts: Iterable[Truth]) -> Truth:
    """Say "or": true if a part is true, else in doubt if a part is."""
    given = list(parts)
    if any(part is True for part in given):
        return True
    return _greatest(given) or False


def opposite(part: Truth) -> Truth:
    """Say "not": what is in doubt stays so."""
    return part if isinstance(part, Doubt) else not part


def between(low: Truth, high: Truth, doubt: Doubt) -> Truth:
    """Answer a question by its answers at both ends of an interval."""
    return low if low is high else doubt


def _greatest(parts: list[Truth]) -> Doubt | None:
    doubts = [part for part in parts if isinstance(part, Doubt)]
    return max(doubts, key=_ORDER.index, default=None)
