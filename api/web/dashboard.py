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
MONTHS: Final[Table] = (Dimension.MONTH,)
CARDS: Final[Table] = (Dimension.CARD,)
TABLES: Final = (CELLS, MONTHS, CARDS)
"""What is counted; rates of units and of steps are sums of those of both."""

SHADES: Final = 5
"""In how many shades rates are shown, each for an equal part of all rates."""
ROWS: Final = 10
"""Of how many units the heat map shows the rates at a time."""
MOST_FLAGS: Final = 10


class Cell(NamedTuple):
    """A rate: satisfied of satisfied and violated."""

    satisfied: int
    both: int

    @property
    def shade(self) -> int | None:
        """Return the shade: from 0, the lowest rates, up; None without a rate."""
        return min(SHADES * self.satisfied // self.both, SHADES - 1) if self.both else None


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
    steps: tuple[Part, ...]
    months: tuple[SummaryRow, ...]
    cards: tuple[SummaryRow, ...]
    deadlines: tuple[SummaryRow, ...]
    units: tuple[str, ...]
    """Those with the most violations first."""
    cells: Mapping[Key, Counts]
    of_units: Mapping[str, Counts]
    of_steps: Mapping[str, Counts]
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
        of_all = Cell(self.total.satisfied, self.total.satisfied + self.total.violated)
        return of_all, *(_cell(self.of_steps[step.key]) for step in self.steps)

    def _heat_row(self, unit: str) -> HeatRow:
        return HeatRow(
            unit=self.teller.naming.part(Dimension.UNIT, unit),
            of_all=_cell(self.of_units[unit]),
            cells=tuple(_cell(self.cells.get((unit, step.key))) for step in self.steps),
        )


def dashboard(desk: Desk, wanted: SummaryFilter) -> Dashboard:
    """Count everything that the dashboard shows; raises what `summed` raises."""
    cells, months, of_cards = summed_at_once(desk, wanted, TABLES)
    deadlines = {card.id for card in desk.rules.rulebook.cards if isinstance(card.duty, Deadline)}
    cards = _rows(desk, of_cards, CARDS, wanted)
    units, steps = _sums(cells.groups, 0), _sums(cells.groups, 1)
    names = desk.naming
    return Dashboard(
        basis=cells.basis,
        total=Teller(names, (), card=wanted.card).told((), months.total),
        steps=tuple(
            names.part(Dimension.STEP, step)
            for step in sorted(steps, key=lambda step: names.order(Dimension.STEP, step))
            if _cell(steps[step]).both
        ),
        months=_rows(desk, months, MONTHS, wanted),
        cards=cards,
        deadlines=tuple(
            row for row in cards if row.group[0].key in deadlines and row.satisfied + row.violated + row.pending
        ),
        units=tuple(sorted(units, key=lambda unit: (-units[unit][_VIOLATED], names.order(Dimension.UNIT, unit)))),
        cells=cells.groups,
        of_units=units,
        of_steps=steps,
        teller=Teller(names, CELLS, card=wanted.card),
    )


def _sums(groups: Mapping[Key, Counts], part: int) -> dict[str, Counts]:
    """Add up the groups by one part of their names; what counts records says nothing then."""
    found: dict[str, Counts] = {}
    for key, counts in groups.items():
        name = key[part]
        found[name] = found[name] + counts if name in found else counts
    return found


_SATISFIED: Final = PLACES[Figure.SATISFIED]
_VIOLATED: Final = PLACES[Figure.VIOLATED]


def _rows(desk: Desk, found: Summed, by: Sequence[Dimension], wanted: SummaryFilter) -> tuple[SummaryRow, ...]:
    teller = Teller(desk.naming, by, card=wanted.card)
    return tuple(teller.told(group.words, group.counts) for group in teller.in_order(found.groups))


def _cell(counts: Counts | None) -> Cell:
    if counts is None:
        return Cell(0, 0)
    satisfied, violated = int(counts[_SATISFIED]), int(counts[_VIOLATED])
    return Cell(satisfied, satisfied + violated)
