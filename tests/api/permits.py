"""The service with the rulebook of an ordinary permit, which is judged fast; what is submitted to it."""

from pathlib import Path
from typing import Any, Final

from fastapi.testclient import TestClient

from api.clock import now
from api.identity.accounts import NewAccount, create_account
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.tokens import NewToken, issue_token
from api.identity.units import add_unit
from tests.api.serving import PLACE, UNITS, Served
from tests.conftest import ROOT
from tests.permit import write_permit_rules

RECORDS: Final = "/api/v1/records"
FINDINGS: Final = "/api/v1/findings"
LEAD: Final = UNITS[Role.DEPARTMENT]
SHORT_NOTICE: Final = {"opened": "2024-03-01", "closed": "2024-03-08"}
LONG_NOTICE: Final = {"opened": "2024-03-01", "closed": "2024-03-20"}


def permit_rules(folder: Path) -> Path:
    """Write the rulebook, with the places of the tests' units."""
    write_permit_rules(folder, ROOT / "rules" / "holidays")
    places = folder / "jurisdictions" / "places.yaml"
    titles = {PLACE: "某区(虚构)", "CN-33-QZ": "某市(虚构)"}
    parts = (
        f"- {{id: {place}, title: {{zh: {title}, en: made up}}, within: [{{jurisdiction: CN}}]}}"
        for place, title in titles.items()
    )
    places.write_text("\n".join(parts), encoding="utf-8")
    return folder


def in_calendar_days(folder: Path) -> Path:
    """Let the time for the decision be counted in calendar days, which are known whatever day it is today."""
    path = folder / "parameters" / "decision_days.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("unit: working_days", "unit: days"), encoding="utf-8")
    return folder


def permit(own_id: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    """Write a record as a department would; keys that are steps hold one round or several."""
    names = ("application", "notice", "examination", "decision")
    steps = {name: fields.pop(name) for name in names if name in fields}
    rounds = {name: value if isinstance(value, list) else [value] for name, value in steps.items()}
    usual = {
        "id": own_id,
        "title": {"zh": f"许可{own_id}(虚构)", "en": f"permit {own_id} (made up)"},
        "made_up": True,
        "procedure": "permit",
        "jurisdiction": PLACE,
        "organ": "某区人民政府(虚构)",
        "organ_level": "county",
        "units": [{"name": LEAD, "role": "lead"}],
        "determinations": {"technical": {"value": True, "reason": "虚构"}},
    }
    return {**usual, **fields, **({"steps": rounds} if rounds else {})}


def submitted(client: TestClient, own_id: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data
    """Submit a record and return the answer."""
    answer = client.post(RECORDS, json=permit(own_id, **fields))
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def somebody_else(
    served: Served,
    name: str,
    *,
    role: Role = Role.DEPARTMENT,
    place: str = PLACE,
    scopes: tuple[Scope, ...] = tuple(Scope),
) -> TestClient:
    """Return a client of another unit, made for it."""
    tree, at = served.service.rulebook.tree, now()
    with served.service.database.writing() as session:
        unit = add_unit(session, name=name, jurisdiction=place, tree=tree, at=at, actor="test")
        new = NewAccount(login=unit.key, name=name, role=role, unit=unit.key)
        made = create_account(session, new, one_time=None, at=at, actor="test")
        token = NewToken(label="test", scopes=scopes, days=1)
        issued = issue_token(session, made.account.key, token, most_days=1, at=at, actor="test")
    headers = {"Accept-Language": "en", "Authorization": f"Bearer {issued.secret}"}
    return TestClient(served.app, headers=headers, raise_server_exceptions=False)
