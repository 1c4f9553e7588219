"""Plants in the participation of the public: comment, hearing, other forms, and what became of the opinions."""

from dataclasses import replace

from api.synth.draws import Bools
from api.synth.ending import entered_of
from api.synth.matters import Matters
from api.synth.plants.facts import Facts, first_of_month, last_of_month, month_of, since
from api.synth.plants.plant import (
    Plant,
    alone,
    also,
    denied,
    doubted,
    flat,
    in_month,
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
from engine.observables.layout import ANNOUNCED

BUSINESS_REGULATION = "2025-04-19"
"""From this day on the text of the regulations on the business environment, and of some others, is at hand."""
ORGANIC_LAW = "2023-01-01"
HEARD = ("public_comment", "hearing", "other_participation")
MOST_OF_A_MONTH = 21
PARTICIPATION_STEPS = (*HEARD, "opinion_adoption")


def _normative(f: Facts) -> Bools:
    return f.yes("normative_document") & since(f.meeting, ORGANIC_LAW)


def business(f: Facts) -> Bools:
    """Tell which records touch the market and are closely tied to business."""
    return f.yes("market_activity") & f.set("public_comment", "business_related")


def _opened_since(f: Facts, day: str) -> Bools:
    return since(f.first_day("public_comment", "opened"), day)


def document_of_business(f: Facts) -> Bools:
    """Tell which records are documents tied to business since the regulation's text is at hand."""
    related = f.set("public_comment", "business_related")
    return f.yes("normative_document") & related & _opened_since(f, BUSINESS_REGULATION)


def _in_shanghai(f: Facts) -> Bools:
    return f.within("CN-31") & _opened_since(f, BUSINESS_REGULATION)


def _published_in_shanghai(f: Facts) -> Bools:
    return f.within("CN-31") & since(f.day("publication", "published"), BUSINESS_REGULATION)


def _drew_opinions(f: Facts) -> Bools:
    found: Bools = f.number("public_comment", "opinions") > 0
    return found


def _closing_in_doubt(f: Facts) -> Bools:
    closed = f.day("public_comment", "closed")
    needed = f.first_day("public_comment", "opened") + 31
    in_doubt: Bools = first_of_month(closed) < needed - 2
    in_doubt &= (last_of_month(closed) < f.about.days.adopted) & (closed - first_of_month(closed) < MOST_OF_A_MONTH)
    return f.general & f.once("public_comment") & in_doubt


def watched(f: Facts) -> Bools:
    """Tell which records are technical or widely watched."""
    return f.yes("technical") | f.yes("widely_watched")


def _priced(f: Facts) -> Bools:
    return f.under("price-hearing-measures")


def _only_comment(f: Facts) -> Bools:
    found: Bools = f.general & ~f.taken("hearing", "other_participation") & f.taken("public_comment")
    return found


def _commented(f: Facts) -> Bools:
    return f.taken("public_comment") & _drew_opinions(f) & f.general


def closing_after(days: int) -> Plant:
    """Close the comment so many days after it opened, as announced, and enter that soon."""

    def change(matters: Matters, facts: Facts, hit: Bools) -> None:
        rounds, closed = matters.rounds["public_comment"], facts.first_day("public_comment", "opened") + days
        rounds.on("closed", closed, where=hit)
        rounds.on(f"closed{ANNOUNCED}", closed, where=hit)
        rounds.say("entered", entered_of(closed, facts.about.draws), where=hit)

    return Plant("", ("public_comment",), lambda f: f.taken("public_comment"), change, ())


COMMENT: tuple[Plant, ...] = flat(
    alone(
        also(
            left_out(
                "public_comment",
                violated("NR-14a", "missing"),
                violated("ND-01bm", "missing", _normative),
                where=lambda f: f.general & ~f.yes("statutory_hearing"),
                rate=0.003,
            ),
            *(left_out(step) for step in PARTICIPATION_STEPS[1:]),
            name="public.not_heard",
        )
    ),
    touching(
        left_out(
            "public_comment",
            violated("ND-01bm", "missing"),
            where=lambda f: _normative(f) & f.taken("hearing", "other_participation") & f.general,
            rate=0.01,
        ),
        *PARTICIPATION_STEPS,
    ),
    also(
        moved(
            "public_comment",
            "closed",
            "too_early",
            lambda f: f.first_day("public_comment", "opened") + 20,
            violated("NR-15b", "too_short"),
            where=lambda f: f.general & f.once("public_comment"),
        ),
        closing_after(20),
    ),
    also(
        moved(
            "public_comment",
            "closed",
            "too_early_by_one_way_of_counting",
            lambda f: f.first_day("public_comment", "opened") + 29,
            where=lambda f: f.general & f.once("public_comment"),
        ),
        closing_after(29),
    ),
    also(
        says(
            "public_comment",
            "shortening_explained_in_notice",
            1,
            violated("SP-07b", "too_short", business),
            violated("ND-05m", "too_short", document_of_business),
            where=lambda f: f.general & f.once("public_comment"),
        ),
        closing_after(20),
        name="public_comment.closed.too_early_explained_in_the_notice",
    ),
    also(
        says(
            "public_comment",
            "shortening_explained_afterwards",
            1,
            violated("NR-15b", "too_short"),
            where=lambda f: f.general & f.once("public_comment"),
        ),
        closing_after(20),
        name="public_comment.closed.too_early_explained_afterwards",
    ),
    in_month("public_comment", "closed", doubted("NR-15b", "moment_not_exact"), where=_closing_in_doubt, rate=0.05),
    lacks(
        "public_comment",
        "notice_contains",
        ["explanation"],
        violated("NR-15a", "defective"),
        where=lambda f: ~f.displaced,
    ),
    lacks(
        "public_comment",
        "notice_contains",
        ["how_to_comment"],
        violated("NR-15a2", "defective"),
        where=lambda f: ~f.displaced,
    ),
    unsaid(
        "public_comment",
        "notice_contains",
        doubted("NR-15a"),
        doubted("NR-15a2"),
        where=lambda f: ~f.displaced,
    ),
    lacks(
        "public_comment",
        "channels",
        ["website", "new_media", "newspaper"],
        violated("NR-15a3", "defective"),
        where=lambda f: ~f.displaced,
    ),
    unsaid("public_comment", "channels", doubted("NR-15a3"), where=lambda f: ~f.displaced),
    also(
        lacks(
            "public_comment",
            "documents",
            ["interview"],
            violated("NR-15d", "defective"),
            where=lambda f: ~f.displaced & watched(f),
        ),
        undated("public_comment", "explained_publicly"),
    ),
    says(
        "public_comment",
        "opinions",
        0,
        violated("NR-14b", "defective"),
        where=lambda f: _only_comment(f) & _drew_opinions(f) & ~document_of_business(f),
    ),
    touching(
        unsaid(
            "public_comment",
            "opinions",
            doubted("NR-14b"),
            doubted("NR-18"),
            doubted("ND-05bm", where=document_of_business),
            where=_only_comment,
        ),
        "opinion_adoption",
    ),
    unsaid(
        "public_comment",
        "business_related",
        doubted("SP-07a"),
        doubted("SP-07b"),
        doubted("SP-07c"),
        doubted("SP-07d"),
        doubted("SP-08b", where=_published_in_shanghai),
        doubted("SP-08c", where=_published_in_shanghai),
        doubted("ND-05m", where=lambda f: f.yes("normative_document") & _opened_since(f, BUSINESS_REGULATION)),
        doubted(
            "ND-05bm",
            where=lambda f: f.yes("normative_document") & _opened_since(f, BUSINESS_REGULATION) & _drew_opinions(f),
        ),
        where=lambda f: f.yes("market_activity"),
    ),
)


def _asked_of_hearings(plants: tuple[Plant, ...]) -> tuple[Plant, ...]:
    """Keep what decides whether a hearing is due apart from every other change to hearings."""
    return tuple(touching(plant, "hearing") for plant in plants)


HEARING: tuple[Plant, ...] = flat(
    left_out(
        "hearing",
        violated("NR-16a", "missing"),
        where=lambda f: f.yes("statutory_hearing") & _commented(f),
        rate=0.05,
    ),
    replace(
        left_out(
            "hearing",
            violated("NR-16a2", "defective"),
            where=lambda f: (
                ~f.yes("statutory_hearing") & (f.yes("direct_interest") | f.yes("divergence")) & _commented(f)
            ),
            rate=0.03,
        ),
        name="hearing.left_out.that_may_be_held",
    ),
    moved(
        "hearing",
        "held",
        "after_the_decision",
        lambda f: f.decided + 3,
        violated("NR-16a", "out_of_order"),
        where=lambda f: f.yes("statutory_hearing") & _commented(f),
        rate=0.05,
    ),
    _asked_of_hearings(undetermined("statutory_hearing", doubted("NR-16a", "determination_missing"))),
    _asked_of_hearings(
        undetermined(
            "direct_interest", doubted("NR-16a2", "determination_missing"), where=lambda f: ~f.yes("divergence")
        )
    ),
    _asked_of_hearings(
        undetermined(
            "divergence", doubted("NR-16a2", "determination_missing"), where=lambda f: ~f.yes("direct_interest")
        )
    ),
    undated("hearing", "notice_published", violated("NR-16b", "missing"), where=lambda f: ~_priced(f), rate=0.015),
    moved(
        "hearing",
        "notice_published",
        "after_the_hearing",
        lambda f: f.day("hearing", "held") + 1,
        violated("NR-16b", "missing"),
        rate=0.015,
    ),
    moved(
        "hearing",
        "notice_published",
        "on_the_day",
        lambda f: f.day("hearing", "held"),
        doubted("NR-16b", "same_day_order"),
        rate=0.015,
    ),
    in_month(
        "hearing",
        "notice_published",
        doubted("NR-16b", "moment_not_exact"),
        where=lambda f: (
            ~_priced(f) & (month_of(f.day("hearing", "notice_published")) == month_of(f.day("hearing", "held")))
        ),
        rate=0.03,
    ),
    lacks("hearing", "notice_contains", ["place"], violated("NR-16b2", "defective"), rate=0.015),
    unsaid("hearing", "notice_contains", doubted("NR-16b2"), rate=0.015),
    undated(
        "hearing",
        "selection_rules_published",
        violated("NR-16c", "missing"),
        where=lambda f: f.set("hearing", "selection_needed"),
        rate=0.03,
    ),
    moved(
        "hearing",
        "list_published",
        "before_the_rules",
        lambda f: f.day("hearing", "selection_rules_published") - 1,
        violated("NR-16c", "missing"),
        where=lambda f: f.set("hearing", "selection_needed"),
        rate=0.03,
    ),
    undated(
        "hearing",
        "list_published",
        violated("NR-16d", "missing"),
        where=lambda f: f.set("hearing", "selection_needed"),
        rate=0.03,
    ),
    moved(
        "hearing",
        "list_published",
        "after_the_hearing",
        lambda f: f.day("hearing", "held") + 2,
        violated("NR-16d", "missing"),
        where=lambda f: f.set("hearing", "selection_needed"),
        rate=0.03,
    ),
    denied("hearing", "open_selection", "NR-16c2", where=lambda f: f.set("hearing", "selection_needed"), rate=0.03),
    denied(
        "hearing", "all_sides_represented", "NR-16c3", where=lambda f: f.set("hearing", "selection_needed"), rate=0.03
    ),
    unsaid(
        "hearing",
        "selection_needed",
        doubted("NR-16c"),
        doubted("NR-16d"),
        doubted("NR-16c3", where=lambda f: f.set("hearing", "selection_needed")),
        rate=0.015,
    ),
    moved(
        "hearing",
        "materials_delivered",
        "too_late",
        lambda f: f.day("hearing", "held") - 4,
        violated("NR-16e", "too_short"),
        rate=0.015,
    ),
    moved(
        "hearing",
        "materials_delivered",
        "too_late_by_one_way_of_counting",
        lambda f: f.day("hearing", "held") - 7,
        rate=0.015,
    ),
    undated("hearing", "materials_delivered", doubted("NR-16e"), where=lambda f: ~_priced(f), rate=0.015),
    denied("hearing", "held_in_public", "NR-17a", rate=0.015),
    lacks("hearing", "sequence", ["questions_and_debate"], violated("NR-17a2", "defective"), rate=0.015),
    unsaid("hearing", "sequence", doubted("NR-17a2"), rate=0.015),
    denied("hearing", "record_is_signed", "NR-17a3", rate=0.015),
)


def _group(f: Facts) -> Bools:
    return f.yes("specific_group") & ~f.taken("hearing") & ~f.displaced


OTHER: tuple[Plant, ...] = flat(
    lacks(
        "other_participation",
        "heard",
        ["group_representatives", "mass_organisations"],
        violated("NR-14c", "missing"),
        where=_group,
        rate=0.01,
    ),
    lacks(
        "other_participation",
        "heard",
        ["mass_organisations"],
        violated("NR-14c2", "defective"),
        where=lambda f: f.yes("specific_group") & ~f.displaced,
        rate=0.01,
    ),
    unsaid("other_participation", "heard", doubted("NR-14c"), where=_group, rate=0.01),
    undetermined(
        "specific_group",
        doubted("NR-14c", "determination_missing"),
        where=lambda f: ~f.displaced,
    ),
    also(
        lacks(
            "other_participation",
            "heard",
            ["operators"],
            violated("SP-07a", "missing"),
            where=lambda f: business(f) & f.taken("fair_competition_review"),
            rate=0.01,
        ),
        lacks("fair_competition_review", "heard", ["operators"]),
    ),
)


def _heard_with_opinions(f: Facts) -> Bools:
    return _commented(f) & ~f.set("public_comment", "business_related")


def _studied_in_month(f: Facts) -> Bools:
    adopted = f.about.days.adopted
    found: Bools = _commented(f) & (month_of(adopted) == month_of(f.day("public_comment", "closed")))
    return found


ADOPTION: tuple[Plant, ...] = flat(
    left_out("opinion_adoption", violated("NR-18", "missing"), where=_heard_with_opinions),
    moved(
        "opinion_adoption",
        "completed",
        "after_the_meeting",
        lambda f: f.meeting + 3,
        violated("NR-18", "out_of_order"),
        where=_commented,
    ),
    also(
        moved(
            "opinion_adoption",
            "completed",
            "before_the_comment_closed",
            lambda f: f.day("public_comment", "closed") - 3,
            violated("NR-18b", "out_of_order"),
            where=_commented,
        ),
        moved("opinion_adoption", "started", "", lambda f: f.day("public_comment", "closed") - 5),
    ),
    moved(
        "opinion_adoption",
        "completed",
        "on_the_day_of_closing",
        lambda f: f.day("public_comment", "closed"),
        doubted("NR-18b", "same_day_order"),
        where=_commented,
    ),
    in_month(
        "opinion_adoption", "completed", doubted("NR-18b", "moment_not_exact"), where=_studied_in_month, rate=0.01
    ),
    lacks(
        "opinion_adoption",
        "documents",
        ["ledger", "report"],
        violated("NR-18c", "missing"),
        where=lambda f: ~f.displaced,
    ),
    denied(
        "opinion_adoption",
        "draft_improved",
        "NR-18d",
        where=lambda f: ~f.displaced & (f.number("opinion_adoption", "adopted") > 0),
    ),
    unsaid("opinion_adoption", "adopted", doubted("NR-18d"), where=lambda f: ~f.displaced),
    unsaid("opinion_adoption", "opinions", doubted("NR-18c"), where=lambda f: ~f.displaced),
    undated(
        "opinion_adoption",
        "feedback_published",
        violated("ND-05bm", "defective"),
        where=lambda f: document_of_business(f) & _drew_opinions(f) & f.taken("archiving") & f.general,
        rate=0.3,
    ),
    unsaid(
        "opinion_adoption",
        "of",
        doubted("NR-18"),
        doubted("NR-32b2", where=lambda f: watched(f) & f.taken("interpretation")),
        where=_commented,
    ),
)

PARTICIPATION: tuple[Plant, ...] = (*COMMENT, *HEARING, *OTHER, *ADOPTION)
