"""Benchmarks of the service over HTTP, each beside its yardstick; prints a table and writes `var/bench-api.json`.

Ours and the yardstick are real server processes with one worker each, asked by the same generator in turn. Goals: the
status of a record at 0.7 of the throughput of a bare route that reads one row, a record submitted and judged within
40 ms, a summary over 100,000 records within a second. Times decide nothing: they differ from machine to machine.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from api.records.bodies import plain
from bench.byhand import DifferentFiguresError, refuse_different, satisfied_and_violated
from bench.load import Ran, WrongAnswerError, load, request_bytes
from bench.rules import all_cards
from bench.servers import Server, echo, ours, yardstick
from bench.store import PLACE, UNITS, Store, made_up, prepare
from bench.timing import timing

RESULT: Final = Path("var/bench-api.json")
RECORDS: Final = 100_000
STATUS: Final = "/api/v1/records/{key}/status"
SUMMARIES: Final = "/api/v1/summaries"

CONNECTIONS: Final = 8
RUNS: Final = 9
SECONDS: Final = 4.0
SUBMITTED: Final = 200
TURN: Final = 20
"""So many records are submitted before the yardstick has its turn."""
SUMMARY_RUNS: Final = 7
DIMENSIONS: Final = ("unit", "step", "card", "month", "jurisdiction")
MEDIA: Final = "application/json"
PACKAGES: Final = ("fastapi", "sqlmodel", "sqlalchemy", "uvicorn", "pydantic", "numpy", "polars", "starlette")

Figures = dict[str, Any]
console = Console(width=max(Console().width, 120))


# --- status --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """Runs of one server: how many answers in a second, how much CPU time each took, and how many bytes it had."""

    rates: tuple[float, ...]
    cpu: tuple[float, ...]
    size: float
    slowest: float
    """The time within which 99 of 100 answers came, in seconds."""

    @property
    def rate(self) -> float:
        """Return the median of answers in a second."""
        return median(self.rates)


def measure_status(store: Store, us: Server, bare: Server) -> Figures:
    """Ask for the statuses of a unit's records, and for the same records as rows, in turn."""
    console.print(f"status of a record, {RUNS} runs of {SECONDS:.0f} s each way", style="dim")
    statuses = [request_bytes(us.address, STATUS.format(key=key), token=store.department) for key in store.keys]
    rows = [request_bytes(bare.address, f"/records/{key}") for key in store.keys]
    our_runs, bare_runs = _in_turn((us, statuses), (bare, rows))
    ratio = median(one / other for one, other in zip(our_runs.rates, bare_runs.rates, strict=True))
    with echo(round(our_runs.size)) as nobody:
        capacity = load(nobody.address, statuses, connections=CONNECTIONS, seconds=SECONDS).rate
    return {
        "status_ratio": ratio,
        "status_ratio_by_cpu": median(bare_runs.cpu) / median(our_runs.cpu),
        "status_per_s": our_runs.rate,
        "status_p99_ms": our_runs.slowest * 1000,
        "status_cpu_ms": median(our_runs.cpu) * 1000,
        "status_bytes": our_runs.size,
        "bare_read_per_s": bare_runs.rate,
        "bare_read_p99_ms": bare_runs.slowest * 1000,
        "bare_read_cpu_ms": median(bare_runs.cpu) * 1000,
        "bare_read_bytes": bare_runs.size,
        "generator_per_s": capacity,
    }


def _in_turn(*sides: tuple[Server, Sequence[bytes]]) -> tuple[Told, ...]:
    """Load servers in turn, every other round backwards; the first round warms up and is not counted."""
    found: list[list[tuple[Ran, float]]] = [[] for _ in sides]
    for number in range(RUNS + 1):
        order = list(enumerate(sides))
        for place, (server, requests) in reversed(order) if number % 2 else order:
            before = server.cpu()
            ran = load(server.address, requests, connections=CONNECTIONS, seconds=SECONDS)
            found[place].append((ran, server.cpu() - before))
    return tuple(_told(runs[1:]) for runs in found)


def _told(runs: Sequence[tuple[Ran, float]]) -> Told:
    times = [time for ran, _ in runs for time in ran.times]
    return Told(
        rates=tuple(ran.rate for ran, _ in runs),
        cpu=tuple(cpu / len(ran.times) for ran, cpu in runs),
        size=sum(ran.received for ran, _ in runs) / len(times),
        slowest=quantiles(times, n=100)[-1],
    )


# --- submitting ----------------------------------------------------------------------------------------------------


def measure_submitting(store: Store, us: Server, bare: Server) -> Figures:
    """Submit records one after the other, and write rows of the same size."""
    console.print(f"submitting {SUBMITTED} records", style="dim")
    bodies = [json.dumps(body, ensure_ascii=False).encode() for body in _submissions(SUBMITTED + TURN)]
    submitted = [
        request_bytes(us.address, "/api/v1/records", method="POST", token=store.department, body=body, media=MEDIA)
        for body in bodies
    ]
    notes = [json.dumps({"text": body.decode()}, ensure_ascii=False).encode() for body in bodies]
    written = [request_bytes(bare.address, "/notes", method="POST", body=note, media=MEDIA) for note in notes]
    our_times, bare_times = list[float](), list[float]()
    for begin in range(0, len(submitted), TURN):
        for server, requests, times in ((us, submitted, our_times), (bare, written, bare_times)):
            ran = load(server.address, requests[begin : begin + TURN], connections=1, most=TURN)
            # The first of them warm up.
            times.extend(ran.times if begin else ())
    return {
        "submit_median_ms": median(our_times) * 1000,
        "submit_p95_ms": quantiles(our_times, n=20)[-1] * 1000,
        "submit_bytes": sum(map(len, bodies)) / len(bodies),
        "bare_write_median_ms": median(bare_times) * 1000,
        "bare_write_p95_ms": quantiles(bare_times, n=20)[-1] * 1000,
    }


