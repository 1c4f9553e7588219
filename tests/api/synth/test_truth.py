"""The engine is held against the truth about made-up records: what was planted, and no card was asked for."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import pytest

from api.synth.circumstances import AS_OF, KNOWN_AT
from api.synth.making import Asked, Made, made
from api.synth.plants.table import PLANTS
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweeping import sweep_partition
from engine.observables.frames import Frames
from engine.vocabulary import Confidence

RECORDS = 30_000
FINDING = ("id", "card", "verdict", "reason")

NEVER_ALONE = {
    "DP-1 DP-1b DP-1c DP-1d DP-2a DP-2b DP-2c DP-3 DP-4 DP-5 DP-6 DP-6b": "their parameters have no value anywhere",
    "NR-33j NR-35a ND-01fm": "their parameters have no value that is confirmed",
    "NR-15c NR-25b NR-37c SH-06c2 SH-06e SP-11 SP-16a SP-16b": "each follows from another finding",
    "FC-18b": "follows from FC-08a or FC-18a",
    "SH-10": "ended in 2020, and follows from NR-14a",
    "SP-08a": "execution of what was opened to comment since April 2025 is not over by the end of that year",
    "SP-14": "ten years after 2025 have not passed",
}
"""Cards of a confirmed source that no plant violates or leaves in doubt, and why."""


@pytest.fixture(scope="session")
def planted(asked: Asked) -> Made:
    often = {plant.name: min(0.4, max(plant.rate * 5, 0.03)) for plant in PLANTS}
    return made(replace(asked, rates=often), number=0, size=RECORDS)


def test_the_engine_finds_what_was_planted_and_nothing_else(planted: Made, national: CompiledRulebook) -> None:
    found, truth = _found(planted.frames, national), _texts(planted.planted.truth)
    missing, extra = truth.join(found, on=FINDING, how="anti"), found.join(truth, on=FINDING, how="anti")
    assert (_listed(missing), _listed(extra)) == ([], [])
    assert truth.height == found.height > RECORDS


def test_the_truth_names_each_finding_once(planted: Made) -> None:
    assert planted.planted.truth.is_duplicated().sum() == 0


def test_every_plant_stands_where_it_fits(planted: Made) -> None:
    seldom = 30
    counts, fitting = planted.planted.counts, planted.planted.fitting
    assert [name for name, count in counts.items() if not count and fitting[name] > seldom] == []


def test_lawful_records_give_no_finding(asked: Asked, national: CompiledRulebook) -> None:
    lawful = made(replace(asked, rates={plant.name: 0.0 for plant in PLANTS}), number=1, size=RECORDS)
    assert _listed(_found(lawful.frames, national)) == []
    assert lawful.planted.truth.height == 0


def test_every_card_of_a_confirmed_source_has_a_plant_or_a_reason_why_not(national: CompiledRulebook) -> None:
    planted = {told.card for plant in PLANTS for told in plant.told}
    confirmed = {card.id for card in national.cards if card.meaning.card.confidence == Confidence.FOUND}
    explained = {card for cards in NEVER_ALONE for card in cards.split()}
    assert sorted(confirmed - planted) == sorted(explained)


def test_every_finding_that_a_plant_gives_is_of_a_card_there_is(national: CompiledRulebook) -> None:
    known = {card.id for card in national.cards}
    assert {told.card for plant in PLANTS for told in plant.told} <= known


def _found(frames: Frames, rules: CompiledRulebook) -> pl.DataFrame:
    _, findings = sweep_partition(frames, rules, as_of=AS_OF, known_at=KNOWN_AT)
    return _texts(findings)


def _texts(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.select(pl.col(FINDING).cast(pl.String))


def _listed(findings: pl.DataFrame) -> Sequence[tuple[object, ...]]:
    """List cards, verdicts and reasons, with how many records and one of them."""
    grouped = findings.group_by("card", "verdict", "reason").agg(pl.len(), pl.col("id").first())
    return grouped.sort("len", descending=True).rows()
