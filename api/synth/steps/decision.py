"""How a matter is reviewed and decided: legality reviews, submission, reports, deliberation, issue and publication."""

import numpy as np

from api.synth.circumstances import AFTERMATH, DECISION, REVIEWS, Circumstances
from api.synth.draws import Bools
from api.synth.matters import Matters
from engine.observables.layout import EVENT_CODES
from engine.vocabulary import ClockEventKind, OrganLevel

REPORTED_FROM = 2
"""Matters are reported to the Party committee and to the congress so many days after the decision."""


def decision(matters: Matters, about: Circumstances) -> None:
    """Let matters be reviewed, discussed, issued and published."""
    _initial(matters, about)
    drafts = _review(matters, about)
    _submission(matters, about, drafts)
    _reports(matters, about)
    _deliberation(matters, about, drafts)
    _issue(matters, about)


def _initial(matters: Matters, about: Circumstances) -> None:
    draws, days = about.draws, about.days
    there = (about.last >= REVIEWS) & (about.within("CN-31") | draws.chance(0.08))
    rounds = matters.take("initial_legality_review", there)
    rounds.on("received", days.initial)
    rounds.on("issued", days.initial + draws.between(2, 4))
    rounds.choose("form", "review_opinion")
    rounds.say("conclusion", draws.between(0, 1))
    rounds.hold("aspects", rounds.step.attributes["aspects"].values)
    rounds.say("opinion_in_writing", 1)
    rounds.say("reviewer", about.lead_unit)
    rounds.hold("documents", ["review_opinion"])


def _review(matters: Matters, about: Circumstances) -> np.ndarray:
    """Let the draft be reviewed; returns the draft that is discussed."""
    draws, days = about.draws, about.days
    there = about.last >= REVIEWS
    before = there & about.reviewed_before
    rounds = matters.take("legality_review", np.stack([before, there], axis=1))
    received = np.stack([days.review, days.effective], axis=1)
    complete = received + draws.between(0, 1)[:, np.newaxis]
    moved = _events(matters, about, complete[:, 1])
    issued = complete + draws.between(1, 3)[:, np.newaxis] + np.stack([np.zeros_like(moved), moved], axis=1)
    rounds.on("received", received)
    rounds.on("file_complete", complete)
    rounds.on("issued", issued)
    rounds.choose("form", "review_opinion")
    rounds.choose("conclusion", "lawful")
    rounds.choose("conclusion", "lawful_after_changes", where=about.changes_asked)
    earlier = np.stack([before, np.zeros_like(before)], axis=1)
    rounds.choose("conclusion", "unlawful", where=earlier)
    rounds.hold("materials", rounds.step.attributes["materials"].values)
    rounds.hold("aspects", rounds.step.attributes["aspects"].values)
    rounds.say("legal_advisers_heard", 1)
    rounds.choose("response", "adopted", where=about.changes_asked)
    rounds.choose("response", "partly_with_reasons", where=about.changes_asked & draws.chance(0.1))
    rounds.on("changes_made", issued + draws.between(1, 4)[:, np.newaxis], where=about.changes_asked)
    reviewed = draws.drafts()
    rounds.say("draft", np.stack([draws.drafts(), reviewed], axis=1))
    rounds.say("reviewer", draws.drafts())
    rounds.hold("documents", ["review_opinion", "file_list"])
    return np.where(about.changes_asked, draws.drafts(), reviewed)


def _events(matters: Matters, about: Circumstances, complete: np.ndarray) -> np.ndarray:
    """Return some files and have others supplemented; returns by how many days the opinion comes later."""
    draws, rounds = about.draws, matters.rounds["legality_review"]
    returned, supplemented = draws.chance(0.06), draws.chance(0.1)
    supplemented &= ~returned
    kinds = {
        "event.0": (ClockEventKind.RETURNED, ClockEventKind.SUPPLEMENT_REQUESTED, complete + 1),
        "event.1": (ClockEventKind.SUBMITTED, ClockEventKind.SUPPLEMENTED, complete + draws.between(2, 4)),
    }
    effective = np.array([False, True])
    for name, (of_return, of_supplement, day) in kinds.items():
        for where, kind in ((returned, of_return), (supplemented, of_supplement)):
            which = where[:, np.newaxis] & effective
            rounds.say(f"{name}.kind", EVENT_CODES[kind], where=which)
            rounds.on(name, day, where=which)
    return np.where(returned | supplemented, rounds.day("event.1")[:, 1] - complete, 0)


