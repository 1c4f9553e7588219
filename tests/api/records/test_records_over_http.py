"""Records are submitted, read, given versions and rounds; what others may not know of is not there."""

import csv
import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import col, select

from api.identity.roles import Role
from api.store import trail
from api.store.keys import new_key
from api.store.tables import TrailEntry
from tests.api.permits import LEAD, LONG_NOTICE, RECORDS, SHORT_NOTICE, permit, somebody_else, submitted
from tests.api.serving import UNITS, Served

OTHER_LEAD = {"name": "某区水务局(虚构)", "role": "lead"}


def address(told: dict[str, Any]) -> str:
    return f"{RECORDS}/{told['key']}"


def put(client: TestClient, told: dict[str, Any], record: dict[str, Any], *, tag: str | None = None) -> Response:
    """Hand in a new version of what was read."""
    return client.put(
        address(told), json=record, headers={"If-Match": tag or client.get(address(told)).headers["etag"]}
    )


def problems(answer: Response) -> list[tuple[str, str]]:
    return [(problem["code"], problem["field"]) for problem in answer.json()["problems"]]


def heads(served: Served) -> trail.Head:
    with served.service.database.reading() as session:
        return trail.head(session)


def test_a_record_is_judged_when_it_is_submitted_and_read_as_it_stands(department: TestClient) -> None:
    answer = department.post(RECORDS, json=permit("a1", notice=SHORT_NOTICE, decision={"decided": "2024-03-25"}))
    assert answer.status_code == 201
    told = answer.json()
    assert answer.headers["location"] == address(told)
    assert {(moved["card"], moved["what"]) for moved in told["changes"]["findings"]} == {
        ("PA-1", "opened"),
        ("PA-2", "opened"),
    }
    read = department.get(address(told))
    assert read.headers["etag"] == answer.headers["etag"]
    assert read.json() == {name: value for name, value in told.items() if name != "changes"}
    entered = read.json()["entered_at"].replace("Z", "+00:00")
    assert read.json()["record"]["steps"]["notice"][0]["entered"] == entered
    again = department.get(address(told), headers={"If-None-Match": read.headers["etag"]})
    assert again.status_code == 304


def test_yaml_is_taken_and_what_is_wrong_is_told_with_its_line(department: TestClient) -> None:
    record = permit("y1", notice={"opened": "2024-02-30", "closde": "2024-03-08"})
    lines = json.dumps(record, ensure_ascii=False, indent=1)
    answer = department.post(RECORDS, content=lines.encode(), headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 422
    found = {(part["code"], part["field"]): part["line"] for part in answer.json()["problems"]}
    assert set(found) == {("no_such_day", "steps.notice[0].opened"), ("unknown_field", "steps.notice[0].closde")}
    assert lines.splitlines()[found["no_such_day", "steps.notice[0].opened"] - 1].strip().startswith('"opened"')


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ([], ("not_one", "(record)")),
        ([permit("b1"), permit("b2")], ("not_one", "(record)")),
        ("text", ("wrong_type", "(record)")),
        (permit("b1", jurisdiction="CN-99"), ("unknown_jurisdiction", "jurisdiction")),
        (permit("b1", procedure="another"), ("unknown_procedure", "procedure")),
        (permit("b1", units=[{"name": LEAD, "role": "lead"}, OTHER_LEAD]), ("lead_unclear", "units")),
        (permit("b1", entered="2020-01-01"), ("entered_by_server", "entered")),
        (permit("b1", notice=SHORT_NOTICE | {"voided": "2020-01-01"}), ("entered_by_server", "steps.notice[0].voided")),
        (permit("b1", notice=SHORT_NOTICE | {"note": "机密★5年"}), ("classified", "steps.notice[0].note")),
        (permit("../b1"), ("invalid_value", "id")),
        (permit("b" * 101), ("invalid_value", "id")),
    ],
)
def test_what_cannot_be_entered_is_told_with_its_place_and_leaves_nothing(
    served: Served, department: TestClient, record: object, problem: tuple[str, str]
) -> None:
    before = heads(served)
    answer = department.post(RECORDS, json=record)
    assert answer.status_code == 422
    assert problem in problems(answer)
    assert heads(served) == before


