"""Where imported records go: a file as `duecourse check` reads it, or a case table as `duecourse sweep` does.

Both are whole or not there.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from uuid import uuid4

import yaml

from api.eventlogs.importing import Imported
from api.sweeps.files import room_in, whole
from api.sweeps.partitions import RECORDS_OF_A_PART, write_layout, write_part, write_units
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import frames_of
from engine.observables.rows import RecordRows, rows_of
from engine.rulebook.rulebook import Rulebook

Keep = Callable[[Imported], None]

TEXTS: Final = (".json", ".yaml", ".yml")
_WIDE: Final = 10_000


def can_be_written(out: Path) -> bool:
    """Tell whether something can go there: a text file by its name, or a folder that is not there yet."""
    return out.suffix in TEXTS or not (out.suffix or out.exists())


@contextmanager
def kept_in(out: Path, rulebook: Rulebook, procedure: str, *, made_up: bool) -> Iterator[Keep]:
    """Give what keeps a record; at the end the records are there."""
    if out.suffix in TEXTS:
        with whole(out) as unfinished, unfinished.open("w", encoding="utf-8") as opened:
            yield from _as_json(opened) if out.suffix == ".json" else _as_yaml(opened)
        return
    unfinished = out.with_name(f".{out.name}.{uuid4().hex}")
    try:
        with room_in(out.absolute().parent):
            table = _Table(unfinished, CompiledRulebook(rulebook, procedure), made_up=made_up)
            yield table.keep
            table.finish()
            unfinished.rename(out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _as_yaml(opened: IO[str]) -> Iterator[Keep]:
    opened.write("records:\n")
    count = 0

    def keep(imported: Imported) -> None:
        nonlocal count
        count += 1
        yaml.dump([imported.data], opened, yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=_WIDE)

    yield keep
    if not count:
        opened.write("  []\n")


def _as_json(opened: IO[str]) -> Iterator[Keep]:
    opened.write('{"records": [')
    before = "\n"

    def keep(imported: Imported) -> None:
        nonlocal before
        opened.write(before + json.dumps(imported.data, ensure_ascii=False))
        before = ",\n"

    yield keep
    opened.write("\n]}\n")


class _Table:
    """A case table in the making, part by part."""

    def __init__(self, folder: Path, rules: CompiledRulebook, *, made_up: bool) -> None:
        self._folder = folder
        self._rules = rules
        self._units: dict[str, None] = {}
        self._ids: list[str] = []
        self._rows: list[RecordRows] = []
        self._parts = 0
        write_layout(folder, rules, made_up=made_up)

    def keep(self, imported: Imported) -> None:
        record = imported.record
        code = self._rules.rulebook.tree.code(record.jurisdiction)
        self._ids.append(record.id)
        self._rows.append(rows_of(record, self._rules.procedure, jurisdiction=code))
        if record.lead_unit:
            self._units[record.lead_unit] = None
        if len(self._ids) == RECORDS_OF_A_PART:
            self._write()

    def finish(self) -> None:
        if self._ids:
            self._write()
        write_units(self._folder, tuple(self._units))

    def _write(self) -> None:
        write_part(self._folder, self._parts, frames_of(self._ids, self._rows, self._rules.layout))
        self._ids, self._rows, self._parts = [], [], self._parts + 1
