"""How the public, experts and assessors are heard: comments, hearings, reviews by experts, risk, competition."""

import numpy as np

from api.synth.circumstances import PARTICIPATION, Circumstances
from api.synth.draws import NULL, Bools
from api.synth.matters import Matters
from api.synth.places import others
from engine.observables.layout import ANNOUNCED
from engine.vocabulary import OrganLevel

FORMS = {"meeting": 0.5, "field_visit": 0.2, "questionnaire": 0.15, "poll": 0.05, "written_request": 0.1}
HEARD = {"public": 0.7, "deputies": 0.2, "cppcc_members": 0.2}
REVIEWED_BY = {"meeting": 0.5, "written": 0.3, "commissioned": 0.2}
REACH = {"communities": 0.3, "parks": 0.1, "service_windows": 0.1}


def participation(matters: Matters, about: Circumstances) -> None:
    """Let the public, experts and assessors be heard."""
    going = about.last >= PARTICIPATION
    _comment(matters, about, about.commented & going)
    _hearing(matters, about, about.hearing & going)
    _other(matters, about, going)
    _adoption(matters, about)
    _experts(matters, about, going)
    _risk(matters, about, going)
    _competition(matters, about, going)


def _statute(matters: Matters, about: Circumstances, name: str) -> Bools:
    found: Bools = about.statute == list(matters.procedure.special_statutes).index(name)
    return found


def _comment(matters: Matters, about: Circumstances, there: Bools) -> None:
    draws, days = about.draws, about.days
    second = there & about.second_comment
    rounds = matters.take("public_comment", np.stack([there, second], axis=1))
    opened = np.stack([days.comment, days.comment + 38], axis=1)
    closed = np.stack([np.where(second, days.comment + 34, days.closed), days.closed], axis=1)
    rounds.on("opened", opened)
    rounds.on("closed", closed)
    rounds.on(f"closed{ANNOUNCED}", closed)
    explained = about.says["technical"] | about.says["widely_watched"]
    rounds.on("explained_publicly", opened + draws.between(2, 20)[:, np.newaxis], where=explained & draws.chance(0.6))
    rounds.hold("notice_contains", rounds.step.attributes["notice_contains"].values)
    rounds.hold("channels", ["website"])
    for channel, likelihood in {"new_media": 0.5, "newspaper": 0.1, "notice_board": 0.1}.items():
        rounds.hold("channels", [channel], where=draws.chance(likelihood))
    rounds.say("urgent", 0, where=draws.chance(0.5))
    rounds.say("business_related", about.says["market_activity"] & draws.chance(0.5))
    rounds.say("opinions", np.where(draws.chance(0.12), 0, draws.between(1, 300)))
    expropriation = _statute(matters, about, "decree-590") | _statute(matters, about, "land-administration-regulation")
    for name, likelihood in {"old_town_renewal": 0.5, "many_households": 0.5, "majority_objects": 0.4}.items():
        rounds.say(name, draws.chance(likelihood), where=expropriation)
    rounds.say("draft", draws.drafts())
    rounds.hold("documents", ["notice", "draft", "explanation", "opinions"])
    rounds.hold("documents", ["interview"], where=explained)


def _hearing(matters: Matters, about: Circumstances, there: Bools) -> None:
    draws, days = about.draws, about.days
    comment = matters.rounds["public_comment"]
    there = there | (matters.taken("public_comment") & (comment.column("majority_objects") == 1).any(axis=1))
    rounds = matters.take("hearing", there)
    price = _statute(matters, about, "price-hearing-measures")
    held = days.comment + draws.between(24, 31)
    notice = np.where(price, held - 34, held - draws.between(16, 21))
    rules = notice + draws.between(1, 2)
    rounds.on("decided", notice - 1)
    rounds.on("notice_published", notice)
    rounds.on("held", held)
    rounds.on(f"held{ANNOUNCED}", held)
    rounds.on("materials_delivered", np.where(price, held - 17, held - draws.between(9, 10)))
    selected = draws.chance(0.45)
    rounds.say("selection_needed", selected)
    rounds.on("selection_rules_published", rules, where=selected)
    rounds.on("list_published", rules + draws.between(1, 3), where=selected)
    rounds.say("open_selection", 1, where=selected)
    rounds.say("all_sides_represented", 1)
    rounds.on("record_signed", held + draws.between(0, 2))
    rounds.choose("basis", "voluntary")
    for basis in ("divergence", "direct_interest"):
        rounds.choose("basis", basis, where=about.says[basis])
    rounds.choose("basis", "statutory", where=about.says["statutory_hearing"])
    rounds.hold("notice_contains", rounds.step.attributes["notice_contains"].values)
    rounds.hold("sequence", rounds.step.attributes["sequence"].values)
    rounds.say("held_in_public", 1)
    rounds.say("record_is_signed", 1)
    rounds.say("participants", draws.between(9, 40))
    rounds.say("organiser", about.lead_unit)
    rounds.hold("documents", ["notice", "participant_list", "record", "report"])


