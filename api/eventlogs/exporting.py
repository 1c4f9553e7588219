"""From records to the cases of a log, and the mapping by which they are read back.

An event is what took place on a day that is known. What was planned or announced, and what is known to the month
only or not at all, stands among the attributes of the case, so that no day is made up. Void rounds are left out, and
so is what no log has a place for: sources, drafts, notes, times of entry, exclusions, and links to the catalogue.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.eventlogs.events import Case, Event
from api.eventlogs.mapping import LogMapping
from api.eventlogs.times import Clock
from engine.calendar.moment import Moment, moment
from engine.procedure import AttributeType, Procedure
from engine.record import DecisionRecord, Round, Timing
from engine.vocabulary import Bilingual

ROUND: Final = "round"
MOMENT: Final = "moment"
COMPLETE: Final = "complete"

_KINDS: Final = ("planned", "announced", "actual")
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - minutes of moments are local


@dataclass(frozen=True, slots=True)
class LoggedCase:
    """A case to be written, and the units of the matter in their roles."""

    case: Case
    units: tuple[tuple[str, str], ...] = ()


@dataclass
class _Gathered:
    """What a mapping has to name to read the cases back: sources in order, each once."""

    moments: dict[str, dict[str, dict[str, dict[str, Any]]]] = field(default_factory=dict)
    clock: dict[str, dict[str, dict[str, dict[str, Any]]]] = field(default_factory=dict)
    attributes: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    documents: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    determinations: dict[str, None] = field(default_factory=dict)
    units: dict[tuple[str, int], None] = field(default_factory=dict)
    outcomes: dict[str, None] = field(default_factory=dict)
    matter_class: bool = False


class Exporter:
    """Makes cases of the records of one procedure, and gathers what their mapping has to say."""

    def __init__(self, procedure: Procedure, *, zone: str) -> None:
        """Take the procedure, and the zone whose wall clock the records show."""
        self.rounds_left_out = 0
        self._procedure = procedure
        self._zone = zone
        self._clock = Clock(ZoneInfo(zone), ZoneInfo(zone))
        self._found = _Gathered()

    def case(self, record: DecisionRecord) -> LoggedCase:
        """Write a record as a case."""
        attributes = self._attributes(record)
        events: list[tuple[int, Event]] = []
        for step in self._procedure.steps:
            there = [entry for entry in record.rounds(step) if not entry.void]
            for label, entry in enumerate(there):
                self._round(step, str(label), entry, attributes, events)
        if record.outcome and record.outcome.on.exact_to_the_day:
            events.append(self._event(f"outcome.{record.outcome.kind}", record.outcome.on, {}))
        events.sort(key=lambda timed: timed[0])
        units = tuple((unit.name, str(unit.role)) for unit in record.units)
        return LoggedCase(Case(record.id, attributes, tuple(event for _, event in events)), units)

    def _attributes(self, record: DecisionRecord) -> dict[str, str]:
        title = record.title.zh if isinstance(record.title, Bilingual) else record.title
        found = {
            "title": title,
            "made_up": _text(value=record.made_up),
            "jurisdiction": record.jurisdiction,
            "organ": record.organ,
            "organ_level": str(record.organ_level),
        }
        if record.matter_class:
            self._found.matter_class = True
            found["matter_class"] = str(record.matter_class)
        for place, unit in enumerate(record.units):
            self._found.units[str(unit.role), place] = None
            found[f"unit.{unit.role}.{place}"] = unit.name
        for name in self._procedure.determinations:
            if said := record.determination(name):
                self._found.determinations[name] = None
                facts = {"": _text(value=said.value), ".reason": said.reason, ".by": said.by}
                dated = {".on": self._written(said.on)} if said.on else {}
                found |= {f"determined.{name}{part}": text for part, text in (facts | dated).items() if text}
        if record.outcome:
            self._found.outcomes[str(record.outcome.kind)] = None
            found |= {"outcome": str(record.outcome.kind), "outcome.on": self._written(record.outcome.on)}
            found |= {"outcome.reason": record.outcome.reason} if record.outcome.reason else {}
        return found

    def _round(
        self, step: str, label: str, entry: Round, attributes: dict[str, str], events: list[tuple[int, Event]]
    ) -> None:
        made = {}
        for name, kind, said in self._moments(step, entry):
            if kind == "actual" and said.exact_to_the_day:
                made[name] = self._event(f"{step}.{name}", said, {ROUND: label})
                self._source(self._found.moments, step, name, {"activity": f"{step}.{name}"})
            else:
                key = f"{step}.{label}.{name}.{kind}"
                attributes[key] = self._written(said)
                self._source(self._found.moments, step, name, {"case": key, "round": label, "kind": kind})
        for place, event in enumerate(entry.events):
            if event.at.exact_to_the_day:
                made[f"clock.{place}"] = self._event(f"{step}.clock.{event.kind}", event.at, {ROUND: label})
                self._source(
                    self._found.clock, step, str(event.kind), {"activity": f"{step}.clock.{event.kind}", "take": "each"}
                )
            else:
                key = f"{step}.{label}.clock.{place}"
                attributes[key] = self._written(event.at)
                self._source(self._found.clock, step, str(event.kind), {"case": key, "round": label})
        self.rounds_left_out += not (entry.events or any(True for _ in self._moments(step, entry)))
        self._facts(step, entry, made)
        events += [*made.values(), *self._documents(step, label, entry)]

    def _moments(self, step: str, entry: Round) -> Iterator[tuple[str, str, Moment]]:
        for name, attribute in self._procedure.steps[step].attributes.items():
            timing: Timing | None = getattr(entry, name) if attribute.type == AttributeType.MOMENT else None
            for kind in _KINDS:
                said: Moment | None = getattr(timing, kind) if timing else None
                if said:
                    yield name, kind, said

    def _facts(self, step: str, entry: Round, made: dict[str, tuple[int, Event]]) -> None:
        """Hang the facts of a round on the event from which on they are seen, or else on its first."""
        if not made:
            return
        mapped = self._found.attributes.setdefault(step, {})
        known = self._procedure.steps[step]
        facts: dict[str, tuple[str, str]] = {}
        for name, attribute in known.attributes.items():
            value = getattr(entry, name)
            if attribute.type == AttributeType.MOMENT or value is None:
                continue
            split = {"split": ","} if attribute.type == AttributeType.SET else {}
            mapped[name] = {"event": f"{step}.{name}", **split}
            facts[f"{step}.{name}"] = _text(value=value), attribute.seen_at or known.completes
        kinds = ",".join(document.kind for document in entry.documents if not _dated(document.day))
        if kinds:
            facts[f"{step}.documents"] = kinds, known.starts
            listed = {"kinds": {"event": f"{step}.documents", "split": ","}}
            self._found.documents.setdefault(step, {})["documents"] = listed
        for key, (text, seen_at) in facts.items():
            name = seen_at if seen_at in made else min(made, key=lambda part: made[part][0])
            minute, event = made[name]
            made[name] = minute, Event(event.activity, event.time, event.transition, {**event.attributes, key: text})

    def _documents(self, step: str, label: str, entry: Round) -> Iterator[tuple[int, Event]]:
        for document in entry.documents:
            if document.day and _dated(document.day):
                activity = f"{step}.document.{document.kind}"
                mapped = {"kind": document.kind, "activity": activity}
                self._found.documents.setdefault(step, {})[activity] = mapped
                yield self._event(activity, document.day, {ROUND: label})

    def _event(self, activity: str, said: Moment, attributes: dict[str, str]) -> tuple[int, Event]:
        """Write what took place: at its minute, or as its day begins; beside it the moment, where that differs."""
        time = self._timestamp(said)
        stamp = self._clock.stamp(time)
        read = moment(stamp.text) if stamp else None
        if read is None or (read.lo, read.hi) != (said.lo, said.hi):
            attributes = {**attributes, MOMENT: self._written(said)}
        return said.lo, Event(activity, time, COMPLETE, attributes)

    def _timestamp(self, said: Moment) -> str:
        """Write the earliest minute with its offset; in UTC where that has seconds, which no format allows."""
        wall = _EPOCH + timedelta(minutes=said.lo)
        zoned = wall.replace(tzinfo=ZoneInfo(self._zone))
        offset = zoned.utcoffset()
        if offset is not None and not offset % timedelta(minutes=1):
            return zoned.isoformat()
        try:
            return zoned.astimezone(UTC).isoformat()
        except OverflowError:
            return wall.replace(tzinfo=UTC).isoformat()

    def _written(self, said: Moment) -> str:
        """Write a moment in local time, as exactly as it is known."""
        return (_EPOCH + timedelta(minutes=said.lo)).isoformat(timespec="minutes") if said.lo == said.hi else said.text

    def _source(self, into: dict[str, Any], step: str, name: str, source: dict[str, Any]) -> None:
        written = {"written_in": MOMENT} if "activity" in source else {}
        key = source.get("activity") or source["case"]
        into.setdefault(step, {}).setdefault(name, {})[key] = source | written

    def mapping(self) -> LogMapping:
        """Return the mapping by which what has been written so far is read back."""
        found = self._found
        return LogMapping.model_validate(
            {
                "procedure": self._procedure.id,
                "zone": self._zone,
                "ocel": {"case": self._procedure.id},
                "record": self._mapped_record(),
                "determinations": {name: _mapped_determination(name) for name in found.determinations},
                **({"outcome": _mapped_outcome(tuple(found.outcomes))} if found.outcomes else {}),
                "steps": {step: self._mapped_step(step) for step in self._procedure.steps if step in self._mapped},
            }
        )

    @property
    def _mapped(self) -> set[str]:
        return {*self._found.moments, *self._found.clock, *self._found.documents}

    def _mapped_step(self, step: str) -> dict[str, Any]:
        moments, clock = self._found.moments.get(step, {}), self._found.clock.get(step, {})
        return {
            "rounds_by": ROUND,
            "moments": {name: list(sources.values()) for name, sources in moments.items()},
            "attributes": self._found.attributes.get(step, {}),
            "documents": list(self._found.documents.get(step, {}).values()),
            "clock": {kind: list(sources.values()) for kind, sources in clock.items()},
        }

    def _mapped_record(self) -> dict[str, Any]:
        named = ("title", "made_up", "jurisdiction", "organ", "organ_level")
        optional = ("matter_class",) if self._found.matter_class else ()
        units = sorted(self._found.units, key=lambda unit: (unit[1], unit[0]))
        return {
            **{name: {"case": name} for name in (*named, *optional)},
            "units": [{"name": {"case": f"unit.{role}.{place}"}, "role": role} for role, place in units],
        }


def _mapped_determination(name: str) -> dict[str, Any]:
    facts = {part: {"case": f"determined.{name}.{part}"} for part in ("reason", "by", "on")}
    return {"value": {"case": f"determined.{name}"}, **facts}


def _mapped_outcome(kinds: tuple[str, ...]) -> dict[str, Any]:
    days = [{"case": "outcome.on"}, *({"activity": f"outcome.{kind}", "written_in": MOMENT} for kind in kinds)]
    return {"kind": {"case": "outcome"}, "on": days, "reason": {"case": "outcome.reason"}}


def _dated(day: Moment | None) -> bool:
    return day is not None and day.lo != day.hi and day.exact_to_the_day


def _text(*, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
