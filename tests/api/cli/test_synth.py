"""`duecourse synth` makes a case table that `duecourse sweep` reads, and refuses what it cannot make."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli.app import app
from api.sweeps.partitions import CaseTable
from engine.evaluation.compiled import CompiledRulebook
from tests.conftest import ROOT

RECORDS = 300


@pytest.fixture(autouse=True)
def _rulebook_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def _synth(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["synth", "--records", str(RECORDS), *map(str, arguments)], catch_exceptions=False)


def test_what_is_made_is_a_case_table_of_the_rulebook(tmp_path: Path, national: CompiledRulebook) -> None:
    result = _synth("--seed", 5, "--out", tmp_path / "table", "--lang", "en")
    assert result.exit_code == 0
    assert f"{RECORDS} made-up records" in result.stdout
    table = CaseTable(tmp_path / "table")
    table.check(national.rulebook)
    assert table.layout.made_up
    assert len(table.parts()) == 1
    assert all(name.endswith("(虚构)") for name in table.units().values())


def test_a_folder_in_use_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "part-00000").mkdir()
    result = _synth("--out", tmp_path, "--lang", "en")
    assert result.exit_code == 2
    assert "name a new one with --out" in result.stderr


def test_a_rate_of_no_plant_is_refused(tmp_path: Path) -> None:
    rates = tmp_path / "rates.json"
    rates.write_text('{"hearing.leftout": 1}', encoding="utf-8")
    result = _synth("--out", tmp_path / "table", "--rates", rates, "--lang", "en")
    assert result.exit_code == 2
    assert "there is no plant 'hearing.leftout'" in result.stderr
    assert not (tmp_path / "table").exists()
