"""What stands in the catalogue, and what comes with and after a decision."""

from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.periods import ENDLESS, days, finishing, length, to_come, why_inexact
from bench.sweep_bench.by_polars.sayings import holds, is_true
from bench.sweep_bench.by_polars.table import (
    MAY_BE_FIRST,
    MAY_BE_LAST,
    agreed,
    begun,
    beside,
    earliest,
    laid_out,
    of_records,
    read,
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


def submissions(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge what was submitted to the discussion."""
    rounds = begun(read(folder, "submission", *ends("submitted"), "materials")).with_columns(*seen("submitted"))
    with_draft = holds("materials", DRAFT, "submitted")
    judged = beside(rounds, cases, *ends("gate")).with_columns(
        in_time=both(with_draft, before("submitted", "gate")),
        done=both(with_draft, happened("submitted")),
        risk_report=holds("materials", RISK_REPORT, "submitted"),
        opinion=holds("materials", LEGALITY_OPINION, "submitted"),
    )
    greatest = ("taken", "in_time", "done", "risk_report", "opinion")
    found = of_records(judged, {name: pl.col(name).max() for name in greatest} | earliest("submitted", MAY_BE_FIRST))
    return laid_out(found, cases.height, step="submission")


def party_reports(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the reports to the Party committee."""
    rounds = begun(read(folder, "party_report", *ends("reported"), "not_prescribed")).with_columns(*seen("reported"))
    judged = beside(rounds, cases, *ends("issues.issued")).with_columns(
        in_time=before("reported", "issues.issued"),
        done=happened("reported"),
        needless=is_true("not_prescribed", "reported", absent=NO),
    )
    found = of_records(judged, {name: pl.col(name).max() for name in ("in_time", "done", "needless")})
    return laid_out(found, cases.height, step="party")


def archives(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge what was archived."""
    rounds = begun(read(folder, "archiving", *ends("archived"), "items")).with_columns(*seen("archived"))
    judged = rounds.with_columns(review=holds("items", REVIEW_IN_ARCHIVE, "archived"))
    found = of_records(judged, {"review": pl.col("review").max()} | earliest("archived", MAY_BE_FIRST))
    return laid_out(found, cases.height, step="archive")


# --- deadlines -------------------------------------------------------------------------------------------------------


def publications(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Hold the first publication of each record against the time since the issue."""
    issued = cases.select(*ends("issues.issued")).with_columns(*days("issues.issued"))
    first, last = pl.col("issues.issued.first"), pl.col("issues.issued.last")
    first_end = nth(counted(first - 1) + PUBLICATION_DAYS)
    last_end = nth(counted(last) + PUBLICATION_DAYS)
    late = issued.select(over=overdue("issues.issued", first_end, last_end))
    rounds = begun(read(folder, "publication", *ends("published"), "published.planned.hi")).with_columns(*seen("published"))
    rounds = beside(rounds, issued, *issued.columns).with_columns(
        *days("published", to_come("published", "published.planned.hi"))
    )
    rounds = rounds.with_columns(open_ended("published"))
    judged = rounds.with_columns(
        kept("issues.issued", "published", first_end, last_end),
        *length(
            "issues.issued",
            "published",
            counted(finishing("published")) - counted(last),
            counted(pl.col("published.last")) - counted(first - 1),
        ),
        done=happened("published"),
    )
    found = of_records(
        judged,
        {"taken": pl.col("taken").max()}
        | {name: agreed(name, MAY_BE_FIRST) for name in ("kept", "done")}
        | {"least": pl.col("least").filter(MAY_BE_FIRST).min(), "most": pl.col("most").filter(MAY_BE_FIRST).max()},
    )
    return laid_out(found, cases.height, ENDLESS, step="publication").hstack(late.rename({"over": "publication.over"}))


def listings(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Hold the discussion of each record against the time that its last entry in the catalogue names for it."""
    moment = "scheduled_until"
    rounds = begun(read(folder, "catalogue_listing", *ends(moment), f"{moment}.planned.hi")).with_columns(*seen(moment))
    rounds = beside(rounds, cases, "gate.first", "gate.last", "gate.past", "gate.begun").with_columns(
        *days(moment, to_come(moment, f"{moment}.planned.hi"))
    )
    first, last = pl.col(f"{moment}.first"), pl.col(f"{moment}.last")
    rounds = rounds.with_columns(open_ended("gate"))
    judged = rounds.with_columns(
        kept(moment, "gate", first, last),
        *length(moment, "gate", finishing("gate") - last, pl.col("gate.last") - first),
        over=overdue(moment, first, last),
        named=happened(moment),
    )
    found = of_records(
        judged,
        {"taken": pl.col("taken").max()}
        | {name: agreed(name, MAY_BE_LAST) for name in ("kept", "over", "named")}
        | {"least": pl.col("least").filter(MAY_BE_LAST).min(), "most": pl.col("most").filter(MAY_BE_LAST).max()}
        | earliest(moment, MAY_BE_LAST),
    )
    return laid_out(found, cases.height, ENDLESS, step="listing")


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
