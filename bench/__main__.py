"""Run all benchmarks, print a table with ratios, and write `var/bench.json`.

Times decide nothing: they differ from machine to machine. Exits with 1 if two ways of judging give different verdicts.
"""

import json
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bench.data import PARTITION, partition
from bench.peers import Live, Peer, as_table, cases_of, peers, short_names
from bench.rules import all_cards, named_cards, national_cards
from bench.samples import LayoutError, first_records, refuse_difference, written_back
from bench.single import QUESTION, assessment_of, each, refuse_different_from_sweep, verdicts_of
from bench.sweeps import WORKERS, VerdictsDifferError, Workers, by_hand, ours, outcome_counts, refuse_different
from bench.timing import Timing, timing, timings
from engine.evaluation.compile import Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweeping import asked, sweep_partition
from engine.observables.frames import Frames, cases_from, frames_of, read_frames, write_frames
from engine.observables.rows import rows_of
from engine.record import DecisionRecord

VAR: Final = Path("var/bench")
RESULT: Final = Path("var/bench.json")

PARTITIONS: Final = 6
SWEEP_RUNS: Final = 9
PEER_CASES: Final = 300
PEER_RUNS: Final = 5
SAMPLE: Final = 500
SEED: Final = 713
PACKAGES: Final = ("polars", "numpy", "pydantic", "durable-rules", "rule-engine", "zen-engine", "clipspy")

Figures = dict[str, Any]
console = Console(width=max(Console().width, 140))


@dataclass(frozen=True)
class Bench:
    """What is measured: all cards there are, the cards of the hand-written query, the partitions, some records."""

    rules: CompiledRulebook
    national: CompiledRulebook
    named: CompiledRulebook
    partitions: list[Path]
    sample: list[DecisionRecord]
    sampled: Frames
    rounds: int

    @property
    def size(self) -> int:
        """Return the number of records on disk."""
        return len(self.partitions) * PARTITION


def prepare() -> Bench:
    """Load the rules and make the partitions."""
    rules, national, named = all_cards(), national_cards(), named_cards()
    shutil.rmtree(VAR, ignore_errors=True)
    folders, rounds, sampled = [], 0, None
    for number in range(PARTITIONS):
        console.print(f"making partition {number + 1} of {PARTITIONS}: {PARTITION:,} made-up records", style="dim")
        made = _made(rules, number)
        folders.append(VAR / f"partition-{number}")
        write_frames(made, folders[-1])
        rounds += sum(frame.height for frame in made.rounds.values())
        sampled = sampled or first_records(made, SAMPLE)
    if sampled is None:
        raise ValueError(PARTITIONS)
    sample = written_back(sampled, rules.procedure, rules.rulebook.tree)
    return Bench(rules, national, named, folders, sample, sampled, rounds)


def _made(rules: CompiledRulebook, number: int) -> Frames:
    places = len(rules.rulebook.tree.ids)
    return partition(rules.procedure, seed=SEED + number, size=PARTITION, places=places, first=number * PARTITION)


def check(bench: Bench) -> None:
    """Hold made-up partitions to the layout of real records, and every way of judging to the same verdicts."""
    console.print("checking that layouts and verdicts agree", style="dim")
    rules, tree = bench.rules, bench.rules.rulebook.tree
    rows = [rows_of(record, rules.procedure, jurisdiction=tree.code(record.jurisdiction)) for record in bench.sample]
    refuse_difference(bench.sampled, frames_of([record.id for record in bench.sample], rows, rules.layout))
    refuse_different(ours(bench.named), by_hand, bench.partitions)
    for judged in (rules, bench.national, bench.named):
        codes, _ = ours(judged)(bench.partitions[0])
        refuse_different_from_sweep(judged, bench.sample, codes)


# --- what is measured ------------------------------------------------------------------------------------------------


def measure_sweeps(bench: Bench) -> Figures:
    """Time our sweeps (all, national and named cards) and the hand-written query in turn; and ours from frames."""
    console.print(f"sweeping {bench.size:,} records, {SWEEP_RUNS} times each way", style="dim")
    workers = Workers()
    works = [
        partial(workers.sweep, name, bench.partitions, VAR / "findings" / name)
        for name in ("all", "national", "named", "hand")
    ]
    every, national, named, hand = timings(*works, runs=SWEEP_RUNS)
    workers.close()
    frames = read_frames(bench.partitions[0], asked(bench.rules, **QUESTION))
    in_memory = timing(partial(sweep_partition, frames, bench.rules, **QUESTION), runs=SWEEP_RUNS)
    return {
        "sweep_records_per_s": every.rate(bench.size),
        "sweep_seconds": _seconds(every),
        "sweep_national_records_per_s": national.rate(bench.size),
        "sweep_national_seconds": _seconds(national),
        "sweep_named_records_per_s": named.rate(bench.size),
        "sweep_named_seconds": _seconds(named),
        "handwritten_records_per_s": hand.rate(bench.size),
        "handwritten_seconds": _seconds(hand),
        "sweep_vs_handwritten": named.median / hand.median,
        "sweep_vs_handwritten_cpu": named.cpu_median / hand.cpu_median,
        "sweep_from_frames_records_per_s": in_memory.rate(PARTITION),
    }


