"""How long the periods of steps were beside what the law demands, measured on records drawn at random.

The days of a period are in no judgement that is kept, so that records have to be read for them: a sample of all that
are wanted, the same as long as these are the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median_high, median_low
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.judging.errors import BeyondRulebookError
from api.records.bodies import read_body
from api.samples.drawing import drawn
from api.summaries.bodies import bodies
from api.summaries.judged import Left
from api.summaries.models import Dimension, SummaryBasis, SummaryFilter
from api.summaries.service import Desk, blocks
from engine.duties.kinds import MinimumPeriod
from engine.evaluation.compile import OUTCOME_CODES, CompiledCard, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.derive import Derivation
from engine.observables.periods import ENDLESS
from engine.record import DecisionRecord
from engine.vocabulary import Bilingual, Frozen, Unit

READ: Final = 300
"""So many records are read at most."""
SEED: Final = "lengths"

Numbers = NDArray[np.int32]


class Length(Frozen):
    """What a card demands of a period, and the median of what it was; low and high differ where counting is open."""

    card: str
    title: Bilingual
    step: Bilingual
    unit: Unit
    records: int
    median_low: int
    median_high: int
    required_low: int
    required_high: int


class Lengths(Frozen):
    """The periods of a sample. `records`: how many there are; `read`: how many were drawn of these and read."""

    basis: SummaryBasis
    records: int
    read: int
    rows: tuple[Length, ...]


def lengths(desk: Desk, wanted: SummaryFilter) -> Lengths:
    """Measure the periods that have come to an end; raises what `summed` raises."""
    left, of_procedure = Left(), dict[str, str]()
    for block in blocks(desk, wanted, left):
        procedures = block.columns[Dimension.PROCEDURE]
        words = (procedures.words[place] for place in procedures.places.tolist())
        of_procedure.update(zip(block.keys, words, strict=True))
    keys = [
        key for _, some in drawn(((key, "") for key in of_procedure), seed=SEED, size=READ).values() for key in some
    ]
    rows: list[Length] = []
    for procedure, records in _read(desk, keys, of_procedure).items():
        rows += _measured(desk, wanted, desk.rules.compiled(procedure), records)
    return Lengths(basis=desk.basis(left), records=len(of_procedure), read=len(keys), rows=tuple(rows))


def _read(desk: Desk, keys: Sequence[str], procedures: Mapping[str, str]) -> dict[str, list[DecisionRecord]]:
    found: dict[str, list[DecisionRecord]] = {}
    for key, body in bodies(desk.session, keys, known_at=desk.known_at):
        try:
            found.setdefault(procedures[key], []).append(read_body(body, desk.rules))
        except BeyondRulebookError:
            continue
    return found


def _measured(
    desk: Desk, wanted: SummaryFilter, rules: CompiledRulebook, records: Sequence[DecisionRecord]
) -> Iterator[Length]:
    derivation = rules.derivation(rules.cases(records), as_of=desk.as_of, known_at=desk.known_at)
    outcomes = rules.sweep.evaluate(rules.columns(derivation)).outcomes
    for place, card in enumerate(rules.cards):
        own = card.meaning.card
        asked = wanted.step in {None, own.step} and wanted.card in {None, own.id}
        if asked and isinstance(own.duty, MinimumPeriod):
            yield from _length(desk, rules, card, derivation, outcomes[place])


def _length(
    desk: Desk, rules: CompiledRulebook, card: CompiledCard, derivation: Derivation, outcomes: NDArray[np.uint8]
) -> Iterator[Length]:
    duty, own = card.meaning.duty, card.meaning.card
    if duty.actual is None or duty.required is None or duty.parameter is None:
        return
    actual, required = derivation.number(duty.actual), derivation.number(duty.required)
    closed = (np.abs(actual.lo) < ENDLESS) & (np.abs(actual.hi) < ENDLESS) & (np.abs(required.lo) < ENDLESS)
    over = np.isin(outcomes, _OVER) & closed
    if not over.any():
        return
    low, high, demanded = (numbers[over].tolist() for numbers in (actual.lo, actual.hi, required.lo))
    yield Length(
        card=own.id,
        title=own.title,
        step=rules.procedure.steps[own.step].title,
        unit=desk.rules.rulebook.parameters[duty.parameter].parameter.unit,
        records=len(low),
        median_low=median_low(low),
        median_high=median_high(high),
        required_low=min(demanded),
        required_high=max(demanded),
    )


_OVER: Final = [OUTCOME_CODES[outcome] for outcome in (Outcome.SATISFIED, Outcome.BY_EXCEPTION, Outcome.VIOLATED)]
