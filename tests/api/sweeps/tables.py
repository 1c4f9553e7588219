"""Case tables of permits on disk, made up throughout, for the tests of sweeps."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from api.sweeps.partitions import CaseTable, write_layout, write_part, write_units
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import frames_of
from engine.observables.rows import rows_of
from engine.record import DecisionRecord
from tests.conftest import build

UNITS = ("交通局(虚构)", "教育局(虚构)")


def permits(rules: CompiledRulebook, number: int) -> list[DecisionRecord]:
    """Make records of which some are late, some too short, some silent, and some without a lead unit."""
    found = []
    for place in range(number):
        opened = date(2024, 1, 1) + timedelta(days=place)
        facts: dict[str, object] = {"notice": {"opened": opened, "closed": opened + timedelta(days=6 + place % 7)}}
        if place % 3:
            facts |= {"application": {"received": opened}, "decision": {"decided": opened + timedelta(days=place)}}
        if place % 5 == 1:
            facts |= {"notice": {"opened": opened.isoformat()[:7]}}
        if place % 4:
            facts |= {"units": [{"name": UNITS[place % 2], "role": "lead"}]}
        found.append(build(rules, id=f"p{place:03}", **facts))
    return found


def write_table(folder: Path, rules: CompiledRulebook, records: Sequence[DecisionRecord], *, each: int) -> CaseTable:
    """Write records in parts of `each`."""
    write_layout(folder, rules, made_up=True)
    write_units(folder, UNITS)
    for number, first in enumerate(range(0, len(records), each)):
        some = records[first : first + each]
        rows = [rows_of(one, rules.procedure, jurisdiction=rules.rulebook.tree.code(one.jurisdiction)) for one in some]
        write_part(folder, number, frames_of([one.id for one in some], rows, rules.layout))
    return CaseTable(folder)


def findings(folder: Path) -> list[tuple[object, ...]]:
    """Return all findings of a folder of results, in order."""
    files = sorted((folder / "findings").glob("*.parquet"))
    return sorted(row for file in files for row in pl.read_parquet(file).cast(pl.String).rows())


def summaries(folder: Path) -> dict[str, str]:
    """Return the tables of summaries of a folder of results."""
    return {file.name: file.read_text(encoding="utf-8-sig") for file in sorted((folder / "summaries").glob("*.csv"))}
