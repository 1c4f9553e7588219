"""Who vouches for a round is of the role that the procedure names, and has seen the round as it is."""

from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from api.identity.roles import Role
from tests.api.permits import LONG_NOTICE, RECORDS, SHORT_NOTICE, permit, somebody_else, submitted
from tests.api.serving import Served


def attest(client: TestClient, told: dict[str, Any], step: str, *, place: int = 0, version: int = 1) -> Response:
    address = f"{RECORDS}/{told['key']}/steps/{step}/attestations"
    return client.post(address, json={"place": place, "version": version})


def attested(client: TestClient, told: dict[str, Any]) -> list[tuple[str, str, bool]]:
    items = client.get(f"{RECORDS}/{told['key']}/attestations").json()["items"]
    return [(item["step"], item["role"], item["holds"]) for item in items]


def a_record(client: TestClient, own_id: str) -> dict[str, Any]:
    done = {"examination": {"done": "2024-03-20"}, "decision": {"decided": "2024-03-25"}}
    return submitted(client, own_id, notice=LONG_NOTICE, **done)


def test_each_step_is_attested_by_the_role_that_the_procedure_names(served: Served, department: TestClient) -> None:
    told = a_record(department, "a1")
    roles = (Role.DEPARTMENT, Role.LEGAL_OFFICE, Role.GENERAL_OFFICE)
    answers = {
        (step, role): attest(served.client(role), told, step).status_code
        for step in ("notice", "examination", "decision")
        for role in (*roles, Role.AUDITOR, Role.ADMIN)
    }
    may = {("notice", roles[0]), ("examination", roles[1]), ("decision", roles[2])}
    assert answers == {cell: 201 if cell in may else 403 for cell in answers}
    assert attested(department, told) == [
        (step, role, True) for step, role in sorted(may, key=lambda cell: roles.index(cell[1]))
    ]


def test_a_round_that_changes_is_no_longer_attested(department: TestClient, legal_office: TestClient) -> None:
    told = a_record(department, "b1")
    assert attest(legal_office, told, "examination").status_code == 201
    department.post(f"{RECORDS}/{told['key']}/rounds/notice", json=SHORT_NOTICE)
    assert attested(department, told) == [("examination", "legal_office", True)]
    address = f"{RECORDS}/{told['key']}"
    corrected = permit("b1", examination={"done": "2024-03-21"})
    department.put(address, json=corrected, headers={"If-Match": department.get(address).headers["etag"]})
    assert attested(department, told) == [("examination", "legal_office", False)]
    void = attest(legal_office, told, "examination", version=3)
    assert (void.status_code, void.json()["code"]) == (409, "round_void")
    assert attest(legal_office, told, "examination", place=1, version=3).status_code == 201


def test_who_has_seen_another_round_vouches_for_nothing(department: TestClient, legal_office: TestClient) -> None:
    told = submitted(department, "c1")
    department.post(f"{RECORDS}/{told['key']}/rounds/examination", json={"done": "2024-03-20"})
    early = attest(legal_office, told, "examination", version=1)
    assert (early.status_code, early.json()["code"]) == (412, "round_changed")
    assert attest(legal_office, told, "examination", version=2).status_code == 201
    later = attest(legal_office, told, "examination", version=9)
    assert (later.status_code, later.json()["code"]) == (404, "unknown_version")
    nothing = attest(legal_office, told, "examination", place=4, version=2)
    assert (nothing.status_code, nothing.json()["code"]) == (404, "unknown_round")
    step = attest(legal_office, told, "exam", version=2)
    assert (step.status_code, step.json()["code"]) == (404, "unknown_step")


def test_to_vouch_twice_is_to_vouch_once(department: TestClient, legal_office: TestClient) -> None:
    told = a_record(department, "d1")
    first, second = (attest(legal_office, told, "examination") for _ in range(2))
    assert first.json() == second.json()
    assert len(attested(department, told)) == 1


def test_an_office_of_another_place_does_not_know_the_record(served: Served, department: TestClient) -> None:
    told = a_record(department, "e1")
    elsewhere = somebody_else(served, "某市司法局(虚构)e", role=Role.LEGAL_OFFICE, place="CN-33-QZ")
    assert attest(elsewhere, told, "examination").json()["code"] == "unknown_record"
