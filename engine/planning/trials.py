"""What the cards would say if moments fell on certain days, and facts were so: many possibilities at once.

The sweep evaluator answers. A question about what is the same in all possibilities is asked once, and its answer is
kept: it serves until something else is tried of what it is about. Of cards that apply to the
record in no case, nothing more is asked than that.
"""

from collections.abc import Iterable, Mapping, Sequence
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
from engine.observables.inside import Subject
from engine.observables.kleene import TRUE
from engine.observables.rows import RecordRows
from engine.planning.tried import Place, Possibilities, Values, cases_of_one
from engine.vocabulary import Gate

_BROKEN: Final = [OUTCOME_CODES[one] for one in (Outcome.VIOLATED, Outcome.UNDETERMINED, Outcome.BY_EXCEPTION)]
"""An exception is no plan: whoever plans has time to do without."""
_UNKNOWN: Final = 1

_Kept = tuple[int, tuple[int, ...]]
"""Questions that are about the same, and the signs of what is tried of that."""


@dataclass(frozen=True)
class Trials:
    """A record as rows, and the question: as of which day, by what is known when."""

    rules: CompiledRulebook
    rows: RecordRows
    as_of: date
    known_at: datetime
    _kept: dict[_Kept, NDArray[np.uint8]] = field(default_factory=dict)
    _signs: dict[tuple[object, ...], int] = field(default_factory=dict)

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
        """Return what comes of each possibility, with the reasons. A round that is tried in one is there in all."""
        tried = possibilities.by_subject(self.rules.procedure)
        signs = {subject: self._sign(own) for subject, own in tried.items() if _is_same(own.values())}
        varying = tried.keys() - signs.keys()
        asked: list[int] = []
        kept: list[_Kept] = []
        for number, (subjects, places) in enumerate(self._questions):
            if subjects.isdisjoint(varying):
                kept.append((number, tuple(signs[subject] for subject in self._in_order[number] if subject in signs)))
            else:
                asked += places
        self._ask_once(possibilities.first(), [one for one in kept if one not in self._kept])
        answers = np.zeros((len(self.rules.sweep.program.questions), possibilities.size), dtype=np.uint8)
        same = [place for number, _ in kept for place in self._questions[number][1]]
        answers[same] = np.concatenate([self._kept[one] for one in kept])
        if asked:
            answers[asked] = self.rules.answers(self._derivation(possibilities), asked)
        return self.rules.sweep.conclude(answers)

    def _sign(self, tried: Mapping[Place, object]) -> int:
        """Return a number for what is tried of a subject, the same for the same."""
        return self._signs.setdefault(tuple(sorted(tried.items())), len(self._signs))

    @cached_property
    def _questions(self) -> list[tuple[frozenset[Subject], tuple[int, ...]]]:
        """Return the questions to be asked, with what they are about."""
        asked = self._asked_of_record
        answers = np.full((len(self.rules.sweep.program.questions), 1), _UNKNOWN, dtype=np.uint8)
        answers[asked] = self.rules.answers(self._derivation(Possibilities(1, {})), asked)
        applying = self.rules.sweep.applying(answers)
        by_card = self.rules.sweep.by_card
        needed = set(asked).union(*(places for places, applies in zip(by_card, applying, strict=True) if applies))
        grouped = (
            (subjects, tuple(place for place in places if place in needed))
            for subjects, places in self.rules.questions_by_subjects.items()
        )
        return [(subjects, places) for subjects, places in grouped if places]

    @cached_property
    def _in_order(self) -> list[tuple[Subject, ...]]:
        return [tuple(sorted(subjects)) for subjects, _ in self._questions]

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
        return [*self.rules.questions_by_subjects.get(frozenset(), ()), *elsewhere]

    def _ask_once(self, possibility: Possibilities, lacking: Sequence[_Kept]) -> None:
        """Answer what is the same in all possibilities."""
        if lacking:
            derivation = self._derivation(possibility)
            for one in lacking:
                self._kept[one] = self.rules.answers(derivation, self._questions[one[0]][1])

    def _derivation(self, possibilities: Possibilities) -> Derivation:
        cases = cases_of_one(self.rows, self.rules.layout, possibilities)
        return self.rules.derivation(cases, as_of=self.as_of, known_at=self.known_at)

    def passes_gate(self, values: Values) -> bool:
        """Tell whether the matter has been to the meeting for sure in a possibility."""
        derivation = self._derivation(Possibilities(1, values))
        return bool(derivation.flag(t.Happened(t.GatePassed(Gate.DISCUSSION)))[0] == TRUE)


def _is_same(values: Iterable[object]) -> bool:
    return all(isinstance(each, int) for each in values)
