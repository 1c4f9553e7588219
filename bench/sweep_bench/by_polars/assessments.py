"""Experts and risks."""

from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.sayings import holds, is_true, says
from bench.sweep_bench.by_polars.table import (
    BEGUN,
    MAY_BE_FIRST,
    MAY_BE_LAST,
    agreed,
    begun,
    beside,
    earliest,
    every,
    laid_out,
    of_records,
    read,
    records_of,
    seen,
    with_several,
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
NO_EXPERTS: Final = {"experts.lo": 0, "experts.hi": 0}


def experts(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the expert reviews."""
    read_rounds = read(
        folder,
        "expert_review",
        *ends("started", "completed"),
        "experts",
        "experts_of_the_unit",
        "outside_experts_included",
        "independent",
        "conflict_declaration",
        "documents",
    )
    rounds = with_documents(folder, begun(read_rounds)).with_columns(*seen("started"), *seen("completed"))
    own = pl.col("experts_of_the_unit")
    unsaid = pl.when((own == -1) | pl.col("started.hidden")).then(code(EVIDENCE)).otherwise(code(NO))
    counted = (pl.col("experts") != -1) & ~pl.col("started.hidden")
    rounds = beside(rounds, cases, *ends("gate")).with_columns(
        *[
            pl.when(counted).then("experts").otherwise(unknown).alias(f"experts.{end}")
            for end, unknown in (("lo", 0), ("hi", FAR))
        ],
        in_time=before("completed", "gate"),
        done=happened("completed"),
        bound=decided(
            (pl.col("documents") & CONFIDENTIALITY) != 0, (pl.col("possible") & CONFIDENTIALITY) == 0, MOMENT
        ),
        neutral=pl.when((own == 0) & ~pl.col("started.hidden"))
        .then(code(YES))
        .otherwise(either(unsaid, is_true("outside_experts_included", "started"))),
        independent=is_true("independent", "completed"),
        declared=says("conflict_declaration", [NO_INTEREST], "started"),
    ).with_columns(independent=either(opposite(pl.col("done")), pl.col("independent")))
    found = of_records(
        rounds,
        {name: pl.col(name).max() for name in ("taken", "in_time", "done", "bound")}
        | {name: every(name) for name in ("neutral", "independent", "declared")}
        | {name: pl.col(name).min() for name in NO_EXPERTS}
        | earliest("completed", MAY_BE_FIRST),
    )
    laid = laid_out(found, cases.height, NO_EXPERTS, step="expert")
    least, most = pl.col("expert.experts.lo"), pl.col("expert.experts.hi")
    return laid.with_columns(decided(least >= EXPERTS, most < EXPERTS, EVIDENCE).alias("expert.enough"))


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


def risks(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the risk assessments."""
    rounds = begun(
        read(
            folder,
            "risk_assessment",
            *ends("completed"),
            "reuses_earlier_report",
            "earlier_report_covers_same_risk",
            "conclusion",
            "departments_heard",
            "report_contains",
            "draft",
        )
    ).with_columns(*seen("completed"))
    reuses = (pl.col("reuses_earlier_report") == 1) & ~pl.col("completed.hidden")
    rounds = beside(rounds, cases, *ends("gate", "issue")).with_columns(
        reuses=reuses,
        in_time=before("completed", "gate"),
        by_then=before("completed", "issue"),
        completed=happened("completed"),
        fine=says("conclusion", [CONTROLLABLE], "completed"),
    )
    rounds = rounds.with_columns(
        anew=only_if(~pl.col("reuses"), pl.col("in_time")),
        reused=only_if(
            pl.col("reuses"), both(is_true("earlier_report_covers_same_risk", "completed"), pl.col("in_time"))
        ),
        done=only_if(~pl.col("reuses"), pl.col("completed")),
        good=both(pl.col("fine"), pl.col("by_then")),
        harmless=either(pl.col("fine"), opposite(pl.col("by_then"))),
    ).with_columns(
        heard=either(opposite(pl.col("done")), is_true("departments_heard", "completed")),
        whole=either(opposite(pl.col("done")), holds("report_contains", ALL_OF_THE_REPORT, "completed")),
    )
    return laid_out(cured(rounds), cases.height, step="risk")


def cured(judged: pl.LazyFrame) -> pl.DataFrame:
    """Reduce the rounds to records; a risk is controllable as well if a draft adjusted since the first round makes it so."""
    in_doubt = (pl.col("good") > NO) & (pl.col("good") < YES)
    # The one assessment of a record is of its first draft, if one knows of which.
    unnamed = pl.when(in_doubt & (pl.col("draft") == 0)).then(code(EVIDENCE)).otherwise(code(NO))
    greatest = ("taken", "anew", "reused", "done", "good", "adjusted")
    kept = ("record", *BEGUN, *greatest[:-1], "heard", "whole", "harmless", "draft", *ends("completed", "issue"))
    rounds = judged.with_columns(adjusted=unnamed).select(*kept, "adjusted").collect()
    found = of_records(
        rounds.lazy(),
        {name: pl.col(name).max() for name in greatest}
        | {name: every(name) for name in ("heard", "whole", "harmless")}
        | earliest("completed", MAY_BE_FIRST),
    )
    several = with_several(rounds)
    adjusted = pl.col("adjusted")
    if several.any():
        found = found.join(adjustments(rounds.filter(several)), on="record", how="left", maintain_order="left")
        adjusted = pl.coalesce("adjusted_since", "adjusted")
    return found.with_columns(controllable=either(both(pl.col("good"), pl.col("harmless")), adjusted)).drop(
        "adjusted", "adjusted_since", "good", "harmless", strict=False
    )


def adjustments(rounds: pl.DataFrame) -> pl.DataFrame:
    """Tell of records with several assessments whether one of an adjusted draft makes the risk controllable."""
    rounds = rounds.with_columns(
        may_be_first=BEGUN_BY.min().over("record") >= BEGUN_AFTER,
        may_be_last=BEGUN_AFTER.max().over("record") <= BEGUN_BY,
    )
    originals = rounds.filter("may_be_first").group_by("record", maintain_order=True)
    original = originals.agg(original=pl.col("draft").first(), one=pl.col("draft").n_unique() == 1)
    draft, first, one = pl.col("draft"), pl.col("original"), pl.col("one")
    unnamed = (draft == 0) | (one & (first == 0))
    adjusted = decided(
        one & (draft != first) & ~unnamed,
        one & (draft == first) & ~unnamed,
        pl.when(unnamed).then(code(EVIDENCE)).otherwise(code(MOMENT)),
    )
    rounds = rounds.join(original, on="record", how="left", maintain_order="left").with_columns(
        cures=both(pl.col("good"), adjusted)
    )
    found = rounds.group_by("record", maintain_order=True).agg(
        pl.col("cures").max(),
        agreed("cures", MAY_BE_LAST).alias("cured"),
        *[reduced.alias(f"last.{end}") for end, reduced in earliest("completed", MAY_BE_LAST).items()],
        pl.col(*ends("issue")).last(),
    )
    return found.select(
        "record", adjusted_since=either("cured", both(before("issue", "last.completed"), pl.col("cures")))
    )


BEGUN_AFTER, BEGUN_BY = (pl.col(end) for end in BEGUN)
