"""What somebody has to look at: what is violated, and what cannot be told for a reason of the record's."""

from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.cards import CARDS
from bench.sweep_bench.by_polars.verdicts import UNDETERMINED, VIOLATED, Card
from bench.sweep_bench.by_polars.words import FAR, FIRST_REASON, SAME_DAY, YES, code

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
BEFORE_DOUBTS: Final = 6
"""The last violation in `REASONS`; a doubt's number is its place after it."""
VERDICTS: Final = pl.Enum(["violated", "undetermined"])
CARD: Final = pl.Enum([card.id for card in CARDS])
ROOTS: Final = frozenset(root for card in CARDS for root in card.follows)


class Told:
    """What is told of a card: where it may be a finding, and the columns of its rows; written once."""

    def __init__(self, place: int, card: Card) -> None:
        """Write the expressions."""
        self.card = card
        self.alone = alone(card).alias(card.id)
        self.columns = [
            pl.col("id"),
            code(place).alias("card"),
            pl.col(card.id).alias("outcome"),
            card.violation.alias("violation"),
            card.doubt.alias("doubt"),
            *numbers(card),
        ]
        self.needed = sorted({name for column in self.columns for name in column.meta.root_names()})

    def rows(self, judged: pl.DataFrame, alone: pl.Series) -> pl.DataFrame:
        """Pick the rows of the card."""
        return judged.select(self.needed)[alone.arg_true()].select(self.columns)


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


def numbers(card: Card) -> list[pl.Expr]:
    """Show how long or how many, and what is demanded."""
    nothing = pl.lit(None, dtype=pl.Int32)
    found = {"actual_lo": nothing, "actual_hi": nothing, "required": nothing}
    if card.shown is not None:
        demanded, law = pl.lit(card.shown.demanded, dtype=pl.Int32), card.shown.law
        found = {
            "actual_lo": closed(card.shown.least),
            "actual_hi": closed(card.shown.most),
            "required": demanded if law is None else pl.when(pl.col(law) == YES).then(demanded),
        }
    return [number.alias(name) for name, number in found.items()]


def closed(end: str) -> pl.Expr:
    """Show an end of a number, unless it is open."""
    return pl.when(pl.col(end).abs() < FAR // 2).then(pl.col(end)).cast(pl.Int32)


TOLD: Final = [Told(place, card) for place, card in enumerate(CARDS)]
QUESTIONS: Final = questions()


def findings(cases: pl.DataFrame) -> pl.DataFrame:
    """Write one row per finding, card after card, of records with the outcomes of the cards."""
    judged = cases.with_columns(QUESTIONS)
    masks = judged.select(told.alone for told in TOLD)
    rows = [told.rows(judged, masks[told.card.id]) for told in TOLD]
    violated = pl.col("outcome") == VIOLATED
    reason = pl.when(violated).then("violation").otherwise(pl.col("doubt") - (FIRST_REASON - BEFORE_DOUBTS))
    return (
        pl.concat(rows)
        .lazy()
        .filter(violated | (pl.col("doubt") >= SAME_DAY))
        .select(
            "id",
            pl.col("card").cat.to(CARD),
            pl.when(violated).then(code(0)).otherwise(code(1)).cat.to(VERDICTS).alias("verdict"),
            reason.cat.to(REASONS).alias("reason"),
            "actual_lo",
            "actual_hi",
            "required",
        )
        .collect()
    )
