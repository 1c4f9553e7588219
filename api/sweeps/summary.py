"""The figures of all parts together: one table for each dimension, as CSV and for the terminal."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from api.formulas import disarmed
from api.summaries.models import Dimension, Figure
from api.sweeps.counting import BY, FIGURES, TOTAL
from api.sweeps.files import whole
from api.sweeps.results import Results
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Weight

FOLDER: Final = "summaries"
RATE: Final = "rate"
_NAMES: Final = [str(figure) for figure in FIGURES]
_NOBODY: Final = Bilingual(zh="(未填写)", en="(not given)")
_AT_ONCE: Final = 64
"""Of so many parts the counts are in memory at a time."""


@dataclass(frozen=True)
class Summaries:
    """Tables by dimension, one row per group: `key`, `title_zh`, `title_en`, the figures, and the rate."""

    tables: Mapping[str, pl.DataFrame]

    @property
    def total(self) -> Mapping[str, int]:
        """Return the figures of all records."""
        rows = self.tables[TOTAL].select(_NAMES).to_dicts()
        return rows[0] if rows else dict.fromkeys(_NAMES, 0)

    def by(self, dimension: str) -> pl.DataFrame:
        """Return the table of a dimension."""
        return self.tables[dimension]

    def write(self, folder: Path) -> None:
        """Write each table but that of all to a CSV file that spreadsheets read; raises `DiskFullError`."""
        (folder / FOLDER).mkdir(exist_ok=True)
        for name in BY:
            if name != TOTAL:
                with whole(folder / FOLDER / f"by-{name}.csv") as path:
                    _disarmed(self.tables[name]).write_csv(path, include_bom=True)


def summaries_of(results: Results, rulebook: Rulebook) -> Summaries:
    """Add up the counts of all parts."""
    some: list[pl.DataFrame] = []
    for counts in results.counts():
        some.append(counts)
        if len(some) == _AT_ONCE:
            some = [_added(some)]
    found = _added(some)
    return Summaries({name: _table(found.filter(pl.col("by") == str(name)), name, rulebook) for name in BY})


def _added(counts: list[pl.DataFrame]) -> pl.DataFrame:
    schema = {"by": pl.String(), "key": pl.String()} | dict.fromkeys(_NAMES, pl.Int64())
    whole_of = pl.concat([pl.DataFrame(schema=schema), *counts])
    return whole_of.group_by("by", "key").agg(pl.col(_NAMES).sum())


def _table(found: pl.DataFrame, name: str, rulebook: Rulebook) -> pl.DataFrame:
    titles = _titles(name, set(found.get_column("key")), rulebook)
    both = pl.col(Figure.SATISFIED) + pl.col(Figure.VIOLATED)
    rate = pl.when(both > 0).then(pl.col(Figure.SATISFIED) / both)
    if name == Dimension.CARD:
        # Of a notice there is no rate.
        breaches = [card.id for card in rulebook.cards if card.weight == Weight.BREACH]
        rate = pl.when(pl.col("key").is_in(breaches)).then(rate)
    named = pl.DataFrame(
        [(key, place, title.zh, title.en) for place, (key, title) in enumerate(titles.items())],
        schema={"key": pl.String, "place": pl.Int64, "title_zh": pl.String, "title_en": pl.String},
        orient="row",
    )
    joined = found.join(named, on="key", how="left").sort("place")
    return joined.select("key", "title_zh", "title_en", *_NAMES, rate.alias(RATE))


def _titles(name: str, there: set[str], rulebook: Rulebook) -> Mapping[str, Bilingual]:
    """Return what the groups are called, in the order in which they are told."""
    known: dict[str, Bilingual] = {}
    match name:
        case Dimension.STEP:
            for procedure in rulebook.procedures.values():
                known = {step: what.title for step, what in procedure.steps.items()} | known
        case Dimension.CARD:
            known = {card.id: card.title for card in rulebook.cards}
        case Dimension.JURISDICTION:
            known = {place: rulebook.tree.by_id[place].title for place in rulebook.tree.ids}
    listed = {key: title for key, title in known.items() if key in there}
    others = {key: Bilingual(zh=key, en=key) if key else _NOBODY for key in sorted(there.difference(listed))}
    return listed | others


def _disarmed(table: pl.DataFrame) -> pl.DataFrame:
    texts = pl.col("key", "title_zh", "title_en")
    return table.with_columns(texts.map_elements(disarmed, return_dtype=pl.String))
