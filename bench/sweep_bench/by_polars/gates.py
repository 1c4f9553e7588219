"""Meetings and the issue: when each record passed its gates, and what the meetings are like."""

from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.periods import days, to_come, why_inexact
from bench.sweep_bench.by_polars.sayings import is_true, says
from bench.sweep_bench.by_polars.table import (
    MAY_BE_FIRST,
    MAY_BE_LAST,
    agreed,
    begun,
    beside,
    earliest,
    is_known,
    laid_out,
    of_records,
    read,
    seen,
)
from bench.sweep_bench.by_polars.words import (
    DAY,
    END,
    EVIDENCE,
    FAR,
    METHOD,
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


def gates(folder: Path, cases: pl.DataFrame) -> tuple[pl.DataFrame, pl.LazyFrame]:
    """Find when each record was discussed, in a meeting that counts, and issued; a decision passes both gates.

    Returns its meetings as well.
    """
    all_meetings = read(folder, "collective_deliberation", *ends("held"), "held.planned.hi", "form", "members_spoke", "draft")
    planned = pl.col("held.planned.hi")
    to_be_held = all_meetings.filter(is_known(), pl.col("begun.lo") > END, planned > END, planned < NEVER)
    coming = to_be_held.group_by("record", maintain_order=True).agg(planned=planned.min() // DAY).collect()
    meetings = begun(all_meetings).with_columns(*seen("held")).collect().lazy()
    # A meeting of which nobody says in what form counts as well.
    counting = meetings.filter((pl.col("form") <= LEADERSHIP) | pl.col("held.hidden"))
    still = pl.when(pl.col("held.hi") < NEVER).then(pl.col("held.hi") // DAY).otherwise(to_come("held", "held.planned.hi"))
    held = of_records(
        counting.with_columns(held_by=still), {name: pl.col(name).min() for name in (*ends("held"), "held_by")}
    )
    size = cases.height
    cases = cases.hstack(laid_out(held, size, {"held_by": FAR}, step="counting"))
    cases = cases.hstack(laid_out(coming, size, {"planned": FAR}, step="coming")).hstack(issues(folder, size))
    passed = [
        pl.min_horizontal(f"{moment}.{end}", f"outcome.{end}").alias(f"{gate}.{end}")
        for gate, moment in (("gate", "counting.held"), ("issue", "issues.earliest"))
        for end in ("lo", "hi")
    ]
    cases = cases.with_columns(passed).with_columns(
        *days("gate", pl.min_horizontal("counting.held_by", "coming.planned")),
        *days("outcome"),
        discussed=happened("gate"),
        decided=happened("issue"),
        ruled=happened("outcome"),
        was_issued=happened("issues.issued"),
    )
    return cases.hstack(last_meetings(meetings, size)), meetings


def issues(folder: Path, size: int) -> pl.DataFrame:
    """Find when records were issued, first and earliest."""
    rounds = begun(read(folder, "issue", *ends("issued"))).with_columns(*seen("issued"))
    judged = rounds.with_columns(pl.col(f"issued.{end}").alias(f"earliest.{end}") for end in ("lo", "hi"))
    found = of_records(
        judged, earliest("issued", MAY_BE_FIRST) | {name: pl.col(name).min() for name in ends("earliest")}
    )
    return laid_out(found, size, step="issues")


def last_meetings(meetings: pl.LazyFrame, size: int) -> pl.DataFrame:
    """Judge the last meeting of each record: when it was held, in what form, whether the members spoke."""
    judged = meetings.with_columns(
        proper=says("form", [EXECUTIVE, PLENARY, LEADERSHIP], "held"), spoken=is_true("members_spoke", "held")
    )
    found = of_records(
        judged,
        earliest("held", MAY_BE_LAST)
        | {name: agreed(name, MAY_BE_LAST) for name in ("proper", "spoken")}
        | {"taken": pl.col("taken").max()},
    )
    return laid_out(found, size, step="last").rename({"last.held.lo": "last_held.lo", "last.held.hi": "last_held.hi"})


def meetings_that_decide(meetings: pl.LazyFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the meetings: their form, the decision not before them, the issue not before them; and the last one's draft."""
    rounds = beside(
        meetings,
        cases,
        *ends("issues.issued"),
        "outcome.first",
        "outcome.last",
        "outcome.past",
        "outcome.begun",
        "lower",
        "ruled",
        "effective.draft",
    ).with_columns(*days("held", to_come("held", "held.planned.hi")))
    past, own = pl.col("held.past"), pl.col("draft")
    surely, perhaps = pl.col("outcome.first") - pl.col("held.last"), pl.col("outcome.last") - pl.col("held.first")
    reaches = decided(
        past & pl.col("outcome.begun") & (surely >= 0), past & (perhaps < 0), why_inexact("held", "outcome")
    )
    found_lawful = pl.col("effective.draft")
    drafts_named = (own > 0) & (found_lawful > 0)
    absent = (own == 0) | (found_lawful == 0)
    judged = rounds.with_columns(
        orderly=both(either(opposite(pl.col("ruled")), reaches), before("held", "issues.issued")),
        unchanged=decided(
            drafts_named & (own == found_lawful),
            drafts_named & (own != found_lawful),
            pl.when(absent).then(code(EVIDENCE)).otherwise(code(MOMENT)),
        ),
    ).with_columns(
        met=either(
            both(says("form", [EXECUTIVE, PLENARY], "held"), pl.col("orderly")),
            only_if(pl.col("lower"), both(says("form", [LEADERSHIP], "held"), pl.col("orderly"))),
        )
    )
    found = of_records(judged, {"met": pl.col("met").max(), "unchanged": agreed("unchanged", MAY_BE_LAST)})
    return laid_out(found, cases.height, step="meeting")
