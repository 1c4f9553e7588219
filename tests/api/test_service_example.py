"""The script for readers runs against a real server with the demonstration, and finds all as it says."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.trials.process import serving
from tests.conftest import ROOT

SAID = (
    "the gate to the meeting is shut, barred by NR-25a",
    "so it is: with a review opinion it may",
    "the legal office dismisses NR-15a, with its reason",
    "so it is: a waiver opens no gate",
    "so it is: neither a dismissal nor a waiver changes a verdict",
    "so it is: asked by what was known before the review, the summary says what it said then",
    "so it is: the trail stands",
)


@pytest.mark.parametrize("kind", DATABASES)
def test_a_matter_goes_its_way_from_the_department_to_the_auditor(
    fresh_database: FreshDatabase, tmp_path: Path, kind: str
) -> None:
    with serving(fresh_database(kind), tmp_path, demo=True):
        script = [sys.executable, "examples/service.py", str(tmp_path / "demo-accounts.json")]
        # Twice, for a reader may begin again.
        for _ in range(2):
            done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            lines = iter(done.stdout.splitlines())
            assert all(any(line.startswith(said) for line in lines) for said in SAID), done.stdout
