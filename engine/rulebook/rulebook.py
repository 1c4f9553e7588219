"""The rulebook as a value: what a folder of rules says, and its digest. Read by `engine.rulebook.reading`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.calendar.moment import LOCAL
from engine.calendar.notices import HolidayYear
from engine.calendar.workdays import Workdays, workdays
from engine.cards.card import Card, CardMeaning
from engine.conditions.names import Names
from engine.observables.context import Law
from engine.parameters.jurisdictions import JurisdictionTree
from engine.parameters.parameter import ParameterTable
from engine.procedure import Procedure
from engine.reading.texts import Text
from engine.rulebook.coverage import CoverageMap
from engine.rulebook.instrument import Instrument
from engine.vocabulary import Bilingual, Frozen


class ExampleDefaults(Frozen):
    """What the examples of cards leave out: the as-of day, and the fields of a record."""

    as_of: date
    record: dict[str, Any]


class Masthead(Frozen):
    """What the rulebook says of itself."""

    id: str
    title: Bilingual
    examples: ExampleDefaults


@dataclass(frozen=True)
class Rulebook:
    """Everything that decides a verdict besides the record and the question.

    `digest`: SHA-256 over the names and contents of all files of the folder. `meanings`: the cards in terms, in the
    order of their ids. `texts`: by card, the text that it was read from.
    """

    masthead: Masthead
    digest: str
    procedures: Mapping[str, Procedure]
    instruments: Mapping[str, Instrument]
    tree: JurisdictionTree
    parameters: Mapping[str, ParameterTable]
    holidays: tuple[HolidayYear, ...]
    meanings: tuple[CardMeaning, ...]
    coverage: tuple[CoverageMap, ...] = ()
    texts: Mapping[str, Text] = field(default_factory=dict)

    @property
    def cards(self) -> tuple[Card, ...]:
        """Return the cards in the order of their ids."""
        return tuple(meaning.card for meaning in self.meanings)

    def card(self, name: str) -> Card | None:
        """Return a card by its id."""
        return next((card for card in self.cards if card.id == name), None)

    def of_procedure(self, procedure: str) -> tuple[CardMeaning, ...]:
        """Return the cards of a procedure."""
        return tuple(meaning for meaning in self.meanings if meaning.card.procedure == procedure)

    def names(self, procedure: str) -> Names:
        """Return what may be named in the cards of a procedure."""
        tables = self.parameters.items()
        return Names(self.procedures[procedure], {name: table.parameter for name, table in tables}, self.tree.ids)

    def workdays(self, known_at: datetime) -> Workdays:
        """Return the calendar by the notices published by the local day of a known-at time."""
        return workdays(self.holidays, known_on=known_at.astimezone(LOCAL).date())

    def law(self, procedure: str, known_at: datetime) -> Law:
        """Return what observables of a procedure depend on, by the notices known at a time."""
        return Law(self.procedures[procedure], self.parameters, self.tree, self.workdays(known_at))


class RulebookError(Exception):
    """A rulebook with problems cannot be used: nothing is judged by half of the law."""

    def __init__(self, problems: tuple[Any, ...]) -> None:
        """Keep the problems."""
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
