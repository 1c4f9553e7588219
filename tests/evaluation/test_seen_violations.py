"""Violations that inspections and audits report, each beside a matter that differs by one fact and is in order.

Every matter is the made-up one in which all steps were taken in order and in time, with one thing changed; so a finding
comes from that thing alone. All facts are made up.
"""

from typing import Any

import pytest

from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.reading.texts import read_texts
from engine.vocabulary import Doubt, FindingKind, Gate, GateState, Verdict, Violation
from tests.conftest import ROOT, judged

CLEAN = ROOT / "examples" / "made-up-clean.yaml"
VIOLATED = Verdict.VIOLATED

Changes = dict[str, Any]


def clean_fields() -> dict[str, Any]:
    """Read the clean matter as what it says, steps apart."""
    (text,), _ = read_texts(CLEAN)
    fields: dict[str, Any] = text.data
    return fields


def clean_but(rules: CompiledRulebook, /, **changes: Changes | list[Changes]) -> Assessment:
    """Judge the clean matter with some facts of some steps' only round changed, or with other rounds (a list)."""
    fields = clean_fields()
    steps = fields.pop("steps")
    for step, change in changes.items():
        if isinstance(change, list):
            steps[step] = change
        else:
            (only,) = steps[step]
            steps[step] = [only | change]
    return judged(rules, **fields, **steps)


def of_the_decree(card: str) -> bool:
    return card.startswith(("NR-", "RC-"))


def flags(found: Assessment) -> list[str]:
    return [finding.card for finding in found.of_kind(FindingKind.FLAG) if of_the_decree(finding.card)]


def consequences(found: Assessment, card: str) -> set[str]:
    (finding,) = (finding for finding in found.findings if finding.card == card)
    return {part.card for part in finding.consequences if of_the_decree(part.card)}


def clean(found: Assessment) -> bool:
    findings = [finding for finding in found.findings if of_the_decree(finding.card)]
    return not findings and all(status.state == GateState.OPEN for status in found.status.gates.values())


# --- The review: at the last moment, too late, or replaced ---------------------------------------------------------

# The meeting is held on Monday 2024-09-23. Counted back from it, working days are 09-23, 09-20, 09-19, 09-18 and, after
# the Mid-Autumn days off of 09-15 to 09-17, Saturday 09-14 (made up for), 09-13, 09-12, 09-11.
BEFORE_THE_MEETING = {"issued": "2024-09-20", "changes_made": "2024-09-20"}


@pytest.mark.parametrize(
    ("complete", "verdict"),
    [
        ("2024-09-10", Verdict.SATISFIED),  # seven full working days, 09-11 to 09-20
        ("2024-09-11", Verdict.UNDETERMINED),  # the seventh is the day of the meeting
        ("2024-09-12", Verdict.VIOLATED),  # the day of the meeting is the sixth
        ("2024-09-20", Verdict.VIOLATED),  # sent and reviewed on the last working day before
    ],
)
def test_a_review_on_the_last_working_day_is_in_order_of_time_but_was_given_too_little(
    national: CompiledRulebook,
    complete: str,
    verdict: Verdict,
) -> None:
    review = BEFORE_THE_MEETING | {"received": complete, "file_complete": complete}
    found = clean_but(national, legality_review=review)
    assert found.verdict("NR-25a").verdict == Verdict.SATISFIED
    assert found.verdict("NR-26b").verdict == verdict
    assert found.status.gates[Gate.DISCUSSION].state == GateState.OPEN


def test_a_review_on_the_last_working_day_is_one_flag_that_names_the_days(national: CompiledRulebook) -> None:
    review = BEFORE_THE_MEETING | {"received": "2024-09-20", "file_complete": "2024-09-20"}
    found = clean_but(national, legality_review=review)
    short = found.verdict("NR-26b")
    assert flags(found) == ["NR-26b"]
    assert (short.violation, short.required) == (Violation.TOO_SHORT, 7)
    assert short.actual is not None
    assert (short.actual.lo, short.actual.hi) == (0, 1)
    assert found.status.gates[Gate.DISCUSSION].correctable == ("NR-26b",)


