"""What of a moment is seen on a day: what is announced, not exact, undated, annulled, or entered later. All made up.

The permit asks for ten days of notice (PA-1): from 1 March, that day not counted, they are over on 11 March.
"""

from typing import Any

import pytest

from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import CardVerdict
from engine.rulebook.reading import load_rulebook
from engine.vocabulary import Doubt, Verdict, Violation
from tests.conftest import ROOT, judged
from tests.permit import write_permit_rules

SATISFIED, VIOLATED, PENDING, UNDETERMINED, NOT_APPLICABLE = (
    Verdict.SATISFIED,
    Verdict.VIOLATED,
    Verdict.PENDING,
    Verdict.UNDETERMINED,
    Verdict.NOT_APPLICABLE,
)
LONG = {"opened": "2024-03-01", "closed": "2024-03-11"}
TECHNICAL: dict[str, Any] = {"determinations": {"technical": {"value": True, "reason": "made up"}}}
SHORT = {"opened": "2024-03-01", "closed": "2024-03-10"}

EVIDENCE = """
id: EV-1
title: {zh: 申请表在决定前备齐(虚构), en: the form is there before the decision (made up)}
source: {instrument: permit-act, article: "1", checked_on: 2024-01-01}
step: application
modality: shall
weight: breach
gate: none
confidence: found
procedure: permit
binds: [county]
in_force: {from: 2020-01-01, by: application.first.received}
presupposes: application
duty: {kind: evidence, round: any_round, documents: [form], due: gate.discussion}
remedy: {zh: 补交申请表, en: hand in the form}
examples:
  satisfied:
    - {title: with the form, application: {received: 2024-03-01, documents: [form]}}
  violated:
    - {title: without it, application: {received: 2024-03-01}, decision: {decided: 2024-03-20}}
"""


@pytest.fixture(scope="module")
def with_form(tmp_path_factory: pytest.TempPathFactory) -> CompiledRulebook:
    folder = write_permit_rules(tmp_path_factory.mktemp("form"), ROOT / "rules" / "holidays")
    (folder / "cards" / "EV-1.yaml").write_text(EVIDENCE, encoding="utf-8")
    return CompiledRulebook(load_rulebook(folder), "permit")


def notice(rules: CompiledRulebook, *rounds: dict[str, Any], as_of: str = "2024-12-31") -> CardVerdict:
    return judged(rules, as_of=as_of, notice=list(rounds)).verdict("PA-1")


# --- Announced and planned -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closed", "as_of", "verdict"),
    [
        # Announced for the tenth day: open until it has passed, then it stands in for an actual day.
        ({"announced": "2024-03-11"}, "2024-03-10", PENDING),
        ({"announced": "2024-03-11"}, "2024-03-11", SATISFIED),
        ({"announced": "2024-03-10"}, "2024-03-10", VIOLATED),
        # A day too early is violated from the first day on.
        ({"announced": "2024-03-10"}, "2024-03-01", VIOLATED),
        # What really happened goes before what was announced, in both directions.
        ({"announced": "2024-03-11", "actual": "2024-03-09"}, "2024-03-31", VIOLATED),
        ({"announced": "2024-03-09", "actual": "2024-03-11"}, "2024-03-31", SATISFIED),
        # Until the actual day is seen, the announced one that has passed stands in.
        ({"announced": "2024-03-09", "actual": "2024-03-11"}, "2024-03-09", VIOLATED),
    ],
)
def test_an_announced_day_stands_in_until_the_actual_one_is_seen(
    permit: CompiledRulebook, closed: dict[str, str], as_of: str, verdict: Verdict
) -> None:
    assert notice(permit, {"opened": "2024-03-01", "closed": closed}, as_of=as_of).verdict == verdict


