"""Why a verdict is what it is: how a duty was violated, why it cannot be told, and the numbers to show.

Verdicts come from the evaluators; this only explains them, for one case and for millions alike.
"""

from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.compile import OUTCOME_CODES, CompiledCard, Outcome
from engine.evaluation.sweep import Codes
from engine.observables import terms as t
from engine.observables.derive import Derivation
from engine.observables.kleene import DOUBT_CODES, FALSE, TRUE, Truth
from engine.vocabulary import Doubt, Violation

VIOLATION_CODES: Final = {violation: code for code, violation in enumerate(Violation, start=1)}
VIOLATIONS: Final = {code: violation for violation, code in VIOLATION_CODES.items()}


@dataclass(frozen=True, slots=True)
class Details:
    """One entry per case. `reason`: a violation's or a doubt's code, 0 for neither.

    `actual_lo`, `actual_hi`, `required`: numbers in the unit of the card's parameter; None where it has none.
    """

    reason: NDArray[np.uint8]
    actual_lo: NDArray[np.int64] | None = None
    actual_hi: NDArray[np.int64] | None = None
    required: NDArray[np.int64] | None = None


Answer = TypeVar("Answer", Truth, int)
Answer_co = TypeVar("Answer_co", covariant=True)


class Answers(Protocol[Answer_co]):
    """Whoever answers conditions: a derivation for columns, a single case for plain numbers."""

    def condition(self, condition: t.Condition) -> Answer_co:
        """Answer a condition."""

    def choose(self, mask: Any, yes: Any, no: Any) -> Answer_co:  # noqa: ANN401 - a column or a number alike
        """Return one answer where the mask holds, else the other."""


def details(card: CompiledCard, derivation: Derivation, codes: Codes) -> Details:
    """Explain the outcomes of one card."""
    reason = np.zeros(len(codes), dtype=np.uint8)
    violated = codes == OUTCOME_CODES[Outcome.VIOLATED]
    undetermined = codes == OUTCOME_CODES[Outcome.UNDETERMINED]
    if violated.any():
        reason = np.where(violated, violations(card, derivation), reason)
    if undetermined.any():
        reason = np.where(undetermined, doubts(card, derivation), reason)
    duty = card.meaning.duty
    if duty.actual is None or duty.required is None:
        return Details(reason)
    actual, required = derivation.number(duty.actual), derivation.number(duty.required)
    return Details(reason, actual.lo, actual.hi, required.lo)


def violations(card: CompiledCard, answers: Answers[Answer]) -> Answer:
    """Return the code of the violation, for cases in which the card is violated."""
    duty = card.meaning.duty
    found: Any = np.uint8(VIOLATION_CODES[duty.violation])
    for condition, violation in reversed(duty.violations):
        named = np.uint8(VIOLATION_CODES[violation])
        found = answers.choose(answers.condition(condition) == TRUE, named, found)
    return answers.choose(True, found, found)  # noqa: FBT003 - the answer's own kind


def doubts(card: CompiledCard, answers: Answers[Answer]) -> Answer:
    """Return the code of the doubt that keeps a card from being decided, for cases in which it is undetermined."""
    meaning, choose = card.meaning, answers.choose
    applies, met = answers.condition(meaning.applies), answers.condition(meaning.duty.met)
    settled, unless = answers.condition(meaning.duty.settled), answers.condition(meaning.unless)
    ended = answers.condition(meaning.ended)
    unconfirmed = np.uint8(DOUBT_CODES[Doubt.SOURCE_UNCONFIRMED])
    unmet = choose((unless > FALSE) & (unless < TRUE), unless, unconfirmed)
    in_doubt = choose(settled == FALSE, ended, met)
    return choose((applies > FALSE) & (applies < TRUE), applies, choose(met == FALSE, unmet, in_doubt))
