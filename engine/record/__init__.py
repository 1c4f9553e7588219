"""The decision record: what a unit submits about one matter, and how files of records are read."""

from engine.record.record import (
    ClockEvent,
    DecisionRecord,
    Determination,
    Document,
    Draft,
    Exclusion,
    Outcome,
    Round,
    Timing,
    UnitInRole,
    record_type,
)

__all__ = [
    "ClockEvent",
    "DecisionRecord",
    "Determination",
    "Document",
    "Draft",
    "Exclusion",
    "Outcome",
    "Round",
    "Timing",
    "UnitInRole",
    "record_type",
]
