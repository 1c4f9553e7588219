"""A rulebook made ready to evaluate the cases of one procedure. Made once per rulebook digest, then only read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.calendar.moment import LOCAL, epoch_day
from engine.cards.card import CardMeaning
from engine.evaluation.compile import (
    CompiledCard,
    Leaf,
    Outcome,
    column_of,
    columns_of,
    compile_card,
    doubt_column,
    high_column,
    low_column,
)
from engine.evaluation.dnf import terms
from engine.evaluation.live import CardRules, Compiled, LiveEvaluator, compile_cards
from engine.evaluation.sweep import SweepEvaluator
from engine.observables import terms as t
from engine.observables.cases import CaseLayout, Cases, cases_of
from engine.observables.context import Law, Question
from engine.observables.derive import Derivation
from engine.observables.inside import Subject, subjects_of
from engine.observables.rows import rows_of
from engine.parameters.jurisdictions import ALL_TIME
from engine.record import DecisionRecord
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Confidence

Columns = dict[str, NDArray[np.int32] | NDArray[np.uint8]]
"""What rules and conditions read; one entry per case."""


class AmbiguousNameError(Exception):
    """Two questions are written alike; one column cannot answer both."""

    def __init__(self, name: str) -> None:
        """Keep the name."""
        super().__init__(f"two questions are both written {name!r}; the grammar has to tell them apart")
        self.name = name


class CompiledRulebook:
    """The cards of one procedure as formulas, with both evaluators."""

    def __init__(self, rulebook: Rulebook, procedure: str) -> None:
        """Compile, and prove that every card gives exactly one outcome; raises `NotAPartitionError`."""
        self.rulebook = rulebook
        self.procedure = rulebook.procedures[procedure]
        self.cards = tuple(compile_card(certain(meaning, rulebook)) for meaning in rulebook.of_procedure(procedure))
        self.layout = CaseLayout(self.procedure)
        self._laws: dict[date, Law] = {}
        for card in self.cards:
            card.prove()
        self._refuse_ambiguous_names()

    def _refuse_ambiguous_names(self) -> None:
        """Make sure that no two questions share a column."""
        terms: dict[str, object] = {}
        asked = [(name, flag) for name, flag in self.flags] + [(low, number) for low, _, number in self._numbers]
        for name, term in asked:
            if terms.setdefault(name, term) != term:
                raise AmbiguousNameError(name)

    @cached_property
    def live(self) -> LiveEvaluator:
        """Return the evaluator for one case at a time."""
        return LiveEvaluator(self.rulesets)

    @cached_property
    def rulesets(self) -> Compiled:
        """Return the cards as rulesets, for a live evaluator here or in a process of its own."""
        return compile_cards(self.live_rules)

    @cached_property
    def live_columns(self) -> tuple[str, ...]:
        """Return every column that a live evaluator needs."""
        return self.rulesets.columns

    @cached_property
    def live_rules(self) -> tuple[CardRules, ...]:
        """Return the cards as rules of single conjunctions."""
        return tuple(_rules(card) for card in self.cards)

    @cached_property
    def sweep(self) -> SweepEvaluator:
        """Return the evaluator for many cases at once."""
        return SweepEvaluator(self.cards)

    def question(self, *, as_of: date, known_at: datetime) -> Question:
        """Put the question for an as-of day, its end included, and a known-at time."""
        return Question(epoch_day(as_of), int(known_at.timestamp()))

    def law(self, known_at: datetime) -> Law:
        """Return what observables depend on, by the holiday notices known at a time: the same all day."""
        day = known_at.astimezone(LOCAL).date()
        laws = self._laws
        if day not in laws:
            self._laws = laws = {day: self.rulebook.law(self.procedure.id, known_at)}
        return laws[day]

    def derivation(self, cases: Cases, *, as_of: date, known_at: datetime) -> Derivation:
        """Make ready to answer the cards' questions about some cases."""
        return Derivation(cases, self.law(known_at), self.question(as_of=as_of, known_at=known_at))

    def cases(self, records: Sequence[DecisionRecord], *, corrected: Sequence[bool] = ()) -> Cases:
        """Build the case table of some records; `corrected`: which were corrected after a flag, without support."""
        tree = self.rulebook.tree
        rows = [rows_of(record, self.procedure, jurisdiction=tree.code(record.jurisdiction)) for record in records]
        for row, is_corrected in zip(rows, corrected, strict=bool(corrected)):
            row.record["corrected_after_flag"] = int(is_corrected)
        return cases_of(rows, self.layout)

    def columns(self, derivation: Derivation) -> Columns:
        """Answer every question that some card asks: the columns that both evaluators read."""
        found: Columns = {}
        for leaf in self.sweep.program.questions:
            _answer(leaf, derivation, found)
        return found

    def answers(self, derivation: Derivation, questions: Sequence[int]) -> NDArray[np.uint8]:
        """Answer some of the questions, given by their places: one row for each."""
        found: Columns = {}
        for place in questions:
            _answer(self.sweep.program.questions[place], derivation, found)
        return self.sweep.answers(found, questions)

    @cached_property
    def questions_by_subjects(self) -> dict[frozenset[Subject], tuple[int, ...]]:
        """Return the places of the questions whose answers depend on the same, by what that is."""
        found: dict[frozenset[Subject], list[int]] = {}
        for place, question in enumerate(self.sweep.program.questions):
            found.setdefault(subjects_of(question, self.procedure), []).append(place)
        return {subjects: tuple(places) for subjects, places in found.items()}

    def columns_of_one(self, derivation: Derivation) -> Columns:
        """Answer about a single case what is asked by cards that may apply to it; the other columns are 0.

        That changes no outcome: of a card that does not apply, exactly that outcome is true whatever else is said.
        """
        found, questions = dict(self._nothing_asked), self.sweep.program.questions
        asked, by_card = self.sweep.applicability, self.sweep.by_card
        for place in asked:
            _answer(questions[place], derivation, found)
        answers = np.zeros((len(questions), 1), dtype=np.uint8)
        answers[list(asked)] = self.sweep.answers(found, asked)
        applying = self.sweep.applying(answers)
        more = set[int]().union(*(places for places, applies in zip(by_card, applying, strict=True) if applies))
        for place in more.difference(asked):
            _answer(questions[place], derivation, found)
        return found

    @cached_property
    def _nothing_asked(self) -> Columns:
        flags = {name: np.zeros(1, dtype=np.uint8) for name, _ in self.flags}
        ends = {name: np.zeros(1, dtype=np.int32) for low, high, _ in self._numbers for name in (low, high)}
        doubts = {doubt_column(number): np.zeros(1, dtype=np.uint8) for _, _, number in self._numbers}
        return flags | ends | doubts

    @cached_property
    def flags(self) -> tuple[tuple[str, t.Flag], ...]:
        """Return the questions that some card asks, each once, with the names of their columns."""
        return tuple((str(leaf), leaf) for leaf in self.sweep.program.questions if not isinstance(leaf, t.NumberTest))

    @cached_property
    def _numbers(self) -> tuple[tuple[str, str, t.Number], ...]:
        tests = (leaf for leaf in self.sweep.program.questions if isinstance(leaf, t.NumberTest))
        numbers = dict.fromkeys(test.number for test in tests)
        return tuple((low_column(number), high_column(number), number) for number in numbers)


