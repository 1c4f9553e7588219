"""Periods of rounds in days: by how much they are longer than demanded, how long they are, and why one cannot tell.

Where it is not known that the law holds, no period decides anything; how long it is shown to be, is seen to in `cards`.
"""

from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.words import DAY, END, EVIDENCE, FAR, METHOD, MOMENT, NEVER, NO, TODAY, YES, code

WIDEST: Final = 4 * FAR
FAILING: Final = {"surely": -WIDEST, "perhaps": -WIDEST, "least": -WIDEST, "most": -WIDEST, "doubt": EVIDENCE}
"""What stands for the period of a record without a round, of which a least length is demanded."""
ENDLESS: Final = {"surely": WIDEST, "perhaps": WIDEST, "least": WIDEST, "most": WIDEST, "doubt": EVIDENCE}
"""The same where a greatest length is demanded."""


def days(name: str, until: pl.Expr | None = None) -> list[pl.Expr]:
    """Turn a moment into days, the future included: from today until the day that is announced or planned."""
    lo, hi = pl.col(f"{name}.lo"), pl.col(f"{name}.hi")
    return [
        pl.when(lo < NEVER).then(lo // DAY).otherwise(TODAY).alias(f"{name}.first"),
        pl.when(hi < NEVER)
        .then(hi // DAY)
        .otherwise(pl.lit(FAR, dtype=pl.Int32) if until is None else until)
        .alias(f"{name}.last"),
        (hi < NEVER).alias(f"{name}.past"),
        (lo < NEVER).alias(f"{name}.begun"),
    ]


def to_come(name: str, *planned: str) -> pl.Expr:
    """Return the last day on which a moment that has not come may lie, announced or else planned; FAR for none."""
    day = pl.lit(NEVER, dtype=pl.Int32)
    for column in reversed(planned):
        day = pl.when(pl.col(column) < NEVER).then(column).otherwise(day)
    return pl.when((pl.col(f"{name}.lo") >= NEVER) & (day > END)).then(day // DAY).otherwise(FAR)


def finishing(end: str) -> pl.Expr:
    """Return the day on which a period ends at the earliest; one still to come ends when it is to come."""
    first, last = pl.col(f"{end}.first"), pl.col(f"{end}.last")
    return pl.when(pl.col(f"{end}.past") | (last >= FAR)).then(first).otherwise(last)


def at_least(start: str, end: str, first_end: pl.Expr, last_end: pl.Expr) -> list[pl.Expr]:
    """Say by how many days a period is longer than demanded, surely and perhaps.

    Anything is possible where its start is not known; an end that is not on record proves nothing.
    """
    known = pl.col(f"{start}.past")
    surely, perhaps = pl.col(f"{end}.first") - last_end, pl.col(f"{end}.last") - first_end
    return [
        pl.when(known & pl.col(f"{end}.begun")).then(surely.clip(-WIDEST, WIDEST)).otherwise(-WIDEST).alias("surely"),
        pl.when(known).then(perhaps.clip(-WIDEST, WIDEST)).otherwise(WIDEST).alias("perhaps"),
    ]


def length(start: str, end: str, least: pl.Expr, most: pl.Expr) -> list[pl.Expr]:
    """Show the length of a period, with limits where a day has none."""
    late, early, last = pl.col(f"{start}.last"), pl.col(f"{start}.first"), pl.col(f"{end}.last")
    finish = finishing(end)
    low = pl.when((late.abs() < FAR) & (finish.abs() < FAR)).then(least).when(finish > late).then(0)
    high = pl.when((early.abs() < FAR) & (last.abs() < FAR)).then(most).when(last < early).then(0)
    shortest, longest = low.otherwise(-FAR), high.otherwise(FAR)
    return [
        pl.when(longest >= 0).then(shortest.clip(0)).otherwise(shortest).alias("least"),
        pl.min_horizontal(longest, FAR).alias("most"),
    ]


def why_inexact(start: str, end: str) -> pl.Expr:
    """Say why a number of days is not exact."""
    past = pl.col(f"{start}.past") & pl.col(f"{end}.past")
    unbounded = [~pl.col(f"{name}.past") & (pl.col(f"{name}.last") >= FAR) for name in (start, end)]
    exact = [pl.col(f"{name}.first") == pl.col(f"{name}.last") for name in (start, end)]
    return (
        pl.when(unbounded[0] | unbounded[1])
        .then(code(EVIDENCE))
        .when(past & exact[0] & exact[1])
        .then(code(METHOD))
        .otherwise(code(MOMENT))
    )


def mattering(doubt: pl.Expr) -> pl.Expr:
    """Keep the doubts about rounds whose period may be long enough or not."""
    open_question = (pl.col("surely") < 0) & (pl.col("perhaps") >= 0)
    return pl.when(open_question).then(doubt).otherwise(code(NO)).alias("doubt")


def long_enough(step: str) -> pl.Expr:
    """Hold the period of a step against what is demanded."""
    surely, perhaps, doubt = (pl.col(f"{step}.{name}") for name in ("surely", "perhaps", "doubt"))
    return pl.when(surely >= 0).then(code(YES)).when(perhaps < 0).then(code(NO)).otherwise(doubt)
