"""Plants in reviews for legality, the formal one and the initial one."""

from api.synth.draws import Bools
from api.synth.matters import Matters
from api.synth.plants.facts import Facts, first_of_month, since
from api.synth.plants.plant import (
    Plant,
    also,
    chooses,
    denied,
    doubted,
    fits,
    flat,
    in_month,
    lacks,
    left_out,
    moved,
    says,
    touching,
    undated,
    unsaid,
    violated,
)
from api.synth.plants.scope import (
    INITIAL,
    MEETING,
    REVIEW,
    TWO_TIERS,
    changes_asked,
    found_lawful,
    shanghai_reviews,
)
from engine.observables.layout import EVENT_CODES
from engine.vocabulary import ClockEventKind


def _one_review(f: Facts) -> Bools:
    found: Bools = f.once(REVIEW) & f.once(MEETING) & ~f.happened(REVIEW, "event.0")
    return found


def _first_reviewed_in_that_month(f: Facts) -> Bools:
    """Tell which records had their initial review in the month of the meeting, or after its beginning."""
    found: Bools = f.day(INITIAL, "issued") >= first_of_month(f.meeting)
    return found


def _first_reviewed(f: Facts) -> Bools:
    """Tell which records come under Shanghai's rules on the day of the formal opinion as well."""
    return shanghai_reviews(f) & since(f.day(INITIAL, "issued"), TWO_TIERS) & f.once(REVIEW)


def _late_file(matters: Matters, facts: Facts, hit: Bools) -> None:
    rounds = matters.rounds[REVIEW]
    rounds.on("file_complete", facts.meeting - 5, where=hit)
    rounds.on("issued", facts.meeting - 3, where=hit)
    rounds.on("changes_made", facts.meeting - 2, where=hit & facts.about.changes_asked)


def _never_back(matters: Matters, facts: Facts, hit: Bools) -> None:
    """Return the file after it was complete; that it came back is not on record."""
    rounds = matters.rounds[REVIEW]
    rounds.say("event.0.kind", EVENT_CODES[ClockEventKind.RETURNED], where=hit)
    rounds.on("event.0", facts.day(REVIEW, "file_complete") + 1, where=hit)


def _not_back(f: Facts) -> Bools:
    f.day(REVIEW, "file_complete")
    return fits(REVIEW, _one_review)(f)


REVIEWS: tuple[Plant, ...] = flat(
    touching(left_out(REVIEW, violated("NR-25a", "missing")), "submission", "archiving", INITIAL, MEETING),
    touching(
        chooses(REVIEW, "form", "consultation_reply", violated("NR-25a", "missing")), "submission", INITIAL, MEETING
    ),
    touching(
        unsaid(
            REVIEW,
            "form",
            doubted("NR-25a"),
            doubted("NR-26a"),
            doubted("NR-27"),
            doubted("NR-28b"),
            where=lambda f: f.once(REVIEW),
        ),
        "submission",
        INITIAL,
        MEETING,
    ),
    touching(
        moved(
            REVIEW,
            "issued",
            "after_the_meeting",
            lambda f: f.meeting + 2,
            violated("NR-25a", "out_of_order"),
            where=_one_review,
        ),
        "submission",
        INITIAL,
    ),
    touching(
        moved(
            REVIEW,
            "issued",
            "on_the_day_of_the_meeting",
            lambda f: f.meeting,
            doubted("NR-25a", "same_day_order"),
            doubted("NR-28c", "same_day_order", changes_asked),
            doubted("NR-28c3", "same_day_order", found_lawful),
            where=_one_review,
        ),
        "submission",
        INITIAL,
    ),
    touching(
        also(
            moved(
                REVIEW,
                "issued",
                "in_the_month_of_the_meeting",
                lambda f: f.meeting,
                doubted("NR-25a", "moment_not_exact"),
                doubted("NR-28c", "moment_not_exact", changes_asked),
                doubted("NR-28c3", "moment_not_exact", found_lawful),
                where=lambda f: _one_review(f) & ~f.yes("normative_document") & ~_first_reviewed_in_that_month(f),
            ),
            in_month(REVIEW, "issued"),
        ),
        "submission",
        INITIAL,
    ),
    touching(
        undated(REVIEW, "issued", violated("NR-25a", "missing"), where=_one_review), "submission", INITIAL, MEETING
    ),
    touching(chooses(REVIEW, "conclusion", "unlawful", violated("NR-25c", "defective")), MEETING, "submission"),
    touching(
        also(
            chooses(
                REVIEW,
                "conclusion",
                "no_clear_rule",
                violated("NR-25d", "defective"),
                where=lambda f: f.yes("exploratory_reform") & f.taken("submission"),
                rate=0.05,
            ),
            says(REVIEW, "legal_risk_stated", 1),
            name=f"{REVIEW}.conclusion.no_clear_rule.exploratory_reform",
        ),
        MEETING,
    ),
    touching(
        chooses(
            REVIEW,
            "conclusion",
            "no_clear_rule",
            violated("NR-25c", "defective"),
            where=lambda f: ~f.yes("exploratory_reform"),
        ),
        MEETING,
        "submission",
    ),
    touching(
        unsaid(
            REVIEW,
            "conclusion",
            doubted("NR-25c"),
            doubted("NR-28c"),
            doubted("NR-28c3"),
            where=lambda f: f.once(REVIEW),
        ),
        MEETING,
        "submission",
        "determined.exploratory_reform",
    ),
    lacks(REVIEW, "materials", ["legal_basis"], violated("NR-26a", "defective")),
    unsaid(REVIEW, "materials", doubted("NR-26a"), doubted("ND-03fm", where=lambda f: f.yes("normative_document"))),
    Plant(
        f"{REVIEW}.file_complete.too_late",
        (REVIEW, INITIAL, "submission"),
        fits(REVIEW, lambda f: _one_review(f) & since(f.meeting, "2020-01-01")),
        _late_file,
        (violated("NR-26b", "too_short"),),
    ),
    undated(REVIEW, "file_complete", doubted("NR-26b"), doubted("NR-28a"), where=_one_review),
    Plant(
        f"{REVIEW}.returned.never_back",
        (REVIEW,),
        _not_back,
        _never_back,
        (doubted("NR-26b"), doubted("NR-28a"), doubted("ND-03em", where=lambda f: f.yes("normative_document"))),
    ),
    lacks(REVIEW, "aspects", ["content"], violated("NR-27", "defective")),
    unsaid(REVIEW, "aspects", doubted("NR-27")),
    denied(REVIEW, "legal_advisers_heard", "NR-28b"),
    touching(chooses(REVIEW, "response", "not_adopted", violated("NR-28c", "defective"), where=changes_asked), MEETING),
    touching(unsaid(REVIEW, "response", doubted("NR-28c"), where=changes_asked), MEETING),
    touching(
        moved(
            REVIEW,
            "changes_made",
            "after_the_decision",
            lambda f: f.decided + 2,
            violated("NR-28c", "defective"),
            where=changes_asked,
        ),
        MEETING,
    ),
)

