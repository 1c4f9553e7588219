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
VIOLATIONS: Final = 7
"""So many reasons are violations; a doubt's number is its place after the last of them, a violation's that from 1."""
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


def reason(card: Card) -> pl.Expr:
    """Say why a card is a finding of a record; 0 where it is none."""
    violated = pl.col(card.id) == VIOLATED
    doubt = card.doubt
    why = pl.when(violated).then(card.violation + code(1)).when(doubt >= SAME_DAY).then(doubt).otherwise(code(0))
    return pl.when(alone(card)).then(why).otherwise(code(0)).alias(card.id)


QUESTIONS: Final = questions()
TO_LOOK_AT: Final = pl.any_horizontal(alone(card) for card in CARDS)
WITHOUT_NUMBERS: Final = [reason(card) for card in CARDS if card.shown is None]
WITH_NUMBERS: Final = [
    [pl.col("id"), pl.lit(card.id).alias("card"), reason(card).alias("reason"), *numbers(card)]
    for card in CARDS
    if card.shown is not None
]
NO_NUMBERS: Final = [pl.lit(None, dtype=pl.Int32).alias(name) for name in ("actual_lo", "actual_hi", "required")]
NEEDED: Final = sorted(
    {
        name
        for column in (*WITHOUT_NUMBERS, *(column for columns in WITH_NUMBERS for column in columns))
        for name in column.meta.root_names()
    }
)
FOUND: Final = pl.col("reason") > 0
IS_VIOLATION: Final = pl.col("reason") <= VIOLATIONS
COLUMNS: Final = (
    pl.col("id"),
    pl.col("card").cast(CARD),
    pl.when(IS_VIOLATION).then(code(0)).otherwise(code(1)).cat.to(VERDICTS).alias("verdict"),
    pl.when(IS_VIOLATION)
    .then(pl.col("reason") - code(1))
    .otherwise(pl.col("reason") - code(FIRST_REASON + 1 - VIOLATIONS))
    .cat.to(REASONS)
    .alias("reason"),
    pl.col("actual_lo", "actual_hi", "required"),
)


def findings(cases: pl.DataFrame) -> pl.DataFrame:
    """Write one row per finding, of records with the outcomes of the cards."""
    judged = cases.lazy().with_columns(QUESTIONS).filter(TO_LOOK_AT).select(NEEDED).collect().lazy()
    plain = judged.select("id", *WITHOUT_NUMBERS).unpivot(index="id", variable_name="card", value_name="reason")
    parts = [plain.filter(FOUND).with_columns(NO_NUMBERS)]
    parts += [judged.select(columns).filter(FOUND) for columns in WITH_NUMBERS]
    return pl.concat(parts).select(COLUMNS).collect()
