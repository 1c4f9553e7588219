"""The forty cards, written out: by which law, of which matters, when met, until when open, how they are violated."""

from collections.abc import Sequence
from typing import Final, TypedDict

import polars as pl

from bench.sweep_bench.by_polars.periods import long_enough
from bench.sweep_bench.by_polars.verdicts import NEVER_SO, Answer, Card, Shown, told, until
from bench.sweep_bench.by_polars.words import FAR, NO, OPEN, SHANGHAI, YES, code, in_force

MISSING, LATE, OVERDUE, TOO_SHORT, OUT_OF_ORDER, DEFECTIVE, INCONSISTENT = (code(place) for place in range(7))

LAWS: Final = {
    "law.gate": in_force("gate"),
    "law.issue": in_force("issue"),
    "law.issued": in_force("issues.issued"),
    "law.listing": in_force("listing.scheduled_until"),
    "law.drafting": in_force("drafting.drafted", "gate"),
    "law.opened": in_force("comment.opened"),
    "law.comment": in_force("comment.opened", "gate"),
    "law.hearing": in_force("hearing.held", "gate"),
    "law.held": in_force("hearing.held"),
    "law.expert": in_force("expert.completed"),
    "law.risk": in_force("risk.completed", "gate"),
    "law.file": in_force("review.file_complete", "gate"),
    "law.review": in_force("review.issued", "gate"),
    "law.last": in_force("last_held"),
    "law.submission": in_force("submission.submitted", "gate"),
    "law.archive": in_force("archive.archived"),
    "law.shanghai": in_force("gate", since=SHANGHAI),
    "law.initial": in_force("initial.issued", "gate", since=SHANGHAI),
}
"""Of each act by which cards go, whether it was done under the law."""

DUES: Final = {
    "discussed": None,
    "decided": None,
    "was_issued": None,
    "due.comment": "comment.opened",
    "due.hearing": "hearing.held",
    "due.expert": "expert.completed",
    "due.last": "last_held",
    "due.archive": "archive.archived",
}
"""The moments by which something is due; those of the gates are there already."""

NUMBERS: Final = {
    # Where it is in doubt that the law holds, so it is whether the first day counts.
    "comment.shown": pl.when((pl.col("law.comment") != YES) & (pl.col("comment.least") > 0))
    .then(pl.col("comment.least") - 1)
    .otherwise("comment.least"),
    "hearing.shown": pl.when((pl.col("law.hearing") != YES) & (pl.col("hearing.most").abs() < FAR))
    .then(pl.col("hearing.most") + 1)
    .otherwise("hearing.most"),
}


class Demanded(TypedDict):
    """When a duty is met, and from when on nothing can mend it."""

    met: Answer
    settled: Answer


def by(due: str, test: str | Answer) -> Demanded:
    """Demand something by a moment: until then the future is open."""
    asked = told(test) if isinstance(test, str) else test
    return {"met": asked | until(due), "settled": told(due)}


def in_time(step: str, missed: Answer, running: str, ended: str) -> Demanded:
    """Demand that something comes in time; `missed`: without it, too late already."""
    taken, over = told(f"{step}.taken"), told(f"{step}.over")
    finished = taken & (told(ended) | over)
    return {
        "met": (taken & told(f"{step}.kept")) | (~taken & ~missed & OPEN_FOR_EVER),
        "settled": told(running) & (finished | (~taken & missed)),
    }


def lasts(step: str, *settled: str) -> Demanded:
    """Demand a period that is long enough; it is settled when one of some moments has come."""
    surely, perhaps = pl.col(f"{step}.surely"), pl.col(f"{step}.perhaps")
    over = told(settled[0])
    for name in settled[1:]:
        over |= told(name)
    return {"met": Answer(surely >= 0, perhaps < 0, long_enough(step)), "settled": over}


def unless_done(done: str) -> pl.Expr:
    """Call a violation a missing step, or one out of order if it was taken."""
    return pl.when(pl.col(done) == NO).then(MISSING).otherwise(OUT_OF_ORDER)


