"""From the events of a case to the rounds of a step, as a record writes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from api.eventlogs.events import Case, Event
from api.eventlogs.mapping import Origin, Scalar, Source, StepMapping
from api.eventlogs.times import UNKNOWN, Clock, Stamp
from engine.procedure import AttributeType
from engine.procedure.procedure import Step

Round = dict[str, Any]

FIRST_ROUND: Final = "0"


@dataclass(frozen=True, slots=True)
class Timed:
    """An event, and when it took place. `place`: its place in the file, for those at the same time."""

    event: Event
    stamp: Stamp
    place: int

    @property
    def order(self) -> tuple[float, int]:
        """Return what events are put in order by."""
        return self.stamp.order, self.place


@dataclass(frozen=True, slots=True)
class Told:
    """A case whose times have been read: its events in order, and its attributes that are moments."""

    case: Case
    events: tuple[Timed, ...]
    clock: Clock

    def occurrences(self, source: Source) -> list[Timed]:
        """Return the events that are occurrences of a source, in order."""
        return [timed for timed in self.events if source.fits(timed.event.activity, timed.event.transition)]

    def stamp(self, source: Source, timed: Timed) -> Stamp:
        """Return the moment that an event gives."""
        written = timed.event.attributes.get(source.written_in) if source.written_in else None
        stamp = (self.clock_of_records.stamp(written) or UNKNOWN) if written else timed.stamp
        return stamp.day if source.to == "day" else stamp

    @property
    def clock_of_records(self) -> Clock:
        """Return how moments are read that are written as records write them."""
        return Clock(self.clock.zone, self.clock.zone)

    def of_the_case(self, source: Source) -> Stamp | None:
        """Return the moment that an attribute of the case gives; None without one, unknown where it is no time."""
        text = self.case.attributes.get(source.case or "", "").strip()
        if not text:
            return None
        stamp = self.clock.stamp(text) or UNKNOWN
        return stamp.day if source.to == "day" else stamp


@dataclass(slots=True)
class _Round:
    """A round in the making, and the events that it is made of."""

    facts: Round = field(default_factory=dict)
    events: list[Timed] = field(default_factory=list)
    clock: list[tuple[tuple[float, int], Round]] = field(default_factory=list)

    def put(self, name: str, kind: str, stamp: Stamp) -> None:
        """Put a moment, unless an earlier source has given it."""
        self.facts.setdefault(name, {}).setdefault(kind, stamp.text)

    def put_event(self, kind: str, stamp: Stamp, order: tuple[float, int]) -> None:
        """Put a clock event in its order."""
        self.clock.append((order, {"kind": kind, "at": stamp.text}))


def rounds_of(told: Told, mapped: StepMapping, step: Step) -> list[Round]:
    """Return the rounds of a step."""
    made: dict[str, _Round] = {}
    for name, sources in mapped.moments.items():
        for source in sources:
            for label, stamp, timed in _moments(told, source, mapped):
                entry = made.setdefault(label, _Round())
                entry.put(name, source.kind, stamp)
                entry.events += [timed] if timed else []
    for kind, sources in mapped.clock.items():
        for source in sources:
            _put_clock(told, source, mapped, str(kind), made)
    _put_documents(told, mapped, made)
    ordered = sorted(made.items(), key=_order)
    return [_finished(told, mapped, step, entry) for _, entry in ordered]


def _moments(told: Told, source: Source, mapped: StepMapping) -> Iterator[tuple[str, Stamp, Timed | None]]:
    """Give for each round, by its label, the moment that a source gives it."""
    if source.case is not None:
        stamp = told.of_the_case(source)
        if stamp:
            yield source.round or FIRST_ROUND, stamp, None
        return
    for label, found in _by_round(told, source, mapped):
        taken = found[-1] if source.take == "last" else found[0]
        unsure = len(found) > 1 and any(told.stamp(source, timed) == UNKNOWN for timed in found)
        yield label, UNKNOWN if unsure else told.stamp(source, taken), taken


def _by_round(told: Told, source: Source, mapped: StepMapping) -> Iterator[tuple[str, list[Timed]]]:
    found = told.occurrences(source)
    if mapped.rounds_by is not None:
        labelled: dict[str, list[Timed]] = {}
        for timed in found:
            labelled.setdefault(timed.event.attributes.get(mapped.rounds_by, ""), []).append(timed)
        yield from labelled.items()
    elif source.take == "each":
        yield from ((str(index), [timed]) for index, timed in enumerate(found))
    elif found:
        yield FIRST_ROUND, found


def _label(told: Told, mapped: StepMapping, timed: Timed, made: Mapping[str, _Round]) -> str:
    """Return the round that an event belongs to: the one of its label, or else the last that had begun by then."""
    if mapped.rounds_by is not None:
        return timed.event.attributes.get(mapped.rounds_by, "")
    begun = [label for label, entry in made.items() if any(part.order <= timed.order for part in entry.events)]
    del told
    return max(begun, key=int, default=FIRST_ROUND)


def _put_clock(told: Told, source: Source, mapped: StepMapping, kind: str, made: dict[str, _Round]) -> None:
    if source.case is not None:
        stamp = told.of_the_case(source)
        if stamp:
            made.setdefault(source.round or FIRST_ROUND, _Round()).put_event(kind, stamp, (stamp.order, 0))
        return
    found = told.occurrences(source)
    taken = found if source.take == "each" else found[:1] if source.take == "first" else found[-1:]
    for timed in taken:
        entry = made.setdefault(_label(told, mapped, timed, made), _Round())
        entry.put_event(kind, told.stamp(source, timed), timed.order)


def _put_documents(told: Told, mapped: StepMapping, made: dict[str, _Round]) -> None:
    for document in mapped.documents:
        if document.kinds is not None:
            for entry in made.values():
                kinds = fact(document.kinds, told.case, entry.events)
                listed = kinds if isinstance(kinds, list) else [kinds] if kinds is not None else []
                entry.facts.setdefault("documents", []).extend(listed)
            continue
        for timed in told.events:
            if document.fits(timed.event.activity, timed.event.transition):
                entry = made.setdefault(_label(told, mapped, timed, made), _Round())
                day = {} if timed.stamp == UNKNOWN else {"day": timed.stamp.day.text}
                entry.facts.setdefault("documents", []).append({"kind": document.kind, **day})


def _order(labelled: tuple[str, _Round]) -> tuple[float, float, int]:
    """Put rounds in the order of their labels where those are numbers, else of their first events."""
    label, entry = labelled
    first = min((timed.order for timed in entry.events), default=(float("-inf"), 0))
    return (float(label) if label.isdecimal() else float("inf"), *first)


def _finished(told: Told, mapped: StepMapping, step: Step, entry: _Round) -> Round:
    facts = entry.facts
    if entry.clock:
        facts["events"] = [event for _, event in sorted(entry.clock, key=lambda part: part[0])]
    for name, origin in mapped.attributes.items():
        given = fact(origin, told.case, entry.events)
        if given is not None:
            facts[name] = _typed(given, step.attributes[name].type)
    return {name: _shortened(value) for name, value in facts.items() if value != [] or name in step.attributes}


def _shortened(value: Any) -> Any:  # noqa: ANN401 - plain data
    """Write a moment that only took place as its bare value."""
    return value["actual"] if isinstance(value, dict) and set(value) == {"actual"} else value


def fact(origin: Origin, case: Case, events: Iterable[Timed] = ()) -> Any:  # noqa: ANN401 - plain data
    """Return what an origin says of a case, None for nothing."""
    if origin.value is not None:
        return list(origin.value) if isinstance(origin.value, tuple) else origin.value
    if origin.case is not None:
        said: str | None = case.attributes.get(origin.case)
    else:
        in_order = sorted(events, key=lambda timed: timed.order)
        named = [timed.event.attributes.get(origin.event or "") for timed in in_order]
        said = next((text for text in named if text), "" if "" in named else None)
    if said is None or (not said.strip() and origin.split is None):
        return None
    if origin.split is not None:
        return [_translated(part.strip(), origin) for part in said.split(origin.split) if part.strip()]
    return _translated(said.strip(), origin)


def _translated(text: str, origin: Origin) -> Scalar:
    return origin.values.get(text, text)


def _typed(value: Any, kind: AttributeType) -> Any:  # noqa: ANN401 - plain data
    """Turn a text into what the attribute holds, where it plainly says so; the rest is refused as records are read."""
    if kind == AttributeType.NUMBER and isinstance(value, str) and value.isdecimal():
        return int(value)
    if kind == AttributeType.FLAG:
        return truth(value)
    if kind == AttributeType.SET and not isinstance(value, list):
        return [value]
    return value


def truth(value: Any) -> Any:  # noqa: ANN401 - plain data
    """Turn the text of a yes or no into it; anything else stays as it is."""
    return (
        {"true": True, "false": False, "1": True, "0": False}.get(value.lower(), value)
        if isinstance(value, str)
        else value
    )


def in_order(told: Sequence[Timed]) -> tuple[Timed, ...]:
    """Put events in the order in which they took place."""
    return tuple(sorted(told, key=lambda timed: timed.order))
