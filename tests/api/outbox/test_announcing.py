"""What is entered into the outbox, with the change itself: findings that move, days that come near and pass."""

from datetime import timedelta

from fastapi.testclient import TestClient
from sqlmodel import col, select

from api import clock
from api.errands.reminding import remind_all
from api.identity.roles import Role
from api.outbox.tables import DueDay, DueKind, Message, News
from tests.api.flags import DECIDED, EXAMINED, colleague, decide, flag, hand_in, in_days, matter
from tests.api.permits import LONG_NOTICE, SHORT_NOTICE, permit, submitted
from tests.api.serving import UNITS, Served

TODAY = clock.today()
WAIVERS = "/api/v1/waivers"


def news(served: Served, record: str) -> list[tuple[News, str | None]]:
    """Return what was entered about a record, with the card that it is about."""
    with served.service.database.reading() as session:
        query = select(Message).where(Message.record == record).order_by(col(Message.at), col(Message.news))
        return [(message.news, message.content.get("card")) for message in session.exec(query)]


def test_a_finding_is_told_when_it_opens_when_it_is_mended_and_when_it_is_back(
    served: Served, department: TestClient
) -> None:
    record = submitted(department, "an-1", notice=SHORT_NOTICE)
    hand_in(department, record, notice=LONG_NOTICE)
    hand_in(department, record, notice=SHORT_NOTICE)
    about = [what for what, card in news(served, record["key"]) if card == "PA-1"]
    assert about == [News.FINDING_OPENED, News.FINDING_RECTIFIED, News.FINDING_REOPENED]


def test_a_change_that_is_refused_tells_nothing(served: Served, department: TestClient) -> None:
    before = total(served)
    assert department.post("/api/v1/records", json=permit("an-2", jurisdiction="CN-33-QZ")).status_code == 403
    assert total(served) == before


def total(served: Served) -> int:
    with served.service.database.reading() as session:
        return len(session.exec(select(Message.key)).all())


def test_a_deadline_that_is_near_is_told_at_once_and_once(served: Served, department: TestClient) -> None:
    received = (TODAY - timedelta(days=15)).isoformat()
    record = submitted(department, "an-3", application={"received": received})
    assert news(served, record["key"]) == [(News.DUE_SOON, "PA-3")]
    hand_in(department, record, application={"received": received}, notice={"opened": {"planned": in_days(50)}})
    remind_all(served.service.database, today=TODAY)
    assert news(served, record["key"]) == [(News.DUE_SOON, "PA-3")]
    earlier = (TODAY - timedelta(days=16)).isoformat()
    hand_in(department, record, application={"received": earlier})
    assert news(served, record["key"]).count((News.DUE_SOON, "PA-3")) == 2


def test_what_is_overdue_when_it_is_told_first_is_told_as_overdue(served: Served, department: TestClient) -> None:
    record = submitted(department, "an-4", application={"received": "2024-03-01"})
    assert news(served, record["key"]) == [(News.DUE_PASSED, "PA-3")]


def test_a_step_is_due_soon_where_its_gate_is_near(served: Served, department: TestClient) -> None:
    record = submitted(department, "an-5", decision={"decided": {"planned": in_days(5)}})
    assert news(served, record["key"]) == [(News.DUE_SOON, None)]
    with served.service.database.reading() as session:
        message = session.exec(select(Message).where(Message.record == record["key"])).one()
    assert message.content == {"due_kind": "gate", "due": None, "card": None, "step": "examination"}


def test_a_rectification_is_told_when_it_is_ordered_when_its_day_is_near_and_when_that_has_passed(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    record = matter(department, "an-6")
    assert decide(legal_office, flag(department, record), "order", reason="虚构", due=in_days(30)).status_code == 201
    database, key = served.service.database, record["key"]
    opened = len(news(served, key)) - 1
    for days, expected in ((22, []), (23, [News.DUE_SOON]), (30, []), (31, [News.DUE_PASSED]), (40, [])):
        before = len(news(served, key))
        remind_all(database, today=TODAY + timedelta(days=days))
        assert [what for what, _ in news(served, key)[before:]] == expected
    assert news(served, key)[opened] == (News.RECTIFICATION_ORDERED, "PA-1")


def test_a_rectification_that_is_done_is_waited_for_no_more(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    record = matter(department, "an-7")
    decide(legal_office, flag(department, record), "order", reason="虚构", due=in_days(3))
    hand_in(department, record, notice=LONG_NOTICE, examination=EXAMINED, decision=DECIDED)
    before = news(served, record["key"])
    remind_all(served.service.database, today=TODAY + timedelta(days=9))
    assert news(served, record["key"]) == before


def test_a_waiver_is_told_when_its_end_is_near_and_no_more_once_it_is_reopened(
    served: Served, department: TestClient, legal_office: TestClient
) -> None:
    record = matter(department, "an-8")
    applied = legal_office.post(
        WAIVERS,
        json={
            "finding": flag(department, record)["key"],
            "version": 1,
            "scope": "finding",
            "reason": "虚构",
            "since": in_days(0),
            "until": in_days(30),
        },
    )
    assert applied.status_code == 201, applied.text
    second = colleague(served, UNITS[Role.LEGAL_OFFICE], role=Role.LEGAL_OFFICE)
    approved = second.post(f"{WAIVERS}/{applied.json()['key']}/approve", json={"reason": "虚构"})
    assert approved.status_code == 200, approved.text
    before = len(news(served, record["key"]))
    remind_all(served.service.database, today=TODAY + timedelta(days=25))
    assert [what for what, _ in news(served, record["key"])[before:]] == [News.DUE_SOON]
    hand_in(department, record, notice={**SHORT_NOTICE, "note": "虚构"}, decision=DECIDED)
    with served.service.database.reading() as session:
        kept = select(DueDay).where(DueDay.record == record["key"], DueDay.kind == DueKind.WAIVER)
        assert session.exec(kept).one().ended_at is not None
