"""Records that were judged, as columns and tables, so that many are counted at once. Asks no database."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from api.summaries.models import Dimension
from engine.evaluation.compile import CompiledCard

Table = NDArray[np.uint8]
Places = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Column:
    """A word for each record, by its place among the words."""

    words: tuple[str, ...]
    places: Places

    @classmethod
    def of(cls, entries: Sequence[str]) -> Self:
        """Write words as a column."""
        known = {word: place for place, word in enumerate(dict.fromkeys(entries))}
        return cls(tuple(known), np.fromiter(map(known.__getitem__, entries), dtype=np.int64, count=len(entries)))

    def mapped(self, meaning: Callable[[str], str]) -> Self:
        """Put another word in the place of each."""
        if not self.words:
            return self
        column = type(self).of([meaning(word) for word in self.words])
        return type(self)(column.words, column.places[self.places])

    def where(self, is_wanted: Callable[[str], bool]) -> Mask:
        """Tell of which records the word is wanted."""
        wanted = np.array([is_wanted(word) for word in self.words], dtype=np.bool_)
        return wanted[self.places] if self.words else np.zeros(0, dtype=np.bool_)

    def among(self, records: Places) -> Self:
        """Leave out all records but some."""
        return type(self)(self.words, self.places[records])

    def joined(self, other: Self) -> Self:
        """Put the records of another column behind these."""
        known = {word: place for place, word in enumerate(dict.fromkeys((*self.words, *other.words)))}
        moved = np.array([known[word] for word in other.words], dtype=np.int64)
        own = np.array([known[word] for word in self.words], dtype=np.int64)
        return type(self)(tuple(known), np.concatenate((own[self.places], moved[other.places])))


@dataclass(frozen=True, slots=True)
class Block:
    """Some records of one procedure that were judged by the same cards.

    `columns`: what they are grouped by; `days`: the day by which each belongs to a month. `outcomes`, `reasons`: codes,
    one row for each card, one column for each record.
    """

    cards: tuple[CompiledCard, ...]
    keys: Sequence[str]
    columns: Mapping[Dimension, Column]
    days: Column
    outcomes: Table
    reasons: Table

    @property
    def size(self) -> int:
        """Return how many records there are."""
        return len(self.keys)

    @property
    def everyone(self) -> Mask:
        """Return the mask that leaves out nobody."""
        return np.ones(self.size, dtype=np.bool_)

    def among(self, mask: Mask) -> "Block":
        """Leave out the records that a mask leaves out."""
        if mask.all():
            return self
        records = np.flatnonzero(mask)
        return Block(
            cards=self.cards,
            keys=[self.keys[place] for place in records.tolist()],
            columns={name: column.among(records) for name, column in self.columns.items()},
            days=self.days.among(records),
            outcomes=np.take(self.outcomes, records, axis=1),
            reasons=np.take(self.reasons, records, axis=1),
        )

    def without(self, keys: Collection[str]) -> "Block":
        """Leave out some records by their keys."""
        others = (key not in keys for key in self.keys)
        return self.among(np.fromiter(others, dtype=np.bool_, count=self.size))

    def joined(self, other: "Block") -> "Block":
        """Put the records of another block, of the same procedure and cards, behind these."""
        return Block(
            cards=other.cards,
            keys=[*self.keys, *other.keys],
            columns={name: column.joined(other.columns[name]) for name, column in self.columns.items()},
            days=self.days.joined(other.days),
            outcomes=np.concatenate((self.outcomes, other.outcomes), axis=1),
            reasons=np.concatenate((self.reasons, other.reasons), axis=1),
        )


def grouped(columns: Iterable[Column], size: int) -> tuple[list[tuple[str, ...]], Places]:
    """Return the combinations of words that there are, and for each record the place of its own."""
    names: list[tuple[str, ...]] = [()]
    places = np.zeros(size, dtype=np.int64)
    for column in columns:
        both = places * max(len(column.words), 1) + column.places
        found, places = np.unique(both, return_inverse=True)
        pairs = [divmod(code, max(len(column.words), 1)) for code in found.tolist()]
        names = [(*names[before], column.words[word]) for before, word in pairs]
    return names, places
