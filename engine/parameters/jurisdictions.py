"""Jurisdictions as a dated tree. Decides who lies within whom on which day, nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import Field

from engine.calendar.counting import FAR, LONG_AGO
from engine.calendar.moment import epoch_day
from engine.vocabulary import Bilingual, Frozen

ROOT: Final = "CN"


class Membership(Frozen):
    """The jurisdiction above, from one day until another, both inclusive; without a day it is open-ended."""

    jurisdiction: str
    since: date | None = None
    until: date | None = None


class Jurisdiction(Frozen):
    """A place with law of its own. `adopts` lists cards or parameters whose source it has confirmed for itself."""

    id: str = Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]+)*$")
    title: Bilingual
    within: tuple[Membership, ...] = ()
    adopts: tuple[str, ...] = ()
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Epoch days, both inclusive."""

    first: int
    last: int

    def meet(self, other: "Span") -> "Span | None":
        """Return what both have in common."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first <= last else None


ALL_TIME: Final = Span(LONG_AGO, FAR)


class UnknownParentError(Exception):
    """A jurisdiction lies within one that does not exist, or within itself."""

    def __init__(self, *, jurisdiction: str, parent: str) -> None:
        """Keep both names."""
        super().__init__(f"jurisdiction {jurisdiction!r} lies within {parent!r}, which is unknown or lies within it")
        self.jurisdiction = jurisdiction
        self.parent = parent


class JurisdictionTree:
    """All jurisdictions of a rulebook; codes are their places in `ids`, which is sorted."""

    def __init__(self, jurisdictions: Iterable[Jurisdiction]) -> None:
        """Build the tree; raises `UnknownParentError`."""
        self.by_id: Mapping[str, Jurisdiction] = {place.id: place for place in jurisdictions}
        self.ids: tuple[str, ...] = tuple(sorted(self.by_id))
        self._above = {name: self._ancestry(name, ()) for name in self.ids}

    def code(self, name: str) -> int:
        """Return the number of a jurisdiction in tables."""
        return self.ids.index(name)

    def spans(self, name: str, *, within: str) -> tuple[Span, ...]:
        """Return the stretches of days on which one jurisdiction lies within another (itself: always), in order."""
        merged: list[Span] = []
        for span in sorted(
            (span for above, span, _ in self._above[name] if above == within), key=lambda span: span.first
        ):
            if merged and span.first <= merged[-1].last + 1:
                merged[-1] = Span(merged[-1].first, max(merged[-1].last, span.last))
            else:
                merged.append(span)
        return tuple(merged)

    def ancestors(self, name: str, day: int) -> tuple[str, ...]:
        """Return the jurisdictions that a place lies within on an epoch day, from the root down to itself."""
        held = [(depth, above) for above, span, depth in self._above[name] if span.first <= day <= span.last]
        return tuple(above for _, above in sorted(held, reverse=True))

    def change_days(self) -> set[int]:
        """Return the epoch days on which a membership begins or has just ended."""
        spans = {span for above in self._above.values() for _, span, _ in above}
        return {day for span in spans for day in (span.first, span.last + 1) if LONG_AGO < day <= FAR}

    def _ancestry(self, name: str, below: tuple[str, ...]) -> tuple[tuple[str, Span, int], ...]:
        found = [(name, ALL_TIME, 0)]
        for membership in self.by_id[name].within:
            parent = membership.jurisdiction
            if parent not in self.by_id or parent in (*below, name):
                raise UnknownParentError(jurisdiction=name, parent=parent)
            span = Span(_day(membership.since, LONG_AGO), _day(membership.until, FAR))
            for above, above_span, depth in self._ancestry(parent, (*below, name)):
                if common := span.meet(above_span):
                    found.append((above, common, depth + 1))
        return tuple(found)


def _day(day: date | None, default: int) -> int:
    return default if day is None else epoch_day(day)
