"""What a change of a record would bring about, told before anything is stored. Pure."""

from collections.abc import Iterable, Mapping

from api.judging.models import GateOut, StatusOut, ToldFinding
from api.judging.telling import told_status
from engine.evaluation.results import Assessment
from engine.vocabulary import Frozen, Gate


class ChangedFinding(Frozen):
    """A finding that would say something else."""

    before: ToldFinding
    after: ToldFinding


class ChangedGate(Frozen):
    """A gate before and after; `before`: None for a record that is not there yet."""

    gate: Gate
    before: GateOut | None
    after: GateOut


class Effects(Frozen):
    """Findings that would open, be rectified or change, how many would stay, and how the gates would stand."""

    opened: tuple[ToldFinding, ...]
    rectified: tuple[ToldFinding, ...]
    changed: tuple[ChangedFinding, ...]
    same: int
    gates: tuple[ChangedGate, ...]


def effects(before: StatusOut | None, assessment: Assessment | None) -> Effects:
    """Compare how a record stands with what it would come to; `assessment`: None where nothing would change."""
    after = told_status(assessment, record="", version=0, waivers=()) if assessment else before
    old, new = _by_card(before), _by_card(after)
    both = [(old[card], new[card]) for card in new if card in old]
    changed = [ChangedFinding(before=one, after=other) for one, other in both if _said(one) != _said(other)]
    gates = after.gates if after else {}
    return Effects(
        opened=tuple(finding for card, finding in new.items() if card not in old),
        rectified=tuple(finding for card, finding in old.items() if card not in new),
        changed=tuple(changed),
        same=len(both) - len(changed),
        gates=tuple(
            ChangedGate(gate=gate, before=before.gates.get(gate) if before else None, after=stands)
            for gate, stands in gates.items()
        ),
    )


def _by_card(status: StatusOut | None) -> Mapping[str, ToldFinding]:
    found: Iterable[ToldFinding] = status.findings if status else ()
    return {finding.card: finding for finding in found}


def _said(finding: ToldFinding) -> tuple[object, ...]:
    return finding.kind, finding.verdict, finding.message
