"""The rulebook that is measured: with all its cards, those of the decree, and those of the hand-written query."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from bench.sweep_bench.by_polars.cards import CARDS
from engine.cards.card import DEFAULT_PROCEDURE, Card
from engine.evaluation.compiled import CompiledRulebook
from engine.rulebook.reading import load_rulebook

RULES: Final = Path("rules")
NATIONAL: Final = ("decree-713", "record-consistency")


@lru_cache
def all_cards() -> CompiledRulebook:
    """Return the rulebook with all cards there are."""
    return CompiledRulebook(load_rulebook(RULES), DEFAULT_PROCEDURE)


@lru_cache
def national_cards() -> CompiledRulebook:
    """Return the rulebook with the cards of Decree 713 and the notices on consistency."""
    return _with(lambda card: card.source.instrument in NATIONAL)


@lru_cache
def named_cards() -> CompiledRulebook:
    """Return the rulebook with the cards of the hand-written query."""
    named = {card.id for card in CARDS}
    return _with(lambda card: card.id in named)


def _with(wanted: Callable[[Card], bool]) -> CompiledRulebook:
    rulebook = all_cards().rulebook
    meanings = tuple(meaning for meaning in rulebook.meanings if wanted(meaning.card))
    return CompiledRulebook(replace(rulebook, meanings=meanings), DEFAULT_PROCEDURE)
