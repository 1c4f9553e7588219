"""How assessments are told: from the engine's words to what the interface answers. Decides nothing."""

from api.judging.models import (
    ConsequenceOut,
    GateOut,
    GatesOut,
    SaidVerdict,
    StatusOut,
    ToldFinding,
    VerdictsOut,
)
from api.waivers.standing import WaiverShown
from engine.evaluation.results import Assessment, Finding, GateStatus
from engine.evaluation.words import sentence
from engine.rulebook.rulebook import Rulebook


def told_status(assessment: Assessment, *, record: str, version: int, waivers: tuple[WaiverShown, ...]) -> StatusOut:
    """Tell how a record stands, and beside it the waivers that are in force on the day."""
    receipt, status = assessment.receipt, assessment.status
    return StatusOut(
        record=record,
        version=version,
        as_of=receipt.as_of,
        known_at=receipt.known_at,
        rulebook=receipt.rulebook,
        decided_by=receipt.decided_by,
        outcome=assessment.outcome,
        exclusion=assessment.exclusion,
        compliant=status.compliant,
        questions=status.questions,
        lights=status.lights,
        gates={gate: _gate(found) for gate, found in status.gates.items()},
        findings=tuple(told_finding(finding) for finding in assessment.findings),
        waivers=waivers,
    )


def gates_alone(status: StatusOut) -> GatesOut:
    """Tell of a status the gates only."""
    return GatesOut(
        record=status.record,
        version=status.version,
        as_of=status.as_of,
        known_at=status.known_at,
        rulebook=status.rulebook,
        decided_by=status.decided_by,
        gates=status.gates,
    )


def told_verdicts(assessment: Assessment, rulebook: Rulebook, *, record: str, version: int) -> VerdictsOut:
    """Tell what every card concludes."""
    receipt = assessment.receipt
    cards = {card.id: card for card in rulebook.cards}
    return VerdictsOut(
        record=record,
        version=version,
        as_of=receipt.as_of,
        known_at=receipt.known_at,
        rulebook=receipt.rulebook,
        decided_by=receipt.decided_by,
        verdicts=tuple(
            SaidVerdict(
                **dict(verdict), title=cards[verdict.card].title, sentence=sentence(cards[verdict.card], verdict)
            )
            for verdict in assessment.verdicts
        ),
    )


def told_finding(finding: Finding) -> ToldFinding:
    """Tell a finding."""
    verdict = finding.verdict
    return ToldFinding(
        kind=finding.kind,
        card=finding.card,
        title=finding.title,
        step=finding.step,
        verdict=verdict.verdict,
        violation=verdict.violation,
        doubt=verdict.doubt,
        by_reference=verdict.by_reference,
        actual=verdict.actual,
        required=verdict.required,
        unit=verdict.unit,
        message=finding.message,
        article=finding.article,
        modality=finding.modality,
        remedy=finding.remedy,
        change=finding.change,
        gate=finding.gate,
        consequences=tuple(
            ConsequenceOut(card=part.card, title=part.title, verdict=part.verdict) for part in finding.consequences
        ),
    )


def _gate(status: GateStatus) -> GateOut:
    return GateOut(
        state=status.state,
        barred_by=status.barred_by,
        cannot_tell=status.cannot_tell,
        correctable=status.correctable,
    )
