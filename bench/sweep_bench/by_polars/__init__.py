"""A yardstick: what one person, skilled in Polars, would write by hand for forty cards, and no more.

Imports nothing of ours. It reads the same Parquet, only the columns that it needs, and writes the same findings.
Numbers of the law, codes of the table and the holidays are written out. What the general engine has to do and this need
not: other places and parameters, other cards and days, and everything that cannot happen in these records:

- The as-of day is the last of a quarter, so that a moment known to the month or quarter has come or has not. What is
  done on no known day may not be done; of other moments it is always known whether they have come.
- No round was declared void. A review was returned once or supplemented once. Meetings, issues, publications and the
  time that a catalogue names are not announced.

Where a card or the meaning of a period changes, this query has to be changed by hand; the benchmarks tell when it was
not.
"""

from bench.sweep_bench.by_polars.judging import judge
from bench.sweep_bench.by_polars.words import AS_OF, KNOWN_AT

__all__ = ["AS_OF", "KNOWN_AT", "judge"]
