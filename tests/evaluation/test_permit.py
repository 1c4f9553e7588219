"""A procedure of four steps and three cards, made of YAML alone, goes through both evaluators."""

from typing import Any

import pytest

from engine.evaluation.compiled import CompiledRulebook
from engine.vocabulary import Doubt, FindingKind, Gate, GateState, Light, Verdict, Violation
from tests.conftest import judged

REASON = {"technical": {"value": True, "reason": "new technology (made up)"}}


def test_nine_days_of_notice_are_too_short_and_ten_are_enough(permit: CompiledRulebook) -> None:
    nine = judged(permit, notice={"opened": "2024-03-01", "closed": "2024-03-10"}).verdict("PA-1")
    ten = judged(permit, notice={"opened": "2024-03-01", "closed": "2024-03-11"}).verdict("PA-1")
    assert (nine.verdict, nine.violation) == (Verdict.VIOLATED, Violation.TOO_SHORT)
    assert nine.actual is not None
    assert (nine.actual.lo, nine.actual.hi, nine.required) == (9, 9, 10)
    assert ten.verdict == Verdict.SATISFIED


def test_what_happens_after_the_as_of_day_is_not_seen(permit: CompiledRulebook) -> None:
    notice = {"opened": "2024-03-01", "closed": "2024-03-10"}
    assert judged(permit, as_of="2024-02-29", notice=notice).verdict("PA-1").verdict == Verdict.NOT_APPLICABLE
    assert judged(permit, as_of="2024-03-09", notice=notice).verdict("PA-1").verdict == Verdict.PENDING
    assert judged(permit, as_of="2024-03-10", notice=notice).verdict("PA-1").verdict == Verdict.VIOLATED


def test_an_announced_end_that_is_too_early_is_violated_on_the_day_the_notice_opens(permit: CompiledRulebook) -> None:
    notice = {"opened": "2024-03-01", "closed": {"announced": "2024-03-08"}}
    found = judged(permit, as_of="2024-03-01", notice=notice)
    assert found.verdict("PA-1").verdict == Verdict.VIOLATED
    assert found.findings[0].change is not None
    assert "3 days later" in found.findings[0].change.en


def test_what_lies_in_the_past_gets_no_target_date(permit: CompiledRulebook) -> None:
    found = judged(permit, notice={"opened": "2024-03-01", "closed": "2024-03-08"})
    assert found.findings[0].change is None


def test_a_short_notice_is_excepted_only_by_its_own_statement(permit: CompiledRulebook) -> None:
    notice = {"opened": "2024-03-01", "closed": "2024-03-08", "urgent": True}
    verdict = judged(permit, notice=notice).verdict("PA-1")
    assert (verdict.verdict, verdict.by_exception) == (Verdict.SATISFIED, True)


def test_without_a_determination_the_duty_is_undetermined_and_not_inapplicable(permit: CompiledRulebook) -> None:
    verdict = judged(permit).verdict("PA-2")
    assert (verdict.verdict, verdict.doubt) == (Verdict.UNDETERMINED, Doubt.DETERMINATION_MISSING)
    unfounded = judged(permit, determinations={"technical": {"value": False}}).verdict("PA-2")
    assert unfounded.verdict == Verdict.UNDETERMINED
    founded = judged(permit, determinations={"technical": {"value": False, "reason": "made up"}}).verdict("PA-2")
    assert founded.verdict == Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("done", "decided", "verdict", "gate"),
    [
        ("2024-03-01", "2024-03-02", Verdict.SATISFIED, GateState.OPEN),
        ("2024-03-03", "2024-03-02", Verdict.VIOLATED, GateState.SHUT),
        ("2024-03-02", "2024-03-02", Verdict.UNDETERMINED, GateState.CANNOT_TELL),
        ("2024-03-02T09:00", "2024-03-02T14:00", Verdict.SATISFIED, GateState.OPEN),
        ("2024-03-02T15:00", "2024-03-02T14:00", Verdict.VIOLATED, GateState.SHUT),
    ],
)
def test_order_on_one_day_needs_times(
    permit: CompiledRulebook,
    done: str,
    decided: str,
    verdict: Verdict,
    gate: GateState,
) -> None:
    found = judged(permit, determinations=REASON, examination={"done": done}, decision={"decided": decided})
    assert found.verdict("PA-2").verdict == verdict
    assert found.status.gates[Gate.DISCUSSION].state == gate


def test_a_step_is_missing_only_once_its_gate_is_passed(permit: CompiledRulebook) -> None:
    before = judged(permit, determinations=REASON)
    after = judged(permit, determinations=REASON, decision={"decided": "2024-03-02"})
    assert before.verdict("PA-2").verdict == Verdict.PENDING
    assert before.status.gates[Gate.DISCUSSION].state == GateState.SHUT
    assert after.verdict("PA-2").violation == Violation.MISSING


def test_a_deadline_is_pending_until_its_day_has_passed(permit: CompiledRulebook) -> None:
    application = {"received": "2022-03-18"}
    assert judged(permit, as_of="2022-04-18", application=application).verdict("PA-3").verdict == Verdict.PENDING
    overdue = judged(permit, as_of="2022-04-19", application=application)
    assert overdue.verdict("PA-3").violation == Violation.OVERDUE
    assert overdue.status.lights["decision"] == Light.OVERDUE
    late = judged(permit, application=application, decision={"decided": "2022-04-19"})
    assert late.verdict("PA-3").violation == Violation.LATE


def test_nothing_stays_pending_for_a_matter_that_ended_without_a_decision(permit: CompiledRulebook) -> None:
    ended: dict[str, Any] = {
        "outcome": {"kind": "withdrawn", "on": "2024-03-05", "reason": "made up"},
        "determinations": REASON,
    }
    assert judged(permit, **ended).verdict("PA-2").verdict == Verdict.NOT_APPLICABLE
    assert judged(permit, as_of="2024-03-04", **ended).verdict("PA-2").verdict == Verdict.PENDING


def test_what_was_entered_later_was_not_known(permit: CompiledRulebook) -> None:
    late = {"opened": "2024-03-01", "closed": "2024-03-08", "entered": "2026-07-01T09:00"}
    assert judged(permit, notice=late).verdict("PA-1").verdict == Verdict.NOT_APPLICABLE


def test_a_question_is_no_flag(permit: CompiledRulebook) -> None:
    found = judged(permit)
    assert [finding.kind for finding in found.findings] == [FindingKind.QUESTION]
    assert found.status.compliant
    assert found.status.questions == 1


def test_the_same_question_gives_the_same_receipt_byte_for_byte(permit: CompiledRulebook) -> None:
    notice = {"opened": "2024-03-01", "closed": "2024-03-08"}
    assert judged(permit, notice=notice).receipt.text() == judged(permit, notice=notice).receipt.text()
