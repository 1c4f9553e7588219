"""`duecourse sweep`: the records of a source, judged and summed up."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from api.cli.app import app
from api.sweeps.partitions import CaseTable
from engine.evaluation.compiled import CompiledRulebook
from tests.api.sweeps.tables import findings, permits, write_table

QUESTION = ("--as-of", "2024-06-30", "--known-at", "2026-06-30", "--workers", "1")


def duecourse(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["sweep", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory, permit: CompiledRulebook) -> CaseTable:
    return write_table(tmp_path_factory.mktemp("swept") / "table", permit, permits(permit, 30), each=10)


def test_findings_and_summaries_are_written_and_told(tmp_path: Path, table: CaseTable, permit_folder: Path) -> None:
    out = tmp_path / "out"
    told = duecourse(table.folder, *QUESTION, "--rules", permit_folder, "--out", out, "--format", "json")
    assert told.exit_code == 1
    answer = json.loads(told.stdout)
    assert (answer["records"], answer["parts"], answer["finished"]) == (30, 3, True)
    assert answer["flags"] + answer["questions"] + answer["notices"] == len(findings(out))
    by_unit = pl.read_csv(out / "summaries" / "by-unit.csv")
    assert by_unit.get_column("records").sum() == answer["total"]["records"] == 30
    assert by_unit.get_column("key").to_list() == ["", "交通局(虚构)", "教育局(虚构)"]
    assert pl.read_csv(out / "rejects.csv").is_empty()

    # Run again, it judges nothing, and prints the tables with what they rest on.
    again = duecourse(table.folder, *QUESTION, "--rules", permit_folder, "--out", out, "--lang", "en")
    assert again.exit_code == 1
    assert "as of 2024-06-30 known at 2026-06-30" in again.stdout
    assert "lead unit" in again.stdout

    other = duecourse(table.folder, "--as-of", "2024-07-01", "--rules", permit_folder, "--out", out, "--lang", "en")
    assert other.exit_code == 2
    assert "the results of another question lie here" in other.stderr


def test_a_source_that_is_none_is_told_with_what_to_give(tmp_path: Path, permit_folder: Path) -> None:
    told = duecourse(tmp_path / "nothing", *QUESTION, "--rules", permit_folder, "--out", tmp_path, "--lang", "en")
    assert told.exit_code == 2
    assert "expected a folder with a case table (layout.json), Parquet or CSV files" in told.stderr
    assert not list(tmp_path.iterdir())


def test_a_table_of_another_procedure_is_refused_by_name(tmp_path: Path, table: CaseTable) -> None:
    told = duecourse(table.folder, *QUESTION, "--out", tmp_path, "--lang", "en")
    assert told.exit_code == 2
    assert "layout.json procedure: given permit; expected names that the rulebook knows" in told.stderr
