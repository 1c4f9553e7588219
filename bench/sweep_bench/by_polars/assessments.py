"""Experts and risks."""

from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.sayings import holds, is_true, says
from bench.sweep_bench.by_polars.table import (
    IN_ORDER,
    MAY_BE_FIRST,
    MAY_BE_LAST,
    SEVERAL,
    Pass,
    Reduction,
    agreed,
    earliest,
    every,
    greatest,
    least,
    records_of,
    seen,
)
from bench.sweep_bench.by_polars.words import (
    END,
    EVIDENCE,
    FAR,
    MOMENT,
    NO,
    YES,
    before,
    both,
    code,
    decided,
    either,
    ends,
    happened,
    only_if,
    opposite,
)

EXPERT_REVIEW: Final = 8
CONFIDENTIALITY: Final = 0b1000
NO_INTEREST, CONTROLLABLE = 0, 0
ALL_OF_THE_REPORT: Final = 0b111
EXPERTS: Final = 5


OWN_EXPERTS: Final = pl.col("experts_of_the_unit")
EXPERT_ROUNDS: Final = Pass(
    step="expert_review",
    reads=(
        *ends("started", "completed"),
        "experts",
        "experts_of_the_unit",
        "outside_experts_included",
        "independent",
        "conflict_declaration",
        "documents",
    ),
    beside=ends("gate"),
    stages=((*seen("started"), *seen("completed")),),
    reduction=Reduction(
        "expert",
        greatest("taken", "in_time", "done", "bound")
        | {name: every(name) for name in ("neutral", "independent", "declared")}
        | least("experts.lo", "experts.hi")
        | earliest("completed", MAY_BE_FIRST),
        {"experts.lo": 0, "experts.hi": 0},
    ),
)
EXPERTS_JUDGED: Final = (
    *[
        pl.when((pl.col("experts") != -1) & ~pl.col("started.hidden"))
        .then("experts")
        .otherwise(unknown)
        .alias(f"experts.{end}")
        for end, unknown in (("lo", 0), ("hi", FAR))
    ],
    before("completed", "gate").alias("in_time"),
    happened("completed").alias("done"),
    decided((pl.col("documents") & CONFIDENTIALITY) != 0, (pl.col("possible") & CONFIDENTIALITY) == 0, MOMENT).alias(
        "bound"
    ),
    pl.when((OWN_EXPERTS == 0) & ~pl.col("started.hidden"))
    .then(code(YES))
    .otherwise(
        either(
            pl.when((OWN_EXPERTS == -1) | pl.col("started.hidden")).then(code(EVIDENCE)).otherwise(code(NO)),
            is_true("outside_experts_included", "started"),
        )
    )
    .alias("neutral"),
    either(opposite(happened("completed")), is_true("independent", "completed")).alias("independent"),
    says("conflict_declaration", [NO_INTEREST], "started").alias("declared"),
)
ENOUGH: Final = decided(pl.col("expert.experts.lo") >= EXPERTS, pl.col("expert.experts.hi") < EXPERTS, EVIDENCE).alias(
    "expert.enough"
)


