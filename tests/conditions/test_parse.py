"""Conditions are Python's syntax and nothing but the grammar of observables."""

import pytest

from engine.conditions.names import ConditionError, Names
from engine.conditions.parse import parse_condition, parse_moment
from engine.evaluation.compiled import CompiledRulebook
from engine.observables import terms as t
from engine.vocabulary import Gate, OrganLevel, Quantifier


@pytest.fixture
def names(permit: CompiledRulebook) -> Names:
    return permit.rulebook.names("permit")


def test_a_path_names_step_quantifier_and_attribute(names: Names) -> None:
    found = parse_condition("notice.any_round.urgent", names)
    assert found == t.OfRounds("notice", Quantifier.ANY_ROUND, t.IsTrue("urgent"))


def test_several_tests_of_one_round_stand_in_brackets(names: Names) -> None:
    found = parse_condition("notice.every_round(urgent and happened(closed))", names)
    both = t.RoundAll((t.IsTrue("urgent"), t.Happened(t.Own("closed"))))
    assert found == t.OfRounds("notice", Quantifier.EVERY_ROUND, both)


def test_order_of_a_round_and_the_case(names: Names) -> None:
    found = parse_condition("before(notice.any_round.closed, gate.discussion)", names)
    test = t.Before(t.Own("closed"), t.GatePassed(Gate.DISCUSSION))
    assert found == t.OfRounds("notice", Quantifier.ANY_ROUND, test)
    single = parse_condition("before(notice.first.closed, decision.last.decided)", names)
    assert isinstance(single, t.Before)


def test_and_or_not_join_conditions(names: Names) -> None:
    found = parse_condition("not determined.technical or notice.taken and record.organ_level == 'county'", names)
    level = t.LevelIn((OrganLevel.COUNTY,))
    assert found == t.Some((t.Not(t.Determined("technical")), t.Every((t.Taken("notice"), level))))


def test_a_moment_of_the_case(names: Names) -> None:
    assert parse_moment("gate.discussion", names) == t.GatePassed(Gate.DISCUSSION)
    assert parse_moment("notice.first.opened", names) == t.Picked("notice", Quantifier.FIRST, "opened")


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("notice.urgent", "quantifier_missing", "any_round"),
        ("before(notice.closed, gate.discussion)", "quantifier_missing", "any_round"),
        ("notise.any_round.urgent", "unknown_observable", "notice"),
        ("notice.any_round.urgant", "unknown_observable", "urgent"),
        ("notice.any_round.closed", "wrong_kind_of_observable", "flag"),
        ("determined.tecnical", "unknown_observable", "technical"),
        ("reaches(notice.first.opened, notice.first.closed, notice_dais)", "unknown_parameter", "notice_days"),
        ("record.organ_level == 'village'", "unknown_observable", "organ_level"),
        ("notice.any_round.urgent and", "condition_unreadable", "expression"),
        ("__import__('os').system('true')", "unknown_observable", "question"),
        ("(lambda: 1)()", "unknown_observable", "question"),
        ("before(notice.any_round.closed, examination.any_round.done)", "unknown_observable", "one step"),
        ("1 < 2", "unknown_observable", "question"),
        ("not " * 3000 + "determined.technical", "condition_unreadable", "characters"),
        ("", "condition_unreadable", "expression"),
        ("notice.rounds >= True", "condition_unreadable", "whole number"),
        ("happened(gate.issue)", "unknown_observable", "question"),
    ],
)
def test_what_is_not_in_the_grammar_is_refused_with_a_hint(names: Names, text: str, code: str, hint: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_condition(text, names)
    assert caught.value.code == code
    assert hint in str(caught.value)


def test_a_moment_of_any_round_is_no_moment_of_the_case(names: Names) -> None:
    with pytest.raises(ConditionError):
        parse_moment("notice.any_round.opened", names)
