"""The national cards on real and made-up matters: what was promised of them, case by case."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.evaluation.assess import assess
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.record import DecisionRecord
from engine.record.reading import read_records
from engine.rulebook.reading import load_rulebook
from engine.vocabulary import Doubt, FindingKind, Gate, GateState, Owner, Verdict, Violation
from tests.conftest import KNOWN_AT, ROOT, judged

CHONGMING = ROOT / "examples" / "chongming-civil-affairs-plan-2021.yaml"
JINDU_ROAD = ROOT / "examples" / "minhang-jindu-road-2024.yaml"
CLEAN = ROOT / "examples" / "made-up-clean.yaml"
UNDER_WAY = ROOT / "examples" / "made-up-under-way.yaml"
VIOLATIONS = ROOT / "examples" / "made-up-violations.yaml"

FIRST_DAY_COUNTS = """
  - jurisdiction: CN-31-CM
    counting: {start_day_counts: "yes"}
    confidence: found
    source: {instrument: decree-713, article: "15", checked_on: 2026-11-23, note: made up for a test}
"""


def read(rules: CompiledRulebook, path: Path) -> DecisionRecord:
    known = {"procedures": rules.rulebook.procedures, "jurisdictions": rules.rulebook.tree.ids}
    records, problems = read_records([path], **known)  # type: ignore[arg-type]
    assert not problems
    return records[0].record


def on(rules: CompiledRulebook, record: DecisionRecord, day: str) -> Assessment:
    return assess(record, rules, as_of=date.fromisoformat(day), known_at=KNOWN_AT)


def without(record: DecisionRecord, *steps: str) -> DecisionRecord:
    emptied = record.steps.model_copy(update=dict.fromkeys(steps, ()))
    return record.model_copy(update={"steps": emptied})


# --- Chongming and Jindu Road -----------------------------------------------------------------------------------


def test_chongming_is_undetermined_by_the_method_of_counting(national: CompiledRulebook) -> None:
    found = on(national, read(national, CHONGMING), "2021-12-31")
    verdict = found.verdict("NR-15b")
    assert (verdict.verdict, verdict.doubt) == (Verdict.UNDETERMINED, Doubt.COUNTING_METHOD_UNSET)
    assert verdict.actual is not None
    assert (verdict.actual.lo, verdict.actual.hi, verdict.required) == (29, 30, 30)
    assert verdict.owner == Owner.RULEBOOK
    assert "NR-15b" not in {finding.card for finding in found.findings}


def test_chongming_is_satisfied_where_the_first_day_counts(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    parameter = tmp_path / "rules" / "parameters" / "comment_days.yaml"
    parameter.write_text(parameter.read_text(encoding="utf-8").rstrip() + FIRST_DAY_COUNTS, encoding="utf-8")
    rules = CompiledRulebook(load_rulebook(tmp_path / "rules"), "major_decision")
    assert on(rules, read(rules, CHONGMING), "2021-12-31").verdict("NR-15b").verdict == Verdict.SATISFIED


def test_experts_before_the_comment_period_are_no_violation(national: CompiledRulebook) -> None:
    found = on(national, read(national, CHONGMING), "2021-12-31")
    assert found.of_kind(FindingKind.FLAG) == ()
    assert found.status.compliant


def test_jindu_road_is_undetermined_for_an_inexact_moment(national: CompiledRulebook) -> None:
    verdict = on(national, read(national, JINDU_ROAD), "2024-12-31").verdict("NR-15b")
    assert (verdict.verdict, verdict.doubt) == (Verdict.UNDETERMINED, Doubt.MOMENT_NOT_EXACT)
    assert verdict.owner == Owner.RECORD


def test_a_doubt_that_does_not_decide_is_no_doubt(national: CompiledRulebook) -> None:
    found = judged(national, public_comment={"opened": "2024-01", "closed": "2024-06-30"})
    assert found.verdict("NR-15b").verdict == Verdict.SATISFIED


# --- public comment ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounds", "verdict"),
    [
        ([("2024-03-01", "2024-03-11"), ("2024-04-01", "2024-04-11")], Verdict.VIOLATED),
        ([("2024-03-01", "2024-03-11"), ("2024-04-01", "2024-05-02")], Verdict.SATISFIED),
    ],
)
def test_days_of_several_rounds_are_never_added(
    national: CompiledRulebook,
    rounds: list[tuple[str, str]],
    verdict: Verdict,
) -> None:
    found = judged(national, public_comment=[{"opened": start, "closed": end} for start, end in rounds])
    assert found.verdict("NR-15b").verdict == verdict


def test_a_reason_in_the_notice_excepts_and_one_in_the_later_report_does_not(national: CompiledRulebook) -> None:
    period = {"opened": "2024-03-01", "closed": {"announced": "2024-03-21", "actual": "2024-03-21"}}
    in_notice = judged(national, public_comment=period | {"shortening_explained_in_notice": True}).verdict("NR-15b")
    in_report = period | {"shortening_explained_afterwards": True}
    assert (in_notice.verdict, in_notice.by_exception) == (Verdict.SATISFIED, True)
    assert judged(national, public_comment=in_report).verdict("NR-15b").verdict == Verdict.VIOLATED
    opening_day = judged(national, as_of="2024-03-01", public_comment=in_report).verdict("NR-15b")
    assert (opening_day.verdict, opening_day.violation) == (Verdict.VIOLATED, Violation.TOO_SHORT)


# --- legality review ---------------------------------------------------------------------------------------------

REVIEW = {"received": "2024-04-01", "file_complete": "2024-04-01", "form": "review_opinion", "conclusion": "lawful"}


def gate(found: Assessment) -> GateState:
    return found.status.gates[Gate.DISCUSSION].state


def test_a_review_after_the_meeting_shuts_the_gate(national: CompiledRulebook) -> None:
    review = REVIEW | {"issued": "2024-05-21"}
    found = judged(national, legality_review=review, collective_deliberation={"held": "2024-05-20"})
    assert found.verdict("NR-25a").violation == Violation.OUT_OF_ORDER
    assert gate(found) == GateState.SHUT


def test_a_reply_of_no_comment_in_place_of_a_review_shuts_the_gate_and_is_one_flag(national: CompiledRulebook) -> None:
    reply = {"received": "2024-04-01", "issued": "2024-04-10", "form": "consultation_reply"}
    found = judged(national, legality_review=reply, collective_deliberation={"held": "2024-05-20"})
    assert gate(found) == GateState.SHUT
    assert found.verdict("NR-25a").verdict == found.verdict("NR-25b").verdict == Verdict.VIOLATED
    flags = [finding for finding in found.of_kind(FindingKind.FLAG) if finding.step == "legality_review"]
    assert [flag.card for flag in flags] == ["NR-25a"]
    assert "NR-25b" in {part.card for part in flags[0].consequences}


def test_a_review_on_the_day_of_the_meeting_cannot_be_told_without_times(national: CompiledRulebook) -> None:
    review = REVIEW | {"issued": "2024-05-20"}
    found = judged(national, legality_review=review, collective_deliberation={"held": "2024-05-20"})
    assert found.verdict("NR-25a").doubt == Doubt.SAME_DAY_ORDER
    assert gate(found) == GateState.CANNOT_TELL


def test_without_a_review_and_before_the_meeting_the_duty_is_pending(national: CompiledRulebook) -> None:
    assert judged(national).verdict("NR-25a").verdict == Verdict.PENDING
    planned = judged(national, as_of="2024-05-01", collective_deliberation={"held": {"planned": "2024-05-20"}})
    assert planned.verdict("NR-25a").verdict == Verdict.PENDING


@pytest.mark.parametrize("held", ["2022-10-08", {"planned": "2022-10-08"}])
def test_five_working_days_before_the_meeting_are_too_short(national: CompiledRulebook, held: object) -> None:
    found = judged(
        national,
        as_of="2022-09-27" if isinstance(held, dict) else "2026-06-30",
        legality_review={"received": "2022-09-26", "file_complete": "2022-09-26", "form": "review_opinion"},
        collective_deliberation={"held": held},
    )
    verdict = found.verdict("NR-26b")
    assert (verdict.verdict, verdict.violation, verdict.required) == (Verdict.VIOLATED, Violation.TOO_SHORT, 7)


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        ("2022-10-09", Verdict.VIOLATED),
        ("2022-10-10", Verdict.UNDETERMINED),
        ("2022-10-11", Verdict.SATISFIED),
    ],
)
def test_the_seventh_working_day_after_2022_09_26_is_2022_10_10(
    national: CompiledRulebook,
    held: str,
    verdict: Verdict,
) -> None:
    review = {"received": "2022-09-26", "file_complete": "2022-09-26", "form": "review_opinion"}
    found = judged(national, legality_review=review, collective_deliberation={"held": held})
    assert found.verdict("NR-26b").verdict == verdict


def test_a_working_day_beyond_the_last_notice_cannot_be_counted(national: CompiledRulebook) -> None:
    review = {"received": "2026-12-25", "file_complete": "2026-12-25", "form": "review_opinion"}
    found = judged(national, as_of="2027-02-01", legality_review=review, collective_deliberation={"held": "2027-01-20"})
    assert found.verdict("NR-26b").doubt == Doubt.CALENDAR_HORIZON


# --- experts, findings, law in force -----------------------------------------------------------------------------


def test_without_the_determination_technical_experts_are_undetermined(national: CompiledRulebook) -> None:
    verdict = judged(national, collective_deliberation={"held": "2024-05-20"}).verdict("NR-19a")
    assert (verdict.verdict, verdict.doubt) == (Verdict.UNDETERMINED, Doubt.DETERMINATION_MISSING)


def test_a_clean_record_has_no_finding(national: CompiledRulebook) -> None:
    found = on(national, read(national, CLEAN), "2026-06-30")
    assert found.findings == ()
    # The archive is handed over ten years on.
    later = {"NR-33j", "SP-14"}
    others = [verdict for verdict in found.verdicts if verdict.card not in later and not verdict.card.startswith("DP-")]
    assert {verdict.verdict for verdict in others} <= {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}
    # No number of days is set nationally for archiving, so no decided matter can be told to have kept to it.
    assert found.verdict("NR-33j").doubt == Doubt.PARAMETER_WITHOUT_VALUE
    # Nor does any place ask yet for a depth of participation.
    depth = {verdict.doubt for verdict in found.verdicts if verdict.card.startswith("DP-")}
    assert depth == {Doubt.PARAMETER_WITHOUT_VALUE}
    assert found.status.gates[Gate.DISCUSSION].state == GateState.OPEN


def test_a_clean_record_without_its_legality_review_has_exactly_one_flag(national: CompiledRulebook) -> None:
    found = on(national, without(read(national, CLEAN), "legality_review"), "2026-06-30")
    assert [(finding.kind, finding.card) for finding in found.findings] == [(FindingKind.FLAG, "NR-25a")]
    assert {part.card for part in found.findings[0].consequences} >= {"NR-25b", "NR-26b"}


def test_a_planned_meeting_that_is_too_early_is_the_only_finding_of_a_careful_matter_under_way(
    national: CompiledRulebook,
) -> None:
    found = on(national, read(national, UNDER_WAY), "2024-12-31")
    assert [(finding.kind, finding.card) for finding in found.findings] == [(FindingKind.FLAG, "NR-26b")]
    assert found.findings[0].change is not None


def test_the_violations_of_a_careless_matter_are_not_drowned_in_questions(national: CompiledRulebook) -> None:
    found = on(national, read(national, VIOLATIONS), "2024-12-31")
    flags = {finding.card for finding in found.of_kind(FindingKind.FLAG)}
    assert flags >= {"NR-10d", "NR-15b", "NR-16e", "NR-20c", "NR-24", "NR-25a", "NR-31", "NR-34a"}
    assert found.of_kind(FindingKind.QUESTION) == ()


@pytest.mark.parametrize(
    ("opened", "closed", "judged_at_all"), [("2019-08-31", "2019-09-05", False), ("2019-09-01", "2019-09-06", True)]
)
def test_an_act_is_judged_by_the_law_of_its_day(
    national: CompiledRulebook,
    opened: str,
    closed: str,
    *,
    judged_at_all: bool,
) -> None:
    verdict = judged(national, public_comment={"opened": opened, "closed": closed}).verdict("NR-15b")
    assert (verdict.verdict == Verdict.VIOLATED) == judged_at_all
    assert (verdict.verdict == Verdict.NOT_APPLICABLE) != judged_at_all


def test_a_township_is_judged_by_reference_and_nothing_is_barred(national: CompiledRulebook) -> None:
    facts: dict[str, Any] = {"organ_level": "township", "collective_deliberation": {"held": "2024-05-20"}}
    found = judged(national, **facts)
    assert found.verdict("NR-25a").verdict == Verdict.VIOLATED
    assert found.verdict("NR-25a").by_reference
    assert gate(found) == GateState.OPEN


# --- what is not certain is not believed -------------------------------------------------------------------------


@pytest.mark.parametrize("on", ["unknown", "2024", "2024-12"])
def test_an_exclusion_of_no_certain_day_is_not_believed(national: CompiledRulebook, on: str) -> None:
    claim = {"ground": "emergency", "basis": "made up", "by": "made up", "on": on}
    facts: dict[str, Any] = {"exclusion": claim, "collective_deliberation": {"held": "2024-05-20"}}
    found = judged(national, as_of="2024-12-05", **facts)
    assert found.verdict("NR-25a").verdict == Verdict.VIOLATED
    assert gate(found) == GateState.SHUT
    certain = judged(national, as_of="2025-12-05", **facts).verdict("NR-25a").verdict
    assert (certain == Verdict.NOT_APPLICABLE) == (on != "unknown")


def test_a_determination_of_a_month_that_is_not_over_switches_nothing_off(national: CompiledRulebook) -> None:
    facts: dict[str, Any] = {
        "determinations": {"technical": {"value": False, "reason": "made up", "on": "2024-12"}},
        "collective_deliberation": {"held": "2024-12-02"},
    }
    assert judged(national, as_of="2024-12-05", **facts).verdict("NR-19a").verdict == Verdict.UNDETERMINED
    assert judged(national, as_of="2025-01-05", **facts).verdict("NR-19a").verdict == Verdict.NOT_APPLICABLE


def test_a_return_after_the_meeting_undoes_no_time_that_was_given(national: CompiledRulebook) -> None:
    events = [{"kind": "returned", "at": "2024-06-03"}, {"kind": "submitted", "at": "2024-06-05"}]
    review = {"file_complete": "2024-04-07", "issued": "2024-05-10", "form": "review_opinion", "events": events}
    found = judged(national, legality_review=review, collective_deliberation={"held": "2024-05-20"})
    assert found.verdict("NR-26b").verdict == Verdict.SATISFIED


def test_leaving_out_the_day_of_a_reply_does_not_make_it_a_review(national: CompiledRulebook) -> None:
    reply = {"received": "2024-05-06", "form": "consultation_reply"}
    found = judged(national, legality_review=reply, collective_deliberation={"held": "2024-05-20"})
    assert found.verdict("NR-25b").verdict == Verdict.VIOLATED
