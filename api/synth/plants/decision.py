"""Plants in the submission, the deliberation and the reports about a decision."""

import numpy as np

from api.synth.draws import Bools
from api.synth.matters import Matters
from api.synth.plants.facts import Facts, month_of, since
from api.synth.plants.plant import (
    Plant,
    alone,
    also,
    chooses,
    denied,
    doubted,
    fits,
    flat,
    in_month,
    lacks,
    left_out,
    moved,
    says,
    touching,
    undetermined,
    unsaid,
    violated,
)
from api.synth.plants.scope import (
    MEETING,
    REVIEW,
    changes_asked,
    found_lawful,
    once_discussed,
)

CHONGMING = "2023-03-20"
"""From this day on Chongming's notice asks for a report on the procedure."""


def _lacking(item: str, card: str, step: str) -> Plant:
    return lacks(
        "submission",
        "materials",
        [item],
        violated(card, "defective"),
        where=lambda f: f.taken(step) if item != "fair_competition" else f.yes("market_activity") & f.taken(step),
    )


def _reports_asked(f: Facts) -> Bools:
    return f.within("CN-31") & since(f.meeting, CHONGMING)


SUBMISSION: tuple[Plant, ...] = flat(
    left_out("submission", violated("NR-29a", "missing"), where=lambda f: f.general),
    moved(
        "submission",
        "submitted",
        "after_the_meeting",
        lambda f: f.decided + 2,
        violated("NR-29a", "out_of_order"),
        where=lambda f: f.general,
    ),
    touching(
        moved(
            "submission",
            "submitted",
            "on_the_day_of_the_meeting",
            lambda f: f.meeting,
            doubted("NR-29a", "same_day_order"),
            where=lambda f: f.general,
        ),
        MEETING,
    ),
    in_month(
        "submission",
        "submitted",
        doubted("NR-29a", "moment_not_exact"),
        where=lambda f: f.general & (month_of(f.day("submission", "submitted")) == month_of(f.meeting)),
        rate=0.01,
    ),
    lacks("submission", "materials", ["draft"], violated("NR-29a", "missing")),
    _lacking("fair_competition", "NR-29b", "fair_competition_review"),
    lacks(
        "submission",
        "materials",
        ["public_opinions_adoption"],
        violated("NR-29c", "defective"),
        where=lambda f: f.taken("public_comment", "hearing", "other_participation"),
    ),
    _lacking("expert_opinions_adoption", "NR-29d", "expert_review"),
    _lacking("risk_report", "NR-29e", "risk_assessment"),
    _lacking("legality_opinion", "NR-29f", REVIEW),
    touching(unsaid("submission", "materials", doubted("NR-29a")), MEETING),
    also(
        says(
            MEETING,
            "procedure_reported",
            0,
            violated("SH-04e", "missing", lambda f: f.within("CN-31-CM")),
            where=lambda f: _reports_asked(f) & f.taken("submission"),
            rate=0.02,
        ),
        lacks("submission", "materials", ["procedure_report"]),
        name="submission.procedure_not_reported",
    ),
    also(
        unsaid(
            MEETING,
            "procedure_reported",
            doubted("SH-04e"),
            where=lambda f: _reports_asked(f) & f.taken("submission"),
            rate=0.02,
        ),
        lacks("submission", "materials", ["procedure_report"]),
    ),
)


def _before_the_meeting(matters: Matters, facts: Facts, hit: Bools) -> None:
    day = (facts.meeting - 2) * 1440
    for end, minute in (("lo", 0), ("hi", 1439)):
        matters.records[f"outcome.{end}"] = np.where(hit, day + minute, matters.records[f"outcome.{end}"])


def _same_draft(matters: Matters, _: Facts, hit: Bools) -> None:
    reviewed = matters.rounds[REVIEW].column("draft")[:, -1]
    matters.rounds[MEETING].say("draft", reviewed, where=hit)


def _other_draft(matters: Matters, facts: Facts, hit: Bools) -> None:
    matters.rounds[MEETING].say("draft", facts.about.draws.drafts(), where=hit)