@pytest.mark.parametrize("issued", ["2024-09-24", "2024-11-05"])  # after the meeting; after the contract of 11-04
def test_an_opinion_added_after_the_decision_or_the_contract_is_no_review(
    national: CompiledRulebook, issued: str
) -> None:
    found = clean_but(national, legality_review={"issued": issued, "changes_made": issued})
    assert found.verdict("NR-25a").verdict == Verdict.VIOLATED
    assert found.verdict("NR-25a").violation == Violation.OUT_OF_ORDER
    assert found.status.gates[Gate.DISCUSSION].state == GateState.SHUT
    assert "NR-25a" in found.status.gates[Gate.DISCUSSION].barred_by
    in_time = clean_but(national, legality_review={"issued": "2024-09-20", "changes_made": "2024-09-20"})
    assert clean(in_time)


@pytest.mark.parametrize("form", ["consultation_reply", "countersign", "attendance"])
def test_a_reply_countersign_or_attendance_in_place_of_a_review_is_one_flag_and_shuts_the_gate(
    national: CompiledRulebook, form: str
) -> None:
    found = clean_but(national, legality_review={"form": form})
    assert found.verdict("NR-25a").verdict == found.verdict("NR-25b").verdict == Verdict.VIOLATED
    assert found.verdict("NR-25a").violation == Violation.MISSING
    assert found.status.gates[Gate.DISCUSSION].state == GateState.SHUT
    assert flags(found) == ["NR-25a"]
    assert "NR-25b" in consequences(found, "NR-25a")
    assert clean(clean_but(national, legality_review={"form": "review_opinion"}))


def test_silence_is_no_consent(national: CompiledRulebook) -> None:
    asked = {"received": "2024-08-26", "file_complete": "2024-08-26", "materials": ["draft"]}
    found = clean_but(national, legality_review=[asked])
    assert (found.verdict("NR-25a").verdict, found.verdict("NR-25a").violation) == (VIOLATED, Violation.MISSING)
    assert found.status.gates[Gate.DISCUSSION].state == GateState.SHUT


def test_a_reply_beside_a_review_harms_nobody(national: CompiledRulebook) -> None:
    (review,) = clean_fields()["steps"]["legality_review"]
    reply = {"received": "2024-08-20", "issued": "2024-08-22", "form": "consultation_reply"}
    found = clean_but(national, legality_review=[reply, review])
    assert found.verdict("NR-25a").verdict == found.verdict("NR-25b").verdict == Verdict.SATISFIED
    assert flags(found) == []


# --- The review asks for changes -----------------------------------------------------------------------------------


def test_the_draft_tabled_unchanged_though_the_review_asked_for_changes_is_flagged(national: CompiledRulebook) -> None:
    same = clean_but(national, collective_deliberation={"draft": "v3"})
    assert (same.verdict("NR-28c2").verdict, same.verdict("NR-28c2").violation) == (VIOLATED, Violation.INCONSISTENT)
    assert "NR-28c2" in flags(same)
    changed = clean_but(national, collective_deliberation={"draft": "v4"})
    assert changed.verdict("NR-28c2").verdict == Verdict.SATISFIED
    assert clean(changed)


@pytest.mark.parametrize(
    ("response", "verdict"),
    [
        ("adopted", Verdict.SATISFIED),
        ("partly_with_reasons", Verdict.SATISFIED),
        ("not_adopted", Verdict.VIOLATED),
    ],
)
def test_what_the_review_asks_is_adopted_or_answered_with_reasons(
    national: CompiledRulebook, response: str, verdict: Verdict
) -> None:
    found = clean_but(national, legality_review={"response": response})
    assert found.verdict("NR-28c").verdict == verdict
    assert flags(found) == ([] if verdict == Verdict.SATISFIED else ["NR-28c"])


def test_a_call_for_changes_that_was_ignored_is_one_flag_with_the_unchanged_draft_under_it(
    national: CompiledRulebook,
) -> None:
    found = clean_but(national, legality_review={"response": "not_adopted"}, collective_deliberation={"draft": "v3"})
    assert found.verdict("NR-28c2").verdict == Verdict.VIOLATED
    assert "NR-28c" in flags(found)
    assert "NR-28c2" not in flags(found)
    assert "NR-28c2" in consequences(found, "NR-28c")


