"""How long the periods of steps were beside what the law demands, measured on records drawn at random.

The days of a period are in no judgement that is kept, so that records have to be read for them: a sample of all that
are wanted, the same as long as these are the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import median_high, median_low
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from api.judging.errors import BeyondRulebookError
from api.records.bodies import read_body
from api.records.worked import Worked
from api.samples.drawing import drawn
from api.summaries.bodies import bodies, entered_of
from api.summaries.columns import Block
from api.summaries.judged import Left
from api.summaries.models import Dimension, SummaryBasis, SummaryFilter
from api.summaries.service import Desk
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
KEPT: Final = 20_000
"""Of so many versions the periods are kept."""


class Period(NamedTuple):
    """A period of a record that has come to an end, and what the card demands; both in the unit of the card.

    `low` and `high` differ where counting is open.
    """

    key: str
    low: int
    high: int
    demanded: int


class Length(Frozen):
    """What a card demands of a period, and what it was, the shortest first. `name`: what tells it from all others."""

    name: str
    card: str
    title: Bilingual
    step: Bilingual
    unit: Unit
    periods: tuple[Period, ...]

    @property
    def median(self) -> tuple[int, int]:
        """Return the median of the ends of the periods: lower ones, upper ones."""
        return median_low(one.low for one in self.periods), median_high(one.high for one in self.periods)

    @property
    def demanded(self) -> tuple[int, int]:
        """Return the least and the most that is demanded."""
        numbers = [one.demanded for one in self.periods]
        return min(numbers), max(numbers)


class Lengths(Frozen):
    """The periods of a sample. `records`: how many there are; `read`: how many were drawn of these and read."""

    basis: SummaryBasis
    records: int
    read: int
    rows: tuple[Length, ...]


OfCards = Mapping[int, tuple[int, int, int]]
"""What the periods of a record were, and what is demanded, by the place of the card."""


def procedures_of(block: Block) -> Iterator[tuple[str, str]]:
    """Give the procedure of each record."""
    procedures = block.columns[Dimension.PROCEDURE]
    words = (procedures.words[place] for place in procedures.places.tolist())
    return zip(block.keys, words, strict=True)


def lengths(desk: Desk, wanted: SummaryFilter, of_procedure: Mapping[str, str], left: Left) -> Lengths:
    """Measure the periods that have come to an end; `of_procedure`: the procedures of all wanted records."""
    keys = [
        key for _, some in drawn(((key, "") for key in of_procedure), seed=SEED, size=READ).values() for key in some
    ]
    rows = tuple(_rows(desk, wanted, keys, of_procedure))
    return Lengths(basis=desk.basis(left), records=len(of_procedure), read=len(keys), rows=rows)


def _rows(desk: Desk, wanted: SummaryFilter, keys: Sequence[str], procedures: Mapping[str, str]) -> Iterator[Length]:
    found = _measured_once(desk, keys)
    for procedure in dict.fromkeys(procedures[key] for key in keys):
        rules, of_cards = desk.rules.compiled(procedure), defaultdict[int, list[Period]](list)
        for key in keys:
            if procedures[key] == procedure:
                for place, numbers in found.get(key, {}).items():
                    of_cards[place].append(Period(key, *numbers))
        for place, card in enumerate(rules.cards):
            own = card.meaning.card
            if place in of_cards and wanted.step in {None, own.step} and wanted.card in {None, own.id}:
                yield _length(desk, rules, card, of_cards[place])


def _length(desk: Desk, rules: CompiledRulebook, card: CompiledCard, periods: Sequence[Period]) -> Length:
    own, parameter = card.meaning.card, card.meaning.duty.parameter
    return Length(
        name=f"{rules.procedure.id}.{own.id}",
        card=own.id,
        title=own.title,
        step=rules.procedure.steps[own.step].title,
        unit=desk.rules.rulebook.parameters[parameter or ""].parameter.unit,
        periods=tuple(sorted(periods, key=lambda one: (one.low, one.high, one.key))),
    )


def _measured_once(desk: Desk, keys: Sequence[str]) -> dict[str, OfCards]:
    """Measure the periods of some records, each version once for each day and rulebook."""
    versions = list(entered_of(desk.session, keys, known_at=desk.known_at))
    return _MEASURED.of(desk.of_versions, versions, lambda some: _measured(desk, some))


_MEASURED: Final = Worked[OfCards](KEPT)


def _measured(desk: Desk, keys: Sequence[str]) -> dict[str, OfCards]:
    of_procedure: defaultdict[str, list[tuple[str, DecisionRecord]]] = defaultdict(list)
    for key, body in bodies(desk.session, keys, known_at=desk.known_at):
        try:
            record = read_body(body, desk.rules)
        except BeyondRulebookError:
            continue
        of_procedure[record.procedure].append((key, record))
    found: dict[str, OfCards] = {}
    for procedure, records in of_procedure.items():
        found |= _derived(desk, desk.rules.compiled(procedure), records)
    return found


def _derived(desk: Desk, rules: CompiledRulebook, records: Sequence[tuple[str, DecisionRecord]]) -> dict[str, OfCards]:
    derivation = rules.derivation(
        rules.cases([record for _, record in records]), as_of=desk.as_of, known_at=desk.known_at
    )
    outcomes = rules.sweep.evaluate(rules.columns(derivation)).outcomes
    measured: list[dict[int, tuple[int, int, int]]] = [{} for _ in records]
    for place, card in enumerate(rules.cards):
        if isinstance(card.meaning.card.duty, MinimumPeriod):
            for row, numbers in _ended(card, derivation, outcomes[place]):
                measured[row][place] = numbers
    return {key: numbers for (key, _), numbers in zip(records, measured, strict=True)}


def _ended(
    card: CompiledCard, derivation: Derivation, outcomes: NDArray[np.uint8]
) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """Give the periods that have come to an end, by the place of the record."""
    duty = card.meaning.duty
    if duty.actual is None or duty.required is None or duty.parameter is None:
        return
    actual, required = derivation.number(duty.actual), derivation.number(duty.required)
    closed = (np.abs(actual.lo) < ENDLESS) & (np.abs(actual.hi) < ENDLESS) & (np.abs(required.lo) < ENDLESS)
    for row in np.flatnonzero(np.isin(outcomes, _OVER) & closed).tolist():
        yield row, (int(actual.lo[row]), int(actual.hi[row]), int(required.lo[row]))


_OVER: Final = [OUTCOME_CODES[outcome] for outcome in (Outcome.SATISFIED, Outcome.BY_EXCEPTION, Outcome.VIOLATED)]
