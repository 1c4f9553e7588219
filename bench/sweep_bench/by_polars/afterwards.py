"""What stands in the catalogue, and what comes with and after a decision."""

from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.periods import ENDLESS, days, finishing, length, to_come, why_inexact
from bench.sweep_bench.by_polars.sayings import holds, is_true
from bench.sweep_bench.by_polars.table import (
    MAY_BE_FIRST,
    MAY_BE_LAST,
    Pass,
    Reduction,
    agreed,
    earliest,
    greatest,
    seen,
)
from bench.sweep_bench.by_polars.words import (
    EVIDENCE,
    FAR,
    METHOD,
    MOMENT,
    NO,
    TODAY,
    before,
    both,
    code,
    decided,
    ends,
    happened,
)
from bench.sweep_bench.by_polars.workdays import counted, nth

DRAFT, RISK_REPORT, LEGALITY_OPINION = 1 << 0, 1 << 3, 1 << 5
REVIEW_IN_ARCHIVE: Final = 1 << 6
PUBLICATION_DAYS: Final = 20

SUBMISSIONS: Final = Pass(
    step="submission",
    reads=(*ends("submitted"), "materials"),
    beside=ends("gate"),
    stages=(
        seen("submitted"),
        (holds("materials", DRAFT, "submitted").alias("with_draft"),),
        (
            both(pl.col("with_draft"), before("submitted", "gate")).alias("in_time"),
            both(pl.col("with_draft"), happened("submitted")).alias("done"),
            holds("materials", RISK_REPORT, "submitted").alias("risk_report"),
            holds("materials", LEGALITY_OPINION, "submitted").alias("opinion"),
        ),
    ),
    reduction=Reduction(
        "submission",
        greatest("taken", "in_time", "done", "risk_report", "opinion") | earliest("submitted", MAY_BE_FIRST),
    ),
)

PARTY_REPORTS: Final = Pass(
    step="party_report",
    reads=(*ends("reported"), "not_prescribed"),
    beside=ends("issues.issued"),
    stages=(
        seen("reported"),
        (
            before("reported", "issues.issued").alias("in_time"),
            happened("reported").alias("done"),
            is_true("not_prescribed", "reported", absent=NO).alias("needless"),
        ),
    ),
    reduction=Reduction("party", greatest("in_time", "done", "needless")),
)

ARCHIVES: Final = Pass(
    step="archiving",
    reads=(*ends("archived"), "items"),
    stages=(seen("archived"), (holds("items", REVIEW_IN_ARCHIVE, "archived").alias("review"),)),
    reduction=Reduction("archive", greatest("review") | earliest("archived", MAY_BE_FIRST)),
)


# --- deadlines -------------------------------------------------------------------------------------------------------


def kept(start: str, end: str, first_end: pl.Expr, last_end: pl.Expr) -> pl.Expr:
    """Tell whether a deadline is kept, whose last day may be the first or the last of two."""
    past, begun_by_now = pl.col(f"{start}.past"), pl.col(f"{end}.begun")
    in_time = past & begun_by_now & (pl.col(f"{end}.last") <= first_end)
    return decided(in_time, past & (pl.col(f"{end}.first") > last_end), why_inexact(start, end)).alias("kept")


def overdue(start: str, first_end: pl.Expr, last_end: pl.Expr) -> pl.Expr:
    """Tell whether a deadline has passed today."""
    past = pl.col(f"{start}.past")
    exact = past & (pl.col(f"{start}.first") == pl.col(f"{start}.last"))
    endless = ~past & (pl.col(f"{start}.last") >= FAR)
    doubt = pl.when(endless).then(code(EVIDENCE)).when(exact).then(code(METHOD)).otherwise(code(MOMENT))
    return decided(past & (last_end < TODAY), past & (first_end >= TODAY), doubt)


def open_ended(end: str) -> pl.Expr:
    """Show a period that has not ended as endless."""
    return pl.when(pl.col(f"{end}.begun")).then(f"{end}.last").otherwise(FAR).alias(f"{end}.last")


def spanned(among: pl.Expr) -> dict[str, pl.Expr]:
    """Return how long the period of the first or last round is: of all that may be it."""
    return {"least": pl.col("least").filter(among).min(), "most": pl.col("most").filter(among).max()}


ISSUED: Final = "issues.issued"
FIRST_END: Final = nth(counted(pl.col(f"{ISSUED}.first") - 1) + PUBLICATION_DAYS)
LAST_END: Final = nth(counted(pl.col(f"{ISSUED}.last")) + PUBLICATION_DAYS)
PUBLICATIONS: Final = Pass(
    step="publication",
    reads=(*ends("published"), "published.planned.hi"),
    beside=tuple(f"{ISSUED}.{part}" for part in ("first", "last", "past", "begun")),
    stages=(
        seen("published"),
        days("published", to_come("published", "published.planned.hi")),
        (open_ended("published"),),
        (
            kept(ISSUED, "published", FIRST_END, LAST_END),
            *length(
                ISSUED,
                "published",
                counted(finishing("published")) - counted(pl.col(f"{ISSUED}.last")),
                counted(pl.col("published.last")) - counted(pl.col(f"{ISSUED}.first") - 1),
            ),
            happened("published").alias("done"),
        ),
    ),
    reduction=Reduction(
        "publication",
        greatest("taken")
        | {"kept": agreed("kept", MAY_BE_FIRST), "done": agreed("done", MAY_BE_FIRST)}
        | spanned(MAY_BE_FIRST),
        ENDLESS,
    ),
)
LATE: Final = overdue(ISSUED, FIRST_END, LAST_END).alias("publication.over")


def publications(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Hold the first publication of each record against the time since the issue."""
    return PUBLICATIONS(folder, cases).hstack(cases.select(LATE))


SCHEDULED: Final = "scheduled_until"
LISTINGS: Final = Pass(
    step="catalogue_listing",
    reads=(*ends(SCHEDULED), f"{SCHEDULED}.planned.hi"),
    beside=("gate.first", "gate.last", "gate.past", "gate.begun"),
    stages=(
        seen(SCHEDULED),
        days(SCHEDULED, to_come(SCHEDULED, f"{SCHEDULED}.planned.hi")),
        (open_ended("gate"),),
        (
            kept(SCHEDULED, "gate", pl.col(f"{SCHEDULED}.first"), pl.col(f"{SCHEDULED}.last")),
            *length(
                SCHEDULED,
                "gate",
                finishing("gate") - pl.col(f"{SCHEDULED}.last"),
                pl.col("gate.last") - pl.col(f"{SCHEDULED}.first"),
            ),
            overdue(SCHEDULED, pl.col(f"{SCHEDULED}.first"), pl.col(f"{SCHEDULED}.last")).alias("over"),
            happened(SCHEDULED).alias("named"),
        ),
    ),
    reduction=Reduction(
        "listing",
        greatest("taken")
        | {name: agreed(name, MAY_BE_LAST) for name in ("kept", "over", "named")}
        | spanned(MAY_BE_LAST)
        | earliest(SCHEDULED, MAY_BE_LAST),
        ENDLESS,
    ),
)
