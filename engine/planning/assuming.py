"""What has to be true of the rounds that are still to come: facts and documents that the cards ask for.

Days can be planned only if what the rounds will say is taken for granted. It is found by trying, as days are: of each
fact that is not on record the value with which the fewest cards are left broken, or none if it makes no difference.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.cards.card import Card
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.observables.layout import DRAFT, identity
from engine.observables.rows import RecordRows
from engine.planning.trials import Days, Facts, Place, Trials
from engine.procedure import Attribute, AttributeType, Step
from engine.record import DecisionRecord
from engine.vocabulary import Weight

Value = bool | int | str | tuple[str, ...]

DOCUMENTS: Final = "documents"
PASSES: Final = 6
_WEIGHT: Final = {Outcome.VIOLATED: 3, Outcome.BY_EXCEPTION: 2, Outcome.UNDETERMINED: 1}
"""How much speaks against what came of a card: a violation most, then an exception, then a doubt."""
AMOUNTS: Final = (1, 2, 3, 5, 10, 30, 100, 1_000)
"""Numbers that are tried, small ones first."""

_WEIGHTS: Final = np.array(
    [_WEIGHT.get(outcome, 0) for outcome in sorted(OUTCOME_CODES, key=OUTCOME_CODES.__getitem__)], dtype=np.int64
)

_NOT_APPLICABLE: Final = OUTCOME_CODES[Outcome.NOT_APPLICABLE]


def _importance(card: Card) -> int:
    """Say how much a card counts: one that bars more than all others together, then duties, then notices."""
    return 10_000 if card.bars else 10 if card.weight == Weight.BREACH else 1


def assumed_facts(trials: Trials, record: DecisionRecord, days: Days) -> dict[Place, int]:
    """Return the facts that are to be assumed of the rounds to which the moments belong."""
    open_rounds = dict.fromkeys((step, place) for step, place, _ in days)
    choices = [
        (place, values)
        for step, number in open_rounds
        for place, values in _choices(trials.rules.procedure.steps[step], (step, number), record, trials.rows)
    ]
    # A round that does not count, such as a meeting in a form that passes no gate, is not what is planned.
    found = {
        place: values[0] for place, values in choices if place[2] in trials.rules.procedure.steps[place[0]].counts_when
    }
    at_first = trials.outcomes([(days, found)])[:, 0]
    for _ in range(PASSES):
        better = _improvements(trials, days, found, [pair for pair in choices if pair[0] not in found], at_first)
        if not better:
            break
        found |= better
    return found


def _improvements(
    trials: Trials,
    days: Days,
    facts: Facts,
    choices: Sequence[tuple[Place, Sequence[int]]],
    at_first: NDArray[np.uint8],
) -> dict[Place, int]:
    """Return of each fact the value that leaves the fewest cards broken, if any helps by itself.

    `at_first`: what the cards came to with nothing assumed. One that was asked then and is not any more is not kept by
    that: no fact is assumed only to get out of a duty.
    """
    tried = [(place, value) for place, values in choices for value in values]
    if not tried:
        return {}
    outcomes = trials.outcomes([(days, facts), *((days, {**facts, place: value}) for place, value in tried)])
    importance = np.array([[_importance(card.meaning.card)] for card in trials.rules.cards])
    evaded = (outcomes == _NOT_APPLICABLE) & (at_first != _NOT_APPLICABLE)[:, np.newaxis]
    weights = (importance * np.where(evaded, _WEIGHT[Outcome.UNDETERMINED], _WEIGHTS[outcomes])).sum(axis=0)
    now, counts = weights[0], weights[1:]
    best: dict[Place, tuple[int, int]] = {}
    for (place, value), count in zip(tried, counts.tolist(), strict=True):
        if count < now and (place not in best or count < best[place][0]):
            best[place] = count, value
    return {place: value for place, (_, value) in best.items()}


def _choices(
    step: Step, number: tuple[str, int], record: DecisionRecord, rows: RecordRows
) -> Iterator[tuple[Place, Sequence[int]]]:
    """Give the facts of a round that are not on record, each with the values that it may have."""
    there = rows.rounds.get(number[0], [])
    said: Mapping[str, int] = there[number[1]] if number[1] < len(there) else {}
    for name, attribute in step.attributes.items():
        values = _values(attribute)
        if name in step.counts_when:
            values = [list(attribute.values).index(value) for value in step.counts_when[name]]
        if values and name not in said:
            yield (*number, name), values
    documents = (1 << len(step.evidence)) - 1
    if documents and said.get(DOCUMENTS, 0) != documents:
        yield (*number, DOCUMENTS), (documents,)
    drafts = _drafts(record)
    if drafts and DRAFT not in said:
        yield (*number, DRAFT), drafts


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


def said_of(facts: Facts, trials: Trials, record: DecisionRecord) -> Iterable[tuple[Place, Value]]:
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