MEETINGS: tuple[Plant, ...] = flat(
    alone(left_out(MEETING, violated("NR-30a", "missing"), where=once_discussed, rate=0.003)),
    alone(chooses(MEETING, "form", "special_meeting", violated("NR-30a", "missing"), where=once_discussed, rate=0.003)),
    alone(
        chooses(
            MEETING,
            "form",
            "leadership_meeting",
            violated("NR-30a", "missing"),
            where=lambda f: once_discussed(f) & f.bound,
            rate=0.003,
        )
    ),
    alone(
        unsaid(
            MEETING,
            "form",
            doubted("NR-30a"),
            doubted("NR-30b"),
            doubted("NR-30b2"),
            doubted("NR-30d"),
            doubted("NR-30c", where=lambda f: f.set(MEETING, "against_majority")),
            where=once_discussed,
            rate=0.003,
        )
    ),
    alone(
        Plant(
            "outcome.before_the_meeting",
            (MEETING,),
            fits(MEETING, once_discussed),
            _before_the_meeting,
            (violated("NR-30a", "missing"),),
            0.003,
        )
    ),
    denied(MEETING, "members_spoke", "NR-30b"),
    denied(MEETING, "head_spoke_last", "NR-30b2"),
    also(
        says(MEETING, "against_majority", 1, violated("NR-30c", "defective")),
        says(MEETING, "reasons_for_minority_decision", 0),
    ),
    unsaid(MEETING, "against_majority", doubted("NR-30c")),
    also(
        denied(MEETING, "record_truthful", "NR-30d")[0],
        says(MEETING, "dissent_recorded", 1),
    ),
    denied(MEETING, "record_truthful", "NR-30d")[1],
    also(
        says(MEETING, "dissent_voiced", 1, violated("NR-30d2", "defective")),
        says(MEETING, "dissent_recorded", 0),
        name=f"{MEETING}.dissent_recorded.no",
    ),
    unsaid(MEETING, "dissent_voiced", doubted("NR-30d2")),
    Plant(
        f"{MEETING}.draft.unchanged",
        (MEETING, REVIEW),
        fits(MEETING, lambda f: f.taken(REVIEW) & changes_asked(f)),
        _same_draft,
        (violated("NR-28c2", "inconsistent"),),
    ),
    Plant(
        f"{MEETING}.draft.changed",
        (MEETING, REVIEW),
        fits(MEETING, lambda f: f.taken(REVIEW) & found_lawful(f)),
        _other_draft,
        (violated("NR-28c3", "inconsistent"),),
    ),
    touching(
        unsaid(
            MEETING,
            "draft",
            doubted("NR-28c2", where=changes_asked),
            doubted("NR-28c3", where=found_lawful),
            where=lambda f: f.taken(REVIEW),
        ),
        REVIEW,
    ),
)


def _issued(f: Facts) -> Bools:
    return f.taken("issue")


def _of_congress(f: Facts) -> Bools:
    return f.yes("congress_decides") | f.yes("congress_report")


REPORTS: tuple[Plant, ...] = flat(
    left_out("party_report", violated("NR-31", "missing"), where=_issued),
    moved(
        "party_report",
        "reported",
        "after_the_issue",
        lambda f: f.day("issue", "issued") + 2,
        violated("NR-31", "out_of_order"),
        where=_issued,
    ),
    moved(
        "party_report",
        "reported",
        "on_the_day_of_issue",
        lambda f: f.day("issue", "issued"),
        doubted("NR-31", "same_day_order"),
        where=_issued,
    ),
    in_month(
        "party_report",
        "reported",
        doubted("NR-31", "moment_not_exact"),
        where=lambda f: (
            _issued(f) & (month_of(f.day("party_report", "reported")) == month_of(f.day("issue", "issued")))
        ),
        rate=0.006,
    ),
    left_out("congress_report", violated("NR-08a", "missing"), where=lambda f: _issued(f) & _of_congress(f), rate=0.05),
    moved(
        "congress_report",
        "reported",
        "after_the_issue",
        lambda f: f.day("issue", "issued") + 2,
        violated("NR-08a", "out_of_order"),
        where=lambda f: _issued(f) & f.yes("congress_report") & ~f.yes("congress_decides"),
        rate=0.05,
    ),
    chooses(
        "congress_report",
        "resolution",
        "rejected",
        violated("NR-08a2", "missing"),
        where=lambda f: _issued(f) & f.yes("congress_decides"),
        rate=0.05,
    ),
    unsaid(
        "congress_report",
        "resolution",
        doubted("NR-08a2"),
        where=lambda f: _issued(f) & f.yes("congress_decides"),
        rate=0.05,
    ),
    moved(
        "congress_report",
        "resolved",
        "after_the_issue",
        lambda f: f.day("issue", "issued") + 2,
        violated("NR-08a2", "out_of_order"),
        where=lambda f: _issued(f) & f.yes("congress_decides"),
        rate=0.05,
    ),
    undetermined(
        "congress_decides",
        doubted("NR-08a", "determination_missing"),
        where=lambda f: ~f.yes("congress_report"),
    ),
    undetermined(
        "congress_report",
        doubted("NR-08a", "determination_missing"),
        where=lambda f: ~f.yes("congress_decides"),
    ),
)

DECISION: tuple[Plant, ...] = (*SUBMISSION, *MEETINGS, *REPORTS)
