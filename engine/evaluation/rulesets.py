"""Rulesets for durable_rules, compiled from cards in disjunctive normal form.

Decides how rules are written, named and packed. Emits only the subset of durable_rules that was measured to
be exact: every rule a conjunction of comparisons with integers after a guard, a catch-all rule as canary, at
most 60 rules to a ruleset; a card with more is spread over several. Does not decide what an outcome means;
loads nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

from engine.evaluation.dnf import Term
from engine.evaluation.formula import Op, Test

MOST_RULES: Final = 60
"""A fact that satisfies more than 64 rules of a ruleset fires none of them."""

MOST_COLUMNS: Final = 240
"""A fact of 255 properties or more is refused; kind, id and sid are three of them."""

LEAST: Final = -(2**63)
GREATEST: Final = 2**63 - 1

CANARY: Final = "canary"
GUARD: Final = "case"
RESERVED: Final = ("kind", "id", "sid", "$s", "$time", "$forward", "$i", "$m")

WORDS: Final = {Op.LT: "$lt", Op.LE: "$lte", Op.GT: "$gt", Op.GE: "$gte", Op.NE: "$neq"}

Rule = dict[str, Any]
Ruleset = dict[str, Rule]


class RuleTooWideError(Exception):
    """One rule of a card asks about more columns than one fact holds."""

    def __init__(self, card: str, columns: int) -> None:
        super().__init__(f"a rule of {card} asks about {columns} columns, {MOST_COLUMNS} are possible; split the card")
        self.card = card
        self.columns = columns


class CardWithoutRulesError(Exception):
    """No outcome of a card can ever be true."""

    def __init__(self, card: str) -> None:
        super().__init__(f"no outcome of {card} can be true; give it one that can")
        self.card = card


class DuplicateCardError(Exception):
    """Two cards have the same id."""

    def __init__(self, card: str) -> None:
        super().__init__(f"{card} is given twice; give every card an id of its own")
        self.card = card


class LiteralOutOfRangeError(Exception):
    """A card compares with an integer that does not fit in 64 bits."""

    def __init__(self, card: str, value: int) -> None:
        super().__init__(f"{card} compares with {value}; use an integer that fits in 64 bits")
        self.card = card
        self.value = value


class NameCollisionError(Exception):
    """Two property names have the same 32-bit hash, by which durable_rules tells them apart."""

    def __init__(self, names: tuple[str, str]) -> None:
        super().__init__(f"{names[0]} and {names[1]} have the same FNV-1a hash; rename one")
        self.names = names


class RulesetTooLargeError(Exception):
    """A compiled ruleset has more rules than can be trusted."""

    def __init__(self, ruleset: str, rules: int) -> None:
        super().__init__(f"ruleset {ruleset} has {rules} rules, {MOST_RULES} are possible; compile it anew")
        self.ruleset = ruleset
        self.rules = rules


@dataclass(frozen=True, slots=True)
class CardRules:
    """A card: its outcomes in disjunctive normal form, and the shard that it belongs to."""

    card: str
    shard: str
    outcomes: Mapping[str, tuple[Term, ...]]


@dataclass(frozen=True, slots=True)
class Compiled:
    """Rulesets of durable_rules, and what their names stand for. Nothing but text and integers."""

    cards: tuple[str, ...]
    rulesets: dict[str, Ruleset]
    properties: dict[str, dict[str, str]]
    """For every ruleset its columns, each with the short name that it has in the rules and in the fact."""
    meanings: dict[str, tuple[str, str]]
    """For every rule its card and outcome."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column that an evaluation needs, sorted."""
        return tuple(sorted({column for named in self.properties.values() for column in named}))


def compile_cards(cards: Iterable[CardRules]) -> Compiled:
    """Compile cards to rulesets, the rules of a card in one where they fit."""
    given = tuple(cards)
    ids = Counter(card.card for card in given)
    for card in given:
        if ids[card.card] > 1:
            raise DuplicateCardError(card.card)
        _refuse(card)
    columns = sorted({column for card in given for column in _columns(card)})
    names = {column: f"c{number}" for number, column in enumerate(columns)}
    refuse_collisions((*RESERVED, *names.values()))
    compiled, numbers = Compiled(tuple(ids), {}, {}, {}), count()
    for number, pack in enumerate(_packs(given)):
        ruleset = f"{pack.shard.replace('$', '_')}.{number}"
        rules = {f"r{next(numbers)}": rule for card in pack.cards for rule in _rules(card)}
        compiled.properties[ruleset] = {column: names[column] for column in sorted(pack.columns)}
        compiled.meanings.update({rule: (card, outcome) for rule, (card, outcome, _) in rules.items()})
        compiled.rulesets[ruleset] = _ruleset({rule: term for rule, (_, _, term) in rules.items()}, names)
    return compiled


