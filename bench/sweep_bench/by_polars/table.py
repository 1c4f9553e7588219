"""The case table as the query reads it: the rounds of a step, and how they become one row per record.

Few records have several rounds of a step; only these are grouped.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.words import DAY, END, KNOWN, MOMENT, NEVER, NO, SAME_DAY, YES, code, turned

BEGUN: Final = ("begun.lo", "begun.hi")
_WIDE: Final = {"draft": pl.Int64(), "documents": pl.Int64(), "entered": pl.Int64()}
"""Columns of 64 bits; what a flag, choice, set or number does not say is -1."""


def read(folder: Path, step: str, *columns: str) -> pl.LazyFrame:
    """Read the rounds of a step: only these columns, what is not known by its byte; `row`: their place in the file."""
    path = folder / "rounds" / f"{step}.parquet"
    wanted = ("entered", *BEGUN, *columns)
    if not path.exists():
        types = {"row": pl.UInt32(), "record": pl.UInt32()}
        return pl.LazyFrame(schema=types | {name: _type(name) for name in wanted})
    rounds = pl.scan_parquet(path, row_index_name="row")
    there = rounds.collect_schema()
    columns_read = (_column(name, known=name in there) for name in wanted)
    return rounds.select(pl.col("row").cast(pl.UInt32), pl.col("record").cast(pl.UInt32), *columns_read)


def records_of(folder: Path, step: str) -> pl.Series:
    """Read of which record each round of a step is."""
    return pl.read_parquet(folder / "rounds" / f"{step}.parquet", columns=["record"]).to_series().cast(pl.UInt32)


def _column(name: str, *, known: bool) -> pl.Expr:
    blank = pl.lit(_blank(name), dtype=_type(name))
    return pl.col(name).fill_null(blank).cast(_type(name)) if known else blank.alias(name)


def _blank(name: str) -> int:
    if name.endswith((".lo", ".hi")):
        return NEVER
    return 0 if name in _WIDE else -1


def _type(name: str) -> pl.DataType:
    return _WIDE.get(name, pl.Int32())


def begun(rounds: pl.LazyFrame) -> pl.LazyFrame:
    """Keep the rounds that were entered by then and begun by today, with whether that is sure.

    What is done on a day that nobody knows may not be.
    """
    began = pl.when(pl.col("begun.hi") <= END).then(code(YES)).otherwise(code(MOMENT))
    return rounds.filter(is_known(), pl.col("begun.lo") <= END).with_columns(taken=began)


def is_known() -> pl.Expr:
    """Tell which rounds were entered by then."""
    return pl.col("entered") <= KNOWN


def seen(name: str) -> list[pl.Expr]:
    """Cut a moment at the end of today, NEVER where it has not happened; keep beside it what was written."""
    lo, hi = pl.col(f"{name}.lo"), pl.col(f"{name}.hi")
    return [
        pl.when(lo <= END).then(lo).otherwise(NEVER).alias(f"{name}.lo"),
        pl.when(hi <= END).then(hi).otherwise(NEVER).alias(f"{name}.hi"),
        ((lo > END) & (lo < NEVER)).alias(f"{name}.hidden"),
    ]


def announced(name: str) -> list[pl.Expr]:
    """Let an announced day that has come stand in for an actual one that has not."""
    stands_in = (pl.col(f"{name}.lo") > END) & (pl.col(f"{name}.announced.hi") <= END)
    return [
        pl.when(stands_in).then(f"{name}.announced.{end}").otherwise(f"{name}.{end}").alias(f"{name}.{end}")
        for end in ("lo", "hi")
    ]


def beside(rounds: pl.LazyFrame, cases: pl.DataFrame, *columns: str) -> pl.LazyFrame:
    """Lay columns of the records beside their rounds."""
    return rounds.with_columns(pl.lit(cases[name]).gather("record").alias(name) for name in columns)


# --- from rounds to records ------------------------------------------------------------------------------------------

BEGUN_AFTER, BEGUN_BY = pl.col("begun.lo"), pl.col("begun.hi")
MAY_BE_FIRST, MAY_BE_LAST = pl.col("may_be_first"), pl.col("may_be_last")
"""In a record with several rounds: those whose beginnings overlap with that of the first, or last."""


def of_records(judged: pl.LazyFrame, reductions: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Make one row per record of its rounds; each column is what it is of one round, and reduced in its way of several."""
    needed = {*BEGUN, *reductions, *(name for reduced in reductions.values() for name in reduced.meta.root_names())}
    rounds = judged.select("record", *sorted(needed - {"may_be_first", "may_be_last"})).collect()
    record, several = pl.col("record"), with_several(rounds)
    if not several.any():
        return rounds.select(record.set_sorted(), *reductions)
    alone = rounds.filter(~several).select(record.set_sorted(), *reductions)
    together = rounds.filter(several).with_columns(
        may_be_first=BEGUN_BY.min().over("record") >= BEGUN_AFTER,
        may_be_last=BEGUN_AFTER.max().over("record") <= BEGUN_BY,
    )
    grouped = together.group_by("record", maintain_order=True).agg(**reductions).select(alone.columns)
    return alone.merge_sorted(grouped.with_columns(record.set_sorted()), key="record").with_columns(record.set_sorted())


def with_several(rounds: pl.DataFrame) -> pl.Series:
    """Tell which rounds are not the only one of their record."""
    record = pl.col("record")
    several = (record == record.shift(1)) | (record == record.shift(-1))
    return rounds.select(several.fill_null(value=False)).to_series()



def every(name: str) -> pl.Expr:
    """Join the answers of the rounds with "and"."""
    return turned(turned(pl.col(name)).max())


def earliest(name: str, among: pl.Expr) -> dict[str, pl.Expr]:
    """Return a moment of the first or last round: of all that may be it."""
    return {f"{name}.lo": pl.col(f"{name}.lo").filter(among).min(), f"{name}.hi": pl.col(f"{name}.hi").filter(among).max()}


def agreed(name: str, among: pl.Expr) -> pl.Expr:
    """Return the answer of the first or last round; unknown where those that may be it disagree."""
    given = pl.col(name).filter(among)
    one_day = BEGUN_AFTER.filter(among).min() // DAY == BEGUN_BY.filter(among).max() // DAY
    own = pl.when(one_day).then(code(SAME_DAY)).otherwise(code(MOMENT))
    doubt = given.filter(given < YES).max().fill_null(NO)
    return pl.when(given.min() == given.max()).then(given.min()).otherwise(pl.max_horizontal(doubt, own))


def named(name: str, among: pl.Expr) -> pl.Expr:
    """Return the draft of the first or last round, -1 where those that may be it disagree."""
    given = pl.col(name).filter(among)
    return pl.when(given.min() == given.max()).then(given.min()).otherwise(-1)


def laid_out(found: pl.DataFrame, size: int, blanks: Mapping[str, int] | None = None, *, step: str) -> pl.DataFrame:
    """Lay what was found out over all records, named after its step; where a record has no round, no, or a blank."""
    blanks = blanks or {}
    places = pl.DataFrame({"record": pl.int_range(size, dtype=pl.UInt32, eager=True)}).with_columns(
        pl.col("record").set_sorted()
    )
    laid = places.join(found, on="record", how="left", maintain_order="left")
    return laid.select(
        pl.col(name).fill_null(pl.lit(_none(name, blanks), dtype=found.schema[name])).alias(f"{step}.{name}")
        for name in found.columns
        if name != "record"
    )


def _none(name: str, blanks: Mapping[str, int]) -> int:
    return blanks.get(name, NEVER if name.endswith((".lo", ".hi")) else 0)
