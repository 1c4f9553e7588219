"""How a made-up matter goes: its milestones, which steps it takes and when, what they say, how often it goes wrong.

Made up throughout; likelihoods are chosen so that every verdict of the national cards occurs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Says = float | tuple[int, int] | Mapping[str, float]
"""The likelihood of a flag, the range of a number, the weights of a choice or the likelihoods of a set."""


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step: `anchor` names a milestone, `after` the days from there to its first moment.

    `moments`: for each the days after the one before it, least and most; `rare`: the likelihood of those that are left
    out more often than not. `rounds`: the likelihood of a first, second, third round; each begins `apart` days after
    the one before. `announced`: moments that are announced as well.
    """

    anchor: str
    after: tuple[int, int]
    moments: Mapping[str, tuple[int, int]]
    rounds: tuple[float, ...]
    says: Mapping[str, Says] = field(default_factory=dict)
    apart: int = 40
    parties: tuple[str, ...] = ()
    announced: tuple[str, ...] = ()
    documents: Mapping[str, float] = field(default_factory=dict)
    draft: bool = False
    events: bool = False
    rare: Mapping[str, float] = field(default_factory=dict)


FILLING: Final = "consultation"
"""The step of which records that would have few rounds get more: one for each unit asked."""

STEPS: Final[Mapping[str, StepPlan]] = {
    "catalogue_listing": StepPlan(
        "start",
        (-90, -30),
        {
            "government_consent": (0, 0),
            "party_consent": (0, 10),
            "published": (-1, 15),
            "scheduled": (60, 200),
            "scheduled_until": (0, 120),
        },
        (0.58,),
        {"kind": {"listing": 0.9, "addition": 0.1}, "decides_start": 0.3},
    ),
    "initiation": StepPlan(
        "start",
        (-25, -5),
        {"proposed": (0, 0), "referred": (0, 3), "studied": (1, 10), "replied": (0, 4), "decided": (0, 5)},
        (0.3,),
        {
            "proposer": {"leader": 0.3, "department": 0.4, "deputy": 0.2, "citizen": 0.1},
            "argument": {"main_problem": 0.95, "reasons_and_basis": 0.95, "necessity": 0.9, "feasibility": 0.9},
            "undertaking_unit_named": 0.95,
            "undertaking_units": (1, 3),
            "lead_unit_named": 0.9,
        },
        documents={"proposal": 0.9, "study_report": 0.7},
    ),
    "drafting": StepPlan(
        "start",
        (0, 10),
        {"started": (0, 0), "researched": (5, 20), "drafted": (3, 15)},
        (0.45,),
        {"research_done": 0.95, "legal_basis_sorted": 0.95, "options": (1, 3)},
        documents={"draft": 0.9, "research_report": 0.6},
        draft=True,
    ),
    "consultation": StepPlan(
        "start",
        (35, 50),
        {"asked": (0, 0), "replied": (3, 15), "disagreement_explained": (5, 30)},
        (),
        {
            "affected_units_all_asked": 0.93,
            "reply": {"no_objection": 0.6, "suggestions": 0.3, "objection": 0.05, "none": 0.05},
            "disagreement": {"none": 0.85, "resolved": 0.1, "unresolved": 0.05},
            "disagreement_note": {"main_issues": 0.1, "views_of_each_unit": 0.1, "own_view_with_reasons": 0.1},
        },
        apart=1,
        parties=("unit",),
        documents={"letter": 0.8, "reply": 0.7},
        rare={"disagreement_explained": 0.1},
    ),
    "public_comment": StepPlan(
        "comment",
        (0, 0),
        {"opened": (0, 0), "explained_publicly": (1, 10), "closed": (25, 35)},
        (0.97, 0.2, 0.2),
        {
            "notice_contains": {"draft": 0.97, "explanation": 0.9, "how_to_comment": 0.97, "deadline": 0.97},
            "channels": {"website": 0.98, "new_media": 0.5, "newspaper": 0.1},
            "urgent": 0.05,
            "shortening_explained_in_notice": 0.1,
            "business_related": 0.3,
            "opinions": (0, 200),
        },
        apart=60,
        announced=("closed",),
        documents={"notice": 0.9, "draft": 0.9, "explanation": 0.8},
        draft=True,
        rare={"explained_publicly": 0.4},
    ),
    "hearing": StepPlan(
        "comment",
        (5, 20),
        {
            "notice_published": (0, 0),
            "selection_rules_published": (0, 3),
            "list_published": (1, 8),
            "materials_delivered": (1, 8),
            "held": (5, 12),
            "record_signed": (0, 3),
        },
        (0.08,),
        {
            "basis": {"statutory": 0.3, "direct_interest": 0.4, "voluntary": 0.3},
            "notice_contains": {"draft": 0.9, "explanation": 0.9, "time": 0.95, "place": 0.95},
            "held_in_public": 0.95,
            "record_is_signed": 0.93,
            "selection_needed": 0.4,
            "open_selection": 0.9,
            "all_sides_represented": 0.95,
            "sequence": {"presentation": 0.95, "questions_and_debate": 0.95, "confirmation": 0.93},
            "participants": (5, 40),
        },
        parties=("organiser",),
        announced=("held",),
        documents={"notice": 0.9, "record": 0.8},
    ),
    "other_participation": StepPlan(
        "comment",
        (0, 40),
        {"started": (0, 0), "completed": (0, 10)},
        (0.2,),
        {
            "form": {"meeting": 0.5, "field_visit": 0.2, "questionnaire": 0.3},
            "heard": {"public": 0.7, "group_representatives": 0.4, "social_organisations": 0.2},
            "participants": (5, 300),
            "opinions": (0, 50),
        },
        documents={"minutes": 0.7},
    ),
    "opinion_adoption": StepPlan(
        "review",
        (-15, -5),
        {"started": (0, 0), "completed": (1, 8), "feedback_published": (1, 20)},
        (0.55,),
        {
            "of": {"public": 0.8, "experts": 0.15, "units": 0.05},
            "opinions": (0, 200),
            "adopted": (0, 100),
            "reasons_given": 0.9,
            "draft_improved": 0.9,
        },
        documents={"ledger": 0.8, "report": 0.7},
    ),
    "expert_review": StepPlan(
        "comment",
        (-20, 30),
        {"selected": (0, 0), "started": (1, 10), "completed": (1, 20)},
        (0.4,),
        {
            "form": {"meeting": 0.6, "written": 0.3, "commissioned": 0.1},
            "aspects": {"necessity": 0.95, "feasibility": 0.97, "soundness": 0.95},
            "experts": (3, 9),
            "experts_of_the_unit": (0, 4),
            "dissenting_views_included": 0.9,
            "from_pool": 0.7,
            "outside_experts_included": 0.8,
            "pool_established": 0.8,
            "conflict_declaration": {"no_interest": 0.97, "interest": 0.03},
            "independent": 0.97,
            "opinion_in_writing": 0.97,
            "opinion_signed": 0.95,
            "conclusion": {"agrees": 0.6, "agrees_after_changes": 0.35, "disagrees": 0.05},
        },
        parties=("body",),
        documents={"opinion": 0.9, "report": 0.5},
    ),
    "risk_assessment": StepPlan(
        "comment",
        (0, 30),
        {"started": (0, 0), "completed": (5, 25)},
        (0.5, 0.03),
        {
            "kinds": {"social_stability": 0.9, "public_security": 0.3, "environment": 0.2},
            "conclusion": {"controllable": 0.95, "uncontrollable": 0.05},
            "level": {"low": 0.8, "medium": 0.15, "high": 0.05},
            "reuses_earlier_report": 0.05,
            "earlier_report_covers_same_risk": 0.8,
            "departments_heard": 0.93,
            "report_contains": {"risk_points": 0.97, "prevention": 0.96, "response_plan": 0.93},
        },
        parties=("assessor",),
        documents={"report": 0.95, "department_opinions": 0.8},
        draft=True,
    ),
    "fair_competition_review": StepPlan(
        "review",
        (-25, -5),
        {"started": (0, 0), "completed": (2, 15)},
        (0.3,),
        {
            "form": {"joint": 0.4, "drafter": 0.6},
            "conclusion": {"outside_scope": 0.1, "compatible": 0.83, "exception": 0.04, "incompatible": 0.03},
            "conclusion_in_writing": 0.95,
        },
        parties=("reviewer",),
        documents={"conclusion": 0.9},
    ),
    "initial_legality_review": StepPlan(
        "review",
        (-20, -4),
        {"received": (0, 0), "issued": (1, 5)},
        (0.25,),
        {
            "form": {"review_opinion": 0.95, "countersign": 0.05},
            "conclusion": {"lawful": 0.7, "lawful_after_changes": 0.3},
            "aspects": {"authority": 0.95, "procedure": 0.95, "content": 0.95},
            "opinion_in_writing": 0.97,
        },
        parties=("reviewer",),
        documents={"review_opinion": 0.9},
    ),
    "legality_review": StepPlan(
        "review",
        (0, 3),
        {"received": (0, 0), "file_complete": (0, 4), "issued": (2, 10), "changes_made": (0, 6)},
        (0.97, 0.1),
        {
            "form": {"review_opinion": 0.95, "consultation_reply": 0.03, "countersign": 0.02},
            "conclusion": {"lawful": 0.6, "lawful_after_changes": 0.33, "no_clear_rule": 0.03, "unlawful": 0.04},
            "legal_risk_stated": 0.05,
            "materials": {"draft": 0.98, "legal_basis": 0.95, "procedure_note": 0.9},
            "aspects": {"authority": 0.97, "procedure": 0.96, "content": 0.98},
            "legal_advisers_heard": 0.85,
            "response": {"adopted": 0.85, "partly_with_reasons": 0.1, "not_adopted": 0.05},
        },
        apart=14,
        parties=("reviewer",),
        documents={"review_opinion": 0.9, "file_list": 0.7},
        draft=True,
        events=True,
    ),
    "submission": StepPlan(
        "meeting",
        (-8, -1),
        {"submitted": (0, 0)},
        (0.48,),
        {
            "materials": {
                "draft": 0.98,
                "public_opinions_adoption": 0.85,
                "expert_opinions_adoption": 0.7,
                "risk_report": 0.7,
                "fair_competition": 0.5,
                "legality_opinion": 0.96,
            }
        },
        documents={"file": 0.8},
        draft=True,
    ),
    "party_report": StepPlan(
        "meeting",
        (0, 5),
        {"reported": (0, 0), "replied": (1, 6)},
        (0.2,),
        {
            "required": 0.8,
            "not_prescribed": 0.1,
            "reply": {"agreed": 0.85, "agreed_with_changes": 0.1, "not_agreed": 0.05},
        },
        documents={"report": 0.9},
    ),
    "congress_report": StepPlan(
        "meeting",
        (0, 10),
        {"reported": (0, 0), "resolved": (5, 20)},
        (0.05,),
        {"resolution": {"approved": 0.95, "rejected": 0.05}},
        documents={"report": 0.9, "resolution": 0.7},
    ),
    "collective_deliberation": StepPlan(
        "meeting",
        (0, 0),
        {"held": (0, 0)},
        (0.97, 0.04),
        {
            "form": {
                "executive_meeting": 0.78,
                "plenary_meeting": 0.08,
                "leadership_meeting": 0.07,
                "special_meeting": 0.04,
                "party_group_meeting": 0.02,
                "circulation": 0.01,
            },
            "members": (7, 11),
            "members_present": (5, 11),
            "members_spoke": 0.96,
            "head_spoke_last": 0.95,
            "against_majority": 0.01,
            "reasons_for_minority_decision": 0.01,
            "dissent_voiced": 0.15,
            "dissent_recorded": 0.14,
            "record_truthful": 0.98,
            "conclusion": {"approved": 0.8, "approved_with_changes": 0.15, "deferred": 0.03, "rejected": 0.02},
        },
        apart=30,
        documents={"minutes": 0.95, "record": 0.8},
        draft=True,
    ),
    "issue": StepPlan("meeting", (0, 25), {"issued": (0, 0)}, (0.72,), documents={"document": 0.95}),
    "publication": StepPlan(
        "meeting",
        (3, 40),
        {"published": (0, 0)},
        (0.7,),
        {"channels": {"gazette": 0.4, "website": 0.95, "newspaper": 0.2}},
        documents={"page": 0.9},
    ),
    "interpretation": StepPlan(
        "meeting",
        (5, 50),
        {"published": (0, 0)},
        (0.3,),
        {
            "form": {"article": 0.7, "press_conference": 0.1, "questions_and_answers": 0.2},
            "explains": {"public_opinions_adoption": 0.85, "expert_opinions_adoption": 0.7},
        },
        documents={"page": 0.9},
    ),
    "archiving": StepPlan(
        "meeting",
        (20, 200),
        {"archived": (0, 0)},
        (0.25,),
        {
            "complete": 0.9,
            "items": {
                "initiation": 0.9,
                "draft": 0.98,
                "public_participation": 0.95,
                "expert_review": 0.7,
                "risk_assessment": 0.7,
                "fair_competition_review": 0.5,
                "legality_review": 0.97,
                "collective_deliberation": 0.98,
                "publication": 0.9,
            },
        },
        documents={"archive_list": 0.9},
    ),
    "execution": StepPlan(
        "meeting",
        (0, 40),
        {
            "named": (0, 0),
            "started": (0, 30),
            "inspected": (20, 120),
            "reported": (5, 60),
            "problem_arose": (0, 60),
            "problem_reported": (0, 20),
            "completed": (30, 300),
        },
        (0.25,),
        {"public_suggestions": (0, 40)},
        parties=("executing_unit",),
        documents={"naming_document": 0.9, "report": 0.6},
        rare={"problem_arose": 0.1, "problem_reported": 0.1},
    ),
    "adjustment": StepPlan(
        "meeting",
        (100, 400),
        {"decided": (0, 0)},
        (0.06,),
        {
            "kind": {"adjustment": 0.7, "suspension": 0.2, "stop": 0.1},
            "major": 0.4,
            "urgent": 0.1,
            "procedure_repeated": 0.8,
        },
        documents={"decision": 0.9},
    ),
    "post_decision_evaluation": StepPlan(
        "meeting",
        (200, 500),
        {"started": (0, 0), "completed": (20, 90), "followed_up": (10, 60)},
        (0.1,),
        {
            "required": 0.5,
            "trigger": {"below_expectation": 0.2, "many_opinions": 0.3, "organ_thinks_necessary": 0.6},
            "evaluator_kind": {"undertaking_unit": 0.1, "other_unit": 0.3, "third_party": 0.6},
            "involved": {"public": 0.9, "deputies": 0.6, "cppcc_members": 0.6, "social_organisations": 0.4},
            "conclusion": {"continue": 0.8, "adjust": 0.15, "stop": 0.05},
        },
        parties=("evaluator",),
        documents={"report": 0.9},
    ),
}

