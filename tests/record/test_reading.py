"""Records come from YAML or JSON, one or many per file; a bad one is told with its place and costs no good one."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.evaluation.compiled import CompiledRulebook
from engine.reading.problems import Problem
from engine.record import DecisionRecord
from engine.record.reading import ReadRecord, read_record, read_records
from engine.rulebook.rulebook import Rulebook

GOOD: dict[str, Any] = {
    "id": "good",
    "title": "a matter (made up)",
    "procedure": "permit",
    "jurisdiction": "CN",
    "organ": "an organ (made up)",
    "organ_level": "county",
    "steps": {"notice": [{"opened": "2024-03-01", "closed": "2024-03-11"}]},
}


def read(rules: CompiledRulebook, *paths: Path) -> tuple[list[ReadRecord], list[Problem]]:
    return read_records(paths, procedures=rules.rulebook.procedures, jurisdictions=rules.rulebook.tree.ids)


def with_changes(**changes: object) -> dict[str, Any]:
    return {**GOOD, "id": "bad", **changes}


def notice(**fields: object) -> dict[str, Any]:
    return with_changes(steps={"notice": [fields]})


@pytest.mark.parametrize(
    ("bad", "code", "field", "given"),
    [
        (with_changes(titel="x"), "unknown_field", "titel", "'titel'"),
        (with_changes(organ_level=7), "not_a_choice", "organ_level", "7"),
        (with_changes(organ_level="village"), "not_a_choice", "organ_level", "'village'"),
        (with_changes(organ=None), "wrong_type", "organ", "None"),
        (with_changes(id="a b"), "invalid_value", "id", "'a b'"),
        (with_changes(jurisdiction="XX"), "unknown_jurisdiction", "jurisdiction", "'XX'"),
        (with_changes(procedure=[1]), "unknown_procedure", "procedure", "[1]"),
        (with_changes(entered="0001-01-01T00:00"), "not_a_time", "entered", "'0001-01-01T00:00'"),
        (with_changes(procedure="licence"), "unknown_procedure", "procedure", "'licence'"),
        (with_changes(special_statutes=["x"]), "unknown_statute", "special_statutes[0]", "'x'"),
        (
            with_changes(determinations={"tecnical": {"value": True}}),
            "unknown_field",
            "determinations.tecnical",
            "'tecnical'",
        ),
        (
            with_changes(determinations={"technical": {"value": "maybe"}}),
            "wrong_type",
            "determinations.technical.value",
            "'maybe'",
        ),
        (with_changes(steps={"notise": []}), "unknown_step", "steps.notise", "'notise'"),
        (
            with_changes(steps={"notice": {"opened": "2024-03-01"}}),
            "wrong_type",
            "steps.notice",
            "{'opened': '2024-03-01'}",
        ),
        (notice(opend="2024-03-01"), "unknown_field", "steps.notice[0].opend", "'opend'"),
        (notice(opened="2024-02-30"), "no_such_day", "steps.notice[0].opened", "'2024-02-30'"),
        (notice(opened=5.5), "wrong_type", "steps.notice[0].opened", "5.5"),
        (notice(urgent="perhaps"), "wrong_type", "steps.notice[0].urgent", "'perhaps'"),
        (with_changes(drafts=[{"id": "a"}, {"id": "a"}]), "duplicate_id", "drafts[1].id", "'a'"),
        (with_changes(drafts=[{"id": "a", "amends": "b"}]), "unknown_draft", "drafts[0].amends", "'b'"),
        (notice(draft="v9"), "unknown_draft", "steps.notice[0].draft", "'v9'"),
        (notice(documents=["letter"]), "unknown_document_kind", "steps.notice[0].documents[0]", "'letter'"),
        (notice(opened="2024-03-11", closed="2024-03-01"), "end_before_start", "steps.notice[0].closed", "2024-03-01"),
    ],
)
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_bad_record_is_told_with_its_place_and_the_good_one_is_read(  # noqa: PLR0917 - one row of the table
    permit: CompiledRulebook,
    tmp_path: Path,
    form: str,
    bad: dict[str, Any],
    code: str,
    field: str,
    given: str,
) -> None:
    path = tmp_path / f"records.{form}"
    data = {"records": [bad, GOOD]}
    text = json.dumps(data, indent=1) if form == "json" else yaml.safe_dump(data, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    records, problems = read(permit, path)
    assert [entry.record.id for entry in records] == ["good"]
    assert [(problem.code, problem.field) for problem in problems] == [(code, field)]
    assert problems[0].given == given
    assert 1 < problems[0].line < text[: text.index("good")].count("\n") + 2
    for text in (problems[0].expected.zh, problems[0].expected.en, problems[0].do.zh, problems[0].do.en):
        assert text


def test_every_problem_of_a_record_is_told_at_once(permit: CompiledRulebook, tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(yaml.safe_dump(with_changes(organ_level=7, titel=1, id="?")), encoding="utf-8")
    _, problems = read(permit, path)
    assert {problem.code for problem in problems} == {"not_a_choice", "unknown_field", "invalid_value"}


def test_an_id_that_occurs_twice_is_read_once_and_told_with_the_first_place(
    permit: CompiledRulebook,
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    for path in (first, second):
        path.write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    records, problems = read(permit, first, second)
    assert len(records) == 1
    assert [problem.code for problem in problems] == ["duplicate_id"]
    assert str(first) in problems[0].expected.en
    assert problems[0].file == str(second)


@pytest.mark.parametrize("content", ["- 1\n- two\n", "just a text\n", "records: [7]\n"])
def test_what_is_no_record_is_told(permit: CompiledRulebook, tmp_path: Path, content: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(content, encoding="utf-8")
    records, problems = read(permit, path)
    assert not records
    assert {problem.code for problem in problems} == {"wrong_type"}


def test_one_record_a_list_and_documents_are_all_read(permit: CompiledRulebook, tmp_path: Path) -> None:
    one, many, documents = tmp_path / "one.json", tmp_path / "many.yaml", tmp_path / "documents.yaml"
    one.write_text(json.dumps(GOOD), encoding="utf-8")
    many.write_text(yaml.safe_dump([GOOD | {"id": "b"}, GOOD | {"id": "c"}]), encoding="utf-8")
    documents.write_text(yaml.safe_dump_all([GOOD | {"id": "d"}, GOOD | {"id": "e"}]), encoding="utf-8")
    records, problems = read(permit, one, many, documents)
    assert not problems
    assert [entry.record.id for entry in records] == ["good", "b", "c", "d", "e"]


def test_one_record_is_read_from_plain_data_with_the_places_of_what_is_wrong(rulebook: Rulebook) -> None:
    good: dict[str, object] = {
        "id": "a",
        "title": "made up",
        "jurisdiction": "CN",
        "organ": "an organ (made up)",
        "organ_level": "county",
    }

    def read_one(data: object) -> DecisionRecord | list[Problem]:
        return read_record(data, file="(body)", procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids)

    assert isinstance(read_one(good), DecisionRecord)
    steps = {"public_comment": [{}, {"opened": {"actual": "2024-02-30"}, "documents": [{"kind": "photo", "day": 1}]}]}
    for data, fields in (
        (
            good | {"steps": steps},
            ["steps.public_comment[1].documents[0].day", "steps.public_comment[1].opened.actual"],
        ),
        (good | {"jurisdiction": "CN-99"}, ["jurisdiction"]),
        (good | {"procedure": ["x"]}, ["procedure"]),
        ([good], ["(record)"]),
        ("a", ["(record)"]),
    ):
        found = read_one(data)
        assert isinstance(found, list)
        assert [problem.field for problem in found] == fields
        assert {(problem.file, problem.line) for problem in found} == {("(body)", 1)}
