"""The made-up district is loaded as people would submit it, once, and everybody in it can log in.

Lists and counts tell of it what a search of all there is tells, whoever asks and whatever is asked for.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.clock import today
from api.context import Service
from api.demo.loading import MATTERS, StoreInUseError, is_loaded, load_demo
from api.demo.models import DemoAccount
from api.findings import service as findings
from api.identity.roles import Role
from api.records import reading
from api.records.models import RecordFilter
from api.records.tables import RecordState
from api.reviews.queue import GATES, Queue
from api.settings import ServiceSettings
from api.waivers import reading as waivers
from api.waivers.models import WaiverFilter, WaiverStanding
from engine.vocabulary import UnitRole
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.demo.searching import PAGE, Demo, district, newest, paged, wanted_findings


@pytest.fixture(scope="module", params=DATABASES)
def demo(
    request: pytest.FixtureRequest, fresh_database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, tuple[DemoAccount, ...]]]:
    kind: str = request.param
    var: Path = tmp_path_factory.mktemp("demo")
    app = create_app(ServiceSettings(database=fresh_database(kind), var=var, log_level="error"))
    with TestClient(app) as client:
        yield client, load_demo(app.state.service)


def logged_in(client: TestClient, account: DemoAccount) -> TestClient:
    own = TestClient(client.app, base_url="http://testserver")
    answer = own.post("/api/v1/login", json={"login": account.login, "password": account.password})
    assert answer.status_code == 200, answer.text
    return own


def service_of(client: TestClient) -> Service:
    service: Service = client.app.state.service  # type: ignore[attr-defined]  # the application that was made above
    return service


def test_everybody_logs_in_and_need_change_no_password(
    demo: tuple[TestClient, tuple[DemoAccount, ...]],
) -> None:
    client, accounts = demo
    assert {account.role for account in accounts} == set(Role)
    for account in accounts:
        me = logged_in(client, account).get("/api/v1/me").json()
        assert (me["role"], me["unit_name"], me["must_change_password"]) == (account.role, account.unit, False)


def test_an_auditor_sees_all_matters_and_each_department_those_in_which_it_has_a_role(
    demo: tuple[TestClient, tuple[DemoAccount, ...]],
) -> None:
    client, accounts = demo
    auditor = next(account for account in accounts if account.role == Role.AUDITOR)
    every = logged_in(client, auditor).get("/api/v1/records").json()["items"]
    assert len(every) == len([file for folder in MATTERS for file in folder.glob("*.yaml")])
    assert all(record["made_up"] for record in every)
    for account in accounts:
        if account.role == Role.DEPARTMENT:
            own = logged_in(client, account).get("/api/v1/records").json()["items"]
            assert account.unit in {record["lead_unit"] for record in own}
            assert len(own) < len(every)


def test_the_districts_catalogue_is_published_and_some_of_its_entries_have_a_record(
    demo: tuple[TestClient, tuple[DemoAccount, ...]],
) -> None:
    client, accounts = demo
    auditor = logged_in(client, next(account for account in accounts if account.role == Role.AUDITOR))
    (listed,) = auditor.get("/api/v1/catalogues").json()["items"]
    assert (listed["made_up"], listed["flags"], listed["questions"]) == (True, 0, 0)
    status = auditor.get(f"/api/v1/catalogues/{listed['key']}/status").json()
    joined = {entry["entry"]: [record["id"] for record in entry["records"]] for entry in status["entries"]}
    assert status["without_record"] == ["01", "02", "03"]
    assert joined["meal-points"] == ["yunling-2026-02-meal-points"]
    assert {entry["lead_unit"] for entry in status["entries"]} <= {account.unit for account in accounts}
    assert status["unlisted"] == []


def test_what_is_loaded_is_not_loaded_again(demo: tuple[TestClient, tuple[DemoAccount, ...]]) -> None:
    service = service_of(demo[0])
    with service.database.reading() as session:
        assert is_loaded(session)
    with pytest.raises(StoreInUseError):
        load_demo(service)


def test_findings_are_listed_as_a_search_of_all_of_them_finds_them(demo: Demo) -> None:
    with district(demo) as (session, stored, reaches):
        seen = 0
        for who in reaches:
            for wanted in wanted_findings(stored):
                for led in {False, who.role is Role.DEPARTMENT}:
                    of_ones_own = stored.leads if led else stored.reads
                    fitting = [
                        one for one in stored.findings if stored.fits(wanted, one) and of_ones_own(who, one.record)
                    ]
                    expected = sorted(fitting, key=lambda one: (one.opened_at, one.key), reverse=True)
                    rows = paged(
                        lambda after, who=who, wanted=wanted, led=led: findings.listed(  # type: ignore[misc]
                            session, who, wanted, today=today(), after=after, limit=PAGE * 9, led=led
                        ),
                        newest,
                    )
                    assert [row.finding.key for row in rows] == [one.key for one in expected], (who.role, wanted, led)
                    for row in rows:
                        assert row.holds is stored.holds.get(row.finding.key)
                        assert row.waived_until == stored.waived_until(row.finding)
                    seen += len(rows)
        assert seen > 1000


def test_the_queue_and_its_counts_hold_what_may_be_decided(demo: Demo) -> None:
    with district(demo) as (session, stored, reaches):
        seen = 0
        for who in reaches:
            queue = Queue(who, stored.rulebook, today=today())
            for wanted in wanted_findings(stored):
                fitting = [one for one in stored.findings if stored.fits(wanted, one) and stored.decides(who, one)]
                expected = sorted(fitting, key=lambda one: (stored.place(one), one.opened_at, one.key))
                rows = paged(
                    lambda after, queue=queue, wanted=wanted: queue.listed(  # type: ignore[misc]
                        session, wanted, after=after, limit=PAGE * 9
                    ),
                    lambda row, queue=queue: (queue.place_of(row), *newest(row)),  # type: ignore[misc]
                )
                assert [row.finding.key for row in rows] == [one.key for one in expected], (who.role, wanted)
                places = Counter(stored.place(one) for one in fitting)
                counts = {gate: places[number] for number, gate in enumerate(GATES)}
                assert queue.counts(session, wanted) == counts, (who.role, wanted)
                seen += len(rows)
        assert seen > 1000


def test_records_are_listed_as_a_search_of_all_of_them_finds_them(demo: Demo) -> None:
    with district(demo) as (session, stored, reaches):
        named = next(unit.name for units in stored.units.values() for unit in units if unit.role != UnitRole.LEAD)
        filters = (
            RecordFilter(),
            *(RecordFilter(state=state) for state in RecordState),
            *(RecordFilter(compliant=truth) for truth in (True, False)),
            *(RecordFilter(unit=named, role=role) for role in (None, UnitRole.LEAD, UnitRole.JOINT)),
            RecordFilter(procedure="catalogue_entry"),
            RecordFilter(jurisdiction="CN-31", text="虚构", state=RecordState.OPEN),
        )
        seen = 0
        for who in reaches:
            for wanted in filters:
                fitting = [
                    record
                    for record in stored.records.values()
                    if stored.reads(who, record.key) and stored.fits_record(wanted, record)
                ]
                expected = sorted(fitting, key=lambda one: (one.created_at, one.key), reverse=True)
                rows = paged(
                    lambda after, who=who, wanted=wanted: reading.listed(  # type: ignore[misc]
                        session, who, wanted, after=after, limit=PAGE
                    ),
                    lambda row: (row[0].created_at, row[0].key),
                )
                assert [row.key for row, _ in rows] == [one.key for one in expected], (who.role, wanted)
                seen += len(rows)
        assert seen > 100


def test_waivers_are_listed_as_a_search_of_all_of_them_finds_them(demo: Demo) -> None:
    with district(demo) as (session, stored, reaches):
        seen = 0
        for who in reaches:
            for stands in (None, *WaiverStanding):
                fitting = [
                    one
                    for one in stored.waivers
                    if stored.reads(who, one.record)
                    and (stands is None or waivers.standing(one, today=today()) == stands)
                ]
                expected = sorted(fitting, key=lambda one: (one.applied_at, one.key), reverse=True)
                rows = paged(
                    lambda after, who=who, stands=stands: waivers.listed(  # type: ignore[misc]
                        session, who, WaiverFilter(standing=stands), today=today(), after=after, limit=PAGE
                    ),
                    lambda row: (row[0].applied_at, row[0].key),
                )
                assert [row.key for row, _ in rows] == [one.key for one in expected], (who.role, stands)
                seen += len(rows)
        assert seen > 100
