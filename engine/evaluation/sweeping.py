"""Judge a partition of a case table: from frames to findings, one row per finding.

The result does not depend on how records are laid out over partitions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import polars as pl
from numba import types
from numpy.typing import NDArray

from engine.calendar.counting import FAR
from engine.evaluation.compile import OUTCOME_CODES, CompiledCard, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweep import Codes, Judgement
from engine.loops import BOOLS, BYTES, INTS, NEW_LONGS, TABLE, kernel
from engine.observables.cases import Cases, Longs
from engine.observables.derive import Derivation
from engine.observables.frames import Asked, Frames, cases_from, columns_asked
from engine.observables.kleene import DOUBTS
from engine.observables.periods import ENDLESS, WIDEST
from engine.vocabulary import Doubt, FindingKind, Owner, Verdict, Violation, Weight

REASONS = pl.Enum([*map(str, Violation), *map(str, Doubt)])
VERDICTS = pl.Enum([str(Verdict.VIOLATED), str(Verdict.UNDETERMINED)])

Numbers = NDArray[np.int32]
_Table = NDArray[np.uint8]

_NO_NUMBER = np.iinfo(np.int32).min
_FLAG = 2
_KIND_CODES = {kind: code for code, kind in enumerate(FindingKind)}
_VIOLATED = OUTCOME_CODES[Outcome.VIOLATED]
_UNDETERMINED = OUTCOME_CODES[Outcome.UNDETERMINED]
_OF_RECORD = min(code for code, doubt in DOUBTS.items() if doubt.owner == Owner.RECORD)
"""Doubts of the record's have the greater codes (`engine.observables.kleene`)."""


def sweep_partition(
    frames: Frames,
    rules: CompiledRulebook,
    *,
    as_of: date,
    known_at: datetime,
) -> tuple[dict[str, Codes], pl.DataFrame]:
    """Return the outcome codes, one array per card, and the findings, one row each.

    Findings: `id`, `card`, `verdict`, `reason`, and in the unit of the card's parameter `actual_lo`, `actual_hi`
    and `required` (null where the card has none, and where an end is open). Doubts of the rulebook's are no findings,
    and what follows from another finding is told with that one.
    """
    swept = sweep(frames, rules, as_of=as_of, known_at=known_at)
    return swept.judgement.codes, swept.frame()


def sweep(frames: Frames, rules: CompiledRulebook, *, as_of: date, known_at: datetime) -> "Swept":
    """Judge a partition; raises `UnsortedRoundsError`."""
    cases = cases_from(frames, rules.layout)
    derivation = rules.derivation(cases, as_of=as_of, known_at=known_at)
    judged = rules.sweep.evaluate(rules.columns(derivation))
    found = Findings.of(rules.cards, judged.outcomes, judged.reasons)
    for place, card in enumerate(rules.cards):
        found.add_numbers(place, card, derivation)
    return Swept(cases, judged, found, frames.records.get_column("id"))


@dataclass(frozen=True, slots=True)
class Swept:
    """What came of the records of a partition: outcomes with their reasons, and findings. `ids`: those of records."""

    cases: Cases
    judgement: Judgement
    found: "Findings"
    ids: pl.Series

    def frame(self) -> pl.DataFrame:
        """Write the findings as a frame, as `sweep_partition` says."""
        return _frame(self.found, self.ids, pl.Enum(self.judgement.cards))


@dataclass(frozen=True, slots=True)
class Told:
    """Findings that follow from no other, card after card: the place of the case, that of the card, and the kind."""

    case: NDArray[np.uint32]
    card: NDArray[np.uint16]
    kind: NDArray[np.uint8]
    """The place of the kind in `FindingKind`."""