def experts(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the expert reviews."""
    rounds = with_documents(folder, EXPERT_ROUNDS.judged(folder, cases)).with_columns(EXPERTS_JUDGED)
    return EXPERT_ROUNDS.reduction.laid_out(rounds, cases.height).with_columns(ENOUGH)


def with_documents(folder: Path, rounds: pl.LazyFrame) -> pl.LazyFrame:
    """Add the documents that came after the beginning of their round; `possible`: those that may be there by now."""
    later = (
        pl.scan_parquet(folder / "documents.parquet")
        .filter(pl.col("step") == EXPERT_REVIEW, pl.col("lo") <= END)
        .select(pl.col("record").cast(pl.UInt32), "round", "bits", sure=pl.col("hi") <= END)
        .collect()
    )
    if not later.height:
        return rounds.with_columns(possible=pl.col("documents"))
    first = records_of(folder, "expert_review").search_sorted(later["record"], side="left")
    bits = later.with_columns(row=(first + later["round"]).cast(pl.UInt32)).group_by("row")
    added = bits.agg(
        possible=pl.col("bits").bitwise_or(), added=pl.col("bits").filter("sure").bitwise_or().fill_null(0)
    )
    return rounds.join(added.lazy(), on="row", how="left", maintain_order="left").with_columns(
        documents=pl.col("documents") | pl.col("added").fill_null(0),
        possible=pl.col("documents") | pl.col("possible").fill_null(0),
    )


IN_DOUBT: Final = (pl.col("good") > NO) & (pl.col("good") < YES)
ALIKE: Final = ("taken", "anew", "reused", "done", "good", "adjusted")
RISKS: Final = Pass(
    step="risk_assessment",
    reads=(
        *ends("completed"),
        "reuses_earlier_report",
        "earlier_report_covers_same_risk",
        "conclusion",
        "departments_heard",
        "report_contains",
        "draft",
    ),
    beside=ends("gate", "issue"),
    stages=(
        seen("completed"),
        (
            ((pl.col("reuses_earlier_report") == 1) & ~pl.col("completed.hidden")).alias("reuses"),
            before("completed", "gate").alias("in_time"),
            before("completed", "issue").alias("by_then"),
            happened("completed").alias("completed"),
            says("conclusion", [CONTROLLABLE], "completed").alias("fine"),
        ),
        (
            only_if(~pl.col("reuses"), pl.col("in_time")).alias("anew"),
            only_if(
                pl.col("reuses"), both(is_true("earlier_report_covers_same_risk", "completed"), pl.col("in_time"))
            ).alias("reused"),
            only_if(~pl.col("reuses"), pl.col("completed")).alias("done"),
            both(pl.col("fine"), pl.col("by_then")).alias("good"),
            either("fine", opposite(pl.col("by_then"))).alias("harmless"),
        ),
        (
            either(opposite(pl.col("done")), is_true("departments_heard", "completed")).alias("heard"),
            either(opposite(pl.col("done")), holds("report_contains", ALL_OF_THE_REPORT, "completed")).alias("whole"),
            # The one assessment of a record is of its first draft, if one knows of which.
            only_if(IN_DOUBT & (pl.col("draft") == 0), code(EVIDENCE)).alias("adjusted"),
        ),
    ),
    reduction=Reduction(
        "risk",
        greatest(*ALIKE)
        | {name: every(name) for name in ("heard", "whole", "harmless")}
        | earliest("completed", MAY_BE_FIRST),
    ),
)
KEPT: Final = sorted({*RISKS.reduction.needed, "draft", *ends("issue")})


def risks(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the risk assessments.

    A risk is controllable as well if a draft that was adjusted since the first assessment makes it so.
    """
    rounds = RISKS.judged(folder, cases).select(KEPT).collect()
    found, adjusted = RISKS.reduction.of_records(rounds.lazy()), pl.col("adjusted")
    several = rounds.filter(SEVERAL)
    if several.height:
        found = found.join(adjustments(several), on="record", how="left", maintain_order="left")
        adjusted = pl.coalesce("adjusted_since", "adjusted")
    found = found.with_columns(controllable=either(both(pl.col("good"), pl.col("harmless")), adjusted))
    return RISKS.reduction.spread(found.drop("adjusted_since", strict=False), cases.height)


def adjustments(rounds: pl.DataFrame) -> pl.DataFrame:
    """Tell of records with several assessments whether one of an adjusted draft makes the risk controllable."""
    rounds = rounds.with_columns(IN_ORDER)
    originals = rounds.filter(MAY_BE_FIRST).group_by("record", maintain_order=True)
    original = originals.agg(original=pl.col("draft").first(), one=pl.col("draft").n_unique() == 1)
    rounds = rounds.join(original, on="record", how="left", maintain_order="left").with_columns(
        cures=both(pl.col("good"), ADJUSTED)
    )
    return rounds.group_by("record", maintain_order=True).agg(CURED).select("record", SINCE)


DRAFT, FIRST_DRAFT, ONE_FIRST = pl.col("draft"), pl.col("original"), pl.col("one")
UNNAMED: Final = (DRAFT == 0) | (ONE_FIRST & (FIRST_DRAFT == 0))
ADJUSTED: Final = decided(
    ONE_FIRST & (DRAFT != FIRST_DRAFT) & ~UNNAMED,
    ONE_FIRST & (DRAFT == FIRST_DRAFT) & ~UNNAMED,
    pl.when(UNNAMED).then(code(EVIDENCE)).otherwise(code(MOMENT)),
)
CURED: Final = [
    pl.col("cures").max(),
    agreed("cures", MAY_BE_LAST).alias("cured"),
    *[reduced.alias(f"last.{end}") for end, reduced in earliest("completed", MAY_BE_LAST).items()],
    pl.col(*ends("issue")).last(),
]
SINCE: Final = either("cured", both(before("issue", "last.completed"), pl.col("cures"))).alias("adjusted_since")
