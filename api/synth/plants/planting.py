"""Plant in the records of a part, and write down the truth: which findings they must give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from api.synth.circumstances import Circumstances
from api.synth.draws import Bools, Ints
from api.synth.matters import Matters
from api.synth.plants.facts import Facts
from api.synth.plants.plant import Plant

TRUTH_COLUMNS = ("id", "card", "verdict", "reason")


@dataclass(frozen=True)
class Planted:
    """What was planted in a part: the findings that it must give, and in how many records each plant stands."""

    truth: pl.DataFrame
    counts: Mapping[str, int]
    fitting: Mapping[str, int]


def plant_all(
    matters: Matters,
    about: Circumstances,
    plants: Sequence[Plant],
    *,
    rates: Mapping[str, float],
    ids: pl.Series,
) -> Planted:
    """Plant each in its share of the records that it fits and in which nothing touches it; in an order by chance."""
    facts = Facts(matters, about)
    chosen = _choose(facts, plants, rates)
    rows: list[pl.DataFrame] = []
    for plant, hit, told in chosen:
        if hit.any():
            plant.change(matters, facts, hit)
            rows += told
    frame = pl.concat(rows) if rows else _told_of(np.zeros(0, dtype=np.int64), "", "", "")
    truth = frame.with_columns(id=ids.gather(frame.get_column("row"))).sort("row", "card")
    return Planted(
        truth.select(TRUTH_COLUMNS),
        {plant.name: int(hit.sum()) for plant, hit, _ in chosen},
        {plant.name: int(facts.kept[f"fitting.{plant.name}",]) for plant in plants},
    )


def _choose(
    facts: Facts, plants: Sequence[Plant], rates: Mapping[str, float]
) -> list[tuple[Plant, Bools, list[pl.DataFrame]]]:
    """Choose the records of each plant before any is changed, for plants look at lawful records."""
    draws = facts.about.draws
    touched = np.zeros(draws.size, dtype=np.int64)
    bits: dict[str, int] = {}
    found = []
    for place in draws.generator.permutation(len(plants)):
        plant = plants[place]
        facts.seen.clear()
        fitting = plant.where(facts)
        told = [(one, None if one.where is None else one.where(facts)) for one in plant.told]
        areas = 0
        for name in sorted(facts.seen.union(plant.touches)):
            areas |= bits.setdefault(name, 1 << len(bits))
        areas = _EVERYTHING if plant.alone else areas
        hit = fitting & ((touched & areas) == 0) & draws.chance(rates.get(plant.name, plant.rate))
        touched |= np.where(hit, areas, 0)
        facts.kept[f"fitting.{plant.name}",] = fitting.sum()
        rows = [
            _told_of(np.flatnonzero(hit if where is None else hit & where), one.card, one.verdict, one.reason)
            for one, where in told
        ]
        found.append((plant, hit, rows))
    return found


_EVERYTHING = np.iinfo(np.int64).max


def _told_of(rows: Ints, card: str, verdict: str, reason: str) -> pl.DataFrame:
    texts = {"card": card, "verdict": str(verdict), "reason": str(reason)}
    return pl.DataFrame({"row": rows}).with_columns(pl.lit(text).alias(name) for name, text in texts.items())
