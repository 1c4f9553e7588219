"""The records that are swept: made by `api.synth`, and kept as long as the same generator would make the same."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import polars as pl
from rich.progress import track

import api.synth
from api.sweeps.partitions import CaseTable, write_layout, write_part, write_units
from api.synth.making import PART, Asked, part
from api.synth.places import units_of
from bench.rules import all_cards

FOLDER: Final = Path("var/bench/sweep")
PROCESSES: Final = 2
MADE: Final = "made.json"


def table_of(records: int, *, seed: int) -> CaseTable:
    """Return a case table of made-up records; makes it unless it is there."""
    folder, wanted = FOLDER / f"records-{records}", _made(records, seed)
    if _read(folder / MADE) != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _make(folder, records, seed)
        (folder / MADE).write_text(json.dumps(wanted), encoding="utf-8")
    return CaseTable(folder)


def records_of(table: CaseTable) -> int:
    """Count the records."""
    return sum(_rows(part.folder / "records.parquet") for part in table.parts())


def rounds_of(table: CaseTable) -> int:
    """Count the rounds of all records."""
    return sum(_rows(path) for part in table.parts() for path in (part.folder / "rounds").glob("*.parquet"))


def _rows(file: Path) -> int:
    return int(pl.scan_parquet(file).select(pl.len()).collect().item())


def _made(records: int, seed: int) -> dict[str, int | str]:
    """Name what records depend on: size, seed, generator, and the rulebook whose codes they have."""
    generator = sha256()
    for path in sorted(Path(api.synth.__file__).parent.rglob("*.py")):
        generator.update(path.read_bytes())
    rulebook = all_cards().rulebook.digest
    return {"records": records, "seed": seed, "generator": generator.hexdigest(), "rulebook": rulebook}


def _read(file: Path) -> object:
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def _make(folder: Path, records: int, seed: int) -> None:
    rules = all_cards()
    write_layout(folder, rules, made_up=True)
    write_units(folder, units_of(rules.rulebook.tree.ids))
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        sizes = list(_sizes(records))
        done = pool.map(partial(_make_part, folder, seed), *zip(*sizes, strict=True))
        for _ in track(done, total=len(sizes), description=f"making {records:,} records", transient=True):
            pass


def _sizes(records: int) -> Iterator[tuple[int, int]]:
    for number, first in enumerate(range(0, records, PART)):
        yield number, min(PART, records - first)


def _make_part(folder: Path, seed: int, number: int, size: int) -> None:
    write_part(folder, number, part(_asked(seed), number=number, size=size))


@lru_cache
def _asked(seed: int) -> Asked:
    rules = all_cards()
    return Asked(seed, rules.procedure, rules.rulebook.tree.ids)
