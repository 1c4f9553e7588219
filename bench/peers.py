"""The same outcome formulas in the languages of other rules engines, on cases whose observables are ready.

Each engine is used as its documentation recommends, with rules compiled once: rule-engine evaluates one ternary
expression per card, zen-engine one compiled expression for all cards, CLIPS one rule per card and outcome against
a fact per case, durable_rules what the service runs. Columns are named c0, c1, …, for their names are sentences.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import clips
import numpy as np
import rule_engine
import zen
from numpy.typing import NDArray

from engine.evaluation.compile import OUTCOME_CODES, CompiledCard, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.formula import All, AnyOf, Formula, Op, Test

Case = dict[str, int]
Codes = list[list[int]]
"""For each case the outcome code of each card."""

NONE_HOLDS: Final = 255
"""What stands for an outcome where no formula holds."""


def short_names(cards: Sequence[CompiledCard]) -> dict[str, str]:
    """Name the columns that the cards read c0, c1, …, in order."""
    columns = {column for card in cards for formula in card.outcomes.values() for column in columns_of(formula)}
    return {column: f"c{place}" for place, column in enumerate(sorted(columns))}


def columns_of(formula: Formula) -> set[str]:
    """Return the columns that a formula reads."""
    match formula:
        case Test(column, _, _):
            return {column}
        case All(parts) | AnyOf(parts):
            return set(chain.from_iterable(map(columns_of, parts)))


def cases_of(columns: Mapping[str, NDArray[Any]], names: Mapping[str, str]) -> list[Case]:
    """Write columns as one mapping per case, with Python's own integers."""
    values = [columns[column].tolist() for column in names]
    return [dict(zip(names.values(), row, strict=True)) for row in zip(*values, strict=True)]


class Peer(ABC):
    """A rules engine with the cards loaded."""

    name: str
    package: str

    @abstractmethod
    def judge(self, cases: Sequence[Case]) -> Codes:
        """Return the outcome code of every card for every case."""


# --- engines that read expressions -----------------------------------------------------------------------------------


def infix(formula: Formula, names: Mapping[str, str]) -> str:
    """Write a formula with `and` and `or` between comparisons."""
    match formula:
        case Test(column, op, value):
            return f"{names[column]} {op} {value}"
        case All(parts):
            return _joined(parts, names, word="and", nothing="true")
        case AnyOf(parts):
            return _joined(parts, names, word="or", nothing="false")


def _joined(parts: Sequence[Formula], names: Mapping[str, str], *, word: str, nothing: str) -> str:
    return "(" + f" {word} ".join(infix(part, names) for part in parts) + ")" if parts else nothing


def ternary(card: CompiledCard, names: Mapping[str, str]) -> str:
    """Write a card as one expression that gives the code of its outcome."""
    text = str(NONE_HOLDS)
    for outcome in reversed(Outcome):
        text = f"{infix(card.outcomes[outcome], names)} ? {OUTCOME_CODES[outcome]} : ({text})"
    return text


class RuleEngine(Peer):
    """rule-engine: a typed context, one compiled rule per card."""

    name = "rule-engine"
    package = "rule-engine"

    def __init__(self, cards: Sequence[CompiledCard], names: Mapping[str, str]) -> None:
        types = dict.fromkeys(names.values(), rule_engine.DataType.FLOAT)
        context = rule_engine.Context(type_resolver=rule_engine.type_resolver_from_dict(types))
        self._rules = [rule_engine.Rule(ternary(card, names), context=context) for card in cards]

    def judge(self, cases: Sequence[Case]) -> Codes:
        """Evaluate rule by rule."""
        return [[int(rule.evaluate(case)) for rule in self._rules] for case in cases]


class ZenExpression(Peer):
    """zen-engine: the cards as one compiled expression that gives a list, the leanest way into the engine."""

    name = "zen-engine, expression"
    package = "zen-engine"

    def __init__(self, cards: Sequence[CompiledCard], names: Mapping[str, str]) -> None:
        listed = ", ".join(ternary(card, names) for card in cards)
        self._expression = zen.compile_expression(f"[{listed}]")

    def judge(self, cases: Sequence[Case]) -> Codes:
        """Evaluate case by case."""
        return [list(map(int, self._expression.evaluate(case))) for case in cases]


class ZenDecision(Peer):
    """zen-engine: a decision with an expression node, evaluated in batches."""

    name = "zen-engine, decision in a batch"
    package = "zen-engine"

    def __init__(self, cards: Sequence[CompiledCard], names: Mapping[str, str]) -> None:
        self._keys = [f"k{place}" for place in range(len(cards))]
        written = {key: ternary(card, names) for key, card in zip(self._keys, cards, strict=True)}
        self._engine = zen.ZenEngine({"loader": {"type": "static", "content": {"cards": _decision(written)}}})

    def judge(self, cases: Sequence[Case]) -> Codes:
        """Evaluate all cases in one batch."""
        answers = self._engine.evaluate_batch([{"key": "cards", "context": case} for case in cases])
        results = [answer["data"]["result"] for answer in answers]
        return [[int(result[key]) for key in self._keys] for result in results]


