"""Plants in reviews for legality, the submission, the deliberation, reports and issue."""

import numpy as np

from api.synth.draws import Bools
from api.synth.matters import Matters
from api.synth.plants.advice import TWO_TIERS, shanghai_reviews
from api.synth.plants.facts import Facts, first_of_month, month_of, since
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
    undated,
    undetermined,
    unsaid,
    violated,
)
from engine.observables.layout import EVENT_CODES
from engine.vocabulary import ClockEventKind

REVIEW, INITIAL, MEETING = "legality_review", "initial_legality_review", "collective_deliberation"
CHONGMING = "2023-03-20"
"""From this day on Chongming's notice asks for a report on the procedure."""


def _changes(f: Facts) -> Bools:
    return f.about.changes_asked


def _lawful(f: Facts) -> Bools:
    found: Bools = ~_changes(f)
    return found


def _one_review(f: Facts) -> Bools:
    found: Bools = f.once(REVIEW) & f.once(MEETING) & ~f.happened(REVIEW, "event.0")
    return found


def _first_reviewed_in_that_month(f: Facts) -> Bools:
    """Tell which records had their initial review in the month of the meeting, or after its beginning."""
    found: Bools = f.day(INITIAL, "issued") >= first_of_month(f.meeting)
    return found


def _once_discussed(f: Facts) -> Bools:
    return f.once(MEETING)


def _first_reviewed(f: Facts) -> Bools:
    """Tell which records come under Shanghai's rules on the day of the formal opinion as well."""
    return shanghai_reviews(f) & since(f.day(INITIAL, "issued"), TWO_TIERS) & f.once(REVIEW)


def _late_file(matters: Matters, facts: Facts, hit: Bools) -> None:
    rounds = matters.rounds[REVIEW]
    rounds.on("file_complete", facts.meeting - 5, where=hit)
    rounds.on("issued", facts.meeting - 3, where=hit)
    rounds.on("changes_made", facts.meeting - 2, where=hit & facts.about.changes_asked)


def _never_back(matters: Matters, facts: Facts, hit: Bools) -> None:
    """Return the file after it was complete; that it came back is not on record."""
    rounds = matters.rounds[REVIEW]
    rounds.say("event.0.kind", EVENT_CODES[ClockEventKind.RETURNED], where=hit)
    rounds.on("event.0", facts.day(REVIEW, "file_complete") + 1, where=hit)


def _not_back(f: Facts) -> Bools:
    f.day(REVIEW, "file_complete")
    return fits(REVIEW, _one_review)(f)


REVIEWS: tuple[Plant, ...] = flat(
    touching(left_out(REVIEW, violated("NR-25a", "missing")), "submission", "archiving", INITIAL, MEETING),
    touching(
        chooses(REVIEW, "form", "consultation_reply", violated("NR-25a", "missing")), "submission", INITIAL, MEETING
    ),
    touching(
        unsaid(
            REVIEW,
            "form",
            doubted("NR-25a"),
            doubted("NR-26a"),
            doubted("NR-27"),
            doubted("NR-28b"),
            where=lambda f: f.once(REVIEW),
        ),
        "submission",
        INITIAL,
        MEETING,
    ),
    touching(
        moved(
            REVIEW,
            "issued",
            "after_the_meeting",
            lambda f: f.meeting + 2,
            violated("NR-25a", "out_of_order"),
            where=_one_review,
        ),
        "submission",
        INITIAL,
    ),
    touching(
        moved(
            REVIEW,
            "issued",
            "on_the_day_of_the_meeting",
            lambda f: f.meeting,
            doubted("NR-25a", "same_day_order"),
            doubted("NR-28c", "same_day_order", _changes),
            doubted("NR-28c3", "same_day_order", _lawful),
            where=_one_review,
        ),
        "submission",
        INITIAL,
    ),
    touching(
        also(
            moved(
                REVIEW,
                "issued",
                "in_the_month_of_the_meeting",
                lambda f: f.meeting,
                doubted("NR-25a", "moment_not_exact"),
                doubted("NR-28c", "moment_not_exact", _changes),
                doubted("NR-28c3", "moment_not_exact", _lawful),
                where=lambda f: _one_review(f) & ~f.yes("normative_document") & ~_first_reviewed_in_that_month(f),
            ),
            in_month(REVIEW, "issued"),
        ),
        "submission",
        INITIAL,
    ),
    touching(
        undated(REVIEW, "issued", violated("NR-25a", "missing"), where=_one_review), "submission", INITIAL, MEETING
    ),
    touching(chooses(REVIEW, "conclusion", "unlawful", violated("NR-25c", "defective")), MEETING, "submission"),
    touching(
        also(
            chooses(
                REVIEW,
                "conclusion",
                "no_clear_rule",
                violated("NR-25d", "defective"),
                where=lambda f: f.yes("exploratory_reform") & f.taken("submission"),
                rate=0.05,
            ),
            says(REVIEW, "legal_risk_stated", 1),
            name=f"{REVIEW}.conclusion.no_clear_rule.exploratory_reform",
        ),
        MEETING,
    ),
    touching(
        chooses(
            REVIEW,
            "conclusion",
            "no_clear_rule",
            violated("NR-25c", "defective"),
            where=lambda f: ~f.yes("exploratory_reform"),
        ),
        MEETING,
        "submission",
    ),
    touching(
        unsaid(
            REVIEW,
            "conclusion",
            doubted("NR-25c"),
            doubted("NR-28c"),
            doubted("NR-28c3"),
            where=lambda f: f.once(REVIEW),
        ),
        MEETING,
        "submission",
        "determined.exploratory_reform",
    ),
    lacks(REVIEW, "materials", ["legal_basis"], violated("NR-26a", "defective")),
    unsaid(REVIEW, "materials", doubted("NR-26a"), doubted("ND-03fm", where=lambda f: f.yes("normative_document"))),
    Plant(
        f"{REVIEW}.file_complete.too_late",
        (REVIEW, INITIAL, "submission"),
        fits(REVIEW, lambda f: _one_review(f) & since(f.meeting, "2020-01-01")),
        _late_file,
        (violated("NR-26b", "too_short"),),
    ),
    undated(REVIEW, "file_complete", doubted("NR-26b"), doubted("NR-28a"), where=_one_review),
    Plant(
        f"{REVIEW}.returned.never_back",
        (REVIEW,),
        _not_back,
        _never_back,
        (doubted("NR-26b"), doubted("NR-28a"), doubted("ND-03em", where=lambda f: f.yes("normative_document"))),
    ),
    lacks(REVIEW, "aspects", ["content"], violated("NR-27", "defective")),
    unsaid(REVIEW, "aspects", doubted("NR-27")),
    denied(REVIEW, "legal_advisers_heard", "NR-28b"),
    touching(chooses(REVIEW, "response", "not_adopted", violated("NR-28c", "defective"), where=_changes), MEETING),
    touching(unsaid(REVIEW, "response", doubted("NR-28c"), where=_changes), MEETING),
    touching(
        moved(
            REVIEW,
            "changes_made",
            "after_the_decision",
            lambda f: f.decided + 2,
            violated("NR-28c", "defective"),
            where=_changes,
        ),
        MEETING,
    ),
)

