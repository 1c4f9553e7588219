"""The case table as the query reads it: the rounds of a step, and how they become one row per record.

Few records have several rounds of a step; only these are grouped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.words import DAY, END, KNOWN, MOMENT, NEVER, NO, SAME_DAY, YES, code, turned

BEGUN: Final = ("begun.lo", "begun.hi")
_WIDE: Final = {"draft": pl.Int64(), "documents": pl.Int64(), "entered": pl.Int64()}
"""Columns of 64 bits; what a flag, choice, set or number does not say is -1."""


def read(folder: Path, step: str, columns: Sequence[str]) -> pl.LazyFrame:
    """Read the rounds of a step: only these columns, what is not known by its byte; `row`: their place in the file."""
    path = folder / "rounds" / f"{step}.parquet"
    wanted = ("entered", *BEGUN, *columns)
    if not path.exists():
        types = {"row": pl.UInt32(), "record": pl.UInt32()}
        return pl.LazyFrame(schema=types | {name: _type(name) for name in wanted})
    rounds = pl.scan_parquet(path, row_index_name="row")
    there = rounds.collect_schema()
    return rounds.select(*PLACES, *[_column(name, name in there) for name in wanted])


PLACES: Final = (pl.col("row").cast(pl.UInt32), pl.col("record").cast(pl.UInt32))


def records_of(folder: Path, step: str) -> pl.Series:
    """Read of which record each round of a step is."""
    return pl.read_parquet(folder / "rounds" / f"{step}.parquet", columns=["record"]).to_series().cast(pl.UInt32)


@cache
def _column(name: str, known: bool) -> pl.Expr:  # noqa: FBT001 - a key of the cache
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
    return rounds.filter(*HAVE_BEGUN).with_columns(SURELY_BEGUN)


IS_KNOWN: Final = pl.col("entered") <= KNOWN
HAVE_BEGUN: Final = (IS_KNOWN, pl.col("begun.lo") <= END)
SURELY_BEGUN: Final = pl.when(pl.col("begun.hi") <= END).then(code(YES)).otherwise(code(MOMENT)).alias("taken")


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


@dataclass(frozen=True)
class Reduction:
    """How the rounds of a record become one row, written once; `named`: what the columns are called after.

    Each column is what it is of one round, and reduced in its way of several. `blanks`: what stands in it where a
    record has no round, else no or never.
    """

    named: str
    columns: Mapping[str, pl.Expr]
    blanks: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def needed(self) -> list[str]:
        """Return the columns of rounds that are needed."""
        asked = (name for column in self.columns.values() for name in column.meta.root_names())
        return ["record", *sorted({*BEGUN, *self.columns, *asked} - {"may_be_first", "may_be_last"})]

    @cached_property
    def own(self) -> list[str]:
        """Return the columns of a row."""
        return ["record", *self.columns]

    @cached_property
    def reduced(self) -> list[pl.Expr]:
        """Return the columns, reduced."""
        return [column.alias(name) for name, column in self.columns.items()]

    def of_records(self, judged: pl.LazyFrame) -> pl.DataFrame:
        """Make one row per record that has a round."""
        rounds = judged.select(self.needed).collect()
        several = rounds.select(SEVERAL).to_series()
        if not several.any():
            return rounds.select(self.own)
        alone = rounds.filter(~several).select(self.own)
        together = rounds.filter(several).with_columns(IN_ORDER).group_by("record", maintain_order=True)
        return pl.concat([alone, together.agg(self.reduced)])

    def laid_out(self, judged: pl.LazyFrame, size: int) -> pl.DataFrame:
        """Make one row per record."""
        return self.spread(self.of_records(judged), size)

    def spread(self, found: pl.DataFrame, size: int) -> pl.DataFrame:
        """Lay rows out over all records: each takes its own, or the blank one after the last."""
        own = pl.int_range(found.height, dtype=pl.UInt32, eager=True)
        place = pl.repeat(found.height, size, dtype=pl.UInt32, eager=True).scatter(found["record"], own)
        rows = found.drop("record")
        laid = pl.concat([rows, self.blank(rows.schema)])[place]
        laid.columns = [f"{self.named}.{name}" for name in laid.columns]
        return laid

    def blank(self, schema: pl.Schema) -> pl.DataFrame:
        """Return the row of a record without a round."""
        none = {name: NEVER if name.endswith((".lo", ".hi")) else 0 for name in schema} | dict(self.blanks)
        return pl.DataFrame({name: [none[name]] for name in schema}, schema=schema)


RECORD: Final = pl.col("record")
SEVERAL: Final = ((RECORD.shift(1) == RECORD) | (RECORD.shift(-1) == RECORD)).fill_null(value=False)
"""Whether a round is not the only one of its record."""
BEGUN_AFTER, BEGUN_BY = pl.col("begun.lo"), pl.col("begun.hi")
MAY_BE_FIRST, MAY_BE_LAST = pl.col("may_be_first"), pl.col("may_be_last")
IN_ORDER: Final = [
    (BEGUN_BY.min().over("record") >= BEGUN_AFTER).alias("may_be_first"),
    (BEGUN_AFTER.max().over("record") <= BEGUN_BY).alias("may_be_last"),
]
"""Which rounds may be the first and the last of their record: those that overlap with it."""


@dataclass(frozen=True)
class Pass:
    """One pass over the rounds of a step, written once: what it reads and lays beside, its stages, its reduction."""

    step: str
    reads: Sequence[str]
    stages: Sequence[Sequence[pl.Expr]]
    reduction: Reduction
    beside: Sequence[str] = ()

    def judged(self, folder: Path, cases: pl.DataFrame) -> pl.LazyFrame:
        """Judge the rounds."""
        rounds = beside(begun(read(folder, self.step, self.reads)), cases, *self.beside)
        for stage in self.stages:
            rounds = rounds.with_columns(stage)
        return rounds

    def __call__(self, folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
        """Judge the rounds, and make one row per record."""
        return self.reduction.laid_out(self.judged(folder, cases), cases.height)


Step = Callable[[Path, pl.DataFrame], pl.DataFrame]


def greatest(*names: str) -> dict[str, pl.Expr]:
    """Reduce to the greatest: join answers with "or"."""
    return {name: pl.col(name).max() for name in names}


def least(*names: str) -> dict[str, pl.Expr]:
    """Reduce to the least."""
    return {name: pl.col(name).min() for name in names}


def every(name: str) -> pl.Expr:
    """Join the answers of the rounds with "and"."""
    return turned(turned(pl.col(name)).max())


def earliest(name: str, among: pl.Expr) -> dict[str, pl.Expr]:
    """Return a moment of the first or last round: of all that may be it."""
    return {
        f"{name}.lo": pl.col(f"{name}.lo").filter(among).min(),
        f"{name}.hi": pl.col(f"{name}.hi").filter(among).max(),
    }


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
