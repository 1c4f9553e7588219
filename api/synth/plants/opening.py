"""Plants in the listing, the initiation, the drafting and the consultation of units."""

from dataclasses import replace

from api.synth.draws import NULL, Bools
from api.synth.plants.facts import Facts, first_of_month, last_of_month, month_of
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
    says,
    touching,
    undated,
    undetermined,
    unsaid,
    violated,
)

DEPUTIES = ("deputy", "cppcc_member", "citizen")
OFFICES = ("department", "lower_government")


def _started_by_itself(f: Facts) -> Bools:
    found: Bools = f.general & (~f.taken("catalogue_listing") | (f.number("catalogue_listing", "decides_start") == 0))
    return found


def _perhaps_started_by_listing(f: Facts) -> Bools:
    found: Bools = f.general & f.taken("catalogue_listing") & (f.number("catalogue_listing", "decides_start") == NULL)
    return found


def _same_month_as_start(f: Facts) -> Bools:
    decided, start = f.day("initiation", "decided"), f.about.days.start
    found: Bools = _started_by_itself(f) & (month_of(decided) == month_of(start)) & (last_of_month(start) != start)
    return found


def _studied_in_doubt(f: Facts) -> Bools:
    found: Bools = f.day("initiation", "studied") > first_of_month(f.day("initiation", "decided"))
    return found


def _consent_in_doubt(f: Facts) -> Bools:
    consent, published = f.day("catalogue_listing", "party_consent"), f.day("catalogue_listing", "published")
    same = month_of(consent) == month_of(published)
    found: Bools = f.once("catalogue_listing") & same & (last_of_month(published) != published)
    return found


def _scheduled_in_doubt(f: Facts) -> Bools:
    found: Bools = f.happened("catalogue_listing", "scheduled_until") & (first_of_month(f.meeting) != f.meeting)
    return found


def _units_open(f: Facts) -> Bools:
    return f.number("initiation", "undertaking_units") > 1


def _unresolved(f: Facts) -> Bools:
    return f.is_("consultation", "disagreement", "unresolved")


LISTING: tuple[Plant, ...] = flat(
    undated(
        "catalogue_listing",
        "party_consent",
        violated("NR-03d", "missing"),
        where=lambda f: f.once("catalogue_listing"),
    ),
    moved(
        "catalogue_listing",
        "party_consent",
        "after_publication",
        lambda f: f.day("catalogue_listing", "published") + 5,
        violated("NR-03d", "missing"),
        where=lambda f: f.once("catalogue_listing"),
    ),
    in_month(
        "catalogue_listing", "party_consent", doubted("NR-03d", "moment_not_exact"), where=_consent_in_doubt, rate=0.01
    ),
    unsaid("catalogue_listing", "kind", doubted("NR-03d"), where=lambda f: f.once("catalogue_listing")),
    moved(
        "catalogue_listing",
        "scheduled_until",
        "before_the_meeting",
        lambda f: f.meeting - 40,
        violated("NR-03e2", "late"),
        where=lambda f: f.happened("catalogue_listing", "scheduled_until"),
    ),
    also(
        in_month(
            "catalogue_listing",
            "scheduled_until",
            doubted("NR-03e2", "moment_not_exact"),
            where=_scheduled_in_doubt,
            rate=0.006,
        ),
        moved("catalogue_listing", "scheduled_until", "", lambda f: f.meeting),
        in_month("catalogue_listing", "scheduled_until"),
    ),
)

