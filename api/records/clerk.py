"""What a caller does with records: submit, hand in a new version, add a round, add a document. Knows no HTTP.

Each is a change that has been worked out, and is still to be written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from api.identity.callers import Caller
from api.identity.reach import Reach
from api.judging.judge import Judge
from api.judging.rulebooks import ReadyRulebook, Rulebooks
from api.records.bodies import body_of, plain, read_body, read_plain, read_round
from api.records.changes import Change
from api.records.errors import (
    ClassifiedError,
    FixedFieldError,
    KeptInCatalogueError,
    NotYoursToSubmitError,
    RoundVoidError,
    UnknownRoundError,
    UnknownStepError,
)
from api.records.markings import marked
from api.records.merge import entry_problems, merged, round_problems, stands, with_document, with_round
from api.records.plans import Plan
from api.records.units import unit_rows
from api.records.versions import editable
from api.refusals import InvalidError
from api.store.database import Database
from api.store.keys import new_key
from api.store.types import JSON
from engine.calendar.moment import LOCAL
from engine.reading.problems import field_path
from engine.record import DecisionRecord, Document
from engine.record.catalogue import JOINED


@dataclass(frozen=True, slots=True)
class Clerk:
    """Enters records for a caller."""

    database: Database
    rulebooks: Rulebooks
    judge: Judge
    caller: Caller
    reach: Reach

    def submit(self, submitted: DecisionRecord) -> tuple[str, Change]:
        """Enter a record for the first time; returns its key, too.

        Raises `KeptInCatalogueError`, `ClassifiedError`, `NotYoursToSubmitError`, `LeadUnclearError`, `InvalidError`;
        writing it raises `RecordExistsError`.
        """
        if submitted.procedure in JOINED:
            raise KeptInCatalogueError(procedure=submitted.procedure)
        refuse_classified(plain(submitted))
        key = new_key()

        def make(stored: DecisionRecord | None, rules: ReadyRulebook, at: datetime) -> DecisionRecord:
            found = merged_by(stored, submitted, rules, at)
            units = unit_rows(found, key=key, before=(), on=at.astimezone(LOCAL).date())
            if not self.reach.may_create(jurisdiction=found.jurisdiction, units=units):
                raise NotYoursToSubmitError(unit=self.caller.unit_name, jurisdiction=self.caller.jurisdiction)
            return found

        return key, self._worked_out(Plan(key, self.caller.account, "record.created", make, is_new=True))

    def hand_in(self, key: str, submitted: DecisionRecord) -> Change:
        """Say what a record should say from now on.

        Raises `UnknownRecordError`, `NotLeadingError`, `FixedFieldError`, `ClassifiedError`, `InvalidError`.
        """
        refuse_classified(plain(submitted))

        def make(stored: DecisionRecord | None, rules: ReadyRulebook, at: datetime) -> DecisionRecord:
            for name in ("procedure", "jurisdiction"):
                given, present = getattr(submitted, name), getattr(stored, name)
                if given != present:
                    raise FixedFieldError(field=name, given=given, present=present)
            return merged_by(stored, submitted, rules, at)

        return self._worked_out(Plan(key, self.caller.account, "record.version", make, self._leads(key)))

    def add_round(self, key: str, step: str, data: Any) -> Change:  # noqa: ANN401 - plain data
        """Add one round to a step, whatever others add.

        Raises `UnknownRecordError`, `NotLeadingError`, `UnknownStepError`, `ClassifiedError`, `InvalidError`.
        """
        refuse_classified(data)

        def make(stored: DecisionRecord | None, rules: ReadyRulebook, at: datetime) -> DecisionRecord:
            known = _there(stored, step)
            read = read_round(known, step, data, rules)
            if isinstance(read, list):
                raise InvalidError.of(read)
            if problems := round_problems(read):
                raise InvalidError.of(problems)
            return with_round(known, step, read, now=at)

        plan = Plan(key, self.caller.account, "round.added", make, self._leads(key), note={"step": step})
        return self._worked_out(plan)

    def add_document(self, key: str, step: str, place: int, document: Document) -> Change:
        """Add a document to a round that stands.

        Raises `UnknownRecordError`, `NotLeadingError`, `UnknownStepError`, `UnknownRoundError`, `RoundVoidError`,
        `InvalidError` for a kind that the step does not know.
        """

        def make(stored: DecisionRecord | None, rules: ReadyRulebook, at: datetime) -> DecisionRecord:
            del at
            known = _there(stored, step)
            rounds = known.rounds(step)
            if not 0 <= place < len(rounds):
                raise UnknownRoundError(step=step, given=place, rounds=len(rounds))
            if not stands(rounds[place]):
                raise RoundVoidError(step=step, place=place)
            found = read_plain(plain(with_document(known, step, place, document)), rules)
            if isinstance(found, list):
                raise InvalidError.of(found)
            return found

        note: dict[str, JSON] = {"step": step, "place": place}
        return self._worked_out(Plan(key, self.caller.account, "record.version", make, self._leads(key), note=note))

    def _leads(self, key: str) -> Callable[[Session], object]:
        return lambda session: editable(session, self.reach, key)

    def _worked_out(self, plan: Plan) -> Change:
        change = Change(plan, rulebooks=self.rulebooks, judge=self.judge)
        change.work_out(self.database)
        return change


def refuse_classified(data: Any) -> None:  # noqa: ANN401 - plain data
    """Refuse texts that bear a marking of a state secret; raises `ClassifiedError`."""
    for place, found in marked(data):
        raise ClassifiedError(field=field_path(place), given=found)


def merged_by(
    stored: DecisionRecord | None, submitted: DecisionRecord, rules: ReadyRulebook, at: datetime
) -> DecisionRecord:
    """Return what is on record once a version is handed in, read by a rulebook; raises `InvalidError`."""
    if type(submitted) is not rules.models.get(submitted.procedure):
        submitted = read_body(body_of(submitted), rules)
    if problems := entry_problems(stored, submitted):
        raise InvalidError.of(problems)
    return merged(stored, submitted, now=at)


def _there(stored: DecisionRecord | None, step: str) -> DecisionRecord:
    """Return a record that is there, and whose procedure has a step; raises `UnknownStepError`."""
    assert stored is not None  # noqa: S101 - a change of a record that is there
    if step not in stored.step_names:
        raise UnknownStepError(given=step, procedure=stored.procedure)
    return stored
