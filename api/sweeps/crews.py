"""Who does the work of a sweep: a crew is given parts, and gives back what was done or why it could not be."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from api.sweeps.errors import SweepError
from api.sweeps.parts import Part
from engine.vocabulary import Bilingual

TRIES: Final = 3
"""So often a part is tried, unless its error says that it is no use."""


@dataclass(frozen=True, slots=True)
class Done:
    """A part whose results lie on disk under their final names. Findings are counted by kind."""

    part: str
    records: int
    rejected: int
    flags: int
    notices: int
    questions: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A part that was not judged. `stops`: nothing else can be done either, as when the disk is full."""

    part: str
    told: Bilingual
    tries: int
    stops: bool = False


Result = TypeVar("Result")


class Crew(Protocol):
    """Processes that judge parts, here or on other machines."""

    def run(self, work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result | Failed]:
        """Give what came of each part, in any order.

        The work is picklable, and finds the rulebook installed where it is done (`api.sweeps.carried`).
        Parts are taken one by one, as there is somebody free to judge them. Should somebody die, the part is judged
        again by another; an error is tried again unless it is a `SweepError`.
        """
        ...


def failure(part: Part, error: BaseException, *, tries: int) -> Failed:
    """Tell why a part was not judged."""
    if isinstance(error, SweepError):
        return Failed(part.name, error.told, tries, stops=error.stops)
    why = f"{type(error).__name__}: {error}"
    return Failed(
        part.name,
        Bilingual(
            zh=f"{part.name}: 处理出错({why}),已试{tries}次;请再次运行同一命令,仍然出错的请报告此信息",
            en=f"{part.name}: failed {tries} times ({why}); run the same command again, and report this if it stays",
        ),
        tries,
    )
