"""What the cards would say if moments fell on certain days, and facts were so: many possibilities at once.

The sweep evaluator answers. A question about steps that are the same in all possibilities is asked once, and its answer
is kept: it serves until something is tried of one of these steps that was not tried before. Of cards that apply to the
record in no case, nothing more is asked than that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweep import Judgement
from engine.observables import terms as t
from engine.observables.derive import Derivation
from engine.observables.kleene import TRUE
from engine.observables.rows import RecordRows
from engine.planning.tried import Possibilities, Values, cases_of_one
from engine.vocabulary import Gate

_BROKEN: Final = [OUTCOME_CODES[one] for one in (Outcome.VIOLATED, Outcome.UNDETERMINED, Outcome.BY_EXCEPTION)]
"""An exception is no plan: whoever plans has time to do without."""
_UNKNOWN: Final = 1

_Kept = tuple[tuple[int, ...], tuple[object, ...]]
"""Questions by their places, and what is tried of the steps that they ask about."""


@dataclass(frozen=True)
class Trials:
    """A record as rows, and the question: as of which day, by what is known when."""

    rules: CompiledRulebook
    rows: RecordRows
    as_of: date
    known_at: datetime
    _kept: dict[_Kept, NDArray[np.uint8]] = field(default_factory=dict)

    def outcomes(self, possibilities: Possibilities) -> NDArray[np.uint8]:
        """Return the codes of outcomes, one row for each card, one column for each possibility."""
        return self.judged(possibilities).outcomes

    def outcomes_of(self, values: Values) -> NDArray[np.uint8]:
        """Return the codes of outcomes of a single possibility, one for each card."""
        return self.outcomes(Possibilities(1, values))[:, 0]

    def broken(self, possibilities: Possibilities) -> NDArray[np.bool_]:
        """Tell which cards are not simply kept in which possibility: violated, undetermined, or by an exception."""
        return np.isin(self.outcomes(possibilities), _BROKEN)

    def judged(self, possibilities: Possibilities) -> Judgement:
        """Return what comes of each possibility, with the reasons."""
        said = possibilities.by_step
        signs = {step: tuple(sorted(own.items())) for step, own in said.items() if _is_same(own.values())}
        asked: list[int] = []
        kept: list[_Kept] = []
        for steps, places in self._questions:
            if all(step in signs or step not in said for step in steps):
                kept.append((places, tuple((step, signs[step]) for step in steps if step in signs)))
            else:
                asked += places
        self._ask_once(possibilities.first(), [one for one in kept if one not in self._kept])
        answers = np.zeros((len(self.rules.sweep.program.questions), possibilities.size), dtype=np.uint8)
        for one in kept:
            answers[list(one[0])] = self._kept[one]
        if asked:
            answers[asked] = self.rules.answers(self._derivation(possibilities), asked)
        return self.rules.sweep.conclude(answers)

    @cached_property
    def _questions(self) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
        """Return the questions to be asked with the steps that they ask about."""
        asked = self._asked_of_record
        answers = np.full((len(self.rules.sweep.program.questions), 1), _UNKNOWN, dtype=np.uint8)
        answers[asked] = self.rules.answers(self._derivation(Possibilities(1, {})), asked)
        applying = self.rules.sweep.applying(answers)
        by_card = self.rules.sweep.by_card
        needed = set(asked).union(*(places for places, applies in zip(by_card, applying, strict=True) if applies))
        grouped = (
            (tuple(sorted(steps)), tuple(place for place in places if place in needed))
            for steps, places in self.rules.questions_by_steps.items()
        )
        return [(steps, places) for steps, places in grouped if places]

    @property
    def _asked_of_record(self) -> list[int]:
        """Return the questions whose answers are the same whatever is tried."""
        questions, tree = self.rules.sweep.program.questions, self.rules.rulebook.tree
        place = tree.ids[self.rows.record["jurisdiction"]]
        elsewhere = [
            number
            for number, question in enumerate(questions)
            if isinstance(question, t.LiesWithin) and not tree.spans(place, within=question.jurisdiction)
        ]
        return [*self.rules.questions_by_steps.get(frozenset(), ()), *elsewhere]

    def _ask_once(self, possibility: Possibilities, lacking: Sequence[_Kept]) -> None:
        """Answer what is the same in all possibilities."""
        if lacking:
            derivation = self._derivation(possibility)
            for one in lacking:
                self._kept[one] = self.rules.answers(derivation, one[0])

    def _derivation(self, possibilities: Possibilities) -> Derivation:
        cases = cases_of_one(self.rows, self.rules.layout, possibilities)
        return self.rules.derivation(cases, as_of=self.as_of, known_at=self.known_at)

    def passes_gate(self, values: Values) -> bool:
        """Tell whether the matter has been to the meeting for sure in a possibility."""
        derivation = self._derivation(Possibilities(1, values))
        return bool(derivation.flag(t.Happened(t.GatePassed(Gate.DISCUSSION)))[0] == TRUE)


def _is_same(values: Iterable[object]) -> bool:
    return all(isinstance(each, int) for each in values)
