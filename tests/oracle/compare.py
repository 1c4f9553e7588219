"""Both evaluators and the oracle on the same records and cards."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.cards.card import Card, card_meaning
from engine.conditions.names import Names
from engine.evaluation.compile import Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweep import VIOLATIONS
from engine.observables.derive import Derivation
from engine.observables.kleene import DOUBTS
from engine.parameters.jurisdictions import JurisdictionTree
from engine.parameters.parameter import ParameterTable
from engine.rulebook.rulebook import ExampleDefaults, Masthead, Rulebook
from engine.vocabulary import Bilingual, Doubt, Violation
from tests.oracle.cards import draw_card
from tests.oracle.records import Asked, draw_asked
from tests.oracle.verdict import Conclusion, verdict
from tests.oracle.world import world

OUTCOMES: Final = list(Outcome)
PROBES: Final = 12
UNSTEERED: Final = 0.3
FULFILLED: Final = {"satisfied", "satisfied_by_exception"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one card on one record."""

    outcome: str
    reason: Violation | Doubt | None = None


def rulebook(cards: Sequence[Card]) -> Rulebook:
    """Make a rulebook of cards of the trial procedure."""
    given, tree = world(), JurisdictionTree(world().places)
    names = Names(given.procedure, {parameter.id: parameter for parameter in given.parameters}, tree.ids)
    title = Bilingual(zh="虚构", en="made up")
    examples = ExampleDefaults(as_of=date(2024, 12, 31), record={})
    return Rulebook(
        masthead=Masthead(id="trial", title=title, examples=examples),
        digest="",
        procedures={given.procedure.id: given.procedure},
        instruments={},
        tree=tree,
        parameters={parameter.id: ParameterTable(parameter, tree) for parameter in given.parameters},
        holidays=given.holidays,
        meanings=tuple(card_meaning(card, names) for card in cards),
    )


def draw_cards(rng: random.Random, kind: str, count: int) -> list[Card]:
    """Draw cards of a kind, steered: those that violate nothing, or fulfil nothing, in a few records are fewer."""
    tried = [draw_asked(rng) for _ in range(PROBES)]
    found: list[Card] = []
    while len(found) < count:
        card = draw_card(rng, kind, f"TT-{len(found)}")
        told = {by_oracle(card, one).outcome for one in tried}
        if ("violated" in told and told & FULFILLED) or rng.random() < UNSTEERED:
            found.append(card)
    return found


def compiled_of(cards: Sequence[Card]) -> CompiledRulebook:
    """Compile cards of the trial procedure."""
    return CompiledRulebook(rulebook(cards), world().procedure.id)


def derivation(compiled: CompiledRulebook, asked: Sequence[Asked]) -> Derivation:
    """Derive for some records, all asked about the same day and time."""
    ((as_of, known_at),) = {(one.as_of, one.known_at) for one in asked}
    cases = compiled.cases([one.record for one in asked])
    return compiled.derivation(cases, as_of=as_of, known_at=known_at)


def by_sweep(compiled: CompiledRulebook, derived: Derivation) -> list[dict[str, Answer]]:
    """Answer by the sweep evaluator, with reasons; one entry per record."""
    found: list[dict[str, Answer]] = [{} for _ in range(derived.cases.size)]
    judged = compiled.sweep.evaluate(compiled.columns(derived))
    for card, codes, reasons in zip(compiled.cards, judged.outcomes, judged.reasons, strict=True):
        for place, (code, reason) in enumerate(zip(codes, reasons, strict=True)):
            outcome = OUTCOMES[code]
            known: dict[int, Violation] | dict[int, Doubt] = VIOLATIONS if outcome is Outcome.VIOLATED else DOUBTS
            found[place][card.id] = Answer(str(outcome), known.get(int(reason)))
    return found


def by_live(compiled: CompiledRulebook, derived: Derivation) -> list[dict[str, str]]:
    """Answer by the live evaluator; one entry per record."""
    columns = compiled.columns(derived)
    return [
        compiled.live.evaluate({name: int(values[place]) for name, values in columns.items()})
        for place in range(derived.cases.size)
    ]


def by_oracle(card: Card, asked: Asked) -> Answer:
    """Answer by the oracle."""
    given = world()
    found = verdict(
        asked.record,
        card,
        procedure=given.procedure,
        parameters=given.parameters,
        jurisdictions=given.places,
        holidays=given.holidays,
        as_of=asked.as_of,
        known_at=asked.known_at,
    )
    return Answer(_outcome(found), found.violation or found.doubt)


def _outcome(found: Conclusion) -> str:
    return str(Outcome.BY_EXCEPTION if found.by_exception else Outcome(found.verdict.value))
