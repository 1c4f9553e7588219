"""Plants in matters under special statutes, and in what only their cards ask."""

from dataclasses import replace

from api.synth.draws import Bools
from api.synth.plants.comment import closing_after
from api.synth.plants.facts import Facts, since
from api.synth.plants.plant import (
    Plant,
    Where,
    also,
    called,
    denied,
    doubted,
    flat,
    lacks,
    left_out,
    moved,
    touching,
    undated,
    unsaid,
    violated,
)
from api.synth.plants.scope import BUSINESS_REGULATION

TEXT = BUSINESS_REGULATION
"""The text of these laws is at hand from the same day on."""


def _land(f: Facts) -> Bools:
    return f.under("land-administration-regulation") & f.bound & since(f.decided, TEXT)


def _planning(f: Facts) -> Bools:
    return f.under("urban-rural-planning-law") & f.bound & since(f.decided, TEXT)


def _environment(f: Facts) -> Bools:
    return f.under("environmental-impact-assessment-law") & f.bound & since(f.meeting, TEXT)


def _housing(f: Facts) -> Bools:
    return f.under("decree-590") & f.bound


def _price(f: Facts) -> Bools:
    return f.under("price-hearing-measures") & f.bound


LAND: tuple[Plant, ...] = flat(
    moved(
        "initiation",
        "pre_announcement_closed",
        "too_early",
        lambda f: f.day("initiation", "pre_announced") + 7,
        violated("SP-03a", "too_short"),
        where=lambda f: _land(f) & since(f.day("initiation", "pre_announced"), TEXT),
        rate=0.2,
    ),
    touching(
        lacks(
            "risk_assessment",
            "kinds",
            ["social_stability"],
            violated("SP-03b", "missing"),
            where=_land,
            rate=0.2,
        ),
        "determined.risk_possible",
    ),
    denied("risk_assessment", "affected_parties_involved", "SP-03b2", where=_land, rate=0.2),
    called(
        "land.hearing.left_out",
        left_out(
            "hearing",
            violated("SP-03d", "missing"),
            where=lambda f: (
                _land(f)
                & f.set("public_comment", "majority_objects")
                & ~f.yes("statutory_hearing")
                & ~f.yes("direct_interest")
                & ~f.yes("divergence")
            ),
            rate=0.3,
        ),
    ),
    called(
        "land.majority_objects.unsaid",
        unsaid("public_comment", "majority_objects", doubted("SP-03d"), where=_land, rate=0.2),
    ),
)


def _opened_late(f: Facts) -> Bools:
    opened = since(f.first_day("public_comment", "opened"), TEXT) & f.once("public_comment")
    return opened & ~f.set("public_comment", "business_related")


def _too_short(name: str, card: str, where: Where) -> Plant:
    """Close the comment that a statute asks for after 20 days."""
    shortened = replace(
        closing_after(20),
        where=lambda f: f.whole() & f.taken("public_comment") & _opened_late(f) & where(f),
        told=(violated(card, "too_short"),),
        rate=0.3,
    )
    return called(f"{name}.comment.too_early", shortened)


def _announced_late(f: Facts) -> Bools:
    approved = since(f.day("issue", "approval_received"), TEXT) & f.taken("issue")
    undisturbed = ~f.taken("archiving", "execution") & ~f.set("public_comment", "business_related")
    return _land(f) & approved & undisturbed


OTHERS: tuple[Plant, ...] = flat(
    _too_short("land", "SP-03c", _land),
    _too_short("planning", "SP-04a", _planning),
    moved(
        "publication",
        "published",
        "long_after_the_approval",
        lambda f: f.day("issue", "approval_received") + 35,
        violated("SP-03e", "late"),
        where=_announced_late,
        rate=0.3,
    ),
    left_out(
        "other_participation",
        violated("SP-05", "missing"),
        where=lambda f: _environment(f) & ~f.taken("hearing") & ~f.yes("specific_group") & _drew(f) & ~_tied(f),
        rate=0.3,
    ),
    also(
        left_out(
            "other_participation",
            violated("SP-04b", "missing"),
            where=lambda f: (
                _planning(f)
                & ~f.taken("hearing")
                & ~f.yes("technical")
                & ~f.yes("specific_group")
                & _drew(f)
                & ~_tied(f)
            ),
            rate=0.3,
        ),
        left_out("expert_review"),
        name="planning.nobody_heard",
    ),
    called(
        "expropriation.majority_objects.unsaid",
        unsaid(
            "public_comment",
            "majority_objects",
            doubted("SP-01c"),
            where=lambda f: _housing(f) & f.set("public_comment", "old_town_renewal"),
            rate=0.05,
        ),
    ),
    unsaid("public_comment", "many_households", doubted("SP-01e"), where=_housing, rate=0.05),
    called(
        "price.materials_delivered.undated",
        undated("hearing", "materials_delivered", doubted("NR-16e"), doubted("SP-13c"), where=_price, rate=0.05),
    ),
)


def _drew(f: Facts) -> Bools:
    return f.number("public_comment", "opinions") > 0


def _tied(f: Facts) -> Bools:
    return f.set("public_comment", "business_related")


STATUTES: tuple[Plant, ...] = (*LAND, *OTHERS)