def _answer(leaf: Leaf, derivation: Derivation, columns: Columns) -> None:
    """Write the column of a question, or the three of a number."""
    if isinstance(leaf, t.NumberTest):
        answer = derivation.number(leaf.number)
        low, high, doubt = columns_of(leaf.number)
        columns[low], columns[high], columns[doubt] = answer.lo, answer.hi, answer.doubt
    else:
        columns[column_of(leaf)] = derivation.flag(leaf)


def certain(meaning: CardMeaning, rulebook: Rulebook) -> CardMeaning:
    """Leave out what the rulebook alone makes certain: that every place lies within, that a source is found."""
    lies_within = t.LiesWithin(meaning.card.jurisdiction, meaning.act)
    everywhere = all(
        rulebook.tree.spans(place, within=meaning.card.jurisdiction) == (ALL_TIME,) for place in rulebook.tree.ids
    )
    applies = meaning.applies
    if everywhere and isinstance(applies, t.Every):
        applies = t.Every(tuple(part for part in applies.parts if part != lies_within))
    confirmed = meaning.confirmed
    if isinstance(confirmed, t.Confirmed) and confirmed.found:
        values = (value for name in confirmed.parameters for value in rulebook.parameters[name].parameter.values)
        if all(value.confidence == Confidence.FOUND for value in values):
            confirmed = t.YES
    return replace(meaning, applies=applies, confirmed=confirmed)


def _rules(card: CompiledCard) -> CardRules:
    outcomes = {
        str(outcome): terms(card.outcomes[outcome], intervals=card.intervals, domains=card.domains)
        for outcome in Outcome
    }
    return CardRules(card=card.id, shard=card.meaning.card.step, outcomes=outcomes)
