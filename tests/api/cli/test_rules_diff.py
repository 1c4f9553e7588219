"""`duecourse rules diff`: how two rulebooks differ, and which verdicts on a source change with them."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from api.cli.app import app
from api.clock import now
from api.differences.rulebooks import UnknownRulebookError, compared
from api.differences.rules import rule_changes
from api.judging.archives import pack
from api.judging.rulebooks import Rulebooks
from api.store.database import Database
from api.sweeps.carried import install
from api.sweeps.partitions import write_layout, write_part, write_units
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import frames_of
from engine.observables.rows import rows_of
from engine.rulebook.reading import digest
from tests.api.conftest import FreshDatabase
from tests.conftest import ROOT, build
from tests.permit import write_permit_rules

OPENED: Final = date(2024, 3, 1)
UNIT: Final = "交通局(虚构)"
QUESTION: Final = ("--as-of", "2024-12-31", "--known-at", "2026-06-30")


def duecourse(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["rules", "diff", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture(scope="module")
def shorter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the permit's rules with a notice of eight days in place of ten."""
    folder = write_permit_rules(tmp_path_factory.mktemp("shorter"), ROOT / "rules" / "holidays")
    days = folder / "parameters" / "notice_days.yaml"
    days.write_text(days.read_text(encoding="utf-8").replace("value: 10", "value: 8"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory, permit: CompiledRulebook) -> Path:
    folder = tmp_path_factory.mktemp("table")
    write_layout(folder, permit, made_up=True)
    write_units(folder, (UNIT,))
    code = permit.rulebook.tree.code("CN")
    for number, lengths in enumerate((range(6, 9), range(9, 12))):
        records = [
            build(
                permit,
                id=f"n{days:02}",
                units=[{"name": UNIT, "role": "lead"}],
                notice={"opened": OPENED, "closed": OPENED + timedelta(days=days)},
                decision={"decided": "2024-04-02"},
            )
            for days in lengths
        ]
        rows = [rows_of(record, permit.procedure, jurisdiction=code) for record in records]
        write_part(folder, number, frames_of([record.id for record in records], rows, permit.layout))
    return folder


def test_what_differs_in_the_rules_is_told_without_a_source(permit_folder: Path, shorter: Path) -> None:
    done = duecourse(permit_folder, shorter, "--lang", "en")
    assert done.exit_code == 0
    assert "values[0].value" in done.stdout
    told = json.loads(duecourse(permit_folder, shorter, "--format", "json").stdout)
    assert told["verdicts"] is None
    assert [(change["kind"], change["id"]) for change in told["rules"]] == [("parameter", "notice_days")]


def test_the_verdicts_that_change_are_told_with_records_and_written(
    permit_folder: Path, shorter: Path, table: Path, tmp_path: Path
) -> None:
    out = tmp_path / "changes.parquet"
    done = duecourse(
        permit_folder, shorter, "--on", table, *QUESTION, "--workers", "1", "--out", out, "--format", "json"
    )
    assert done.exit_code == 0
    told = json.loads(done.stdout)["verdicts"]
    (change,) = told["by_card"]
    assert (change["card"], change["shift"]) == ("PA-1", {"before": "violated", "after": "satisfied"})
    assert (change["samples"], told["records"], told["changed"]) == (["n08", "n09"], 6, 2)
    assert [(unit["unit"], unit["records"]) for unit in told["by_unit"]] == [(UNIT, 2)]
    assert [(month["month"], month["records"]) for month in told["by_month"]] == [("2024-04", 2)]
    assert pl.read_parquet(out).select("id", "card", "before", "after", "reason_before", "reason_after").rows() == [
        ("n08", "PA-1", "violated", "satisfied", "too_short", None),
        ("n09", "PA-1", "violated", "satisfied", "too_short", None),
    ]


def test_a_folder_that_holds_no_rulebook_is_told(permit_folder: Path, tmp_path: Path) -> None:
    done = duecourse(permit_folder, tmp_path / "nowhere", "--lang", "en")
    assert done.exit_code == 2
    assert "expected a folder of rules" in done.stderr


def test_a_file_of_changes_needs_a_source(permit_folder: Path, shorter: Path, tmp_path: Path) -> None:
    done = duecourse(permit_folder, shorter, "--out", tmp_path / "x.parquet", "--lang", "en")
    assert done.exit_code == 2
    assert not (tmp_path / "x.parquet").exists()


def test_rulebooks_of_a_service_are_named_by_their_digests(
    permit_folder: Path, shorter: Path, fresh_database: FreshDatabase
) -> None:
    url = fresh_database("sqlite")
    database = Database(url)
    rulebooks = Rulebooks()
    rulebooks.install(database, permit_folder, at=now())
    handed_in = rulebooks.read(pack(shorter))
    with database.writing() as session:
        rulebooks.keep(session, handed_in, at=now(), by="somebody")
    database.close()
    before, after = compared(digest(permit_folder), store=url), compared(digest(shorter)[:12], store=url)
    assert [change.id for change in rule_changes(before.rulebook, after.rulebook)] == ["notice_days"]
    assert install(after.packed).digest == digest(shorter)
    with pytest.raises(UnknownRulebookError):
        compared("0" * 64, store=url)
    with pytest.raises(UnknownRulebookError):
        compared(digest(shorter), store=None)