def test_a_unit_submits_what_it_leads_itself_in_its_own_place(department: TestClient) -> None:
    others = [{"name": UNITS[Role.LEGAL_OFFICE], "role": "lead"}, {"name": LEAD, "role": "joint"}]
    for record in (permit("c1", units=others), permit("c1", units=[]), permit("c1", jurisdiction="CN-33-QZ")):
        answer = department.post(RECORDS, json=record)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yours_to_submit")


def test_an_id_is_used_once_by_each_unit(served: Served, department: TestClient) -> None:
    submitted(department, "d1")
    again = department.post(RECORDS, json=permit("d1"))
    assert (again.status_code, again.json()["code"]) == (409, "record_exists")
    other = somebody_else(served, "某区城管局(虚构)d")
    submitted(other, "d1", units=[{"name": "某区城管局(虚构)d", "role": "lead"}])


def test_what_others_may_not_know_of_is_not_there(served: Served, department: TestClient) -> None:
    told = submitted(department, "e1", notice=SHORT_NOTICE)
    stranger = somebody_else(served, "某区民政局(虚构)e")
    answers = [
        *(stranger.get(f"{address(told)}{part}") for part in ("", "/versions", "/versions/1", "/status", "/receipt")),
        stranger.put(address(told), json=permit("e1"), headers={"If-Match": "*"}),
        stranger.post(f"{address(told)}/rounds/notice", json=SHORT_NOTICE),
    ]
    guessed = department.get(f"{RECORDS}/{new_key()}")
    wrong = department.get(f"{RECORDS}/1")
    assert {(answer.status_code, answer.json()["code"]) for answer in [*answers, guessed, wrong]} == {
        (404, "unknown_record")
    }
    assert told["key"] not in stranger.get(RECORDS, params={"id": "e1"}).text


def test_a_unit_that_is_consulted_reads_and_does_not_change(served: Served, department: TestClient) -> None:
    name = "某区水务局(虚构)f"
    units = [{"name": LEAD, "role": "lead"}, {"name": name, "role": "consulted"}]
    told = submitted(department, "f1", units=units)
    consulted = somebody_else(served, name)
    assert consulted.get(address(told)).status_code == 200
    answers = [
        consulted.put(address(told), json=permit("f1"), headers={"If-Match": "*"}),
        consulted.post(f"{address(told)}/rounds/notice", json=SHORT_NOTICE),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "not_leading")}


def test_a_new_version_keeps_what_was_on_record(department: TestClient) -> None:
    told = submitted(department, "g1", notice=SHORT_NOTICE)
    answer = put(department, told, permit("g1", notice=LONG_NOTICE))
    assert answer.status_code == 200
    assert answer.json()["version"] == 2
    first, second = answer.json()["record"]["steps"]["notice"]
    assert (first["closed"], "voided" in first, "voided" in second) == ({"actual": "2024-03-08"}, True, False)
    assert first["voided"] == second["entered"] > first["entered"]
    items = department.get(f"{address(told)}/versions").json()["items"]
    assert [item["version"] for item in items] == [1, 2]
    assert items[0]["sha256"] == told["sha256"]
    assert department.get(f"{address(told)}/versions/1").json()["record"] == told["record"]
    missing = department.get(f"{address(told)}/versions/3")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_version")


def test_what_was_read_and_is_sent_back_makes_no_new_version(department: TestClient) -> None:
    told = submitted(department, "h1", notice=SHORT_NOTICE)
    answer = put(department, told, told["record"])
    assert (answer.status_code, answer.json()["version"], answer.json()["changes"]) == (200, 1, None)


