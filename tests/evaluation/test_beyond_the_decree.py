"""What binds beyond Decree 713: city, district, fair competition, other places; all at once, by the right day."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.vocabulary import Doubt, Gate, GateState, Verdict
from tests.conftest import judged

YES: Final = {"value": True, "reason": "made up"}
SUBSIDY: Final[Mapping[str, Any]] = {"determinations": {"market_activity": YES}}

ROWS: Final = """
SP-01 SP-02 SP-03 SP-04 SP-05 SP-06 SP-07 SP-08 SP-09 SP-10 SP-11 SP-12 SP-13 SP-14 SP-15 SP-16
SH-01 SH-02 SH-03 SH-04a SH-04b SH-04c SH-04d SH-04e SH-05 SH-06a SH-06b SH-06c SH-06d SH-06e SH-07 SH-08 SH-09 SH-10
SH-11 ND-01 ND-02 ND-03 ND-04 ND-05 SHN-01 SHN-02 SHN-03 SHN-04 SHN-05 SHN-06 SHN-07 SHN-08 SHN-09
FC-02 FC-08…11 FC-12 FC-13 FC-14 FC-16 FC-17 FC-18
"""
WITHOUT_CARDS: Final = """
SP-02 SP-06 SP-10 SP-12 SP-15 SH-01 SH-02 SH-03 SH-04b SH-09 SH-11 SHN-01 SHN-08
"""


def test_every_row_beyond_the_decree_is_accounted_for_once_and_those_of_duties_by_cards(
    national: CompiledRulebook,
) -> None:
    rows = [row for covered in national.rulebook.coverage for row in covered.rows if not row.row.startswith("NR-")]
    assert sorted(row.row for row in rows) == sorted(ROWS.split())
    assert {row.row for row in rows if not row.cards} == set(WITHOUT_CARDS.split())
    assert {row.row for row in rows if row.expect == "card"}.isdisjoint(WITHOUT_CARDS.split())


# --- Shanghai --------------------------------------------------------------------------------------------------------

REVIEWED: Final[Mapping[str, Any]] = {
    "public_comment": {"opened": "2024-03-01", "closed": "2024-04-08"},
    "initial_legality_review": {"received": "2024-04-09", "issued": "2024-04-12"},
    "legality_review": {
        "received": "2024-04-15",
        "file_complete": "2024-04-15",
        "issued": "2024-04-29",
        "form": "review_opinion",
    },
    "collective_deliberation": {"held": "2024-05-20", "form": "executive_meeting"},
}


def in_place(rules: CompiledRulebook, place: str, level: str = "county", **more: Any) -> Assessment:  # noqa: ANN401
    return judged(rules, **{**REVIEWED, **more}, jurisdiction=place, organ_level=level)


@pytest.mark.parametrize(
    ("closed", "verdict"),
    [
        ("2024-04-08", Verdict.SATISFIED),
        ("2024-04-15", Verdict.VIOLATED),  # after the initial review
        ("2024-05-06", Verdict.VIOLATED),  # after the legality opinion (V15)
    ],
)
def test_in_shanghai_the_comment_ends_before_the_initial_review(
    national: CompiledRulebook, closed: str, verdict: Verdict
) -> None:
    comment = {"opened": "2024-03-01", "closed": closed}
    assert in_place(national, "CN-31-XH", public_comment=comment).verdict("SH-06b").verdict == verdict
    elsewhere = in_place(national, "CN-37", public_comment=comment)
    assert elsewhere.verdict("SH-06b").verdict == Verdict.NOT_APPLICABLE


def test_a_district_is_judged_by_national_city_and_district_cards_together(national: CompiledRulebook) -> None:
    found = in_place(
        national,
        "CN-31-MH",
        determinations={"evaluation_required": YES},
        outcome={"kind": "decided", "on": "2024-05-20"},
        adjustment={"decided": "2025-07-02", "kind": "stop"},
    )
    applied = {verdict.card.split("-")[0] for verdict in found.verdicts if verdict.verdict != Verdict.NOT_APPLICABLE}
    assert applied >= {"NR", "SH", "DP"}
    assert found.verdict("SH-08").verdict != Verdict.NOT_APPLICABLE
    assert in_place(national, "CN-31-JD").verdict("SH-08").verdict == Verdict.NOT_APPLICABLE


def test_a_township_has_the_same_verdicts_marked_and_nothing_is_barred(national: CompiledRulebook) -> None:
    late = {"received": "2024-05-27", "file_complete": "2024-05-27", "issued": "2024-06-12", "form": "review_opinion"}
    district = in_place(national, "CN-31-MH", legality_review=late)
    town = in_place(
        national,
        "CN-31-MH",
        "township",
        legality_review=late,
        collective_deliberation={"held": "2024-05-20", "form": "leadership_meeting"},
    )
    assert district.status.gates[Gate.DISCUSSION].state == GateState.SHUT
    assert town.status.gates[Gate.DISCUSSION].state != GateState.SHUT
    for card in ("NR-25a", "NR-15b", "SH-06b", "SH-06e", "SH-06a"):
        one, other = district.verdict(card), town.verdict(card)
        assert (one.verdict, one.violation, one.doubt) == (other.verdict, other.violation, other.doubt), card
        assert (one.by_reference, other.by_reference) == (False, True), card
    assert town.verdict("NR-25a").verdict == Verdict.VIOLATED


@pytest.mark.parametrize(
    ("level", "form", "verdict"),
    [
        ("county", "executive_meeting", Verdict.SATISFIED),
        ("county", "leadership_meeting", Verdict.VIOLATED),
        ("township", "leadership_meeting", Verdict.SATISFIED),
    ],
)
def test_a_township_has_a_meeting_form_of_its_own(
    national: CompiledRulebook, level: str, form: str, verdict: Verdict
) -> None:
    found = in_place(
        national,
        "CN-31-MH",
        level,
        collective_deliberation={"held": "2024-05-20", "form": form},
        outcome={"kind": "decided", "on": "2024-05-21"},
    )
    assert found.verdict("NR-30a").verdict == verdict


# --- fair competition ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "card", "verdict"),
    [
        ("2024-05-20", "FO-01", Verdict.SATISFIED),
        ("2024-05-20", "FC-14a", Verdict.NOT_APPLICABLE),
        ("2024-09-20", "FO-01", Verdict.NOT_APPLICABLE),
        ("2024-09-20", "FC-14a", Verdict.VIOLATED),
    ],
)
def test_a_self_review_was_enough_until_july_2024_by_the_day_of_the_review(
    national: CompiledRulebook, day: str, card: str, verdict: Verdict
) -> None:
    review = {"completed": day, "form": "drafter"}
    found = judged(national, **SUBSIDY, fair_competition_review=review, issue={"issued": "2024-10-15"})
    assert found.verdict(card).verdict == verdict


@pytest.mark.parametrize(
    ("issued", "verdict"), [("2024-07-31", Verdict.NOT_APPLICABLE), ("2024-08-01", Verdict.VIOLATED)]
)
def test_the_bar_on_issue_goes_by_the_day_of_issue(national: CompiledRulebook, issued: str, verdict: Verdict) -> None:
    found = judged(national, **SUBSIDY, issue={"issued": issued})
    assert found.verdict("FC-18a").verdict == verdict


# --- places that ask for more ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "card"),
    [
        ({"experts": 4, "experts_of_the_unit": 1}, "QZ-1"),
        ({"experts": 6, "experts_of_the_unit": 1}, "QZ-2"),
        ({"experts": 7, "experts_of_the_unit": 3}, "QZ-3"),
    ],
)
def test_quzhou_asks_for_five_experts_an_odd_number_and_a_third_of_its_own_by_an_unconfirmed_source(
    national: CompiledRulebook, said: dict[str, int], card: str
) -> None:
    review = {"completed": "2024-04-10"} | said
    verdict = judged(national, jurisdiction="CN-33-QZ", expert_review=review).verdict(card)
    assert (verdict.verdict, verdict.doubt) == (Verdict.UNDETERMINED, Doubt.SOURCE_UNCONFIRMED)
    enough = judged(national, jurisdiction="CN-33-QZ", expert_review=review | {"experts": 7, "experts_of_the_unit": 2})
    assert enough.verdict(card).verdict == Verdict.SATISFIED
    assert judged(national, jurisdiction="CN-31", expert_review=review).verdict(card).verdict == Verdict.NOT_APPLICABLE


# --- what is both ----------------------------------------------------------------------------------------------------


def test_a_decision_that_is_a_normative_document_keeps_the_stricter_period(national: CompiledRulebook) -> None:
    both: dict[str, Any] = {
        "determinations": {"normative_document": YES, "major_effect_on_rights": YES, "market_activity": YES}
    }
    comment = {
        "opened": "2025-05-06",
        "closed": {"announced": "2025-05-26", "actual": "2025-05-26"},
        "urgent": True,
        "business_related": True,
        "shortening_explained_in_notice": True,
    }
    found = judged(national, **both, public_comment=comment)
    assert (found.verdict("NR-15b").verdict, found.verdict("NR-15b").by_exception) == (Verdict.SATISFIED, True)
    assert found.verdict("ND-05m").verdict == Verdict.VIOLATED  # 20 of 30 days, and no exception