def test_a_planned_day_that_has_passed_proves_nothing(permit: CompiledRulebook) -> None:
    planned = {"opened": "2024-03-01", "closed": {"planned": "2024-03-15"}}
    assert notice(permit, planned, as_of="2024-03-10").verdict == PENDING
    after = notice(permit, planned, as_of="2024-03-20")
    assert after.verdict == PENDING
    decided = judged(permit, as_of="2024-03-20", notice=planned, decision={"decided": "2024-03-18"}).verdict("PA-1")
    assert (decided.verdict, decided.doubt) == (UNDETERMINED, Doubt.EVIDENCE_MISSING)


def test_a_planned_day_still_to_come_that_is_too_early_is_violated(permit: CompiledRulebook) -> None:
    planned = {"opened": "2024-03-01", "closed": {"planned": "2024-03-10"}}
    found = notice(permit, planned, as_of="2024-03-02")
    assert (found.verdict, found.violation) == (VIOLATED, Violation.TOO_SHORT)


def test_a_day_announced_for_a_moment_that_no_announcement_binds_stands_for_nothing(permit: CompiledRulebook) -> None:
    done = {"done": {"announced": "2024-03-01"}}
    found = judged(permit, **TECHNICAL, examination=done, decision={"decided": "2024-03-05"}).verdict("PA-2")
    assert (found.verdict, found.violation) == (VIOLATED, Violation.MISSING)


def test_a_round_that_is_only_planned_or_announced_has_not_begun(permit: CompiledRulebook) -> None:
    for planned in ({"planned": "2024-03-01"}, {"announced": "2024-03-01"}):
        assert notice(permit, {"opened": planned}, as_of="2024-02-01").verdict == NOT_APPLICABLE
        assert notice(permit, {"opened": planned}, as_of="2024-12-31").verdict == NOT_APPLICABLE


# --- Later than the as-of day, and not exact -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "verdict"),
    [
        ("2024-02-29", NOT_APPLICABLE),  # not yet begun
        ("2024-03-01", PENDING),  # the as-of day belongs to what is seen
        ("2024-03-10", PENDING),
        ("2024-03-11", SATISFIED),
    ],
)
def test_what_happens_later_is_not_seen_though_it_is_on_record(
    permit: CompiledRulebook, as_of: str, verdict: Verdict
) -> None:
    assert notice(permit, LONG, as_of=as_of).verdict == verdict


@pytest.mark.parametrize(
    ("opened", "as_of", "verdict", "doubt"),
    [
        ("2024-03", "2024-02-29", NOT_APPLICABLE, None),  # the month has not begun
        ("2024-03", "2024-03-01", UNDETERMINED, Doubt.MOMENT_NOT_EXACT),  # it may or may not have happened
        ("2024-03", "2024-03-30", UNDETERMINED, Doubt.MOMENT_NOT_EXACT),
        ("2024-03", "2024-03-31", PENDING, None),  # the month is over: it has
        ("2024-Q1", "2024-03-30", UNDETERMINED, Doubt.MOMENT_NOT_EXACT),
        ("2024-Q1", "2024-03-31", PENDING, None),
        ("2024", "2024-12-30", UNDETERMINED, Doubt.MOMENT_NOT_EXACT),
        ("2024", "2024-12-31", PENDING, None),
    ],
)
def test_a_month_that_has_begun_may_or_may_not_hold_the_act(
    permit: CompiledRulebook, opened: str, as_of: str, verdict: Verdict, doubt: Doubt | None
) -> None:
    found = notice(permit, {"opened": opened}, as_of=as_of)
    assert (found.verdict, found.doubt) == (verdict, doubt)