def test_a_version_that_is_not_the_newest_is_not_changed(department: TestClient) -> None:
    told = submitted(department, "i1")
    tag = department.get(address(told)).headers["etag"]
    assert put(department, told, permit("i1", notice=SHORT_NOTICE), tag=tag).status_code == 200
    stale = put(department, told, permit("i1", notice=LONG_NOTICE), tag=tag)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    without = department.put(address(told), json=permit("i1"))
    assert (without.status_code, without.json()["code"]) == (428, "version_missing")


def test_procedure_and_place_stay(department: TestClient) -> None:
    told = submitted(department, "j1")
    answer = put(department, told, permit("j1", jurisdiction="CN-33-QZ"))
    assert (answer.status_code, answer.json()["code"]) == (422, "fixed_field")


def test_the_id_may_be_corrected_but_not_to_that_of_another_record(department: TestClient) -> None:
    told, other = submitted(department, "k1"), submitted(department, "k2")
    assert put(department, told, permit("k3")).status_code == 200
    taken = put(department, other, permit("k3"))
    assert (taken.status_code, taken.json()["code"]) == (409, "record_exists")


def test_the_lead_is_handed_over(served: Served, department: TestClient) -> None:
    name = "某区交通局(虚构)l"
    told = submitted(department, "l1")
    handed = permit("l1", units=[{"name": LEAD, "role": "consulted"}, {"name": name, "role": "lead"}])
    assert put(department, told, handed).json()["lead_unit"] == name
    late = put(department, told, permit("l1"))
    assert (late.status_code, late.json()["code"]) == (403, "not_leading")
    next_lead = somebody_else(served, name)
    assert next_lead.post(f"{address(told)}/rounds/notice", json=SHORT_NOTICE).status_code == 200


