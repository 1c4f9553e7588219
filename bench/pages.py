"""How long each page takes on the server, one after the other, beside the status of a record over HTTP.

The server is a real process with one worker; 10,000 records are in the store. Each page is asked for once, then timed
twice: while nothing is written, when some answers are kept by the server, and after a write: before each look a round
is put on another record over HTTP, which is not in the time. Goals, for the second: a median under 100 ms; and no page
over 150 kB. Beside it stands the CPU time of the server, which tells more where others use the machine, too. Times
decide nothing: they differ from machine to machine.
"""

import argparse
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from bench.load import WrongAnswerError
from bench.servers import Server, ours
from bench.store import FOLDER, Store, prepare
from bench.visits import Client, cast, pages, writes

RESULT: Final = Path("var/bench-pages.json")
RECORDS: Final = 10_000
RUNS: Final = 15
GOAL_MS: Final = 100
GOAL_BYTES: Final = 150_000

Figures = dict[str, Any]
console = Console(width=max(Console().width, 120))


def measure(records: int) -> Figures:
    """Make or find the store, and time every page as somebody whose page it is."""
    with _copied(prepare(records, console)) as store:
        who = cast(store)
        with ours(store) as server:
            client = Client(server.address)
            write = partial(next, writes(client, who))
            asked = pages(client, who)
            found = {name: _timed(partial(client.ask, *one), write, server) for name, one in asked.items()}
            client.close()
    return {
        "pages": found,
        "slowest_after_a_write_ms": max(one["after_a_write_ms"] for one in found.values()),
        "slowest_otherwise_ms": max(one["median_ms"] for one in found.values()),
        "largest_bytes": max(one["bytes"] for one in found.values()),
        "records": records,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


@contextmanager
def _copied(store: Store) -> Iterator[Store]:
    """Give a copy of the store, for what is written is not to be there the next time."""
    file = FOLDER / "store-of-pages.sqlite"
    shutil.copyfile(store.url.removeprefix("sqlite:///"), file)
    try:
        yield replace(store, url=f"sqlite:///{file}")
    finally:
        for each in FOLDER.glob(f"{file.name}*"):
            each.unlink()


def _timed(look: Callable[[], bytes], write: Callable[[], None], server: Server) -> Figures:
    """Time a page: the first look, looks while nothing is written, looks after a write each."""
    first, size = _time(look), len(look())
    undisturbed = [_time(look) for _ in range(RUNS)]
    disturbed, used = [], []
    for _ in range(RUNS):
        write()
        before = server.cpu_ms()
        disturbed.append(_time(look))
        used.append(server.cpu_ms() - before)
    return {
        "median_ms": median(undisturbed),
        "after_a_write_ms": median(disturbed),
        "after_a_write_cpu_ms": median(used),
        "first_ms": first,
        "bytes": size,
    }


def _time(look: Callable[[], bytes]) -> float:
    began = perf_counter()
    look()
    return (perf_counter() - began) * 1000


def show(figures: Figures) -> None:
    """Print the table."""
    table = Table(title=f"pages with {figures['records']:,} records in the store; medians")
    for column, side in (
        ("page", "left"),
        ("after a write", "right"),
        ("its CPU", "right"),
        ("nothing written", "right"),
        ("first", "right"),
        ("size", "right"),
        ("goal", "left"),
    ):
        table.add_column(column, justify=side)  # type: ignore[arg-type]
    for name, one in figures["pages"].items():
        met = one["after_a_write_ms"] < GOAL_MS and one["bytes"] < GOAL_BYTES
        table.add_row(
            name,
            f"{one['after_a_write_ms']:.1f} ms",
            f"{one['after_a_write_cpu_ms']:.1f} ms",
            f"{one['median_ms']:.1f} ms",
            f"{one['first_ms']:.0f} ms",
            f"{one['bytes'] / 1000:.0f} kB",
            "met" if met else f"under {GOAL_MS} ms after a write and {GOAL_BYTES // 1000} kB: missed",
        )
    console.print(table)


def main() -> int:
    """Run everything; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=RECORDS, help="how many records the store has")
    try:
        figures = measure(parser.parse_args().records)
    except WrongAnswerError as error:
        console.print(str(error), style="red")
        return 1
    show(figures)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
    console.print(f"written: {RESULT}", style="dim")
    return 0


if __name__ == "__main__":
    sys.exit(main())
