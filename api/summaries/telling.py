"""How figures are told: rows of a summary, and the records behind a figure. Decides nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import chain
from typing import Final

from api.records.tables import Record
from api.summaries.counting import Counts, Key
from api.summaries.models import CountedRecord, Dimension, Figure, Part, Rate, SummaryRow
from api.summaries.naming import Naming
from api.summaries.service import Hit
from engine.vocabulary import Bilingual, Weight

Position = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group at its place in a summary."""

    position: Position
    words: Key
    counts: Counts


@dataclass(frozen=True)
class Teller:
    """Tells the groups of a summary; `card`: the only one that is counted, if there is only one."""

    naming: Naming
    by: Sequence[Dimension]
    card: str | None = None

    def in_order(self, found: Mapping[Key, Counts]) -> list[Group]:
        """Put groups in order."""
        order = cache(self.naming.order)
        groups = (
            Group(
                position=tuple(chain.from_iterable(order(name, word) for name, word in zip(self.by, key, strict=True))),
                words=key,
                counts=counts,
            )
            for key, counts in found.items()
        )
        return sorted(groups, key=lambda group: group.position)

    def told(self, words: Key, counts: Counts) -> SummaryRow:
        """Tell the figures of a group; of all, without words."""
        parts = tuple(self._part(name, word) for name, word in zip(self.by, words, strict=False))
        figures = dict(zip(_NAMES, counts.tolist(), strict=True))
        named = next((part.key for part in parts if part.by == Dimension.CARD), self.card)
        # Of a notice there is no rate.
        rated = named is None or named in self._breaches
        return SummaryRow(group=parts, rate=_rate(figures) if rated else None, **figures)

    @cached_property
    def _part(self) -> Callable[[Dimension, str], Part]:
        return cache(self.naming.part)

    @cached_property
    def _breaches(self) -> frozenset[str]:
        return frozenset(card.id for card in self.naming.rulebook.cards if card.weight == Weight.BREACH)


_NAMES: Final = tuple(figure.value for figure in Figure)


def _rate(figures: Mapping[str, int]) -> Rate:
    satisfied, violated = figures[Figure.SATISFIED], figures[Figure.VIOLATED]
    both = satisfied + violated
    return Rate(numerator=satisfied, denominator=both, value=satisfied / both if both else None)


def told_hits(hits: Iterable[Hit], records: Mapping[str, Record]) -> list[CountedRecord]:
    """Tell records behind a figure, by what they are called today."""
    return [
        CountedRecord(
            key=hit.key,
            id=records[hit.key].own_id,
            title=Bilingual(zh=records[hit.key].title_zh, en=records[hit.key].title_en),
            lead_unit=records[hit.key].lead_unit,
            jurisdiction=records[hit.key].jurisdiction,
            organ_level=records[hit.key].organ_level,
            day=date.fromisoformat(hit.day),
            cards=hit.cards,
        )
        for hit in hits
    ]
