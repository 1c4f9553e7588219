"""What has to be true of the rounds that are still to come: facts and documents that the cards ask for.

Days can be planned only if what the rounds will say is taken for granted. It is found by trying, as days are: of each
fact that is not on record the value with which the fewest cards are left broken, or none if it makes no difference.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.calendar.moment import MINUTES_PER_DAY, NEVER
from engine.cards.card import Card
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.layout import DRAFT, identity
from engine.planning.trials import Trials
from engine.planning.tried import Place, Values, changed
from engine.procedure import Attribute, AttributeType
from engine.record import DecisionRecord
from engine.vocabulary import Weight

Value = bool | int | str | tuple[str, ...]

DOCUMENTS: Final = "documents"
PASSES: Final = 6
_WEIGHT: Final = {Outcome.VIOLATED: 2, Outcome.BY_EXCEPTION: 2, Outcome.UNDETERMINED: 1}
"""How much speaks against what came of a card: a violation and an exception more than a doubt."""
AMOUNTS: Final = (1, 2, 3, 5, 10, 30, 100, 1_000)
"""Numbers that are tried, small ones first."""

_WEIGHTS: Final = np.array(
    [_WEIGHT.get(outcome, 0) for outcome in sorted(OUTCOME_CODES, key=OUTCOME_CODES.__getitem__)], dtype=np.int64
)

_NOT_APPLICABLE: Final = OUTCOME_CODES[Outcome.NOT_APPLICABLE]


def _importance(card: Card) -> int:
    """Say how much a card counts: one that bars more than all others together, then duties, then notices."""
    return 10_000 if card.bars else 10 if card.weight == Weight.BREACH else 1


def assumed_facts(trials: Trials, record: DecisionRecord, days: Values, *, tomorrow: int) -> dict[Place, int]:
    """Return the facts that are to be assumed of the rounds to which the moments belong.

    Nothing is assumed of what can be seen since a moment before the epoch day `tomorrow`: a record has to say it.
    """
    cards, steps = trials.rules.cards, trials.rules.procedure.steps
    asked = frozenset[tuple[str, str]]().union(*(card.asked_of_rounds for card in cards))
    only_by_exceptions = frozenset[tuple[str, str]]().union(*(card.asked_by_exception for card in cards)) - asked
    choices = {
        place: values
        for number in dict.fromkeys((step, place) for step, place, _ in days)
        for place, values in _choices(trials, number, record, tomorrow)
        if _fact(place) not in only_by_exceptions
    }
    # A round that does not count, such as a meeting in a form that passes no gate, is not what is planned.
    found = {place: values[0] for place, values in choices.items() if place[2] in steps[place[0]].counts_when}
    at_first = trials.outcomes_of({**days, **found})
    for _ in range(PASSES):
        left = {place: values for place, values in choices.items() if place not in found}
        better = _improvements(trials, {**days, **found}, left, at_first)
        if not better:
            break
        found |= better
    return found


def _improvements(
    trials: Trials, so_far: Values, choices: Mapping[Place, Sequence[int]], at_first: NDArray[np.uint8]
) -> dict[Place, int]:
    """Return of each fact the value that leaves the fewest cards broken, if any helps by itself.

    `at_first`: what the cards came to with nothing assumed. One that was asked then and is not any more is not kept by
    that: no fact is assumed only to get out of a duty.
    """
    now = trials.outcomes_of(so_far)
    asked = _asked_by_broken(trials.rules, now)
    tried = [(place, value) for place, values in choices.items() if _fact(place) in asked for value in values]
    if not tried:
        return {}
    outcomes = trials.outcomes(changed(so_far, tried))
    best: dict[Place, tuple[int, int]] = {}
    before = int(_weight(trials.rules, now[:, np.newaxis], at_first)[0])
    for (place, value), weight in zip(tried, _weight(trials.rules, outcomes, at_first).tolist(), strict=True):
        if weight < before and (place not in best or weight < best[place][0]):
            best[place] = weight, value
    return {place: value for place, (_, value) in best.items()}


def _weight(rules: CompiledRulebook, outcomes: NDArray[np.uint8], at_first: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return how much speaks against each possibility."""
    importance = np.array([[_importance(card.meaning.card)] for card in rules.cards])
    evaded = (outcomes == _NOT_APPLICABLE) & (at_first != _NOT_APPLICABLE)[:, np.newaxis]
    weights: NDArray[np.int64] = np.where(evaded, _WEIGHT[Outcome.UNDETERMINED], _WEIGHTS[outcomes])
    found: NDArray[np.int64] = (importance * weights).sum(axis=0)
    return found


