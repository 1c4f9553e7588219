"""Judge a partition: from Parquet to outcomes and findings."""

from pathlib import Path

import polars as pl

from bench.sweep_bench.by_polars.afterwards import archives, listings, party_reports, publications, submissions
from bench.sweep_bench.by_polars.assessments import experts, risks
from bench.sweep_bench.by_polars.cards import CARDS, DUES, LAWS, NUMBERS
from bench.sweep_bench.by_polars.findings import findings
from bench.sweep_bench.by_polars.gates import gates, meetings_that_decide
from bench.sweep_bench.by_polars.participation import adoptions, comments, hearings, other_participation
from bench.sweep_bench.by_polars.preparation import consultations, drafting
from bench.sweep_bench.by_polars.records import records
from bench.sweep_bench.by_polars.reviews import initial_reviews, reviews
from bench.sweep_bench.by_polars.verdicts import NOT_APPLICABLE, PENDING, UNDETERMINED
from bench.sweep_bench.by_polars.words import NO, YES, code, happened

STEPS = (
    listings,
    drafting,
    consultations,
    comments,
    hearings,
    other_participation,
    adoptions,
    experts,
    risks,
    initial_reviews,
    reviews,
    submissions,
    party_reports,
    publications,
    archives,
)


OUTCOMES = [card.outcome for card in CARDS]
"""Written once."""


def judge(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Judge a partition: outcome codes, one column per card, and findings, one row each."""
    cases = prepared(folder)
    outcomes = cases.lazy().select(OUTCOMES).collect()
    return outcomes, findings(cases.hstack(outcomes))


def prepared(folder: Path) -> pl.DataFrame:
    """Answer everything that cards ask, one row per record."""
    known, meetings = gates(folder, records(folder))
    cases = pl.concat([known, *(step(folder, known) for step in STEPS)], how="horizontal")
    still = pl.when(pl.col("ended") == NO).then(code(PENDING)).when(pl.col("ended") == YES).then(code(NOT_APPLICABLE))
    return cases.hstack(meetings_that_decide(meetings, cases)).with_columns(**LAWS).with_columns(
        *[happened(moment).alias(due) for due, moment in DUES.items() if moment],
        **NUMBERS,
        still=still.otherwise(code(UNDETERMINED)),
    )
