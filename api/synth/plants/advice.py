"""Plants in what is advised: reviews by experts, risk assessments, reviews for fair competition."""

from dataclasses import replace

import numpy as np

from api.synth.draws import Bools, Ints
from api.synth.plants.facts import Facts, since
from api.synth.plants.participation import business
from api.synth.plants.plant import (
    Plant,
    also,
    chooses,
    denied,
    doubted,
    flat,
    lacks,
    left_out,
    moved,
    says,
    touching,
    undated,
    undetermined,
    unsaid,
    violated,
)
from engine.vocabulary import OrganLevel

TWO_TIERS = "2020-09-01"
"""From this day on Shanghai has its rules on legality reviews."""
COMPETITION = "2024-08-01"
"""From this day on the regulation on fair competition reviews is in force."""


def shanghai_reviews(f: Facts) -> Bools:
    """Tell which records come under Shanghai's rules on legality reviews."""
    return f.within("CN-31") & since(f.meeting, TWO_TIERS)


def _in_quzhou(f: Facts) -> Bools:
    return f.within("CN-33-QZ")


def _after_the_decision(f: Facts) -> Ints:
    return f.decided + 3


EXPERTS: tuple[Plant, ...] = flat(
    touching(
        left_out(
            "expert_review",
            violated("NR-19a", "missing"),
            where=lambda f: f.yes("technical") & f.general,
            rate=0.008,
        ),
        "submission",
        "archiving",
        "interpretation",
        "post_decision_evaluation",
    ),
    moved(
        "expert_review",
        "completed",
        "after_the_decision",
        _after_the_decision,
        violated("NR-19a", "out_of_order", lambda f: f.yes("technical")),
        violated("SH-06b4", "out_of_order", shanghai_reviews),
        where=lambda f: f.general & ~f.taken("adjustment"),
        rate=0.008,
    ),
    (
        touching(plant, "expert_review", "public_comment", "interpretation", "publication", "opinion_adoption")
        for plant in undetermined(
            "technical",
            doubted("NR-19a", "determination_missing"),
            doubted(
                "NR-15d",
                "determination_missing",
                lambda f: f.taken("public_comment") & ~f.yes("widely_watched") & ~f.displaced,
            ),
            doubted("NR-32b", "determination_missing", lambda f: f.taken("publication") & ~f.yes("widely_watched")),
        )
    ),
    (
        touching(plant, "public_comment", "interpretation", "publication", "opinion_adoption", "expert_review")
        for plant in undetermined(
            "widely_watched",
            doubted("NR-15d", "determination_missing", lambda f: f.taken("public_comment") & ~f.displaced),
            doubted("NR-32b", "determination_missing", lambda f: f.taken("publication")),
            where=lambda f: ~f.yes("technical"),
        )
    ),
    denied("expert_review", "independent", "NR-19b"),
    lacks("expert_review", "documents", ["confidentiality_undertaking"], violated("NR-19b2", "missing")),
    denied("expert_review", "opinion_signed", "NR-19c"),
    also(
        unsaid("expert_review", "opinion_in_writing", doubted("NR-19c")),
        lacks("expert_review", "documents", ["opinion"]),
    ),
    also(
        says("expert_review", "outside_experts_included", 0, violated("NR-20b", "defective")),
        says("expert_review", "experts_of_the_unit", 5),
    ),
    also(
        unsaid("expert_review", "outside_experts_included", doubted("NR-20b")),
        says("expert_review", "experts_of_the_unit", 1),
    ),
    denied(
        "expert_review",
        "dissenting_views_included",
        "NR-20b2",
        where=lambda f: f.holds("expert_review", "documents", "selection_note"),
    ),
    chooses("expert_review", "conflict_declaration", "interest", violated("NR-20c", "defective")),
    unsaid("expert_review", "conflict_declaration", doubted("NR-20c")),
    also(
        says(
            "expert_review",
            "from_pool",
            0,
            violated("NR-21a", "missing"),
            where=lambda f: f.of_level(OrganLevel.PROVINCE),
            rate=0.03,
        ),
        says("expert_review", "pool_established", 0),
        name="expert_review.without_a_pool",
    ),
    also(
        unsaid(
            "expert_review",
            "from_pool",
            doubted("NR-21a"),
            where=lambda f: f.of_level(OrganLevel.PROVINCE),
            rate=0.03,
        ),
        unsaid("expert_review", "pool_established"),
    ),
    unsaid(
        "expert_review",
        "experts",
        doubted("QZ-1"),
        doubted("QZ-2"),
        doubted("QZ-3"),
        where=lambda f: _in_quzhou(f) & f.set("expert_review", "experts_of_the_unit"),
        rate=0.03,
    ),
    unsaid("expert_review", "experts_of_the_unit", doubted("QZ-3"), where=_in_quzhou, rate=0.03),
    says("expert_review", "experts", 4, where=_in_quzhou, rate=0.03),
)


