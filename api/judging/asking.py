"""What is asked of a record: for which day, by what was known when, by which rules; and how it is answered anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api import clock
from api.asked import Asked
from api.judging.errors import FutureKnowledgeError
from api.judging.judge import Judge
from api.judging.rulebooks import Rulebooks
from api.store.database import Database
from api.store.turns import PATIENCE

__all__ = ["Asked", "Bench", "settled_time"]

_UNSETTLED: Final = timedelta(seconds=2 * PATIENCE)
"""For so long somebody may still be writing what was entered at a time."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs: where records lie, the rulebooks, the judge."""

    database: Database
    rulebooks: Rulebooks
    judge: Judge


def settled_time(database: Database, known_at: datetime | None) -> datetime:
    """Return a known-at time, or now, of which all is in the store that was entered by then.

    Who is writing has taken the time of entry already: an answer that does not wait for that write would be another
    when it is asked for again. Raises `FutureKnowledgeError`.
    """
    now = clock.now()
    time = known_at or now
    if time > now:
        raise FutureKnowledgeError(given=time)
    if now - time < _UNSETTLED:
        with database.writing():
            pass
    return time
