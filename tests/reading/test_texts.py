"""Files are read with their lines; what is wrong with one is told and never raised."""

import json
from pathlib import Path

import pytest

from engine.reading.texts import read_texts


def code_of(path: Path, content: bytes, *, limit: int = 10_000) -> tuple[str, int]:
    path.write_bytes(content)
    texts, problems = read_texts(path, limit=limit)
    assert not texts
    assert len(problems) == 1
    assert str(path) in str(problems[0])
    return problems[0].code, problems[0].line


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "empty_file", 1),
        (b"# nothing but a comment\n", "empty_file", 1),
        (b"\x00\x01\x02", "binary_file", 1),
        (b"a: 1\nb: \xff\xfe\n", "binary_file", 2),
        (b"a: \x07\n", "binary_file", 1),
        (b"a: [1, 2\nb: 3\n", "not_readable", 2),
        (b"a: 1\nb: 2\na: 3\n", "duplicate_key", 3),
        (b"? [a, b]\n: 1\n", "wrong_type", 1),
        (b"a: " + b"[" * 80 + b"]" * 80, "too_deep", 1),
        (b"a: " + b"x" * 20_000, "file_too_large", 1),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem_with_its_line(
    tmp_path: Path,
    content: bytes,
    code: str,
    line: int,
) -> None:
    assert code_of(tmp_path / "a.yaml", content) == (code, line)


def test_aliases_that_would_explode_are_refused_at_once(tmp_path: Path) -> None:
    layers = [b"a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    layers += [b"a%d: &a%d [%s]" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 10)]
    assert code_of(tmp_path / "laughs.yaml", b"\n".join(layers))[0] == "aliases_explode"


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    _, problems = read_texts(tmp_path / "absent.yaml")
    assert [problem.code for problem in problems] == ["unreadable_file"]


def test_days_stay_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("day: 2024-02-30\nmonth: 2024-02\nflag: true\nnumber: 7\n", encoding="utf-8")
    texts, _ = read_texts(tmp_path / "a.yaml")
    assert texts[0].data == {"day": "2024-02-30", "month": "2024-02", "flag": True, "number": 7}
    assert texts[0].lines[("month",)] == 2


def test_json_is_read_with_its_lines_and_all_its_characters(tmp_path: Path) -> None:
    data = {"title": '决策 \U0001f600 "quoted"', "steps": [{"a": None}, {"b": 1.5}]}
    (tmp_path / "a.json").write_text(json.dumps(data, indent=1), encoding="utf-8")
    texts, problems = read_texts(tmp_path / "a.json")
    assert not problems
    assert texts[0].data == data
    assert texts[0].lines[("steps", 1, "b")] == 8


def test_several_documents_of_one_file_are_several_texts(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n---\na: 2\n", encoding="utf-8")
    texts, _ = read_texts(tmp_path / "a.yaml")
    assert [text.data["a"] for text in texts] == [1, 2]
    assert texts[1].lines[("a",)] == 3


def test_an_alias_that_does_not_explode_is_written_out(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: &x [1, 2]\nb: *x\n", encoding="utf-8")
    texts, problems = read_texts(tmp_path / "a.yaml")
    assert not problems
    assert texts[0].data == {"a": [1, 2], "b": [1, 2]}


def test_an_alias_of_what_it_stands_in_is_refused(tmp_path: Path) -> None:
    assert code_of(tmp_path / "a.yaml", b"a: &x [1, *x]\n")[0] in {"too_deep", "not_readable"}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.yaml", b"[" * 100_000, "too_deep"),
        ("a.json", b'{"a":\t' + b"[" * 5_000 + b"]" * 5_000 + b"}", "too_deep"),
        ("a.yaml", b"a: !!timestamp 2024\n", "not_readable"),
        ("a.yaml", b"a: !!python/object:os.system x\n", "not_readable"),
        ("a.json", b'{"title": "a \\ud800 b"}', "binary_file"),
        ("a.json", b'{"a": 1,\t"a": 2}', "duplicate_key"),
    ],
)
def test_what_could_break_the_reader_is_refused_like_the_rest(
    tmp_path: Path,
    name: str,
    content: bytes,
    code: str,
) -> None:
    assert code_of(tmp_path / name, content, limit=1_000_000)[0] == code
