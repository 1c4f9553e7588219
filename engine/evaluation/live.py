"""The live evaluator: one case at a time, by rules of durable_rules.

Decides which outcome of each card is true of a case, and whether the engine can be trusted in saying so. What
an outcome means is not decided here, nor how rules are written (`engine.evaluation.rulesets`). No action runs
in Python: the name of a rule that fired is read out of the message, so no error can be swallowed on the way.
"""

import contextlib
import copy
import threading
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import count
from typing import Any, Final, Self

from durable import engine as durable

from engine.evaluation.rulesets import (
    CANARY,
    GREATEST,
    GUARD,
    LEAST,
    CardRules,
    Compiled,
    Ruleset,
    compile_cards,
    refuse_large,
)

__all__ = ["CardRules", "Compiled", "EngineFault", "Fault", "LiveEvaluator", "checked", "compile_cards"]

HANDLED: Final = 0
"""What durable_rules answers to a fact that some rule matches."""


class Fault(StrEnum):
    """Why an evaluation is void."""

    CANARY_SILENT = "canary silent"
    NO_OUTCOME = "no outcome"
    SEVERAL_OUTCOMES = "several outcomes"
    UNKNOWN_RULE = "unknown rule"
    ENGINE_ERROR = "engine error"
    MISSING_COLUMN = "missing column"
    NOT_AN_INTEGER = "not an integer"
    OUT_OF_RANGE = "out of range"
    DISAGREEMENT = "evaluators disagree"


