"""The forty cards that the frozen queries judge, and the question that they are asked."""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from bench.rules import all_cards
from bench.sweep_bench import by_polars
from bench.sweep_bench.by_polars.cards import CARDS
from engine.cards.card import DEFAULT_PROCEDURE
from engine.evaluation.compiled import CompiledRulebook

FORTY: Final = frozenset(card.id for card in CARDS)
QUESTION: Final[dict[str, Any]] = {"as_of": by_polars.AS_OF, "known_at": by_polars.KNOWN_AT}


@lru_cache
def forty_cards() -> CompiledRulebook:
    """Return the rulebook with these cards only."""
    rulebook = all_cards().rulebook
    meanings = tuple(meaning for meaning in rulebook.meanings if meaning.card.id in FORTY)
    return CompiledRulebook(replace(rulebook, meanings=meanings), DEFAULT_PROCEDURE)
