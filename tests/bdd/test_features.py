"""All features, and what is asked of a feature as a text."""

import re
from pathlib import Path

import pytest
from pytest_bdd import scenarios

from tests.bdd.engine_for_features import rules

FEATURES = Path(__file__).resolve().parents[2] / "features"

scenarios(".")


@pytest.mark.parametrize("path", sorted(FEATURES.glob("*.feature")), ids=lambda path: path.stem)
def test_a_feature_is_tagged_with_the_cards_it_asks_about(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tags = set(re.findall(r"@([A-Z]{2,3}-[0-9A-Za-z]+)", text))
    assert tags == set(re.findall(r"规则([A-Z]{2,3}-[0-9A-Za-z]+)", text))
    assert tags <= {card.id for card in rules().rulebook.cards}
