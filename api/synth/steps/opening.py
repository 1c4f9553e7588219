"""How a matter begins: listing in the catalogue, initiation, drafting, and the consultation of other units."""

import numpy as np

from api.synth.circumstances import DRAFTING, OPENING, Circumstances
from api.synth.draws import NULL, Bools
from api.synth.matters import Matters
from api.synth.places import numbers_of, units_of

PROPOSERS = {
    "leader": 0.3,
    "department": 0.4,
    "lower_government": 0.1,
    "deputy": 0.08,
    "cppcc_member": 0.05,
    "citizen": 0.07,
}
UNITS_ASKED = 4


def opening(matters: Matters, about: Circumstances) -> None:
    """Let matters be listed, started, drafted and shown to other units."""
    listed = about.draws.chance(0.42)
    by_listing = listed & about.draws.chance(0.35) & (about.statute < 0)
    _listing(matters, about, listed, by_listing)
    _initiation(matters, about, ~by_listing)
    _drafting(matters, about)
    _consultation(matters, about)


def _listing(matters: Matters, about: Circumstances, listed: Bools, by_listing: Bools) -> None:
    draws, days = about.draws, about.days
    again = listed & ~by_listing & draws.chance(0.12)
    rounds = matters.take("catalogue_listing", np.stack([listed, again], axis=1))
    consent = days.start - draws.between(60, 90)
    agreed = consent + draws.between(1, 6)
    published = agreed + draws.between(1, 9)
    later = np.stack([np.zeros_like(published), published + draws.between(20, 35) - published], axis=1)
    rounds.on("applied", (consent - draws.between(10, 30))[:, np.newaxis] + later)
    rounds.on("government_consent", consent[:, np.newaxis] + later)
    rounds.on("party_consent", agreed[:, np.newaxis] + later)
    rounds.on("published", published[:, np.newaxis] + later)
    rounds.say("kind", np.stack([np.zeros(draws.size), draws.between(1, 3)], axis=1).astype(np.int64))
    rounds.say("reasons_given", np.stack([np.full(draws.size, NULL), np.ones(draws.size)], axis=1).astype(np.int64))
    until = days.meeting + draws.between(10, 100)
    rounds.on("scheduled", until - 60)
    rounds.on("scheduled_until", until)
    for name in ("scheduled", "scheduled_until"):
        rounds.undate(name, where=~about.finished | draws.chance(0.3))
    rounds.say("decides_start", by_listing, where=by_listing | draws.chance(0.5))
    rounds.hold("documents", ["catalogue", "party_consent", "government_consent", "publication"])


def _initiation(matters: Matters, about: Circumstances, there: Bools) -> None:
    draws, days = about.draws, about.days
    rounds = matters.take("initiation", there)
    decided = days.start - draws.between(2, 9)
    studied = decided - draws.between(1, 6)
    referred = studied - draws.between(3, 12)
    rounds.on("decided", decided)
    rounds.on("studied", studied)
    rounds.on("referred", referred)
    rounds.on("replied", studied)
    rounds.undate("replied", where=draws.chance(0.3))
    rounds.on("proposed", referred - draws.between(1, 12))
    rounds.say("proposer", draws.choice(PROPOSERS, list(rounds.step.attributes["proposer"].values)))
    rounds.hold("argument", rounds.step.attributes["argument"].values)
    rounds.say("undertaking_unit_named", 1)
    units = draws.choice({"1": 0.6, "2": 0.3, "3": 0.1}, ["0", "1", "2", "3"])
    rounds.say("undertaking_units", units)
    rounds.say("lead_unit_named", 1, where=(units > 1) | draws.chance(0.5))
    rounds.hold("documents", ["proposal", "referral", "study_report", "start_decision"])
    land = about.statute == list(matters.procedure.special_statutes).index("land-administration-regulation")
    announced = days.start + draws.between(2, 6)
    rounds.on("pre_announced", announced, where=land)
    rounds.on("pre_announcement_closed", announced + draws.between(32, 38), where=land)


def _drafting(matters: Matters, about: Circumstances) -> None:
    draws, days = about.draws, about.days
    rounds = matters.take("drafting", about.last >= OPENING)
    rounds.on("started", days.start)
    rounds.on("researched", days.start + draws.between(3, 10))
    rounds.undate("researched", where=draws.chance(0.1))
    rounds.on("drafted", days.drafted)
    rounds.say("research_done", 1)
    rounds.say("legal_basis_sorted", 1)
    rounds.say("cost_benefit_analysed", draws.chance(0.5))
    rounds.say("options", draws.between(1, 3))
    rounds.say("draft", draws.drafts())
    rounds.hold("documents", ["draft", "drafting_note", "research_report"])


def _consultation(matters: Matters, about: Circumstances) -> None:
    draws, days = about.draws, about.days
    asked = np.where(draws.chance(0.05), draws.between(2, UNITS_ASKED), 0)
    asked = np.where(about.says["units_concerned"], np.maximum(asked, 1), asked)
    there = (np.arange(UNITS_ASKED) < asked[:, np.newaxis]) & (about.last >= DRAFTING)[:, np.newaxis]
    rounds = matters.take("consultation", there)
    begins = (days.drafted + draws.between(1, 3))[:, np.newaxis] + np.arange(UNITS_ASKED)
    replied = begins + draws.between(3, 12)[:, np.newaxis]
    rounds.on("asked", begins)
    rounds.on("replied", replied)
    for place in range(UNITS_ASKED):
        unit = draws.one_of(numbers_of(units_of(tuple(about.names))))
        rounds.say("unit", np.where(np.arange(UNITS_ASKED) == place, unit[:, np.newaxis], rounds.column("unit")))
    rounds.say("affected_units_all_asked", 1)
    rounds.choose("reply", "no_objection")
    rounds.choose("reply", "suggestions", where=draws.chance(0.3))
    rounds.choose("disagreement", "none")
    rounds.choose("disagreement", "resolved", where=draws.chance(0.1))
    open_still = draws.chance(0.08)
    rounds.choose("disagreement", "unresolved", where=open_still)
    rounds.hold("disagreement_note", rounds.step.attributes["disagreement_note"].values, where=open_still)
    rounds.on("disagreement_explained", replied + 2, where=open_still)
    matters.rounds["drafting"].say("options", draws.between(2, 3), where=open_still)
    rounds.hold("documents", ["letter", "reply"])
