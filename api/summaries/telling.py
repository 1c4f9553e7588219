"""How figures are told: rows of a summary, and the records behind a figure. Decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.records.tables import Record
from api.summaries.counting import PLACES, Counts, Key
from api.summaries.models import CountedRecord, Dimension, Figure, Part, Rate, SummaryRow
from api.summaries.naming import Naming
from api.summaries.service import Hit
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Weight

Position = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group at its place in a summary."""

    position: Position
    parts: tuple[Part, ...]
    counts: Counts


def groups_in_order(naming: Naming, by: Sequence[Dimension], found: Mapping[Key, Counts]) -> list[Group]:
    """Put groups in order."""
    named = (([naming.order(name, word) for name, word in zip(by, key, strict=True)], key, found[key]) for key in found)
    groups = (
        Group(
            position=tuple(part for place in places for part in place),
            parts=tuple(naming.part(name, word) for name, word in zip(by, key, strict=True)),
            counts=counts,
        )
        for places, key, counts in named
    )
    return sorted(groups, key=lambda group: group.position)


def told_group(parts: tuple[Part, ...], counts: Counts, rulebook: Rulebook, *, card: str | None) -> SummaryRow:
    """Tell the figures of a group; `card`: the only one that is counted, if there is only one."""
    figures = {figure.value: int(counts[place]) for figure, place in PLACES.items()}
    named = next((part.key for part in parts if part.by == Dimension.CARD), card)
    return SummaryRow(group=parts, rate=_rate(counts) if _is_rated(named, rulebook) else None, **figures)


def _is_rated(card: str | None, rulebook: Rulebook) -> bool:
    """Tell whether there is a rate: of a notice there is none."""
    return card is None or any(one.id == card and one.weight == Weight.BREACH for one in rulebook.cards)


def _rate(counts: Counts) -> Rate:
    satisfied, violated = int(counts[PLACES[Figure.SATISFIED]]), int(counts[PLACES[Figure.VIOLATED]])
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