TIERS: tuple[Plant, ...] = flat(
    touching(left_out(INITIAL, violated("SH-06c", "missing"), where=shanghai_reviews, rate=0.008), REVIEW),
    touching(
        chooses(INITIAL, "form", "countersign", violated("SH-06c", "missing"), where=shanghai_reviews, rate=0.008),
        REVIEW,
    ),
    touching(
        unsaid(
            INITIAL,
            "form",
            doubted("SH-06c"),
            doubted("SH-06d"),
            doubted("SH-06d2"),
            where=_first_reviewed,
            rate=0.008,
        ),
        REVIEW,
    ),
    moved(
        INITIAL,
        "issued",
        "after_the_formal_review",
        lambda f: f.day(REVIEW, "issued") + 2,
        violated("SH-06a", "out_of_order"),
        where=_first_reviewed,
        rate=0.008,
    ),
    moved(
        INITIAL,
        "issued",
        "on_the_day_of_the_formal_review",
        lambda f: f.day(REVIEW, "issued"),
        doubted("SH-06a", "same_day_order"),
        where=_first_reviewed,
        rate=0.008,
    ),
    lacks(INITIAL, "aspects", ["content"], violated("SH-06d", "defective"), where=_first_reviewed, rate=0.008),
    unsaid(INITIAL, "aspects", doubted("SH-06d"), where=_first_reviewed, rate=0.008),
    also(
        says(INITIAL, "opinion_in_writing", 0, violated("SH-06d2", "missing"), where=_first_reviewed, rate=0.008),
        lacks(INITIAL, "documents", ["review_opinion"]),
    ),
    also(
        unsaid(INITIAL, "opinion_in_writing", doubted("SH-06d2"), where=_first_reviewed, rate=0.008),
        lacks(INITIAL, "documents", ["review_opinion"]),
    ),
    (
        touching(
            moved(
                step,
                moment,
                "after_the_initial_review",
                lambda f: f.day(INITIAL, "issued") + 1,
                violated(card, "out_of_order"),
                where=lambda f: shanghai_reviews(f) & f.general,
                rate=0.01,
            ),
            REVIEW,
        )
        for step, moment, card in (
            ("hearing", "held", "SH-06b2"),
            ("other_participation", "completed", "SH-06b3"),
            ("expert_review", "completed", "SH-06b4"),
            ("risk_assessment", "completed", "SH-06b5"),
            ("fair_competition_review", "completed", "SH-06b6"),
        )
    ),
    moved(
        "public_comment",
        "closed",
        "after_the_initial_review",
        lambda f: f.day(INITIAL, "issued") + 1,
        violated("SH-06b", "out_of_order"),
        violated("NR-18b", "out_of_order", lambda f: f.number("public_comment", "opinions") > 0),
        where=lambda f: shanghai_reviews(f) & f.general & f.once("public_comment") & f.taken("opinion_adoption"),
        rate=0.01,
    ),
)
