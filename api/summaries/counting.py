"""Counts what records came to: for each group of records and cards its verdicts, findings and records. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.judging.codes import OUTCOMES
from api.summaries.cells import KINDS, OF_FINDINGS, OF_VERDICTS, Cells, Choice, Marks, by_findings, of_any
from api.summaries.columns import Block, Mask, Places, grouped
from api.summaries.models import Dimension, Figure
from engine.evaluation.compile import CompiledCard

Key = tuple[str, ...]
"""The words of a group, one for each dimension."""
Counts = NDArray[np.int64]
"""One number for each figure, in the order of `Figure`."""

PLACES: Final = {figure: place for place, figure in enumerate(Figure)}
_FIGURE_OF: Final = {outcome: figure for figure, outcome in OF_VERDICTS.items()}
_OF_OUTCOMES: Final = [PLACES[_FIGURE_OF[outcome]] for outcome in OUTCOMES]
"""The places of the figures that count outcomes, in the order of the codes."""


@dataclass(slots=True)
class Tally:
    """What has been counted so far: for each group, and of all. Groups are named by records first, then by cards."""

    choice: Choice
    marks: Marks = field(default_factory=Marks)
    groups: dict[Key, Counts] = field(default_factory=dict)
    total: Counts = field(default_factory=lambda: np.zeros(len(PLACES), dtype=np.int64))

    def add(self, block: Block, cells: Cells | None = None) -> None:
        """Count some records; `cells`: what the cards say of them, where others ask that too."""
        wanted = self.choice.cards(block)
        if not block.size or not wanted:
            return
        names, group = grouped([block.columns[name] for name in self.choice.by], block.size)
        counted = _Counted(cells or Cells(block, self.marks), self.choice, wanted, group, len(names))
        counted.verdicts()
        counted.findings()
        if self.marks.waived:
            counted.marked(Figure.WAIVED)
        if self.marks.dismissed:
            counted.marked(Figure.DISMISSED)
        self._take(names, counted)

    def _take(self, names: Sequence[Key], counted: "_Counted") -> None:
        self.total += counted.total
        for place, name in enumerate(names):
            for part, words in enumerate(counted.parts):
                key, found = (*name, *words), counted.table[place, part]
                self.groups[key] = self.groups[key] + found if key in self.groups else found


class _Counted:
    """The figures of one block. `parts`: its groups of cards; `table`: by group of records, part and figure."""

    def __init__(self, cells: Cells, choice: Choice, wanted: Sequence[int], group: Places, groups: int) -> None:
        self._cells, self._block, self._choice = cells, cells.block, choice
        self._wanted, self._group, self._groups = wanted, group, groups
        named = {place: _name(self._block.cards[place], choice.of_cards) for place in wanted}
        self.parts = list(dict.fromkeys(named.values()))
        self._part = np.full(len(self._block.cards), -1, dtype=np.int64)
        self._part[wanted] = [self.parts.index(named[place]) for place in wanted]
        self.table = np.zeros((groups, len(self.parts), len(PLACES)), dtype=np.int64)
        self.total = np.zeros(len(PLACES), dtype=np.int64)

    def verdicts(self) -> None:
        """Count the verdicts of each card, and the doubts of the rulebook's."""
        size = len(OUTCOMES)
        group, counted = self._group * size, np.zeros((len(self.parts), self._groups * size), dtype=np.int64)
        for place in self._wanted:
            if self._choice.counts_verdicts(self._block.cards[place]):
                counted[self._part[place]] += np.bincount(
                    group + self._block.outcomes[place], minlength=counted.shape[1]
                )
        by_outcome = counted.reshape(len(self.parts), self._groups, size)
        self.table[:, :, _OF_OUTCOMES] = by_outcome.transpose(1, 0, 2)
        self.total[_OF_OUTCOMES] = by_outcome.sum(axis=(0, 1))
        self.marked(Figure.DOUBTS_OF_RULES)

    def findings(self) -> None:
        """Count findings by kind, and the records with and without them."""
        told, shape = self._cells.told, (self._groups, len(self.parts), len(KINDS))
        chosen = self._part[told.card] >= 0
        record, part, kind = told.case[chosen], self._part[told.card[chosen]], told.kind[chosen]
        codes = (self._group[record] * len(self.parts) + part) * len(KINDS) + kind
        by_kind = np.bincount(codes, minlength=int(np.prod(shape))).reshape(shape)
        for figure, name in OF_FINDINGS.items():
            found = by_kind[:, :, KINDS[name]]
            self.table[:, :, PLACES[figure]] = found
            self.total[PLACES[figure]] = found.sum()
        flagged, questioned = (
            self._with_finding(record[kind == KINDS[OF_FINDINGS[figure]]], part[kind == KINDS[OF_FINDINGS[figure]]])
            for figure in (Figure.FLAGS, Figure.QUESTIONS)
        )
        self._records(flagged, questioned)

    def _with_finding(self, record: NDArray[np.uint32], part: Places) -> NDArray[np.bool_]:
        """Tell for each part which records have a finding on a card of it."""
        found = np.zeros((len(self.parts), self._block.size), dtype=np.bool_)
        found[part, record] = True
        return found

    def _records(self, flagged: NDArray[np.bool_], questioned: NDArray[np.bool_]) -> None:
        for part in range(len(self.parts)):
            for figure, mask in by_findings(flagged[part], questioned[part]):
                if figure != Figure.RECORDS:
                    self.table[:, part, PLACES[figure]] = self._by_group(mask)
        # All are records, whatever part: counted once.
        self.table[:, :, PLACES[Figure.RECORDS]] = np.bincount(self._group, minlength=self._groups)[:, None]
        for figure, mask in by_findings(of_any(flagged), of_any(questioned)):
            self.total[PLACES[figure]] = np.count_nonzero(mask)

    def marked(self, figure: Figure) -> None:
        """Count what is waived of the violations, dismissed of the flags, or left open by the rulebook."""
        cells = self._cells.of(figure)
        for place in self._wanted:
            counts = figure == Figure.DISMISSED or self._choice.counts_verdicts(self._block.cards[place])
            if counts and cells[place].any():
                self._note(figure, place, cells[place])

    def _note(self, figure: Figure, place: int, mask: Mask) -> None:
        """Add what a card says of the records of a mask."""
        found = self._by_group(mask)
        self.table[:, self._part[place], PLACES[figure]] += found
        self.total[PLACES[figure]] += found.sum()

    def _by_group(self, mask: Mask) -> Counts:
        if self._groups == 1:
            return np.array([np.count_nonzero(mask)])
        return np.bincount(self._group[mask], minlength=self._groups)


def _name(card: CompiledCard, by: Dimension | None) -> Key:
    """Return the words of the group that a card belongs to."""
    if by is None:
        return ()
    return (card.meaning.card.id if by == Dimension.CARD else card.meaning.card.step,)
