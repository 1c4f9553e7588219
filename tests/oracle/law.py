"""Where a place lies on a day, and which parameter holds there, looked up on every day on which anything changes.

A day that is not exact is an interval: a place lies within another if it does so on every possible day, and a
parameter is known if it is the same on every possible day. From the root down each place may override, or set a
stricter number, or set only how is counted. A value not found in its source holds once a place above has adopted it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.parameters.jurisdictions import Jurisdiction
from engine.parameters.parameter import Parameter, ParameterValue
from engine.vocabulary import Confidence, Doubt, OrganLevel
from tests.oracle.days import Span, number
from tests.oracle.logic import Truth


@dataclass(frozen=True)
class Held:
    """A parameter on one day: its value, its methods, and whether its source may give `violated`."""

    value: int | None = None
    methods: Mapping[str, str] = field(default_factory=dict)
    found: bool = True


@dataclass(frozen=True)
class Land:
    """The places of a rulebook."""

    places: Mapping[str, Jurisdiction]

    def above(self, name: str, day: float) -> list[str]:
        """Return the places that a place lies within on a day, from the root down to itself."""
        for membership in self.places[name].within:
            if in_force(day, membership.since, membership.until):
                return [*self.above(membership.jurisdiction, day), name]
        return [name]

    def lies_within(self, name: str, other: str, act: Span) -> Truth:
        """Tell whether a place lies within another on the day of an act."""
        found = {other in self.above(name, day) for day in self.days(act)}
        return found.pop() if len(found) == 1 else Doubt.MOMENT_NOT_EXACT

    def adopted(self, what: str, name: str, act: Span) -> bool:
        """Tell whether a place, or one that it lies within, has adopted a card or parameter, whichever the day."""
        return all(any(what in self.places[place].adopts for place in self.above(name, day)) for day in self.days(act))

    def days(self, act: Span, more: Iterable[tuple[date | None, date | None]] = ()) -> list[float]:
        """Return the first of the possible days, and those on which something changes."""
        stretches = [(m.since, m.until) for place in self.places.values() for m in place.within]
        changes = {number(since) for since, _ in (*stretches, *more) if since}
        changes |= {number(until) + 1 for _, until in (*stretches, *more) if until}
        return [act[0], *sorted(day for day in changes if act[0] < day <= act[1])]

    def parameter(self, parameter: Parameter, name: str, level: OrganLevel, act: Span) -> Held | None:
        """Return what holds on the day of the act; nothing where it is not the same on every possible day."""
        days = self.days(act, [(value.since, value.until) for value in parameter.values])
        found = [self._on(parameter, name, level, day) for day in days]
        return found[0] if all(other == found[0] for other in found) else None

    def _on(self, parameter: Parameter, name: str, level: OrganLevel, day: float) -> Held:
        held, confidence = Held(), Confidence.FOUND
        for place in self.above(name, day):
            for value in parameter.values:
                if value.jurisdiction == place and _fits(value, level, day):
                    methods = {**held.methods, **value.counting.model_dump(exclude_none=True)}
                    wins = _wins(value, held, parameter)
                    confidence = value.confidence if wins else confidence
                    held = Held(value.value if wins else held.value, methods)
        found = confidence is Confidence.FOUND or self.adopted(parameter.id, name, (day, day))
        return Held(held.value, held.methods, found)


def in_force(day: float, since: date | None, until: date | None) -> bool:
    """Tell whether a day lies within a stretch; both ends are in it."""
    return (since is None or number(since) <= day) and (until is None or day <= number(until))


def _fits(value: ParameterValue, level: OrganLevel, day: float) -> bool:
    return (not value.levels or level in value.levels) and in_force(day, value.since, value.until)


def _wins(value: ParameterValue, held: Held, parameter: Parameter) -> bool:
    if value.value is None:
        return False
    if value.relation == "overrides" or held.value is None:
        return True
    return value.value > held.value if parameter.stricter == "larger" else value.value < held.value
