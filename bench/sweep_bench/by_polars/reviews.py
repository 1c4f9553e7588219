"""Reviews for legality: the initial one of Shanghai, and that of the decree."""

from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.clock import events_of, with_clock
from bench.sweep_bench.by_polars.periods import (
    FAILING,
    WIDEST,
    at_least,
    days,
    finishing,
    length,
    mattering,
    to_come,
    why_inexact,
)
from bench.sweep_bench.by_polars.sayings import holds, is_true, says
from bench.sweep_bench.by_polars.table import (
    BEGUN,
    MAY_BE_FIRST,
    MAY_BE_LAST,
    agreed,
    begun,
    beside,
    earliest,
    laid_out,
    named,
    of_records,
    read,
    records_of,
    seen,
)
from bench.sweep_bench.by_polars.words import (
    EVIDENCE,
    FAR,
    NO,
    YES,
    before,
    both,
    code,
    either,
    ends,
    happened,
    in_force,
    opposite,
)
from bench.sweep_bench.by_polars.workdays import counted, nth

REVIEW_DAYS: Final = 7
REVIEW_OPINION, LAWFUL = 0, 0
ALL_ASPECTS: Final = 0b111


def initial_reviews(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the initial reviews."""
    rounds = begun(read(folder, "initial_legality_review", *ends("issued"), "form", "aspects"))
    rounds = beside(rounds.with_columns(*seen("issued")), cases, *ends("gate")).with_columns(
        formal=says("form", [REVIEW_OPINION], "issued")
    )
    judged = rounds.with_columns(
        in_time=both(pl.col("formal"), before("issued", "gate")), done=both(pl.col("formal"), happened("issued"))
    ).with_columns(whole=both(pl.col("done"), holds("aspects", ALL_ASPECTS, "issued")))
    found = of_records(
        judged,
        {name: pl.col(name).max() for name in ("taken", "in_time", "done", "whole")} | earliest("issued", MAY_BE_FIRST),
    )
    return laid_out(found, cases.height, step="initial")


def reviews(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the legality reviews."""
    rounds = read(
        folder,
        "legality_review",
        *ends("file_complete", "received", "issued"),
        "file_complete.announced.hi",
        "file_complete.planned.hi",
        "form",
        "conclusion",
        "aspects",
        "legal_advisers_heard",
        "draft",
    )
    events = events_of(folder, records_of(folder, "legality_review"))
    rounds = begun(rounds).with_columns(*seen("file_complete"), *seen("received"), *seen("issued"))
    rounds = beside(
        rounds,
        cases,
        *ends("gate", "last_held"),
        "gate.first",
        "gate.last",
        "gate.past",
        "gate.begun",
    )
    complete = to_come("file_complete", "file_complete.announced.hi", "file_complete.planned.hi")
    rounds = rounds.with_columns(*days("file_complete", complete)).collect()
    rounds = with_clock(under_law(rounds, cases), events).lazy()
    rounds = rounds.with_columns(
        formal=says("form", [REVIEW_OPINION], "issued"),
        in_time=before("issued", "gate"),
        issued=happened("issued"),
        filed=happened("file_complete"),
        **lasting(),
    ).with_columns(
        replaced=both(
            opposite(pl.col("formal")),
            either("in_time", both(before("received", "gate"), opposite(pl.col("issued")))),
        ),
        reviewed=both(pl.col("formal"), pl.col("in_time")),
        done=both(pl.col("formal"), pl.col("issued")),
        owed=either("filed", "formal"),
    )
    rounds = rounds.with_columns(
        mattering(why_inexact("file_complete", "gate")),
        whole=both(pl.col("done"), holds("aspects", ALL_ASPECTS, "issued")),
        advised=both(pl.col("done"), is_true("legal_advisers_heard", "issued")),
    ).with_columns(*owed("surely", "least", high=False), *owed("perhaps", "most", high=True), about_owed())
    greatest = ("taken", "owed", "reviewed", "replaced", "done", "whole", "advised")
    numbers = ("surely", "perhaps", "least", "most", "doubt")
    rounds = rounds.collect().lazy()
    found = of_records(
        rounds,
        {name: pl.col(name).max() for name in (*greatest, *numbers)}
        | earliest("file_complete", MAY_BE_FIRST)
        | earliest("issued", MAY_BE_FIRST),
    )
    laid = laid_out(found, cases.height, FAILING, step="review")
    return laid.hstack(effective(rounds, cases.height))


def effective(rounds: pl.LazyFrame, size: int) -> pl.DataFrame:
    """Tell of the last review that ends in an opinion, or of which nobody says in what: was it lawful, of which draft."""
    counting = rounds.filter((pl.col("form") <= REVIEW_OPINION) | pl.col("issued.hidden"))
    counting = counting.select(
        "record",
        *BEGUN,
        "draft",
        lawful=both(says("conclusion", [LAWFUL], "issued"), before("issued", "last_held")),
    )
    found = of_records(counting, {"lawful": agreed("lawful", MAY_BE_LAST), "draft": named("draft", MAY_BE_LAST)})
    return laid_out(found, size, step="effective")


def under_law(rounds: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Tell of which rounds it is sure that the law holds: by the first file of their record, or its discussion."""
    first = of_records(rounds.lazy(), earliest("file_complete", MAY_BE_FIRST))
    laid = laid_out(first, cases.height, step="first").hstack(cases.select(ends("gate")))
    law = laid.select(in_force("first.file_complete", "gate") == YES).to_series()
    return rounds.with_columns(sure=law.gather(rounds["record"]))


def lasting() -> dict[str, pl.Expr]:
    """Say how much longer than demanded the time for the review is, and how long, in working days."""
    early, late = pl.col("file_complete.first"), pl.col("file_complete.last")
    first_end = nth(counted(early) + REVIEW_DAYS + pl.col("pause.least"))
    last_end = nth(counted(late) + REVIEW_DAYS + pl.col("pause.most")) + 1
    before_it = early - (~pl.col("sure")).cast(pl.Int32)
    least = counted(finishing("gate") - 1) - counted(late) - pl.col("stood.most")
    most = counted(pl.col("gate.last")) - counted(before_it) - pl.when("sure").then("stood.least").otherwise(0)
    made = [*at_least("file_complete", "gate", first_end, last_end), *length("file_complete", "gate", least, most)]
    return {expression.meta.output_name(): expression for expression in made}


def owed(*names: str, high: bool) -> list[pl.Expr]:
    """Count only the rounds to which time is owed; where that is unknown, on the doubtful side only."""
    at_least = NO + 1 if high else YES
    return [pl.when(pl.col("owed") >= at_least).then(name).otherwise(-WIDEST).alias(name) for name in names]


def about_owed() -> pl.Expr:
    """Keep the doubts about rounds to which time is owed, and the doubt whether it is."""
    is_owed = pl.col("owed")
    told = pl.when(is_owed == NO).then(code(NO)).when(is_owed == YES).then("doubt")
    return told.otherwise(either("owed", "doubt")).alias("doubt")
