"""Counts what a part came to: by unit, month, jurisdiction, step and card, the figures of `api.summaries`.

One pass over the outcomes and one over the findings; what is said of each record is then added up by its groups. Parts
share no record, so that the counts of all are the sum of those of each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numba import types
from numpy.typing import NDArray

from api.summaries.models import Dimension, Figure
from api.sweeps.periods import Days, Periods
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweeping import Swept
from engine.loops import BOOLS, BYTES, INTS, TABLE, kernel
from engine.observables.cases import Cases
from engine.observables.kleene import DOUBTS
from engine.observables.layout import NOBODY
from engine.vocabulary import Owner, Weight

Counts = NDArray[np.int64]
"""One row for each group, one column for each figure."""
_OfRecords = NDArray[np.int32]
"""One row for each figure, one column for each record."""

TOTAL: Final = "total"
BY: Final = (TOTAL, Dimension.UNIT, Dimension.STEP, Dimension.CARD, Dimension.MONTH, Dimension.JURISDICTION)
FIGURES: Final = tuple(figure for figure in Figure if figure not in {Figure.WAIVED, Figure.DISMISSED})
"""What people have said of verdicts is not in a source of records."""
PLACES: Final[Mapping[Figure, int]] = {figure: place for place, figure in enumerate(FIGURES)}
NOBODY_NAMED: Final = ""
"""What stands for the lead unit of records that name none."""

_OF_OUTCOMES: Final = (
    Figure.SATISFIED,
    Figure.BY_EXCEPTION,
    Figure.VIOLATED,
    Figure.PENDING,
    Figure.UNDETERMINED,
    Figure.NOT_APPLICABLE,
)
_BITS: Final = 9
_MOST: Final = 511
"""So much can be counted in nine bits."""

_MARKS: Final = (2, 0, 1)
"""How a step of a record is marked by a flag, a notice and a question."""
_FLAGGED: Final = np.uint8(2)
_QUESTIONED: Final = np.uint8(1)


def _at(*figures: Figure) -> NDArray[np.int32]:
    return np.array([PLACES[figure] for figure in figures], dtype=np.int32)


_OUTCOMES: Final = _at(*_OF_OUTCOMES, Figure.DOUBTS_OF_RULES)
_FOUND: Final = _at(Figure.FLAGS, Figure.NOTICES, Figure.QUESTIONS)
_RECORDS: Final = _at(
    Figure.FLAGS,
    Figure.QUESTIONS,
    Figure.RECORDS,
    Figure.FLAGGED,
    Figure.COMPLIANT,
    Figure.COMPLIANT_WITH_QUESTIONS,
)
_IS_FOUND: Final = np.isin(np.arange(len(FIGURES)), _FOUND)
_CODES: Final = np.array(
    [OUTCOME_CODES[Outcome.UNDETERMINED], min(code for code, doubt in DOUBTS.items() if doubt.owner == Owner.RECORD)],
    dtype=np.uint8,
)
"""The outcome undetermined, and the least of the doubts that are a record's."""


@dataclass(frozen=True)
class Counted:
    """The counts of a part: for each dimension its groups by name, with their figures."""

    groups: Mapping[str, tuple[Sequence[str], Counts]]

    def frame(self) -> pl.DataFrame:
        """Write them one row per group: `by`, `key`, and a column for each figure."""
        by = [name for name, (keys, _) in self.groups.items() for _ in keys]
        keys = [key for found, _ in self.groups.values() for key in found]
        table = np.concatenate([counts for _, counts in self.groups.values()])
        named = pl.DataFrame({"by": by, "key": keys}, schema={"by": pl.String, "key": pl.String})
        return named.hstack(pl.DataFrame(table, schema=dict.fromkeys(map(str, FIGURES), pl.Int64)))

    def total(self, figure: Figure) -> int:
        """Return a figure of all records."""
        return int(self.groups[TOTAL][1][0, PLACES[figure]])


