"""What every format of event log comes down to: cases with attributes, and events with an activity and a time.

Values are kept as the text that stands in the log. What they mean is decided by the mapping, not here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.reading.problems import Problem, shown
from engine.vocabulary import Bilingual


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a case. `line`: where it stands in the file, from 1."""

    activity: str
    time: str | None
    transition: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    line: int = 1


@dataclass(frozen=True, slots=True)
class Case:
    """A case: what is known of it as a whole, and its events in the order of the file."""

    id: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    line: int = 1


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something of a log that cannot be read; `case`: the case that it belongs to, where that is known."""

    problem: Problem
    case: str | None = None


Read = Iterator[Case | Unreadable]
"""What is read of a log, case by case: what cannot be read is told in between."""

FILE: Final = "(whole file)"
_CORRECT: Final = Bilingual(
    zh="更正后重新导入;其余已照常导入", en="correct it and import again; the rest has been imported"
)


def unreadable(
    code: str,
    expected: Bilingual,
    *,
    file: str,
    line: int,
    field: str,
    given: object = None,
    case: str | None = None,
) -> Unreadable:
    """Tell what cannot be read: where it stands, what was given (None: nothing) and what is expected."""
    problem = Problem(
        code=code,
        file=file,
        line=line,
        field=f"{case} {field}" if case else field,
        given="nothing" if given is None else shown(given),
        expected=expected,
        do=_CORRECT,
    )
    return Unreadable(problem, case)
