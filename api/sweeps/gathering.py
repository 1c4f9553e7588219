"""From records, one after the other, to the frames of a part: no more of a record is kept than its rows."""

from dataclasses import dataclass, field
from datetime import date, datetime

from api.sweeps.parts import Judgeable
from api.sweeps.rejects import Reject
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.corrections import corrected_after_flag
from engine.observables.frames import frames_of
from engine.observables.layout import identity
from engine.observables.rows import RecordRows, rows_of
from engine.record import DecisionRecord


@dataclass(slots=True)
class Gathering:
    """The records of a part so far, and what cannot be judged. `as_of`, `known_at`: the question that is asked."""

    rules: CompiledRulebook
    as_of: date
    known_at: datetime
    rejects: list[Reject] = field(default_factory=list)
    _ids: list[str] = field(default_factory=list)
    _rows: list[RecordRows] = field(default_factory=list)
    _units: dict[int, str] = field(default_factory=dict)

    def add(self, record: DecisionRecord, *, own: str) -> None:
        """Add a record, by the id by which its findings are told."""
        rules = self.rules
        rows = rows_of(record, rules.procedure, jurisdiction=rules.rulebook.tree.code(record.jurisdiction))
        corrected = corrected_after_flag(record, rules, as_of=self.as_of, known_at=self.known_at)
        rows.record["corrected_after_flag"] = int(corrected)
        if record.lead_unit:
            self._units[identity(record.lead_unit)] = record.lead_unit
        self._ids.append(own)
        self._rows.append(rows)

    def judgeable(self) -> Judgeable:
        """Return the part."""
        return Judgeable(frames_of(self._ids, self._rows, self.rules.layout), self._units, tuple(self.rejects))
