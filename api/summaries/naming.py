"""Which unit a name means, what groups are called, and in which order they stand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from api.identity.directory import Directory
from api.store.types import digest_of
from api.summaries.columns import Block, Column
from api.summaries.models import Dimension, Part
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, OrganLevel

SORTED: Final = 24
"""By so many letters of their titles units are put in order."""

NamedOn = Callable[[str], Mapping[str, date]]
"""Tells for each record that is led under a name the day by which the name is to be understood."""


@dataclass(frozen=True)
class Naming:
    """Names units by the directory as it is today, and everything else by a rulebook.

    A name that nobody bears stands for itself.
    """

    directory: Directory
    rulebook: Rulebook
    today: date

    def units(self, block: Block, named_on: NamedOn) -> Column:
        """Put the key of the unit that leads in the place of its name."""
        names, places = block.columns[Dimension.UNIT], block.columns[Dimension.JURISDICTION]
        shared = {name for name in names.words if len(self._bearers(name)) > 1}
        if not shared:
            return names.mapped(self._only_bearer)
        days = {key: day for name in shared for key, day in named_on(name).items()}
        found = []
        for key, name, place in zip(block.keys, names.places.tolist(), places.places.tolist(), strict=True):
            word = names.words[name]
            alone = word not in shared
            found.append(
                self._only_bearer(word) if alone else self._bearer(word, places.words[place], days.get(key, self.today))
            )
        return Column.of(found)

    def _bearers(self, name: str) -> set[str]:
        return {self.directory.acting(borne.unit, today=self.today) for borne in self.directory.bearers(name)}

    def _only_bearer(self, name: str) -> str:
        return next(iter(self._bearers(name)), name)

    def _bearer(self, name: str, jurisdiction: str, day: date) -> str:
        tree = self.rulebook.tree
        found = self.directory.unit_of(name, jurisdiction=jurisdiction, named_on=day, tree=tree, today=self.today)
        return found or name

    def part(self, by: Dimension, word: str) -> Part:
        """Say what a word of a group means."""
        return Part(by=by, key=word, title=self._title(by, word))

    def _title(self, by: Dimension, word: str) -> Bilingual:
        match by:
            case Dimension.UNIT:
                return _same(self.directory.called(word, day=self.today))
            case Dimension.MONTH:
                return _same(word)
            case Dimension.LEVEL:
                level = OrganLevel.of(word)
                return Bilingual(zh=level.zh, en=level.en)
            case Dimension.JURISDICTION:
                place = self.rulebook.tree.by_id.get(word)
                return place.title if place else _same(word)
            case Dimension.PROCEDURE:
                return self.rulebook.procedures[word].title
            case Dimension.CARD:
                return self._cards[word]
            case Dimension.STEP:
                return self._steps.get(word, _same(word))

    def order(self, by: Dimension, word: str) -> tuple[int, str]:
        """Return where a word stands among those of its dimension: in the order of the rulebook, else of the titles.

        No two words stand at one place, and each place is told in few letters: it goes into the cursor of a page.
        """
        if by == Dimension.UNIT:
            return 0, f"{self._title(by, word).zh[:SORTED]} {digest_of(word)[:SORTED]}"
        known = self._order.get(by, {})
        return known.get(word, len(known)), word

    @cached_property
    def _order(self) -> Mapping[Dimension, Mapping[str, int]]:
        book = self.rulebook
        listed = {
            Dimension.LEVEL: [level.value for level in OrganLevel],
            Dimension.JURISDICTION: list(book.tree.ids),
            Dimension.PROCEDURE: list(book.procedures),
            Dimension.CARD: list(self._cards),
            Dimension.STEP: list(self._steps),
        }
        return {by: {word: place for place, word in enumerate(words)} for by, words in listed.items()}

    @cached_property
    def _cards(self) -> Mapping[str, Bilingual]:
        return {card.id: card.title for card in self.rulebook.cards}

    @cached_property
    def _steps(self) -> Mapping[str, Bilingual]:
        """Return the steps of all procedures; a step that several have is called as in the first of them."""
        found: dict[str, Bilingual] = {}
        for procedure in self.rulebook.procedures.values():
            for name, step in procedure.steps.items():
                found.setdefault(name, step.title)
        return found


def _same(text: str) -> Bilingual:
    return Bilingual(zh=text, en=text)