def measure_peers(bench: Bench) -> Figures:
    """Time the other engines, and our expressions, with all cards on the same ready observables.

    The other engines judge the first cases of a partition, one at a time or in a batch, as each does best; ours judges
    that partition at once, as a sweep does, and for comparison those first cases at once.
    """
    console.print(f"judging {PEER_CASES:,} cases with other engines, {PEER_RUNS} times each", style="dim")
    rules = bench.rules
    made = first_records(_made(rules, 0), PEER_CASES)
    columns = rules.columns(rules.derivation(cases_from(made, rules.layout), **QUESTION))
    names = short_names(rules.cards)
    cases, codes = cases_of(columns, names), rules.sweep.evaluate(columns).codes
    expected = np.stack([codes[card.id] for card in rules.cards], axis=1)
    found = {}
    for peer in peers(rules, names):
        _refuse_different_peer(peer, as_table(peer.judge(cases)), expected)
        found[peer.name] = timing(partial(peer.judge, cases), runs=PEER_RUNS)
    rates = {name: timed.rate(PEER_CASES) for name, timed in found.items()}
    best = max((name for name in rates if name != Live.name), key=rates.__getitem__)
    wide = rules.columns(rules.derivation(cases_from(_made(rules, 0), rules.layout), **QUESTION))
    few, many = timings(lambda: rules.sweep.evaluate(columns), lambda: rules.sweep.evaluate(wide), runs=SWEEP_RUNS)
    return {
        "peers_cases_per_s": rates,
        "best_peer": best,
        "best_peer_cases_per_s": rates[best],
        "best_peer_cases_per_cpu_s": PEER_CASES / found[best].cpu_median,
        "sweep_expressions_cases_per_s": many.rate(PARTITION),
        "sweep_expressions_cases_per_cpu_s": PARTITION / many.cpu_median,
        "sweep_expressions_few_cases_per_s": few.rate(PEER_CASES),
    }


def _refuse_different_peer(peer: Peer, found: NDArray[np.uint8], expected: NDArray[np.uint8]) -> None:
    if not np.array_equal(found, expected):
        raise VerdictsDifferError(what="outcomes", where=peer.name)


def measure_single(bench: Bench) -> Figures:
    """Time records one at a time, with all cards, the national and the named ones."""
    console.print(f"judging {len(bench.sample)} records one at a time", style="dim")
    verdicts = each(verdicts_of(bench.rules), bench.sample)
    whole = each(assessment_of(bench.rules), bench.sample)
    national_verdicts = each(verdicts_of(bench.national), bench.sample)
    national = each(assessment_of(bench.national), bench.sample)
    named = each(assessment_of(bench.named), bench.sample)
    return {
        "live_median_ms": whole.median * 1000,
        "live_worst_ms": whole.spread[1] * 1000,
        "live_national_verdicts_median_ms": national_verdicts.median * 1000,
        "live_national_median_ms": national.median * 1000,
        "live_named_median_ms": named.median * 1000,
        "live_named_worst_ms": named.spread[1] * 1000,
        "live_verdicts_median_ms": verdicts.median * 1000,
    }


def measure(bench: Bench) -> Figures:
    """Measure everything."""
    found = measure_sweeps(bench) | measure_peers(bench) | measure_single(bench)
    best = found["best_peer_cases_per_s"]
    outcomes = outcome_counts(ours(bench.rules), bench.partitions[0], len(Outcome))
    return {
        **found,
        "sweep_vs_best_peer": found["sweep_expressions_cases_per_s"] / best,
        "sweep_vs_best_peer_cpu": found["sweep_expressions_cases_per_cpu_s"] / found["best_peer_cases_per_cpu_s"],
        "sweep_from_frames_vs_best_peer": found["sweep_from_frames_records_per_s"] / best,
        "sweep_end_to_end_vs_best_peer": found["sweep_records_per_s"] / best,
        "records": bench.size,
        "rounds": bench.rounds,
        "cards": len(bench.rules.cards),
        "cards_national": len(bench.national.cards),
        "cards_handwritten": len(bench.named.cards),
        "columns": len(short_names(bench.rules.cards)),
        "outcomes_of_first_partition": {
            card: dict(zip(Outcome, counts, strict=True)) for card, counts in outcomes.items()
        },
        "rulebook": bench.rules.rulebook.digest,
        "workers": WORKERS,
        "cores": os.cpu_count(),
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
    }


def _seconds(found: Timing) -> dict[str, float]:
    return {"median": found.median, "least": found.spread[0], "most": found.spread[1], "cpu_median": found.cpu_median}


