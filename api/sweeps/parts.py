"""What a sweep works through: a source gives parts, each of a bounded number of records of one procedure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from api.sweeps.rejects import Reject
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import Asked, Frames
from engine.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Judgeable:
    """What was read of a part: its records, the names of lead units by number, and the rows that cannot be judged."""

    frames: Frames
    units: Mapping[int, str]
    rejects: tuple[Reject, ...] = ()


class Part(Protocol):
    """A bounded number of records of one procedure. Small and picklable: what it names is read where it is judged."""

    @property
    def name(self) -> str:
        """Return the name by which its results are kept: always the same, and fit for a file."""
        ...

    @property
    def procedure(self) -> str:
        """Return the procedure of its records."""
        ...

    @property
    def fingerprint(self) -> str:
        """Return a text that changes when what would be read changes."""
        ...

    def read(self, rules: CompiledRulebook, asked: Asked) -> Judgeable:
        """Read at least the columns that are asked for; raises `SweepError` where to try again is no use."""
        ...


class Source(Protocol):
    """Where records come from."""

    def parts(self) -> Iterable[Part]:
        """Give its parts, always in the same order."""
        ...

    def check(self, rulebook: Rulebook) -> None:
        """Raise `SweepError` if by this rulebook no part of it can be judged."""
        ...
