"""Judge a partition of a case table: from frames to findings, one row per finding.

The result does not depend on how records are laid out over partitions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.calendar.counting import FAR
from engine.evaluation.compile import OUTCOME_CODES, CompiledCard, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweep import Codes, Judgement
from engine.observables.cases import Cases, Ints
from engine.observables.derive import Derivation
from engine.observables.frames import Asked, Frames, cases_from, columns_asked
from engine.observables.kleene import DOUBTS
from engine.vocabulary import Doubt, Owner, Verdict, Violation, Weight

REASONS = pl.Enum([*map(str, Violation), *map(str, Doubt)])
VERDICTS = pl.Enum([str(Verdict.VIOLATED), str(Verdict.UNDETERMINED)])

Numbers = NDArray[np.int32]

_NO_NUMBER = np.iinfo(np.int32).min
_FLAG = 2
_VIOLATED = OUTCOME_CODES[Outcome.VIOLATED]
_UNDETERMINED = OUTCOME_CODES[Outcome.UNDETERMINED]
_OF_RECORD = np.array([code in DOUBTS and DOUBTS[code].owner == Owner.RECORD for code in range(256)])


def sweep_partition(
    frames: Frames,
    rules: CompiledRulebook,
    *,
    as_of: date,
    known_at: datetime,
) -> tuple[dict[str, Codes], pl.DataFrame]:
    """Return the outcome codes, one array per card, and the findings, one row each.

    Findings: `id`, `card`, `verdict`, `reason`, and in the unit of the card's parameter `actual_lo`, `actual_hi`
    and `required` (null where the card has none). Doubts of the rulebook's are no findings, and what follows from
    another finding is told with that one.
    """
    derivation = rules.derivation(cases_from(frames, rules.layout), as_of=as_of, known_at=known_at)
    judged = rules.sweep.evaluate(rules.columns(derivation))
    told = _told(rules.cards, judged)
    parts = [
        _findings(place, np.flatnonzero(_stands_alone(place, rules.cards, told)), card, derivation, judged)
        for place, card in enumerate(rules.cards)
    ]
    cards = pl.Enum([card.id for card in rules.cards])
    return judged.codes, _frame(parts, frames.records.get_column("id"), cards)


@dataclass(frozen=True, slots=True)
class _Findings:
    """The findings of one card; one entry per finding. `rows`: the places of the cases; numbers NO_NUMBER for none."""

    rows: Ints
    card: NDArray[np.uint16]
    verdict: NDArray[np.uint8]
    reason: NDArray[np.uint8]
    actual_lo: Numbers
    actual_hi: Numbers
    required: Numbers


def _told(cards: Sequence[CompiledCard], judged: Judgement) -> NDArray[np.uint8]:
    """Tell which kind of finding each card makes of each case: 0 none, 1 a question or a notice, 2 a flag."""
    kinds = np.zeros((2, len(Outcome), len(_OF_RECORD)), dtype=np.uint8)
    kinds[:, _UNDETERMINED, _OF_RECORD] = 1
    kinds[0, _VIOLATED], kinds[1, _VIOLATED] = 1, _FLAG
    breaches = [int(card.meaning.card.weight == Weight.BREACH) for card in cards]
    told = np.empty_like(judged.outcomes)
    for place, breach in enumerate(breaches):
        told[place] = kinds[breach][judged.outcomes[place], judged.reasons[place]]
    return told


def _stands_alone(place: int, cards: Sequence[CompiledCard], told: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell where a finding follows from no other: what follows from a flag, or from a like doubt, is told with that."""
    own = told[place]
    alone: NDArray[np.bool_] = own > 0
    for other, card in enumerate(cards):
        if card.id in cards[place].meaning.card.consequence_of:
            alone &= (told[other] != _FLAG) & ((told[other] == 0) | (own == _FLAG))
    return alone


def _findings(place: int, rows: Ints, card: CompiledCard, derivation: Derivation, judged: Judgement) -> _Findings:
    doubted = judged.outcomes[place, rows] != _VIOLATED
    duty = card.meaning.duty
    actual_lo = actual_hi = required = np.full(len(rows), _NO_NUMBER, dtype=np.int32)
    if duty.actual is not None and duty.required is not None and len(rows):
        actual, demanded = derivation.number(duty.actual), derivation.number(duty.required)
        actual_lo, actual_hi = (end[rows].astype(np.int32) for end in (actual.lo, actual.hi))
        required = np.where(demanded.lo[rows] == -FAR, _NO_NUMBER, demanded.lo[rows]).astype(np.int32)
    return _Findings(
        rows=rows,
        card=np.full(len(rows), place, dtype=np.uint16),
        verdict=doubted.astype(np.uint8),
        reason=judged.reasons[place, rows] - np.uint8(1) + np.uint8(len(Violation)) * doubted,
        actual_lo=actual_lo,
        actual_hi=actual_hi,
        required=required,
    )


def _frame(parts: Sequence[_Findings], ids: pl.Series, cards: pl.Enum) -> pl.DataFrame:
    """Write the findings of all cards, one row each."""
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _Findings.__slots__}
    numbers = pl.col("actual_lo", "actual_hi", "required")
    return pl.DataFrame({"id": ids.gather(joined.pop("rows")), **joined}).with_columns(
        pl.col("card").cat.to(cards),
        pl.col("verdict").cat.to(VERDICTS),
        pl.col("reason").cat.to(REASONS),
        pl.when(numbers != _NO_NUMBER).then(numbers),
    )


def asked(rules: CompiledRulebook, *, as_of: date, known_at: datetime) -> Asked:
    """Return the columns of records and of rounds that a sweep by these rules reads."""

    def ask(cases: Cases) -> None:
        derivation = rules.derivation(cases, as_of=as_of, known_at=known_at)
        rules.columns(derivation)
        for card in rules.cards:
            for number in (card.meaning.duty.actual, card.meaning.duty.required):
                if number is not None:
                    derivation.number(number)

    return columns_asked(rules.layout, ask)
