"""The records that are swept: made by `duecourse synth`, and kept as long as the same generator would make the same."""

import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Final

import polars as pl

import api.synth
from api.sweeps.partitions import CaseTable
from bench.rules import RULES, all_cards
from bench.sweep_bench.commands import CommandFailedError, duecourse

FOLDER: Final = Path("var/bench/sweep")
TRUTH: Final = "truth"
MADE: Final = "made.json"


def table_of(records: int, *, seed: int) -> CaseTable:
    """Return a case table of made-up records; makes it unless it is there."""
    folder, wanted = FOLDER / f"records-{records}", _made(records, seed)
    if _read(folder / MADE) != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        typed = duecourse("synth", "--records", records, "--seed", seed, "--rules", RULES, "--out", folder)
        done = subprocess.run(typed, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - our own command
        if done.returncode:
            raise CommandFailedError(command=typed, told=f"exit code {done.returncode}")
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
