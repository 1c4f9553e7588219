"""The rulebook that is measured: with all its cards, and with those of the hand-written query."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from bench import handwritten
from engine.cards.card import DEFAULT_PROCEDURE
from engine.evaluation.compiled import CompiledRulebook
from engine.rulebook.reading import load_rulebook

RULES: Final = Path("rules")


@lru_cache
def all_cards() -> CompiledRulebook:
    """Return the rulebook with all cards there are."""
    return CompiledRulebook(load_rulebook(RULES), DEFAULT_PROCEDURE)


@lru_cache
def named_cards() -> CompiledRulebook:
    """Return the rulebook with the cards of the hand-written query."""
    rulebook = all_cards().rulebook
    named = tuple(meaning for meaning in rulebook.meanings if meaning.card.id in handwritten.CARDS)
    return CompiledRulebook(replace(rulebook, meanings=named), DEFAULT_PROCEDURE)
