"""A case table on disk says what its codes mean, and is read by rulebooks that have another order."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from api.sweeps.errors import UnknownNamesError, UnreadableLayoutError, UnreadablePartError
from api.sweeps.partitions import LAYOUT, CaseTable, write_layout, write_part, write_units
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweeping import asked, sweep_partition
from engine.observables.frames import Frames, frames_of
from engine.observables.layout import identity
from engine.observables.rows import rows_of
from engine.record import DecisionRecord
from engine.rulebook.reading import load_rulebook
from tests.conftest import KNOWN_AT, build
from tests.permit import write_permit_rules

ROOT = Path(__file__).resolve().parents[3]
DAY = date(2026, 6, 30)
FACTS: list[dict[str, Any]] = [
    {"notice": {"opened": "2024-03-01", "closed": "2024-03-11"}},
    {"application": {"received": "2022-03-18"}, "decision": {"decided": "2022-04-19"}},
    {"application": {"received": "2022-03-18", "documents": [{"kind": "form", "day": "2022-05-01"}]}},
    {"determinations": {"technical": {"value": True, "reason": "made up"}}, "examination": {"done": "2024-01"}},
]


def records(rules: CompiledRulebook) -> list[DecisionRecord]:
    return [build(rules, id=f"m{number}", **facts) for number, facts in enumerate(FACTS)]


def frames(rules: CompiledRulebook) -> Frames:
    made = records(rules)
    code = rules.rulebook.tree.code
    rows = [rows_of(record, rules.procedure, jurisdiction=code(record.jurisdiction)) for record in made]
    return frames_of([record.id for record in made], rows, rules.layout)


def write_table(folder: Path, rules: CompiledRulebook) -> CaseTable:
    write_layout(folder, rules, made_up=True)
    write_units(folder, ("交通局(虚构)",))
    write_part(folder, 0, frames(rules))
    return CaseTable(folder)


@pytest.fixture
def table(tmp_path: Path, permit: CompiledRulebook) -> CaseTable:
    return write_table(tmp_path / "table", permit)


@pytest.fixture(scope="module")
def reordered(tmp_path_factory: pytest.TempPathFactory) -> CompiledRulebook:
    """Return the permit's rules with a jurisdiction that comes first, and steps and values in another order."""
    folder = write_permit_rules(tmp_path_factory.mktemp("reordered"), ROOT / "rules" / "holidays")
    added = "id: AA\ntitle: {zh: 某地(虚构), en: a place (made up)}\nmade_up: true\n"
    (folder / "jurisdictions" / "aa.yaml").write_text(added, encoding="utf-8")
    rulebook = load_rulebook(folder)
    procedure = rulebook.procedures["permit"]
    turned = {
        name: step.model_copy(update={"evidence": dict(reversed(step.evidence.items()))})
        for name, step in reversed(procedure.steps.items())
    }
    changed = procedure.model_copy(update={"steps": turned})
    return CompiledRulebook(replace(rulebook, procedures={"permit": changed}), "permit")


def findings(table: CaseTable, rules: CompiledRulebook) -> list[tuple[object, ...]]:
    read = table.parts()[0].read(rules, asked(rules, as_of=DAY, known_at=KNOWN_AT))
    _, found = sweep_partition(read.frames, rules, as_of=DAY, known_at=KNOWN_AT)
    return sorted(found.cast(pl.String).rows())


def test_a_part_reads_the_same_under_another_order_of_names(
    table: CaseTable, permit: CompiledRulebook, reordered: CompiledRulebook
) -> None:
    assert reordered.rulebook.tree.code("CN") != permit.rulebook.tree.code("CN")
    assert list(reordered.procedure.steps) != list(permit.procedure.steps)
    table.check(reordered.rulebook)
    found = findings(table, permit)
    assert found
    assert findings(table, reordered) == found


def test_a_part_knows_its_lead_units_by_name(table: CaseTable, permit: CompiledRulebook) -> None:
    read = table.parts()[0].read(permit, asked(permit, as_of=DAY, known_at=KNOWN_AT))
    assert read.units == table.units() == {identity("交通局(虚构)"): "交通局(虚构)"}


def test_names_that_the_rulebook_does_not_know_are_refused_by_name(table: CaseTable, permit: CompiledRulebook) -> None:
    file = table.folder / LAYOUT
    layout = json.loads(file.read_text(encoding="utf-8"))
    layout["jurisdictions"] += ["CN-77"]
    file.write_text(json.dumps(layout), encoding="utf-8")
    with pytest.raises(UnknownNamesError, match=r"layout.json jurisdictions: given CN-77; .* add the names"):
        CaseTable(table.folder).check(permit.rulebook)


@pytest.mark.parametrize("text", ["{}", "not JSON", '{"format": "duecourse-case-table", "version": 2}'])
def test_a_layout_that_is_none_is_refused_with_its_file(tmp_path: Path, text: str) -> None:
    (tmp_path / LAYOUT).write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableLayoutError, match=r"layout\.json: not the layout of a case table"):
        CaseTable(tmp_path)


def test_a_truncated_file_of_a_part_is_named(table: CaseTable, permit: CompiledRulebook) -> None:
    part = table.parts()[0]
    file = part.folder / "rounds" / "notice.parquet"
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(UnreadablePartError, match=r"part-00000/rounds/notice\.parquet: cannot be read"):
        part.read(permit, asked(permit, as_of=DAY, known_at=KNOWN_AT))


def test_a_part_that_is_written_anew_has_another_fingerprint(table: CaseTable, permit: CompiledRulebook) -> None:
    before = table.parts()[0].fingerprint
    assert table.parts()[0].fingerprint == before
    write_part(table.folder, 0, frames(permit))
    assert table.parts()[0].fingerprint != before


def test_what_is_half_written_is_no_part(table: CaseTable) -> None:
    shutil.copytree(table.folder / "part-00000", table.folder / "part-00001.unfinished")
    assert [part.name for part in CaseTable(table.folder).parts()] == ["part-00000"]
