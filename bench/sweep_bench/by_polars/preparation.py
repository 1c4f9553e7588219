"""Before the review: the catalogue, the draft, the units consulted."""

from pathlib import Path

import polars as pl

from bench.sweep_bench.by_polars.sayings import is_true
from bench.sweep_bench.by_polars.table import (
    BEGUN,
    MAY_BE_FIRST,
    begun,
    beside,
    earliest,
    laid_out,
    of_records,
    read,
    seen,
)
from bench.sweep_bench.by_polars.words import before, both, either, ends, happened, opposite


def drafting(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the drafting."""
    rounds = begun(read(folder, "drafting", *ends("researched", "drafted"), "research_done", "legal_basis_sorted"))
    judged = rounds.with_columns(*seen("researched"), *seen("drafted")).select(
        "record",
        *BEGUN,
        *ends("drafted"),
        "taken",
        researched=either(
            before("researched", "drafted"),
            both(is_true("research_done", "researched"), opposite(happened("researched"))),
        ),
        sorted=is_true("legal_basis_sorted", "drafted"),
    )
    found = of_records(
        judged,
        {name: pl.col(name).max() for name in ("taken", "researched", "sorted")} | earliest("drafted", MAY_BE_FIRST),
    )
    return laid_out(found, cases.height, step="drafting")


def consultations(folder: Path, cases: pl.DataFrame) -> pl.DataFrame:
    """Judge the consultation of other units."""
    rounds = begun(read(folder, "consultation", *ends("asked"), "affected_units_all_asked"))
    rounds = beside(rounds.with_columns(*seen("asked")), cases, *ends("gate"))
    judged = rounds.select(
        "record",
        *BEGUN,
        "taken",
        asked=both(is_true("affected_units_all_asked", "asked"), before("asked", "gate")),
    )
    found = of_records(judged, {name: pl.col(name).max() for name in ("taken", "asked")})
    return laid_out(found, cases.height, step="consultation")
