"""The trail vouches for versions, evidence, attestations, findings and rulebooks: who changes one is found."""

from pathlib import Path

import pytest

from api.identity.roles import Role
from api.store.verification import Tampering, TrailProblem, verify
from api.witnesses import WITNESSES
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.permits import RECORDS, SHORT_NOTICE, permit_rules, submitted
from tests.api.serving import Served, serve
from tests.api.tampering import tamper

CHANGES = {
    "record_version": "UPDATE record_version SET body = replace(body, '2024-03-08', '2024-03-18')",
    "evidence": "UPDATE evidence SET sha256 = '{}'".format("0" * 64),
    "attestation": "UPDATE attestation SET digest = '{}'".format("0" * 64),
    "finding_event": "UPDATE finding_event SET verdict = NULL WHERE number = 1",
}


def found(served: Served) -> tuple[TrailProblem, ...]:
    with served.service.database.reading() as session:
        return verify(session, witnesses=WITNESSES)


@pytest.mark.parametrize("kind", DATABASES)
def test_what_is_changed_behind_the_back_of_the_service_is_found(
    kind: str, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    with serve(fresh_database(kind), tmp_path / "var", rules=permit_rules(tmp_path / "rules")) as served:
        client = served.client(Role.DEPARTMENT)
        told = submitted(client, "a1", notice=SHORT_NOTICE, application={"received": "2024-03-01"})
        address = f"{RECORDS}/{told['key']}"
        client.post(f"{address}/rounds/decision", json={"decided": "2024-03-25"})
        files = {"file": ("a.pdf", b"%PDF-1.7\n", "application/pdf")}
        client.post(f"{address}/evidence", data={"step": "application", "kind": "form"}, files=files)
        client.post(f"{address}/steps/notice/attestations", json={"place": 0, "version": 1})
        assert found(served) == ()
        for number, (table, change) in enumerate(CHANGES.items(), start=1):
            tamper(served.service.database, change, table=table)
            problems = found(served)
            assert {problem.kind for problem in problems} == {Tampering.CONTENT_CHANGED}
            assert len(problems) >= number
