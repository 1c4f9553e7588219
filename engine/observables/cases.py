"""The case table as columns: the same shape for one case and for millions.

Columns are made when they are asked for, so only what the cards use is ever built.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.observables.layout import Blank, record_columns, round_columns
from engine.observables.rows import RecordRows, Row
from engine.procedure import Procedure

Ints = NDArray[np.int32]
"""Numbers, codes, minutes or days; one entry per row."""
Longs = NDArray[np.int64]
"""Places in other columns; and what does not fit in 32 bits."""
Column = Callable[[str], NDArray[Any]]
"""Return a column by its name, one entry per row of its table."""


@dataclass(frozen=True)
class StepTable:
    """The rounds of one step, sorted by case and, within a case, by the moment at which they began.

    `case`: the place of the case of each round. `events` and `documents`: columns of their own rows, in which
    `round` is the place of the round in this table.
    """

    case: Longs
    column: Column
    events: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    documents: Mapping[str, NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Cases:
    """`size` cases. A step of which no case has a round is not in `steps`."""

    size: int
    column: Column
    steps: Mapping[str, StepTable]


class _FromRows:
    """Columns made of sparse rows."""

    def __init__(self, rows: Sequence[Row], blanks: Mapping[str, Blank]) -> None:
        self._rows = rows
        self._blanks = blanks
        self._made: dict[str, NDArray[Any]] = {}

    def __call__(self, name: str) -> NDArray[Any]:
        if name not in self._made:
            blank = self._blanks[name]
            self._made[name] = np.array([row.get(name, blank) for row in self._rows], dtype=blank.dtype)
        return self._made[name]


ATTACHED: Final = {"round": np.int64, "kind": np.int32, "bits": np.int64} | dict.fromkeys(
    ("at.lo", "at.hi", "lo", "hi"), np.int32
)
"""The types of the columns of clock events and of later documents."""


class CaseLayout:
    """The columns of a procedure's case table, worked out once."""

    def __init__(self, procedure: Procedure) -> None:
        """Take a procedure."""
        self.procedure = procedure

    @cached_property
    def records(self) -> dict[str, Blank]:
        """Return the columns of records with their blanks."""
        return record_columns(self.procedure)

    @cached_property
    def rounds(self) -> dict[str, dict[str, Blank]]:
        """Return the columns of rounds with their blanks, by step."""
        return {step: round_columns(self.procedure, step) for step in self.procedure.steps}


def cases_of(records: Sequence[RecordRows], layout: CaseLayout) -> Cases:
    """Build the case table of some records, in their order."""
    steps = {}
    for name in layout.procedure.steps:
        found = [(place, record) for place, record in enumerate(records) if name in record.rounds]
        if found:
            steps[name] = _step_table(name, found, layout)
    return Cases(len(records), _FromRows([record.record for record in records], layout.records), steps)


def _step_table(name: str, found: list[tuple[int, RecordRows]], layout: CaseLayout) -> StepTable:
    rows: list[Row] = []
    places: list[int] = []
    events: list[Row] = []
    documents: list[Row] = []
    for place, record in found:
        offset = len(rows)
        rows += record.rounds[name]
        places += [place] * len(record.rounds[name])
        events += [event | {"round": event["round"] + offset} for event in record.events[name]]
        documents += [document | {"round": document["round"] + offset} for document in record.documents[name]]
    return StepTable(
        case=np.array(places, dtype=np.int64),
        column=_FromRows(rows, layout.rounds[name]),
        events=_attached(events, ("round", "kind", "at.lo", "at.hi")),
        documents=_attached(documents, ("round", "bits", "lo", "hi")),
    )


def _attached(rows: Sequence[Row], names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """Write full rows as columns; no columns for no rows."""
    return {name: np.array([row[name] for row in rows], dtype=ATTACHED[name]) for name in names} if rows else {}
