"""`duecourse export template|table` and `duecourse import table`: files in, files out, and what they say."""

from pathlib import Path

import xlsxwriter
from typer.testing import CliRunner

from api.cli.app import app
from engine.record.reading import read_records
from engine.rulebook.rulebook import Rulebook

ROOT = Path(__file__).resolve().parents[3]
DISTRICT = sorted((ROOT / "examples" / "made-up-district-2025").glob("0[13]*.yaml"))


def test_records_go_out_as_a_folder_of_csv_and_come_in_again(rulebook: Rulebook, tmp_path: Path) -> None:
    files = [str(path) for path in DISTRICT]
    out, again = tmp_path / "tables", tmp_path / "records.yaml"
    assert CliRunner().invoke(app, ["export", "table", *files, "--out", str(out)]).exit_code == 0
    assert CliRunner().invoke(app, ["import", "table", str(out), "--out", str(again)]).exit_code == 0
    before, after = (
        read_records(paths, procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids)[0]
        for paths in (DISTRICT, [again])
    )
    assert [one.record for one in after] == [one.record for one in before]


def test_a_template_is_written_and_a_bad_cell_of_a_filled_one_is_named(tmp_path: Path) -> None:
    template, filled, out = tmp_path / "template.xlsx", tmp_path / "filled.xlsx", tmp_path / "records.yaml"
    assert CliRunner().invoke(app, ["export", "template", "--out", str(template)]).exit_code == 0
    with xlsxwriter.Workbook(str(filled)) as book:
        page = book.add_worksheet("事项 record")
        page.write_row(0, 0, ["[id]", "[title.zh]", "[jurisdiction]", "[organ]", "[organ_level]"])
        page.write_row(1, 0, ["a", "某事项(虚构)", "CN", "某县(虚构)", "区里"])
    told = CliRunner().invoke(app, ["import", "table", str(filled), "--out", str(out), "--lang", "en"])
    assert told.exit_code == 2
    assert "事项 record!E2 机关层级 organ_level: given '区里'" in told.stderr
    assert out.read_text() == "records: []\n"


def test_what_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["export", "template", "--out", str(tmp_path / "template.xls")])
    assert (told.exit_code, "choose another name" in told.stderr) == (2, True)
