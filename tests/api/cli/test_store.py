"""`duecourse db` and `duecourse trail` as an operator runs them, on both databases."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli.app import app
from api.store import trail
from api.store.database import Database
from tests.api.conftest import FreshDatabase
from tests.api.tampering import tamper

AT = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)

Run = Callable[..., Result]


def duecourse(url: str, var: Path, *arguments: str | Path) -> Result:
    settings = {"DUECOURSE_DATABASE": url, "DUECOURSE_VAR": str(var)}
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=settings, catch_exceptions=False)


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    return lambda *arguments: duecourse(database_url, tmp_path / "var", *arguments)


def write(database: Database) -> None:
    with database.writing() as session:
        for number in range(3):
            trail.append(session, at=AT, actor="a", action="x", subject=f"s{number}", content={})


def test_the_trail_is_verified_against_a_head_kept_elsewhere(run: Run, database: Database, tmp_path: Path) -> None:
    write(database)
    kept = run("trail", "head")
    assert json.loads(kept.stdout)["number"] == 3
    (tmp_path / "head").write_text(kept.stdout, encoding="utf-8")
    write(database)

    done = run("trail", "verify", "--head", tmp_path / "head", "--lang", "en")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("6 entries, untouched; head ")
    assert run("trail", "verify").exit_code == 0
    assert "--head" in run("trail", "verify").stderr

    with database.reading() as session:
        second = next(trail.entries(session, after=1, limit=1)).digest
    tamper(
        database,
        "DELETE FROM trail_entry WHERE number > 2",
        f"UPDATE trail_head SET number = 2, digest = '{second}'",
    )
    assert run("trail", "verify").exit_code == 0
    done = run("trail", "verify", "--head", tmp_path / "head")
    assert (done.exit_code, done.stdout) == (1, "第3条(–):尾部被截去\n发现1处问题\n")


def test_a_file_that_is_no_head_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "head").write_text("{}", encoding="utf-8")
    for name in ("head", "missing"):
        done = run("trail", "verify", "--head", tmp_path / name)
        assert (done.exit_code, done.stdout) == (2, "")
        assert f"{name}: given a file that is no head" in done.stderr


def test_a_backup_is_restored_and_its_trail_verified(
    run: Run, database: Database, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    write(database)
    done = run("db", "backup", tmp_path / "backup")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "rows, 0 files; head 3 " in done.stdout
    assert run("db", "backup", tmp_path / "backup").exit_code == 2

    refused = run("db", "restore", tmp_path / "backup")
    assert refused.exit_code == 2
    assert "trail_entry" in refused.stderr

    url = fresh_database("sqlite" if database.is_sqlite else "postgresql")
    done = duecourse(url, tmp_path / "other", "db", "restore", tmp_path / "backup")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "the trail stands; head 3 " in done.stdout
    assert duecourse(url, tmp_path / "other", "trail", "verify").exit_code == 0


def test_the_tables_are_made_at_the_first_start_and_asked_for_before(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/var/new.sqlite"
    before = duecourse(url, tmp_path, "trail", "head")
    assert before.exit_code == 2
    assert "duecourse db migrate" in before.stderr
    for _ in range(2):
        done = duecourse(url, tmp_path, "db", "migrate")
        assert (done.exit_code, done.stdout[:19]) == (0, "tables of revision ")
    assert json.loads(duecourse(url, tmp_path, "trail", "head").stdout)["number"] == 0


@pytest.mark.parametrize(
    "url", ["mysql://u:secret@h/d", "postgresql://u:secret@127.0.0.1:1/d", "sqlite:////proc/none/store.sqlite"]
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    done = duecourse(url, tmp_path, "trail", "head")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_a_place_that_cannot_be_written_to_is_told(run: Run) -> None:
    done = run("db", "backup", "/proc/none/backup")
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    assert "/proc/none" in done.stderr
