"""The words of the query: what is frozen, and three-valued answers as bytes.

An answer is a byte: 0 no, 192 yes, between them the reason why one cannot tell, 64 and more. So "or", over columns or
rounds, is the greatest, and of two reasons the greater stays. With its two highest bits turned (`ITS_OPPOSITE`) no is
the greatest and yes the least, while reasons keep their order: so "and" is the greatest as well.
No column of the query holds nulls: what is not known has a byte.
"""

from datetime import date, datetime
from functools import cache
from typing import Final

import polars as pl

AS_OF: Final = date(2025, 12, 31)
KNOWN_AT: Final = datetime.fromisoformat("2026-01-31T00:00:00+08:00")

DAY: Final = 1440
FAR: Final = 1_400_000
NEVER: Final = FAR * DAY
TODAY: Final = (AS_OF - date(1970, 1, 1)).days
END: Final = TODAY * DAY + DAY - 1
KNOWN: Final = int(KNOWN_AT.timestamp())

NO, YES, ITS_OPPOSITE = 0, 192, 192
FIRST_REASON: Final = 64
OPEN, METHOD, SAME_DAY, MOMENT, EVIDENCE, DETERMINATION = (FIRST_REASON + reason for reason in (1, 3, 5, 6, 7, 8))
UNCONFIRMED: Final = OPEN
"""Both are the least of reasons, and never meet."""

DECREE: Final = (date(2019, 9, 1) - date(1970, 1, 1)).days * DAY
"""The first minute of Decree 713."""
SHANGHAI: Final = (date(2020, 9, 1) - date(1970, 1, 1)).days * DAY
"""The first minute of the rules of Shanghai on reviews for legality."""

Answer = pl.Expr


@cache
def code(value: int) -> pl.Expr:
    """Write a byte."""
    return pl.lit(value, dtype=pl.UInt8)


def decided(yes: pl.Expr, no: pl.Expr, doubt: int | pl.Expr) -> Answer:
    """Say yes, no, or why one cannot tell."""
    otherwise = code(doubt) if isinstance(doubt, int) else doubt
    return pl.when(yes).then(code(YES)).when(no).then(code(NO)).otherwise(otherwise)


def either(*answers: Answer | str) -> Answer:
    """Join answers with "or"."""
    return pl.max_horizontal(*answers)


def both(*answers: Answer) -> Answer:
    """Join answers with "and"."""
    return turned(pl.max_horizontal(turned(answer) for answer in answers))


def turned(answer: Answer) -> pl.Expr:
    """Turn the two highest bits of an answer."""
    return answer ^ code(ITS_OPPOSITE)


def only_if(condition: pl.Expr, answer: Answer) -> Answer:
    """Say no unless something certain holds."""
    return pl.when(condition).then(answer).otherwise(code(NO))


def opposite(answer: Answer) -> Answer:
    """Turn yes and no round."""
    return decided(answer == NO, answer == YES, answer)


@cache
def ends(*moments: str) -> list[str]:
    """Name the two ends of moments."""
    return [f"{moment}.{end}" for moment in moments for end in ("lo", "hi")]


@cache
def happened(moment: str) -> Answer:
    """Ask whether a moment has happened."""
    return decided(pl.col(f"{moment}.hi") < NEVER, pl.col(f"{moment}.lo") >= NEVER, MOMENT)


@cache
def before(early: str, late: str) -> Answer:
    """Ask whether one moment has happened, and not after another."""
    early_lo, early_hi = pl.col(f"{early}.lo"), pl.col(f"{early}.hi")
    late_lo, late_hi = pl.col(f"{late}.lo"), pl.col(f"{late}.hi")
    one_day = pl.min_horizontal(early_lo, late_lo) // DAY == pl.max_horizontal(early_hi, late_hi) // DAY
    return decided(
        (early_hi < NEVER) & (early_hi <= late_lo),
        (early_lo >= NEVER) | (early_lo > late_hi),
        pl.when(one_day).then(code(SAME_DAY)).otherwise(code(MOMENT)),
    )


@cache
def until(due: str) -> Answer:
    """Leave open what the time before a moment may still bring; `due`: whether it has happened."""
    return pl.when(pl.col(due) == YES).then(code(NO)).when(pl.col(due) == NO).then(code(OPEN)).otherwise(code(MOMENT))


@cache
def in_force(first: str, second: str | None = None, *, since: int = DECREE) -> Answer:
    """Ask whether the act was done under the law: the first moment that took place, else today, is its day."""
    lo, hi = pl.col(f"{first}.lo"), pl.col(f"{first}.hi")
    if second:
        # Where it may or may not have taken place, the second one may be it.
        hi_of_both = pl.when(lo < NEVER).then(hi).otherwise(f"{second}.hi")
        lo = pl.when(hi < NEVER).then(lo).otherwise(pl.min_horizontal(lo, f"{second}.lo"))
        hi = hi_of_both
    return decided(lo >= since, hi < since, MOMENT)