class Counter:
    """Counts parts of one procedure. Made once per rulebook and question."""

    def __init__(self, rules: CompiledRulebook, periods: Periods) -> None:
        """Take the rules, and what tells to which month a record belongs."""
        cards = [card.meaning.card for card in rules.cards]
        self._periods, self._places = periods, rules.rulebook.tree.ids
        self._cards = [card.id for card in cards]
        self._steps = list(dict.fromkeys(card.step for card in cards))
        self._step_of = np.array([self._steps.index(card.step) for card in cards], dtype=np.int32)
        self._breaches = np.array([card.weight == Weight.BREACH for card in cards], dtype=np.bool_)

    def count(self, swept: Swept, units: Mapping[int, str]) -> Counted:
        """Count the records of a part; `units`: the names of lead units by their numbers."""
        size = swept.cases.size
        of_cards = np.zeros((len(self._cards), len(FIGURES)), dtype=np.int64)
        of_records = np.zeros((len(FIGURES), size), dtype=np.int32)
        outcomes, reasons = swept.judgement.outcomes, swept.judgement.reasons
        _verdicts(outcomes, reasons, self._breaches, _CODES, _OUTCOMES, of_cards, of_records)
        # A doubt of the rulebook's is an undetermined verdict too.
        of_cards[:, PLACES[Figure.UNDETERMINED]] += of_cards[:, PLACES[Figure.DOUBTS_OF_RULES]]
        of_records[PLACES[Figure.UNDETERMINED]] += of_records[PLACES[Figure.DOUBTS_OF_RULES]]
        of_steps = self._of_steps(of_cards)
        self._findings(swept, of_cards, of_steps, of_records)
        _records(of_records, _RECORDS)
        groups = {
            TOTAL: ([""], of_records.sum(axis=1, dtype=np.int64)[np.newaxis]),
            Dimension.STEP: (self._steps, of_steps),
            Dimension.CARD: (self._cards, of_cards),
            Dimension.UNIT: _by_unit(swept.cases, units, of_records),
            Dimension.MONTH: _by_month(self._periods.days(swept.cases), of_records),
            Dimension.JURISDICTION: _by_place(swept.cases, self._places, of_records),
        }
        return Counted({name: groups[name] for name in BY})

    def _of_steps(self, of_cards: Counts) -> Counts:
        """Add up the verdicts of the cards of a step that are not mere notices."""
        found = np.zeros((len(self._steps), len(FIGURES)), dtype=np.int64)
        np.add.at(found, self._step_of[self._breaches], of_cards[self._breaches])
        return found

    def _findings(self, swept: Swept, of_cards: Counts, of_steps: Counts, of_records: _OfRecords) -> None:
        """Count findings by kind, and of cards and steps the records with and without them."""
        found, size = swept.found, swept.cases.size
        marks = np.zeros((len(self._steps), size), dtype=np.uint8)
        _tell(found.rows, found.card, found.verdict, self._breaches, self._step_of, _FOUND, of_cards, of_records, marks)
        np.add.at(of_steps, self._step_of, of_cards * _IS_FOUND)
        # A card finds at most one thing in a record.
        flags, questions = of_cards[:, PLACES[Figure.FLAGS]], of_cards[:, PLACES[Figure.QUESTIONS]]
        _note(of_cards, size, flagged=flags, questioned=questions)
        flagged = np.count_nonzero(marks & _FLAGGED, axis=1)
        _note(of_steps, size, flagged=flagged, questioned=np.count_nonzero(marks == _QUESTIONED, axis=1))


def _note(counts: Counts, size: int, *, flagged: NDArray[Any], questioned: NDArray[Any]) -> None:
    """Write how many records have a flag, and how many a question and no flag."""
    counts[:, PLACES[Figure.RECORDS]] = size
    counts[:, PLACES[Figure.FLAGGED]] = flagged
    counts[:, PLACES[Figure.COMPLIANT]] = size - flagged
    counts[:, PLACES[Figure.COMPLIANT_WITH_QUESTIONS]] = questioned


def _by_unit(cases: Cases, units: Mapping[int, str], of_records: _OfRecords) -> tuple[Sequence[str], Counts]:
    numbers, group = np.unique(cases.column("lead_unit"), return_inverse=True)
    keys = [NOBODY_NAMED if number == NOBODY else units.get(number, f"#{number}") for number in numbers.tolist()]
    return keys, _grouped(of_records, group, len(keys))


def _by_month(days: Days, of_records: _OfRecords) -> tuple[Sequence[str], Counts]:
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    first = months.min() if len(months) else np.datetime64("1970-01", "M")
    group = (months - first).astype(np.int64)
    counts = _grouped(of_records, group, int(group.max(initial=-1)) + 1)
    there = np.flatnonzero(counts[:, PLACES[Figure.RECORDS]])
    return [str(first + place) for place in there], counts[there]


def _by_place(cases: Cases, ids: Sequence[str], of_records: _OfRecords) -> tuple[Sequence[str], Counts]:
    counts = _grouped(of_records, cases.column("jurisdiction").astype(np.int64), len(ids))
    there = np.flatnonzero(counts[:, PLACES[Figure.RECORDS]])
    return [ids[place] for place in there.tolist()], counts[there]


