"""What a report is made of: the cases of a place, judged; and what people have done about their flags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Final

import numpy as np

from api.findings.tables import FindingState
from api.judging.standing import period
from api.reports.models import ReportBasis
from api.reviews.tables import ReviewState
from api.summaries.cells import Choice, Marks, behind
from api.summaries.columns import Block
from api.summaries.counting import PLACES, Tally
from api.summaries.judged import Version, swept_block
from api.summaries.models import Dimension, Figure
from engine.conditions.names import Names
from engine.conditions.parse import parse_condition
from engine.evaluation.assess import assess_many
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.observables import terms as t
from engine.observables.derive import Derivation
from engine.observables.kleene import FALSE, TRUE, Truth, kleene_and, kleene_not, kleene_or
from engine.record import DecisionRecord


@dataclass(frozen=True, slots=True)
class FlagStanding:
    """A flag that was ever opened on a record, as it stood at the time of the question."""

    record: str
    card: str
    state: FindingState
    review: ReviewState


@dataclass(frozen=True, slots=True)
class Handled:
    """What people have done about flags; a source of files does not say."""

    marks: Marks = field(default_factory=Marks)
    flags: tuple[FlagStanding, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a report is about. `handled`: None where the source does not say.

    `cases`: the records of the place, its catalogues and their entries, by their keys.
    """

    basis: ReportBasis
    cases: Mapping[str, DecisionRecord]
    handled: Handled | None = None


@dataclass(frozen=True)
class Asked:
    """Some cases of one procedure, and the answers about them, as of the day of the report."""

    rules: CompiledRulebook
    keys: tuple[str, ...]
    records: tuple[DecisionRecord, ...]
    as_of: date
    known_at: datetime

    @cached_property
    def assessments(self) -> tuple[Assessment, ...]:
        """Return what each case came to, in their order."""
        return tuple(assess_many(self.records, self.rules, as_of=self.as_of, known_at=self.known_at))

    @cached_property
    def block(self) -> Block:
        """Return the cases as the block that summaries count."""
        read = [
            Version(key, record.lead_unit or "", record) for key, record in zip(self.keys, self.records, strict=True)
        ]
        return swept_block(self.rules, read, as_of=self.as_of, known_at=self.known_at)

    def truth(self, condition: str) -> list[bool | None]:
        """Answer a question in the published grammar about each case; None where it cannot be told."""
        book = self.rules.rulebook
        parameters = {name: table.parameter for name, table in book.parameters.items()}
        names = Names(procedure=self.rules.procedure, parameters=parameters, places=book.tree.ids)
        if not self.records:
            return []
        answers = _answered(parse_condition(condition, names), self._derivation)
        return [_SAID.get(one) for one in answers.tolist()]

    def counted(self, figure: Figure, choice: Choice, marks: Marks | None = None) -> int:
        """Return a figure of the summary of these cases."""
        tally = Tally(choice, marks or Marks())
        if self.records:
            tally.add(self.block)
        return int(tally.total[PLACES[figure]])

    def cells(self, figure: Figure, choice: Choice, marks: Marks | None = None) -> tuple[str, ...]:
        """Return what is behind a figure: the id of each record with the card, or alone where records are counted."""
        if not self.records:
            return ()
        mask, cells = behind(self.block, figure, choice, marks or Marks())
        if cells is None:
            return tuple(record.id for record, one in zip(self.records, mask.tolist(), strict=True) if one)
        cards, places = np.nonzero(cells)
        named = sorted(zip(places.tolist(), cards.tolist(), strict=True))
        return tuple(f"{self.records[place].id} {self.block.cards[card].meaning.card.id}" for place, card in named)

    def grouped(self, by: Dimension, marks: Marks) -> dict[str, dict[Figure, int]]:
        """Return the figures by steps or by cards."""
        tally = Tally(Choice(of_cards=by), marks)
        if self.records:
            tally.add(self.block)
        return {
            key[-1]: {figure: int(counts[place]) for figure, place in PLACES.items()}
            for key, counts in tally.groups.items()
        }

    def where(self, wanted: Sequence[bool]) -> "Asked":
        """Leave out all cases but some."""
        kept = [place for place, one in enumerate(wanted) if one]
        return Asked(
            self.rules,
            tuple(self.keys[place] for place in kept),
            tuple(self.records[place] for place in kept),
            self.as_of,
            self.known_at,
        )

    @property
    def days(self) -> list[date]:
        """Return the day by which each case belongs to a year, as summaries have it."""
        return [period(record, self.rules.procedure, as_of=self.as_of) for record in self.records]

    @cached_property
    def _derivation(self) -> Derivation:
        return self.rules.derivation(self.rules.cases(self.records), as_of=self.as_of, known_at=self.known_at)


_SAID: Final = {TRUE: True, FALSE: False}


class NumberAskedError(Exception):
    """A definition of a number compares a number of the case, which no report asks."""

    def __init__(self, *, asked: str) -> None:
        """Keep the question."""
        super().__init__(
            f"report: given {asked!r}; expected a question about rounds; write STEP.any_round(NUMBER >= n)"
        )


def _answered(condition: t.Condition, derivation: Derivation) -> Truth:
    """Answer a condition about all cases, by Kleene's logic."""
    match condition:
        case t.Every(parts):
            found = derivation.facts.constant(TRUE).copy()
            for part in parts:
                found = kleene_and(found, _answered(part, derivation))
            return found
        case t.Some(parts):
            found = derivation.facts.constant(FALSE).copy()
            for part in parts:
                found = kleene_or(found, _answered(part, derivation))
            return found
        case t.Not(part):
            return kleene_not(_answered(part, derivation))
        case t.NumberTest():
            raise NumberAskedError(asked=str(condition))
    return derivation.flag(condition)