DETERMINATIONS: Final[Mapping[str, tuple[float, float]]] = {
    "technical": (0.9, 0.5),
    "risk_possible": (0.92, 0.6),
    "market_activity": (0.9, 0.4),
    "not_public": (0.95, 0.04),
    "specific_group": (0.8, 0.2),
    "direct_interest": (0.8, 0.4),
    "divergence": (0.7, 0.1),
    "statutory_hearing": (0.9, 0.08),
    "exploratory_reform": (0.6, 0.03),
    "congress_decides": (0.6, 0.02),
    "congress_report": (0.6, 0.03),
    "widely_watched": (0.7, 0.2),
    "normative_document": (0.8, 0.5),
    "units_concerned": (0.8, 0.6),
}
"""For each determination the likelihood that it is on record, and that it then says yes."""
USUAL: Final = (0.9, 0.3)
"""How often any other determination is on record, and how often it says yes."""

LEVELS: Final = {"province": 0.04, "city": 0.26, "county": 0.55, "department": 0.1, "township": 0.05}
CLASSES: Final = {"public_policy": 0.35, "plan": 0.25, "resource_policy": 0.1, "construction": 0.25, "other": 0.05}
OUTCOMES: Final = {"decided": 0.94, "rejected": 0.02, "deferred": 0.02, "withdrawn": 0.01, "terminated": 0.01}
