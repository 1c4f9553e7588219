"""What somebody has to look at: what is violated, and what cannot be told for a reason of the record's."""

from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.cards import CARDS
from bench.sweep_bench.by_polars.verdicts import UNDETERMINED, VIOLATED, Card
from bench.sweep_bench.by_polars.words import FAR, SAME_DAY, YES, code

REASONS: Final = pl.Enum(
    [
        "missing",
        "late",
        "overdue",
        "too_short",
        "out_of_order",
        "defective",
        "inconsistent",
        "source_unconfirmed",
        "calendar_horizon",
        "counting_method_unset",
        "parameter_without_value",
        "same_day_order",
        "moment_not_exact",
        "evidence_missing",
        "determination_missing",
    ]
)
DOUBTS_BEGIN: Final = 7
"""The first doubt in `REASONS`; a doubt's byte is one more than its place after it."""
VERDICTS: Final = pl.Enum(["violated", "undetermined"])
CARD: Final = pl.Enum([card.id for card in CARDS])
ROOTS: Final = frozenset(root for card in CARDS for root in card.follows)


def questions() -> list[pl.Expr]:
    """Tell of the cards from which others follow where they cannot be told for a reason of the record's."""
    return [
        ((pl.col(card.id) == UNDETERMINED) & (card.doubt >= SAME_DAY)).alias(f"{card.id}.questioned")
        for card in CARDS
        if card.id in ROOTS
    ]


def alone(card: Card) -> pl.Expr:
    """Tell where a card may be a finding by itself: what follows from another one is told with that."""
    violated = pl.col(card.id) == VIOLATED
    found = violated | (pl.col(card.id) == UNDETERMINED)
    for root in card.follows:
        found &= (pl.col(root) != VIOLATED) & (violated | ~pl.col(f"{root}.questioned"))
    return found


def findings(judged: pl.LazyFrame, card: Card) -> pl.LazyFrame:
    """Write one row per finding of a card."""
    violated = pl.col("outcome") == VIOLATED
    rows = judged.filter(alone(card)).select(
        "id",
        outcome=pl.col(card.id),
        violation=card.violation,
        doubt=card.doubt,
        **numbers(card),
    )
    return rows.filter(violated | (pl.col("doubt") >= SAME_DAY)).select(
        "id",
        card=pl.lit(card.id, dtype=CARD),
        verdict=pl.when(violated).then(code(0)).otherwise(code(1)).cat.to(VERDICTS),
        reason=pl.when(violated).then("violation").otherwise(pl.col("doubt") + (DOUBTS_BEGIN - 1)).cat.to(REASONS),
        actual_lo="actual_lo",
        actual_hi="actual_hi",
        required="required",
    )


def numbers(card: Card) -> dict[str, pl.Expr]:
    """Show how long or how many, and what is demanded."""
    nothing = pl.lit(None, dtype=pl.Int32)
    if card.shown is None:
        return {"actual_lo": nothing, "actual_hi": nothing, "required": nothing}
    demanded = pl.lit(card.shown.demanded, dtype=pl.Int32)
    return {
        "actual_lo": closed(card.shown.least),
        "actual_hi": closed(card.shown.most),
        "required": demanded if card.shown.law is None else pl.when(pl.col(card.shown.law) == YES).then(demanded),
    }


def closed(end: str) -> pl.Expr:
    """Show an end of a number, unless it is open."""
    return pl.when(pl.col(end).abs() < FAR // 2).then(pl.col(end)).cast(pl.Int32)
