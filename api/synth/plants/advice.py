"""Plants in reviews by experts and risk assessments."""

from api.synth.draws import Bools
from api.synth.plants.facts import Facts
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
from api.synth.plants.scope import (
    after_the_decision,
    shanghai_reviews,
)
from engine.vocabulary import OrganLevel


def _in_quzhou(f: Facts) -> Bools:
    return f.within("CN-33-QZ")


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
        after_the_decision,
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
        after_the_decision,
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


ADVICE: tuple[Plant, ...] = (*EXPERTS, *RISK)