# --- Experts, assessors, evaluators --------------------------------------------------------------------------------


def test_experts_all_employed_by_the_undertaking_unit_are_not_neutral(national: CompiledRulebook) -> None:
    # Seven experts, seven of them the unit's own.
    own = {"experts": 7, "experts_of_the_unit": 7, "outside_experts_included": False}
    found = clean_but(national, expert_review=own)
    assert (found.verdict("NR-20b").verdict, found.verdict("NR-20b").violation) == (VIOLATED, Violation.DEFECTIVE)
    assert flags(found) == ["NR-20b"]
    mixed = clean_but(national, expert_review=own | {"experts_of_the_unit": 6, "outside_experts_included": True})
    assert mixed.verdict("NR-20b").verdict == Verdict.SATISFIED
    assert clean(mixed)


def test_the_designer_as_expert_has_a_direct_interest(national: CompiledRulebook) -> None:
    designer = {"body": "某设计院(虚构)", "form": "commissioned"}
    found = clean_but(national, expert_review=designer | {"conflict_declaration": "interest"})
    assert (found.verdict("NR-20c").verdict, found.verdict("NR-20c").violation) == (VIOLATED, Violation.DEFECTIVE)
    assert flags(found) == ["NR-20c"]
    assert clean(clean_but(national, expert_review=designer | {"conflict_declaration": "no_interest"}))


def test_experts_who_declared_nothing_are_a_question_and_no_pass(national: CompiledRulebook) -> None:
    found = clean_but(national, expert_review={"conflict_declaration": None})
    verdict = found.verdict("NR-20c")
    assert (verdict.verdict, verdict.doubt) == (Verdict.UNDETERMINED, Doubt.EVIDENCE_MISSING)


EVALUATION = {
    "started": "2025-09-01",
    "completed": "2025-10-20",
    "evaluator_kind": "third_party",
    "involved": ["public", "deputies"],
    "conclusion": "continue",
}


@pytest.mark.parametrize(
    ("evaluator", "kind", "verdict"),
    [
        ("云岭县评估咨询中心(虚构)", "third_party", Verdict.VIOLATED),
        ("另一评估机构(虚构)", "third_party", Verdict.SATISFIED),
        ("云岭县交通运输局(虚构)", "undertaking_unit", Verdict.NOT_APPLICABLE),
    ],
    ids=["the earlier assessor", "another institute", "the undertaking unit itself"],
)
def test_who_assessed_the_risk_does_not_evaluate_the_decision(
    national: CompiledRulebook, evaluator: str, kind: str, verdict: Verdict
) -> None:
    evaluation = EVALUATION | {"evaluator": evaluator, "evaluator_kind": kind}
    found = clean_but(national, post_decision_evaluation=[evaluation])
    assert found.verdict("NR-36b").verdict == verdict
    assert flags(found) == (["NR-36b"] if verdict == Verdict.VIOLATED else [])


@pytest.mark.parametrize(
    ("evaluator", "verdict"),
    [("某咨询院(虚构)", Verdict.VIOLATED), ("另一评估机构(虚构)", Verdict.SATISFIED)],
    ids=["the same institute", "another institute"],
)
def test_who_was_commissioned_with_the_expert_review_does_not_evaluate_the_decision(
    national: CompiledRulebook, evaluator: str, verdict: Verdict
) -> None:
    found = clean_but(
        national,
        expert_review={"form": "commissioned", "body": "某咨询院(虚构)"},
        post_decision_evaluation=[EVALUATION | {"evaluator": evaluator}],
    )
    assert found.verdict("NR-36b2").verdict == verdict
    assert flags(found) == (["NR-36b2"] if verdict == Verdict.VIOLATED else [])


# --- The risk cannot be controlled ---------------------------------------------------------------------------------

