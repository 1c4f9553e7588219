"""Plants in public comments: whether there is one, how long, where and with what."""

from api.synth.draws import Bools
from api.synth.ending import entered_of
from api.synth.matters import Matters
from api.synth.plants.facts import Facts, first_of_month, last_of_month
from api.synth.plants.plant import (
    Plant,
    alone,
    also,
    doubted,
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
    BUSINESS_REGULATION,
    business,
    document_of_business,
    drew_opinions,
    normative,
    opened_since,
    published_in_shanghai,
    watched,
)
from engine.observables.layout import ANNOUNCED

HEARD = ("public_comment", "hearing", "other_participation")
MOST_OF_A_MONTH = 21
LONG_ENOUGH = 20
"""In so many calendar days there are seven working days at least, even around the longest holidays."""
PARTICIPATION_STEPS = (*HEARD, "opinion_adoption")


def _closing_in_doubt(f: Facts) -> Bools:
    closed = f.day("public_comment", "closed")
    needed = f.first_day("public_comment", "opened") + 31
    in_doubt: Bools = first_of_month(closed) < needed - 2
    in_doubt &= (last_of_month(closed) < f.about.days.adopted) & (closed - first_of_month(closed) < MOST_OF_A_MONTH)
    # Of a normative document no doubt about its seven working days shall come with it, whatever the holidays.
    in_doubt &= ~f.yes("normative_document") | (first_of_month(closed) >= needed - 31 + LONG_ENOUGH)
    return f.general & f.once("public_comment") & in_doubt


def _only_comment(f: Facts) -> Bools:
    found: Bools = f.general & ~f.taken("hearing", "other_participation") & f.taken("public_comment")
    return found


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
                violated("ND-01bm", "missing", normative),
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
            where=lambda f: normative(f) & f.taken("hearing", "other_participation") & f.general,
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
        where=lambda f: _only_comment(f) & drew_opinions(f) & ~document_of_business(f),
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
        doubted("SP-08b", where=published_in_shanghai),
        doubted("SP-08c", where=published_in_shanghai),
        doubted("ND-05m", where=lambda f: f.yes("normative_document") & opened_since(f, BUSINESS_REGULATION)),
        doubted(
            "ND-05bm",
            where=lambda f: f.yes("normative_document") & opened_since(f, BUSINESS_REGULATION) & drew_opinions(f),
        ),
        where=lambda f: f.yes("market_activity"),
    ),
)
