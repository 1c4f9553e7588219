"""Over HTTP a check says what the command says, stores nothing, and tells what is wrong with its place."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.identity.roles import Role
from api.store import trail
from engine.calendar.moment import known_time
from engine.reading.texts import read_texts
from tests.api.serving import Served
from tests.conftest import ROOT

CHECK = "/api/v1/check"
YAML = {"Content-Type": "application/yaml"}
CATALOGUE = ROOT / "examples" / "maqiao-catalogue-2024.yaml"
VIOLATIONS = ROOT / "examples" / "made-up-violations.yaml"
ASKED = {"as_of": "2024-12-31", "known_at": "2026-06-30"}


def plain(path: Path) -> Any:  # noqa: ANN401 - plain data
    """Read YAML with its days as texts, as they stand in JSON."""
    (text,), _ = read_texts(path)
    return text.data


def send(client: TestClient, content: str, **asked: str) -> Response:
    return client.post(CHECK, content=content.encode(), headers=YAML, params={**ASKED, **asked})


@pytest.fixture
def client(served: Served) -> TestClient:
    return served.client(Role.DEPARTMENT)


@cache
def _told_by_the_command(path: Path) -> object:
    command = [sys.executable, "-m", "api.cli.app", "check", str(path), "--format", "json"]
    asked = ["--as-of", ASKED["as_of"], "--known-at", ASKED["known_at"]]
    return json.loads(subprocess.run([*command, *asked], capture_output=True, check=False, cwd=ROOT).stdout)


@pytest.mark.parametrize("path", [VIOLATIONS, CATALOGUE], ids=lambda path: path.stem)
def test_the_answer_is_that_of_the_command(client: TestClient, path: Path) -> None:
    answer = send(client, path.read_text(encoding="utf-8"))
    assert answer.status_code == 200
    assert answer.json() == _told_by_the_command(path)
    assert answer.json()["assessments"][0]["receipt"]["decided_by"] == "live"


def test_json_is_judged_as_yaml_is(client: TestClient) -> None:
    answer = client.post(CHECK, json=plain(VIOLATIONS), params=ASKED)
    assert answer.status_code == 200
    assert answer.json() == send(client, VIOLATIONS.read_text(encoding="utf-8")).json()


def test_nothing_is_stored(served: Served, client: TestClient) -> None:
    def heads() -> trail.Head:
        with served.service.database.reading() as session:
            return trail.head(session)

    before = heads()
    send(client, VIOLATIONS.read_text(encoding="utf-8"))
    assert heads() == before


def test_the_day_and_the_knowledge_asked_for_are_told(client: TestClient) -> None:
    said = send(client, VIOLATIONS.read_text(encoding="utf-8"), as_of="2024-03-01", known_at="2024-06-30").json()
    assert said["as_of"] == "2024-03-01"
    assert datetime.fromisoformat(said["known_at"]) == known_time("2024-06-30")
    assert datetime.fromisoformat(said["known_at"]).tzinfo == UTC


def test_a_good_record_is_judged_beside_a_bad_one(client: TestClient) -> None:
    content = VIOLATIONS.read_text(encoding="utf-8")
    said = send(client, content + "\n---\nid: bad\ntitle: x\nsteps: {public_coment: []}\n").json()
    assert len(said["assessments"]) == 1
    assert {problem["file"] for problem in said["problems"]} == {"(body)"}
    assert min(problem["line"] for problem in said["problems"]) > content.count("\n")


def test_with_nothing_to_judge_the_problems_are_the_answer(client: TestClient) -> None:
    answer = send(client, "id: bad\ntitle: x\n\nsteps: {public_coment: []}\n")
    assert answer.status_code == 422
    parts = {part["field"]: part for part in answer.json()["problems"]}
    assert parts["steps.public_coment"]["code"] == "unknown_step"
    assert parts["steps.public_coment"]["line"] == 4
    assert {"organ", "organ_level", "jurisdiction"} <= set(parts)


def test_a_problem_of_json_names_its_line(client: TestClient) -> None:
    content = '{\n "id": "bad",\n "title": "x",\n "steps": {"public_coment": []}\n}'
    answer = client.post(CHECK, content=content, headers={"Content-Type": "application/json"})
    parts = {part["field"]: part["line"] for part in answer.json()["problems"]}
    assert parts["steps.public_coment"] == 4


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"# nothing\n", "empty_file"),
        (b"a: [1\nb: 2", "not_readable"),
        (b"a: 1\na: 2", "duplicate_key"),
        (b"a: \xff", "binary_file"),
        (b"a: \x00", "binary_file"),
        (b"[" * 2000, "too_deep"),
        (b"a: !!python/object:os.system x", "not_readable"),
        (b"a: &a [x]\nb: [*a, *a]", "missing_field"),
        ("a: '\ufffe'".encode(), "binary_file"),
        (b"- 1\n- x\n", "wrong_type"),
        (b"records: []\ncatalogues: 3", "wrong_type"),
    ],
)
def test_hostile_yaml_is_refused(client: TestClient, content: bytes, code: str) -> None:
    answer = client.post(CHECK, content=content, headers=YAML)
    assert answer.status_code == 422
    assert code in {part["code"] for part in answer.json()["problems"]}


def test_aliases_that_would_explode_are_refused_at_once(client: TestClient) -> None:
    layers = [b"a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    layers += [b"a%d: &a%d [%s]" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 10)]
    answer = client.post(CHECK, content=b"\n".join(layers), headers=YAML)
    assert answer.status_code == 422
    assert answer.json()["code"] == "aliases_explode"


def test_more_than_is_judged_at_a_time_is_refused(client: TestClient) -> None:
    record = plain(VIOLATIONS)
    many = [{**record, "id": f"r{number}"} for number in range(31)]
    answer = client.post(CHECK, json=many)
    assert answer.status_code == 422
    assert answer.json()["code"] == "too_many_records"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1700-02-28"])
def test_the_ends_of_the_calendar_are_judged_too(client: TestClient, day: str) -> None:
    assert send(client, VIOLATIONS.read_text(encoding="utf-8"), as_of=day).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"as_of": "2024-02-30"},
        {"as_of": "1700000000"},
        {"as_of": "2024-1-1"},
        {"as_of": "20240101"},
        {"as_of": "10000-01-01"},
        {"as_of": ""},
        {"known_at": "yesterday"},
        {"known_at": "0001-01-01T00:00+14:00"},
        {"rulebook": "0"},
    ],
)
def test_what_is_no_day_time_or_digest_is_refused(client: TestClient, asked: dict[str, str]) -> None:
    answer = send(client, VIOLATIONS.read_text(encoding="utf-8"), **asked)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"] == next(iter(asked))


def test_a_rulebook_that_is_not_kept_is_not_found(client: TestClient) -> None:
    answer = send(client, VIOLATIONS.read_text(encoding="utf-8"), rulebook="0" * 64)
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_rulebook"


def test_nobody_checks_without_being_known(served: Served) -> None:
    assert send(served.client(), "id: x").status_code == 401
