"""The calendar of a unit holds the days by which something is due in its matters, and follows them when they move."""

from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlmodel import select

from api import clock
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.tables import Account, UnitName
from api.identity.tokens import NewToken, issue_token
from tests.api.flags import DECIDED, EXAMINED, decide, flag, in_days, matter
from tests.api.permits import LONG_NOTICE, RECORDS, permit, somebody_else, submitted
from tests.api.serving import UNITS, Served

TODAY = clock.today()
RECEIVED = {"application": {"received": TODAY.isoformat()}}


def address(served: Served, role: Role = Role.DEPARTMENT) -> str:
    with served.service.database.reading() as session:
        unit = session.exec(select(UnitName.unit).where(UnitName.name == UNITS[role])).one()
    return f"/api/v1/units/{unit}/calendar.ics"


def entries(client: TestClient, url: str, **params: str) -> dict[str, Any]:
    """Return the entries of a calendar by the records that they are about."""
    answer = client.get(url, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    return {str(event["URL"]).rpartition("/")[2]: event for event in calendar.walk("VEVENT")}


def hand_in(client: TestClient, record: dict[str, Any], **fields: Any) -> None:  # noqa: ANN401 - plain data
    url = f"{RECORDS}/{record['key']}"
    tag = client.get(url).headers["etag"]
    answer = client.put(url, json=permit(record["record"]["id"], **fields), headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text


def test_a_deadline_is_an_entry_that_moves_with_its_day_and_goes_when_it_is_kept(
    served: Served, department: TestClient
) -> None:
    url, record = address(served), submitted(department, "cal-1", **RECEIVED)
    first = entries(department, url)[record["key"]]
    assert first["DTSTART"].dt == TODAY + timedelta(days=20)
    assert first["DTEND"].dt == TODAY + timedelta(days=21)
    assert str(first["SUMMARY"]) == "deadline: cal-1, decision within 20 working days"
    hand_in(department, record, application={"received": (TODAY - timedelta(days=3)).isoformat()})
    moved = entries(department, url)[record["key"]]
    assert moved["DTSTART"].dt == TODAY + timedelta(days=17)
    assert (moved["UID"], moved["SEQUENCE"]) == (first["UID"], first["SEQUENCE"] + 1)
    assert moved["DTSTAMP"].dt >= first["DTSTAMP"].dt
    decided = {"decided": TODAY.isoformat()}
    hand_in(department, record, **RECEIVED, decision=decided, examination={"done": TODAY.isoformat()})
    assert record["key"] not in entries(department, url)
    hand_in(department, record, **RECEIVED)
    again = entries(department, url)[record["key"]]
    assert (again["UID"], again["SEQUENCE"]) == (first["UID"], first["SEQUENCE"] + 2)


def test_it_is_read_by_an_address_with_a_token_that_is_good_for_nothing_else(
    served: Served, department: TestClient
) -> None:
    record = submitted(department, "cal-2", **RECEIVED)
    nobody, url = served.client(), address(served)
    assert nobody.get(url).status_code == 401
    token = issued(served, Scope.CALENDAR)
    assert record["key"] in entries(nobody, url, token=token, lang="zh")
    assert nobody.get(RECORDS, headers={"Authorization": f"Bearer {token}"}).status_code == 403
    assert nobody.get(url, params={"token": issued(served, Scope.CALENDAR, Scope.READ)}).status_code == 401
    assert nobody.get(url, params={"token": "dc_guessed"}).status_code == 401
    assert record["key"] in entries(nobody, url, token=token)


def issued(served: Served, *scopes: Scope) -> str:
    with served.service.database.writing() as session:
        account = session.exec(select(Account.key).where(Account.role == Role.DEPARTMENT)).first()
        assert account is not None
        token = NewToken(label="calendar", scopes=scopes, days=1)
        return issue_token(session, account, token, most_days=1, at=clock.now(), actor="test").secret


def test_it_tells_only_what_both_the_unit_and_who_asks_have(served: Served, department: TestClient) -> None:
    record = submitted(department, "cal-3", **RECEIVED)
    other = somebody_else(served, "某区绿化局(虚构)")
    url = address(served)
    assert record["key"] not in entries(other, url)
    assert record["key"] in entries(served.client(Role.AUDITOR), url)
    assert record["key"] not in entries(department, address(served, Role.LEGAL_OFFICE))
    assert served.client(Role.ADMIN).get(url).status_code == 403
    assert department.get("/api/v1/units/aaaaaaaaaaaaaaaaaaaaaaaaaa/calendar.ics").status_code == 404


def test_an_office_has_in_its_own_what_it_attests_and_what_it_follows_up(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    """The decision is attested by the general office; a rectification is ordered by the legal office."""
    record = submitted(department, "cal-4", **RECEIVED)
    general = served.client(Role.GENERAL_OFFICE)
    assert record["key"] in entries(general, address(served, Role.GENERAL_OFFICE))
    assert record["key"] not in entries(legal_office, address(served, Role.LEGAL_OFFICE))
    flagged = matter(department, "cal-5")
    ordered = decide(legal_office, flag(department, flagged), "order", reason="虚构", due=in_days(9))
    assert ordered.status_code == 201, ordered.text
    for client, role in ((legal_office, Role.LEGAL_OFFICE), (department, Role.DEPARTMENT)):
        event = entries(client, address(served, role))[flagged["key"]]
        assert (event["DTSTART"].dt, str(event["CATEGORIES"].cats[0])) == (TODAY + timedelta(days=9), "rectification")
    hand_in(department, flagged, notice=LONG_NOTICE, examination=EXAMINED, decision=DECIDED)
    assert flagged["key"] not in entries(legal_office, address(served, Role.LEGAL_OFFICE))


def test_what_has_not_changed_is_not_sent_again(served: Served, department: TestClient) -> None:
    url = address(served)
    tag = department.get(url).headers["etag"]
    assert department.get(url, headers={"If-None-Match": tag}).status_code == 304
    submitted(department, "cal-6", **RECEIVED)
    assert department.get(url, headers={"If-None-Match": tag}).status_code == 200
