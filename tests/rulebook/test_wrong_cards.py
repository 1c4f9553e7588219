"""Wrong cards and parameters among the national rules: each is refused with file, line, field and what to do."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from engine.evaluation.examples import run_examples
from engine.reading.problems import Problem
from engine.rulebook.reading import load_rulebook, read_rulebook
from tests.conftest import ROOT
from tests.permit import write_permit_rules

COMMENT = "cards/decree-713/NR-15b.yaml"
REVIEW = "cards/decree-713/NR-26b.yaml"
FOLDED = "cards/decree-713/NR-15c.yaml"
BARRING = "cards/decree-713/NR-24.yaml"
PARTY = "cards/decree-713/NR-36b.yaml"
CHOICE = "cards/decree-713/NR-20c.yaml"
FACT = "cards/decree-713/NR-28b.yaml"
DAYS = "parameters/comment_days.yaml"
WORKING_DAYS = "parameters/legality_review_days.yaml"

OVERLAP = """
  - jurisdiction: CN
    since: 2024-01-01
    value: 20
    confidence: found
    source: {instrument: decree-713, article: "99", checked_on: 2026-11-23, note: made up for a test}
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the national rules once; each test puts back what it changed."""
    folder = tmp_path_factory.mktemp("national") / "rules"
    shutil.copytree(ROOT / "rules", folder)
    # The maps of coverage are about all cards at once; here each card is looked at by itself.
    shutil.rmtree(folder / "coverage", ignore_errors=True)
    _, problems = read_rulebook(folder)
    assert problems == []
    return folder


@contextmanager
def changed(folder: Path, name: str, old: str, new: str) -> Iterator[Path]:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        yield path
    finally:
        path.write_text(text, encoding="utf-8")


def told(problem: Problem, path: Path, line: str) -> None:
    """Hold a problem against its file and the beginning of its line; what to do is said in both languages."""
    assert problem.file == str(path)
    assert problem.line > 0
    assert path.read_text(encoding="utf-8").splitlines()[problem.line - 1].strip().startswith(line)
    assert problem.given
    for said in (problem.expected, problem.do):
        assert said.zh
        assert said.en


WRONG = {
    "an unknown field": (COMMENT, "weight: breach", "weigth: breach", "unknown_field", "weigth", "weigth:"),
    "a field that is missing": (COMMENT, "weight: breach\n", "", "missing_field", "weight", ""),
    "a weight that is none": (COMMENT, "weight: breach", "weight: heavy", "not_a_choice", "weight", "weight:"),
    "keys in another order": (
        COMMENT,
        "step: public_comment\nmodality: ordinarily\n",
        "modality: ordinarily\nstep: public_comment\n",
        "key_order",
        "modality",
        "modality:",
    ),
    "a file named after another card": (COMMENT, "id: NR-15b", "id: NR-15z", "file_name", "id", "id:"),
    "a question without a quantifier": (
        COMMENT,
        "unless: public_comment.any_round.shortening",
        "unless: public_comment.shortening",
        "quantifier_missing",
        "unless",
        "unless:",
    ),
    "an unknown observable": (
        COMMENT,
        "shortening_explained_in_notice",
        "shortening_explained_by_phone",
        "unknown_observable",
        "unless",
        "unless:",
    ),
    "an unknown parameter": (
        COMMENT,
        "{parameter: comment_days}",
        "{parameter: comment_weeks}",
        "unknown_parameter",
        "duty.at_least",
        "at_least:",
    ),
    "an unknown kind of duty": (COMMENT, "kind: minimum_period", "kind: long_enough", "not_a_choice", "duty", "duty:"),
    "an end before the start": (
        COMMENT,
        "from: 2019-09-01",
        "from: 2019-09-01, until: 2019-08-31",
        "end_before_start",
        "in_force.until",
        "in_force:",
    ),
    "an unknown instrument": (
        COMMENT,
        "instrument: decree-713",
        "instrument: decree-714",
        "unknown_instrument",
        "source.instrument",
        "source:",
    ),
    "an unknown jurisdiction": (
        COMMENT,
        "binds: [",
        "jurisdiction: CN-99\nbinds: [",
        "unknown_jurisdiction",
        "jurisdiction",
        "jurisdiction:",
    ),
    "an unknown procedure": (
        COMMENT,
        "binds: [",
        "procedure: permit\nbinds: [",
        "unknown_procedure",
        "procedure",
        "procedure:",
    ),
    "an unknown step presupposed": (
        COMMENT,
        "presupposes: public_comment",
        "presupposes: public_comments",
        "unknown_observable",
        "presupposes",
        "presupposes:",
    ),
    "a consequence of an unknown card": (
        FOLDED,
        "consequence_of: [NR-15b]",
        "consequence_of: [NR-15y]",
        "unknown_card",
        "consequence_of[0]",
        "consequence_of:",
    ),
    "a consequence of itself": (
        FOLDED,
        "consequence_of: [NR-15b]",
        "consequence_of: [NR-15c]",
        "unknown_card",
        "consequence_of[0]",
        "consequence_of:",
    ),
    "an unknown special statute": (
        COMMENT,
        "displaced_by: [decree-590",
        "displaced_by: [decree-591",
        "unknown_statute",
        "displaced_by[0]",
        "displaced_by:",
    ),
    "a flag where a moment belongs": (
        COMMENT,
        "  to: closed",
        "  to: urgent",
        "wrong_kind_of_observable",
        "duty.to",
        "to:",
    ),
    "a moment where a flag belongs": (
        FACT,
        "  fact: legal_advisers_heard",
        "  fact: received",
        "wrong_kind_of_observable",
        "duty.fact",
        "fact:",
    ),
    "a moment of force that is a flag": (
        COMMENT,
        "by: public_comment.first.opened",
        "by: public_comment.first.urgent",
        "wrong_kind_of_observable",
        "in_force.by",
        "in_force:",
    ),
    "an unknown value of a choice": (
        CHOICE,
        "values: [no_interest]",
        "values: [no_interests]",
        "unknown_value",
        "duty.values",
        "values:",
    ),
    "an unknown value in a condition": (
        PARTY,
        "evaluator_kind == 'third_party')",
        "evaluator_kind == 'fourth_party')",
        "unknown_value",
        "applies_when",
        "applies_when:",
    ),
    "an unknown kind of document": (
        COMMENT,
        "unless: public_comment.any_round.shortening_explained_in_notice",
        "unless: public_comment.any_round(contains_all(documents, 'photograph'))",
        "unknown_value",
        "unless",
        "unless:",
    ),
    "a chain of comparisons": (
        COMMENT,
        "unless: public_comment.any_round.shortening_explained_in_notice",
        "unless: 1 <= public_comment.rounds <= 2",
        "condition_unreadable",
        "unless",
        "unless:",
    ),
    "a parameter for an unknown place": (
        DAYS,
        "jurisdiction: CN",
        "jurisdiction: CN-99",
        "unknown_jurisdiction",
        "values[0].jurisdiction",
        "- jurisdiction:",
    ),
    "a parameter of an unknown instrument": (
        DAYS,
        "instrument: decree-713",
        "instrument: decree-714",
        "unknown_instrument",
        "values[0].source.instrument",
        "instrument:",
    ),
    "a parameter that ends before it begins": (
        DAYS,
        "    since: 2019-09-01\n",
        "    since: 2019-09-01\n    until: 2019-08-31\n",
        "end_before_start",
        "values[0].until",
        "until:",
    ),
    "a number in words": (DAYS, "value: 30", "value: thirty", "wrong_type", "values[0].value", "value:"),
    "a number of days below nothing": (DAYS, "value: 30", "value: -30", "invalid_value", "values[0].value", "value:"),
    "a local number without its basis": (
        DAYS,
        "jurisdiction: CN\n",
        "jurisdiction: CN-31\n",
        "missing_field",
        "values[0].basis",
        "- jurisdiction:",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_refused_in_its_file_at_the_line_of_its_field(rules: Path, what: str) -> None:
    name, old, new, code, field, line = WRONG[what]
    with changed(rules, name, old, new) as path:
        rulebook, problems = read_rulebook(rules)
        assert rulebook is None
        (found,) = (problem for problem in problems if (problem.code, problem.field) == (code, field))
        told(found, path, line)


def test_the_rules_are_as_before_when_the_change_is_taken_back(rules: Path) -> None:
    with changed(rules, COMMENT, "weight: breach", "weight: heavy"):
        assert read_rulebook(rules)[0] is None
    assert read_rulebook(rules)[0] is not None


@pytest.mark.parametrize("side", ["satisfied", "violated"])
def test_a_card_without_an_example_on_one_side_is_refused(rules: Path, side: str) -> None:
    with changed(rules, COMMENT, f"  {side}:\n", "  undecided:\n") as path:
        _, problems = read_rulebook(rules)
        by_field = {problem.field: problem for problem in problems}
        assert by_field[f"examples.{side}"].code == "missing_field"
        told(by_field[f"examples.{side}"], path, "examples:")


def test_two_cards_with_one_id_are_refused_even_for_different_periods_of_force(rules: Path) -> None:
    later = rules / "cards" / "later" / "NR-15b.yaml"
    later.parent.mkdir()
    text = (rules / COMMENT).read_text(encoding="utf-8")
    later.write_text(text.replace("from: 2019-09-01", "from: 2025-01-01"), encoding="utf-8")
    try:
        _, problems = read_rulebook(rules)
        assert [(problem.code, problem.field, problem.given) for problem in problems] == [
            ("duplicate_id", "id", "NR-15b")
        ]
        told(problems[0], later, "id:")
    finally:
        shutil.rmtree(later.parent)


def test_two_values_whose_periods_of_force_overlap_and_that_disagree_are_named_both(rules: Path) -> None:
    text = (rules / DAYS).read_text(encoding="utf-8")
    with changed(rules, DAYS, text, text.rstrip() + OVERLAP) as path:
        _, problems = read_rulebook(rules)
        assert [(problem.code, problem.field) for problem in problems] == [("parameter_conflict", "values")]
        told(problems[0], path, "values:")
        assert "Art. 15" in problems[0].given
        assert "Art. 99" in problems[0].given
        assert "2024-01-01" in problems[0].given


def test_two_values_one_after_the_other_are_accepted(rules: Path) -> None:
    text = (rules / DAYS).read_text(encoding="utf-8")
    ended = text.replace("    since: 2019-09-01\n", "    since: 2019-09-01\n    until: 2023-12-31\n").rstrip() + OVERLAP
    with changed(rules, DAYS, text, ended):
        assert read_rulebook(rules)[1] == []


def test_a_parameter_without_its_source_is_refused(rules: Path) -> None:
    text = (rules / DAYS).read_text(encoding="utf-8")
    with changed(rules, DAYS, text[text.index("    source:") :], "") as path:
        _, problems = read_rulebook(rules)
        (found,) = (problem for problem in problems if problem.file == str(path))
        assert (found.code, found.field) == ("missing_field", "values[0].source")
        told(found, path, "- jurisdiction:")


def test_a_card_without_its_source_is_refused(rules: Path) -> None:
    text = (rules / COMMENT).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines(keepends=True) if line.startswith("source:"))
    with changed(rules, COMMENT, line, "") as path:
        _, problems = read_rulebook(rules)
        assert [(problem.code, problem.field) for problem in problems if problem.file == str(path)] == [
            ("missing_field", "source")
        ]


def test_a_clock_on_months_is_refused(rules: Path) -> None:
    with changed(rules, WORKING_DAYS, "unit: working_days", "unit: months"):
        _, problems = read_rulebook(rules)
        (found,) = (problem for problem in problems if problem.file == str(rules / REVIEW))
        assert (found.code, found.field) == ("wrong_kind_of_parameter", "duty.at_least")
        told(found, rules / REVIEW, "at_least:")


def test_two_cards_of_equal_rank_that_contradict_are_both_named(rules: Path) -> None:
    text = (rules / COMMENT).read_text(encoding="utf-8")
    path = rules / "cards" / "decree-713" / "NR-15z.yaml"
    other = text.replace("id: NR-15b", "id: NR-15z").replace(
        "{parameter: comment_days}", "{parameter: hearing_material_days}"
    )
    path.write_text(other, encoding="utf-8")
    try:
        _, problems = read_rulebook(rules)
    finally:
        path.unlink()
    (found,) = problems
    assert (found.code, found.field) == ("contradicting_cards", "duty")
    assert "NR-15b" in found.given
    assert "NR-15z" in found.given


def test_two_cards_that_hold_one_after_the_other_do_not_contradict(rules: Path) -> None:
    text = (rules / COMMENT).read_text(encoding="utf-8")
    path = rules / "cards" / "decree-713" / "NR-15z.yaml"
    later = text.replace("id: NR-15b", "id: NR-15z").replace("{from: 2019-09-01, by", "{from: 2030-01-01, by")
    path.write_text(later, encoding="utf-8")
    try:
        with changed(rules, COMMENT, "{from: 2019-09-01, by", "{from: 2019-09-01, until: 2029-12-31, by"):
            _, problems = read_rulebook(rules)
    finally:
        path.unlink()
    assert problems == []


def test_a_gate_that_is_no_word_is_refused(rules: Path) -> None:
    with changed(rules, BARRING, "gate: issue", "gate: signature") as path:
        _, problems = read_rulebook(rules)
        assert {(problem.code, problem.field) for problem in problems} == {("not_a_choice", "gate")}
        for problem in problems:
            told(problem, path, "gate:")


def test_an_article_that_the_national_map_leaves_out_is_named(rules: Path) -> None:
    name = "coverage/decree-713.yaml"
    text = (ROOT / "rules" / name).read_text(encoding="utf-8")
    (rules / "coverage").mkdir()
    (rules / name).write_text(text, encoding="utf-8")
    fifteen, sixteen = text.index('  - article: "15"'), text.index('  - article: "16"')
    try:
        with changed(rules, name, text[fifteen:sixteen], "") as path:
            _, problems = read_rulebook(rules)
            (found,) = (problem for problem in problems if problem.code == "article_not_in_map")
            assert (found.field, found.given) == ("articles", "a map without 15")
            told(found, path, "articles:")
    finally:
        shutil.rmtree(rules / "coverage")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # Twenty-nine days on any reading.
        ("closed: 2024-03-31", "closed: 2024-03-29", "violated (too_short)"),
        # Thirty with the first day, twenty-nine without.
        ("closed: 2024-03-31", "closed: 2024-03-30", "undetermined (counting_method_unset)"),
    ],
)
def test_an_example_that_gives_another_verdict_is_told_at_its_line(rules: Path, old: str, new: str, said: str) -> None:
    with changed(rules, COMMENT, old, new) as path:
        rulebook = load_rulebook(rules)
        alone = tuple(part for part in rulebook.meanings if part.card.id == "NR-15b")
        count, problems = run_examples(replace(rulebook, meanings=alone))
        assert count >= 2
        assert [(problem.code, problem.given) for problem in problems] == [("example_fails", said)]
        told(problems[0], path, "- ")
        assert new in path.read_text(encoding="utf-8").splitlines()[problems[0].line - 1]


# --- A gate that the procedure lacks, and the map of articles: on a permit of four articles, made up ----------------

MAP = """
instrument: permit-act
articles:
  - {article: "1", reason: scope, why: {zh: 适用范围, en: scope}}
  - {article: "2", rows: [{row: PA-1, expect: card, cards: [PA-1]}]}
  - {article: "3", rows: [{row: PA-3, expect: card, cards: [PA-3]}]}
  - {article: "4", rows: [{row: PA-2, expect: card, cards: [PA-2]}]}
