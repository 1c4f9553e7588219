"""What was measured, as figures for a file and as a table for the terminal."""

import os
import platform
from importlib.metadata import version
from typing import Any, Final

from rich.table import Table

from bench.rules import all_cards
from bench.sweep_bench.by_polars.cards import CARDS
from bench.sweep_bench.measuring import EVERYTHING, ONE_WORKER, Measured
from bench.sweep_bench.question import QUESTION
from bench.sweep_bench.ways import DUCKDB, OURS, POLARS, WORKERS
from bench.timing import Timing

PACKAGES: Final = (
    "polars",
    "duckdb",
    "numpy",
    "numba",
    "distributed",
    "rule-engine",
    "zen-engine",
    "clipspy",
)
GIGABYTE: Final = 10**9

Figures = dict[str, Any]


def figures_of(found: Measured) -> Figures:
    """Return the figures of one table."""
    times, agreed = found.times, found.agreement
    ours = times[OURS]
    return {
        "records": found.records,
        "rounds": found.rounds,
        "records_per_s": times[EVERYTHING].rate(found.records),
        "one_worker_records_per_s": times[ONE_WORKER].rate(found.records),
        "two_workers_speedup": times[ONE_WORKER].median / times[EVERYTHING].median,
        "command_seconds": found.command_seconds,
        "command_records_per_s": found.records / found.command_seconds,
        "peak_gb": found.peak / GIGABYTE,
        "peak_gb_shared_once": found.own_peak / GIGABYTE,
        "vs_polars": ours.median / times[POLARS].median,
        "vs_polars_cpu": ours.cpu_median / times[POLARS].cpu_median,
        "vs_duckdb": ours.median / times[DUCKDB].median,
        "vs_duckdb_cpu": ours.cpu_median / times[DUCKDB].cpu_median,
        "precision": agreed.precision if agreed else None,
        "recall": agreed.recall if agreed else None,
        "findings": agreed.found if agreed else None,
        "planted": agreed.planted if agreed else None,
        "planted_cards": agreed.cards if agreed else None,
        "cards_apart_from_the_truth": list(agreed.apart) if agreed else None,
        "forty_cards_records_per_s": {way: times[way].rate(found.records) for way in (OURS, POLARS, DUCKDB)},
        "seconds": {name: _seconds(timed) for name, timed in times.items()},
    }


def surroundings() -> Figures:
    """Return by what and on what was measured."""
    rules = all_cards()
    return {
        "as_of": QUESTION["as_of"].isoformat(),
        "known_at": QUESTION["known_at"].isoformat(),
        "rulebook": rules.rulebook.digest,
        "cards": len(rules.cards),
        "cards_handwritten": len(CARDS),
        "workers": WORKERS,
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
    }


def _seconds(found: Timing) -> dict[str, float]:
    return {"median": found.median, "least": found.spread[0], "most": found.spread[1], "cpu_median": found.cpu_median}


def written(figures: Figures, peers: Figures, *, cards: int) -> Table:
    """Write the figures of one size beside their goals."""
    table = Table(
        title=f"{figures['records']:,} records, {figures['rounds']:,} rounds, {cards} cards, {WORKERS} workers"
    )
    for column in ("what", "median", "goal", "beside"):
        table.add_column(column, justify="right" if column == "median" else "left")
    for row in (*_sweep_rows(figures), *_forty_rows(figures), *_truth_rows(figures), *_peer_rows(peers)):
        table.add_row(*row)
    return table


def _sweep_rows(figures: Figures) -> list[tuple[str, str, str, str]]:
    command = f"{figures['command_seconds']:.1f} s, its start and the reading of the rulebook included"
    return [
        (
            "sweep: findings, counts, summaries",
            f"{figures['records_per_s']:,.0f} records/s",
            "300,000 or more",
            _spread(figures, EVERYTHING),
        ),
        (
            "the same on one worker",
            f"{figures['one_worker_records_per_s']:,.0f} records/s",
            "",
            _spread(figures, ONE_WORKER),
        ),
        ("time of one worker / of two", f"{figures['two_workers_speedup']:.2f}", "", ""),
        ("the command as typed", f"{figures['command_records_per_s']:,.0f} records/s", "", command),
        (
            "memory of the command and its workers",
            f"{figures['peak_gb']:.2f} GB",
            "under 6 GB",
            f"{figures['peak_gb_shared_once']:.2f} GB with shared pages counted once",
        ),
    ]


def _forty_rows(figures: Figures) -> list[tuple[str, str, str, str]]:
    rates = figures["forty_cards_records_per_s"]
    rows = [
        (f"{len(CARDS)} cards, {name}", f"{rates[way]:,.0f} records/s", "", _spread(figures, way))
        for way, name in ((OURS, "ours"), (POLARS, "query in Polars"), (DUCKDB, "query in DuckDB"))
    ]
    return [
        *rows,
        (
            "our time / that of Polars",
            f"{figures['vs_polars']:.2f}",
            "2 or less",
            f"by CPU time {figures['vs_polars_cpu']:.2f}",
        ),
        (
            "our time / that of DuckDB",
            f"{figures['vs_duckdb']:.2f}",
            "",
            f"by CPU time {figures['vs_duckdb_cpu']:.2f}",
        ),
    ]


def _truth_rows(figures: Figures) -> list[tuple[str, str, str, str]]:
    if figures["precision"] is None:
        return [("precision and recall", "-", "1.0", "nothing is said of what was planted")]
    apart = ", ".join(figures["cards_apart_from_the_truth"])
    told = f"{figures['findings']:,} findings, {figures['planted']:,} planted of {figures['planted_cards']} cards"
    return [
        ("precision", f"{figures['precision']:.6f}", "1.0", told),
        ("recall", f"{figures['recall']:.6f}", "1.0", f"apart on {apart}" if apart else "all records looked at"),
    ]


def _peer_rows(peers: Figures) -> list[tuple[str, str, str, str]]:
    what = f"ready observables, all cards, {peers['cases']:,} records"
    return [(name, f"{rate:,.0f} records/s", "", what) for name, rate in peers["records_per_s"].items()]


def _spread(figures: Figures, name: str) -> str:
    found = figures["seconds"][name]
    return f"{found['least']:.2f} to {found['most']:.2f} s a run, {found['cpu_median']:.2f} s of CPU time"