INITIATION: tuple[Plant, ...] = flat(
    left_out("initiation", violated("NR-10d", "missing"), where=_started_by_itself),
    replace(
        left_out("initiation", doubted("NR-10d"), where=_perhaps_started_by_listing),
        name="initiation.left_out.listing_silent",
    ),
    undated("initiation", "decided", violated("NR-10d", "missing"), where=_started_by_itself),
    moved(
        "initiation",
        "decided",
        "after_drafting_began",
        lambda f: f.about.days.start + 3,
        violated("NR-10d2", "out_of_order"),
        where=_started_by_itself,
    ),
    in_month(
        "initiation",
        "decided",
        doubted("NR-10d2", "moment_not_exact"),
        doubted(
            "NR-10a", "moment_not_exact", lambda f: f.is_("initiation", "proposer", "leader") & _studied_in_doubt(f)
        ),
        doubted(
            "NR-10c", "moment_not_exact", lambda f: f.is_("initiation", "proposer", *DEPUTIES) & _studied_in_doubt(f)
        ),
        where=_same_month_as_start,
        rate=0.006,
    ),
    undated(
        "initiation",
        "studied",
        violated("NR-10a", "missing", lambda f: f.is_("initiation", "proposer", "leader")),
        violated("NR-10c", "missing", lambda f: f.is_("initiation", "proposer", *DEPUTIES)),
        where=lambda f: f.is_("initiation", "proposer", "leader", *DEPUTIES),
    ),
    moved(
        "initiation",
        "studied",
        "after_the_decision",
        lambda f: f.day("initiation", "decided") + 2,
        violated("NR-10a", "missing", lambda f: f.is_("initiation", "proposer", "leader")),
        violated("NR-10c", "missing", lambda f: f.is_("initiation", "proposer", *DEPUTIES)),
        where=lambda f: f.is_("initiation", "proposer", "leader", *DEPUTIES),
    ),
    lacks(
        "initiation",
        "argument",
        ["feasibility"],
        violated("NR-10b", "defective"),
        where=lambda f: f.is_("initiation", "proposer", *OFFICES),
    ),
    unsaid("initiation", "argument", doubted("NR-10b"), where=lambda f: f.is_("initiation", "proposer", *OFFICES)),
    unsaid("initiation", "proposer", doubted("NR-10a"), doubted("NR-10b"), doubted("NR-10c")),
    denied("initiation", "undertaking_unit_named", "NR-11a"),
    denied("initiation", "lead_unit_named", "NR-11b", where=_units_open),
    unsaid("initiation", "undertaking_units", doubted("NR-11b")),
)

DRAFTING: tuple[Plant, ...] = flat(
    touching(left_out("drafting", violated("NR-12a", "missing")), "consultation", "initiation"),
    also(
        says("drafting", "research_done", 0, violated("NR-12a", "missing")),
        undated("drafting", "researched"),
    ),
    also(unsaid("drafting", "research_done", doubted("NR-12a")), undated("drafting", "researched")),
    moved(
        "drafting",
        "researched",
        "after_the_draft",
        lambda f: f.about.days.drafted + 3,
        violated("NR-12a", "missing"),
    ),
    moved(
        "drafting",
        "researched",
        "on_the_day_of_the_draft",
        lambda f: f.about.days.drafted,
        doubted("NR-12a", "same_day_order"),
    ),
    denied("drafting", "legal_basis_sorted", "NR-12b"),
    says("drafting", "options", 1, violated("NR-12d", "defective"), where=_unresolved, rate=0.03),
    unsaid("drafting", "options", doubted("NR-12d"), where=_unresolved, rate=0.03),
)

CONSULTATION: tuple[Plant, ...] = flat(
    denied("consultation", "affected_units_all_asked", "NR-13a", how="missing"),
    touching(
        left_out("consultation", violated("NR-13a", "missing"), where=lambda f: f.yes("units_concerned")), "drafting"
    ),
    moved(
        "consultation",
        "asked",
        "after_the_meeting",
        lambda f: f.meeting + 2,
        violated("NR-13a", "missing"),
        where=lambda f: ~_unresolved(f),
    ),
    undetermined(
        "units_concerned", doubted("NR-13a", "determination_missing"), where=lambda f: ~f.taken("consultation")
    ),
    touching(
        lacks(
            "consultation",
            "disagreement_note",
            ["own_view_with_reasons"],
            violated("NR-13b", "defective"),
            where=_unresolved,
            rate=0.03,
        ),
        "drafting",
    ),
    unsaid("consultation", "disagreement_note", doubted("NR-13b"), where=_unresolved, rate=0.03),
    moved(
        "consultation",
        "disagreement_explained",
        "after_the_meeting",
        lambda f: f.meeting + 2,
        violated("NR-13b", "defective"),
        where=_unresolved,
        rate=0.03,
    ),
    touching(unsaid("consultation", "disagreement", doubted("NR-12d"), doubted("NR-13b")), "drafting"),
)

OPENING: tuple[Plant, ...] = (*LISTING, *INITIATION, *DRAFTING, *CONSULTATION)