def test_a_request_with_a_key_is_done_once(department: TestClient) -> None:
    headers = {"Idempotency-Key": "m1"}
    first, second = (department.post(RECORDS, json=permit("m1"), headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    other = department.post(RECORDS, json=permit("m2"), headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    told = first.json()
    headers = {"Idempotency-Key": "m2", "If-Match": first.headers["etag"]}
    versions = [
        department.put(address(told), json=permit("m1", notice=SHORT_NOTICE), headers=headers) for _ in range(2)
    ]
    assert [answer.status_code for answer in versions] == [200, 200]
    assert versions[0].content == versions[1].content
    assert department.get(address(told)).json()["version"] == 2


def test_one_round_is_added_without_saying_to_which_version(department: TestClient) -> None:
    told = submitted(department, "n1", notice=SHORT_NOTICE)
    answer = department.post(f"{address(told)}/rounds/notice", json=LONG_NOTICE)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert len(answer.json()["record"]["steps"]["notice"]) == 2


@pytest.mark.parametrize(
    ("step", "sent", "status", "problem"),
    [
        ("notice", {"opened": "2024-02-30"}, 422, ("no_such_day", "opened")),
        ("notice", {"opned": "2024-02-03"}, 422, ("unknown_field", "opned")),
        ("notice", ["x"], 422, ("wrong_type", "(round)")),
        ("notice", {"draft": "v1"}, 422, ("unknown_draft", "draft")),
        ("notice", SHORT_NOTICE | {"entered": "2020-01-01"}, 422, ("entered_by_server", "entered")),
        ("notice", SHORT_NOTICE | {"note": "绝密★"}, 422, ("classified", "note")),
        ("notise", SHORT_NOTICE, 404, ("unknown_step", "step")),
    ],
)
def test_a_round_that_cannot_be_added_is_told_with_its_place(
    department: TestClient, step: str, sent: object, status: int, problem: tuple[str, str]
) -> None:
    told = submitted(department, new_key())
    answer = department.post(f"{address(told)}/rounds/{step}", json=sent)
    assert answer.status_code == status
    assert problem in problems(answer)
    assert department.get(address(told)).json()["version"] == 1


def test_of_fifty_clients_that_add_rounds_at_once_none_loses_one(served: Served, department: TestClient) -> None:
    told = submitted(department, "o1")
    barrier = threading.Barrier(50)

    def add(number: int) -> int:
        client = served.client(Role.DEPARTMENT)
        barrier.wait()
        return client.post(
            f"{address(told)}/rounds/notice", json={"opened": "2024-03-01", "note": f"{number}"}
        ).status_code

    with ThreadPoolExecutor(50) as threads:
        assert set(threads.map(add, range(50))) == {200}
    read = department.get(address(told)).json()
    assert read["version"] == 51
    assert {entry["note"] for entry in read["record"]["steps"]["notice"]} == {f"{number}" for number in range(50)}


def test_a_list_gives_what_is_in_reach_by_filters_and_pages(served: Served, department: TestClient) -> None:
    name = "某区绿化局(虚构)p"
    client = somebody_else(served, name)
    lead = [{"name": name, "role": "lead"}]
    keys = [submitted(client, f"p{number}", units=lead)["key"] for number in range(5)]
    flagged = submitted(client, "p-flagged", units=lead, notice=SHORT_NOTICE, decision={"decided": "2024-03-25"})
    pages, asked = [], {"limit": "2"}
    while True:
        page = client.get(RECORDS, params=asked).json()
        pages.append([item["key"] for item in page["items"]])
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert [len(page) for page in pages] == [2, 2, 2]
    assert [key for page in pages for key in page] == [flagged["key"], *reversed(keys)]
    found = {
        wanted: [item["id"] for item in client.get(f"{RECORDS}?{wanted}").json()["items"]]
        for wanted in ("compliant=false", "id=p3", "text=p-flag", "text=%25", "state=closed", "role=joint")
    }
    assert found == {
        "compliant=false": ["p-flagged"],
        "id=p3": ["p3"],
        "text=p-flag": ["p-flagged"],
        "text=%25": [],
        "state=closed": [],
        "role=joint": [],
    }
    assert len(served.client(Role.AUDITOR).get(RECORDS, params={"unit": name}).json()["items"]) == 6
    assert department.get(RECORDS, params={"unit": name}).json()["items"] == []


@pytest.mark.parametrize(
    "wanted", ["unit=' OR 1=1 --", "text=%27%29%3B DROP TABLE record", "id=%", "level=x", "color=red"]
)
def test_no_filter_reaches_the_database_as_sql(department: TestClient, wanted: str) -> None:
    answer = department.get(f"{RECORDS}?{wanted}")
    assert answer.status_code in {200, 422}
    assert answer.json().get("items", []) == []


def test_a_list_is_given_as_a_table_in_which_nothing_is_a_formula(served: Served) -> None:
    name = "某区体育局(虚构)q"
    client = somebody_else(served, name)
    title = '=HYPERLINK("http://example.org")'
    submitted(client, "q1", units=[{"name": name, "role": "lead"}], title=title)
    answer = client.get(RECORDS, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0]["title"] == f"'{title}"
    assert rows[0]["id"] == "q1"
    assert client.get(RECORDS, params={"format": "xlsx"}).content.startswith(b"PK")


def test_every_write_is_in_the_trail(served: Served, department: TestClient) -> None:
    before = heads(served).number
    told = submitted(department, "r1", notice=SHORT_NOTICE, decision={"decided": "2024-03-25"})
    department.post(f"{address(told)}/rounds/notice", json=LONG_NOTICE | {"opened": "2024-02-01"})
    put(department, told, permit("r1", decision={"decided": "2024-03-25"}, examination={"done": "2024-03-02"}))
    with served.service.database.reading() as session:
        entries = session.exec(
            select(TrailEntry).where(col(TrailEntry.number) > before).order_by(col(TrailEntry.number))
        )
        actions = [entry.action for entry in entries]
    assert actions == [
        "record.created",
        "finding.opened",
        "finding.opened",
        "round.added",
        "finding.rectified",
        "record.version",
        "finding.rectified",
    ]