def _new(f: Facts) -> Bools:
    return ~f.set("risk_assessment", "reuses_earlier_report")


def _reused(f: Facts) -> Bools:
    return f.set("risk_assessment", "reuses_earlier_report")


def _needed(f: Facts) -> Bools:
    return f.yes("risk_possible") & f.general


RISK: tuple[Plant, ...] = flat(
    touching(
        left_out("risk_assessment", violated("NR-22a", "missing"), where=_needed),
        "submission",
        "archiving",
        "post_decision_evaluation",
    ),
    moved(
        "risk_assessment",
        "completed",
        "after_the_decision",
        _after_the_decision,
        violated("NR-22a", "out_of_order"),
        violated("SH-06b5", "out_of_order", shanghai_reviews),
        where=lambda f: _needed(f) & _new(f) & f.once("risk_assessment"),
    ),
    undated(
        "risk_assessment",
        "completed",
        violated("NR-22a", "missing"),
        violated("SH-06b5", "out_of_order", shanghai_reviews),
        where=lambda f: _needed(f) & _new(f) & f.once("risk_assessment"),
    ),
    (
        touching(plant, "risk_assessment")
        for plant in undetermined("risk_possible", doubted("NR-22a", "determination_missing"))
    ),
    also(
        says(
            "risk_assessment",
            "earlier_report_covers_same_risk",
            0,
            violated("NR-22a", "missing"),
            where=lambda f: _needed(f) & _reused(f),
            rate=0.05,
        ),
    ),
    unsaid(
        "risk_assessment",
        "earlier_report_covers_same_risk",
        doubted("NR-22a"),
        where=lambda f: _needed(f) & _reused(f),
        rate=0.05,
    ),
    lacks(
        "risk_assessment",
        "documents",
        ["earlier_report"],
        violated("NR-22b", "missing"),
        where=_reused,
        rate=0.05,
    ),
    denied("risk_assessment", "departments_heard", "NR-23a", where=_new),
    lacks("risk_assessment", "report_contains", ["response_plan"], violated("NR-23a2", "defective"), where=_new),
    unsaid("risk_assessment", "report_contains", doubted("NR-23a2"), where=_new),
    chooses("risk_assessment", "conclusion", "uncontrollable", violated("NR-24", "defective")),
    unsaid("risk_assessment", "conclusion", doubted("NR-24")),
)


def _market(f: Facts) -> Bools:
    return f.yes("market_activity")


def _reviewed(f: Facts) -> Bools:
    """Tell which records have a review that the regulation binds."""
    return _market(f) & since(f.first_day("fair_competition_review", "completed"), COMPETITION)


def _discussed(f: Facts) -> Bools:
    return since(f.meeting, COMPETITION)


def _plain(f: Facts) -> Bools:
    """Tell which records touch the market, but business not closely, and need no exception."""
    return ~business(f) & ~f.is_("fair_competition_review", "conclusion", "exception")


def _inside(f: Facts) -> Bools:
    return ~f.is_("fair_competition_review", "conclusion", "outside_scope")


def _excepted(f: Facts) -> Bools:
    return _reviewed(f) & f.is_("fair_competition_review", "conclusion", "exception")


def _joint(f: Facts) -> Bools:
    return _reviewed(f) & f.bound


def _department(f: Facts) -> Bools:
    return _reviewed(f) & f.of_level(OrganLevel.DEPARTMENT)


STEP = "fair_competition_review"