def refuse_large(rulesets: Mapping[str, Ruleset]) -> None:
    """Raise `RulesetTooLargeError` if a ruleset has more rules than can be trusted."""
    for name, rules in rulesets.items():
        if len(rules) > MOST_RULES:
            raise RulesetTooLargeError(name, len(rules))


def refuse_collisions(names: Sequence[str]) -> None:
    """Raise `NameCollisionError` if durable_rules would take two names for one."""
    seen: dict[int, str] = {}
    for name in names:
        other = seen.setdefault(fnv1a(name), name)
        if other != name:
            raise NameCollisionError((other, name))


def fnv1a(name: str) -> int:
    """Return the 32-bit FNV-1a hash of a name."""
    found = 2166136261
    for byte in name.encode():
        found = (found ^ byte) * 16777619 % 2**32
    return found


def _columns(card: CardRules) -> set[str]:
    return {bounds.column for _, _, term in _rules(card) for bounds in term.bounds}


def _rules(card: CardRules) -> Iterator[tuple[str, str, Term]]:
    for outcome, found in card.outcomes.items():
        for term in found:
            yield card.card, outcome, term


def _refuse(card: CardRules) -> None:
    rules = [term for _, _, term in _rules(card)]
    if not rules:
        raise CardWithoutRulesError(card.card)
    for term in rules:
        if len(term.bounds) > MOST_COLUMNS:
            raise RuleTooWideError(card.card, len(term.bounds))
        for test in term.tests():
            if not LEAST <= test.value <= GREATEST:
                raise LiteralOutOfRangeError(card.card, test.value)


def _pieces(card: CardRules) -> Iterator[CardRules]:
    """Cut a card into pieces that each fit a ruleset; most cards are one piece."""
    outcomes: dict[str, tuple[Term, ...]] = {}
    columns: set[str] = set()
    size = 0
    for _, outcome, term in _rules(card):
        wider = columns | {bounds.column for bounds in term.bounds}
        if size == MOST_RULES - 1 or len(wider) > MOST_COLUMNS:
            yield replace(card, outcomes=outcomes)
            outcomes, size, wider = {}, 0, {bounds.column for bounds in term.bounds}
        outcomes[outcome] = (*outcomes.get(outcome, ()), term)
        columns, size = wider, size + 1
    yield replace(card, outcomes=outcomes)


@dataclass(slots=True)
class _Pack:
    """Cards that share a ruleset."""

    shard: str
    cards: list[CardRules] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    rules: int = 1

    def takes(self, card: CardRules) -> bool:
        """Take the card in if there is room for it."""
        rules, columns = self.rules + sum(1 for _ in _rules(card)), self.columns | _columns(card)
        if card.shard != self.shard or rules > MOST_RULES or len(columns) > MOST_COLUMNS:
            return False
        self.cards.append(card)
        self.rules, self.columns = rules, columns
        return True


def _packs(cards: Iterable[CardRules]) -> list[_Pack]:
    """Put each card, or piece of one, in the first ruleset of its shard that has room for it."""
    packs: list[_Pack] = []
    for piece in (piece for card in cards for piece in _pieces(card)):
        if not any(pack.takes(piece) for pack in packs):
            packs.append(_Pack(piece.shard))
            packs[-1].takes(piece)
    return packs


def _ruleset(rules: Mapping[str, Term], names: Mapping[str, str]) -> Ruleset:
    """Write the rules, comparisons that many share first, so that durable_rules makes them once."""
    shared = Counter(test for term in rules.values() for test in term.tests())
    written = {CANARY: _rule([])}
    for rule, term in rules.items():
        ordered = sorted(term.tests(), key=lambda test: (-shared[test], test.column, test.op, test.value))
        written[rule] = _rule([_comparison(test, names[test.column]) for test in ordered])
    return written


def _rule(comparisons: list[dict[str, Any]]) -> Rule:
    return {"all": [{"m": {"$and": [{"kind": GUARD}, *comparisons]}}]}


def _comparison(test: Test, name: str) -> dict[str, Any]:
    if test.op is Op.EQ:
        return {name: test.value}
    return {WORDS[test.op]: {name: test.value}}
