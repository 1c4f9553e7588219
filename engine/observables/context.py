"""What derivation needs beside the cases: the law's calendar, parameters and places, and the day that is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.calendar.moment import MINUTES_PER_DAY
from engine.calendar.workdays import Workdays
from engine.parameters.jurisdictions import JurisdictionTree
from engine.parameters.parameter import ParameterTable
from engine.procedure import Procedure


@dataclass(frozen=True)
class Law:
    """The data of a rulebook that observables depend on. `workdays`: by the notices known at the known-at time."""

    procedure: Procedure
    parameters: Mapping[str, ParameterTable]
    tree: JurisdictionTree
    workdays: Workdays


@dataclass(frozen=True)
class Question:
    """For which day (epoch day, its end included) and by which knowledge (UTC seconds) is asked."""

    as_of: int
    known_at: int

    @property
    def end_of_day(self) -> int:
        """Return the last minute of the as-of day."""
        return self.as_of * MINUTES_PER_DAY + MINUTES_PER_DAY - 1
