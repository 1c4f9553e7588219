"""Steps about what offices do with flags: they go through the whole service, over HTTP, on a real database."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from httpx2 import Response
from pytest_bdd import step, then

from api.identity.roles import Role
from api.store.database import Database
from api.store.keys import new_key
from tests.api.flags import decide, flag, in_days
from tests.api.permits import FINDINGS, LEAD, RECORDS
from tests.api.serving import PLACE, Served, serve
from tests.bdd.facts import Facts, said
from tests.bdd.steps.answers import GATE, gate_named

WAIVERS = "/api/v1/waivers"
WHO = r"(?P<who>承办单位|合法性审查部门|政府办公室)"


@dataclass
class Office:
    """The service, the record of a scenario, and what came of the last request."""

    served: Served
    record: dict[str, Any] = field(default_factory=dict)
    waiver: str = ""
    answer: Response | None = None

    def flag(self, card: str) -> dict[str, Any]:
        """Return the flag of a card, as the legal office sees it."""
        return flag(self.served.client(Role.LEGAL_OFFICE), self.record, card)

    def decide(self, who: str, card: str, how: str, **what: object) -> None:
        """Let somebody decide about the flag of a card."""
        self.answer = decide(self.served.client(role_named(who)), self.flag(card), how, **what)

    def table(self, address: str, **wanted: str) -> dict[str, str]:
        """Return the first row of a list by its Chinese headings, as the legal office exports it."""
        client = self.served.client(Role.LEGAL_OFFICE, language="zh")
        answer = client.get(address, params={**wanted, "format": "csv"})
        return next(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))


@pytest.fixture(scope="session")
def served_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run the service once for all scenarios; each submits a record of its own."""
    folder = tmp_path_factory.mktemp("office")
    url = f"sqlite:///{folder}/store.sqlite"
    database = Database(url)
    database.migrate()
    database.close()
    with serve(url, folder / "var") as served:
        yield served


@pytest.fixture
def office(served_office: Served) -> Office:
    return Office(served_office)


def role_named(name: str) -> Role:
    """Return the role with a Chinese name."""
    return next(role for role in Role if role.zh == name)


def as_submitted(facts: Facts, own_id: str) -> dict[str, Any]:
    """Return the record of a scenario, led by the unit that submits it."""
    return {
        "id": own_id,
        "title": f"{facts.title}(虚构)",
        "made_up": True,
        "jurisdiction": PLACE,
        "organ": "某区人民政府(虚构)",
        "organ_level": "county",
        "units": [{"name": LEAD, "role": "lead"}],
        "steps": facts.steps,
    }


@step("承办单位报送该事项")
def submitted(office: Office, facts: Facts) -> None:
    answer = office.served.client(Role.DEPARTMENT).post(RECORDS, json=as_submitted(facts, new_key()))
    assert answer.status_code == 201, answer.text
    office.record = answer.json()


@step(said("承办单位更正:征求意见于<day>截止"))
def corrected(office: Office, facts: Facts, day: str) -> None:
    facts.add("public_comment", closed=day)
    client, address = office.served.client(Role.DEPARTMENT), f"{RECORDS}/{office.record['key']}"
    headers = {"If-Match": client.get(address).headers["etag"]}
    answer = client.put(address, json=as_submitted(facts, office.record["record"]["id"]), headers=headers)
    assert answer.status_code == 200, answer.text


@step(said(f'{WHO}对规则{{card}}的标记不予认定,理由是"{{reason}}"'))
def dismissed(office: Office, who: str, card: str, reason: str) -> None:
    office.decide(who, card, "dismiss", reason=reason)


@step(said(f"{WHO}确认规则{{card}}的标记"))
def confirmed(office: Office, who: str, card: str) -> None:
    office.decide(who, card, "confirm")


@step(said(rf"{WHO}责令在(?P<days>\d+)日内整改规则{{card}}的标记"))
def ordered(office: Office, who: str, card: str, days: str) -> None:
    office.decide(who, card, "order", reason="期限不足", due=in_days(int(days)))


@step(said(f"{WHO}因已经改正而办结规则{{card}}的标记"))
def closed(office: Office, who: str, card: str) -> None:
    office.decide(who, card, "close", rectified=True)


@step(said(rf"{WHO}就规则{{card}}的标记申请豁免(?P<days>\d+)日"))
def waiver_applied_for(office: Office, who: str, card: str, days: str) -> None:
    last = in_days(int(days) - 1)
    body = {"finding": office.flag(card)["key"], "version": 1, "reason": "虚构", "since": in_days(0), "until": last}
    answer = office.served.client(role_named(who)).post(WAIVERS, json=body)
    assert answer.status_code == 201, answer.text
    office.waiver = answer.json()["key"]


@step(said(f"{WHO}批准该豁免"))
def waiver_approved(office: Office, who: str) -> None:
    client = office.served.client(role_named(who))
    office.answer = client.post(f"{WAIVERS}/{office.waiver}/approve", json={})


@then("该处理被拒绝")
def refused(office: Office) -> None:
    assert office.answer is not None
    assert office.answer.status_code in {403, 409}, office.answer.text


@then(said('规则{card}的标记的处理是"{value}"'))
def decision_is(office: Office, card: str, value: str) -> None:
    assert office.table(FINDINGS, record=office.record["key"], card=card)["处理"] == value


@then(said("规则{card}的标记仍未改正"))
def still_open(office: Office, card: str) -> None:
    found = office.flag(card)
    assert (found["kind"], found["state"], found["verdict"]) == ("flag", "open", "violated")


@then(said('该豁免的状态是"{value}"'))
def waiver_is(office: Office, value: str) -> None:
    assert office.table(WAIVERS, record=office.record["key"])["状态"] == value


@then(said(f"规则{{card}}仍使{GATE}的关口关闭"))
def still_bars(office: Office, card: str, gate: str) -> None:
    status = office.served.client(Role.LEGAL_OFFICE).get(f"{RECORDS}/{office.record['key']}/status").json()
    found = status["gates"][gate_named(gate)]
    assert found["state"] == "shut"
    assert card in found["barred_by"]
    assert [waiver["card"] for waiver in status["waivers"]] == [card]
