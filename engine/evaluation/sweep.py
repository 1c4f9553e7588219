"""The sweep evaluator: the outcomes of many cases at once, and why each is what it is.

It reads the conditions of the cards as they stand, in three-valued logic, not the formulas that the live evaluator's
rules are made of: two ways to the same outcomes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, Final

import numpy as np
from numba import types
from numpy.typing import NDArray

from engine.evaluation.compile import OUTCOME_CODES, CompiledCard, Outcome, doubt_column, high_column, low_column
from engine.evaluation.program import Program, run
from engine.loops import BYTES, INTS, TABLE, kernel
from engine.observables import kernels
from engine.observables import terms as t
from engine.observables.kleene import DOUBT_CODES, FALSE, TRUE
from engine.observables.rounds import limits
from engine.vocabulary import Doubt, Violation

Codes = NDArray[np.uint8]
"""One outcome per case, as the place of the outcome in `Outcome`."""
_Table = NDArray[np.uint8]
_Places = NDArray[np.int32]

VIOLATION_CODES: Final = {violation: code for code, violation in enumerate(Violation, start=1)}
VIOLATIONS: Final = {code: violation for violation, code in VIOLATION_CODES.items()}

_ROOTS: Final = 6
"""So many conditions decide a card, the first of them whether it applies."""

BLOCK: Final = 512
"""So many cases are judged at once: the answers to all steps about them stay in the processor's cache."""

_CODES: Final = np.array(
    [
        OUTCOME_CODES[Outcome.SATISFIED],
        OUTCOME_CODES[Outcome.BY_EXCEPTION],
        OUTCOME_CODES[Outcome.VIOLATED],
        OUTCOME_CODES[Outcome.PENDING],
        OUTCOME_CODES[Outcome.UNDETERMINED],
        OUTCOME_CODES[Outcome.NOT_APPLICABLE],
        DOUBT_CODES[Doubt.SOURCE_UNCONFIRMED],
        FALSE,
        TRUE,
    ],
    dtype=np.uint8,
)


@dataclass(frozen=True)
class Judgement:
    """What came of some cases: tables with one row per card and one column per case.

    `outcomes`: codes of outcomes. `reasons`: where violated the code of the violation, where undetermined that of the
    doubt, else 0. `answers`: for the cases of the last block, the answer to every step of the program.
    """

    cards: tuple[str, ...]
    outcomes: _Table
    reasons: _Table
    answers: _Table

    @cached_property
    def codes(self) -> dict[str, Codes]:
        """Return the outcomes by card."""
        return dict(zip(self.cards, self.outcomes, strict=True))


class SweepEvaluator:
    """Reads the outcomes of many cases from their columns.

    `applicability`: the places of the questions by which cards apply; `by_card`: those of all that decide a card.
    """

    def __init__(self, cards: Sequence[CompiledCard]) -> None:
        """Take compiled cards."""
        self._cards = tuple(card.id for card in cards)
        named = (condition for card in cards for condition, _ in card.meaning.duty.violations)
        self.program = Program([*(condition for card in cards for condition in card.conditions), *named])
        self._asked = tuple(_reader(question) for question in self.program.questions)
        places = self.program.places
        self.applicability = tuple({places[leaf]: None for card in cards for leaf in card.applicability})
        self.by_card = tuple(frozenset(places[leaf] for leaf in card.leaves) for card in cards)
        self._roots = _numbers([places[condition] for card in cards for condition in card.conditions])
        names = [
            (places[condition], VIOLATION_CODES[violation])
            for card in cards
            for condition, violation in (*card.meaning.duty.violations, (t.YES, card.meaning.duty.violation))
        ]
        self._names = _numbers([place for place, _ in names])
        self._named = np.array([code for _, code in names], dtype=np.uint8)
        lengths = [0, *(len(card.meaning.duty.violations) + 1 for card in cards)]
        self._first_name = np.cumsum(_numbers(lengths), dtype=np.int32)

    def applying(self, answers: _Table) -> list[bool]:
        """Tell which cards may apply to a single case, by the answers to what decides this; others do not matter."""
        table, program = self.program.table(1), self.program
        table[: len(answers)] = answers
        run(table, program.first, program.what, program.left, program.right, 1)
        found: list[bool] = (table[self._roots[::_ROOTS], 0] != FALSE).tolist()
        return found

    def evaluate(self, columns: "_Columns") -> Judgement:
        """Judge cases by their columns: the answers to questions, and the ends and doubts of numbers."""
        return self.conclude(self.answers(columns, range(len(self._asked))))

    def answers(self, columns: "_Columns", questions: Sequence[int]) -> _Table:
        """Return the answers to questions, given by their places, from columns: one row for each question."""
        asked = [self._asked[place](columns) for place in questions]
        size = len(asked[0]) if asked else 0
        return np.concatenate(asked).reshape(len(asked), size) if asked else np.zeros((0, 0), dtype=np.uint8)

    def conclude(self, answers: _Table) -> Judgement:
        """Judge cases by the answers to all questions, in their order; one column for each case."""
        questions, size = answers.shape
        outcomes, reasons = (np.empty((len(self._cards), size), dtype=np.uint8) for _ in range(2))
        table, program = self.program.table(min(size, BLOCK)), self.program
        for begin in range(0, size, BLOCK):
            width = min(BLOCK, size - begin)
            table[:questions, :width] = answers[:, begin : begin + width]
            run(table, program.first, program.what, program.left, program.right, width)
            _conclude(
                table, _CODES, self._roots, self._first_name, self._names, self._named, outcomes, reasons, begin, width
            )
        return Judgement(self._cards, outcomes, reasons, table)


