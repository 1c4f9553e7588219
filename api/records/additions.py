"""Whether one statement only adds to another. Pure.

What only adds: a fact that was not given, a further document or event, details of a document. A note is for the reader
and may change. What is planned may be moved as long as it has not taken place, what is announced as long as its day has
not come either: to move it is what a finding about the future advises. Everything else is a correction.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from api.records.matching import largest_matching
from engine.calendar.moment import Moment, moment
from engine.record import Timing
from engine.vocabulary import Frozen

_NO_STATEMENT: Final = frozenset({"note", "void", "voided", "entered"})
_GROWING: Final = frozenset({"documents", "events"})


def same(one: Frozen, other: Frozen) -> bool:
    """Tell whether two statements say the same: notes, and whether and since when they are on record, left aside."""
    return all(_equal(value, getattr(other, name)) for name, value in _facts(one))


def continues(old: Frozen, new: Frozen, *, now: datetime) -> bool:
    """Tell whether a statement says at least what an older one of the same kind says, as far as that binds by now."""
    return all(_holds(name, value, getattr(new, name), now) for name, value in _facts(old))


def _facts(statement: Frozen) -> Iterable[tuple[str, Any]]:
    return ((name, value) for name, value in statement if name not in _NO_STATEMENT)


def _equal(one: Any, other: Any) -> bool:  # noqa: ANN401 - any field of a record
    match one:
        case Moment():
            return isinstance(other, Moment) and (one.lo, one.hi) == (other.lo, other.hi)
        case Frozen():
            return isinstance(other, type(one)) and same(one, other)
        case tuple():
            # Documents, events and sets have no order.
            return isinstance(other, tuple) and len(one) == len(other) and _pairs_off(one, other, _equal)
    return bool(one == other)


def _holds(name: str, old: Any, new: Any, now: datetime) -> bool:  # noqa: ANN401 - any field of a record
    if old is None:
        return True
    if isinstance(old, Timing):
        return isinstance(new, Timing) and _timing_holds(old, new, now)
    if name in _GROWING:
        return _pairs_off(old, new, lambda one, other: continues(one, other, now=now))
    return _equal(old, new)


def _timing_holds(old: Timing, new: Timing, now: datetime) -> bool:
    if old.actual:
        return all(_holds(name, value, getattr(new, name), now) for name, value in old)
    announced = old.announced
    if announced is None or announced.lo > moment(now.replace(microsecond=0)).hi:
        return True
    return _equal(announced, new.announced)


def _pairs_off(one: tuple[Any, ...], other: tuple[Any, ...], relation: Callable[[Any, Any], bool]) -> bool:
    """Tell whether each of some things has a partner of its own among others."""
    candidates = {
        place: [index for index, candidate in enumerate(other) if relation(thing, candidate)]
        for place, thing in enumerate(one)
    }
    return len(largest_matching(candidates)) == len(one)
