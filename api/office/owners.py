"""What the rows of a workbook say of one record or catalogue: its data, and the cell that each part was read from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from api.office.cells import CellFault
from api.office.problems import CellAt, CellProblem
from engine.reading.problems import Location, Problem, field_path
from engine.record.reading import places_of


@dataclass(slots=True)
class Owner:
    """A record or catalogue in the making. `rows`: the places that have a row of their own."""

    id: str
    file: str
    cell: CellAt
    values: dict[Location, Any] = field(default_factory=dict)
    cells: dict[str, CellAt] = field(default_factory=dict)
    rows: dict[Location, CellAt] = field(default_factory=dict)
    refused: bool = False

    def begin(self, place: Location, cell: CellAt) -> None:
        """Note that a row stands for a place."""
        self.rows[place] = cell
        self.cells.setdefault(field_path(place), cell)

    def note(self, place: Location, cell: CellAt, value: object = None) -> None:
        """Note which cell a place is written in, and what it says; nothing if it is blank."""
        self.cells[field_path(place)] = cell
        if place[-1] == "actual":
            # A moment is written without saying that it took place, and problems call it so.
            self.cells[field_path(place[:-1])] = cell
        if value is not None:
            self.values[place] = value

    def within(self, above: Location) -> list[Location]:
        """Return the places right below another that have a row."""
        return [place for place in self.rows if place and place[:-1] == above]

    def count(self, above: Location) -> int:
        """Return how many rows a list has so far."""
        return len(self.within(above))

    def listed(self, place: Location) -> int:
        """Return how many values a list has so far that stands in one row."""
        return sum(1 for known in self.values if known[:-1] == place)

    def tidy_title(self, place: Location) -> None:
        """Say a title in one language as a text."""
        own = (*place, "title")
        cell = self.cells.get(field_path((*own, "zh")))
        if cell is None:
            return
        self.cells[field_path(own)] = cell
        if (*own, "zh") in self.values and (*own, "en") not in self.values:
            self.values[own] = self.values.pop((*own, "zh"))

    def data(self) -> dict[str, Any]:
        """Return what the rows say, as a file of records would say it; lists in the order of their places."""
        tree: dict[str | int, Any] = {}
        for place in self.rows:
            _reach(tree, place)
        for place, value in self.values.items():
            _reach(tree, place[:-1])[place[-1]] = value
        data: dict[str, Any] = _listed(tree)
        return data

    def written(self, prefix: Location) -> Iterable[Location]:
        """Give every place of the data, below a prefix."""
        return places_of(self.data(), prefix)

    def problem(self, problem: Problem) -> CellProblem:
        """Name the cell that a problem of the record lies in; the row of the record, where it lies in none."""
        fault = CellFault(problem.code, problem.given, problem.expected, problem.do)
        return self._cell(problem.field).problem(fault, file=self.file, owner=self.id)

    def _cell(self, path: str) -> CellAt:
        while path:
            if path in self.cells:
                return self.cells[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.cell


def _reach(tree: dict[str | int, Any], place: Location) -> dict[str | int, Any]:
    for part in place:
        tree = tree.setdefault(part, {})
    return tree


def _listed(tree: Any) -> Any:  # noqa: ANN401 - plain data
    """Turn what is numbered into lists."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(isinstance(key, int) for key in tree):
        return [_listed(tree[key]) for key in sorted(tree)]
    return {key: _listed(value) for key, value in tree.items()}
