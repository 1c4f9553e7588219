"""Before the review: the draft, and the units consulted."""

from typing import Final

from bench.sweep_bench.by_polars.sayings import is_true
from bench.sweep_bench.by_polars.table import MAY_BE_FIRST, Pass, Reduction, earliest, greatest, seen
from bench.sweep_bench.by_polars.words import before, both, either, ends, happened, opposite

DRAFTING: Final = Pass(
    step="drafting",
    reads=(*ends("researched", "drafted"), "research_done", "legal_basis_sorted"),
    stages=(
        (*seen("researched"), *seen("drafted")),
        (
            either(
                before("researched", "drafted"),
                both(is_true("research_done", "researched"), opposite(happened("researched"))),
            ).alias("researched"),
            is_true("legal_basis_sorted", "drafted").alias("sorted"),
        ),
    ),
    reduction=Reduction("drafting", greatest("taken", "researched", "sorted") | earliest("drafted", MAY_BE_FIRST)),
)

CONSULTATIONS: Final = Pass(
    step="consultation",
    reads=(*ends("asked"), "affected_units_all_asked"),
    beside=ends("gate"),
    stages=(
        seen("asked"),
        (both(is_true("affected_units_all_asked", "asked"), before("asked", "gate")).alias("asked"),),
    ),
    reduction=Reduction("consultation", greatest("taken", "asked")),
)
