"""The clock of the review: a return starts it anew, a request for supplements stops it.

A round has one return or one request, and what answers it.
"""

from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.words import DAY, END, FAR, TODAY
from bench.sweep_bench.by_polars.workdays import counted, nth

LEGALITY_REVIEW: Final = 12
SUBMITTED, RETURNED, REQUESTED, SUPPLEMENTED = range(4)
REVIEW_DAYS: Final = 7
PERIOD: Final = ("file_complete.first", "file_complete.last", "gate.first", "gate.last")


def events_of(folder: Path, record: pl.Series) -> pl.DataFrame:
    """Read what happened to the clocks of reviews by today; `row`: the place of the round in its file."""
    events = (
        pl.scan_parquet(folder / "events.parquet")
        .filter(pl.col("step") == LEGALITY_REVIEW, pl.col("at.lo") <= END)
        .select(
            pl.col("record").cast(pl.UInt32),
            "round",
            "kind",
            lo=pl.col("at.lo") // DAY,
            hi=pl.col("at.hi") // DAY,
        )
        .collect()
    )
    row = record.search_sorted(events["record"], side="left").cast(pl.UInt32) + events["round"].cast(pl.UInt32)
    own, lo, hi = pl.col("row"), pl.col("lo"), pl.col("hi")
    overlaps = (own == own.shift()) & (hi.shift() > lo) & ((lo != lo.shift()) | (hi != hi.shift()))
    overlaps = overlaps.fill_null(value=False)
    return events.select("kind", "lo", "hi", row=row).with_columns(
        order_open=overlaps | overlaps.shift(-1, fill_value=False)
    )


def following(events: pl.DataFrame, kind: int) -> pl.DataFrame:
    """Lay beside each event the next one of its round, if it is of a kind."""
    own = pl.col("row")
    answered = (own == own.shift(-1)) & (pl.col("kind").shift(-1) == kind)
    return events.with_columns(
        pl.when(answered).then(pl.col(end).shift(-1)).alias(f"next.{end}") for end in ("lo", "hi")
    )


def with_clock(rounds: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Start the clock anew after a return before the period was over, and count the working days it stood still.

    `pause`: what moves the last day of the demanded length; `stood`: what lies within the period.
    """
    return paused(restarted(rounds, events), events).with_columns(NOT_PAUSED)


NOT_PAUSED: Final = pl.col("pause.least", "pause.most", "stood.least", "stood.most").fill_null(0)


def restarted(rounds: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Start the clock anew."""
    back = following(events, SUBMITTED).filter(pl.col("kind") == RETURNED)
    back = back.join(rounds.select("row", *PERIOD), on="row").filter(pl.col("lo") <= pl.col("gate.last"))
    submitted = events.filter(pl.col("kind") == SUBMITTED).group_by("row")
    back = back.join(submitted.agg(lowest=pl.col("lo").min(), highest=pl.col("hi").max()), on="row", how="left")
    order_open, lo, hi = pl.col("order_open"), pl.col("next.lo"), pl.col("next.hi")
    again = back.select(
        "row",
        pl.when(order_open)
        .then(pl.min_horizontal("lowest", TODAY))
        .otherwise(lo.fill_null(TODAY))
        .cast(pl.Int32)
        .alias("next.lo"),
        pl.when(order_open)
        .then(pl.max_horizontal("highest", TODAY))
        .otherwise(hi.fill_null(FAR))
        .cast(pl.Int32)
        .alias("next.hi"),
        came_back=~order_open & (hi.fill_null(FAR) <= TODAY),
        was_returned=~order_open & (pl.col("hi") <= pl.min_horizontal("gate.first", TODAY)),
    )
    came_back, first, last = pl.col("came_back"), pl.col("file_complete.first"), pl.col("file_complete.last")
    is_again, certain = hi.is_not_null(), pl.col("sure") & pl.col("was_returned")
    past = pl.when(~is_again).then("file_complete.past").when(certain).then(came_back)
    return rounds.join(again, on="row", how="left", maintain_order="left").with_columns(
        pl.when(~is_again).then(first).when(certain).then(lo).otherwise(pl.min_horizontal(first, lo)),
        pl.when(~is_again).then(last).when(certain).then(hi).otherwise(pl.max_horizontal(last, hi)),
        past.otherwise(pl.col("file_complete.past") & came_back).alias("file_complete.past"),
    )


def paused(rounds: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Count the working days on which the clock stood still; null for most rounds."""
    stops = following(events, SUPPLEMENTED).filter(pl.col("kind") == REQUESTED)
    order_open, lo, hi = pl.col("order_open"), pl.col("next.lo"), pl.col("next.hi").fill_null(TODAY)
    found = stops.join(rounds.select("row", *PERIOD), on="row").with_columns(
        pl.when(order_open).then("lo").otherwise(lo.fill_null(TODAY)).alias("next.lo"),
        pl.when(order_open).then(pl.max_horizontal(hi, TODAY)).otherwise(hi).alias("next.hi"),
    )
    early, late, gate = "file_complete.first", "file_complete.last", ("gate.first", "gate.last")
    pauses = found.select(
        "row",
        excusing(standing("hi", early, lo), "hi", early).alias("pause.least"),
        excusing(standing("lo", late, pl.col("next.hi")), "lo", late).alias("pause.most"),
        standing("hi", late, pl.min_horizontal("next.lo", gate[0])).alias("stood.least"),
        standing("lo", early, pl.min_horizontal("next.hi", gate[1])).alias("stood.most"),
    )
    return rounds.join(pauses, on="row", how="left", maintain_order="left")


def standing(begin: str, start: str, stop: pl.Expr) -> pl.Expr:
    """Count the working days of a pause after the start of the clock; none where that has no limit."""
    since = pl.max_horizontal(begin, start)
    return pl.when(since < FAR).then((counted(stop) - counted(since)).clip(0)).otherwise(0)


def excusing(length: pl.Expr, begin: str, start: str) -> pl.Expr:
    """Count a pause only if it began before the demanded length was over."""
    end = nth(counted(pl.col(start)) + REVIEW_DAYS)
    return pl.when(pl.max_horizontal(begin, start) < end).then(length).otherwise(0)