@pytest.mark.parametrize(
    ("closed", "verdict", "length"),
    [
        ("2024-04-10", SATISFIED, (10, 40)),  # opened on 31 March at the latest: ten days
        ("2024-04-09", UNDETERMINED, (9, 39)),
        ("2024-03-10", VIOLATED, (0, 9)),  # opened on 1 March at the earliest: nine days
        ("2024-03-11", UNDETERMINED, (0, 10)),
    ],
)
def test_a_month_decides_where_each_of_its_days_gives_the_same(
    permit: CompiledRulebook, closed: str, verdict: Verdict, length: tuple[int, int]
) -> None:
    found = notice(permit, {"opened": "2024-03", "closed": closed})
    assert found.verdict == verdict
    assert found.actual is not None
    assert (found.actual.lo, found.actual.hi) == length
    assert found.doubt == (Doubt.MOMENT_NOT_EXACT if verdict == UNDETERMINED else None)


@pytest.mark.parametrize(
    ("done", "decided", "verdict", "doubt"),
    [
        ("2024-02", "2024-03-01", SATISFIED, None),
        ("2024-03", "2024-03-01", UNDETERMINED, Doubt.MOMENT_NOT_EXACT),  # the same day, or later
        ("2024-03", "2024-02-29", VIOLATED, None),
        ("2024-03-01T10:00", "2024-03-01T10:00", SATISFIED, None),  # equal times count as before
        ("2024-03-01T10:01", "2024-03-01T10:00", VIOLATED, None),
        ("2024-03-01", "2024-03-01", UNDETERMINED, Doubt.SAME_DAY_ORDER),
        ("2024-03-01T01:00Z", "2024-03-01T09:30", SATISFIED, None),  # 09:00 local time
        ("2024-03-01T02:00Z", "2024-03-01T09:30", VIOLATED, None),  # 10:00 local time
        ("2024-02-29T24:00", "2024-03-01T00:00", SATISFIED, None),  # the midnight after that day
    ],
)
def test_the_order_of_two_moments_is_told_as_far_as_they_are_known(
    permit: CompiledRulebook, done: str, decided: str, verdict: Verdict, doubt: Doubt | None
) -> None:
    found = judged(permit, **TECHNICAL, examination={"done": done}, decision={"decided": decided}).verdict("PA-2")
    assert (found.verdict, found.doubt) == (verdict, doubt)


# --- Undated and void rounds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("undated", [{}, {"opened": "unknown"}, {"urgent": False}])
def test_a_round_without_any_day_took_place_nobody_knows_when(
    permit: CompiledRulebook, undated: dict[str, Any]
) -> None:
    found = notice(permit, undated)
    assert (found.verdict, found.doubt) == (UNDETERMINED, Doubt.MOMENT_NOT_EXACT)


def test_an_examination_of_an_unknown_day_is_neither_in_time_nor_missing(permit: CompiledRulebook) -> None:
    found = judged(permit, **TECHNICAL, examination={}, decision={"decided": "2024-03-05"}).verdict("PA-2")
    assert (found.verdict, found.doubt) == (UNDETERMINED, Doubt.MOMENT_NOT_EXACT)


def test_a_void_round_is_seen_by_no_question(permit: CompiledRulebook) -> None:
    assert notice(permit, SHORT | {"void": True}).verdict == NOT_APPLICABLE
    assert notice(permit, SHORT, LONG | {"void": True}).verdict == VIOLATED
    assert notice(permit, SHORT | {"void": True}, LONG).verdict == SATISFIED


def test_a_void_decision_passes_no_gate(permit: CompiledRulebook) -> None:
    decided = {"decided": "2024-03-05"}
    assert judged(permit, **TECHNICAL, decision=decided).verdict("PA-2").verdict == VIOLATED
    assert judged(permit, **TECHNICAL, decision=decided | {"void": True}).verdict("PA-2").verdict == PENDING


# --- Facts, documents and entries of a later day -------------------------------------------------------------------