# --- what is printed -------------------------------------------------------------------------------------------------


def show(figures: Figures) -> None:
    """Print the table."""
    table = Table(title=f"{figures['records']:,} records, {figures['rounds']:,} rounds, {figures['cards']} cards")
    for column, side in (("what", "left"), ("median", "right"), ("beside", "left")):
        table.add_column(column, justify=side)  # type: ignore[arg-type]
    for row in (*_sweep_rows(figures), *_peer_rows(figures), *_single_rows(figures)):
        table.add_row(*row)
    console.print(table)


def _sweep_rows(figures: Figures) -> list[tuple[str, str, str]]:
    spread = {name: figures[f"{name}_seconds"] for name in ("sweep", "sweep_national", "sweep_named", "handwritten")}
    between = {
        name: f"{found['least']:.2f} to {found['most']:.2f} s a run, {found['cpu_median']:.2f} s of CPU time"
        for name, found in spread.items()
    }
    cpu = f"by CPU time {figures['sweep_vs_handwritten_cpu']:.2f}; goal: at most 2"
    cards, few = f"all {figures['cards']} cards", f"{figures['cards_handwritten']} cards"
    decree = f"{figures['cards_national']} cards of the decree"
    from_frames = f"{figures['sweep_from_frames_records_per_s']:,.0f} records/s"
    return [
        (f"sweep, Parquet to findings, {cards}", f"{figures['sweep_records_per_s']:,.0f} records/s", between["sweep"]),
        (
            f"sweep, Parquet to findings, {decree}",
            f"{figures['sweep_national_records_per_s']:,.0f} records/s",
            between["sweep_national"],
        ),
        (f"sweep from frames, {cards}", from_frames, "nothing read or written, one partition at a time"),
        (
            f"sweep, Parquet to findings, {few}",
            f"{figures['sweep_named_records_per_s']:,.0f} records/s",
            between["sweep_named"],
        ),
        (
            f"hand-written query, the same {few}",
            f"{figures['handwritten_records_per_s']:,.0f} records/s",
            between["handwritten"],
        ),
        (f"time of the sweep / of the query, {few}", f"{figures['sweep_vs_handwritten']:.2f}", cpu),
    ]


def _peer_rows(figures: Figures) -> list[tuple[str, str, str]]:
    rates, best = figures["peers_cases_per_s"].items(), figures["best_peer"]
    few = f"{figures['sweep_expressions_few_cases_per_s']:,.0f}/s with {PEER_CASES} cases at once"
    cpu = f"by CPU time {figures['sweep_vs_best_peer_cpu']:.0f}"
    return [
        *[(name, f"{rate:,.0f} cases/s", "ready observables, all cards") for name, rate in rates],
        (
            "sweep expressions",
            f"{figures['sweep_expressions_cases_per_s']:,.0f} cases/s",
            f"ready observables, all cards, {PARTITION:,} cases at once; {few}",
        ),
        (
            "sweep expressions / best peer",
            f"{figures['sweep_vs_best_peer']:.0f}",
            f"like for like with {best}; {cpu}; goal: 30",
        ),
        (
            "sweep from frames / best peer",
            f"{figures['sweep_from_frames_vs_best_peer']:.0f}",
            "ours works out the observables as well",
        ),
        (
            "sweep end to end / best peer",
            f"{figures['sweep_end_to_end_vs_best_peer']:.0f}",
            "ours reads, works out the observables and writes as well",
        ),
    ]


def _single_rows(figures: Figures) -> list[tuple[str, str, str]]:
    worst = f"worst {figures['live_worst_ms']:.2f} ms"
    decree = f"{figures['cards_national']} cards of the decree"
    named = f"one record: the whole assessment, {figures['cards_handwritten']} cards"
    return [
        ("one record: the whole assessment, all cards", f"{figures['live_median_ms']:.2f} ms", worst),
        (
            "one record: observables and verdicts, all cards",
            f"{figures['live_verdicts_median_ms']:.2f} ms",
            "goal: under 15",
        ),
        (f"one record: the whole assessment, {decree}", f"{figures['live_national_median_ms']:.2f} ms", ""),
        (
            f"one record: observables and verdicts, {decree}",
            f"{figures['live_national_verdicts_median_ms']:.2f} ms",
            "goal: under 8",
        ),
        (named, f"{figures['live_named_median_ms']:.2f} ms", f"worst {figures['live_named_worst_ms']:.2f} ms"),
    ]


def main() -> int:
    """Run everything; return the exit code."""
    bench = prepare()
    try:
        check(bench)
        figures = measure(bench)
    except (VerdictsDifferError, LayoutError) as error:
        console.print(str(error), style="red")
        return 1
    show(figures)
    RESULT.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
    console.print(f"written: {RESULT}", style="dim")
    return 0


if __name__ == "__main__":
    sys.exit(main())
