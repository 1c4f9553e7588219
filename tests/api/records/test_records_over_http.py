"""Records are submitted, read, given versions and rounds; what others may not know of is not there."""

import pytest
from fastapi.testclient import TestClient

from api.identity.roles import Role
from api.store.keys import new_key
from tests.api.permits import LEAD, LONG_NOTICE, RECORDS, SHORT_NOTICE, permit, somebody_else, submitted
from tests.api.serving import Served


def test_a_record_is_judged_when_it_is_submitted_and_read_as_it_stands(department: TestClient) -> None:
    answer = department.post(RECORDS, json=permit("a1", notice=SHORT_NOTICE, decision={"decided": "2024-03-25"}))
    assert answer.status_code == 201
    told = answer.json()
    assert answer.headers["location"] == f"{RECORDS}/{told['key']}"
    assert {(moved["card"], moved["what"]) for moved in told["changes"]["findings"]} == {
        ("PA-1", "opened"),
        ("PA-2", "opened"),
    }
    read = department.get(answer.headers["location"])
    assert read.headers["etag"] == answer.headers["etag"]
    assert read.json() == {name: value for name, value in told.items() if name != "changes"}
    assert read.json()["record"]["steps"]["notice"][0]["entered"]
    again = department.get(answer.headers["location"], headers={"If-None-Match": read.headers["etag"]})
    assert again.status_code == 304
