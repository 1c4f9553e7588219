"""Which verdicts and findings a figure counts: one cell for each card and record. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.summaries.columns import Block, Mask
from api.summaries.models import Dimension, Figure
from engine.evaluation.compile import OUTCOME_CODES, CompiledCard, Outcome
from engine.evaluation.sweeping import Told, told
from engine.observables.kleene import DOUBTS
from engine.vocabulary import FindingKind, Owner, Weight

Cell = tuple[str, str]
"""The key of a record, and a card."""
CellMask = NDArray[np.bool_]
"""One row for each card, one column for each record."""

KINDS: Final = {kind: code for code, kind in enumerate(FindingKind)}
OF_VERDICTS: Final[Mapping[Figure, Outcome]] = {
    Figure.SATISFIED: Outcome.SATISFIED,
    Figure.BY_EXCEPTION: Outcome.BY_EXCEPTION,
    Figure.VIOLATED: Outcome.VIOLATED,
    Figure.PENDING: Outcome.PENDING,
    Figure.UNDETERMINED: Outcome.UNDETERMINED,
    Figure.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
}
OF_FINDINGS: Final[Mapping[Figure, FindingKind]] = {
    Figure.FLAGS: FindingKind.FLAG,
    Figure.NOTICES: FindingKind.NOTICE,
    Figure.QUESTIONS: FindingKind.QUESTION,
}
OF_RECORDS: Final = frozenset({Figure.RECORDS, Figure.COMPLIANT, Figure.COMPLIANT_WITH_QUESTIONS, Figure.FLAGGED})
OF_RULES: Final = np.array([code in DOUBTS and DOUBTS[code].owner == Owner.RULEBOOK for code in range(256)])
"""For each code of a reason whether it is a doubt of the rulebook's."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which cards are counted, and what records and cards are grouped by; `step`, `card`: only these."""

    by: tuple[Dimension, ...] = ()
    of_cards: Dimension | None = None
    step: str | None = None
    card: str | None = None

    def cards(self, block: Block) -> list[int]:
        """Return the places of the cards that are asked about."""
        return [place for place, card in enumerate(block.cards) if self._is_asked(card)]

    def _is_asked(self, card: CompiledCard) -> bool:
        own = card.meaning.card
        return self.step in {None, own.step} and self.card in {None, own.id}

    def counts_verdicts(self, card: CompiledCard) -> bool:
        """Tell whether the verdicts of a card are counted: of a notice only where cards are named."""
        named = self.of_cards == Dimension.CARD or self.card is not None
        return named or card.meaning.card.weight == Weight.BREACH


@dataclass(frozen=True, slots=True)
class Marks:
    """What people have said of verdicts: which are waived, and which flags were dismissed."""

    waived: Collection[Cell] = frozenset()
    dismissed: Collection[Cell] = frozenset()


class Cells:
    """What each card says of each record of a block."""

    def __init__(self, block: Block, marks: Marks) -> None:
        """Take a block, and what people have said."""
        self.block = block
        self._marks = marks

    @cached_property
    def told(self) -> Told:
        """Return the findings that follow from no other."""
        return told(self.block.cards, self.block.outcomes, self.block.reasons)

    def of(self, figure: Figure) -> CellMask:
        """Return the cells that a figure of verdicts or findings counts."""
        if figure in OF_FINDINGS:
            return self._findings(OF_FINDINGS[figure])
        if figure == Figure.WAIVED:
            return self._violated & self._marked(self._marks.waived)
        if figure == Figure.DISMISSED:
            return self._findings(FindingKind.FLAG) & self._marked(self._marks.dismissed)
        if figure == Figure.DOUBTS_OF_RULES:
            return self._doubts_of_rules
        found: CellMask = self.block.outcomes == OUTCOME_CODES[OF_VERDICTS[figure]]
        return found

    @cached_property
    def _doubts_of_rules(self) -> CellMask:
        found: CellMask = self.of(Figure.UNDETERMINED) & OF_RULES[self.block.reasons]
        return found

    @property
    def _violated(self) -> CellMask:
        return self.of(Figure.VIOLATED)

    def _findings(self, kind: FindingKind) -> CellMask:
        table = np.zeros(self.block.outcomes.shape, dtype=np.bool_)
        of_kind = self.told.kind == KINDS[kind]
        table[self.told.card[of_kind], self.told.case[of_kind]] = True
        return table

    def _marked(self, cells: Collection[Cell]) -> CellMask:
        table = np.zeros(self.block.outcomes.shape, dtype=np.bool_)
        if cells:
            records = {key: place for place, key in enumerate(self.block.keys)}
            cards = {card.meaning.card.id: place for place, card in enumerate(self.block.cards)}
            for key, card in cells:
                if key in records and card in cards:
                    table[cards[card], records[key]] = True
        return table


def by_findings(flagged: Mask, questioned: Mask) -> Iterable[tuple[Figure, Mask]]:
    """Tell which records the figures of records count, by which of them have flags and questions."""
    yield Figure.RECORDS, np.ones_like(flagged)
    yield Figure.FLAGGED, flagged
    yield Figure.COMPLIANT, ~flagged
    yield Figure.COMPLIANT_WITH_QUESTIONS, ~flagged & questioned


def of_any(cells: CellMask) -> Mask:
    """Tell of which records there is a cell."""
    found: Mask = np.logical_or.reduce(cells, axis=0)
    return found


def behind(
    block: Block, figure: Figure, choice: Choice, marks: Marks, cells: Cells | None = None
) -> tuple[Mask, CellMask | None]:
    """Return which records are counted in a figure, and for the sake of which cards, if it counts cards.

    `cells`: what the cards say of the block, where that is asked several times.
    """
    cells, chosen = cells or Cells(block, marks), np.zeros((len(block.cards), 1), dtype=np.bool_)
    chosen[choice.cards(block)] = True
    if not chosen.any():
        return ~block.everyone, None
    if figure in OF_RECORDS:
        flagged, questioned = (of_any(cells.of(kind) & chosen) for kind in (Figure.FLAGS, Figure.QUESTIONS))
        return dict(by_findings(flagged, questioned))[figure], None
    if figure not in OF_FINDINGS and figure != Figure.DISMISSED:
        chosen &= np.array([[choice.counts_verdicts(card)] for card in block.cards])
    counted = cells.of(figure) & chosen
    return of_any(counted), counted
