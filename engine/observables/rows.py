"""From a record to the rows of the case table. The one place where the model of a record meets the table.

Rows are sparse: a column that a row does not name holds the layout's value for "not known".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.calendar.moment import LONG_AGO, MINUTES_PER_DAY, NEVER, Moment
from engine.observables.layout import (
    ANNOUNCED,
    CLASS_CODES,
    EVENT_CODES,
    LEVEL_CODES,
    OUTCOME_CODES,
    PLANNED,
    WITHOUT_REASON,
    identity,
)
from engine.procedure import Attribute, AttributeType, Procedure, Step
from engine.record import DecisionRecord, Round, Timing

Row = dict[str, int]


@dataclass(slots=True)
class RecordRows:
    """The rows of one record: `rounds` by step, in order; `events` and `documents` name the round by its place."""

    record: Row
    rounds: dict[str, list[Row]] = field(default_factory=dict)
    events: dict[str, list[Row]] = field(default_factory=dict)
    documents: dict[str, list[Row]] = field(default_factory=dict)


def rows_of(record: DecisionRecord, procedure: Procedure, *, jurisdiction: int) -> RecordRows:
    """Write a record as rows; `jurisdiction` is its code. Void rounds are left out."""
    rows = RecordRows(_record_row(record, procedure, jurisdiction))
    drafts = {draft.id: identity(draft.sha256 or draft.id) for draft in record.drafts}
    for name, step in procedure.steps.items():
        rounds = [entry for entry in record.rounds(name) if not entry.void]
        if not rounds:
            continue
        made = [(_round_row(entry, step, drafts), entry) for entry in rounds]
        made.sort(key=lambda pair: _order(pair[0]))
        rows.rounds[name] = [row for row, _ in made]
        rows.events[name] = [event for place, (_, entry) in enumerate(made) for event in _event_rows(entry, place)]
        rows.documents[name] = [
            document
            for place, (row, entry) in enumerate(made)
            for document in _later_documents(entry, step, row, place)
        ]
    return rows


def places_of_rounds(record: DecisionRecord, name: str, step: Step) -> tuple[int, ...]:
    """Return, for each round in the rows of a step, its place among the rounds on record."""
    rounds = [(place, entry) for place, entry in enumerate(record.rounds(name)) if not entry.void]
    return tuple(place for place, _ in sorted(rounds, key=lambda pair: _order(_round_row(pair[1], step, {}))))


def _order(row: Row) -> int:
    """Sort rounds by the moment at which they may have begun first."""
    return row.get("begun.lo", NEVER)


def _record_row(record: DecisionRecord, procedure: Procedure, jurisdiction: int) -> Row:
    row = {"jurisdiction": jurisdiction, "organ_level": LEVEL_CODES[record.organ_level]}
    if record.matter_class:
        row["matter_class"] = CLASS_CODES[record.matter_class]
    if record.lead_unit:
        row["lead_unit"] = identity(record.lead_unit)
    if record.outcome:
        row |= {"outcome": OUTCOME_CODES[record.outcome.kind]} | _ends("outcome", record.outcome.on)
        row |= {"outcome.reasoned": int(bool(record.outcome.reason))} | _entry(
            "outcome.entered", record.outcome.entered
        )
    if record.exclusion and record.exclusion.complete and record.exclusion.on:
        row |= {"excluded": 1, "excluded.hi": _minute(record.exclusion.on.hi)}
    if record.special_statutes:
        row["special_statutes"] = bits(record.special_statutes, procedure.special_statutes)
    for name in procedure.determinations:
        found = record.determination(name)
        if found:
            row[f"determined.{name}"] = int(found.value) if found.reason else WITHOUT_REASON
            row |= {f"determined.{name}.hi": _minute(found.on.hi)} if found.on else {}
            row |= _entry(f"determined.{name}.entered", found.entered)
    return row


def _round_row(entry: Round, step: Step, drafts: dict[str, int]) -> Row:
    row: Row = _entry("entered", entry.entered) | _entry("voided", entry.voided)
    for name, value in entry:
        if value is not None and name in step.attributes:
            row |= _attribute(name, step.attributes[name], value)
    row |= _begun(entry, step)
    if not any(key.endswith(".lo") for key in row):
        row |= _undated(step)
    if entry.draft:
        row["draft"] = drafts.get(entry.draft, identity(entry.draft))
    early = [document.kind for document in entry.documents if not _comes_later(document.day, row)]
    return row | {"documents": bits(early, step.evidence)} if early else row


def _attribute(name: str, attribute: Attribute, value: Any) -> Row:  # noqa: ANN401 - typed by the attribute
    match attribute.type:
        case AttributeType.MOMENT:
            return _timing(name, value)
        case AttributeType.FLAG | AttributeType.NUMBER:
            return {name: int(value)}
        case AttributeType.CHOICE:
            return {name: list(attribute.values).index(value)}
        case AttributeType.SET:
            return {name: bits(value, attribute.values)}
        case AttributeType.PARTY:
            return {name: identity(value)}


def _undated(step: Step) -> Row:
    """Write a round that names no moment at all: it took place, nobody knows when."""
    names = {"begun", step.starts, step.completes}
    return {f"{name}.{end}": value for name in names for end, value in (("lo", LONG_AGO), ("hi", NEVER))}


def _begun(entry: Round, step: Step) -> Row:
    timings = [value for name, value in entry if isinstance(value, Timing) and name in step.attributes]
    actual = [timing.actual for timing in timings if timing.actual]
    if not actual:
        return {}
    early, late = min(moment.lo for moment in actual), min(moment.hi for moment in actual)
    return {"begun.lo": _minute(early), "begun.hi": _minute(late)}


def _timing(name: str, timing: Timing) -> Row:
    row: Row = {}
    for suffix, moment in (("", timing.actual), (ANNOUNCED, timing.announced), (PLANNED, timing.planned)):
        if moment:
            row |= _ends(f"{name}{suffix}", moment)
    return row


def _event_rows(entry: Round, place: int) -> Iterable[Row]:
    for event in sorted(entry.events, key=lambda event: event.at.lo):
        yield {"round": place, "kind": EVENT_CODES[event.kind]} | _ends("at", event.at)


def _later_documents(entry: Round, step: Step, row: Row, place: int) -> Iterable[Row]:
    for document in entry.documents:
        if document.day and _comes_later(document.day, row):
            held = bits([document.kind], step.evidence)
            yield {"round": place, "bits": held, "lo": _minute(document.day.lo), "hi": _minute(document.day.hi)}


def _comes_later(day: Moment | None, row: Row) -> bool:
    """Tell whether a document is not certain to have been there on the day on which its round began."""
    if day is None or day.lo <= LONG_AGO:
        return False
    return day.hi // MINUTES_PER_DAY > row.get("begun.lo", NEVER) // MINUTES_PER_DAY


def _ends(name: str, moment: Moment) -> Row:
    return {f"{name}.lo": _minute(moment.lo), f"{name}.hi": _minute(moment.hi)}


def _minute(minute: int) -> int:
    """Write a minute; one that lies beyond every calendar is as good as never."""
    return min(minute, NEVER)


def _entry(name: str, entered: datetime | None) -> Row:
    return {name: int(entered.timestamp())} if entered else {}


def bits(given: Iterable[str], known: Iterable[str]) -> int:
    """Write a set as the bits of an integer, by the order in which its possible members are declared."""
    order = {name: place for place, name in enumerate(known)}
    return sum({1 << order[name] for name in given})
