"""What the dashboard shows: figures of `api.summaries`, counted in one pass, put into tables. Counts nothing itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from api.summaries.counting import PLACES, Counts, Key
from api.summaries.models import Dimension, Figure, Part, SummaryBasis, SummaryFilter, SummaryRow
from api.summaries.service import Desk, Summed, summed_at_once
from api.summaries.telling import Teller
from engine.duties.kinds import Deadline

Table = tuple[Dimension, ...]
CELLS: Final[Table] = (Dimension.UNIT, Dimension.STEP)
UNITS: Final[Table] = (Dimension.UNIT,)
STEPS: Final[Table] = (Dimension.STEP,)
MONTHS: Final[Table] = (Dimension.MONTH,)
CARDS: Final[Table] = (Dimension.CARD,)
TABLES: Final = (CELLS, UNITS, STEPS, MONTHS, CARDS)

SHADES: Final = 5
"""In how many shades rates are shown, each for an equal part of all rates."""
ROWS: Final = 15
"""Of how many units the heat map shows the rates at a time."""
MOST_FLAGS: Final = 10


class Cell(NamedTuple):
    """A rate: satisfied of satisfied and violated. `shade`: from 0, the lowest rates, up; None without a rate."""

    satisfied: int
    both: int
    shade: int | None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A unit with its rate over all steps, then by step."""

    unit: Part
    of_all: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Dashboard:
    """All that was counted for one question."""

    basis: SummaryBasis
    total: SummaryRow
    steps: tuple[SummaryRow, ...]
    months: tuple[SummaryRow, ...]
    cards: tuple[SummaryRow, ...]
    deadlines: tuple[SummaryRow, ...]
    units: tuple[Key, ...]
    """Those with the most violations first."""
    tables: Mapping[Table, Summed]
    teller: Teller

    @property
    def flags(self) -> tuple[SummaryRow, ...]:
        """Return the cards of which there are the most flags."""
        flagged = [row for row in self.cards if row.flags]
        return tuple(sorted(flagged, key=lambda row: -row.flags)[:MOST_FLAGS])

    def heat(self, begin: int) -> tuple[HeatRow, ...]:
        """Return the rates of some units, from a place on."""
        return tuple(self._heat_row(unit) for unit in self.units[begin : begin + ROWS])

    def heat_of_all(self) -> tuple[Cell, ...]:
        """Return the rates of all units together, of all steps and by step."""
        steps = self.tables[STEPS].groups
        return (_cell(self.tables[UNITS].total), *(_cell(steps[row.group[0].key,]) for row in self.steps))

    def _heat_row(self, unit: Key) -> HeatRow:
        cells = self.tables[CELLS].groups
        return HeatRow(
            unit=self.teller.naming.part(Dimension.UNIT, unit[0]),
            of_all=_cell(self.tables[UNITS].groups[unit]),
            cells=tuple(_cell(cells.get((*unit, row.group[0].key))) for row in self.steps),
        )


def dashboard(desk: Desk, wanted: SummaryFilter) -> Dashboard:
    """Count everything that the dashboard shows; raises what `summed` raises."""
    tables = dict(zip(TABLES, summed_at_once(desk, wanted, TABLES), strict=True))
    deadlines = {card.id for card in desk.rules.rulebook.cards if isinstance(card.duty, Deadline)}
    cards = _rows(desk, tables[CARDS], CARDS, wanted)
    units = tables[UNITS].groups
    names = desk.naming
    return Dashboard(
        basis=tables[UNITS].basis,
        total=Teller(names, (), card=wanted.card).told((), tables[UNITS].total),
        steps=tuple(row for row in _rows(desk, tables[STEPS], STEPS, wanted) if row.satisfied + row.violated),
        months=_rows(desk, tables[MONTHS], MONTHS, wanted),
        cards=cards,
        deadlines=tuple(
            row for row in cards if row.group[0].key in deadlines and row.satisfied + row.violated + row.pending
        ),
        units=tuple(sorted(units, key=lambda unit: (-units[unit][_VIOLATED], names.order(Dimension.UNIT, unit[0])))),
        tables=tables,
        teller=Teller(names, CELLS, card=wanted.card),
    )


_SATISFIED: Final = PLACES[Figure.SATISFIED]
_VIOLATED: Final = PLACES[Figure.VIOLATED]


def _rows(desk: Desk, found: Summed, by: Sequence[Dimension], wanted: SummaryFilter) -> tuple[SummaryRow, ...]:
    teller = Teller(desk.naming, by, card=wanted.card)
    return tuple(teller.told(group.words, group.counts) for group in teller.in_order(found.groups))


def _cell(counts: Counts | None) -> Cell:
    if counts is None:
        return Cell(0, 0, None)
    satisfied, violated = int(counts[_SATISFIED]), int(counts[_VIOLATED])
    both = satisfied + violated
    return Cell(satisfied, both, min(SHADES * satisfied // both, SHADES - 1) if both else None)
