"""Why a verdict is what it is: how a duty was violated, why it cannot be told, and the numbers to show.

Verdicts come from the evaluators; this only explains them, for one case and for millions alike.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.compile import OUTCOME_CODES, CompiledCard, Outcome
from engine.evaluation.sweep import Codes
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


def details(card: CompiledCard, derivation: Derivation, codes: Codes) -> Details:
    """Explain the outcomes of one card."""
    reason = np.zeros(len(codes), dtype=np.uint8)
    violated = codes == OUTCOME_CODES[Outcome.VIOLATED]
    undetermined = codes == OUTCOME_CODES[Outcome.UNDETERMINED]
    if violated.any():
        reason = np.where(violated, _violations(card, derivation), reason)
    if undetermined.any():
        reason = np.where(undetermined, doubts(card, derivation), reason)
    duty = card.meaning.duty
    if duty.actual is None or duty.required is None:
        return Details(reason)
    actual, required = derivation.number(duty.actual), derivation.number(duty.required)
    return Details(reason, actual.lo, actual.hi, required.lo)


def _violations(card: CompiledCard, derivation: Derivation) -> NDArray[np.uint8]:
    duty = card.meaning.duty
    found = derivation.constant(VIOLATION_CODES[duty.violation])
    for condition, violation in reversed(duty.violations):
        found = np.where(derivation.condition(condition) == TRUE, np.uint8(VIOLATION_CODES[violation]), found)
    return found


def doubts(card: CompiledCard, derivation: Derivation) -> Truth:
    """Return the code of the doubt that keeps a card from being decided, for cases in which it is undetermined."""
    meaning = card.meaning
    applies, met = derivation.condition(meaning.applies), derivation.condition(meaning.duty.met)
    settled, unless = derivation.condition(meaning.duty.settled), derivation.condition(meaning.unless)
    ended = derivation.condition(meaning.ended)
    unconfirmed = np.uint8(DOUBT_CODES[Doubt.SOURCE_UNCONFIRMED])
    unmet = np.where(_unknown(unless), unless, unconfirmed)
    in_doubt = np.where(settled == FALSE, ended, met)
    return np.where(_unknown(applies), applies, np.where(met == FALSE, unmet, in_doubt))


def _unknown(truth: Truth) -> NDArray[np.bool_]:
    return (truth > FALSE) & (truth < TRUE)