ASSESSED = {
    "started": "2024-07-22",
    "completed": "2024-08-09",
    "kinds": ["social_stability"],
    "methods": ["survey"],
    "conclusion": "uncontrollable",
    "assessor": "云岭县评估咨询中心(虚构)",
    "assessor_kind": "third_party",
    "departments_heard": True,
    "report_contains": ["risk_points", "prevention", "response_plan"],
    "draft": "v2",
    "documents": ["report"],
}
AGAIN = ASSESSED | {"started": "2024-08-12", "completed": "2024-08-23", "conclusion": "controllable", "draft": "v3"}


@pytest.mark.parametrize(
    ("assessments", "verdict"),
    [
        ([ASSESSED], Verdict.VIOLATED),
        ([ASSESSED, AGAIN], Verdict.SATISFIED),
        ([ASSESSED, AGAIN | {"draft": "v2"}], Verdict.VIOLATED),  # the draft was not adjusted
        ([ASSESSED, AGAIN | {"conclusion": "uncontrollable"}], Verdict.VIOLATED),
        # Assessed again only after the decision of 2024-09-23.
        ([ASSESSED, AGAIN | {"started": "2024-09-24", "completed": "2024-09-27"}], Verdict.VIOLATED),
    ],
)
def test_an_uncontrollable_risk_shuts_the_gate_to_issue_until_an_adjusted_draft_makes_it_controllable(
    national: CompiledRulebook, assessments: list[Changes], verdict: Verdict
) -> None:
    found = clean_but(national, risk_assessment=assessments)
    issue, discussion = found.status.gates[Gate.ISSUE], found.status.gates[Gate.DISCUSSION]
    assert found.verdict("NR-24").verdict == verdict
    assert issue.state == (GateState.SHUT if verdict == Verdict.VIOLATED else GateState.OPEN)
    assert issue.barred_by == (("NR-24",) if verdict == Verdict.VIOLATED else ())
    assert discussion.state == GateState.OPEN


# --- The comment period and who was heard --------------------------------------------------------------------------

# From 2024-05-21 to 2024-06-10 are 20 days, 21 with the first.
SHORT = {"closed": {"announced": "2024-06-10", "actual": "2024-06-10"}}


def test_a_shortened_period_explained_only_in_the_later_report_is_too_short(national: CompiledRulebook) -> None:
    found = clean_but(national, public_comment=SHORT | {"shortening_explained_afterwards": True})
    short = found.verdict("NR-15b")
    assert (short.verdict, short.violation, short.required) == (VIOLATED, Violation.TOO_SHORT, 30)
    assert short.actual is not None
    assert (short.actual.lo, short.actual.hi) == (20, 21)
    assert found.verdict("NR-15c").verdict == Verdict.VIOLATED
    assert flags(found) == ["NR-15b"]
    assert consequences(found, "NR-15b") == {"NR-15c"}


def test_a_shortened_period_explained_in_the_notice_is_satisfied_by_exception(national: CompiledRulebook) -> None:
    found = clean_but(national, public_comment=SHORT | {"shortening_explained_in_notice": True})
    assert (found.verdict("NR-15b").verdict, found.verdict("NR-15b").by_exception) == (Verdict.SATISFIED, True)
    assert found.verdict("NR-15c").verdict == Verdict.SATISFIED
    assert clean(found)


def test_no_meeting_with_the_group_concerned_is_a_flag_that_bars_nothing(national: CompiledRulebook) -> None:
    # The hearing of the clean matter has all sides at the table; without that, nobody met the group.
    hearing = {"all_sides_represented": False}
    nobody = clean_but(national, other_participation=[], hearing=hearing)
    assert (nobody.verdict("NR-14c").verdict, nobody.verdict("NR-14c").violation) == (VIOLATED, Violation.MISSING)
    assert nobody.verdict("NR-14a").verdict == Verdict.SATISFIED
    assert "NR-14c" in flags(nobody)
    assert nobody.status.gates[Gate.DISCUSSION].state == GateState.OPEN
    assert "NR-14c" in nobody.status.gates[Gate.DISCUSSION].correctable
    one_meeting = clean_but(national, hearing=hearing)
    assert one_meeting.verdict("NR-14c").verdict == Verdict.SATISFIED
    assert "NR-14c" not in flags(one_meeting)


