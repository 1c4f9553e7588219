"""Real procedures over HTTP: what is stored is judged as the command line judges it; dying workers cost no request."""

import itertools
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.identity.roles import Role
from api.records.bodies import plain
from engine.record.reading import read_records
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.permits import FINDINGS, RECORDS
from tests.api.serving import PLACE, UNITS, Served, serve
from tests.conftest import ROOT

DISTRICT = sorted((ROOT / "examples" / "made-up-district-2025").glob("*.yaml"))


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    kind: str = request.param
    with serve(fresh_database(kind), tmp_path_factory.mktemp("var"), live_workers=2) as running:
        running.service.warm_up()
        yield running


@pytest.fixture
def department(served: Served) -> TestClient:
    return served.client(Role.DEPARTMENT)


def matter(served: Served, path: Path, place: int = 0, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    """Read an example as a record of the tests' own unit and place."""
    book = served.service.rulebook
    read, _ = read_records([path], procedures=book.procedures, jurisdictions=book.tree.ids)
    data = plain(read[place].record)
    units = [{"name": UNITS[Role.DEPARTMENT], "role": "lead"}]
    return {**data, "jurisdiction": PLACE, "units": units, **fields}


def submitted(client: TestClient, record: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(RECORDS, json=record)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (DISTRICT[3], 0),
        (ROOT / "examples" / "made-up-violations.yaml", 0),
        (ROOT / "examples" / "normative-documents.yaml", 1),
    ],
    ids=["district", "violations", "normative"],
)
def test_what_is_stored_is_judged_like_what_is_checked(
    served: Served, department: TestClient, path: Path, place: int
) -> None:
    told = submitted(department, matter(served, path, place))
    asked = {"as_of": "2026-03-31"}
    status = department.get(f"{RECORDS}/{told['key']}/status", params=asked).json()
    checked = department.post("/api/v1/check", json=told["record"], params=asked).json()["assessments"][0]
    assert [finding["card"] for finding in status["findings"]] == [finding["card"] for finding in checked["findings"]]
    assert status["lights"] == checked["status"]["lights"]
    receipt = department.get(f"{RECORDS}/{told['key']}/receipt", params=asked).json()
    assert receipt["verdicts"] == checked["receipt"]["verdicts"]
    assert receipt["record"] == checked["receipt"]["record"] == told["sha256"]


def test_of_what_follows_from_another_finding_the_history_goes_on(served: Served, department: TestClient) -> None:
    """A review that was wrong in itself is declared void: now it is missing, and the rest is told with that."""
    record = matter(served, DISTRICT[0], id="subsumed")
    (review,) = [entry for entry in record["steps"]["legality_review"] if entry.get("form") == "review_opinion"][-1:]
    wrong = {**review, "documents": [], "conclusion": "unlawful"}
    told = submitted(department, record | {"steps": record["steps"] | {"legality_review": [wrong]}})
    address = f"{RECORDS}/{told['key']}"

    def states() -> dict[str, str]:
        items = department.get(FINDINGS, params={"record": told["key"]}).json()["items"]
        return {item["card"]: item["state"] for item in items if item["step"] == "legality_review"}

    before = states()
    tag = department.get(address).headers["etag"]
    steps = {name: rounds for name, rounds in record["steps"].items() if name != "legality_review"}
    answer = department.put(address, json=record | {"steps": steps}, headers={"If-Match": tag})
    assert answer.status_code == 200
    after = states()
    assert set(before.values()) == {"open"}
    roots = [card for card in after if card not in before]
    assert roots
    assert {after[card] for card in roots} == {"open"}
    moved = {finding["card"]: (finding["what"], finding["state"]) for finding in answer.json()["changes"]["findings"]}
    assert {moved[card] for card in before if card in moved} <= {("changed", "subsumed"), ("rectified", "rectified")}


def test_no_request_fails_while_live_workers_are_killed(served: Served, department: TestClient) -> None:
    record = matter(served, DISTRICT[0])
    told = submitted(department, record | {"id": "killed"})
    crew = served.service.judge.crew(served.service.rulebooks.current.compiled("major_decision"))
    stop, deciders = threading.Event(), []

    def ask(number: int) -> set[int]:
        client, statuses = served.client(Role.DEPARTMENT), set[int]()
        for each in itertools.count():
            if stop.is_set():
                return statuses
            if number % 2:
                answer = client.get(f"{RECORDS}/{told['key']}/receipt")
                deciders.append(answer.json().get("decided_by"))
            else:
                answer = client.post(RECORDS, json=record | {"id": f"killed-{number}-{each}"})
            statuses.add(answer.status_code)
        return statuses

    with ThreadPoolExecutor(4) as threads:
        asking = [threads.submit(ask, number) for number in range(4)]
        try:
            for kills in range(300):
                for pid in crew.pids:
                    with suppress(ProcessLookupError):  # dead already, and about to be replaced
                        os.kill(pid, signal.SIGKILL)
                if "sweep" in deciders and kills >= 5:
                    break
                time.sleep(0.2)
        finally:
            stop.set()
        assert set().union(*(each.result() for each in asking)) == {200, 201}
    assert "sweep" in deciders
    assert department.get(f"{RECORDS}/{told['key']}/receipt").json()["decided_by"] == "live"
