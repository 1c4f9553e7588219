"""Reviews for legality: the initial one of Shanghai, and that of the decree."""

from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.clock import REVIEW_DAYS, events_of, with_clock
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
    MAY_BE_FIRST,
    MAY_BE_LAST,
    Pass,
    Reduction,
    agreed,
    earliest,
    greatest,
    named,
    records_of,
    seen,
)
from bench.sweep_bench.by_polars.words import (
    DECREE,
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

REVIEW_OPINION, LAWFUL = 0, 0
ALL_ASPECTS: Final = 0b111
FORMAL: Final = pl.col("formal")

INITIAL_REVIEWS: Final = Pass(
    step="initial_legality_review",
    reads=(*ends("issued"), "form", "aspects"),
    beside=ends("gate"),
    stages=(
        seen("issued"),
        (says("form", [REVIEW_OPINION], "issued").alias("formal"),),
        (
            both(FORMAL, before("issued", "gate")).alias("in_time"),
            both(FORMAL, happened("issued")).alias("done"),
        ),
        (both(pl.col("done"), holds("aspects", ALL_ASPECTS, "issued")).alias("whole"),),
    ),
    reduction=Reduction("initial", greatest("taken", "in_time", "done", "whole") | earliest("issued", MAY_BE_FIRST)),
)


def owed(*names: str, high: bool) -> list[pl.Expr]:
    """Count only the rounds to which time is owed; where that is unknown, on the doubtful side only."""
    at_least = NO + 1 if high else YES
    return [pl.when(pl.col("owed") >= at_least).then(name).otherwise(-WIDEST).alias(name) for name in names]


def about_owed() -> pl.Expr:
    """Keep the doubts about rounds to which time is owed, and the doubt whether it is."""
    is_owed = pl.col("owed")
    told = pl.when(is_owed == NO).then(code(NO)).when(is_owed == YES).then("doubt")
    return told.otherwise(either("owed", "doubt")).alias("doubt")


EARLY, LATE = pl.col("file_complete.first"), pl.col("file_complete.last")
REVIEWS: Final = Pass(
    step="legality_review",
    reads=(
        *ends("file_complete", "received", "issued"),
        "file_complete.announced.hi",
        "file_complete.planned.hi",
        "form",
        "conclusion",
        "aspects",
        "legal_advisers_heard",
        "draft",
    ),
    beside=(*ends("gate", "last_held"), "gate.first", "gate.last", "gate.past", "gate.begun"),
    stages=(
        (*seen("file_complete"), *seen("received"), *seen("issued")),
        days("file_complete", to_come("file_complete", "file_complete.announced.hi", "file_complete.planned.hi")),
    ),
    reduction=Reduction(
        "review",
        greatest("taken", "owed", "reviewed", "replaced", "done", "whole", "advised")
        | greatest("surely", "perhaps", "least", "most", "doubt")
        | earliest("file_complete", MAY_BE_FIRST)
        | earliest("issued", MAY_BE_FIRST),
        FAILING,
    ),
)
JUDGED: Final = (
    (
        says("form", [REVIEW_OPINION], "issued").alias("formal"),
        before("issued", "gate").alias("in_time"),
        happened("issued").alias("issued"),
        happened("file_complete").alias("filed"),
        *at_least(
            "file_complete",
            "gate",
            nth(counted(EARLY) + REVIEW_DAYS + pl.col("pause.least")),
            nth(counted(LATE) + REVIEW_DAYS + pl.col("pause.most")) + 1,
        ),
        *length(
            "file_complete",
            "gate",
            counted(finishing("gate") - 1) - counted(LATE) - pl.col("stood.most"),
            counted(pl.col("gate.last"))
            - counted(EARLY - (~pl.col("sure")).cast(pl.Int32))
            - pl.when("sure").then("stood.least").otherwise(0),
        ),
    ),
    (
        both(opposite(FORMAL), either("in_time", both(before("received", "gate"), opposite(pl.col("issued"))))).alias(
            "replaced"
        ),
        both(FORMAL, pl.col("in_time")).alias("reviewed"),
        both(FORMAL, pl.col("issued")).alias("done"),
        either("filed", "formal").alias("owed"),
        mattering(why_inexact("file_complete", "gate")),
        both(says("conclusion", [LAWFUL], "issued"), before("issued", "last_held")).alias("lawful"),
    ),
    (
        both(pl.col("done"), holds("aspects", ALL_ASPECTS, "issued")).alias("whole"),
        both(pl.col("done"), is_true("legal_advisers_heard", "issued")).alias("advised"),
        *owed("surely", "least", high=False),
        *owed("perhaps", "most", high=True),
        about_owed(),
    ),
)
IN_AN_OPINION: Final = (pl.col("form") <= REVIEW_OPINION) | pl.col("issued.hidden")
"""A review of which nobody says in what it ends may be one that does."""
EFFECTIVE: Final = Reduction(
    "effective", {"lawful": agreed("lawful", MAY_BE_LAST), "draft": named("draft", MAY_BE_LAST)}
)
KEPT: Final = sorted({*REVIEWS.reduction.needed, *EFFECTIVE.needed, "form", "issued.hidden"})
FIRST: Final = Reduction("first", earliest("file_complete", MAY_BE_FIRST))
UNDER_LAW: Final = in_force("first.file_complete", "gate") == YES
NEVER_BEFORE: Final = ((pl.col("file_complete.lo") >= DECREE) & (pl.col("gate.lo") >= DECREE)).all()


def reviews(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the legality reviews, and the last that ends in an opinion: does it find lawful, and which draft."""
    rounds = under_law(REVIEWS.judged(folder, cases).collect(), cases)
    clocked = with_clock(rounds, events_of(folder, records_of(folder, "legality_review"))).lazy()
    for stage in JUDGED:
        clocked = clocked.with_columns(stage)
    judged = clocked.select(KEPT).collect().lazy()
    return REVIEWS.reduction.laid_out(judged, cases.height).hstack(
        EFFECTIVE.laid_out(judged.filter(IN_AN_OPINION), cases.height)
    )


def under_law(rounds: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Tell of which rounds it is sure that the law holds: by the first file of their record, or its discussion."""
    if rounds.select(NEVER_BEFORE).item():
        return rounds.with_columns(sure=pl.lit(value=True))
    first = FIRST.laid_out(rounds.lazy(), cases.height).hstack(cases.select(ends("gate")))
    law = first.select(UNDER_LAW).to_series()
    return rounds.with_columns(sure=law.gather(rounds["record"]))