def test_a_meeting_without_the_organisations_of_the_group_is_a_notice(national: CompiledRulebook) -> None:
    found = clean_but(national, other_participation={"heard": ["group_representatives"]})
    assert found.verdict("NR-14c").verdict == Verdict.SATISFIED
    assert found.verdict("NR-14c2").verdict == Verdict.VIOLATED
    assert [(finding.kind, finding.card) for finding in found.findings] == [(FindingKind.NOTICE, "NR-14c2")]
    assert found.status.compliant


def test_a_web_notice_that_nobody_answered_is_a_notice_and_no_flag(national: CompiledRulebook) -> None:
    facts: dict[str, Any] = {"other_participation": [], "hearing": [], "opinion_adoption": []}
    none = clean_but(national, public_comment={"opinions": 0}, **facts).verdict("NR-14b")
    one = clean_but(national, public_comment={"opinions": 1}, **facts).verdict("NR-14b")
    assert (none.verdict, one.verdict) == (Verdict.VIOLATED, Verdict.SATISFIED)


# --- The catalogue -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("published", ["2024-03-04", "2024-03-11", "2024-07-01", "2024-09-20"])
def test_nationally_no_day_of_the_year_is_too_late_for_a_catalogue(national: CompiledRulebook, published: str) -> None:
    found = clean_but(national, catalogue_listing={"published": published, "filed": "2024-10-08"})
    assert {finding.card for finding in found.findings if finding.step == "catalogue_listing"} == set()
    assert found.verdict("NR-03d").verdict == Verdict.SATISFIED
    assert clean(found)


@pytest.mark.parametrize(
    ("consent", "verdict"),
    [("2024-03-10", Verdict.SATISFIED), ("2024-03-11", Verdict.SATISFIED), ("2024-03-12", Verdict.VIOLATED)],
)
def test_a_consent_after_the_publication_of_the_catalogue_is_none(
    national: CompiledRulebook, consent: str, verdict: Verdict
) -> None:
    found = clean_but(national, catalogue_listing={"party_consent": consent, "published": "2024-03-11"})
    assert found.verdict("NR-03d").verdict == verdict
    assert flags(found) == (["NR-03d"] if verdict == Verdict.VIOLATED else [])
    assert found.status.gates[Gate.DISCUSSION].state == GateState.OPEN


@pytest.mark.parametrize(
    ("until", "verdict"),
    [("2024-09-23", Verdict.SATISFIED), ("2024-09-22", Verdict.VIOLATED)],
)
def test_a_catalogue_whose_time_went_by_is_a_notice(national: CompiledRulebook, until: str, verdict: Verdict) -> None:
    found = clean_but(national, catalogue_listing={"scheduled_until": until})
    assert found.verdict("NR-03e2").verdict == verdict
    assert flags(found) == []
    assert [finding.card for finding in found.findings] == (["NR-03e2"] if verdict == Verdict.VIOLATED else [])


# --- Executed before it was decided --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "signed", "verdict", "state"),
    [
        ("2024-09-01", "2024-09-20", Verdict.VIOLATED, GateState.SHUT),
        ("2024-09-01", "2024-09-24", Verdict.SATISFIED, GateState.OPEN),
        # On the day of the decision only the times of day could tell.
        ("2024-09-01", "2024-09-23", Verdict.UNDETERMINED, GateState.CANNOT_TELL),
    ],
)
def test_a_contract_before_the_decision_shuts_the_gate_to_issue(
    national: CompiledRulebook, named: str, signed: str, verdict: Verdict, state: GateState
) -> None:
    found = clean_but(national, execution={"named": named, "started": signed})
    contract = found.verdict("NR-34c")
    assert contract.verdict == verdict
    assert contract.violation == (Violation.OUT_OF_ORDER if verdict == Verdict.VIOLATED else None)
    assert found.status.gates[Gate.ISSUE].state == state
    assert flags(found) == (["NR-34c"] if verdict == Verdict.VIOLATED else [])