def _other(matters: Matters, about: Circumstances, going: Bools) -> None:
    draws, days = about.draws, about.days
    comment = matters.rounds["public_comment"]
    silent = ~(comment.there & (comment.column("opinions") > 0)).any(axis=1)
    business = (comment.there & (comment.column("business_related") == 1)).any(axis=1)
    heard_else = silent | business | about.says["specific_group"] | (about.statute >= 0) | draws.chance(0.05)
    there = going & about.heard & heard_else
    rounds = matters.take("other_participation", np.stack([there, there & draws.chance(0.15)], axis=1))
    started = days.comment[:, np.newaxis] + np.array([3, 9]) + draws.between(0, 4)[:, np.newaxis]
    rounds.on("started", started)
    rounds.on("completed", started + draws.between(0, 9)[:, np.newaxis])
    rounds.say("form", draws.choice(FORMS, list(rounds.step.attributes["form"].values)))
    rounds.choose("form", "meeting", where=about.statute >= 0)
    rounds.say("heard", draws.bits(HEARD, list(rounds.step.attributes["heard"].values)))
    rounds.hold("heard", ["public"])
    rounds.hold("heard", ["group_representatives", "mass_organisations"], where=about.says["specific_group"])
    rounds.hold("heard", ["operators", "associations"], where=business)
    reach = draws.bits(REACH, list(rounds.step.attributes["reach"].values))
    rounds.say("reach", np.where(reach > 0, reach, NULL))
    rounds.say("participants", draws.between(5, 300))
    rounds.say("opinions", draws.between(0, 40))
    rounds.hold("documents", ["minutes"])