FAIRNESS: tuple[Plant, ...] = flat(
    touching(
        left_out(
            STEP, violated("FC-02", "missing"), where=lambda f: _market(f) & _discussed(f) & ~business(f), rate=0.01
        ),
        "submission",
        "archiving",
    ),
    replace(
        touching(
            left_out(STEP, where=lambda f: _market(f) & ~since(f.decided, COMPETITION) & ~business(f)),
            "submission",
            "archiving",
        ),
        name=f"{STEP}.left_out.before_the_regulation",
    ),
    moved(
        STEP,
        "completed",
        "after_the_decision",
        _after_the_decision,
        violated("FC-02", "out_of_order"),
        violated("SH-06b6", "out_of_order", shanghai_reviews),
        where=lambda f: _market(f) & _discussed(f) & ~business(f),
        rate=0.01,
    ),
    (
        touching(plant, STEP, "public_comment", "submission", "other_participation")
        for plant in undetermined(
            "market_activity",
            doubted(
                "FO-01",
                "determination_missing",
                lambda f: ~since(_first_review(f), COMPETITION),
            ),
            doubted("FC-02", "determination_missing", _discussed),
            doubted("FC-18a", "determination_missing", lambda f: ~_discussed(f) & since(f.decided, COMPETITION)),
            doubted(
                "FC-14a",
                "determination_missing",
                lambda f: f.taken(STEP) & f.bound & since(f.first_day(STEP, "completed"), COMPETITION),
            ),
            doubted("NR-29b", "determination_missing", lambda f: f.taken("submission")),
            where=lambda f: _plain(f) & (f.taken(STEP) | _discussed(f) | ~since(f.decided, COMPETITION)),
        )
    ),
    chooses(STEP, "conclusion", "incompatible", violated("FC-08a", "defective"), where=_reviewed, rate=0.01),
    unsaid(
        STEP,
        "conclusion",
        doubted("FC-08a"),
        doubted("FC-12a"),
        doubted("FC-12b"),
        doubted("FC-12c"),
        doubted("FC-16a"),
        doubted("FC-16b"),
        where=_reviewed,
        rate=0.01,
    ),
    lacks(STEP, "exception_shows", ["ground"], violated("FC-12a", "defective"), where=_excepted, rate=0.1),
    lacks(
        STEP,
        "exception_shows",
        ["no_less_harmful_alternative"],
        violated("FC-12b", "defective"),
        where=_excepted,
        rate=0.1,
    ),
    lacks(STEP, "exception_shows", ["time_limit"], violated("FC-12c", "defective"), where=_excepted, rate=0.1),
    unsaid(
        STEP,
        "exception_shows",
        doubted("FC-12a"),
        doubted("FC-12b"),
        doubted("FC-12c"),
        where=_excepted,
        rate=0.1,
    ),
    unsaid(STEP, "exception_explained", violated("FC-17b", "defective"), where=_excepted, rate=0.1),
    says(STEP, "reviewer", 7, violated("FC-13", "defective"), where=_department, rate=0.05),
    unsaid(STEP, "reviewer", doubted("FC-13"), where=_department, rate=0.05),
    chooses(STEP, "form", "drafter", violated("FC-14a", "missing"), where=_joint, rate=0.01),
    unsaid(STEP, "form", doubted("FC-14a"), where=_joint, rate=0.01),
    undated(STEP, "first_opinion", violated("FC-14b", "defective"), where=_joint, rate=0.01),
    moved(
        STEP,
        "first_opinion",
        "after_the_review",
        lambda f: f.day(STEP, "completed") + 2,
        violated("FC-14b", "defective"),
        where=_joint,
        rate=0.01,
    ),
    moved(
        STEP,
        "first_opinion",
        "on_the_day_of_the_review",
        lambda f: f.day(STEP, "completed"),
        doubted("FC-14b", "same_day_order"),
        where=_joint,
        rate=0.01,
    ),
    touching(
        lacks(
            STEP,
            "heard",
            ["operators", "associations", "stakeholders"],
            violated("FC-16a", "defective"),
            where=lambda f: _reviewed(f) & _inside(f) & ~business(f),
            rate=0.01,
        ),
        "other_participation",
    ),
    touching(
        unsaid(
            STEP,
            "heard",
            doubted("FC-16a"),
            where=lambda f: _reviewed(f) & _inside(f) & ~business(f) & f.taken("public_comment"),
            rate=0.01,
        ),
        "other_participation",
    ),
    also(
        lacks(
            STEP,
            "heard",
            ["public"],
            violated("FC-16b", "defective"),
            where=lambda f: _reviewed(f) & _inside(f) & ~f.taken("public_comment"),
            rate=0.05,
        ),
        says(STEP, "public_interest", 1),
    ),
    denied(STEP, "conclusion_in_writing", "FC-17a", where=_reviewed, rate=0.01),
)


def _first_review(f: Facts) -> Ints:
    """Return the day by which the older rule goes: that of the review, else of the meeting."""
    return np.where(f.taken(STEP), f.first_day(STEP, "completed"), f.meeting)


ADVICE: tuple[Plant, ...] = (*EXPERTS, *RISK, *FAIRNESS)
