"""`duecourse import log` and `export log` as a person runs them."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from api.cli.app import app
from tests.api.cli.test_check import FLAG, record
from tests.api.eventlogs.conftest import MAPPING

LOG = "case,activity,time\na,Apply,2024-03-01\na,Open,2024-03-02\na,Close,soon\na,Stamp,2024-03-05\nb,Open,2024-03-02\n"


def duecourse(*arguments: str | Path) -> Result:
    """Run the command in this process, which has loaded what it needs."""
    return CliRunner().invoke(app, [str(part) for part in arguments])


def _written(folder: Path, log: str = LOG, mapping: str = MAPPING) -> tuple[Path, Path]:
    (folder / "log.csv").write_text(log, encoding="utf-8")
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return folder / "log.csv", folder / "mapping.yaml"


def test_a_log_comes_in_with_a_report_and_what_cannot_be_read_is_rejected(tmp_path: Path, permit_folder: Path) -> None:
    log, mapping = _written(tmp_path)
    out, rejects = tmp_path / "records.json", tmp_path / "rejects.csv"
    options = ("--mapping", mapping, "--out", out, "--rejects", rejects, "--rules", permit_folder, "--lang", "en")
    done = duecourse("import", "log", log, *options)
    assert done.exit_code == 2
    assert "activities that the mapping does not name (not used):" in done.stdout
    assert "cases 2 · records 2 · events 5 · unreadable 1 · zone Asia/Shanghai" in done.stdout
    assert "log.csv:4 a Close: given 'soon'" in done.stderr
    assert "4,a,a Close,not_a_time" in rejects.read_text(encoding="utf-8-sig")
    assert [part["id"] for part in json.loads(out.read_text(encoding="utf-8"))["records"]] == ["a", "b"]
    report = json.loads(duecourse("import", "log", log, *options, "--format", "json").stdout)
    assert report["unmapped"] == [{"activity": "Stamp", "transition": None, "events": 1}]


def test_a_mapping_with_a_fault_is_told_and_nothing_is_written(tmp_path: Path, permit_folder: Path) -> None:
    log, mapping = _written(tmp_path, mapping=MAPPING.replace("opened:", "openned:"))
    done = duecourse(
        "import", "log", log, "--mapping", mapping, "--out", tmp_path / "out.json", "--rules", permit_folder
    )
    assert (done.exit_code, done.stdout) == (2, "")
    assert "mapping.yaml:11 steps.notice.moments.openned" in done.stderr
    assert not (tmp_path / "out.json").exists()


def test_records_go_out_as_a_log_and_come_back(tmp_path: Path, permit_folder: Path) -> None:
    (tmp_path / "records.yaml").write_text(record("flag", FLAG), encoding="utf-8")
    log, rules = tmp_path / "log.xes", ("--rules", permit_folder)
    done = duecourse("export", "log", tmp_path / "records.yaml", "--to", "xes", "--out", log, *rules, "--lang", "en")
    assert (done.exit_code, done.stderr) == (0, "")
    back = tmp_path / "back.yaml"
    mapping = tmp_path / "log.xes.mapping.yaml"
    assert duecourse("import", "log", log, "--mapping", mapping, "--out", back, *rules).exit_code == 0
    assert duecourse("check", back, "--as-of", "2024-12-31", *rules).exit_code == 1


def test_a_zone_that_does_not_exist_is_refused(tmp_path: Path, permit_folder: Path) -> None:
    (tmp_path / "records.yaml").write_text(record("flag", FLAG), encoding="utf-8")
    options = ("--to", "ocel", "--out", tmp_path / "log.json", "--zone", "Mars/Olympus", "--rules", permit_folder)
    done = duecourse("export", "log", tmp_path / "records.yaml", *options)
    assert done.exit_code == 2
    assert "Mars/Olympus" in done.stderr
