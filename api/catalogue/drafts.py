"""What the cases of a catalogue are to say: made of what is handed in, and of the records that are joined with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, or_, select

from api.catalogue.errors import NoCatalogueProcedureError
from api.catalogue.links import round_of
from api.catalogue.tables import NamedEntry
from api.judging.rulebooks import ReadyRulebook
from api.records.bodies import read_body
from api.records.tables import Record, RecordVersion
from api.refusals import InvalidError
from engine.record import DecisionRecord
from engine.record.catalogue import JOINED
from engine.record.catalogues import ReadCatalogue

Joined = Mapping[str, str]
"""The rounds that are joined in a case, by the keys of their records."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a case is to say. `entry`: the entry's own id, None for the catalogue itself."""

    entry: str | None
    place: int
    says: DecisionRecord
    joined: Joined


class Desk:
    """Drafts the cases of one catalogue. Records that it has read once are not read again until they change."""

    def __init__(self, submitted: ReadCatalogue) -> None:
        """Take what is handed in."""
        self.submitted: Final = submitted
        self._read: dict[tuple[str, int, str], DecisionRecord] = {}

    def drafts(self, session: Session, rules: ReadyRulebook, *, at: datetime) -> tuple[Draft, ...]:
        """Draft the catalogue and its entries, with the records as they are.

        Raises `NoCatalogueProcedureError`, `InvalidError` and `BeyondRulebookError`.
        """
        if not set(rules.rulebook.procedures) >= JOINED:
            raise NoCatalogueProcedureError(rulebook=rules.digest)
        records = {key: self._record(session, key, number, rules) for key, number in self._candidates(session, rules)}
        cases, problems = self.submitted.cases(list(records.values()), rules.rulebook.procedures, known_at=at)
        if problems:
            raise InvalidError.of(problems)
        entries = (None, *(entry.id for entry in self.submitted.catalogue.entries))
        return tuple(
            Draft(entry, place, case.record, self._joined(records, entry, at))
            for place, (entry, case) in enumerate(zip(entries, cases, strict=True), start=-1)
        )

    def _candidates(self, session: Session, rules: ReadyRulebook) -> Sequence[tuple[str, int]]:
        """Return key and newest version of each record that may be joined, in the order in which they came.

        A record of a procedure that the rulebook does not know belongs to no entry by that rulebook.
        """
        catalogue = self.submitted.catalogue
        names = [name for entry in catalogue.entries for name in (entry.id, catalogue.entry_case(entry.id))]
        named = select(NamedEntry.record).where(col(NamedEntry.name).in_(names))
        of_organ_or_named = or_(col(Record.organ) == catalogue.organ, col(Record.key).in_(named))
        procedures = sorted(set(rules.rulebook.procedures) - JOINED)
        query = select(Record.key, Record.version).where(col(Record.procedure).in_(procedures), of_organ_or_named)
        return list(session.exec(query.order_by(col(Record.created_at), col(Record.key))))

    def _record(self, session: Session, key: str, number: int, rules: ReadyRulebook) -> DecisionRecord:
        place = key, number, rules.digest
        if place not in self._read:
            self._read[place] = read_body(session.get_one(RecordVersion, (key, number)).body, rules)
        return self._read[place]

    def _joined(self, records: Mapping[str, DecisionRecord], entry: str | None, at: datetime) -> Joined:
        catalogue = self.submitted.catalogue
        rounds = ((key, round_of(record, catalogue, entry, at=at)) for key, record in records.items())
        return {key: text for key, text in rounds if text is not None}