def _submission(matters: Matters, about: Circumstances, draft: np.ndarray) -> None:
    days = about.days
    rounds = matters.take("submission", about.last >= DECISION)
    rounds.on("submitted", days.submitted)
    rounds.hold("materials", ["draft", "legality_opinion", "procedure_report"])
    heard = matters.taken("public_comment") | matters.taken("hearing") | matters.taken("other_participation")
    rounds.hold("materials", ["public_opinions_adoption"], where=heard)
    rounds.hold("materials", ["expert_opinions_adoption"], where=matters.taken("expert_review"))
    rounds.hold("materials", ["risk_report"], where=matters.taken("risk_assessment"))
    rounds.hold("materials", ["fair_competition"], where=matters.taken("fair_competition_review"))
    rounds.hold("materials", ["compensation_funds"], where=about.statute == 0)
    rounds.say("draft", draft)
    rounds.hold("documents", ["file"])


def _reports(matters: Matters, about: Circumstances) -> None:
    draws, days = about.draws, about.days
    reported = days.decided + draws.between(1, REPORTED_FROM)
    rounds = matters.take("party_report", (about.last >= AFTERMATH) & about.issued)
    rounds.on("reported", reported)
    rounds.say("required", 1)
    rounds.on("replied", reported + 1)
    rounds.choose("reply", "agreed")
    rounds.hold("documents", ["report"])
    asked = about.says["congress_decides"] | about.says["congress_report"]
    rounds = matters.take("congress_report", (about.last >= AFTERMATH) & asked)
    rounds.on("reported", reported)
    rounds.on("resolved", reported + 2)
    rounds.choose("resolution", "approved")
    rounds.hold("documents", ["report", "resolution"])


def _deliberation(matters: Matters, about: Circumstances, draft: np.ndarray) -> None:
    draws, days = about.draws, about.days
    there = about.last >= DECISION
    rounds = matters.take("collective_deliberation", np.stack([there, there & about.deferred_once], axis=1))
    rounds.on("held", np.stack([days.meeting, days.decided], axis=1))
    lower = about.of_level(OrganLevel.DEPARTMENT, OrganLevel.TOWNSHIP)
    rounds.choose("form", "executive_meeting")
    rounds.choose("form", "plenary_meeting", where=draws.chance(0.1))
    rounds.choose("form", "leadership_meeting", where=lower)
    members = draws.between(9, 15)
    rounds.say("members", members)
    rounds.say("members_present", members - draws.between(0, 2))
    for name in ("quorum_met", "members_spoke", "head_spoke_last", "record_truthful", "procedure_reported"):
        rounds.say(name, 1)
    alone, dissent = draws.chance(0.01), draws.chance(0.15)
    rounds.say("against_majority", alone)
    rounds.say("reasons_for_minority_decision", 1, where=alone)
    rounds.say("dissent_voiced", dissent | alone)
    rounds.say("dissent_recorded", 1, where=dissent | alone)
    rounds.choose("conclusion", "approved")
    rounds.choose("conclusion", "approved_with_changes", where=draws.chance(0.15))
    rounds.choose("conclusion", "rejected", where=~about.finished)
    rounds.choose("conclusion", "deferred", where=np.stack([about.deferred_once, np.zeros_like(there)], axis=1))
    rounds.say("draft", draft)
    rounds.hold("documents", ["minutes", "record"])


def _issue(matters: Matters, about: Circumstances) -> None:
    draws, days = about.draws, about.days
    finished = about.last >= AFTERMATH
    rounds = matters.take("issue", finished & about.issued)
    rounds.on("issued", days.issued)
    rounds.hold("documents", ["document"])
    rounds.on("approval_received", days.issued - 1, where=_land(matters, about))
    open_to_all = finished & ~about.says["not_public"]
    rounds = matters.take("publication", open_to_all)
    rounds.on("published", days.published)
    rounds.hold("channels", ["website", "database"])
    rounds.hold("channels", ["gazette"], where=draws.chance(0.4))
    rounds.on("filed", days.published + draws.between(2, 9), where=about.says["normative_document"])
    rounds.hold("documents", ["page"])
    explained = about.says["technical"] | about.says["widely_watched"] | _business(matters)
    rounds = matters.take("interpretation", open_to_all & (explained | draws.chance(0.05)))
    rounds.on("published", days.published)
    rounds.say("form", draws.between(0, 3))
    rounds.hold("explains", ["public_opinions_adoption", "expert_opinions_adoption"])
    rounds.hold("documents", ["page"])


def _business(matters: Matters) -> Bools:
    comment = matters.rounds["public_comment"]
    found: Bools = (comment.there & (comment.column("business_related") == 1)).any(axis=1)
    return found


def _land(matters: Matters, about: Circumstances) -> Bools:
    found: Bools = about.statute == list(matters.procedure.special_statutes).index("land-administration-regulation")
    return found
