"""The live evaluator against a plain reading of the same formulas, and what it refuses."""

import copy
import dataclasses
import pickle
import random
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evaluation import formula as f
from engine.evaluation.dnf import Bounds, Term, terms
from engine.evaluation.live import EngineFault, Fault, LiveEvaluator
from engine.evaluation.rulesets import (
    CANARY,
    GREATEST,
    LEAST,
    MOST_RULES,
    CardRules,
    CardWithoutRulesError,
    Compiled,
    DuplicateCardError,
    LiteralOutOfRangeError,
    NameCollisionError,
    RulesetTooLargeError,
    RuleTooWideError,
    compile_cards,
    fnv1a,
    refuse_collisions,
)

PAIRS = tuple(
    (f"comment.any_round.days{n}(opened, closed).lo", f"comment.any_round.days{n}(opened, closed).hi") for n in range(3)
)
FLAGS = ("hearing.held[last]", "review.explained")
DOMAINS = dict.fromkeys(FLAGS, (0, 1))
COLUMNS = (*(end for pair in PAIRS for end in pair), *FLAGS, "experts.count")

Cards = dict[str, dict[str, f.Formula]]

READ: dict[str, Callable[[int, int], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}


def reads(formula: f.Formula, case: Mapping[str, int]) -> bool:
    match formula:
        case f.Test(column, op, value):
            return READ[op.value](case[column], value)
        case f.All(parts):
            return all(reads(part, case) for part in parts)
        case f.AnyOf(parts):
            return any(reads(part, case) for part in parts)


def expected(cards: Cards, case: Mapping[str, int]) -> dict[str, str]:
    found = {}
    for card, outcomes in cards.items():
        (found[card],) = [outcome for outcome, formula in outcomes.items() if reads(formula, case)]
    return found


def cascade(*conditions: f.Formula) -> dict[str, f.Formula]:
    """Let the first condition that is true decide, so that exactly one outcome is true."""
    earlier: tuple[f.Formula, ...] = ()
    found = {}
    for number, condition in enumerate(conditions):
        found[f"outcome {number}"] = f.conjunction(*earlier, condition)
        earlier = (*earlier, f.negation(condition))
    return found | {"otherwise": f.conjunction(*earlier)}


def compiled(cards: Cards, shards: int = 2) -> Compiled:
    return compile_cards(
        CardRules(
            card,
            f"step {number % shards}",
            {outcome: terms(formula, intervals=PAIRS, domains=DOMAINS) for outcome, formula in outcomes.items()},
        )
        for number, (card, outcomes) in enumerate(cards.items())
    )


def a_case(rand: random.Random) -> dict[str, int]:
    case = {flag: rand.randint(0, 1) for flag in FLAGS} | {"experts.count": rand.randint(-2, 9)}
    for low, high in PAIRS:
        case[low], case[high] = sorted((rand.randint(-2, 9), rand.randint(-2, 9)))
    return case


def a_formula(rand: random.Random, depth: int) -> f.Formula:
    if depth == 0 or rand.random() < 0.2:
        return f.Test(rand.choice(COLUMNS), rand.choice(list(f.Op)), rand.randint(-1, 8))
    parts = [a_formula(rand, depth - 1) for _ in range(rand.randint(1, 3))]
    return rand.choice((f.conjunction, f.disjunction))(*parts)


def some_cards(rand: random.Random, number: int) -> Cards:
    cards: Cards = {}
    while len(cards) < number:
        outcomes = cascade(*(a_formula(rand, 3) for _ in range(rand.randint(1, 3))))
        rules = sum(len(terms(each, intervals=PAIRS, domains=DOMAINS)) for each in outcomes.values())
        if 0 < rules < MOST_RULES:
            cards[f"card {len(cards)}"] = outcomes
    return cards


def flag(value: int, column: str = "held") -> f.Test:
    return f.Test(column, f.Op.EQ, value)


def a_card(card: str = "NR-15b", column: str = "held") -> CardRules:
    return CardRules(card, "comment", {"yes": terms(flag(1, column)), "no": terms(flag(0, column))})


def changed(one: Compiled, rule: str, to: dict[str, Any] | None) -> Compiled:
    rulesets = copy.deepcopy(one.rulesets)
    for rules in rulesets.values():
        if rule in rules:
            if to is None:
                del rules[rule]
            else:
                rules[rule] = to
    return dataclasses.replace(one, rulesets=rulesets)


def rule_of(one: Compiled, card: str, outcome: str) -> str:
    return next(rule for rule, meaning in one.meanings.items() if meaning == (card, outcome))


tests = st.builds(f.Test, st.sampled_from(COLUMNS), st.sampled_from(f.Op), st.integers(-1, 8))
formulas: st.SearchStrategy[f.Formula] = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.builds(f.All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(f.AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(formulas, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_live_answers_as_a_plain_reading_of_the_formulas(
    conditions: list[f.Formula],
    rand: random.Random,
) -> None:
    cards = {"card": cascade(*conditions)}
    evaluator = LiveEvaluator(compiled(cards))
    for case in (a_case(rand) for _ in range(10)):
        assert evaluator.evaluate(case) == expected(cards, case)


def test_five_thousand_random_evaluations_agree() -> None:
    rand = random.Random(713)  # noqa: S311 (not for secrets)
    for _ in range(10):
        cards = some_cards(rand, 12)
        evaluator = LiveEvaluator(compiled(cards))
        for case in (a_case(rand) for _ in range(500)):
            assert evaluator.evaluate(case) == expected(cards, case)


def test_eight_threads_share_one_evaluator() -> None:
    rand = random.Random(8)  # noqa: S311 (not for secrets)
    cards = some_cards(rand, 20)
    evaluator = LiveEvaluator(compiled(cards))
    cases = [a_case(rand) for _ in range(800)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(evaluator.evaluate, cases)) == [expected(cards, case) for case in cases]


def test_no_thread_is_left_running() -> None:
    before = threading.active_count()
    LiveEvaluator([a_card()]).evaluate({"held": 1})
    assert threading.active_count() == before


def test_hundreds_of_rules_may_be_true_at_once() -> None:
    terms_of_one = tuple(Term((Bounds(f"n{number}", 0, None),)) for number in range(10))
    cards = [CardRules(f"card {number}", "step", {"yes": terms_of_one}) for number in range(40)]
    evaluator = LiveEvaluator(cards)
    assert len(evaluator.compiled.meanings) == 400
    case = {f"n{number}": 0 for number in range(10)}
    assert evaluator.evaluate(case) == {card.card: "yes" for card in cards}


def test_sixty_rules_of_one_ruleset_may_be_true_at_once() -> None:
    every = tuple(Term((Bounds(f"n{number}", 0, None),)) for number in range(MOST_RULES - 1))
    evaluator = LiveEvaluator([CardRules("card", "step", {"yes": every})])
    assert [len(rules) for rules in evaluator.rulesets.values()] == [MOST_RULES]
    assert evaluator.evaluate({f"n{number}": 0 for number in range(MOST_RULES - 1)}) == {"card": "yes"}


def test_the_widest_fact_is_read_whole() -> None:
    bounds = tuple(Bounds(f"n{number:03}", number, number) for number in range(240))
    cards = [
        CardRules("wide", "step", {"yes": (Term(bounds),), "no": (Term((Bounds("n239", None, 238),)),)}),
    ]
    evaluator = LiveEvaluator(cards)
    case = {bound.column: bound.low or 0 for bound in bounds}
    assert evaluator.evaluate(case) == {"wide": "yes"}
    assert evaluator.evaluate(case | {"n239": 0}) == {"wide": "no"}


@pytest.mark.parametrize("value", [2**31, 2**32, 2**53, 2**62, GREATEST - 1, -(2**31), -(2**53), LEAST + 1])
@pytest.mark.parametrize("op", list(f.Op))
def test_integers_of_64_bits_are_compared_exactly(value: int, op: f.Op) -> None:
    cards: Cards = {"card": cascade(f.Test("n", op, value))}
    evaluator = LiveEvaluator(compiled(cards))
    for case in ({"n": value + step} for step in (-1, 0, 1)):
        assert evaluator.evaluate(case) == expected(cards, case)


def test_columns_that_no_rule_asks_about_are_not_looked_at() -> None:
    case: dict[str, Any] = {"held": 1, "name": "free text", "id": None}
    assert LiveEvaluator([a_card()]).evaluate(case) == {"NR-15b": "yes"}


@pytest.mark.parametrize(
    ("case", "what"),
    [
        ({}, Fault.MISSING_COLUMN),
        ({"held": True}, Fault.NOT_AN_INTEGER),
        ({"held": 1.0}, Fault.NOT_AN_INTEGER),
        ({"held": "1"}, Fault.NOT_AN_INTEGER),
        ({"held": None}, Fault.NOT_AN_INTEGER),
        ({"held": GREATEST + 1}, Fault.OUT_OF_RANGE),
        ({"held": LEAST - 1}, Fault.OUT_OF_RANGE),
        ({"held": 2}, Fault.NO_OUTCOME),
    ],
)
def test_a_bad_case_is_a_fault_and_the_next_one_is_answered(case: dict[str, Any], what: Fault) -> None:
    evaluator = LiveEvaluator([a_card()])
    with pytest.raises(EngineFault) as caught:
        evaluator.evaluate(case)
    assert caught.value.what is what
    assert evaluator.evaluate({"held": 0}) == {"NR-15b": "no"}


def test_a_changed_rule_that_fires_too_often_is_caught() -> None:
    one = compile_cards([a_card()])
    evaluator = LiveEvaluator.from_compiled(
        changed(one, rule_of(one, "NR-15b", "no"), {"all": [{"m": {"$and": [{"kind": "case"}]}}]}),
    )
    assert evaluator.evaluate({"held": 0}) == {"NR-15b": "no"}
    with pytest.raises(EngineFault) as caught:
        evaluator.evaluate({"held": 1})
    assert (caught.value.what, caught.value.card) == (Fault.SEVERAL_OUTCOMES, "NR-15b")
    assert sorted(caught.value.outcomes) == ["no", "yes"]


def test_a_missing_rule_is_caught() -> None:
    one = compile_cards([a_card(), a_card("NR-16")])
    evaluator = LiveEvaluator.from_compiled(changed(one, rule_of(one, "NR-16", "no"), None))
    with pytest.raises(EngineFault) as caught:
        evaluator.evaluate({"held": 0})
    assert (caught.value.what, caught.value.card) == (Fault.NO_OUTCOME, "NR-16")


def test_a_canary_that_cannot_fire_is_caught_when_the_rules_are_loaded() -> None:
    silent = {"all": [{"m": {"$and": [{"kind": "another"}]}}]}
    with pytest.raises(EngineFault) as caught:
        LiveEvaluator.from_compiled(changed(compile_cards([a_card()]), CANARY, silent))
    assert caught.value.what is Fault.CANARY_SILENT


def test_a_canary_that_falls_silent_voids_every_evaluation_and_crashes_nothing() -> None:
    one = compile_cards([a_card()])
    silent = {"all": [{"m": {"$and": [{"kind": "case"}, {"$nex": {"c0": 1}}]}}]}
    evaluator = LiveEvaluator.from_compiled(changed(one, CANARY, silent))
    for value in (0, 1, 2) * 700:  # more than the 1,024 states that a ruleset can hold
        with pytest.raises(EngineFault) as caught:
            evaluator.evaluate({"held": value})
        assert caught.value.what is Fault.CANARY_SILENT


def test_a_rule_that_no_card_knows_is_caught() -> None:
    one = compile_cards([a_card()])
    (name,) = one.rulesets
    extra = {"all": [{"m": {"$and": [{"kind": "case"}]}}]}
    rulesets = {name: one.rulesets[name] | {"extra": extra}}
    with pytest.raises(EngineFault) as caught:
        LiveEvaluator.from_compiled(dataclasses.replace(one, rulesets=rulesets)).evaluate({"held": 0})
    assert (caught.value.what, caught.value.detail) == (Fault.UNKNOWN_RULE, "extra")


def test_an_overfull_ruleset_is_refused() -> None:
    one = compile_cards([a_card()])
    (name,) = one.rulesets
    rule = one.rulesets[name][CANARY]
    rulesets = {name: one.rulesets[name] | {f"extra{number}": rule for number in range(60)}}
    with pytest.raises(RulesetTooLargeError) as caught:
        LiveEvaluator.from_compiled(dataclasses.replace(one, rulesets=rulesets))
    assert (caught.value.ruleset, caught.value.rules) == (name, 63)


def test_the_compiled_rules_are_not_touched_by_loading_them() -> None:
    one = compile_cards([a_card()])
    before = copy.deepcopy(one)
    LiveEvaluator.from_compiled(one).evaluate({"held": 1})
    LiveEvaluator.from_compiled(one).evaluate({"held": 1})
    assert one == before
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 (our own bytes)


def test_a_card_that_fits_stands_in_one_ruleset() -> None:
    every = tuple(Term((Bounds(f"n{number}", 0, None),)) for number in range(25))
    one = compile_cards(CardRules(f"card {number}", "step", {"yes": every}) for number in range(5))
    assert [len(rules) for rules in one.rulesets.values()] == [51, 51, 26]
    homes = {(one.meanings[rule][0], name) for name, rules in one.rulesets.items() for rule in rules if rule != CANARY}
    assert len(homes) == 5


def test_cards_of_different_steps_share_no_ruleset_and_facts_hold_only_what_is_asked() -> None:
    one = compile_cards([a_card("a", "x"), dataclasses.replace(a_card("b", "y"), shard="risk $state")])
    assert [set(named) for named in one.properties.values()] == [{"x"}, {"y"}]
    assert not any("$" in name for name in one.rulesets)
    assert LiveEvaluator.from_compiled(one).evaluate({"x": 1, "y": 0}) == {"a": "yes", "b": "no"}


def test_a_card_with_more_rules_than_a_ruleset_holds_is_spread_and_still_gives_one_outcome() -> None:
    yes = tuple(Term((Bounds("n", number, number),)) for number in range(150))
    one = compile_cards([CardRules("NR-1", "step", {"yes": yes, "no": (Term((Bounds("n", 150, None),)),)})])
    assert [len(rules) for rules in one.rulesets.values()] == [MOST_RULES, MOST_RULES, 34]
    evaluator = LiveEvaluator.from_compiled(one)
    assert [evaluator.evaluate({"n": number}) for number in (0, 58, 59, 149, 150)] == [
        *[{"NR-1": "yes"}] * 4,
        {"NR-1": "no"},
    ]


def test_a_rule_with_too_many_columns_is_refused_with_the_figure() -> None:
    wide = Term(tuple(Bounds(f"n{number}", 0, None) for number in range(241)))
    with pytest.raises(RuleTooWideError) as caught:
        compile_cards([CardRules("NR-1", "step", {"yes": (wide,)})])
    assert (caught.value.card, caught.value.columns) == ("NR-1", 241)


def test_cards_that_cannot_be_compiled_are_refused() -> None:
    with pytest.raises(CardWithoutRulesError):
        compile_cards([CardRules("NR-1", "step", {"yes": ()})])
    with pytest.raises(DuplicateCardError):
        compile_cards([a_card(), a_card()])
    with pytest.raises(LiteralOutOfRangeError):
        compile_cards([CardRules("NR-1", "step", {"yes": (Term((Bounds("n", 2**63, None),)),)})])


def test_names_that_durable_rules_would_take_for_one_are_refused() -> None:
    assert fnv1a("costarring") == fnv1a("liquid")
    with pytest.raises(NameCollisionError) as caught:
        refuse_collisions(["held", "costarring", "liquid"])
    assert caught.value.names == ("costarring", "liquid")
    assert (fnv1a("id"), fnv1a("sid")) == (926444256, 3593476751)  # as durable_rules has them in state.h


def test_a_fault_travels_with_all_its_data() -> None:
    fault = EngineFault(Fault.SEVERAL_OUTCOMES, card="NR-1", outcomes=("yes", "no"), detail="why")
    copied = pickle.loads(pickle.dumps(fault))  # noqa: S301 (our own bytes)
    assert (copied.what, copied.card, copied.outcomes, copied.detail, str(copied)) == (
        fault.what,
        fault.card,
        fault.outcomes,
        fault.detail,
        str(fault),
    )
