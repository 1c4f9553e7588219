"""Judge a partition: from Parquet to outcomes and findings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from bench.sweep_bench.by_polars.afterwards import ARCHIVES, LISTINGS, PARTY_REPORTS, SUBMISSIONS, publications
from bench.sweep_bench.by_polars.assessments import experts, risks
from bench.sweep_bench.by_polars.cards import CARDS, DUES, LAWS, NUMBERS
from bench.sweep_bench.by_polars.findings import findings
from bench.sweep_bench.by_polars.gates import gates, meetings_that_decide
from bench.sweep_bench.by_polars.participation import ADOPTIONS, COMMENTS, HEARINGS, OTHER_PARTICIPATION
from bench.sweep_bench.by_polars.preparation import CONSULTATIONS, DRAFTING
from bench.sweep_bench.by_polars.records import records
from bench.sweep_bench.by_polars.reviews import INITIAL_REVIEWS, reviews
from bench.sweep_bench.by_polars.table import Step
from bench.sweep_bench.by_polars.verdicts import NOT_APPLICABLE, PENDING, UNDETERMINED
from bench.sweep_bench.by_polars.words import NO, YES, code, happened

STEPS: Final[Sequence[Step]] = (
    LISTINGS,
    DRAFTING,
    CONSULTATIONS,
    COMMENTS,
    HEARINGS,
    OTHER_PARTICIPATION,
    ADOPTIONS,
    experts,
    risks,
    INITIAL_REVIEWS,
    reviews,
    SUBMISSIONS,
    PARTY_REPORTS,
    publications,
    ARCHIVES,
)
BY_LAW: Final = [law.alias(name) for name, law in LAWS.items()]
BY_TIME: Final = [happened(moment).alias(due) for due, moment in DUES.items() if moment]
SHOWN: Final = [number.alias(name) for name, number in NUMBERS.items()]
STILL: Final = (
    pl.when(pl.col("ended") == NO)
    .then(code(PENDING))
    .when(pl.col("ended") == YES)
    .then(code(NOT_APPLICABLE))
    .otherwise(code(UNDETERMINED))
    .alias("still")
)
OUTCOMES: Final = [card.outcome for card in CARDS]


def judge(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Judge a partition: outcome codes, one column per card, and findings, one row each."""
    cases = prepared(folder)
    outcomes = cases.lazy().select(OUTCOMES).collect()
    return outcomes, findings(cases.hstack(outcomes))


def prepared(folder: Path) -> pl.DataFrame:
    """Answer everything that cards ask, one row per record."""
    known, meetings = gates(folder, records(folder))
    cases = pl.concat([known, *(step(folder, known) for step in STEPS)], how="horizontal")
    cases = cases.hstack(meetings_that_decide(meetings, cases))
    return cases.with_columns(*BY_LAW, *BY_TIME, STILL).with_columns(SHOWN)
