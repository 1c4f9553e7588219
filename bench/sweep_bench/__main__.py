"""Sweep made-up records by the million, print a table with ratios and goals, and write `var/bench-sweep.json`.

`python -m bench.sweep_bench --records 1000000,10000000`. The figures on top are those of the largest table. Times
decide nothing: they differ from machine to machine. Exits with 1, and gives no figures, if two ways of judging differ.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from api.synth.circumstances import AS_OF, KNOWN_AT
from bench.sweep_bench.commands import CommandFailedError
from bench.sweep_bench.measuring import measured
from bench.sweep_bench.others import others
from bench.sweep_bench.question import QUESTION
from bench.sweep_bench.showing import figures_of, surroundings, written
from bench.sweep_bench.tables import table_of
from bench.sweeps import VerdictsDifferError

RESULT: Final = Path("var/bench-sweep.json")
RECORDS: Final = (1_000_000, 10_000_000)
SEED: Final = 713
MANY: Final = 5_000_000
"""Of so many records one run says enough."""

console = Console(width=max(Console().width, 150))


class OtherDayError(Exception):
    """The frozen queries and the generator are not of one day."""

    def __init__(self) -> None:
        """Name both."""
        super().__init__(
            f"the queries ask as of {QUESTION['as_of']}, known at {QUESTION['known_at']}; what is planted holds for "
            f"{AS_OF}, known at {KNOWN_AT}; mend the day of bench/sweep_bench/by_polars"
        )


def measure(sizes: list[int], *, seed: int, runs: int | None) -> None:
    """Measure tables of some sizes, and the peers on a sample of the first; what is measured is written each time."""
    if {"as_of": AS_OF, "known_at": KNOWN_AT} != QUESTION:
        raise OtherDayError
    about, by_size, peers = surroundings() | {"seed": seed}, {}, dict[str, Any]()
    for records in sizes:
        table = table_of(records, seed=seed)
        console.print(f"sweeping {records:,} records", style="dim")
        peers = peers or others(table.parts()[0])
        by_size[records] = figures_of(measured(table, runs=runs or (1 if records >= MANY else 3)))
        console.print(written(by_size[records], peers, cards=about["cards"]))
        figures = {**by_size[max(by_size)], **about, "peers": peers, "by_size": by_size}
        RESULT.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
        console.print(f"written: {RESULT}", style="dim")


def main() -> int:
    """Measure what the command line asks for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.sweep_bench", description=__doc__)
    parser.add_argument("--records", type=_sizes, default=list(RECORDS), help="sizes of tables, with commas between")
    parser.add_argument("--runs", type=int, help="how often each is timed; 3 if left out, 1 for very many records")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    try:
        measure(given.records, seed=given.seed, runs=given.runs)
    except (OtherDayError, CommandFailedError, VerdictsDifferError) as error:
        console.print(str(error), style="red", markup=False)
        return 1
    return 0


def _sizes(text: str) -> list[int]:
    return sorted(int(size) for size in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
