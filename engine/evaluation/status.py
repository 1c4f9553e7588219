"""How the matter stands: a light for each step, the gates, and whether the record is compliant."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from engine.calendar.moment import epoch_day
from engine.cards.card import Card
from engine.evaluation.findings import kind_of
from engine.evaluation.results import CardVerdict, Finding, GateStatus, Status
from engine.evaluation.single import SingleCase
from engine.observables import terms as t
from engine.observables.kleene import FALSE, TRUE
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import (
    FindingKind,
    Gate,
    GateState,
    Light,
    Quantifier,
    Verdict,
    Violation,
    Weight,
)

_STANDING: Final = frozenset({Verdict.VIOLATED, Verdict.PENDING, Verdict.UNDETERMINED})


def status(
    verdicts: Mapping[str, CardVerdict],
    found: Sequence[Finding],
    rulebook: Rulebook,
    case: SingleCase,
) -> Status:
    """Return the status of a case."""
    # A card that is satisfied, or does not apply, changes no light and shuts no gate.
    cards = [
        (card, verdict)
        for card in rulebook.cards
        if (verdict := verdicts.get(card.id)) is not None and verdict.verdict in _STANDING
    ]
    procedure = case.derivation.law.procedure
    by_step: dict[str, list[tuple[Card, CardVerdict]]] = {}
    for card, verdict in cards:
        by_step.setdefault(card.step, []).append((card, verdict))
    soon = {gate: _is_near(gate, case) for gate in procedure.gates}
    return Status(
        lights={step: _light(step, by_step.get(step, []), case, soon) for step in procedure.steps},
        gates={gate: gate_status(gate, cards) for gate in procedure.gates},
        compliant=not any(finding.kind == FindingKind.FLAG for finding in found),
        questions=sum(finding.kind == FindingKind.QUESTION for finding in found),
    )


def gate_status(gate: Gate, cards: Sequence[tuple[Card, CardVerdict]]) -> GateStatus:
    """Return how a gate stands: shut by a violated or pending barring card, cannot tell by an undetermined one.

    A card that binds by reference only bars nothing.
    """
    barring = [(card, verdict) for card, verdict in cards if card.bars == gate and not verdict.by_reference]
    shut = tuple(card.id for card, verdict in barring if verdict.verdict in {Verdict.VIOLATED, Verdict.PENDING})
    unsure = tuple(card.id for card, verdict in barring if verdict.verdict == Verdict.UNDETERMINED)
    correctable = tuple(
        card.id
        for card, verdict in cards
        if (card.bars is None or verdict.by_reference)
        and card.weight == Weight.BREACH
        and verdict.verdict == Verdict.VIOLATED
    )
    state = GateState.SHUT if shut else GateState.CANNOT_TELL if unsure else GateState.OPEN
    return GateStatus(state=state, barred_by=shut, cannot_tell=unsure, correctable=correctable)


def _light(
    step: str,
    own: Sequence[tuple[Card, CardVerdict]],
    case: SingleCase,
    soon: Mapping[Gate, bool],
) -> Light:
    """Choose the light of a step: the worst first, then how far the step has come."""
    kinds = [kind_of(card, verdict) for card, verdict in own]
    flagged = [verdict for (_, verdict), kind in zip(own, kinds, strict=True) if kind == FindingKind.FLAG]
    if flagged:
        overdue = all(verdict.violation == Violation.OVERDUE for verdict in flagged)
        return Light.OVERDUE if overdue else Light.VIOLATED
    if FindingKind.QUESTION in kinds:
        return Light.CANNOT_TELL
    if any(verdict.verdict == Verdict.PENDING and _is_soon(card, verdict, case, soon) for card, verdict in own):
        return Light.DUE_SOON
    if _completed(step, case):
        return Light.DONE
    open_still = {Verdict.PENDING, Verdict.UNDETERMINED}
    waiting = any(verdict.verdict in open_still for _, verdict in own)
    begun = case.flag(_taken(step)) != FALSE
    return Light.IN_PROGRESS if waiting or begun else Light.NOT_APPLICABLE


def _is_soon(card: Card, verdict: CardVerdict, case: SingleCase, soon: Mapping[Gate, bool]) -> bool:
    """Tell whether a pending card bars a gate that is near, or is a deadline whose last day is."""
    question, warning = case.derivation.question, case.derivation.law.procedure.due_soon_days
    near = verdict.due is not None and epoch_day(verdict.due) - question.as_of <= warning
    return near or (card.bars is not None and soon[card.bars])


def _completed(step: str, case: SingleCase) -> bool:
    view = case.derivation.facts.view(step)
    if view is None or not view.rounds:
        return False
    return case.flag(_last_completed(step, view.step.completes)) == TRUE


@lru_cache(maxsize=1000)
def _taken(step: str) -> t.Flag:
    return t.Taken(step)


@lru_cache(maxsize=1000)
def _last_completed(step: str, completes: str) -> t.Flag:
    return t.OfRounds(step, Quantifier.LAST, t.Happened(t.Own(completes)))


def _is_near(gate: Gate, case: SingleCase) -> bool:
    """Tell whether a gate that is not passed yet is planned within the procedure's days of warning."""
    derivation, place = case.derivation, case.place
    days = derivation.moments.fixed_days(t.GatePassed(gate))
    soon = days.hi[place] - derivation.question.as_of <= derivation.law.procedure.due_soon_days
    return bool(not days.past[place] and soon)
