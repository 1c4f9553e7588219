from datetime import date
from pathlib import Path

import pytest

from api.eventlogs.importing import Imported
from api.eventlogs.writing import can_be_written, kept_in
from api.sweeps.partitions import CaseTable
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweeping import asked, sweep_partition
from engine.record.reading import read_records
from tests.api.eventlogs.conftest import Read
from tests.api.eventlogs.test_importing import LOG
from tests.conftest import KNOWN_AT

DAY = date(2026, 6, 30)


def _keep(out: Path, records: list[Imported], permit: CompiledRulebook) -> None:
    with kept_in(out, permit.rulebook, "permit", made_up=True) as keep:
        for record in records:
            keep(record)


@pytest.mark.parametrize("name", ["records.yaml", "records.json"])
@pytest.mark.parametrize("there", [True, False])
def test_a_file_of_records_is_read_as_any_other(
    imported: Read, permit: CompiledRulebook, tmp_path: Path, *, name: str, there: bool
) -> None:
    records = imported(LOG)[1] if there else []
    _keep(tmp_path / name, records, permit)
    read, problems = read_records(
        [tmp_path / name], procedures=permit.rulebook.procedures, jurisdictions=permit.rulebook.tree.ids
    )
    assert problems == []
    assert [part.record for part in read] == [part.record for part in records]


def test_a_folder_gets_a_case_table(imported: Read, permit: CompiledRulebook, tmp_path: Path) -> None:
    _, records, _ = imported(LOG)
    _keep(tmp_path / "table", records, permit)
    table = CaseTable(tmp_path / "table")
    (part,) = table.parts()
    frames = part.read(permit, asked(permit, as_of=DAY, known_at=KNOWN_AT)).frames
    _, findings = sweep_partition(frames, permit, as_of=DAY, known_at=KNOWN_AT)
    assert table.layout.made_up
    assert ("a", "PA-3", "overdue") in findings.select("id", "card", "reason").rows()


@pytest.mark.parametrize("name", ["records.yaml", "table"])
def test_nothing_is_there_unless_it_is_whole(
    imported: Read, permit: CompiledRulebook, tmp_path: Path, name: str
) -> None:
    _, records, _ = imported(LOG)
    before = sorted(tmp_path.iterdir())

    def broken_off() -> None:
        with kept_in(tmp_path / name, permit.rulebook, "permit", made_up=True) as keep:
            keep(records[0])
            assert not (tmp_path / name).exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_of_other_things_is_not_written_into(tmp_path: Path) -> None:
    assert can_be_written(tmp_path / "records.yaml")
    assert can_be_written(tmp_path / "new")
    assert not can_be_written(tmp_path)
    assert not can_be_written(tmp_path / "records.docx")
