"""An act is judged by the law of its day, on whatever day one asks; a missing step by the law of the day of its gate.

Decree 713 is in force from 2019-09-01, so that an act of 2019-08-31 is not judged by it. All matters are made up.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Doubt, Verdict, Violation
from tests.conftest import judged

LAST_DAY_BEFORE = "2019-08-31"
FIRST_DAY = "2019-09-01"
ASKED_ON = ("2019-12-31", "2023-06-30", "2026-06-30")

Facts = dict[str, Any]


def of_the_day(day: str) -> dict[str, tuple[str, Facts]]:
    """Return, by card, the moment that the card goes by and a matter in which it is violated by an act of a day."""
    week_before = "2019-08-24"
    review = {"received": day, "file_complete": day, "materials": ["draft"]}
    decided = {"outcome": {"kind": "decided", "on": day, "reason": "made up"}}
    risky: Facts = {"determinations": {"risk_possible": {"value": True, "reason": "made up"}}}
    assessed = {"started": week_before, "completed": week_before, "conclusion": "uncontrollable", "assessor": "A"}
    return {
        "NR-03d": ("catalogue_listing.first.published", {"catalogue_listing": {"published": day, "kind": "listing"}}),
        "NR-03e2": (
            "catalogue_listing.last.scheduled_until",
            {
                "catalogue_listing": {"published": "2019-01-10", "kind": "listing", "scheduled_until": day},
            },
        ),
        "NR-11a": (
            "initiation.first.decided",
            {
                "initiation": {"proposed": week_before, "decided": day, "undertaking_unit_named": False},
            },
        ),
        "NR-12a": (
            "drafting.first.drafted",
            {
                "drafting": {"started": week_before, "drafted": day, "research_done": False},
                "collective_deliberation": {"held": "2019-09-05"},
            },
        ),
        "NR-15a": ("public_comment.first.opened", {"public_comment": {"opened": day, "notice_contains": []}}),
        "NR-15b": ("public_comment.first.opened", {"public_comment": {"opened": day, "closed": "2019-09-06"}}),
        "NR-16b": ("hearing.first.held", {"hearing": {"held": day}}),
        "NR-20c": (
            "expert_review.first.completed",
            {
                "expert_review": {"started": week_before, "completed": day, "conflict_declaration": "interest"},
            },
        ),
        "NR-22a": ("gate.discussion", risky | {"collective_deliberation": {"held": day}}),
        "NR-24": ("gate.issue", decided | {"risk_assessment": assessed}),
        "NR-25a": ("gate.discussion", {"collective_deliberation": {"held": day}}),
        "NR-26a": (
            "legality_review.first.received",
            {
                "legality_review": review | {"issued": "2019-09-04", "form": "review_opinion"},
            },
        ),
        "NR-26b": (
            "legality_review.first.file_complete",
            {
                "legality_review": review | {"issued": "2019-09-04", "form": "review_opinion"},
                "collective_deliberation": {"held": "2019-09-05"},
            },
        ),
        "NR-30d": (
            "collective_deliberation.last.held",
            {
                "collective_deliberation": {"held": day, "form": "executive_meeting", "record_truthful": False},
            },
        ),
        "NR-32b": (
            "publication.first.published",
            {
                "determinations": {"widely_watched": {"value": True, "reason": "made up"}},
                "publication": {"published": day},
                "execution": {"started": "2019-09-10", "completed": "2019-10-10"},
            },
        ),
        "NR-34c": ("execution.first.started", {"execution": {"started": day}}),
        "NR-36b": (
            "post_decision_evaluation.first.started",
            {
                "risk_assessment": assessed,
                "post_decision_evaluation": {"started": day, "evaluator": "A", "evaluator_kind": "third_party"},
            },
        ),
        "NR-37a": ("adjustment.first.decided", {"adjustment": {"decided": day, "procedure_repeated": False}}),
    }


CARDS = tuple(of_the_day(FIRST_DAY))


@pytest.fixture(scope="module")
def these(rulebook: Rulebook) -> CompiledRulebook:
    """Return the cards of the matters above by themselves."""
    alone = tuple(part for part in rulebook.meanings if part.card.id in CARDS)
    return CompiledRulebook(replace(rulebook, meanings=alone), "major_decision")


@pytest.mark.parametrize("as_of", ASKED_ON)
@pytest.mark.parametrize("card", CARDS)
def test_an_act_of_the_day_before_the_decree_is_never_judged_by_it_and_one_of_its_first_day_always_is(
    these: CompiledRulebook, card: str, as_of: str
) -> None:
    before = judged(these, as_of=as_of, **of_the_day(LAST_DAY_BEFORE)[card][1]).verdict(card)
    since = judged(these, as_of=as_of, **of_the_day(FIRST_DAY)[card][1]).verdict(card)
    assert before.verdict == Verdict.NOT_APPLICABLE
    assert since.verdict == Verdict.VIOLATED


def test_the_matters_above_go_by_many_sorts_of_acts(rulebook: Rulebook) -> None:
    sorts = set()
    for name, (by, _) in of_the_day(FIRST_DAY).items():
        card = rulebook.card(name)
        assert card is not None
        assert (card.in_force.by, card.in_force.since) == (by, date(2019, 9, 1))
        sorts.add(by)
    assert len(sorts) >= 14


# --- A missing step ------------------------------------------------------------------------------------------------


def missing(found: Assessment, card: str) -> bool:
    verdict = found.verdict(card)
    assert (verdict.verdict == Verdict.NOT_APPLICABLE) != (verdict.verdict == Verdict.VIOLATED)
    assert verdict.violation in (None, Violation.MISSING)
    return verdict.verdict == Verdict.VIOLATED


@pytest.mark.parametrize("as_of", ASKED_ON)
@pytest.mark.parametrize(
    "gate",
    [
        lambda day: {"collective_deliberation": {"held": day, "form": "executive_meeting"}},
        lambda day: {"outcome": {"kind": "decided", "on": day, "reason": "made up"}},
    ],
    ids=["a meeting", "a decision without a meeting"],
)
@pytest.mark.parametrize("card", ["NR-25a", "NR-22a"])
def test_a_missing_step_is_judged_by_the_law_of_the_day_on_which_its_gate_was_passed(
    these: CompiledRulebook,
    card: str,
    gate: Callable[[str], Facts],
    as_of: str,
) -> None:
    risky: Facts = {"determinations": {"risk_possible": {"value": True, "reason": "made up"}}}
    assert not missing(judged(these, as_of=as_of, **risky, **gate(LAST_DAY_BEFORE)), card)
    assert missing(judged(these, as_of=as_of, **risky, **gate(FIRST_DAY)), card)


def test_a_meeting_of_a_kind_that_does_not_count_does_not_fix_the_law_for_a_missing_review(
    national: CompiledRulebook,
) -> None:
    special = {"held": LAST_DAY_BEFORE, "form": "special_meeting"}
    executive = {"held": FIRST_DAY, "form": "executive_meeting"}
    assert missing(judged(national, collective_deliberation=[special, executive]), "NR-25a")
    both_count = [special | {"form": "plenary_meeting"}, executive]
    assert not missing(judged(national, collective_deliberation=both_count), "NR-25a")


def test_the_step_keeps_the_law_of_its_own_day_when_the_gate_is_passed_under_the_decree(
    national: CompiledRulebook,
) -> None:
    facts: Facts = {
        # Sixteen days, opened before the decree: its thirty days are not owed.
        "public_comment": {"opened": "2019-08-20", "closed": "2019-09-05"},
        # A file complete before the decree: its seven working days are not owed.
        "legality_review": {
            "received": LAST_DAY_BEFORE,
            "file_complete": LAST_DAY_BEFORE,
            "issued": "2019-09-03",
            "form": "review_opinion",
        },
        "collective_deliberation": {"held": "2019-09-06"},
    }
    found = judged(national, **facts)
    assert found.verdict("NR-15b").verdict == Verdict.NOT_APPLICABLE
    assert found.verdict("NR-26b").verdict == Verdict.NOT_APPLICABLE
    # That there was a review at all is asked on the day of the meeting.
    assert found.verdict("NR-25a").verdict == Verdict.SATISFIED
    assert found.verdict("NR-14a").verdict == Verdict.SATISFIED


def test_before_the_gate_is_passed_the_law_is_that_of_the_day_on_which_one_asks(national: CompiledRulebook) -> None:
    planned = {"collective_deliberation": {"held": {"planned": "2019-10-15"}}}
    assert judged(national, as_of=LAST_DAY_BEFORE, **planned).verdict("NR-25a").verdict == Verdict.NOT_APPLICABLE
    assert judged(national, as_of=FIRST_DAY, **planned).verdict("NR-25a").verdict == Verdict.PENDING


# --- A day that is not exact ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "verdict", "doubt"),
    [
        ("2019-08", Verdict.NOT_APPLICABLE, None),  # the whole month lies before the decree
        ("2019-Q3", Verdict.UNDETERMINED, Doubt.MOMENT_NOT_EXACT),  # July to September
        ("2019", Verdict.UNDETERMINED, Doubt.MOMENT_NOT_EXACT),
        ("2019-09", Verdict.VIOLATED, None),  # the whole month lies under it
        ("2019-Q4", Verdict.VIOLATED, None),
    ],
)
def test_a_day_known_to_the_month_or_quarter_is_judged_where_the_law_is_one_throughout(
    national: CompiledRulebook, held: str, verdict: Verdict, doubt: Doubt | None
) -> None:
    found = judged(national, collective_deliberation={"held": held}).verdict("NR-25a")
    assert (found.verdict, found.doubt) == (verdict, doubt)


def test_an_act_of_an_unknown_day_may_have_come_before_the_law(national: CompiledRulebook) -> None:
    found = judged(national, collective_deliberation={"held": "unknown"}).verdict("NR-25a")
    assert (found.verdict, found.doubt) == (Verdict.UNDETERMINED, Doubt.MOMENT_NOT_EXACT)