def told(cards: Sequence[CompiledCard], outcomes: _Table, reasons: _Table) -> Told:
    """Tell from what came of cases what somebody has to look at; the tables have one row per card, in their order."""
    found = Findings.of(cards, outcomes, reasons)
    breaches = np.array([card.meaning.card.weight == Weight.BREACH for card in cards])
    doubted = found.verdict > 0
    of_breach = np.where(doubted, _KIND_CODES[FindingKind.QUESTION], _KIND_CODES[FindingKind.FLAG])
    kind = np.where(breaches[found.card], of_breach, _KIND_CODES[FindingKind.NOTICE])
    return Told(found.rows, found.card, kind.astype(np.uint8))


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings, card after card from `starts` on; one entry per finding, numbers `_NO_NUMBER` for none.

    `rows`: the places of the cases. `verdict`: its place in `VERDICTS`.
    """

    starts: Longs
    rows: NDArray[np.uint32]
    card: NDArray[np.uint16]
    verdict: NDArray[np.uint8]
    reason: NDArray[np.uint8]
    actual_lo: Numbers
    actual_hi: Numbers
    required: Numbers

    @staticmethod
    def of(cards: Sequence[CompiledCard], outcomes: _Table, reasons: _Table) -> "Findings":
        """List what is violated, and what the record leaves in doubt, unless it follows from another finding."""
        breaches = np.array([card.meaning.card.weight == Weight.BREACH for card in cards])
        told = np.empty_like(outcomes)
        most = _tell(outcomes, reasons, breaches, _KINDS, told)
        places = {card.id: place for place, card in enumerate(cards)}
        roots = [[places[name] for name in card.meaning.card.consequence_of if name in places] for card in cards]
        first_root = np.cumsum([0, *map(len, roots)], dtype=np.int32)
        every_root = np.array([place for named in roots for place in named], dtype=np.int32)
        starts = np.zeros(len(cards) + 1, dtype=np.int64)
        rows, card = np.empty(most + 1, dtype=np.uint32), np.empty(most + 1, dtype=np.uint16)
        verdict, reason = np.empty(most + 1, dtype=np.uint8), np.empty(most + 1, dtype=np.uint8)
        total = _list(told, outcomes, reasons, first_root, every_root, _CODES, starts, rows, card, verdict, reason)
        numbers = [np.full(total, _NO_NUMBER, dtype=np.int32) for _ in range(3)]
        return Findings(starts, rows[:total], card[:total], verdict[:total], reason[:total], *numbers)

    def add_numbers(self, place: int, card: CompiledCard, derivation: Derivation) -> None:
        """Fill in the numbers of a card that shows some."""
        duty, own = card.meaning.duty, slice(self.starts[place], self.starts[place + 1])
        rows = self.rows[own]
        if duty.actual is None or duty.required is None or not len(rows):
            return
        actual, demanded = derivation.number(duty.actual), derivation.number(duty.required).lo[rows]
        self.actual_lo[own], self.actual_hi[own] = _closed(actual.lo[rows], actual.hi[rows])
        self.required[own] = np.where(demanded == -FAR, _NO_NUMBER, demanded)


def _closed(lo: Numbers, hi: Numbers) -> tuple[Numbers, Numbers]:
    """Leave out ends that are open, as `assess` does."""
    exact = (lo == hi) & (np.abs(lo) != WIDEST)
    first, last = (np.where(exact | (np.abs(end) < ENDLESS), end, _NO_NUMBER) for end in (lo, hi))
    return first, last


_KINDS = np.array([_VIOLATED, _UNDETERMINED, _OF_RECORD, 0, 1, _FLAG], dtype=np.uint8)
_CODES = np.array([_FLAG, _VIOLATED, len(Violation)], dtype=np.int32)


@kernel(types.int64(TABLE, TABLE, BOOLS, BYTES, TABLE))
def _tell(outcomes: _Table, reasons: _Table, breaches: NDArray[np.bool_], codes: _Table, told: _Table) -> int:
    """Tell which kind of finding each card makes of each case: 0 none, 1 told, 2 a flag; returns how many there are.

    `codes`: outcomes violated and undetermined, and the least of the doubts that are a record's.
    """
    violated, undetermined, least, none, plain, flag = codes[0], codes[1], codes[2], codes[3], codes[4], codes[5]
    total = 0
    for card in range(len(outcomes)):
        of_card, why, found = outcomes[card], reasons[card], told[card]
        breach = flag if breaches[card] else plain
        for case in range(len(of_card)):
            doubted = plain if (of_card[case] == undetermined) & (why[case] >= least) else none
            found[case] = breach if of_card[case] == violated else doubted
        for case in range(len(of_card)):
            total += found[case] > none
    return total


@kernel(
    types.int64(
        TABLE,
        TABLE,
        TABLE,
        INTS,
        INTS,
        INTS,
        NEW_LONGS,
        types.uint32[::1],
        types.uint16[::1],
        types.uint8[::1],
        types.uint8[::1],
    )
)
def _list(  # noqa: PLR0913, PLR0917 - a compiled loop is given tables
    told: _Table,
    outcomes: _Table,
    reasons: _Table,
    first_root: NDArray[np.int32],
    roots: NDArray[np.int32],
    codes: NDArray[np.int32],
    starts: Longs,
    rows: NDArray[np.uint32],
    card_of: NDArray[np.uint16],
    verdict_of: NDArray[np.uint8],
    reason_of: NDArray[np.uint8],
) -> int:
    """List the findings that follow from no other: what follows from a flag, or from a like doubt, is told with that.

    Returns how many there are. `codes`: a flag, a violation, and how many words for violations stand before doubts.
    """
    flag, violated, violations = codes[0], codes[1], codes[2]
    found, cases = 0, np.empty(told.shape[1] + 1, dtype=np.uint32)
    for card in range(len(told)):
        starts[card], of_card, many = found, told[card], 0
        for case in range(told.shape[1]):
            # Written always and kept if told: no branch that the processor would guess wrong.
            cases[many] = case
            many += of_card[case] > 0
        for case in cases[:many]:
            alone, own = True, of_card[case]
            for root in range(first_root[card], first_root[card + 1]):
                other = told[roots[root], case]
                alone &= not (other == flag or (other > 0 and own < flag))
            doubted = outcomes[card, case] != violated
            rows[found], card_of[found], verdict_of[found] = case, card, doubted
            reason_of[found] = reasons[card, case] - 1 + (violations if doubted else 0)
            found += alone
    starts[len(told)] = found
    return found


def _frame(found: Findings, ids: pl.Series, cards: pl.Enum) -> pl.DataFrame:
    """Write findings as a frame."""
    columns = {name: getattr(found, name) for name in Findings.__slots__ if name not in {"starts", "rows"}}
    numbers = pl.col("actual_lo", "actual_hi", "required")
    return pl.DataFrame({"id": ids.gather(pl.Series(found.rows)), **columns}).with_columns(
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
