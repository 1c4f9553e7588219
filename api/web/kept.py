"""Answers that are kept in this process for as long as nothing has happened since: the store has come no further.

Who only reads leaves no mark, so that the reading of many people does not have figures counted anew.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, TypeVar, cast

from api.clock import today
from api.context import Service
from api.identity.reach import Reach
from api.summaries.followed import mark

Answer = TypeVar("Answer")

MOST: Final = 64
"""How many answers are kept."""


class _Kept:
    """The answers that were asked for last, by the questions."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, question: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return the answer that is kept, else make it; nobody waits for another's."""
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                return cast(Answer, self._answers[question])
        answer = make()
        with self._lock:
            self._answers[question] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer


_KEPT: Final = _Kept(MOST)


def kept(service: Service, reach: Reach, question: Hashable, make: Callable[[], Answer]) -> Answer:
    """Return the answer to a question of somebody who reaches so far, made anew once something has happened."""
    with service.database.reading() as session:
        here = mark(session)
    store = service.database.url.render_as_string(hide_password=True)
    return _KEPT.of((store, here, today(), reach, question), make)