def _asked_by_broken(rules: CompiledRulebook, outcomes: NDArray[np.uint8]) -> frozenset[tuple[str, str]]:
    """Return the facts about which cards ask that are broken: no other fact could help."""
    broken = (card for card, weight in zip(rules.cards, _WEIGHTS[outcomes].tolist(), strict=True) if weight)
    return frozenset[tuple[str, str]]().union(*(card.asked_of_rounds for card in broken))


def _fact(place: Place) -> tuple[str, str]:
    return place[0], place[2]


def _choices(
    trials: Trials, number: tuple[str, int], record: DecisionRecord, tomorrow: int
) -> Iterator[tuple[Place, Sequence[int]]]:
    """Give the facts of a round that are not on record, each with the values that it may have."""
    step, there = trials.rules.procedure.steps[number[0]], trials.rows.rounds.get(number[0], [])
    said: Mapping[str, int] = there[number[1]] if number[1] < len(there) else {}
    for name, attribute in step.attributes.items():
        values = _values(attribute)
        if name in step.counts_when:
            values = [list(attribute.values).index(value) for value in step.counts_when[name]]
        if values and name not in said and not is_past(said, attribute.seen_at or step.completes, tomorrow):
            yield (*number, name), values
    documents = (1 << len(step.evidence)) - 1
    if documents and said.get(DOCUMENTS, 0) != documents:
        yield (*number, DOCUMENTS), (documents,)
    drafts = _drafts(record)
    if drafts and DRAFT not in said:
        yield (*number, DRAFT), drafts


def is_past(row: Mapping[str, int], attribute: str, day: int) -> bool:
    """Tell whether a moment of a round lies before an epoch day for sure."""
    return row.get(f"{attribute}.hi", NEVER) < day * MINUTES_PER_DAY


def _values(attribute: Attribute) -> Sequence[int]:
    match attribute.type:
        case AttributeType.FLAG:
            return (1, 0)
        case AttributeType.CHOICE:
            return range(len(attribute.values))
        case AttributeType.SET:
            return ((1 << len(attribute.values)) - 1,)
        case AttributeType.NUMBER:
            return AMOUNTS
    return ()


def _drafts(record: DecisionRecord) -> Sequence[int]:
    """Return the drafts on record, the newest first."""
    return [identity(draft.sha256 or draft.id) for draft in reversed(record.drafts)]


def said_of(facts: Values, trials: Trials, record: DecisionRecord) -> Iterable[tuple[Place, Value]]:
    """Say of facts what a record would: names of values in place of codes."""
    drafts = {identity(draft.sha256 or draft.id): draft.id for draft in record.drafts}
    for place, value in facts.items():
        step, _, name = place
        own = trials.rules.procedure.steps[step]
        if name == DRAFT:
            yield place, drafts[value]
        elif name == DOCUMENTS:
            yield place, _members(value, list(own.evidence))
        else:
            yield place, _plain(own.attributes[name], value)


def _plain(attribute: Attribute, value: int) -> Value:
    match attribute.type:
        case AttributeType.FLAG:
            return bool(value)
        case AttributeType.CHOICE:
            return list(attribute.values)[value]
        case AttributeType.SET:
            return _members(value, list(attribute.values))
    return value


def _members(bits: int, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for place, name in enumerate(names) if bits >> place & 1)
