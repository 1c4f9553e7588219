"""A yardstick: what one person, skilled in DuckDB, would write by hand for the forty named cards, and no more.

Imports nothing of ours. It reads the same Parquet, only the columns that it needs, and writes the same findings.
Numbers of the law, codes of the table and the holidays are written out in `sql/`. What the general engine has to do
and this need not: other places and parameters, other cards, and what cannot happen in made-up records: a moment that
may or may not have come by the as-of day, as one of which only a month is known that is not over; and a round whose
clock is stopped more than once. Where a card changes, this query has to be changed by hand; the benchmark tells when it
was not.

Fastest on two cores are two processes with one thread each, and some partitions at a time, so that planning the queries
and reading the files share their cost; two threads in one process take more CPU time for the same.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

import duckdb

from bench.sweep_bench.by_duckdb.tables import look_at

PARTITIONS: Final = 5
"""So many at a time do best."""

SQL: Final = Path(__file__).parent / "sql"
ONCE: Final = ("words", "calendar")
EACH: Final = ("cases", "participation", "studies", "reviews", "ends", "verdicts", "findings")

EPOCH: Final = date(1970, 1, 1)
MINUTES_PER_DAY: Final = 24 * 60


class Query:
    """A database in memory in which partitions are judged, by one thread."""

    def __init__(self, *, as_of: date, known_at: datetime, threads: int = 1) -> None:
        """Open it for a question."""
        self._connection = duckdb.connect(config={"threads": threads})
        self._connection.execute("SET preserve_insertion_order = false")
        day = (as_of - EPOCH).days
        numbers = {
            "as_of_day": day,
            "last_minute": day * MINUTES_PER_DAY + MINUTES_PER_DAY - 1,
            "known_at": int(known_at.timestamp()),
        }
        for name, number in numbers.items():
            self._connection.execute(f"CREATE MACRO {name}() AS {number}")
        for name in ONCE:
            self._run(name)

    def judge(self, partitions: Sequence[Path], target: Path) -> None:
        """Judge partitions and write their findings to one file."""
        look_at(self._connection, partitions)
        for name in EACH:
            self._run(name)
        self._connection.execute(f"COPY findings TO '{target}' (FORMAT parquet, COMPRESSION lz4)")

    def _run(self, name: str) -> None:
        self._connection.execute((SQL / f"{name}.sql").read_text(encoding="utf-8"))