_Columns = Mapping[str, NDArray[Any]]


def _reader(question: t.Flag | t.NumberTest) -> Callable[[_Columns], _Table]:
    """Make a way to read the answer to a question from columns, its names and limits worked out once."""
    if not isinstance(question, t.NumberTest):
        return itemgetter(str(question))
    number = question.number
    names = low_column(number), high_column(number), doubt_column(number)
    least, most = limits(question.comparison, question.value)

    def answer(columns: _Columns) -> _Table:
        low, high, doubt = (columns[name] for name in names)
        return kernels.within(low, high, doubt, least, most)

    return answer


def _numbers(values: Sequence[int]) -> NDArray[np.int32]:
    return np.array(values, dtype=np.int32)


@kernel(types.void(TABLE, BYTES, INTS, INTS, INTS, BYTES, TABLE, TABLE, types.int64, types.int64))
def _conclude(  # noqa: PLR0913, PLR0917 - a compiled loop: it is given arrays only, and calls nothing
    answers: _Table,
    codes: Codes,
    roots: _Places,
    first_name: _Places,
    names: _Places,
    named: Codes,
    outcomes: _Table,
    reasons: _Table,
    begin: int,
    width: int,
) -> None:
    """Conclude on some cases, for each card. `roots`: its six conditions; `names`, `named`: its violations.

    It chooses between bytes and never branches by a case, so that the processor judges many cases in one step.
    """
    satisfied, by_exception, violated, pending = codes[0], codes[1], codes[2], codes[3]
    undetermined, not_applicable, unconfirmed, no, yes = codes[4], codes[5], codes[6], codes[7], codes[8]
    for card in range(len(outcomes)):
        root = _ROOTS * card
        all_applies, all_met, all_settled = answers[roots[root]], answers[roots[root + 1]], answers[roots[root + 2]]
        all_unless, all_confirmed = answers[roots[root + 3]], answers[roots[root + 4]]
        all_ended = answers[roots[root + 5]]
        found, why = outcomes[card, begin : begin + width], reasons[card, begin : begin + width]
        # The first violation that is true names it; the last of a card always is.
        for name in range(first_name[card + 1] - 1, first_name[card] - 1, -1):
            code, holds = named[name], answers[names[name]]
            for case in range(width):
                why[case] = code if holds[case] == yes else why[case]
        for case in range(width):
            ended, settled, met = all_ended[case], all_settled[case], all_met[case]
            outcome = pending if ended == no else not_applicable if ended == yes else undetermined
            reason = no if (ended == no) | (ended == yes) else ended
            outcome, reason = (outcome if settled == no else undetermined), (reason if settled == no else met)

            unless, confirmed = all_unless[case], all_confirmed[case] != no
            unmet = violated if (unless == no) & confirmed else undetermined
            doubt = unless if unless != no else why[case] if confirmed else unconfirmed
            outcome, reason = (unmet if met == no else outcome), (doubt if met == no else reason)

            applies, passes = all_applies[case], (met == yes) | (unless == yes)
            passed = satisfied if met == yes else by_exception
            outcome, reason = (passed if passes else outcome), (no if passes else reason)
            outcome = outcome if applies == yes else not_applicable if applies == no else undetermined
            found[case], why[case] = outcome, reason if applies == yes else applies