"""
MAP_FILE = "coverage/permit-act.yaml"


@pytest.fixture(scope="module")
def permit_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_permit_rules(tmp_path_factory.mktemp("mapped"), ROOT / "rules" / "holidays")
    instrument = folder / "instruments" / "permit-act.yaml"
    instrument.write_text(instrument.read_text(encoding="utf-8").rstrip() + "\narticles: 4\n", encoding="utf-8")
    (folder / "coverage").mkdir()
    (folder / MAP_FILE).write_text(MAP, encoding="utf-8")
    _, problems = read_rulebook(folder)
    assert problems == []
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "field", "line"),
    [
        ("cards/PA-1.yaml", "gate: none", "gate: issue", "unknown_gate", "gate", "gate:"),
        (
            MAP_FILE,
            '  - {article: "1", reason: scope, why: {zh: 适用范围, en: scope}}\n',
            "",
            "article_not_in_map",
            "articles",
            "articles:",
        ),
        (MAP_FILE, 'article: "1"', 'article: "5"', "article_not_in_map", "articles", "articles:"),
        (MAP_FILE, "cards: [PA-2]", "cards: [PA-1]", "wrong_article", "articles[3].rows[0]", '- {article: "4"'),
        (MAP_FILE, "cards: [PA-2]", "cards: [PA-7]", "unknown_card", "articles[3].rows[0]", '- {article: "4"'),
        (
            MAP_FILE,
            "rows: [{row: PA-2, expect: card, cards: [PA-2]}]",
            "reason: manual, why: {zh: 由人判断, en: for a person}",
            "card_not_in_map",
            "articles",
            "articles:",
        ),
        (MAP_FILE, "why: {zh: 适用范围, en: scope}", "rows: []", "cards_or_reason", "articles[0]", '- {article: "1"'),
    ],
)
def test_a_gate_or_a_map_that_does_not_fit_is_refused(  # noqa: PLR0917 — one column for each
    permit_rules: Path, name: str, old: str, new: str, code: str, field: str, line: str
) -> None:
    with changed(permit_rules, name, old, new) as path:
        rulebook, problems = read_rulebook(permit_rules)
        assert rulebook is None
        (found,) = (problem for problem in problems if (problem.code, problem.field) == (code, field))
        told(found, path, line)
