"""Meetings and the issue: when each record passed its gates, and what the meetings are like."""

from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.periods import days, to_come, why_inexact
from bench.sweep_bench.by_polars.sayings import is_true, says
from bench.sweep_bench.by_polars.table import (
    IS_KNOWN,
    MAY_BE_FIRST,
    MAY_BE_LAST,
    Pass,
    Reduction,
    agreed,
    begun,
    beside,
    earliest,
    greatest,
    least,
    read,
    seen,
)
from bench.sweep_bench.by_polars.words import (
    DAY,
    END,
    EVIDENCE,
    FAR,
    MOMENT,
    NEVER,
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

EXECUTIVE, PLENARY, LEADERSHIP = 0, 1, 2
MEETINGS: Final = ("held.lo", "held.hi", "held.planned.hi", "form", "members_spoke", "draft")
PLANNED: Final = pl.col("held.planned.hi")

TO_BE_HELD: Final = (IS_KNOWN, pl.col("begun.lo") > END, PLANNED > END, PLANNED < NEVER)
COMING: Final = Reduction("coming", {"planned": pl.col("planned").min()}, {"planned": FAR})
COUNTS: Final = (pl.col("form") <= LEADERSHIP) | pl.col("held.hidden")
"""A meeting of which nobody says in what form counts as well."""
HELD_BY: Final = (
    pl.when(pl.col("held.hi") < NEVER)
    .then(pl.col("held.hi") // DAY)
    .otherwise(to_come("held", "held.planned.hi"))
    .alias("held_by")
)
COUNTING: Final = Reduction("counting", least(*ends("held"), "held_by"), {"held_by": FAR})
ISSUES: Final = Pass(
    step="issue",
    reads=ends("issued"),
    stages=(seen("issued"), [pl.col(f"issued.{end}").alias(f"earliest.{end}") for end in ("lo", "hi")]),
    reduction=Reduction("issues", earliest("issued", MAY_BE_FIRST) | least(*ends("earliest"))),
)
LAST_JUDGED: Final = (
    says("form", [EXECUTIVE, PLENARY, LEADERSHIP], "held").alias("proper"),
    is_true("members_spoke", "held").alias("spoken"),
)
LAST: Final = Reduction(
    "last",
    earliest("held", MAY_BE_LAST)
    | {name: agreed(name, MAY_BE_LAST) for name in ("proper", "spoken")}
    | greatest("taken"),
)
PASSED: Final = [
    pl.min_horizontal(f"{moment}.{end}", f"outcome.{end}").alias(f"{gate}.{end}")
    for gate, moment in (("gate", "counting.held"), ("issue", "issues.earliest"))
    for end in ("lo", "hi")
]
DAYS: Final = (
    *days("gate", pl.min_horizontal("counting.held_by", "coming.planned")),
    *days("outcome"),
    *days("issues.issued"),
    happened("gate").alias("discussed"),
    happened("issue").alias("decided"),
    happened("outcome").alias("ruled"),
    happened("issues.issued").alias("was_issued"),
)


def gates(folder: Path, cases: pl.DataFrame) -> tuple[pl.DataFrame, pl.LazyFrame]:
    """Find when each record was discussed, in a meeting that counts, and issued; a decision passes both gates.

    Returns its meetings as well.
    """
    size, every_meeting = cases.height, read(folder, "collective_deliberation", MEETINGS)
    meetings = begun(every_meeting).with_columns(seen("held")).collect().lazy()
    coming = every_meeting.filter(*TO_BE_HELD).with_columns(planned=PLANNED // DAY)
    parts = [
        cases,
        COUNTING.laid_out(meetings.filter(COUNTS).with_columns(HELD_BY), size),
        COMING.laid_out(coming, size),
        ISSUES(folder, cases),
        LAST.laid_out(meetings.with_columns(LAST_JUDGED), size).rename(LAST_HELD),
    ]
    return pl.concat(parts, how="horizontal").with_columns(PASSED).with_columns(DAYS), meetings


LAST_HELD: Final = {"last.held.lo": "last_held.lo", "last.held.hi": "last_held.hi"}


# --- whether they decide rightly -------------------------------------------------------------------------------------

HELD, OWN, FOUND_LAWFUL = pl.col("held.past"), pl.col("draft"), pl.col("effective.draft")
NAMED: Final = (OWN > 0) & (FOUND_LAWFUL > 0)
REACHES: Final = decided(
    HELD & pl.col("outcome.begun") & (pl.col("outcome.first") >= pl.col("held.last")),
    HELD & (pl.col("outcome.last") < pl.col("held.first")),
    why_inexact("held", "outcome"),
)
DECIDING: Final = (
    days("held", to_come("held", "held.planned.hi")),
    (
        both(either(opposite(pl.col("ruled")), REACHES), before("held", "issues.issued")).alias("orderly"),
        decided(
            NAMED & (OWN == FOUND_LAWFUL),
            NAMED & (OWN != FOUND_LAWFUL),
            pl.when((OWN == 0) | (FOUND_LAWFUL == 0)).then(code(EVIDENCE)).otherwise(code(MOMENT)),
        ).alias("unchanged"),
    ),
    (
        either(
            both(says("form", [EXECUTIVE, PLENARY], "held"), pl.col("orderly")),
            only_if(pl.col("lower"), both(says("form", [LEADERSHIP], "held"), pl.col("orderly"))),
        ).alias("met"),
    ),
)
DECISIONS: Final = Reduction("meeting", greatest("met") | {"unchanged": agreed("unchanged", MAY_BE_LAST)})
CASES: Final = (
    *ends("issues.issued"),
    *(f"outcome.{part}" for part in ("first", "last", "past", "begun")),
    "lower",
    "ruled",
    "effective.draft",
)


def meetings_that_decide(meetings: pl.LazyFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the meetings: their form, neither decision nor issue before them; and the draft of the last one."""
    rounds = beside(meetings, cases, *CASES)
    for stage in DECIDING:
        rounds = rounds.with_columns(stage)
    return DECISIONS.laid_out(rounds, cases.height)