def _submissions(size: int) -> list[Figures]:
    """Make records that the unit has not submitted yet, without the times of entry, which the server gives."""
    number = int.from_bytes(os.urandom(5))
    rules = all_cards()
    return [
        _without_times(plain(record))
        | {
            "id": f"bench-{number}-{place}",
            "jurisdiction": PLACE,
            "units": [{"name": UNITS[0], "role": "lead"}],
        }
        for place, record in enumerate(made_up(rules, number=number % 1_000_000, size=size))
    ]


def _without_times(value: Any) -> Any:  # noqa: ANN401 - plain data
    match value:
        case dict():
            return {name: _without_times(part) for name, part in value.items() if name not in {"entered", "voided"}}
        case list():
            return [_without_times(part) for part in value]
    return value


# --- summaries -----------------------------------------------------------------------------------------------------


def measure_summaries(store: Store, us: Server) -> Figures:
    """Ask for summaries over all records by each dimension, and count the same by hand."""
    console.print(f"summaries over {store.size:,} records, {SUMMARY_RUNS} times each", style="dim")
    seconds: dict[str, float] = {}
    for name in DIMENSIONS:
        request = request_bytes(us.address, f"{SUMMARIES}?by={name}", token=store.auditor)
        ran = load(us.address, [request], connections=1, most=SUMMARY_RUNS + 1)
        seconds[name] = median(ran.times[1:])
    table = timing(lambda: _downloaded(us.address, f"{SUMMARIES}?by=unit&by=card&format=csv", store.auditor), runs=3)
    refuse_different(us.address, store)
    by_hand = timing(lambda: satisfied_and_violated(store), runs=SUMMARY_RUNS)
    return {
        "summary_100k_s": max(seconds.values()),
        "summary_records": store.size,
        "summary_s": seconds,
        "summary_csv_by_unit_and_card_s": table.median,
        "by_hand_s": by_hand.median,
        "summary_memory_bytes": us.memory(),
    }


def _downloaded(address: str, path: str, token: str) -> int:
    """Get an answer that comes in parts; return its size."""
    connection = HTTPConnection(urlsplit(address).netloc)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status != HTTPStatus.OK:
        raise WrongAnswerError(given=content[:200].decode())
    return len(content)


# --- all of it -----------------------------------------------------------------------------------------------------


def measure(records: int) -> Figures:
    """Make or find the store, and measure everything."""
    store = prepare(records, console)
    with ours(store) as us, yardstick(store) as bare:
        figures = measure_status(store, us, bare) | measure_submitting(store, us, bare)
    # Another process, so that its memory is that of summaries.
    with ours(store) as us:
        figures |= measure_summaries(store, us)
    return {
        **figures,
        "records": records,
        "connections": CONNECTIONS,
        "rulebook": all_cards().rulebook.digest,
        "cards": len(all_cards().cards),
        "cores": os.cpu_count(),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
    }


def show(figures: Figures) -> None:
    """Print the table."""
    table = Table(title=f"the service over HTTP, {figures['records']:,} records in the store")
    for column, side in (("what", "left"), ("ours", "right"), ("yardstick", "right"), ("goal", "left")):
        table.add_column(column, justify=side)  # type: ignore[arg-type]
    table.add_row(
        "status of a record, answers a second",
        f"{figures['status_per_s']:,.0f}",
        f"{figures['bare_read_per_s']:,.0f}",
        f"{figures['status_ratio']:.2f} of a bare route; goal: 0.7",
    )
    table.add_row(
        "the same by CPU time",
        f"{figures['status_cpu_ms']:.2f} ms",
        f"{figures['bare_read_cpu_ms']:.2f} ms",
        f"{figures['status_ratio_by_cpu']:.2f}; {figures['status_bytes']:,.0f} bytes an answer",
    )
    table.add_row(
        "a record submitted and judged, median",
        f"{figures['submit_median_ms']:.1f} ms",
        f"{figures['bare_write_median_ms']:.1f} ms",
        f"goal: under 40 ms; 95 of 100 within {figures['submit_p95_ms']:.1f} ms",
    )
    for name, seconds in figures["summary_s"].items():
        by_hand = f"{figures['by_hand_s']:.2f} s" if name == "unit" else ""
        table.add_row(f"summary by {name}", f"{seconds:.2f} s", by_hand, "goal: under 1 s")
    console.print(table)


def main() -> int:
    """Run everything; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS, help="how many records the store has")
    try:
        figures = measure(parser.parse_args().records)
    except (WrongAnswerError, DifferentFiguresError) as error:
        console.print(str(error), style="red")
        return 1
    show(figures)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
    console.print(f"written: {RESULT}", style="dim")
    return 0


if __name__ == "__main__":
    sys.exit(main())