TIERS: tuple[Plant, ...] = flat(
    touching(left_out(INITIAL, violated("SH-06c", "missing"), where=shanghai_reviews, rate=0.008), REVIEW),
    touching(
        chooses(INITIAL, "form", "countersign", violated("SH-06c", "missing"), where=shanghai_reviews, rate=0.008),
        REVIEW,
    ),
    touching(
        unsaid(
            INITIAL,
            "form",
            doubted("SH-06c"),
            doubted("SH-06d"),
            doubted("SH-06d2"),
            where=_first_reviewed,
            rate=0.008,
        ),
        REVIEW,
    ),
    moved(
        INITIAL,
        "issued",
        "after_the_formal_review",
        lambda f: f.day(REVIEW, "issued") + 2,
        violated("SH-06a", "out_of_order"),
        where=_first_reviewed,
        rate=0.008,
    ),
    moved(
        INITIAL,
        "issued",
        "on_the_day_of_the_formal_review",
        lambda f: f.day(REVIEW, "issued"),
        doubted("SH-06a", "same_day_order"),
        where=_first_reviewed,
        rate=0.008,
    ),
    lacks(INITIAL, "aspects", ["content"], violated("SH-06d", "defective"), where=_first_reviewed, rate=0.008),
    unsaid(INITIAL, "aspects", doubted("SH-06d"), where=_first_reviewed, rate=0.008),
    also(
        says(INITIAL, "opinion_in_writing", 0, violated("SH-06d2", "missing"), where=_first_reviewed, rate=0.008),
        lacks(INITIAL, "documents", ["review_opinion"]),
    ),
    also(
        unsaid(INITIAL, "opinion_in_writing", doubted("SH-06d2"), where=_first_reviewed, rate=0.008),
        lacks(INITIAL, "documents", ["review_opinion"]),
    ),
    (
        touching(
            moved(
                step,
                moment,
                "after_the_initial_review",
                lambda f: f.day(INITIAL, "issued") + 1,
                violated(card, "out_of_order"),
                where=lambda f: shanghai_reviews(f) & f.general,
                rate=0.01,
            ),
            REVIEW,
        )
        for step, moment, card in (
            ("hearing", "held", "SH-06b2"),
            ("other_participation", "completed", "SH-06b3"),
            ("expert_review", "completed", "SH-06b4"),
            ("risk_assessment", "completed", "SH-06b5"),
            ("fair_competition_review", "completed", "SH-06b6"),
        )
    ),
    moved(
        "public_comment",
        "closed",
        "after_the_initial_review",
        lambda f: f.day(INITIAL, "issued") + 1,
        violated("SH-06b", "out_of_order"),
        violated("NR-18b", "out_of_order", lambda f: f.number("public_comment", "opinions") > 0),
        where=lambda f: shanghai_reviews(f) & f.general & f.once("public_comment") & f.taken("opinion_adoption"),
        rate=0.01,
    ),
)


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
    alone(left_out(MEETING, violated("NR-30a", "missing"), where=_once_discussed, rate=0.003)),
    alone(
        chooses(MEETING, "form", "special_meeting", violated("NR-30a", "missing"), where=_once_discussed, rate=0.003)
    ),
    alone(
        chooses(
            MEETING,
            "form",
            "leadership_meeting",
            violated("NR-30a", "missing"),
            where=lambda f: _once_discussed(f) & f.bound,
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
            where=_once_discussed,
            rate=0.003,
        )
    ),
    alone(
        Plant(
            "outcome.before_the_meeting",
            (MEETING,),
            fits(MEETING, _once_discussed),
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
        fits(MEETING, lambda f: f.taken(REVIEW) & _changes(f)),
        _same_draft,
        (violated("NR-28c2", "inconsistent"),),
    ),
    Plant(
        f"{MEETING}.draft.changed",
        (MEETING, REVIEW),
        fits(MEETING, lambda f: f.taken(REVIEW) & _lawful(f)),
        _other_draft,
        (violated("NR-28c3", "inconsistent"),),
    ),
    touching(
        unsaid(
            MEETING,
            "draft",
            doubted("NR-28c2", where=_changes),
            doubted("NR-28c3", where=_lawful),
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

DECISION: tuple[Plant, ...] = (*REVIEWS, *TIERS, *SUBMISSION, *MEETINGS, *REPORTS)
