"""A process that writes to the trail until it is killed, and tells each write after it was acknowledged."""

import sys
from itertools import count

from api.clock import now
from api.store import trail
from api.store.database import Database


def write(url: str, actor: str, *, times: int | None) -> None:
    """Write so many entries, or without end; print the number of each once it is committed."""
    database = Database(url)
    for turn in count() if times is None else range(times):
        with database.writing() as session:
            number = trail.append(
                session, at=now(), actor=actor, action="written", subject=str(turn), content={"turn": turn}
            ).number
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    database.close()


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], times=int(sys.argv[3]) if len(sys.argv) > 3 else None)
