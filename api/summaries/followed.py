"""What was read of many records, kept in this process and read anew of those only that have changed since.

What has changed is told by the store itself, in the transaction in which the rest is read, so that it makes no
difference which process has written. Two things tell it: each version of a record has an entry in the trail that names
the record; and each judgement of a re-evaluation is counted in its report, both in the transaction that writes them.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, NamedTuple, TypeVar

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.reevaluations.tables import Reevaluation
from api.store import trail
from api.store.tables import TrailEntry

Answer = TypeVar("Answer")
Keys = frozenset[str]

ENTRIES: Final = 1_000
"""After more entries in the trail than this everything is read anew."""


class Mark(NamedTuple):
    """How far the store has come: the head of the trail, and how many judgements re-evaluations have written."""

    number: int
    digest: str
    swept: int


def mark(session: Session) -> Mark:
    """Return how far the store has come."""
    head = trail.head(session)
    swept = session.execute(select(func.coalesce(func.sum(col(Reevaluation.judged)), 0))).scalar_one()
    return Mark(head.number, head.digest, int(swept))


def changed_since(session: Session, since: Mark, here: Mark) -> Keys | None:
    """Return what was written about since a mark, records among it; None where that cannot be told one by one."""
    if since.swept != here.swept or not since.number <= here.number <= since.number + ENTRIES:
        return None
    entry = select(col(TrailEntry.number), col(TrailEntry.subject), col(TrailEntry.digest))
    found = session.execute(entry.where(col(TrailEntry.number) >= since.number)).all()
    if (since.number, since.digest) not in {(row[0], row[2]) for row in found}:
        return None
    return frozenset(row[1] for row in found if row[0] > since.number)


@dataclass(frozen=True, slots=True)
class Source(Generic[Answer]):
    """Where answers come from.

    `newest`: when the newest of what is read was entered, of some records or of all; `whole`: reads all; `renewed`:
    reads some records again and puts them into an answer, which stays as it is; `size`: of how many records it is.
    """

    newest: Callable[[Keys | None], datetime | None]
    whole: Callable[[], Answer]
    renewed: Callable[[Answer, Keys], Answer]
    size: Callable[[Answer], int]


class _Held(NamedTuple, Generic[Answer]):
    """An answer as of a mark, and when the newest of what is in it was entered: later nothing else is known."""

    mark: Mark
    newest: datetime | None
    answer: Answer


class Followed(Generic[Answer]):
    """Answers that follow the store, those that were asked for last."""

    def __init__(self, most: int) -> None:
        """Keep answers about so many records at most, all together."""
        self._most: Final = most
        self._held: OrderedDict[Hashable, _Held[Answer]] = OrderedDict()
        self._lock: Final = threading.Lock()

    def of(self, session: Session, question: Hashable, source: Source[Answer], *, known_at: datetime) -> Answer:
        """Return the answer to a question by what was known at a time; nobody waits for another's.

        It is kept if everything in it was known by then, for then it is the same at any later time.
        """
        name, here = (session.get_bind().engine.url.render_as_string(), question), mark(session)
        with self._lock:
            held = self._held.get(name)
        if held is not None and not _is_known(held.newest, known_at):
            held = None
        changed = changed_since(session, held.mark, here) if held else None
        if held is None or changed is None:
            newest, answer = source.newest(None), source.whole()
        elif changed:
            newest = max((one for one in (held.newest, source.newest(changed)) if one), default=None)
            answer = source.renewed(held.answer, changed)
        else:
            newest, answer = held.newest, held.answer
        if _is_known(newest, known_at) and source.size(answer) <= self._most:
            self._keep(name, _Held(here, newest, answer), source.size)
        return answer

    def _keep(self, name: Hashable, held: _Held[Answer], size: Callable[[Answer], int]) -> None:
        with self._lock:
            self._held.pop(name, None)
            self._held[name] = held
            while sum(size(one.answer) for one in self._held.values()) > self._most:
                self._held.popitem(last=False)


def _is_known(newest: datetime | None, known_at: datetime) -> bool:
    return newest is None or newest <= known_at