def _adoption(matters: Matters, about: Circumstances) -> None:
    draws, days = about.draws, about.days
    heard = matters.taken("public_comment") | matters.taken("hearing") | matters.taken("other_participation")
    rounds = matters.take("opinion_adoption", heard)
    rounds.on("started", days.adopted - 1)
    rounds.on("completed", days.adopted)
    rounds.on("feedback_published", days.adopted + draws.between(1, 5))
    rounds.choose("of", "public")
    opinions = draws.between(1, 300)
    rounds.say("opinions", opinions)
    rounds.say("adopted", np.where(draws.chance(0.2), 0, opinions // 3 + 1))
    rounds.say("reasons_given", 1)
    rounds.say("draft_improved", 1)
    rounds.say("answered", draws.chance(0.6))
    rounds.hold("documents", ["ledger", "report"])


def _experts(matters: Matters, about: Circumstances, going: Bools) -> None:
    draws, days = about.draws, about.days
    rounds = matters.take("expert_review", going & (about.says["technical"] | draws.chance(0.12)))
    started = days.comment + draws.between(1, 6)
    rounds.on("selected", started - draws.between(2, 8))
    rounds.on("started", started)
    rounds.on("completed", started + draws.between(2, 18))
    rounds.say(
        "form",
        draws.choice(REVIEWED_BY, list(REVIEWED_BY)),
    )
    rounds.hold("aspects", rounds.step.attributes["aspects"].values)
    rounds.say("experts", 2 * draws.between(2, 5) + 1)
    rounds.say("experts_of_the_unit", draws.chance(0.3))
    rounds.say("outside_experts_included", 1)
    rounds.say("body", draws.one_of(others()[2]))
    rounds.choose("conflict_declaration", "no_interest")
    rounds.hold("selection_weighs", rounds.step.attributes["selection_weighs"].values)
    rounds.say("dissenting_views_included", 1)
    rounds.say("from_pool", draws.chance(0.7))
    rounds.say("pool_established", 1)
    for name in ("independent", "confidentiality_undertaken", "opinion_in_writing", "opinion_signed"):
        rounds.say(name, 1)
    rounds.say("conclusion", draws.between(0, 1))
    rounds.hold("documents", ["opinion", "declaration", "confidentiality_undertaking"])
    rounds.hold("documents", ["selection_note"], where=draws.chance(0.5))


def _risk(matters: Matters, about: Circumstances, going: Bools) -> None:
    draws, days = about.draws, about.days
    there = going & (about.says["risk_possible"] | (about.statute >= 0) | draws.chance(0.1))
    repeated = there & draws.chance(0.03)
    rounds = matters.take("risk_assessment", np.stack([there, repeated], axis=1))
    started = days.comment[:, np.newaxis] + np.array([1, 16]) + draws.between(0, 3)[:, np.newaxis]
    rounds.on("started", started)
    rounds.on("completed", started + draws.between(6, 11)[:, np.newaxis])
    rounds.hold("kinds", ["social_stability"])
    for kind, likelihood in {"public_security": 0.3, "environment": 0.2, "finance": 0.1}.items():
        rounds.hold("kinds", [kind], where=draws.chance(likelihood))
    rounds.hold("methods", ["public_opinion", "interviews"])
    rounds.choose("conclusion", "controllable")
    first = np.stack([repeated, np.zeros_like(repeated)], axis=1)
    rounds.choose("conclusion", "uncontrollable", where=first)
    rounds.say("level", draws.choice({"low": 0.8, "medium": 0.15, "high": 0.05}, ["low", "medium", "high"]))
    rounds.choose("level", "high", where=first)
    rounds.say("draft", np.stack([draws.drafts(), draws.drafts()], axis=1))
    reused = draws.chance(0.05) & ~repeated & (about.statute < 0)
    rounds.say("reuses_earlier_report", reused, where=reused | draws.chance(0.5))
    rounds.say("earlier_report_covers_same_risk", 1, where=reused)
    rounds.say("departments_heard", 1)
    rounds.say("affected_parties_involved", 1)
    rounds.hold("report_contains", rounds.step.attributes["report_contains"].values)
    rounds.say("assessor", draws.one_of(others()[0]))
    rounds.say("assessor_kind", draws.between(0, 2))
    rounds.hold("documents", ["report", "department_opinions"])
    rounds.hold("documents", ["earlier_report"], where=reused)


def _competition(matters: Matters, about: Circumstances, going: Bools) -> None:
    draws, days = about.draws, about.days
    rounds = matters.take("fair_competition_review", going & (about.says["market_activity"] | draws.chance(0.05)))
    started = days.comment + draws.between(3, 8)
    rounds.on("started", started)
    rounds.on("first_opinion", started + draws.between(2, 5))
    rounds.on("completed", started + draws.between(8, 20))
    lower = about.of_level(OrganLevel.DEPARTMENT, OrganLevel.TOWNSHIP)
    rounds.choose("form", "joint")
    rounds.choose("form", "drafter", where=lower & draws.chance(0.8))
    rounds.choose("conclusion", "compatible")
    rounds.choose("conclusion", "outside_scope", where=draws.chance(0.1))
    excepted = draws.chance(0.06)
    rounds.choose("conclusion", "exception", where=excepted)
    rounds.hold("exception_shows", rounds.step.attributes["exception_shows"].values, where=excepted)
    rounds.say("exception_explained", 1, where=excepted)
    rounds.hold("heard", ["operators", "associations", "public"])
    rounds.hold("heard", ["stakeholders"], where=draws.chance(0.3))
    rounds.say("public_interest", draws.chance(0.3))
    rounds.say("conclusion_in_writing", 1)
    rounds.say("reviewer", about.lead_unit)
    rounds.hold("documents", ["conclusion"])
