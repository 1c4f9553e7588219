"""Both evaluators against the oracle, on records and cards drawn at random."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.evaluation import formula as f
from engine.evaluation.compile import CompiledCard
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.dnf import NotEqualError, proves_equal
from engine.evaluation.live import EngineFault, LiveEvaluator
from engine.evaluation.rulesets import WORDS, Compiled
from engine.vocabulary import Verdict
from tests.oracle.cards import KINDS, draw_card
from tests.oracle.compare import by_live, by_oracle, by_sweep, compiled_of, derivation, draw_cards
from tests.oracle.readings import READINGS, Reading
from tests.oracle.records import AS_OF, KNOWN_AT, Asked, draw_asked, grouped, seeded
from tests.soak import soak

CARDS: Final = 40
RECORDS: Final = 90
LEAST_SHARE: Final = 0.05

COMPARISONS: Final = {word: op for op, word in WORDS.items()}


@lru_cache(maxsize=1)
def mixed() -> CompiledRulebook:
    """Two cards of every kind, so that shards hold cards of several."""
    rng = seeded("mixed")
    kinds = [kind for kind in KINDS for _ in range(2)]
    return compiled_of([draw_card(rng, kind, f"TT-{number}") for number, kind in enumerate(kinds)])


def drawn(seed: object, count: int) -> list[Asked]:
    rng = seeded(seed)
    return [draw_asked(rng) for _ in range(count)]


def of_one_day(seed: object, count: int) -> list[Asked]:
    return [replace(one, as_of=AS_OF[4], known_at=KNOWN_AT[0]) for one in drawn(seed, count)]


def columns(compiled: CompiledRulebook, asked: Sequence[Asked]) -> list[dict[str, int]]:
    """Return what rules read of each record; the doubts are left out, for of what is decided they say nothing."""
    found = compiled.columns(derivation(compiled, asked))
    found = {name: values for name, values in found.items() if not name.endswith(".doubt")}
    return [{name: int(values[place]) for name, values in found.items()} for place in range(len(asked))]


@pytest.mark.parametrize("kind", KINDS)
def test_live_sweep_and_oracle_agree_and_every_verdict_is_drawn(kind: str) -> None:
    rng = seeded(f"agreement {kind}")
    cards = draw_cards(rng, kind, CARDS)
    compiled, drawn_verdicts = compiled_of(cards), Counter[str]()
    for asked in grouped(drawn(f"records {kind}", RECORDS)):
        derived = derivation(compiled, asked)
        for one, swept, live in zip(asked, by_sweep(compiled, derived), by_live(compiled, derived), strict=True):
            expected = {card.id: by_oracle(card, one) for card in cards}
            assert swept == expected, _told(kind, one)
            assert live == {card: answer.outcome for card, answer in expected.items()}, _told(kind, one)
            drawn_verdicts.update(answer.outcome for answer in expected.values())
    drawn_verdicts["satisfied"] += drawn_verdicts.pop("satisfied_by_exception", 0)
    total = drawn_verdicts.total()
    assert total == CARDS * RECORDS
    assert {verdict for verdict in Verdict if drawn_verdicts[verdict] >= LEAST_SHARE * total} == set(Verdict)


def _told(kind: str, one: Asked) -> str:
    return f"{kind} on {one.as_of}, known at {one.known_at}: {one.record.model_dump_json(exclude_defaults=True)}"


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.name.replace(" ", "-"))
def test_a_reading_stands(reading: Reading) -> None:
    card = reading.as_card()
    asked, compiled = Asked(reading.as_record(), reading.as_of, KNOWN_AT[0]), compiled_of([card])
    derived = derivation(compiled, [asked])
    assert by_oracle(card, asked).outcome == reading.outcome
    assert by_sweep(compiled, derived)[0][card.id] == by_oracle(card, asked)
    assert by_live(compiled, derived)[0][card.id] == reading.outcome


def test_cards_that_ask_alike_but_go_by_different_acts_are_told_apart() -> None:
    duty: dict[str, Any] = {"kind": "minimum_count", "round": "any_round", "of": "rounds", "due": "gate.discussion"}
    duty["at_least"] = {"parameter": "some_count"}
    steps = {"study": [{"convened": "2024-03-05"}] * 3, "meeting": {"convened": "2024-05-20"}}
    early = Reading(
        "", "study", duty, steps, "", card={"in_force": {"from": "2020-01-01", "by": "study.first.convened"}}
    )
    cards = [early.as_card(), replace(early, card={"id": "TT-2"}).as_card()]
    asked, compiled = Asked(early.as_record(), date(2024, 6, 1), KNOWN_AT[0]), compiled_of(cards)
    live = by_live(compiled, derivation(compiled, [asked]))[0]
    assert live == {"TT-1": "satisfied", "TT-2": "violated"}


@settings(max_examples=8, deadline=None)
@given(st.integers(min_value=0, max_value=2**32))
def test_many_at_once_are_answered_as_one_by_one(seed: int) -> None:
    compiled, asked = mixed(), of_one_day(seed, 12)
    together = columns(compiled, asked)
    assert together == [columns(compiled, [one])[0] for one in asked]
    assert by_sweep(compiled, derivation(compiled, asked)) == [
        by_sweep(compiled, derivation(compiled, [one]))[0] for one in asked
    ]


def test_a_record_is_answered_alike_whatever_stands_beside_it() -> None:
    compiled, asked, others = mixed(), of_one_day("beside", 30), of_one_day("others", 30)
    expected = columns(compiled, asked)
    shuffled = seeded("order").sample([*asked, *others], 60)
    found = columns(compiled, shuffled)
    assert [found[shuffled.index(one)] for one in asked] == expected


def test_a_card_is_answered_alike_whatever_stands_beside_it() -> None:
    asked, together = of_one_day("alone", 40), mixed()
    expected = by_sweep(together, derivation(together, asked))
    for compiled in together.cards:
        alone = compiled_of([compiled.meaning.card])
        found = by_sweep(alone, derivation(alone, asked))
        assert found == [{compiled.id: answers[compiled.id]} for answers in expected]


def test_a_rule_changed_by_one_literal_is_caught_or_says_the_same() -> None:
    compiled, rng = mixed(), seeded("changed")
    pool = [case for asked in grouped(drawn("pool", 300)) for case in columns(compiled, asked)]
    rules, expected = compiled.live.compiled, [compiled.live.evaluate(case) for case in pool]
    caught = Counter[str]()
    for ruleset, rule, place in rng.sample(list(_literals(rules)), 40):
        changed, card = _changed(rules, ruleset, rule, place, by=rng.choice((-1, 1))), _card(compiled, rule)
        live = LiveEvaluator.from_compiled(changed)
        if any(_answers(live, case) != answers for case, answers in zip(pool, expected, strict=True)):
            caught["by records"] += 1
            continue
        try:
            proves_equal(_formula(rules, rule), _formula(changed, rule), intervals=card.intervals, domains=card.domains)
        except NotEqualError as error:
            case = pool[0] | error.witness
            assert _answers(live, case) != compiled.live.evaluate(case), f"{rule} of {card.id}"
            caught["by witness"] += 1
        else:
            caught["equal"] += 1
    assert caught.total() == 40
    assert caught["by records"] > 0, caught


def _literals(rules: Compiled) -> Iterator[tuple[str, str, int]]:
    for name, ruleset in rules.rulesets.items():
        for rule in ruleset:
            for place in range(1, len(_comparisons(rules, name, rule))):
                yield name, rule, place


def _comparisons(rules: Compiled, ruleset: str, rule: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rules.rulesets[ruleset][rule]["all"][0]["m"]["$and"]
    return found


def _changed(rules: Compiled, ruleset: str, rule: str, place: int, *, by: int) -> Compiled:
    given = _comparisons(rules, ruleset, rule)
    word, value = next(iter(given[place].items()))
    other = {word: value + by} if isinstance(value, int) else {word: {name: old + by for name, old in value.items()}}
    comparisons = [*given[:place], other, *given[place + 1 :]]
    written = rules.rulesets[ruleset] | {rule: {"all": [{"m": {"$and": comparisons}}]}}
    return replace(rules, rulesets=rules.rulesets | {ruleset: written})


def _card(compiled: CompiledRulebook, rule: str) -> CompiledCard:
    name, _ = compiled.live.compiled.meanings[rule]
    return next(card for card in compiled.cards if card.id == name)


def _formula(rules: Compiled, rule: str) -> f.Formula:
    """Read back what all rules of an outcome say."""
    found: list[f.Formula] = []
    for name, ruleset in rules.rulesets.items():
        columns_of = {short: column for column, short in rules.properties[name].items()}
        for other in ruleset:
            if rules.meanings.get(other) == rules.meanings[rule]:
                tests = [_test(given, columns_of) for given in _comparisons(rules, name, other)[1:]]
                found.append(f.conjunction(*tests))
    return f.disjunction(*found)


def _test(given: dict[str, Any], names: dict[str, str]) -> f.Test:
    ((word, value),) = given.items()
    if isinstance(value, int):
        return f.Test(names[word], f.Op.EQ, value)
    ((name, literal),) = value.items()
    return f.Test(names[name], COMPARISONS[word], literal)


def _answers(live: LiveEvaluator, case: dict[str, int]) -> dict[str, str] | None:
    try:
        return live.evaluate(case)
    except EngineFault:
        return None


def test_5000_evaluations_on_several_threads_neither_fault_nor_disagree() -> None:
    tally = soak(5000, threads=4, seed="test")
    assert tally.evaluations == 5000
    assert (tally.disagreements, tally.faults, tally.lost) == (0, 0, 0), tally.examples


def test_columns_hold_integers_only() -> None:
    found = mixed().columns(derivation(mixed(), of_one_day("integers", 5)))
    assert {values.dtype for values in found.values()} == {np.dtype(np.int32), np.dtype(np.uint8)}
