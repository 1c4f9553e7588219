"""The partitioned case table on disk: a folder of parts with a layout that says what its codes mean.

Codes are places in lists of names, and rulebooks differ in these lists. So the layout names them in the order in which
the table was written; where the rulebook has another order, codes are put in its order as a part is read.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

import polars as pl
from polars.exceptions import PolarsError

from api.sweeps.errors import UnknownNamesError, UnreadablePartError
from api.sweeps.layouts import TableLayout, layout_of, read_layout
from api.sweeps.parts import Judgeable
from api.sweeps.reading import read_part
from api.sweeps.recoding import Recoding
from api.sweeps.soundness import sound
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import Asked, Frames, write_frames
from engine.observables.layout import identity
from engine.rulebook.rulebook import Rulebook

LAYOUT: Final = "layout.json"
UNITS: Final = "units.parquet"
RECORDS_OF_A_PART: Final = 50_000
_UNFINISHED: Final = ".unfinished"


@dataclass(frozen=True)
class PartOnDisk:
    """One folder of a case table."""

    folder: Path
    procedure: str

    @property
    def name(self) -> str:
        """Return the name of the folder."""
        return self.folder.name

    @property
    def fingerprint(self) -> str:
        """Return a digest of the names, sizes and times of the files."""
        beside = [path for path in (self.folder.parent / LAYOUT, self.folder.parent / UNITS) if path.exists()]
        total = sha256()
        for path in (*sorted(self.folder.rglob("*.parquet")), *beside):
            found = path.stat()
            total.update(f"{path.relative_to(self.folder.parent)} {found.st_size} {found.st_mtime_ns}\n".encode())
        return total.hexdigest()

    def read(self, rules: CompiledRulebook, asked: Asked) -> Judgeable:
        """Read the columns that are asked for, with the codes of these rules, of what is sound; raises `SweepError`."""
        table = self.folder.parent
        recoding = _recoding((table / LAYOUT), rules)
        try:
            frames, misfits = read_part(self.folder, asked)
            units = _units(table / UNITS, _changed_at(table / UNITS))
        except (OSError, PolarsError) as error:
            raise UnreadablePartError(file=self._faulty() or self.folder, why=_first_line(error)) from error
        coded = recoding.recoded(frames) if recoding else frames
        judgeable, rejects = sound(coded, rules, asked, folder=self.folder, misfits=misfits)
        return Judgeable(judgeable, units, rejects)

    def _faulty(self) -> Path | None:
        """Return the first file that cannot be read."""
        for path in sorted(self.folder.rglob("*.parquet")):
            try:
                pl.read_parquet(path)
            except (OSError, PolarsError):
                return path
        return None


class CaseTable:
    """A case table on disk."""

    def __init__(self, folder: Path) -> None:
        """Take its folder; raises `UnreadableLayoutError`, a `SweepError`."""
        self.folder = folder
        self.layout: TableLayout = read_layout(folder / LAYOUT)

    @cached_property
    def _found(self) -> tuple[PartOnDisk, ...]:
        folders = sorted(path for path in self.folder.glob("part-*") if path.is_dir() and not path.suffix)
        return tuple(PartOnDisk(path, self.layout.procedure) for path in folders)

    def __len__(self) -> int:
        """Return how many parts there are."""
        return len(self._found)

    def parts(self) -> tuple[PartOnDisk, ...]:
        """Return the parts in the order of their names."""
        return self._found

    def check(self, rulebook: Rulebook) -> None:
        """Raise `SweepError` if the rulebook does not know the procedure, or what the table names."""
        file, procedure = self.folder / LAYOUT, rulebook.procedures.get(self.layout.procedure)
        if procedure is None:
            raise UnknownNamesError(file=file, field="procedure", names=(self.layout.procedure,))
        Recoding(self.layout, layout_of(rulebook, procedure, made_up=self.layout.made_up), file=file)

    def units(self) -> Mapping[int, str]:
        """Return the names of lead units by their numbers."""
        return _units(self.folder / UNITS, _changed_at(self.folder / UNITS))


def write_layout(folder: Path, rules: CompiledRulebook, *, made_up: bool) -> None:
    """Write the layout of parts that are written by these rules."""
    folder.mkdir(parents=True, exist_ok=True)
    layout = layout_of(rules.rulebook, rules.procedure, made_up=made_up)
    (folder / LAYOUT).write_text(layout.model_dump_json(indent=1), encoding="utf-8")


def write_units(folder: Path, names: tuple[str, ...]) -> None:
    """Write the names of lead units beside their numbers."""
    numbers = pl.Series("number", [identity(name) for name in names], dtype=pl.Int64)
    pl.DataFrame([numbers, pl.Series("name", names, dtype=pl.String)]).write_parquet(folder / UNITS)


def write_part(folder: Path, number: int, frames: Frames) -> Path:
    """Write a part of a case table, or write it anew; it has its name only once it is whole. Returns its folder."""
    target = folder / f"part-{number:05}"
    unfinished = target.with_suffix(_UNFINISHED)
    shutil.rmtree(unfinished, ignore_errors=True)
    write_frames(frames, unfinished)
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.move(unfinished, target))


@lru_cache(maxsize=8)
def _recoding_of(file: Path, changed_at: int, rules: CompiledRulebook) -> Recoding | None:
    del changed_at
    given = read_layout(file)
    wanted = layout_of(rules.rulebook, rules.procedure, made_up=given.made_up)
    # Models compare their dictionaries without regard to order, and the order of steps is that of their codes.
    same = given == wanted and tuple(given.steps) == tuple(wanted.steps)
    return None if same else Recoding(given, wanted, file=file)


def _recoding(file: Path, rules: CompiledRulebook) -> Recoding | None:
    return _recoding_of(file, _changed_at(file), rules)


@lru_cache(maxsize=8)
def _units(file: Path, changed_at: int) -> Mapping[int, str]:
    """Read the names of units; none are known where there is no such file."""
    if not changed_at:
        return {}
    numbers, names = pl.read_parquet(file, columns=["number", "name"])
    return dict(zip(numbers.to_list(), names.to_list(), strict=True))


def _changed_at(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
