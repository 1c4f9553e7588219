"""Plants in publication, interpretation, archiving, execution, adjustment and evaluation."""

from api.synth.draws import Bools
from api.synth.matters import Matters
from api.synth.plants.facts import Facts, since
from api.synth.plants.plant import (
    Plant,
    Where,
    also,
    denied,
    doubted,
    fits,
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
from api.synth.plants.scope import BUSINESS_REGULATION, TWO_TIERS, business, watched

EVALUATION = "post_decision_evaluation"
MINHANG = "2023-12-04"
"""From this day on Minhang's rules on evaluations are in force."""


def _over(f: Facts) -> Bools:
    return f.happened("execution", "completed")


def _begun(f: Facts) -> Bools:
    return f.happened("execution", "started")


def _shanghai_business(f: Facts) -> Bools:
    return f.within("CN-31") & business(f) & since(f.day("publication", "published"), BUSINESS_REGULATION)


def _listed_without_comment(f: Facts) -> Bools:
    """Tell which matters of Shanghai's catalogues had no public comment; who says why is not on record."""
    uncommented = f.taken("catalogue_listing") & ~f.taken("public_comment") & ~f.displaced
    return uncommented & f.within("CN-31") & since(f.meeting, TWO_TIERS)


def _earlier(matters: Matters, facts: Facts, hit: Bools) -> None:
    """Publish, and explain, two days before the decision."""
    for step in ("publication", "interpretation"):
        matters.rounds[step].on("published", facts.decided - 2, where=hit)


def _without_publication(plant: Plant) -> Plant:
    """Leave the publication out as well, so that it decides whether the matter may lawfully be kept from the public."""
    silent = also(plant, left_out("publication"))
    return touching(silent, "archiving", "interpretation", "public_comment", "hearing", "other_participation")


PUBLICATION: tuple[Plant, ...] = flat(
    touching(
        left_out(
            "publication",
            violated("NR-32a2", "missing", _over),
            violated("SP-07d", "missing", lambda f: business(f) & _begun(f)),
            where=lambda f: f.taken("execution") & f.general,
        ),
        "archiving",
        "interpretation",
        "determined.not_public",
    ),
    (
        _without_publication(plant)
        for plant in undetermined(
            "not_public",
            doubted("NR-32a", "determination_missing"),
            doubted("SH-05a", "determination_missing", _listed_without_comment),
            where=lambda f: f.taken("publication") & f.taken("issue") & ~f.taken("execution") & f.general,
        )
    ),
    Plant(
        "publication.published.before_the_decision",
        ("publication", "interpretation"),
        fits("publication", lambda f: f.once("collective_deliberation")),
        _earlier,
        (violated("RC-3b", "inconsistent"),),
    ),
    lacks(
        "publication", "channels", ["database"], violated("SP-08b", "defective"), where=_shanghai_business, rate=0.03
    ),
    unsaid("publication", "channels", doubted("SP-08b"), where=_shanghai_business, rate=0.03),
    moved(
        "interpretation",
        "published",
        "after_the_publication",
        lambda f: f.day("publication", "published") + 2,
        violated("SP-08c", "late"),
        where=_shanghai_business,
        rate=0.03,
    ),
    left_out(
        "interpretation",
        violated("NR-32b", "missing", lambda f: watched(f) & _over(f)),
        violated("SP-08c", "overdue", _shanghai_business),
        where=lambda f: f.taken("publication") & ((watched(f) & _over(f)) | _shanghai_business(f)),
        rate=0.02,
    ),
    also(
        lacks(
            "interpretation",
            "explains",
            ["public_opinions_adoption"],
            violated("NR-32b2", "defective"),
            where=lambda f: watched(f) & f.taken("opinion_adoption") & ~business(f),
        ),
        undated("opinion_adoption", "feedback_published"),
        name="interpretation.silent_on_public_opinions",
    ),
    lacks(
        "interpretation",
        "explains",
        ["expert_opinions_adoption"],
        violated("NR-32b3", "defective"),
        where=lambda f: watched(f) & f.taken("expert_review"),
    ),
    touching(
        unsaid(
            "interpretation",
            "explains",
            doubted("NR-32b3"),
            where=lambda f: watched(f) & f.taken("expert_review"),
        ),
        "opinion_adoption",
    ),
)

ARCHIVED = {
    "initiation": ("NR-33a", ("initiation",)),
    "draft": ("NR-33b", ("drafting",)),
    "public_participation": ("NR-33c", ("public_comment", "hearing", "other_participation")),
    "expert_review": ("NR-33d", ("expert_review",)),
    "risk_assessment": ("NR-33e", ("risk_assessment",)),
    "fair_competition_review": ("NR-33f", ("fair_competition_review",)),
    "legality_review": ("NR-33g", ("legality_review",)),
    "collective_deliberation": ("NR-33h", ("collective_deliberation",)),
    "publication": ("NR-33i", ("publication",)),
}
"""The cards about what is in the archive, and the steps from which it comes."""


def _after(*steps: str) -> Where:
    return lambda f: f.taken(*steps)


ARCHIVING: tuple[Plant, ...] = flat(
    (
        lacks(
            "archiving",
            "items",
            [item],
            violated(card, "defective"),
            where=_after(*steps),
        )
        for item, (card, steps) in ARCHIVED.items()
    ),
    unsaid(
        "archiving",
        "items",
        *(doubted(card, where=_after(*steps)) for card, steps in ARCHIVED.values()),
    ),
)


def _trouble(f: Facts) -> Bools:
    return f.happened("execution", "problem_arose")


def _day_before_the_decision(matters: Matters, facts: Facts, hit: Bools) -> None:
    matters.rounds["execution"].on("started", facts.meeting - 5, where=hit)
    matters.rounds["execution"].on("named", facts.meeting - 6, where=hit)


def _on_the_day_of_the_decision(matters: Matters, facts: Facts, hit: Bools) -> None:
    matters.rounds["execution"].on("started", facts.decided, where=hit)
    matters.rounds["execution"].on("named", facts.decided - 1, where=hit)


EXECUTION: tuple[Plant, ...] = flat(
    moved(
        "execution",
        "named",
        "after_the_start",
        lambda f: f.day("execution", "started") + 2,
        violated("NR-34a", "out_of_order"),
    ),
    undated("execution", "named", violated("NR-34a", "missing")),
    moved(
        "execution",
        "named",
        "on_the_day_of_the_start",
        lambda f: f.day("execution", "started"),
        doubted("NR-34a", "same_day_order"),
    ),
    undated("execution", "inspected", violated("NR-34a2", "missing"), where=_over),
    undated("execution", "reported", violated("NR-34b", "missing"), where=_over),
    Plant(
        "execution.started.before_the_decision",
        ("execution", "publication"),
        fits("execution", lambda f: f.once("collective_deliberation")),
        _day_before_the_decision,
        (violated("NR-34c", "out_of_order"), violated("SP-07d", "out_of_order", business)),
    ),
    Plant(
        "execution.started.on_the_day_of_the_decision",
        ("execution", "publication"),
        fits("execution", lambda f: f.once("collective_deliberation")),
        _on_the_day_of_the_decision,
        (doubted("NR-34c", "same_day_order"), violated("SP-07d", "out_of_order", business)),
    ),
    undated(
        "execution",
        "problem_reported",
        violated("NR-35a2", "missing"),
        where=lambda f: _trouble(f) & _over(f),
        rate=0.05,
    ),
    also(
        left_out(
            "adjustment",
            violated("NR-36a", "missing"),
            where=lambda f: _trouble(f) & _over(f),
            rate=0.05,
        ),
        left_out(EVALUATION),
        name="execution.trouble_without_consequence",
    ),
)


def _third_party(f: Facts) -> Bools:
    return f.is_(EVALUATION, "evaluator_kind", "third_party")


def _commissioned(f: Facts) -> Bools:
    return f.is_("expert_review", "form", "commissioned")


def _by_whom(step: str, attribute: str) -> Plant:
    def change(matters: Matters, _: Facts, hit: Bools) -> None:
        party = matters.rounds[step].column(attribute)[:, 0]
        matters.rounds[EVALUATION].say("evaluator", party, where=hit)

    return Plant("", (EVALUATION, step), lambda f: f.taken(step), change, ())


EVALUATIONS: tuple[Plant, ...] = flat(
    Plant(
        f"{EVALUATION}.evaluator.assessed_the_risk",
        (EVALUATION, "risk_assessment"),
        fits(EVALUATION, lambda f: _third_party(f) & f.taken("risk_assessment")),
        _by_whom("risk_assessment", "assessor").change,
        (violated("NR-36b", "defective"),),
        0.03,
    ),
    Plant(
        f"{EVALUATION}.evaluator.reviewed_as_expert",
        (EVALUATION, "expert_review"),
        fits(EVALUATION, lambda f: _third_party(f) & _commissioned(f)),
        _by_whom("expert_review", "body").change,
        (violated("NR-36b2", "defective"),),
        0.1,
    ),
    unsaid(
        EVALUATION,
        "evaluator",
        doubted("NR-36b", where=lambda f: f.taken("risk_assessment")),
        doubted("NR-36b2", where=_commissioned),
        where=_third_party,
        rate=0.03,
    ),
    unsaid(
        EVALUATION,
        "evaluator_kind",
        doubted("NR-36b", where=lambda f: f.taken("risk_assessment")),
        doubted("NR-36b2", where=_commissioned),
        rate=0.03,
    ),
    lacks(EVALUATION, "involved", ["public"], violated("NR-36c", "defective"), rate=0.02),
    unsaid(EVALUATION, "involved", doubted("NR-36c"), rate=0.02),
    undated(
        EVALUATION,
        "followed_up",
        violated("NR-36d", "missing"),
        where=lambda f: f.is_(EVALUATION, "conclusion", "adjust") & ~f.taken("adjustment"),
        rate=0.1,
    ),
    unsaid(EVALUATION, "conclusion", doubted("NR-36d"), rate=0.02),
)


def _in_minhang(f: Facts) -> Bools:
    return f.within("CN-31-MH") & since(f.day("adjustment", "decided"), MINHANG)


ADJUSTMENTS: tuple[Plant, ...] = flat(
    denied("adjustment", "procedure_repeated", "NR-37a", where=lambda f: ~_trouble(f), rate=0.03),
    says("adjustment", "major", 1, violated("NR-37c2", "missing"), rate=0.03),
    unsaid("adjustment", "major", doubted("NR-37c2"), rate=0.03),
    left_out(
        EVALUATION,
        violated("SH-08", "missing"),
        where=lambda f: f.taken("adjustment") & f.yes("evaluation_required") & _in_minhang(f),
        rate=0.3,
    ),
)

AFTERMATH: tuple[Plant, ...] = (*PUBLICATION, *ARCHIVING, *EXECUTION, *EVALUATIONS, *ADJUSTMENTS)
