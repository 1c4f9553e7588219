"""Which steps that nobody has begun would mend what is broken: they are left to do, too."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from engine.evaluation.compile import OUTCOME_CODES, CompiledCard, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.planning.trials import Trials
from engine.planning.tried import Place, Possibilities, Values
from engine.procedure import AttributeType
from engine.vocabulary import Weight

Days = dict[Place, int]

_SOUND: Final = [OUTCOME_CODES[one] for one in (Outcome.SATISFIED, Outcome.PENDING)]
_OPEN: Final = OUTCOME_CODES[Outcome.UNDETERMINED]
_VIOLATED: Final = OUTCOME_CODES[Outcome.VIOLATED]


def lacking_moments(
    trials: Trials, values: Values, steps: Sequence[str], laid_out: Callable[[Iterable[Place]], Days]
) -> list[Place]:
    """Return the moments of the steps that would mend most of the duties that are broken; none that mends nothing.

    `steps`: those that may be taken, of which nothing is on record. `laid_out`: gives moments days for the trial.
    """
    before = trials.outcomes_of(values)
    duties = np.array([card.meaning.card.weight == Weight.BREACH for card in trials.rules.cards])
    broken = duties & np.isin(before, [_VIOLATED, _OPEN])
    asking = [card for card, is_broken in zip(trials.rules.cards, broken.tolist(), strict=True) if is_broken]
    candidates = {step: found for step in steps if (found := _moments(step, asking, trials.rules))}
    if not candidates:
        return []
    after = trials.outcomes(_each(values, [laid_out(found) for found in candidates.values()]))
    violated = (before == _VIOLATED)[:, np.newaxis]
    mended = broken[:, np.newaxis] & (np.isin(after, _SOUND) | (violated & (after == _OPEN)))
    chosen: list[Place] = []
    places = list(candidates.values())
    while mended.any():
        best = int(mended.sum(axis=0).argmax())
        chosen += places[best]
        mended &= ~mended[:, best : best + 1]
    return chosen


def _moments(step: str, cards: Sequence[CompiledCard], rules: CompiledRulebook) -> list[Place]:
    """Return the moments of a first round of a step, as far as cards ask about them; none if no card asks."""
    own = rules.procedure.steps[step]
    asked = {name for card in cards for asked_step, name in card.asked_of_rounds if asked_step == step}
    if not asked:
        return []
    named = asked | {own.starts, own.completes}
    return [
        (step, 0, name)
        for name, attribute in own.attributes.items()
        if name in named and attribute.type == AttributeType.MOMENT
    ]


def _each(values: Values, many: Sequence[Mapping[Place, int]]) -> Possibilities:
    """Try each of many sets of days, all with the same values besides."""
    found: dict[Place, tuple[list[int], list[int]]] = {}
    for number, days in enumerate(many):
        for place, day in days.items():
            numbers, own = found.setdefault(place, ([], []))
            numbers.append(number)
            own.append(day)
    some = {place: (np.array(numbers), np.array(own)) for place, (numbers, own) in found.items()}
    return Possibilities(len(many), {**values, **some})
