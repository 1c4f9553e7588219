"""Wrong cards and parameters are refused with file, line, field and what to do; half of the law judges nothing."""

from pathlib import Path

import pytest

from engine.evaluation.examples import run_examples
from engine.reading.problems import Problem
from engine.rulebook.reading import digest, load_rulebook, read_rulebook
from engine.rulebook.rulebook import RulebookError
from tests.conftest import ROOT
from tests.permit import write_permit_rules

CARD = "cards/PA-1.yaml"
PARAMETER = "parameters/notice_days.yaml"
SECOND_VALUE = """
  - jurisdiction: CN
    value: 12
    confidence: found
    source: {instrument: permit-act, article: "9", checked_on: 2024-01-01}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_permit_rules(tmp_path, ROOT / "rules" / "holidays")


def change(folder: Path, name: str, old: str, new: str) -> list[Problem]:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    rulebook, problems = read_rulebook(folder)
    assert rulebook is None
    return problems


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "field"),
    [
        (CARD, "weight: breach", "weigth: breach", "unknown_field", "weigth"),
        (CARD, "weight: breach\n", "", "missing_field", "weight"),
        (CARD, "weight: breach", "weight: heavy", "not_a_choice", "weight"),
        (CARD, "kind: minimum_period", "kind: long_enough", "not_a_choice", "duty"),
        (CARD, "  round: any_round\n", "", "missing_field", "duty.round"),
        (CARD, "unless: notice.any_round.urgent", "unless: notice.urgent", "quantifier_missing", "unless"),
        (CARD, "unless: notice.any_round.urgent", "unless: notice.any_round.hasty", "unknown_observable", "unless"),
        (CARD, "  to: closed", "  to: shut", "unknown_observable", "duty.to"),
        (CARD, "{parameter: notice_days}", "{parameter: notice_weeks}", "unknown_parameter", "duty.at_least"),
        (CARD, "step: notice", "step: notise", "unknown_observable", "step"),
        (CARD, "by: notice.first.opened", "by: notice.opened", "unknown_observable", "in_force.by"),
        (CARD, "instrument: permit-act", "instrument: permit-akt", "unknown_instrument", "source.instrument"),
        (CARD, "presupposes: notice", "presupposes: notices", "unknown_observable", "presupposes"),
        (CARD, "from: 2020-01-01", "from: 2020-01-01, until: 2019-01-01", "end_before_start", "in_force.until"),
        (CARD, "id: PA-1\n", "id: PA-9\n", "file_name", "id"),
        (CARD, "procedure: permit", "procedure: licence", "unknown_procedure", "procedure"),
        (CARD, "unless: notice.any_round.urgent", "unless: displaced('x')", "unknown_statute", "unless"),
        (CARD, "unless: notice.any_round.urgent", "unless: lies_within('XX')", "unknown_jurisdiction", "unless"),
        (CARD, "unless: notice.any_round.urgent", "unless: 1 <= notice.rounds <= 2", "condition_unreadable", "unless"),
        (CARD, "gate: none", "gate: issue", "unknown_gate", "gate"),
        (CARD, "  due: gate.discussion", "  due: gate.issue", "unknown_observable", "duty.due"),
        (
            "procedures/permit.yaml",
            "decision.first.decided",
            "decision.decide",
            "unknown_moment",
            "gates.discussion[0]",
        ),
        (CARD, "binds: [county]", "binds: []", "invalid_value", "binds"),
        (PARAMETER, "jurisdiction: CN", "jurisdiction: ZZ", "unknown_jurisdiction", "values[0].jurisdiction"),
        (PARAMETER, "value: 10", "value: ten", "wrong_type", "values[0].value"),
        ("jurisdictions/cn.yaml", "id: CN", "id: CN\nwithin: [{jurisdiction: CN}]", "unknown_jurisdiction", "within"),
        ("procedures/permit.yaml", "starts: opened", "starts: began", "unknown_attribute", "steps.notice"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(
    folder: Path,
    name: str,
    old: str,
    new: str,
    code: str,
    field: str,
) -> None:
    problems = change(folder, name, old, new)
    found = [(problem.code, problem.field) for problem in problems]
    assert (code, field) in found
    wrong = problems[found.index((code, field))]
    assert wrong.file.endswith(name)
    assert wrong.line > 1 or name != CARD
    assert wrong.do.zh
    assert wrong.do.en


def test_the_line_is_that_of_the_field(folder: Path) -> None:
    problems = change(folder, CARD, "unless: notice.any_round.urgent", "unless: notice.urgent")
    lines = (folder / CARD).read_text(encoding="utf-8").splitlines()
    assert lines[problems[0].line - 1].startswith("unless")


def test_keys_stand_in_one_order(folder: Path) -> None:
    problems = change(folder, CARD, "step: notice\nmodality: shall\n", "modality: shall\nstep: notice\n")
    assert [problem.code for problem in problems] == ["key_order"]


def test_two_values_of_equal_rank_that_disagree_are_named_both(folder: Path) -> None:
    path = folder / PARAMETER
    path.write_text(path.read_text(encoding="utf-8").rstrip() + SECOND_VALUE, encoding="utf-8")
    _, problems = read_rulebook(folder)
    assert [problem.code for problem in problems] == ["parameter_conflict"]
    assert "Art. 2" in problems[0].given
    assert "Art. 9" in problems[0].given


def test_a_card_without_an_example_is_refused(folder: Path) -> None:
    path = folder / CARD
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("  violated:")], encoding="utf-8")
    _, problems = read_rulebook(folder)
    assert [(problem.code, problem.field) for problem in problems] == [("missing_field", "examples.violated")]


def test_an_example_that_gives_another_verdict_is_told(folder: Path) -> None:
    path = folder / CARD
    path.write_text(
        path.read_text(encoding="utf-8").replace("closed: 2024-03-11", "closed: 2024-03-10"), encoding="utf-8"
    )
    count, problems = run_examples(load_rulebook(folder))
    assert count == 6
    assert [(problem.code, problem.given) for problem in problems] == [("example_fails", "violated (too_short)")]
    assert "ten days" in path.read_text(encoding="utf-8").splitlines()[problems[0].line - 1]


def test_a_clock_runs_in_days_or_working_days(folder: Path) -> None:
    path = folder / PARAMETER
    path.write_text(path.read_text(encoding="utf-8").replace("unit: days", "unit: months"), encoding="utf-8")
    problems = change(folder, CARD, "  due: gate.discussion", "  clock: true\n  due: gate.discussion")
    assert [problem.code for problem in problems] == ["wrong_kind_of_parameter"]


def test_a_faulty_procedure_is_told_once_and_not_by_each_of_its_cards(folder: Path) -> None:
    problems = change(folder, "procedures/permit.yaml", "starts: opened", "starts: began")
    assert [problem.code for problem in problems] == ["unknown_attribute"]


def test_a_rulebook_with_problems_is_not_used(folder: Path) -> None:
    change(folder, CARD, "weight: breach", "weight: heavy")
    with pytest.raises(RulebookError):
        load_rulebook(folder)


def test_the_digest_changes_with_every_file_and_only_with_them(folder: Path) -> None:
    before = digest(folder)
    assert digest(folder) == before
    (folder / "readme.txt").write_text("not a rule", encoding="utf-8")
    assert digest(folder) == before
    path = folder / PARAMETER
    path.write_text(path.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    assert digest(folder) != before
