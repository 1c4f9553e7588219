"""Flags of permits to decide about: a notice that is too short (PA-1), an examination that is missing (PA-2)."""

from datetime import date, timedelta
from typing import Any, Final

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from api.clock import now, today
from api.identity.accounts import NewAccount, create_account
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.tables import UnitName
from api.identity.tokens import NewToken, issue_token
from api.store.keys import new_key
from tests.api.permits import FINDINGS, LONG_NOTICE, RECORDS, SHORT_NOTICE, permit, submitted
from tests.api.serving import Served

DECIDED: Final = {"decided": "2024-03-25"}
EXAMINED: Final = {"done": "2024-03-22"}
OF_A_DEPARTMENT, OF_THE_LEGAL_OFFICE = "PA-1", "PA-2"
"""The cards, by whose step they are about."""


def matter(client: TestClient, own_id: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    """Submit a record with both flags."""
    return submitted(client, own_id, **{"notice": SHORT_NOTICE, "decision": DECIDED, **fields})


def flag(client: TestClient, record: dict[str, Any], card: str = OF_A_DEPARTMENT) -> dict[str, Any]:
    """Return a finding of a record, as it is listed."""
    answer = client.get(FINDINGS, params={"record": record["key"], "card": card})
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["items"]
    told: dict[str, Any] = found
    return told


def hand_in(client: TestClient, record: dict[str, Any], **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    """Give a record another version."""
    address = f"{RECORDS}/{record['key']}"
    tag = client.get(address).headers["etag"]
    answer = client.put(address, json=permit(record["record"]["id"], **fields), headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    written: dict[str, Any] = answer.json()
    return written


def mend(client: TestClient, record: dict[str, Any]) -> dict[str, Any]:
    """Let nothing be wrong with a record any more."""
    return hand_in(client, record, notice=LONG_NOTICE, examination=EXAMINED, decision=DECIDED)


def decide(client: TestClient, finding: dict[str, Any], how: str, **said: object) -> Response:
    """Decide about a finding as it stands."""
    address = f"{FINDINGS}/{finding['key']}/reviews"
    tag = client.get(address).headers["etag"]
    return client.post(f"{address}/{how}", json=said, headers={"If-Match": tag})


def colleague(served: Served, name: str, *, role: Role) -> TestClient:
    """Return a client of another account in a unit that is there."""
    at = now()
    with served.service.database.writing() as session:
        unit = session.exec(select(UnitName.unit).where(UnitName.name == name)).one()
        new = NewAccount(login=new_key(), name=name, role=role, unit=unit)
        made = create_account(session, new, one_time=None, at=at, actor="test")
        token = NewToken(label="test", scopes=tuple(Scope), days=1)
        issued = issue_token(session, made.account.key, token, most_days=1, at=at, actor="test")
    headers = {"Accept-Language": "en", "Authorization": f"Bearer {issued.secret}"}
    return TestClient(served.app, headers=headers, raise_server_exceptions=False)


def in_days(days: int) -> str:
    """Return a day so many days from today."""
    return _day(days).isoformat()


def _day(days: int) -> date:
    return today() + timedelta(days=days)
