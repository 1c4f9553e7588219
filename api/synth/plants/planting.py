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
    """Plant each in its share of the records that it fits and in which nothing touches it; the rarest first."""
    facts = Facts(matters, about)
    chosen = _choose([_fitted(plant, facts) for plant in plants], about, rates)
    rows: list[pl.DataFrame] = []
    for fitted, hit in chosen:
        # Also where none is hit: all parts have the same columns.
        fitted.plant.change(matters, facts, hit)
        rows += fitted.findings(hit)
    frame = pl.concat([_told_of(_NOBODY, "", "", ""), *rows])
    truth = frame.with_columns(id=ids.gather(frame.get_column("row")))
    return Planted(
        truth.sort("row", "card").select(TRUTH_COLUMNS),
        {fitted.plant.name: int(hit.sum()) for fitted, hit in chosen},
        {fitted.plant.name: int(fitted.where.sum()) for fitted, _ in chosen},
    )


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A plant, the records that it fits, the parts of a record that it touches, and where it gives which finding."""

    plant: Plant
    where: Bools
    touches: frozenset[str]
    told: tuple[Bools, ...]

    def findings(self, hit: Bools) -> list[pl.DataFrame]:
        """Return what it gives in the records in which it stands."""
        return [
            _told_of(np.flatnonzero(hit & where), one.card, one.verdict, one.reason)
            for one, where in zip(self.plant.told, self.told, strict=True)
        ]


def _fitted(plant: Plant, facts: Facts) -> _Fitted:
    """Ask of the lawful records, before any is changed, where a plant fits; what it looks at is touched as well."""
    facts.seen.clear()
    where = plant.where(facts)
    told = tuple(where if one.where is None else one.where(facts) for one in plant.told)
    return _Fitted(plant, where, frozenset(facts.seen.union(plant.touches)), told)


def _choose(fitted: Sequence[_Fitted], about: Circumstances, rates: Mapping[str, float]) -> list[tuple[_Fitted, Bools]]:
    """Choose the records of each plant; those that fit the fewest choose first, before all is touched."""
    areas = sorted(frozenset[str]().union(*(one.touches for one in fitted)))
    bits = {name: 1 << place for place, name in enumerate(areas)}
    touched = np.zeros(about.draws.size, dtype=np.int64)
    found = []
    for one in sorted(fitted, key=lambda one: (one.where.sum(), one.plant.name)):
        own = _EVERYTHING if one.plant.alone else sum(bits[name] for name in one.touches)
        free = one.where & ((touched & own) == 0)
        hit = free & about.draws.chance(rates.get(one.plant.name, one.plant.rate))
        touched |= np.where(hit, own, 0)
        found.append((one, hit))
    return found


_NOBODY = np.zeros(0, dtype=np.int64)
_EVERYTHING = np.iinfo(np.int64).max


def _told_of(rows: Ints, card: str, verdict: str, reason: str) -> pl.DataFrame:
    texts = {"card": card, "verdict": str(verdict), "reason": str(reason)}
    return pl.DataFrame({"row": rows}).with_columns(pl.lit(text).alias(name) for name, text in texts.items())
