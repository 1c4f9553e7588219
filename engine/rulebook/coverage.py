"""The coverage map: every article of an instrument, and every row of the law's list, to cards or to the reason why not.

Decides nothing about a case. A map makes coverage a fact: what a machine does not check is named, with a sentence why.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Self

from pydantic import Field, model_validator

from engine.cards.card import Card
from engine.reading.problems import Problem, fault
from engine.reading.texts import Text
from engine.rulebook.instrument import Instrument
from engine.vocabulary import Bilingual, Frozen, Word


class Uncovered(Word):
    """Why no card checks a row or an article."""

    MANUAL = "manual", "须由人判断", "to be judged by a person"
    SCOPE = "scope", "适用范围", "scope"
    LIABILITY = "liability", "法律责任", "liability"
    UNKNOWN_TEXT = "unknown_text", "原文未取得", "text not known"


class CoveredRow(Frozen):
    """One row: what it is expected to become, and the cards that check it, or why none does."""

    row: str = Field(pattern=r"^[A-Z]{2,3}-[0-9A-Za-z…/]+$")
    expect: str = Field(pattern=r"^(card|notice_or_manual|scope_or_liability|card_or_unknown)$")
    cards: tuple[str, ...] = ()
    reason: Uncovered | None = None
    why: Bilingual | None = None

    @model_validator(mode="after")
    def _has_cards_or_a_reason(self) -> Self:
        if bool(self.cards) == bool(self.reason) or bool(self.reason) != bool(self.why):
            raise fault("cards_or_reason", _EITHER, _NAME)
        return self


class CoveredArticle(Frozen):
    """One article with its rows; without rows, the reason."""

    article: str
    rows: tuple[CoveredRow, ...] = ()
    reason: Uncovered | None = None
    why: Bilingual | None = None

    @model_validator(mode="after")
    def _has_rows_or_a_reason(self) -> Self:
        if bool(self.rows) == bool(self.reason) or bool(self.reason) != bool(self.why):
            raise fault("cards_or_reason", _EITHER, _NAME)
        return self


_EITHER: Final = Bilingual(zh="规则卡,或者reason和why,二者择一", en="cards (or rows), or else `reason` and `why`")
_NAME: Final = Bilingual(zh="列出规则卡,或者写明理由", en="name the cards, or say in a sentence why there is none")


class CoverageMap(Frozen):
    """The articles of one instrument, in order."""

    instrument: str
    articles: tuple[CoveredArticle, ...]

    @property
    def rows(self) -> tuple[CoveredRow, ...]:
        """Return the rows of all articles."""
        return tuple(row for article in self.articles for row in article.rows)

    @property
    def cards(self) -> tuple[str, ...]:
        """Return the ids of all cards that the map names, each once."""
        return tuple(dict.fromkeys(card for row in self.rows for card in row.cards))


def lint_coverage(
    coverage: CoverageMap,
    text: Text,
    *,
    cards: Mapping[str, Card],
    instruments: Mapping[str, Instrument],
) -> Iterable[Problem]:
    """Check that a map is complete: all articles, each row once, all cards of the instrument, none that is unknown."""
    instrument = instruments.get(coverage.instrument)
    if instrument is None:
        expected = f"one of {', '.join(sorted(instruments))}"
        yield text.problem(("instrument",), "unknown_instrument", repr(coverage.instrument), expected, "correct it")
        return
    yield from _articles(coverage, text, instrument)
    yield from _rows(coverage, text, cards)
    named = set(coverage.cards)
    for name, card in cards.items():
        if card.source.instrument == coverage.instrument and name not in named:
            expected = "every card of the instrument in its map"
            yield text.problem(("articles",), "card_not_in_map", repr(name), expected, "add the card to its row")


def _articles(coverage: CoverageMap, text: Text, instrument: Instrument) -> Iterable[Problem]:
    wanted = [str(number) for number in range(1, (instrument.articles or 0) + 1)]
    given = [article.article for article in coverage.articles]
    if instrument.articles and given != wanted:
        missing = ", ".join(name for name in wanted if name not in given)
        found = f"a map without {missing}" if missing else "a map in another order"
        expected = f"articles 1 to {instrument.articles}, each once, in order"
        yield text.problem(("articles",), "article_not_in_map", found, expected, "complete it")


def _rows(coverage: CoverageMap, text: Text, cards: Mapping[str, Card]) -> Iterable[Problem]:
    seen: set[str] = set()
    for index, article in enumerate(coverage.articles):
        for number, row in enumerate(article.rows):
            place = ("articles", index, "rows", number)
            if row.row in seen:
                yield text.problem(place, "duplicate_id", repr(row.row), "each row once", "remove one of the two")
            seen.add(row.row)
            for card in row.cards:
                if card not in cards:
                    expected = "a card of the rulebook"
                    yield text.problem(place, "unknown_card", repr(card), expected, "add the card or correct its id")
                elif cards[card].source.article != article.article:
                    given = f"{card} of Article {cards[card].source.article}"
                    expected = f"a card of Article {article.article}"
                    yield text.problem(place, "wrong_article", given, expected, "correct the card or the map")
            if row.expect == "card" and not row.cards:
                yield text.problem(place, "card_missing", repr(row.row), "a card for this row", "write the card")
