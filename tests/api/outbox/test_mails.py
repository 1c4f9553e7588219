"""Mail goes to whoever wants it, in their language; it tells no more than where to look."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from api import clock
from api.identity.accounts import erase_account
from api.identity.roles import Role
from api.outbox.delivery import Sent
from api.outbox.tables import Delivery, Message, Sending, Subscription
from tests.api.outbox.receiving import Mailbox
from tests.api.permits import SHORT_NOTICE, somebody_else, submitted
from tests.api.serving import Served

SUBSCRIPTIONS = "/api/v1/subscriptions"

Deliver = Callable[[], Sent]


@pytest.fixture(autouse=True)
def nobody_else(served: Served, box: Mailbox) -> None:
    """Let nobody but the test's own have mail."""
    box.came.clear()
    with served.service.database.writing() as session:
        for row in session.exec(select(Subscription)):
            row.ended_at = clock.now()
            session.add(row)


def subscribed(client: TestClient, address: str, **fields: object) -> dict[str, Any]:
    answer = client.post(SUBSCRIPTIONS, json={"address": address, **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def deliveries(served: Served, subscription: dict[str, Any]) -> list[Delivery]:
    with served.service.database.reading() as session:
        return list(session.exec(select(Delivery).where(Delivery.subscription == subscription["key"])))


def test_several_things_come_in_one_mail_in_the_language_that_is_wanted(
    department: TestClient, legal_office: TestClient, box: Mailbox, deliver: Deliver
) -> None:
    subscribed(department, "zh@example.gov.cn")
    subscribed(legal_office, "en@example.gov.cn", own=False, language="en")
    keys = [submitted(department, own_id, notice=SHORT_NOTICE)["key"] for own_id in ("mail-1", "mail-2")]
    assert deliver().failed == 0
    (chinese,), (english,) = box.to("zh@example.gov.cn"), box.to("en@example.gov.cn")
    assert chinese["Subject"] == "[循程] 2 项提醒"
    assert english["Subject"] == "[DueCourse] 2 to look at"
    assert (chinese["Auto-Submitted"], chinese["From"]) == ("auto-generated", "duecourse@localhost")
    text = chinese.get_content()
    assert "新增发现: mail-1,标记,PA-1 公示不少于10日" in text
    assert "new finding: mail-2, flag, PA-1 the notice lasts 10 days or more" in english.get_content()
    assert all(f"http://127.0.0.1:8000/api/v1/records/{key}" in text for key in keys)
    for private in ("许可mail-1", "某区住房局"):
        assert private not in text
    assert deliver() == Sent(arrived=0, failed=0)


def test_an_address_that_is_not_taken_is_tried_again_and_not_written_down(
    served: Served, department: TestClient, box: Mailbox, deliver: Deliver
) -> None:
    made = subscribed(department, "nobody@example.gov.cn")
    box.refused.add("nobody@example.gov.cn")
    submitted(department, "refused", notice=SHORT_NOTICE)
    assert deliver().failed == 1
    (row,) = deliveries(served, made)
    assert (row.state, row.tries, row.failure) == (Sending.WAITING, 1, "SMTPRecipientsRefused 550")


def test_who_ends_a_subscription_gets_no_more_and_the_address_is_forgotten(
    served: Served, department: TestClient, legal_office: TestClient, box: Mailbox, deliver: Deliver
) -> None:
    made = subscribed(department, "ended@example.gov.cn")
    submitted(department, "ended", notice=SHORT_NOTICE)
    assert legal_office.delete(f"{SUBSCRIPTIONS}/{made['key']}").status_code == 404
    assert department.delete(f"{SUBSCRIPTIONS}/{made['key']}").status_code == 204
    assert department.delete(f"{SUBSCRIPTIONS}/{made['key']}").status_code == 404
    deliver()
    assert box.to("ended@example.gov.cn") == []
    with served.service.database.reading() as session:
        assert session.get_one(Subscription, made["key"]).address is None


def test_one_sees_ones_own_and_the_units_and_nobody_elses(served: Served, department: TestClient) -> None:
    colleague = somebody_else(served, "某区水务局(虚构)")
    own = subscribed(department, "own@example.gov.cn")
    unit = subscribed(department, "unit@example.gov.cn", own=False)
    theirs = subscribed(colleague, "theirs@example.gov.cn")
    assert {each["key"] for each in department.get(SUBSCRIPTIONS).json()["items"]} == {own["key"], unit["key"]}
    assert {each["key"] for each in colleague.get(SUBSCRIPTIONS).json()["items"]} == {theirs["key"]}


def test_an_account_that_is_erased_or_disabled_has_no_more_mail(
    served: Served, department: TestClient, box: Mailbox, deliver: Deliver
) -> None:
    client = somebody_else(served, "某区民政局(虚构)", role=Role.LEGAL_OFFICE)
    made = subscribed(client, "erased@example.gov.cn")
    submitted(department, "before", notice=SHORT_NOTICE)
    with served.service.database.writing() as session:
        account = session.get_one(Subscription, made["key"]).account
        assert account is not None
        erase_account(session, account, at=clock.now(), actor="test")
    submitted(department, "after", notice=SHORT_NOTICE)
    deliver()
    assert box.to("erased@example.gov.cn") == []
    with served.service.database.reading() as session:
        assert session.get_one(Subscription, made["key"]).address is None
        assert session.exec(select(Message).where(col(Message.spread_at).is_(None))).first() is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("a@elsewhere.com", "mail_domain"),
        ("no-address", "invalid_value"),
        ("a@example.gov.cn\nBcc: b@example.gov.cn", "invalid_value"),
        ("a b@example.gov.cn", "invalid_value"),
        ("<a@example.gov.cn>", "invalid_value"),
        ("", "invalid_value"),
    ],
)
def test_an_address_that_is_none_or_not_allowed_is_refused(department: TestClient, address: str, code: str) -> None:
    answer = department.post(SUBSCRIPTIONS, json={"address": address})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