class EngineFault(Exception):  # noqa: N818 (a fault of the engine is told apart from an error of a caller)
    """An evaluation is void: the engine, its rules or its input cannot be trusted for this case."""

    def __init__(self, what: Fault, *, card: str = "", outcomes: tuple[str, ...] = (), detail: str = "") -> None:
        said = (what.value, card, ", ".join(outcomes), detail)
        super().__init__("live evaluation is void: " + "; ".join(part for part in said if part))
        self.what = what
        self.card = card
        self.outcomes = outcomes
        self.detail = detail

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes by the data."""
        return _fault, (self.what, self.card, self.outcomes, self.detail)


def _fault(what: Fault, card: str, outcomes: tuple[str, ...], detail: str) -> EngineFault:
    return EngineFault(what, card=card, outcomes=outcomes, detail=detail)


def checked(case: Mapping[str, int], columns: Iterable[str]) -> list[int]:
    """Return the values of the columns; raise `EngineFault` for one that is missing or no 64-bit integer."""
    values = []
    for column in columns:
        if column not in case:
            raise EngineFault(Fault.MISSING_COLUMN, detail=column)
        value = case[column]
        if type(value) is not int:
            raise EngineFault(Fault.NOT_AN_INTEGER, detail=f"{column} is {value!r}")
        if not LEAST <= value <= GREATEST:
            raise EngineFault(Fault.OUT_OF_RANGE, detail=f"{column} is {value}")
        values.append(value)
    return values


class _QuietHost(durable.Host):  # type: ignore[misc] # durable_rules carries no types
    """A host without the two timer threads of the stock host, which take results away from the caller."""

    def _run(self) -> None:
        """Start nothing."""


class _Shard:
    """One ruleset, loaded."""

    def __init__(self, ruleset: Any, properties: Mapping[str, str]) -> None:  # noqa: ANN401 (carries no types)
        self._core: Final = durable.durable_rules_engine
        self._handle: Final[int] = ruleset._handle  # noqa: SLF001 (there is no public way to it)
        self._columns: Final = tuple(properties)
        self._bare: Final = f'{{"kind":"{GUARD}","id":"%d","sid":"%d"'
        self._fact: Final = self._bare + "".join(f',"{name}":%d' for name in properties.values()) + "}"

    def warm_up(self, number: int) -> None:
        """Fire the canary once, on a fact without columns.

        A state lies in memory that durable_rules does not clear. Deleted before a rule has fired in it, it
        frees what it happens to find there, and the process may crash. Every later state takes the place of
        this one, whose firing has cleared it, so from here on a state can be deleted whatever has happened.
        """
        if CANARY not in self._fire((self._bare + "}") % (number, number)):
            raise EngineFault(Fault.CANARY_SILENT, detail="when the rules were loaded")
        self._core.delete_state(self._handle, str(number))

    def fired(self, number: int, values: Mapping[str, int]) -> list[str]:
        """Return the names of the rules that are true of the values; leave no state behind."""
        fact = self._fact % (number, number, *[values[column] for column in self._columns])
        try:
            fired = self._fire(fact)
        except BaseException:
            with contextlib.suppress(Exception):  # there may be no state yet; the first error is the one to tell
                self._core.delete_state(self._handle, str(number))
            raise
        self._core.delete_state(self._handle, str(number))
        return fired

    def _fire(self, fact: str) -> list[str]:
        fired: list[str] = []
        result, state = self._core.assert_fact(self._handle, fact)
        if result != HANDLED:
            return fired
        started = self._core.start_action_for_state(self._handle, state)
        message = started[1] if started else None
        while message is not None:
            fired.append(message[2 : message.index('"', 2)])
            message = self._core.complete_and_start_action(self._handle, state)
        return fired


class LiveEvaluator:
    """Cards compiled and loaded, to be asked about one case after the other, from any thread.

    Raises the errors of `compile_cards`, and `EngineFault` if a canary is silent.
    """

    def __init__(self, cards: Iterable[CardRules] | Compiled) -> None:
        self.compiled: Final = cards if isinstance(cards, Compiled) else compile_cards(cards)
        self._lock: Final = threading.Lock()
        self._numbers: Final = count(1)
        self._columns: Final = self.compiled.columns
        self._shards: Final = _loaded(self.compiled)
        for shard in self._shards:
            shard.warm_up(next(self._numbers))

    @classmethod
    def from_compiled(cls, compiled: Compiled) -> Self:
        """Load rulesets as they are handed over."""
        return cls(compiled)

    @property
    def rulesets(self) -> dict[str, Ruleset]:
        """Return the rulesets in the form in which durable_rules reads them."""
        return self.compiled.rulesets

    def evaluate(self, case: Mapping[str, int]) -> dict[str, str]:
        """Return the one outcome of every card; raise `EngineFault` unless each has exactly one."""
        values = dict(zip(self._columns, checked(case, self._columns), strict=True))
        with self._lock:
            fired = [rule for shard in self._shards for rule in self._fired(shard, values)]
        return self._outcomes(fired)

    def _fired(self, shard: _Shard, values: Mapping[str, int]) -> list[str]:
        try:
            fired = shard.fired(next(self._numbers), values)
        except Exception as error:
            raise EngineFault(Fault.ENGINE_ERROR, detail=f"{type(error).__name__}: {error}") from error
        if CANARY not in fired:
            raise EngineFault(Fault.CANARY_SILENT)
        return fired

    def _outcomes(self, fired: Iterable[str]) -> dict[str, str]:
        found: dict[str, dict[str, None]] = {card: {} for card in self.compiled.cards}
        for rule in fired:
            if rule != CANARY:
                if rule not in self.compiled.meanings:
                    raise EngineFault(Fault.UNKNOWN_RULE, detail=rule)
                card, outcome = self.compiled.meanings[rule]
                found[card][outcome] = None
        return {card: _only(card, tuple(outcomes)) for card, outcomes in found.items()}


def _only(card: str, outcomes: tuple[str, ...]) -> str:
    if len(outcomes) == 1:
        return outcomes[0]
    what = Fault.SEVERAL_OUTCOMES if outcomes else Fault.NO_OUTCOME
    raise EngineFault(what, card=card, outcomes=outcomes)


def _loaded(compiled: Compiled) -> list[_Shard]:
    """Load rulesets into a host of their own, which takes a copy: durable_rules changes what it is given."""
    refuse_large(compiled.rulesets)
    definitions = copy.deepcopy(compiled.rulesets)
    for rule in (rule for rules in definitions.values() for rule in rules.values()):
        rule["run"] = _nothing
    host = _QuietHost(definitions)
    return [_Shard(host.get_ruleset(name), compiled.properties[name]) for name in compiled.rulesets]


def _nothing(_message: object) -> None:
    """Stand in for the action that durable_rules demands of a rule; never called."""
