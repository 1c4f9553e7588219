"""The records themselves: what is true of them alone."""

from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.words import (
    DETERMINATION,
    END,
    EVIDENCE,
    KNOWN,
    NEVER,
    NO,
    YES,
    both,
    code,
    decided,
    happened,
)

DECIDED: Final = 0
DEPARTMENT, TOWNSHIP = 3, 4
DISPLACING: Final = 0b111
SHANGHAI_FROM, SHANGHAI_TO, QUZHOU = 1, 5, 7
DETERMINED: Final = ("not_public", "technical", "risk_possible", "statutory_hearing", "units_concerned")


def records(folder: Path) -> pl.DataFrame:
    """Read the records with what is true of them alone."""
    names = ["jurisdiction", "organ_level", "excluded", "excluded.hi", "special_statutes"]
    names += ["outcome", "outcome.lo", "outcome.hi", "outcome.entered", "outcome.reasoned"]
    names += [f"determined.{name}{part}" for name in DETERMINED for part in ("", ".hi", ".entered")]
    lo, hi, outcome = pl.col("outcome.lo"), pl.col("outcome.hi"), pl.col("outcome")
    held = (lo <= END) & (pl.col("outcome.entered").fill_null(0) <= KNOWN)
    there = pl.scan_parquet(folder / "records.parquet")
    known = there.collect_schema()
    absent = [pl.lit(None, dtype=pl.Int64).alias(name) for name in names if name not in known]
    raw = there.select("id", *(name for name in names if name in known), *absent)
    cut = raw.with_columns(
        pl.when(held).then(lo).otherwise(NEVER).cast(pl.Int32).alias("day.lo"),
        pl.when(held & (hi <= END)).then(hi).otherwise(NEVER).cast(pl.Int32).alias("day.hi"),
    )
    decision = (outcome == DECIDED).fill_null(value=False)
    reasoned = pl.when(pl.col("outcome.reasoned") == 1).then(code(YES)).otherwise(code(EVIDENCE))
    by_kind = pl.when(decision).then(code(NO)).when(outcome.is_null()).then(code(EVIDENCE)).otherwise(reasoned)
    return cut.select(
        "id",
        lower=pl.col("organ_level").is_in([DEPARTMENT, TOWNSHIP]),
        in_shanghai=pl.col("jurisdiction").is_between(SHANGHAI_FROM, SHANGHAI_TO),
        in_quzhou=pl.col("jurisdiction") == QUZHOU,
        inside=((pl.col("excluded") != 1) | (pl.col("excluded.hi") > END)).fill_null(value=True),
        governed=((pl.col("special_statutes") & DISPLACING) == 0).fill_null(value=True),
        ended=both(happened("day"), by_kind),
        **{name: determined(name) for name in DETERMINED},
        **{f"outcome.{end}": pl.when(decision).then(f"day.{end}").otherwise(NEVER) for end in ("lo", "hi")},
    ).collect()


def determined(name: str) -> pl.Expr:
    """Answer by a determination with a reason."""
    value = pl.col(f"determined.{name}")
    made = (pl.col(f"determined.{name}.hi").fill_null(-NEVER) <= END) & (
        pl.col(f"determined.{name}.entered").fill_null(0) <= KNOWN
    )
    return decided(
        (made & (value == 1)).fill_null(value=False), (made & (value == 0)).fill_null(value=False), DETERMINATION
    )
