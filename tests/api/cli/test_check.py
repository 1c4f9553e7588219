"""`duecourse check` as a person runs it: output, exit codes, and a batch of which one record is bad."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]

QUIET = "notice: [{opened: 2024-03-01, closed: 2024-03-11}]"
FLAG = "notice: [{opened: 2024-03-01, closed: 2024-03-10}]"
SWITCHED_OFF = "{technical: {value: false, reason: made up}}"


def record(name: str, steps: str, *, determinations: str = SWITCHED_OFF) -> str:
    return (
        f"id: {name}\ntitle: {{zh: 虚构事项, en: made-up matter}}\nmade_up: true\nprocedure: permit\njurisdiction: CN\n"
        f"organ: 某局(虚构)\norgan_level: county\ndeterminations: {determinations}\nsteps: {{{steps}}}\n"
    )


def duecourse(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "api.cli.app", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, encoding="utf-8")


@pytest.fixture
def run(permit_folder: Path, tmp_path: Path) -> Run:
    def check(content: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "records.yaml"
        path.write_text(content, encoding="utf-8")
        return duecourse("check", path, "--as-of", "2024-12-31", "--rules", permit_folder, *arguments)

    return check


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (record("quiet", QUIET), 0),
        (record("flag", FLAG), 1),
        (record("question", QUIET, determinations="{}"), 3),
        (record("flag", FLAG, determinations="{}"), 1),
        (record("quiet", QUIET) + "---\n" + record("bad", "notise: []"), 2),
        (record("flag", FLAG) + "---\n" + record("bad", "notise: []"), 2),
        ("", 2),
    ],
)
def test_exit_codes(run: Run, content: str, code: int) -> None:
    assert run(content).returncode == code


def test_the_rest_of_a_batch_is_still_judged_and_printed(run: Run) -> None:
    done = run(record("bad", "notise: []") + "---\n" + record("flag", FLAG), "--lang", "en")
    assert "steps.notise" in done.stderr
    assert "[unknown_step]" in done.stderr
    assert "too short: 9 days, 10 required" in done.stdout


def test_json_holds_verdicts_findings_status_and_receipt(run: Run) -> None:
    report = json.loads(run(record("flag", FLAG), "--format", "json").stdout)
    (found,) = report["assessments"]
    assert {verdict["card"]: verdict["verdict"] for verdict in found["receipt"]["verdicts"]} == {
        "PA-1": "violated",
        "PA-2": "not_applicable",
        "PA-3": "not_applicable",
    }
    assert found["findings"][0]["verdict"]["actual"] == {"lo": 9, "hi": 9}
    assert found["status"]["gates"]["discussion"]["state"] == "open"
    assert found["receipt"]["rulebook"] == report["rulebook"]


def test_the_page_is_chinese_unless_english_is_asked_for(run: Run) -> None:
    content = record("flag", FLAG)
    assert "期限不足:9日,应当10日以上" in run(content).stdout
    assert "too short" in run(content, "--lang", "en").stdout


def test_what_the_rulebook_leaves_open_is_shown_with_article_record_and_numbers() -> None:
    example = ROOT / "examples" / "chongming-civil-affairs-plan-2021.yaml"
    printed = duecourse("check", example, "--as-of", "2021-12-31", "--lang", "en").stdout.splitlines()
    place = next(number for number, line in enumerate(printed) if line.lstrip().startswith("NR-15b"))
    assert "counting method unset  [State Council Decree No. 713, Article 15(1)]" in printed[place]
    assert printed[place + 1].strip() == (
        "chongming-civil-affairs-plan-2021: counting method unset: 29 to 30 days, 30 required"
    )


def test_a_day_that_does_not_exist_is_refused(run: Run) -> None:
    done = run(record("quiet", QUIET), "--known-at", "2024-02-30")
    assert done.returncode == 2
    assert "2024-02-30" in done.stderr


def test_a_record_that_was_entered_later_is_not_yet_known(run: Run) -> None:
    content = record("late", QUIET) + "entered: 2024-06-01T09:00\n"
    done = run(content, "--known-at", "2024-05-31")
    assert done.returncode == 2
    assert "[not_yet_known]" in done.stderr
    assert run(content, "--known-at", "2024-06-01").returncode == 0


def test_a_broken_rulebook_judges_nothing(run: Run, tmp_path: Path) -> None:
    done = run(record("quiet", QUIET), "--rules", str(tmp_path))
    assert done.returncode == 2
    assert done.stdout == ""


def test_rules_are_listed_shown_and_linted(permit_folder: Path) -> None:
    listed = duecourse("rules", "list", "--rules", permit_folder, "--lang", "en")
    assert "the notice lasts 10 days or more" in listed.stdout
    shown = duecourse("rules", "show", "PA-1", "--rules", permit_folder)
    assert "kind: minimum_period" in shown.stdout
    assert "value: 10" in shown.stdout
    assert duecourse("rules", "show", "PA-9", "--rules", permit_folder).returncode == 2
    linted = duecourse("rules", "lint", "--rules", permit_folder)
    assert linted.returncode == 0
    assert "3 cards, 6 examples, no problem" in linted.stdout


def test_every_verdict_is_a_sentence_when_all_are_asked_for(run: Run) -> None:
    printed = run(record("flag", FLAG), "--all", "--lang", "en").stdout
    assert "PA-1 the notice lasts 10 days or more: violated, too short: 9 days, 10 required." in printed
    assert "PA-3 decision within 20 working days: not applicable." in printed
    assert "PA-1 公示不少于10日:违反,期限不足:9日,应当10日以上。" in run(record("flag", FLAG), "--all").stdout
