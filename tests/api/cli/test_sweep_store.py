"""`duecourse sweep-store` judges anew what is not judged for today, and says what changed and why."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import update
from typer.testing import CliRunner

from api import clock
from api.cli.app import app
from api.errands.leases import leased
from api.identity.roles import Role
from api.judging.tables import Judgement
from api.reevaluations.service import ERRAND
from tests.api.permits import permit_rules, submitted
from tests.api.serving import Served, serve


@pytest.fixture
def served(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    rules = permit_rules(tmp_path / "rules")
    for name, value in (("DATABASE", database_url), ("RULES", str(rules)), ("VAR", str(tmp_path))):
        monkeypatch.setenv(f"DUECOURSE_{name}", value)
    with serve(database_url, tmp_path / "var", rules=rules) as running:
        yield running


def test_it_reports_what_changed_and_why_and_does_nothing_the_second_time(served: Served) -> None:
    """The judgement of a day long past says that everything is pending; meanwhile the deadline has passed."""
    key = submitted(served.client(Role.DEPARTMENT), "m-1", application={"received": "2024-03-01"})["key"]
    with served.service.database.writing() as session:
        pending = b"\x03" * 3
        long_ago = clock.today() - timedelta(days=900)
        session.execute(update(Judgement).values(as_of=long_ago, outcomes=pending).where(Judgement.record == key))
    runner = CliRunner()
    first = runner.invoke(app, ["sweep-store", "--lang", "en"])
    assert first.exit_code == 0, first.output
    assert "1 records judged anew" in first.stdout
    assert "days passed: " in first.stdout
    assert ["m-1", "PA-3", "pending", "violated", "days", "passed"] in [
        line.split() for line in first.stdout.splitlines()
    ]
    second = runner.invoke(app, ["sweep-store"])
    assert "重新评估 0 件" in second.stdout


def test_while_another_process_is_at_it_nothing_is_done(served: Served) -> None:
    with leased(served.service.database, ERRAND, seconds=60):
        found = CliRunner().invoke(app, ["sweep-store"])
    assert found.exit_code == 2
    assert "one re-evaluation at a time" in found.output