def _decision(expressions: Mapping[str, str]) -> dict[str, Any]:
    """Write a decision: input, one expression node, output."""
    written = [{"id": key, "key": key, "value": value} for key, value in expressions.items()]
    nodes = {
        "input": ("inputNode", {}),
        "cards": ("expressionNode", {"expressions": written}),
        "output": ("outputNode", {}),
    }
    edges = (("input", "cards"), ("cards", "output"))
    return {
        "nodes": [
            {"id": name, "name": name, "type": kind, "content": content} for name, (kind, content) in nodes.items()
        ],
        "edges": [{"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in edges],
    }


# --- CLIPS -----------------------------------------------------------------------------------------------------------

_CLIPS_OPS: Final = {Op.EQ: "=", Op.NE: "<>"}


def prefix(formula: Formula, names: Mapping[str, str]) -> str:
    """Write a formula as CLIPS does, operator first."""
    match formula:
        case Test(column, op, value):
            return f"({_CLIPS_OPS.get(op, op)} ?{names[column]} {value})"
        case All(parts):
            return _nested(parts, names, word="and", nothing="(= 0 0)")
        case AnyOf(parts):
            return _nested(parts, names, word="or", nothing="(= 0 1)")


def _nested(parts: Sequence[Formula], names: Mapping[str, str], *, word: str, nothing: str) -> str:
    written = [prefix(part, names) for part in parts]
    if len(written) > 1:
        return f"({word} {' '.join(written)})"
    return written[0] if written else nothing


class Clips(Peer):
    """CLIPS: a template for cases, a rule per card and outcome, a fact asserted, run and retracted per case."""

    name = "CLIPS (clipspy)"
    package = "clipspy"

    def __init__(self, cards: Sequence[CompiledCard], names: Mapping[str, str]) -> None:
        self._environment = clips.Environment()
        slots = " ".join(f"(slot {name} (type INTEGER))" for name in names.values())
        self._environment.build(f"(deftemplate case {slots})")
        for place, card in enumerate(cards):
            self._environment.build(f"(defglobal ?*k{place}* = {NONE_HOLDS})")
            for outcome, formula in card.outcomes.items():
                self._environment.build(_defrule(place, OUTCOME_CODES[outcome], formula, names))
        self._template = self._environment.find_template("case")
        self._found = [self._environment.find_global(f"k{place}") for place in range(len(cards))]

    def judge(self, cases: Sequence[Case]) -> Codes:
        """Assert, run, read and retract, case by case."""
        return [self._one(case) for case in cases]

    def _one(self, case: Case) -> list[int]:
        fact = self._template.assert_fact(**case)
        self._environment.run()
        fact.retract()
        return [found.value for found in self._found]


def _defrule(card: int, code: int, formula: Formula, names: Mapping[str, str]) -> str:
    bound = " ".join(f"({name} ?{name})" for name in sorted(names[column] for column in columns_of(formula)))
    return f"(defrule k{card}o{code} (case {bound}) (test {prefix(formula, names)}) => (bind ?*k{card}* {code}))"


# --- our own rules engine for one case --------------------------------------------------------------------------------


class Live(Peer):
    """durable_rules by our live evaluator, which checks every answer."""

    name = "durable_rules (our live evaluator)"
    package = "durable-rules"

    def __init__(self, rules: CompiledRulebook, names: Mapping[str, str]) -> None:
        self._live = rules.live
        self._cards = [card.id for card in rules.cards]
        self._columns = {name: column for column, name in names.items()}

    def judge(self, cases: Sequence[Case]) -> Codes:
        """Evaluate case by case."""
        return [self._one({self._columns[name]: value for name, value in case.items()}) for case in cases]

    def _one(self, case: Case) -> list[int]:
        outcomes = self._live.evaluate(case)
        return [OUTCOME_CODES[Outcome(outcomes[card])] for card in self._cards]


def peers(rules: CompiledRulebook, names: Mapping[str, str]) -> list[Peer]:
    """Load the cards into every engine."""
    kinds = (RuleEngine, ZenExpression, ZenDecision, Clips)
    return [kind(rules.cards, names) for kind in kinds] + [Live(rules, names)]


def as_table(codes: Codes) -> NDArray[np.uint8]:
    """Return codes as an array, one row per case, one column per card."""
    return np.array(codes, dtype=np.uint8)
