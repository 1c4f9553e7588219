"""What was worked out of single versions of records, kept in this process.

A version never changes, so that after a change of one record nothing has to be worked out again of all others. What
stands for a version is its record, its number and the digest of what it says.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, Generic, NamedTuple, TypeVar

from engine.calendar.moment import LOCAL

Answer = TypeVar("Answer")


class Entered(NamedTuple):
    """A version of a record."""

    record: str
    number: int
    sha256: str


def on_versions(*, rulebook: str, as_of: date, known_at: datetime) -> Hashable:
    """Return what decides, beside a version, what is worked out of it.

    When it is known changes nothing within a day: what is entered afterwards is a version of its own.
    """
    return rulebook, as_of, known_at.astimezone(LOCAL).date()


class Worked(Generic[Answer]):
    """Answers about versions, those that were asked for last."""

    def __init__(self, most: int) -> None:
        """Keep so many answers at most."""
        self._most: Final = most
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock: Final = threading.Lock()

    def of(
        self,
        question: Hashable,
        versions: Sequence[Entered],
        work: Callable[[Sequence[str]], Mapping[str, Answer]],
    ) -> dict[str, Answer]:
        """Return the answers to a question about versions, by the keys of their records.

        `work`: gives the answers about the versions of some records, of which it may leave some out; nobody waits for
        another's.
        """
        found, lacking = self._known(question, versions)
        if lacking:
            worked = work([one.record for one in lacking])
            found |= worked
            self._keep(question, lacking, worked)
        return found

    def _known(self, question: Hashable, versions: Sequence[Entered]) -> tuple[dict[str, Answer], list[Entered]]:
        found, lacking = dict[str, Answer](), list[Entered]()
        with self._lock:
            for version in versions:
                name = (question, version)
                if name in self._answers:
                    self._answers.move_to_end(name)
                    found[version.record] = self._answers[name]
                else:
                    lacking.append(version)
        return found, lacking

    def _keep(self, question: Hashable, versions: Sequence[Entered], worked: Mapping[str, Answer]) -> None:
        with self._lock:
            for version in versions:
                if version.record in worked:
                    self._answers[question, version] = worked[version.record]
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