def test_a_fact_is_seen_from_the_moment_that_the_procedure_names(permit: CompiledRulebook) -> None:
    # Urgency stands in the notice, so it is seen with its opening and not only with its end.
    urgent = SHORT | {"urgent": True, "closed": {"announced": "2024-03-10", "actual": "2024-03-10"}}
    opening = notice(permit, urgent, as_of="2024-03-01")
    assert (opening.verdict, opening.by_exception) == (SATISFIED, True)
    assert notice(permit, urgent, as_of="2024-02-29").verdict == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("document", "as_of", "verdict"),
    [
        ("form", "2024-03-01", SATISFIED),  # without a day it came with the round
        ({"kind": "form", "day": "2024-03-08"}, "2024-03-07", PENDING),
        ({"kind": "form", "day": "2024-03-08"}, "2024-03-08", SATISFIED),
        ({"kind": "form", "day": "2024-03"}, "2024-03-30", PENDING),  # it may still be to come
        ({"kind": "form", "day": "2024-03"}, "2024-03-31", SATISFIED),
        ({"kind": "form", "day": "unknown"}, "2024-03-01", SATISFIED),
        ({"kind": "form", "day": "2024-02-20"}, "2024-03-01", SATISFIED),  # older than the round
        ({"kind": "form", "day": "2024-02-20"}, "2024-02-25", NOT_APPLICABLE),  # but not seen before it
    ],
)
def test_a_document_of_a_later_day_is_seen_from_that_day(
    with_form: CompiledRulebook,
    document: object,
    as_of: str,
    verdict: Verdict,
) -> None:
    application = {"received": "2024-03-01", "documents": [document]}
    assert judged(with_form, as_of=as_of, application=application).verdict("EV-1").verdict == verdict


def test_a_document_that_came_after_the_decision_was_not_there_on_its_day(with_form: CompiledRulebook) -> None:
    application = {"received": "2024-03-01", "documents": [{"kind": "form", "day": "2024-03-25"}]}
    decision = {"decided": "2024-03-20"}
    before = judged(with_form, as_of="2024-03-24", application=application, decision=decision).verdict("EV-1")
    after = judged(with_form, as_of="2024-03-25", application=application, decision=decision).verdict("EV-1")
    assert (before.verdict, before.violation) == (VIOLATED, Violation.MISSING)
    assert after.verdict == SATISFIED  # an `evidence` duty asks whether the document is there, not since when


# What is known here was known on 2026-06-30.
@pytest.mark.parametrize(
    ("entered", "verdict"),
    [
        ("2024-03-02", VIOLATED),
        ("2026-06-30T07:59", VIOLATED),
        ("2026-06-30", NOT_APPLICABLE),  # a day alone means its last second
        ("2026-07-01", NOT_APPLICABLE),
    ],
)
def test_a_round_entered_later_was_not_known(permit: CompiledRulebook, entered: str, verdict: Verdict) -> None:
    assert notice(permit, SHORT | {"entered": entered}).verdict == verdict


def test_a_determination_entered_or_made_later_was_not_known(permit: CompiledRulebook) -> None:
    technical = {"value": False, "reason": "made up"}
    late: dict[str, Any] = {"determinations": {"technical": technical | {"entered": "2026-07-01"}}}
    found = judged(permit, **late).verdict("PA-2")
    assert (found.verdict, found.doubt) == (UNDETERMINED, Doubt.DETERMINATION_MISSING)
    made: dict[str, Any] = {"determinations": {"technical": technical | {"on": "2024-03-02"}}}
    assert judged(permit, as_of="2024-03-01", **made).verdict("PA-2").doubt == Doubt.DETERMINATION_MISSING
    assert judged(permit, as_of="2024-03-02", **made).verdict("PA-2").verdict == NOT_APPLICABLE


def test_an_outcome_entered_later_has_ended_nothing(permit: CompiledRulebook) -> None:
    withdrawn = {"kind": "withdrawn", "on": "2024-03-05", "reason": "made up"}
    assert judged(permit, **TECHNICAL, outcome=withdrawn).verdict("PA-2").verdict == NOT_APPLICABLE
    late = withdrawn | {"entered": "2026-07-01"}
    assert judged(permit, **TECHNICAL, outcome=late).verdict("PA-2").verdict == PENDING
