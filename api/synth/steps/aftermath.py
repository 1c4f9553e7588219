"""What comes after a decision: archiving, execution, adjustment and evaluation."""

import numpy as np

from api.synth.circumstances import AFTERMATH, Circumstances
from api.synth.draws import Bools
from api.synth.matters import Matters
from api.synth.places import numbers_of, others, units_of

ARCHIVED = {
    "initiation": ("initiation",),
    "draft": ("drafting",),
    "public_participation": ("public_comment", "hearing", "other_participation"),
    "expert_review": ("expert_review",),
    "risk_assessment": ("risk_assessment",),
    "fair_competition_review": ("fair_competition_review",),
    "legality_review": ("legality_review",),
    "collective_deliberation": ("collective_deliberation",),
    "publication": ("publication",),
}
"""Which records are in the archive by which steps were taken."""


def aftermath(matters: Matters, about: Circumstances) -> None:
    """Let decisions be archived, carried out, changed and evaluated."""
    finished = about.last >= AFTERMATH
    _archiving(matters, about, finished & about.draws.chance(0.25))
    executed = finished & about.draws.chance(0.25)
    trouble = executed & about.draws.chance(0.12)
    _execution(matters, about, executed, trouble)
    adjusted = (trouble & about.draws.chance(0.5)) | (executed & about.draws.chance(0.04))
    evaluated = adjusted | trouble | (executed & about.draws.chance(0.15))
    _adjustment(matters, about, adjusted)
    _evaluation(matters, about, evaluated, adjusted)


def _archiving(matters: Matters, about: Circumstances, there: Bools) -> None:
    rounds = matters.take("archiving", there)
    rounds.on("archived", about.days.published + about.draws.between(30, 150))
    rounds.say("complete", 1)
    for item, steps in ARCHIVED.items():
        taken = np.logical_or.reduce([matters.taken(step) for step in steps])
        rounds.hold("items", [item], where=taken)
    rounds.hold("documents", ["archive_list"])


def _execution(matters: Matters, about: Circumstances, there: Bools, trouble: Bools) -> None:
    draws, days = about.draws, about.days
    rounds = matters.take("execution", there)
    arose = days.executed + draws.between(30, 60)
    completed = days.executed + draws.between(150, 300)
    rounds.on("named", days.issued + 1)
    rounds.on("started", days.executed)
    rounds.on("inspected", days.executed + draws.between(60, 100))
    rounds.on("reported", days.executed + draws.between(101, 120))
    rounds.on("problem_arose", arose, where=trouble)
    rounds.on("problem_reported", arose + draws.between(1, 3), where=trouble)
    rounds.on("completed", completed)
    rounds.undate("completed", where=draws.chance(0.4))
    rounds.say("executing_unit", draws.one_of(numbers_of(units_of(tuple(about.names)))))
    rounds.say("public_suggestions", draws.between(0, 40))
    rounds.hold("documents", ["naming_document", "report"])


def _adjustment(matters: Matters, about: Circumstances, there: Bools) -> None:
    draws, days = about.draws, about.days
    rounds = matters.take("adjustment", there)
    rounds.on("decided", days.executed + draws.between(130, 145))
    rounds.say("kind", draws.between(0, 2))
    rounds.say("major", 0)
    rounds.say("urgent", draws.chance(0.1))
    rounds.say("procedure_repeated", 1)
    rounds.hold("documents", ["decision"])


def _evaluation(matters: Matters, about: Circumstances, there: Bools, adjusted: Bools) -> None:
    draws, days = about.draws, about.days
    rounds = matters.take("post_decision_evaluation", there)
    started = days.executed + draws.between(70, 80)
    rounds.on("started", started)
    rounds.on("completed", started + draws.between(20, 40))
    rounds.say("required", about.says["evaluation_required"])
    rounds.hold("trigger", ["organ_thinks_necessary"])
    rounds.hold("trigger", ["many_opinions"], where=draws.chance(0.3))
    rounds.say("evaluator", draws.one_of(others()[1]))
    rounds.say("evaluator_kind", draws.between(1, 2))
    rounds.hold("involved", ["public", "deputies"])
    rounds.hold("involved", ["social_organisations"], where=draws.chance(0.4))
    rounds.choose("conclusion", "continue")
    rounds.choose("conclusion", "adjust", where=adjusted | draws.chance(0.1))
    rounds.on("followed_up", started + draws.between(41, 50))
    rounds.hold("documents", ["report"])
