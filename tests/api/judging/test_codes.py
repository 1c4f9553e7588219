"""What is kept as bytes is what was judged."""

from datetime import date

from api.judging import codes
from engine.evaluation.assess import assess
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweep import VIOLATIONS
from engine.observables.kleene import DOUBTS
from engine.record.reading import read_records
from engine.vocabulary import Verdict
from tests.conftest import KNOWN_AT, ROOT


def test_bytes_tell_outcomes_reasons_lights_and_gates(national: CompiledRulebook) -> None:
    book = national.rulebook
    path = ROOT / "examples" / "made-up-violations.yaml"
    (read,), _ = read_records([path], procedures=book.procedures, jurisdictions=book.tree.ids)
    day = date(2026, 6, 30)
    found = assess(read.record, national, as_of=day, known_at=KNOWN_AT, decided_by="sweep")
    outcomes = [codes.OUTCOMES[code] for code in codes.outcomes(found)]
    assert [outcome.verdict for outcome in outcomes] == [verdict.verdict for verdict in found.verdicts]
    for verdict, reason in zip(found.verdicts, codes.reasons(found), strict=True):
        told = {Verdict.VIOLATED: verdict.violation, Verdict.UNDETERMINED: verdict.doubt}.get(verdict.verdict)
        names = VIOLATIONS if verdict.verdict == Verdict.VIOLATED else DOUBTS
        assert (names[reason] if reason else None) == told
    assert [codes.LIGHTS[code] for code in codes.lights(found)] == list(found.status.lights.values())
    states = [gate.state for gate in found.status.gates.values()]
    assert [codes.GATE_STATES[code] for code in codes.gates(found)] == states
    sweep = national.sweep.evaluate(
        national.columns(national.derivation(national.cases([read.record]), as_of=day, known_at=KNOWN_AT))
    )
    assert codes.outcomes(found) == sweep.outcomes[:, 0].tobytes()
    assert codes.reasons(found) == sweep.reasons[:, 0].tobytes()
