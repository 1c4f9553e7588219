"""What happens is told to whoever wants it and may read it: signed, at least once, and again until it has arrived."""

import asyncio
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select, update

from api import clock
from api.identity.roles import Role
from api.identity.tables import UnitName
from api.outbox.delivery import Courier, Sent
from api.outbox.tables import Delivery, Message, News, Sending
from tests.api.outbox.receiving import Receiver, receiving
from tests.api.permits import SHORT_NOTICE, somebody_else, submitted
from tests.api.serving import UNITS, Served

WEBHOOKS, DELIVERIES = "/api/v1/webhooks", "/api/v1/deliveries"

Deliver = Callable[[], Sent]


def unit_of(served: Served, name: str) -> str:
    with served.service.database.reading() as session:
        return session.exec(select(UnitName.unit).where(UnitName.name == name)).one()


def hooked(
    served: Served, receiver: Receiver, role: Role = Role.LEGAL_OFFICE, *, unit: str | None = None, **fields: object
) -> dict[str, Any]:
    """Let a unit be told; returns the webhook with its secret."""
    body = {"unit": unit or unit_of(served, UNITS[role]), "role": role.value, "url": receiver.url, **fields}
    answer = served.client(Role.ADMIN).post(WEBHOOKS, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def flagged(department: TestClient, own_id: str) -> str:
    key: str = submitted(department, own_id, notice=SHORT_NOTICE)["key"]
    return key


def delivery(served: Served, webhook: dict[str, Any], record: str) -> Delivery:
    """Return the one delivery about a record to a webhook."""
    with served.service.database.reading() as session:
        query = select(Delivery).join(Message).where(Delivery.webhook == webhook["webhook"]["key"])
        return session.exec(query.where(Message.record == record)).one()


def make_due(served: Served) -> None:
    """Let whatever waits be due now."""
    with served.service.database.writing() as session:
        session.execute(update(Delivery).values(next_at=clock.now()))


def test_a_new_flag_is_told_with_where_to_read_more_and_signed(
    served: Served, department: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    secret = hooked(served, receiver)["secret"]
    key = flagged(department, "told")
    assert deliver().failed == 0
    (came,) = receiver.about(key)
    said = json.loads(came.body)
    assert {name: said[name] for name in ("news", "record", "own_id", "card", "kind", "reason", "cause")} == {
        "news": "finding.opened",
        "record": key,
        "own_id": "told",
        "card": "PA-1",
        "kind": "flag",
        "reason": "too_short",
        "cause": "version",
    }
    assert said["url"] == f"http://127.0.0.1:8000/api/v1/records/{key}"
    assert "许可" not in came.body.decode()
    stamp, name = came.headers["webhook-timestamp"], came.headers["webhook-id"]
    content = f"{name}.{stamp}.".encode() + came.body
    own = hmac.new(b64decode(secret.removeprefix("whsec_")), content, sha256).digest()
    assert came.headers["webhook-signature"] == f"v1,{b64encode(own).decode()}"
    assert abs(int(stamp) - clock.now().timestamp()) < 60
    assert name == said["id"]


def test_only_those_are_told_who_may_read_the_record_and_want_such_news(
    served: Served, department: TestClient, deliver: Deliver
) -> None:
    somebody_else(served, "某区水务局(虚构)")
    with receiving() as ours, receiving() as others, receiving() as elsewhere, receiving() as choosy:
        hooked(served, ours, Role.DEPARTMENT)
        hooked(served, others, Role.DEPARTMENT, unit=unit_of(served, "某区水务局(虚构)"))
        somebody_else(served, "某市司法局(虚构)", role=Role.LEGAL_OFFICE, place="CN-33-QZ")
        hooked(served, elsewhere, Role.LEGAL_OFFICE, unit=unit_of(served, "某市司法局(虚构)"))
        hooked(served, choosy, Role.LEGAL_OFFICE, news=["due.passed"])
        key = flagged(department, "reach")
        deliver()
        assert [len(each.about(key)) for each in (ours, others, elsewhere, choosy)] == [1, 0, 0, 0]


def test_what_is_not_taken_is_tried_again_after_growing_pauses_then_given_up_and_sent_again_by_an_admin(
    served: Served, department: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    webhook = hooked(served, receiver)
    key = flagged(department, "dead")
    receiver.answers = [500, 503, 404]
    for tries, pause in ((1, 60), (2, 120)):
        deliver()
        row = delivery(served, webhook, key)
        assert (row.state, row.tries) == (Sending.WAITING, tries)
        assert timedelta(seconds=pause - 20) < row.next_at - clock.now() <= timedelta(seconds=pause)
        deliver()
        assert len(receiver.about(key)) == tries
        make_due(served)
    deliver()
    dead = admin.get(DELIVERIES, params={"state": "dead", "webhook": webhook["webhook"]["key"]}).json()["items"]
    assert [(each["tries"], each["failure"], each["next_at"]) for each in dead] == [(3, "status 404", None)]
    make_due(served)
    deliver()
    assert len(receiver.about(key)) == 3
    again = admin.post(f"{DELIVERIES}/{dead[0]['key']}/resending")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    deliver()
    assert delivery(served, webhook, key).state is Sending.DELIVERED
    assert len({each.headers["webhook-id"] for each in receiver.about(key)}) == 1


def test_a_link_to_elsewhere_is_not_followed(
    served: Served, department: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    webhook = hooked(served, receiver)
    receiver.answers = [302, 307]
    key = flagged(department, "moved")
    deliver()
    assert {each.path for each in receiver.came} == {"/hook"}
    assert delivery(served, webhook, key).failure == "status 302"


def test_a_receiver_that_is_gone_is_told_no_more_and_an_ended_webhook_gets_not_even_what_waits(
    served: Served, department: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    webhook = hooked(served, receiver)
    receiver.answers = [410]
    gone, waiting = flagged(department, "gone"), ""
    deliver()
    assert delivery(served, webhook, gone).state is Sending.DEAD
    receiver.answers = [500]
    waiting = flagged(department, "waiting")
    deliver()
    assert admin.delete(f"{WEBHOOKS}/{webhook['webhook']['key']}").status_code == 204
    make_due(served)
    deliver()
    row = delivery(served, webhook, waiting)
    assert (row.state, len(receiver.about(waiting))) == (Sending.DROPPED, 1)
    assert admin.post(f"{DELIVERIES}/{row.key}/resending").status_code == 409
    assert admin.delete(f"{WEBHOOKS}/{webhook['webhook']['key']}").status_code == 404


def test_several_couriers_at_once_send_each_message_once(
    served: Served, department: TestClient, receiver: Receiver
) -> None:
    hooked(served, receiver)
    keys = [flagged(department, f"many-{number}") for number in range(12)]
    service = served.service

    async def together() -> None:
        couriers = [Courier(service.database, service.rulebooks, service.settings) for _ in range(3)]
        await asyncio.gather(*(courier.deliver() for courier in couriers))

    asyncio.run(together())
    assert [len(receiver.about(key)) for key in keys] == [1] * 12


def test_a_receiver_that_does_not_answer_in_time_is_not_waited_for(
    served: Served, department: TestClient, receiver: Receiver
) -> None:
    webhook = hooked(served, receiver)
    receiver.held = Event()
    key = flagged(department, "slow")
    service = served.service
    settings = service.settings.model_copy(update={"delivery_seconds": 0.2})
    asyncio.run(Courier(service.database, service.rulebooks, settings).deliver())
    row = delivery(served, webhook, key)
    assert (row.state, row.failure) == (Sending.WAITING, "no answer in time")


def test_the_secret_is_told_once_and_never_listed(served: Served, admin: TestClient, receiver: Receiver) -> None:
    made = hooked(served, receiver)
    listed = admin.get(WEBHOOKS).json()["items"]
    assert made["webhook"] in listed
    assert made["secret"] not in admin.get(WEBHOOKS).text


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("http://other.example.gov.cn.evil.com/", "http:// to a host that is not inside the own network"),
        ("https://evil.com/", "a host that is not listed in DUECOURSE_WEBHOOK_HOSTS"),
        ("ftp://oa.example.gov.cn/", "not an address that begins with https://"),
        ("https://user:secret@oa.example.gov.cn/", "an address with a login in it"),
        ("https://oa.example.gov.cn/\nX: y", "an address with characters that are not allowed in it"),
        ("https:///path", "not an address that begins with https://"),
        ("https://[::1", "not an address that begins with https://"),
    ],
)
def test_an_address_that_webhooks_may_not_go_to_is_refused(
    served: Served, admin: TestClient, url: str, given: str
) -> None:
    body = {"unit": unit_of(served, UNITS[Role.LEGAL_OFFICE]), "role": "legal_office", "url": url}
    answer = admin.post(WEBHOOKS, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "webhook_host")
    assert answer.json()["problems"][0]["given"] == given


def test_nobody_is_told_as_an_auditor_or_for_a_unit_that_is_not_there(served: Served, admin: TestClient) -> None:
    url = "https://oa.example.gov.cn/"
    unit = unit_of(served, UNITS[Role.AUDITOR])
    assert admin.post(WEBHOOKS, json={"unit": unit, "role": "auditor", "url": url}).json()["code"] == "webhook_role"
    assert admin.post(WEBHOOKS, json={"unit": "x" * 26, "role": "department", "url": url}).status_code == 404


def test_deliveries_are_listed_in_pages_and_as_a_table(
    served: Served, department: TestClient, admin: TestClient, receiver: Receiver, deliver: Deliver
) -> None:
    hooked(served, receiver)
    for number in range(4):
        flagged(department, f"paged-{number}")
    deliver()
    first = admin.get(DELIVERIES, params={"limit": 2}).json()
    rest = admin.get(DELIVERIES, params={"limit": 2, "cursor": first["next"]}).json()
    keys = [each["key"] for each in (*first["items"], *rest["items"])]
    assert len(set(keys)) == 4
    table = admin.get(DELIVERIES, params={"format": "csv"})
    assert all(key in table.text for key in keys)
    with served.service.database.reading() as session:
        newest = session.exec(select(Delivery.key).order_by(col(Delivery.at).desc(), col(Delivery.key).desc())).all()
    assert keys == list(newest[:4])
    assert News.FINDING_OPENED.en in table.text
