"""Plants in reviews for fair competition."""

from dataclasses import replace

import numpy as np

from api.synth.draws import Bools, Ints
from api.synth.plants.facts import Facts, since
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
    COMPETITION,
    after_the_decision,
    business,
    shanghai_reviews,
)
from engine.vocabulary import OrganLevel

STEP = "fair_competition_review"


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


def _first_review(f: Facts) -> Ints:
    """Return the day by which the older rule goes: that of the review, else of the meeting."""
    return np.where(f.taken(STEP), f.first_day(STEP, "completed"), f.meeting)


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
        after_the_decision,
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
