"""Made-up records as a unit would submit them: some rows of a partition written back as decision records.

Proves that the partitions, which are made as columns, have the layout that real records have, and gives the cases that
are judged one at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl
from pydantic import ValidationError

from bench.draws import DRAFT_NUMBERS, DRAFTS, PARTIES, PARTY_NUMBERS
from engine.calendar.moment import LONG_AGO, MINUTES_PER_DAY, day_of
from engine.observables.frames import Frames
from engine.observables.layout import ANNOUNCED, PLANNED, WITHOUT_REASON
from engine.parameters.jurisdictions import JurisdictionTree
from engine.procedure import Attribute, AttributeType, Procedure, Step
from engine.record import DecisionRecord, record_type
from engine.vocabulary import ClockEventKind, MatterClass, OrganLevel, OutcomeKind

Row = Mapping[str, Any]
Said = dict[str, Any]

PARTY_NAMES: Final = dict(zip(PARTY_NUMBERS.tolist(), PARTIES, strict=True))
DRAFT_NAMES: Final = dict(zip(DRAFT_NUMBERS.tolist(), DRAFTS, strict=True))


class LayoutError(Exception):
    """A made-up partition differs from the rows of the same records."""

    def __init__(self, *, frame: str, column: str) -> None:
        """Keep where."""
        super().__init__(f"column {column} of {frame} is not what the records' own rows say; mend bench.data")
        self.frame = frame
        self.column = column


def first_records(frames: Frames, size: int) -> Frames:
    """Cut the first records out of a partition, with what belongs to them."""
    mine = pl.col("record") < size
    return Frames(
        frames.records.head(size),
        {step: rounds.filter(mine) for step, rounds in frames.rounds.items()},
        frames.events.filter(mine),
        frames.documents.filter(mine),
    )


def refuse_difference(made: Frames, real: Frames) -> None:
    """Raise `LayoutError` unless both say the same; a column that is not there holds nothing known."""
    pairs = {"records": (made.records, real.records), "events": (made.events, real.events)}
    pairs["documents"] = (made.documents, real.documents)
    nothing = pl.DataFrame({"record": []}, schema={"record": pl.Int64})
    pairs |= {step: (made.rounds.get(step, nothing), rounds) for step, rounds in real.rounds.items()}
    for name, (one, other) in pairs.items():
        for column in other.columns:
            there = one.get_column(column) if column in one.columns else pl.Series([None] * one.height, dtype=pl.Int64)
            wanted = other.get_column(column)
            if not there.cast(wanted.dtype).equals(wanted, check_names=False):
                raise LayoutError(frame=name, column=column)


def written_back(frames: Frames, procedure: Procedure, tree: JurisdictionTree) -> list[DecisionRecord]:
    """Write every record of a partition as a decision record."""
    kind = record_type(procedure)
    attached = _Attached(frames, procedure)
    return [
        kind.model_validate(_record(place, row, procedure, tree) | _steps(place, attached, procedure))
        for place, row in enumerate(frames.records.iter_rows(named=True))
    ]


def sound_records(frames: Frames, procedure: Procedure, tree: JurisdictionTree) -> Iterator[DecisionRecord]:
    """Write the records that can be submitted: a few end on the day on which they start, and before that."""
    kind = record_type(procedure)
    attached = _Attached(frames, procedure)
    for place, row in enumerate(frames.records.iter_rows(named=True)):
        with suppress(ValidationError):
            yield kind.model_validate(_record(place, row, procedure, tree) | _steps(place, attached, procedure))


class _Attached:
    """The rows of rounds, events and documents by the record that they belong to."""

    def __init__(self, frames: Frames, procedure: Procedure) -> None:
        self.rounds = {step: _by(rows, "record") for step, rows in frames.rounds.items()}
        steps = list(procedure.steps)
        self.events = _by(frames.events.with_columns(_named(steps)), "record", "step", "round")
        self.documents = _by(frames.documents.with_columns(_named(steps)), "record", "step", "round")


def _named(steps: Sequence[str]) -> pl.Expr:
    return pl.col("step").replace_strict(dict(enumerate(steps)), return_dtype=pl.String)


def _by(frame: pl.DataFrame, *keys: str) -> dict[tuple[Any, ...], list[Row]]:
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(tuple(row[key] for key in keys), []).append(row)
    return found


# --- what stands in a record -----------------------------------------------------------------------------------------


def _record(place: int, row: Row, procedure: Procedure, tree: JurisdictionTree) -> Said:
    said: Said = {
        "id": row["id"],
        "title": f"虚构事项{place}",
        "made_up": True,
        "procedure": procedure.id,
        "jurisdiction": tree.ids[row["jurisdiction"]],
        "organ": "某机关(虚构)",
        "organ_level": list(OrganLevel)[row["organ_level"]],
        "special_statutes": _members(row["special_statutes"], list(procedure.special_statutes)),
        "determinations": {
            name: _determination(row, name)
            for name in procedure.determinations
            if row[f"determined.{name}"] is not None
        },
    }
    if row["matter_class"] is not None:
        said["matter_class"] = list(MatterClass)[row["matter_class"]]
    if row["lead_unit"] is not None:
        said["units"] = [{"name": PARTY_NAMES[row["lead_unit"]], "role": "lead"}]
    if row["excluded"]:
        said["exclusion"] = {"ground": "legislation", "basis": "虚构", "by": "虚构", "on": _until(row["excluded.hi"])}
    if row["outcome"] is not None:
        kind = list(OutcomeKind)[row["outcome"]]
        said["outcome"] = {"kind": kind, "on": _moment(row, "outcome")} | _entered(row, "outcome.entered")
        said["outcome"] |= {"reason": "虚构"} if row["outcome.reasoned"] else {}
    return said


def _determination(row: Row, name: str) -> Said:
    key = f"determined.{name}"
    said: Said = {"value": row[key] != 0} | _entered(row, f"{key}.entered")
    if row[key] != WITHOUT_REASON:
        said["reason"] = "虚构"
    if row[f"{key}.hi"] is not None:
        said["on"] = _until(row[f"{key}.hi"])
    return said


def _steps(place: int, attached: _Attached, procedure: Procedure) -> Said:
    steps, drafts = {}, set()
    for name, step in procedure.steps.items():
        rows = attached.rounds.get(name, {}).get((place,), [])
        rounds = [_round(row, step) | _told(attached, (place, name, number), step) for number, row in enumerate(rows)]
        for said, row in zip(rounds, rows, strict=True):
            said["documents"] += _members(row.get("documents"), list(step.evidence))
        drafts |= {said["draft"] for said in rounds if "draft" in said}
        steps[name] = rounds
    return {"steps": steps, "drafts": [{"id": name} for name in sorted(drafts)]}


def _told(attached: _Attached, key: tuple[int, str, int], step: Step) -> Said:
    events, documents = attached.events.get(key, []), attached.documents.get(key, [])
    return {
        "events": [{"kind": list(ClockEventKind)[row["kind"]], "at": _moment(row, "at")} for row in events],
        "documents": [
            {"kind": _members(row["bits"], list(step.evidence))[0], "day": _since(row["lo"])} for row in documents
        ],
    }


def _round(row: Row, step: Step) -> Said:
    said: Said = _entered(row, "entered")
    if row.get("draft") is not None:
        said["draft"] = DRAFT_NAMES[row["draft"]]
    for name, attribute in step.attributes.items():
        if attribute.type == AttributeType.MOMENT:
            timing = _timing(row, name)
            said |= {name: timing} if timing else {}
        elif row.get(name) is not None:
            said[name] = _value(row[name], attribute)
    return said


def _timing(row: Row, name: str) -> Said:
    """Write a moment; a round that names none at all holds in its row what is known then: nothing."""
    kinds = {"actual": name, "announced": name + ANNOUNCED, "planned": name + PLANNED}
    there = {kind: column for kind, column in kinds.items() if row.get(f"{column}.lo") not in {None, LONG_AGO}}
    return {kind: _moment(row, column) for kind, column in there.items()}


def _value(value: int, attribute: Attribute) -> object:
    match attribute.type:
        case AttributeType.FLAG:
            return value == 1
        case AttributeType.CHOICE:
            return list(attribute.values)[value]
        case AttributeType.SET:
            return _members(value, list(attribute.values))
        case AttributeType.PARTY:
            return PARTY_NAMES[value]
    return value


def _members(bits: int | None, known: Sequence[str]) -> list[str]:
    return [name for place, name in enumerate(known) if bits is not None and bits >> place & 1]


def _entered(row: Row, column: str) -> Said:
    seconds = row[column]
    return {} if seconds is None else {column.rpartition(".")[2]: datetime.fromtimestamp(seconds, UTC)}


def _moment(row: Row, name: str) -> str:
    """Write a moment as exactly as it is known."""
    lo, hi = row[f"{name}.lo"], row[f"{name}.hi"]
    if lo == hi or hi - lo == MINUTES_PER_DAY - 1:
        return _day(lo) if hi > lo else _minute(lo)
    return _day(lo)[:7]


def _since(minute: int) -> str:
    return _minute(minute) if minute % MINUTES_PER_DAY else _day(minute)


def _until(minute: int) -> str:
    """Write a moment by its last minute: a whole day, or that minute."""
    return _minute(minute) if (minute + 1) % MINUTES_PER_DAY else _day(minute)


def _day(minute: int) -> str:
    return day_of(minute // MINUTES_PER_DAY).isoformat()


def _minute(minute: int) -> str:
    hour, rest = divmod(minute % MINUTES_PER_DAY, 60)
    return f"{_day(minute)}T{hour:02}:{rest:02}"
