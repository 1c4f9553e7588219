"""Plants in the record itself: what is proved by no document, entered late, or does not fit together."""

import numpy as np

from api.synth.draws import NULL, Bools
from api.synth.ending import SECONDS_PER_DAY
from api.synth.matters import LATER, Matters
from api.synth.plants.facts import Facts, since
from api.synth.plants.plant import (
    Plant,
    Told,
    Where,
    alone,
    also,
    doubted,
    fits,
    flat,
    undated,
    unsaid,
    violated,
)
from api.synth.plants.scope import COMPETITION, watched
from engine.vocabulary import OrganLevel

LATE = 45
"""Entered so many days later."""


def _entered_late(step: str, completes: str, card: str) -> Plant:
    def change(matters: Matters, _: Facts, hit: Bools) -> None:
        rounds = matters.rounds[step]
        entered = (rounds.day(completes) + LATE) * SECONDS_PER_DAY
        rounds.say("entered", entered, where=hit)

    return Plant(f"{step}.entered.late", (step,), fits(step, None), change, (violated(card, "late"),))


def _unproved(step: str, *told: Told, where: Where | None = None) -> Plant:
    """Let a round have no document, neither at its beginning nor later."""
    return also(unsaid(step, "documents", *told, where=where), undated(step, LATER))


def _before_it_was_decided(matters: Matters, facts: Facts, hit: Bools) -> None:
    matters.rounds["issue"].on("issued", facts.decided - 3, where=hit)


def _corrected(matters: Matters, _: Facts, hit: Bools) -> None:
    matters.records["corrected_after_flag"] = np.where(hit, 1, NULL)


def _no_lead_unit(matters: Matters, _: Facts, hit: Bools) -> None:
    matters.records["lead_unit"] = np.where(hit, NULL, matters.records["lead_unit"])


def _led_review(f: Facts) -> Bools:
    department = f.yes("market_activity") & f.of_level(OrganLevel.DEPARTMENT)
    return department & since(f.first_day("fair_competition_review", "completed"), COMPETITION)


CONSISTENCY: tuple[Plant, ...] = flat(
    _unproved("public_comment", violated("RC-1a", "missing"), where=lambda f: ~watched(f)),
    _unproved("expert_review", violated("RC-1b", "missing"), violated("NR-19b2", "missing")),
    _unproved(
        "risk_assessment",
        violated("RC-1c", "missing"),
        where=lambda f: ~f.set("risk_assessment", "reuses_earlier_report"),
    ),
    _unproved("legality_review", violated("RC-1d", "missing")),
    _unproved("collective_deliberation", violated("RC-1e", "missing")),
    _entered_late("public_comment", "closed", "RC-2a"),
    _entered_late("legality_review", "issued", "RC-2b"),
    _entered_late("collective_deliberation", "held", "RC-2c"),
    alone(
        Plant(
            "issue.issued.before_the_decision",
            ("issue",),
            fits("issue", lambda f: f.once("collective_deliberation") & ~f.taken("congress_report") & f.general),
            _before_it_was_decided,
            (
                violated("NR-30a", "missing"),
                violated("NR-31", "out_of_order"),
                violated("RC-3a", "inconsistent"),
            ),
            0.003,
        )
    ),
    Plant(
        "record.corrected_after_a_flag",
        ("record",),
        lambda f: f.whole(),
        _corrected,
        (violated("RC-4", "inconsistent"),),
        0.002,
    ),
    Plant(
        "record.lead_unit.unsaid",
        ("fair_competition_review",),
        lambda f: f.whole() & _led_review(f) & f.taken("fair_competition_review"),
        _no_lead_unit,
        (doubted("FC-13"),),
        0.05,
    ),
)
