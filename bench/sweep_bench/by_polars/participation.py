"""The public is heard: comment periods, hearings, other forms, and what became of the opinions."""

from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.periods import (
    FAILING,
    at_least,
    days,
    finishing,
    length,
    mattering,
    to_come,
    why_inexact,
)
from bench.sweep_bench.by_polars.sayings import holds, is_true, more_than, says
from bench.sweep_bench.by_polars.table import (
    BEGUN,
    MAY_BE_FIRST,
    announced,
    begun,
    beside,
    earliest,
    every,
    laid_out,
    of_records,
    read,
    seen,
)
from bench.sweep_bench.by_polars.words import before, both, either, ends, happened, opposite

COMMENT_DAYS, MATERIAL_DAYS = 30, 7
DRAFT_AND_EXPLANATION, HOW_AND_UNTIL_WHEN = 0b0011, 0b1100
PRESENTATION_AND_DEBATE: Final = 0b011
OF_THE_PUBLIC: Final = 0


def comments(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the rounds of public comment."""
    rounds = begun(
        read(
            folder,
            "public_comment",
            *ends("opened", "closed", "closed.announced"),
            "opened.announced.hi",
            "opened.planned.hi",
            "closed.planned.hi",
            "notice_contains",
            "shortening_explained_in_notice",
            "opinions",
        )
    )
    rounds = rounds.with_columns(announced("closed")).with_columns(*seen("opened"), *seen("closed"))
    rounds = beside(rounds, cases, *ends("gate")).with_columns(
        *days("opened", to_come("opened", "opened.announced.hi", "opened.planned.hi")),
        *days("closed", to_come("closed", "closed.announced.hi", "closed.planned.hi")),
    )
    early, late = pl.col("opened.first"), pl.col("opened.last")
    judged = rounds.with_columns(
        *at_least("opened", "closed", early + (COMMENT_DAYS - 1), late + COMMENT_DAYS),
        *length("opened", "closed", finishing("closed") - late, pl.col("closed.last") - early + 1),
        heard=before("closed", "gate"),
        over=happened("closed"),
        explained=is_true("shortening_explained_in_notice", "opened", absent=0),
        published=holds("notice_contains", DRAFT_AND_EXPLANATION, "opened"),
        explains_itself=holds("notice_contains", HOW_AND_UNTIL_WHEN, "opened"),
        opined=more_than("opinions", 0, "closed"),
    ).with_columns(
        mattering(why_inexact("opened", "closed")),
        opined=both(pl.col("over"), pl.col("opined")),
    )
    greatest = ("taken", "heard", "explained", "published", "explains_itself", "opined")
    numbers = ("surely", "perhaps", "least", "most", "doubt")
    found = of_records(
        judged,
        {name: pl.col(name).max() for name in (*greatest, *numbers)}
        | {"over": pl.col("over").min()}
        | earliest("opened", MAY_BE_FIRST),
    )
    return laid_out(found, cases.height, FAILING, step="comment")


def other_participation(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge other public participation."""
    rounds = begun(read(folder, "other_participation", *ends("completed"), "opinions")).with_columns(*seen("completed"))
    judged = beside(rounds, cases, *ends("gate")).select(
        "record",
        *BEGUN,
        "taken",
        heard=before("completed", "gate"),
        opined=both(happened("completed"), more_than("opinions", 0, "completed")),
    )
    found = of_records(judged, {name: pl.col(name).max() for name in ("taken", "heard", "opined")})
    return laid_out(found, cases.height, step="other")


def adoptions(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge what became of the opinions of the public."""
    rounds = begun(read(folder, "opinion_adoption", *ends("completed"), "of")).with_columns(*seen("completed"))
    of_the_public = says("of", [OF_THE_PUBLIC], "completed")
    judged = beside(rounds, cases, *ends("gate")).select(
        "record",
        *BEGUN,
        in_time=both(of_the_public, before("completed", "gate")),
        done=both(of_the_public, happened("completed")),
    )
    found = of_records(judged, {name: pl.col(name).max() for name in ("in_time", "done")})
    return laid_out(found, cases.height, step="adoption")


def hearings(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the hearings."""
    rounds = begun(
        read(
            folder,
            "hearing",
            *ends("materials_delivered", "held", "held.announced"),
            "materials_delivered.announced.hi",
            "materials_delivered.planned.hi",
            "held.planned.hi",
            "held_in_public",
            "sequence",
        )
    )
    rounds = rounds.with_columns(announced("held")).with_columns(*seen("materials_delivered"), *seen("held"))
    delivery = to_come("materials_delivered", "materials_delivered.announced.hi", "materials_delivered.planned.hi")
    rounds = beside(rounds, cases, *ends("gate")).with_columns(
        *days("materials_delivered", delivery),
        *days("held", to_come("held", "held.announced.hi", "held.planned.hi")),
    )
    early, late = pl.col("materials_delivered.first"), pl.col("materials_delivered.last")
    judged = rounds.with_columns(
        *at_least("materials_delivered", "held", early + MATERIAL_DAYS, late + (MATERIAL_DAYS + 1)),
        *length("materials_delivered", "held", finishing("held") - late - 1, pl.col("held.last") - early),
        heard=before("held", "gate"),
        over=happened("held"),
        public=is_true("held_in_public", "held"),
        orderly=holds("sequence", PRESENTATION_AND_DEBATE, "held"),
    ).with_columns(
        mattering(why_inexact("materials_delivered", "held")),
        held=pl.col("over"),
        public=either(opposite(pl.col("over")), pl.col("public")),
        orderly=either(opposite(pl.col("over")), pl.col("orderly")),
    )
    found = of_records(
        judged,
        {name: pl.col(name).max() for name in ("taken", "heard", "held", "doubt")}
        | {name: pl.col(name).min() for name in ("surely", "perhaps", "least", "most", "over")}
        | {name: every(name) for name in ("public", "orderly")}
        | earliest("held", MAY_BE_FIRST),
    )
    return laid_out(found, cases.height, FAILING, step="hearing")
