"""Plants in hearings and other participation of the public, and in what became of the opinions."""

from dataclasses import replace

from api.synth.draws import Bools
from api.synth.plants.facts import Facts, month_of
from api.synth.plants.plant import (
    Plant,
    also,
    denied,
    doubted,
    flat,
    in_month,
    lacks,
    left_out,
    moved,
    touching,
    undated,
    undetermined,
    unsaid,
    violated,
)
from api.synth.plants.scope import (
    business,
    commented,
    document_of_business,
    drew_opinions,
    watched,
)


def _priced(f: Facts) -> Bools:
    return f.under("price-hearing-measures")


def _asked_of_hearings(plants: tuple[Plant, ...]) -> tuple[Plant, ...]:
    """Keep what decides whether a hearing is due apart from every other change to hearings."""
    return tuple(touching(plant, "hearing") for plant in plants)


HEARING: tuple[Plant, ...] = flat(
    left_out(
        "hearing",
        violated("NR-16a", "missing"),
        where=lambda f: f.yes("statutory_hearing") & commented(f),
        rate=0.05,
    ),
    replace(
        left_out(
            "hearing",
            violated("NR-16a2", "defective"),
            where=lambda f: (
                ~f.yes("statutory_hearing") & (f.yes("direct_interest") | f.yes("divergence")) & commented(f)
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
        where=lambda f: f.yes("statutory_hearing") & commented(f),
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
    return commented(f) & ~f.set("public_comment", "business_related")


def _studied_in_month(f: Facts) -> Bools:
    adopted = f.about.days.adopted
    found: Bools = commented(f) & (month_of(adopted) == month_of(f.day("public_comment", "closed")))
    return found


ADOPTION: tuple[Plant, ...] = flat(
    left_out("opinion_adoption", violated("NR-18", "missing"), where=_heard_with_opinions),
    moved(
        "opinion_adoption",
        "completed",
        "after_the_meeting",
        lambda f: f.meeting + 3,
        violated("NR-18", "out_of_order"),
        where=commented,
    ),
    also(
        moved(
            "opinion_adoption",
            "completed",
            "before_the_comment_closed",
            lambda f: f.day("public_comment", "closed") - 3,
            violated("NR-18b", "out_of_order"),
            where=commented,
        ),
        moved("opinion_adoption", "started", "", lambda f: f.day("public_comment", "closed") - 5),
    ),
    moved(
        "opinion_adoption",
        "completed",
        "on_the_day_of_closing",
        lambda f: f.day("public_comment", "closed"),
        doubted("NR-18b", "same_day_order"),
        where=commented,
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
        where=lambda f: document_of_business(f) & drew_opinions(f) & f.taken("archiving") & f.general,
        rate=0.3,
    ),
    unsaid(
        "opinion_adoption",
        "of",
        doubted("NR-18"),
        doubted("NR-32b2", where=lambda f: watched(f) & f.taken("interpretation")),
        where=commented,
    ),
)

PARTICIPATION: tuple[Plant, ...] = (*HEARING, *OTHER, *ADOPTION)
