"""What differs between two rulebooks is told by kind, by id and field by field."""

from pathlib import Path

import pytest

from api.differences.rules import Alteration, RuleChange, RuleKind, rule_changes
from engine.rulebook.reading import load_rulebook
from engine.rulebook.rulebook import Rulebook
from tests.conftest import ROOT
from tests.permit import write_permit_rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_permit_rules(tmp_path / "new", ROOT / "rules" / "holidays")


@pytest.fixture(scope="module")
def old(permit_folder: Path) -> Rulebook:
    return load_rulebook(permit_folder)


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def told(old: Rulebook, folder: Path) -> tuple[RuleChange, ...]:
    return rule_changes(old, load_rulebook(folder))


def test_nothing_differs_between_a_rulebook_and_its_copy(old: Rulebook, folder: Path) -> None:
    assert told(old, folder) == ()


def test_a_parameter_that_changes_is_told_with_both_numbers(old: Rulebook, folder: Path) -> None:
    replaced(folder / "parameters" / "notice_days.yaml", "value: 10", "value: 8")
    (change,) = told(old, folder)
    assert (change.kind, change.id, change.alteration) == (RuleKind.PARAMETER, "notice_days", Alteration.CHANGED)
    assert [(field.field, field.before, field.after) for field in change.fields] == [("values[0].value", "10", "8")]


def test_cards_that_come_and_go_are_told(old: Rulebook, folder: Path) -> None:
    card = folder / "cards" / "PA-2.yaml"
    replaced(card, "id: PA-2", "id: PA-9")
    card.rename(card.with_name("PA-9.yaml"))
    changes = [(change.kind, change.id, change.alteration) for change in told(old, folder)]
    assert changes == [(RuleKind.CARD, "PA-2", Alteration.REMOVED), (RuleKind.CARD, "PA-9", Alteration.ADDED)]


def test_a_field_that_a_card_no_longer_has_is_told(old: Rulebook, folder: Path) -> None:
    replaced(folder / "cards" / "PA-1.yaml", "unless: notice.any_round.urgent\n", "")
    (change,) = told(old, folder)
    assert [(field.field, field.before, field.after) for field in change.fields] == [
        ("unless", '"notice.any_round.urgent"', None)
    ]


def test_an_entry_of_a_list_is_told_alone(old: Rulebook, folder: Path) -> None:
    replaced(folder / "cards" / "PA-1.yaml", "binds: [county]", "binds: [city, county]")
    (change,) = told(old, folder)
    assert [(field.field, field.before, field.after) for field in change.fields] == [("binds[0]", None, '"city"')]


def test_a_holiday_notice_that_is_not_there_yet_is_told(old: Rulebook, folder: Path) -> None:
    (folder / "holidays" / "2026.yaml").unlink()
    changes = told(old, folder)
    assert {(change.kind, change.alteration) for change in changes} == {(RuleKind.HOLIDAY_NOTICE, Alteration.REMOVED)}
    assert all(change.id.startswith("2026 ") for change in changes)


def test_a_place_that_is_added_is_told(old: Rulebook, folder: Path) -> None:
    place = "id: AA\ntitle: {zh: 某地(虚构), en: a place (made up)}\nmade_up: true\n"
    (folder / "jurisdictions" / "aa.yaml").write_text(place, encoding="utf-8")
    (change,) = told(old, folder)
    assert (change.kind, change.id, change.alteration) == (RuleKind.JURISDICTION, "AA", Alteration.ADDED)