def _grouped(of_records: _OfRecords, group: NDArray[np.int64], groups: int) -> Counts:
    counts = np.zeros((groups, len(FIGURES)), dtype=np.int64)
    _add_up(of_records, group, counts)
    return counts


_FIGURES_OF_RECORDS = types.Array(types.int32, 2, "C")
_FIGURES = types.Array(types.int64, 2, "C")


@kernel(types.void(TABLE, TABLE, BOOLS, BYTES, INTS, _FIGURES, _FIGURES_OF_RECORDS))
def _verdicts(  # noqa: PLR0917 - a compiled loop is given tables
    outcomes: NDArray[np.uint8],
    reasons: NDArray[np.uint8],
    breaches: NDArray[np.bool_],
    codes: NDArray[np.uint8],
    places: NDArray[np.int32],
    of_cards: Counts,
    of_records: _OfRecords,
) -> None:
    """Count the outcomes of each card; and of each record, those of cards that are no mere notices.

    `codes`: of an outcome undetermined, and the least of the doubts that are a record's. `places`: the figures of the
    outcomes in the order of their codes, then that of doubts of the rulebook's. Seven numbers of nine bits lie in one,
    so that to count is one addition.
    """
    undetermined, least, of_rules, size = codes[0], codes[1], len(places) - 1, outcomes.shape[1]
    counts, bits, mask = np.empty(_MOST, dtype=np.uint64), np.uint64(_BITS), np.uint64(_MOST)
    for begin in range(0, size, _MOST):
        width = min(_MOST, size - begin)
        for first in range(0, len(outcomes), _MOST):
            counts[:] = 0
            for card in range(first, min(first + _MOST, len(outcomes))):
                found, why = outcomes[card, begin : begin + width], reasons[card, begin : begin + width]
                total, kept = np.uint64(0), np.uint64(breaches[card])
                for case in range(width):
                    kind = of_rules if (found[case] == undetermined) & (why[case] < least) else found[case]
                    one = np.uint64(1) << (bits * np.uint64(kind))
                    total += one
                    counts[case] += one * kept
                for kind in range(len(places)):
                    of_cards[card, places[kind]] += np.int64((total >> (bits * np.uint64(kind))) & mask)
            for kind in range(len(places)):
                shift = bits * np.uint64(kind)
                for case in range(width):
                    of_records[places[kind], begin + case] += np.int32((counts[case] >> shift) & mask)


@kernel(
    types.void(
        types.uint32[::1],
        types.uint16[::1],
        types.uint8[::1],
        BOOLS,
        INTS,
        INTS,
        _FIGURES,
        _FIGURES_OF_RECORDS,
        TABLE,
    )
)
def _tell(  # noqa: PLR0913, PLR0917 - a compiled loop is given tables
    rows: NDArray[np.uint32],
    cards: NDArray[np.uint16],
    doubted: NDArray[np.uint8],
    breaches: NDArray[np.bool_],
    step_of: NDArray[np.int32],
    places: NDArray[np.int32],
    of_cards: Counts,
    of_records: _OfRecords,
    marks: NDArray[np.uint8],
) -> None:
    """Count flags, notices and questions, whose figures are `places`; mark for each step the records that have some."""
    for finding in range(len(rows)):
        row, card = rows[finding], cards[finding]
        kind = 1 if not breaches[card] else 2 if doubted[finding] else 0
        of_cards[card, places[kind]] += 1
        of_records[places[kind], row] += 1
        marks[step_of[card], row] |= _MARKS[kind]


@kernel(types.void(_FIGURES_OF_RECORDS, INTS))
def _records(of_records: _OfRecords, places: NDArray[np.int32]) -> None:
    """Tell of each record whether it has a flag, or a question and no flag. `places`: the figures, as `_RECORDS`."""
    flags, questions = of_records[places[0]], of_records[places[1]]
    for case in range(of_records.shape[1]):
        flagged = flags[case] > 0
        of_records[places[2], case] = 1
        of_records[places[3], case] = flagged
        of_records[places[4], case] = not flagged
        of_records[places[5], case] = (not flagged) & (questions[case] > 0)


@kernel(types.void(_FIGURES_OF_RECORDS, types.Array(types.int64, 1, "C", readonly=True), _FIGURES))
def _add_up(of_records: _OfRecords, group: NDArray[np.int64], counts: Counts) -> None:
    """Add up the figures of the records of each group; those of no group (below 0) are left out."""
    for figure in range(len(of_records)):
        values = of_records[figure]
        for case in range(len(group)):
            if group[case] >= 0:
                counts[group[case], figure] += values[case]