OPEN_FOR_EVER: Final = Answer(pl.lit(value=False), pl.lit(value=False), code(OPEN))
HEARD: Final = told("comment.heard") | told("hearing.heard") | told("other.heard")
PUBLIC_OPINIONS: Final = told("comment.opined") | told("other.opined") | told("hearing.held")
NO_SUBSTITUTE: Final = told("discussed") & ~told("review.replaced")
PUBLICATION_MISSED: Final = told("was_issued") & told("publication.over")
UNPUBLISHED: Final = told("not_public") & ~told("publication.taken")

CARDS: Final[Sequence[Card]] = (
    Card(
        "NR-03e2",
        "law.listing",
        applies=told("listing.named"),
        **in_time("listing", NEVER_SO, "listing.named", "discussed"),
        violation=pl.when(pl.col("discussed") == NO).then(OVERDUE).otherwise(LATE),
        shown=Shown("listing.least", "listing.most", 0, law="law.listing"),
    ),
    Card("NR-12a", "law.drafting", **by("discussed", "drafting.researched"), violation=MISSING),
    Card(
        "NR-12b",
        "law.drafting",
        applies=told("drafting.taken"),
        **by("discussed", "drafting.sorted"),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-13a",
        "law.gate",
        applies=told("consultation.taken") | told("units_concerned"),
        **by("discussed", "consultation.asked"),
        violation=MISSING,
    ),
    Card(
        "NR-14a",
        "law.gate",
        matter="governed",
        **by("discussed", HEARD),
        unless=told("not_public"),
        violation=MISSING,
    ),
    Card(
        "NR-15a",
        "law.opened",
        matter="governed",
        applies=told("comment.taken"),
        **by("due.comment", "comment.published"),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-15a2",
        "law.opened",
        matter="governed",
        applies=told("comment.taken"),
        **by("due.comment", "comment.explains_itself"),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-15b",
        "law.comment",
        matter="governed",
        applies=told("comment.taken"),
        **lasts("comment", "discussed", "comment.over"),
        unless=told("comment.explained"),
        violation=TOO_SHORT,
        shown=Shown("comment.shown", "comment.most", 30, law="law.comment"),
    ),
    Card(
        "NR-16a",
        "law.gate",
        applies=told("statutory_hearing"),
        **by("discussed", "hearing.heard"),
        violation=unless_done("hearing.held"),
    ),
    Card(
        "NR-16e",
        "law.hearing",
        applies=told("hearing.taken"),
        **lasts("hearing", "discussed", "hearing.over"),
        violation=TOO_SHORT,
        shown=Shown("hearing.least", "hearing.shown", 7, law="law.hearing"),
    ),
    Card(
        "NR-17a",
        "law.held",
        applies=told("hearing.taken"),
        **by("due.hearing", told("hearing.public") & told("hearing.held")),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-17a2",
        "law.held",
        applies=told("hearing.taken"),
        **by("due.hearing", told("hearing.orderly") & told("hearing.held")),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-18",
        "law.gate",
        matter="governed",
        applies=PUBLIC_OPINIONS,
        **by("discussed", "adoption.in_time"),
        violation=unless_done("adoption.done"),
    ),
    Card(
        "NR-19a",
        "law.gate",
        applies=told("technical"),
        **by("discussed", "expert.in_time"),
        violation=unless_done("expert.done"),
    ),
    Card(
        "NR-19b",
        "law.expert",
        applies=told("expert.taken"),
        **by("due.expert", told("expert.independent") & told("expert.done")),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-19b2",
        "law.expert",
        applies=told("expert.taken"),
        **by("due.expert", "expert.bound"),
        violation=MISSING,
    ),
    Card(
        "NR-20b",
        "law.expert",
        applies=told("expert.taken"),
        **by("due.expert", "expert.neutral"),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-20c",
        "law.expert",
        applies=told("expert.taken"),
        **by("due.expert", "expert.declared"),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-22a",
        "law.gate",
        applies=told("risk_possible"),
        **by("discussed", "risk.anew"),
        unless=told("risk.reused"),
        violation=unless_done("risk.done"),
    ),
    Card(
        "NR-23a",
        "law.risk",
        applies=told("risk.done") & told("risk.taken"),
        **by("discussed", told("risk.heard") & told("risk.done")),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-23a2",
        "law.risk",
        applies=told("risk.done") & told("risk.taken"),
        **by("discussed", told("risk.whole") & told("risk.done")),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-24",
        "law.issue",
        applies=told("risk.taken"),
        **by("decided", "risk.controllable"),
        violation=DEFECTIVE,
        follows=("NR-22a",),
    ),
    Card(
        "NR-25a",
        "law.gate",
        **by("discussed", "review.reviewed"),
        violation=unless_done("review.done"),
    ),
    Card(
        "NR-25b",
        "law.gate",
        applies=told("review.taken"),
        **by("discussed", told("review.reviewed") | NO_SUBSTITUTE),
        violation=DEFECTIVE,
        follows=("NR-25a",),
    ),
    Card(
        "NR-26b",
        "law.file",
        applies=told("review.owed") & told("review.taken"),
        **lasts("review", "discussed"),
        violation=TOO_SHORT,
        follows=("NR-25a",),
        shown=Shown("review.least", "review.most", 7, law="law.file"),
    ),
    Card(
        "NR-27",
        "law.review",
        applies=told("review.done") & told("review.taken"),
        **by("discussed", "review.whole"),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-28b",
        "law.review",
        applies=told("review.done") & told("review.taken"),
        **by("discussed", "review.advised"),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-28c3",
        "law.last",
        applies=told("effective.lawful") & told("last.taken"),
        **by("due.last", "meeting.unchanged"),
        violation=INCONSISTENT,
    ),
    Card(
        "NR-29a",
        "law.gate",
        **by("discussed", "submission.in_time"),
        violation=unless_done("submission.done"),
    ),
    Card(
        "NR-29e",
        "law.submission",
        applies=told("risk.taken") & told("submission.taken"),
        **by("discussed", "submission.risk_report"),
        violation=DEFECTIVE,
        follows=("NR-29a",),
    ),
    Card(
        "NR-29f",
        "law.submission",
        applies=told("submission.taken"),
        **by("discussed", "submission.opinion"),
        violation=DEFECTIVE,
        follows=("NR-25a", "NR-25b", "NR-29a"),
    ),
    Card("NR-30a", "law.issue", **by("decided", "meeting.met"), violation=MISSING),
    Card(
        "NR-30b",
        "law.last",
        applies=told("last.proper") & told("last.taken"),
        **by("due.last", "last.spoken"),
        violation=DEFECTIVE,
    ),
    Card(
        "NR-31",
        "law.issued",
        applies=~told("party.needless"),
        **by("was_issued", "party.in_time"),
        violation=unless_done("party.done"),
    ),
    Card(
        "NR-32a",
        "law.issued",
        **in_time("publication", PUBLICATION_MISSED, "was_issued", "publication.done"),
        unless=UNPUBLISHED,
        violation=MISSING,
        confirmed=False,
        shown=Shown("publication.least", "publication.most", 20, law="law.issued"),
    ),
    Card(
        "NR-33g",
        "law.archive",
        applies=told("review.taken"),
        **by("due.archive", "archive.review"),
        violation=DEFECTIVE,
    ),
    Card(
        "QZ-1",
        "law.expert",
        matter="in_quzhou",
        applies=told("expert.taken"),
        **by("due.expert", "expert.enough"),
        violation=MISSING,
        confirmed=False,
        shown=Shown("expert.experts.lo", "expert.experts.hi", 5),
    ),
    Card(
        "SH-06c",
        "law.shanghai",
        matter="in_shanghai",
        **by("discussed", "initial.in_time"),
        violation=unless_done("initial.done"),
    ),
    Card(
        "SH-06d",
        "law.initial",
        matter="in_shanghai",
        applies=told("initial.done") & told("initial.taken"),
        **by("discussed", "initial.whole"),
        violation=DEFECTIVE,
    ),
    Card(
        "SH-06e",
        "law.shanghai",
        matter="in_shanghai",
        **by("discussed", "review.reviewed"),
        violation=unless_done("review.done"),
        follows=("NR-25a",),
    ),
)
