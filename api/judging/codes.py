"""Judgements as bytes: one for each card, step or gate, so that many fit into memory and are counted at once."""

from typing import Final

from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.evaluation.results import Assessment, CardVerdict
from engine.evaluation.sweep import VIOLATION_CODES
from engine.observables.kleene import DOUBT_CODES
from engine.vocabulary import GateState, Light, Verdict

OUTCOMES: Final = tuple(Outcome)
"""The outcomes by their codes."""
LIGHTS: Final = tuple(Light)
"""The lights by their codes."""
GATE_STATES: Final = tuple(GateState)
"""The states of gates by their codes."""

_LIGHT_CODES: Final = {light: code for code, light in enumerate(LIGHTS)}
_STATE_CODES: Final = {state: code for code, state in enumerate(GATE_STATES)}


def outcome_of(verdict: CardVerdict) -> Outcome:
    """Return the outcome that a verdict is."""
    return Outcome.BY_EXCEPTION if verdict.by_exception else _OUTCOME_OF[verdict.verdict]


_OUTCOME_OF: Final = {
    verdict: next(outcome for outcome in Outcome if outcome.verdict == verdict and outcome != Outcome.BY_EXCEPTION)
    for verdict in Verdict
}


def outcomes(assessment: Assessment) -> bytes:
    """Write the outcomes of all cards, in the order of the verdicts."""
    return bytes(OUTCOME_CODES[outcome_of(verdict)] for verdict in assessment.verdicts)


def reasons(assessment: Assessment) -> bytes:
    """Write how each card is violated, or why it is undetermined; else 0."""
    return bytes(
        VIOLATION_CODES[verdict.violation] if verdict.violation else DOUBT_CODES[verdict.doubt] if verdict.doubt else 0
        for verdict in assessment.verdicts
    )


def lights(assessment: Assessment) -> bytes:
    """Write the lights of all steps, in the order of the procedure."""
    return bytes(_LIGHT_CODES[light] for light in assessment.status.lights.values())


def gates(assessment: Assessment) -> bytes:
    """Write the states of all gates, in the order of the procedure."""
    return bytes(_STATE_CODES[gate.state] for gate in assessment.status.gates.values())
