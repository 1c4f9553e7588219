"""The public is heard: comment periods, hearings, other forms, and what became of the opinions."""

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
    MAY_BE_FIRST,
    Pass,
    Reduction,
    announced,
    earliest,
    every,
    greatest,
    least,
    seen,
)
from bench.sweep_bench.by_polars.words import NO, before, both, either, ends, happened, opposite

COMMENT_DAYS, MATERIAL_DAYS = 30, 7
DRAFT_AND_EXPLANATION, HOW_AND_UNTIL_WHEN = 0b0011, 0b1100
PRESENTATION_AND_DEBATE: Final = 0b011
OF_THE_PUBLIC: Final = 0
NUMBERS: Final = ("surely", "perhaps", "least", "most")


def first(moment: str) -> pl.Expr:
    """Return the first day on which a moment may lie."""
    return pl.col(f"{moment}.first")


def last(moment: str) -> pl.Expr:
    """Return the last day on which a moment may lie."""
    return pl.col(f"{moment}.last")


COMMENTS: Final = Pass(
    step="public_comment",
    reads=(
        *ends("opened", "closed", "closed.announced"),
        "opened.announced.hi",
        "opened.planned.hi",
        "closed.planned.hi",
        "notice_contains",
        "shortening_explained_in_notice",
        "opinions",
    ),
    beside=ends("gate"),
    stages=(
        announced("closed"),
        (*seen("opened"), *seen("closed")),
        (
            *days("opened", to_come("opened", "opened.announced.hi", "opened.planned.hi")),
            *days("closed", to_come("closed", "closed.announced.hi", "closed.planned.hi")),
        ),
        (
            *at_least("opened", "closed", first("opened") + (COMMENT_DAYS - 1), last("opened") + COMMENT_DAYS),
            *length("opened", "closed", finishing("closed") - last("opened"), last("closed") - first("opened") + 1),
            before("closed", "gate").alias("heard"),
            happened("closed").alias("over"),
            is_true("shortening_explained_in_notice", "opened", absent=NO).alias("explained"),
            holds("notice_contains", DRAFT_AND_EXPLANATION, "opened").alias("published"),
            holds("notice_contains", HOW_AND_UNTIL_WHEN, "opened").alias("explains_itself"),
        ),
        (
            mattering(why_inexact("opened", "closed")),
            both(pl.col("over"), more_than("opinions", 0, "closed")).alias("opined"),
        ),
    ),
    reduction=Reduction(
        "comment",
        greatest("taken", "heard", "explained", "published", "explains_itself", "opined", *NUMBERS, "doubt")
        | least("over")
        | earliest("opened", MAY_BE_FIRST),
        FAILING,
    ),
)

HEARINGS: Final = Pass(
    step="hearing",
    reads=(
        *ends("materials_delivered", "held", "held.announced"),
        "materials_delivered.announced.hi",
        "materials_delivered.planned.hi",
        "held.planned.hi",
        "held_in_public",
        "sequence",
    ),
    beside=ends("gate"),
    stages=(
        announced("held"),
        (*seen("materials_delivered"), *seen("held")),
        (
            *days(
                "materials_delivered",
                to_come("materials_delivered", "materials_delivered.announced.hi", "materials_delivered.planned.hi"),
            ),
            *days("held", to_come("held", "held.announced.hi", "held.planned.hi")),
        ),
        (
            *at_least(
                "materials_delivered",
                "held",
                first("materials_delivered") + MATERIAL_DAYS,
                last("materials_delivered") + (MATERIAL_DAYS + 1),
            ),
            *length(
                "materials_delivered",
                "held",
                finishing("held") - last("materials_delivered") - 1,
                last("held") - first("materials_delivered"),
            ),
            before("held", "gate").alias("heard"),
            happened("held").alias("held"),
            happened("held").alias("over"),
        ),
        (
            mattering(why_inexact("materials_delivered", "held")),
            either(opposite(pl.col("held")), is_true("held_in_public", "held")).alias("public"),
            either(opposite(pl.col("held")), holds("sequence", PRESENTATION_AND_DEBATE, "held")).alias("orderly"),
        ),
    ),
    reduction=Reduction(
        "hearing",
        greatest("taken", "heard", "held", "doubt")
        | least(*NUMBERS, "over")
        | {"public": every("public"), "orderly": every("orderly")}
        | earliest("held", MAY_BE_FIRST),
        FAILING,
    ),
)

OTHER_PARTICIPATION: Final = Pass(
    step="other_participation",
    reads=(*ends("completed"), "opinions"),
    beside=ends("gate"),
    stages=(
        seen("completed"),
        (
            before("completed", "gate").alias("heard"),
            both(happened("completed"), more_than("opinions", 0, "completed")).alias("opined"),
        ),
    ),
    reduction=Reduction("other", greatest("taken", "heard", "opined")),
)

ADOPTIONS: Final = Pass(
    step="opinion_adoption",
    reads=(*ends("completed"), "of"),
    beside=ends("gate"),
    stages=(
        seen("completed"),
        (says("of", [OF_THE_PUBLIC], "completed").alias("of_the_public"),),
        (
            both(pl.col("of_the_public"), before("completed", "gate")).alias("in_time"),
            both(pl.col("of_the_public"), happened("completed")).alias("done"),
        ),
    ),
    reduction=Reduction("adoption", greatest("in_time", "done")),
)
