"""The server by itself: it sends what waits, judges anew by a rulebook that is activated, and as days pass."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select, update

from api import clock
from api.errands.forgetting import forget_messages
from api.identity.roles import Role
from api.judging.archives import pack
from api.judging.tables import Judgement
from api.outbox.tables import Delivery, Message
from tests.api.outbox.receiving import receiving
from tests.api.outbox.test_webhooks import flagged, hooked
from tests.api.permits import LONG_NOTICE, submitted
from tests.api.serving import Served

REEVALUATIONS, RULEBOOKS = "/api/v1/reevaluations", "/api/v1/rulebooks"
PATIENCE = 30


def waited_for(found: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is found
    until = time.monotonic() + PATIENCE
    while not (result := found()):
        assert time.monotonic() < until
        time.sleep(0.05)
    return result


def test_it_sends_what_waits_and_forgets_it_long_after(served: Served) -> None:
    with receiving() as receiver:
        hooked(served, receiver)
        key = flagged(served.client(Role.DEPARTMENT), "bg-1")
        assert len(waited_for(lambda: receiver.about(key))) == 1
    database = served.service.database

    def delivered() -> bool:
        with database.reading() as session:
            return session.exec(select(Delivery.ended_at)).one() is not None

    waited_for(delivered)
    assert forget_messages(database, days=1) == 0
    with database.writing() as session:
        session.execute(update(Message).values(at=clock.now() - timedelta(days=3)))
    assert forget_messages(database, days=1) == 1
    with database.reading() as session:
        assert session.exec(select(Message.key)).first() is session.exec(select(Delivery.key)).first() is None


def test_a_rulebook_that_is_handed_in_and_activated_is_what_all_records_are_judged_by(
    served: Served, rules: Path
) -> None:
    department, admin = served.client(Role.DEPARTMENT), served.client(Role.ADMIN)
    key = submitted(department, "bg-2", notice=LONG_NOTICE)["key"]
    path = rules / "parameters" / "notice_days.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 10", "value: 30"), encoding="utf-8")
    added = admin.post(RULEBOOKS, content=pack(rules), headers={"Content-Type": "application/zip"})
    assert (added.status_code, added.json()["active"]) == (201, False)
    digest = added.json()["digest"]
    assert department.get(f"{RULEBOOKS}/{digest}").json() == added.json()
    activated = admin.post(f"{RULEBOOKS}/{digest}/activation")
    assert (activated.status_code, activated.json()["active"]) == (200, True)
    assert [each["active"] for each in admin.get(RULEBOOKS).json()["items"]] == [True, False]
    report = waited_for(lambda: done(served, digest))
    assert (report["judged"], report["changed"], report["unread"]) == (1, 1, 0)
    changes = department.get(f"{REEVALUATIONS}/{report['key']}/changes").json()["items"]
    assert changes == [
        {
            "record": key,
            "own_id": "bg-2",
            "card": "PA-1",
            "before": "satisfied",
            "after": "violated",
            "cause": "rulebook",
        }
    ]
    assert "another rulebook" in department.get(f"{REEVALUATIONS}/{report['key']}/changes?format=csv").text
    assert "bg-2" not in served.client(Role.ADMIN).get(REEVALUATIONS, params={"format": "csv"}).text
    status = department.get(f"/api/v1/records/{key}/status").json()
    assert (status["rulebook"], status["compliant"]) == (digest, False)


def done(served: Served, digest: str) -> dict[str, Any] | None:
    reports = served.client(Role.AUDITOR).get(REEVALUATIONS).json()["items"]
    ended: dict[str, Any] | None = next(
        (each for each in reports if each["rulebook"] == digest and each["ended_at"] is not None), None
    )
    return ended


def test_what_is_not_judged_for_today_is_judged_anew_when_it_is_time_or_an_admin_asks(served: Served) -> None:
    key = submitted(served.client(Role.DEPARTMENT), "bg-3", application={"received": "2024-03-01"})["key"]
    database = served.service.database
    with database.writing() as session:
        session.execute(update(Judgement).values(as_of=clock.today() - timedelta(days=1)))
    asked = served.client(Role.ADMIN).post(REEVALUATIONS)
    assert (asked.status_code, asked.json()) == (202, {"reports": REEVALUATIONS})

    def today() -> bool:
        with database.reading() as session:
            return session.get_one(Judgement, key).as_of == clock.today()

    waited_for(today)


def test_what_is_no_rulebook_is_refused_and_kept_nowhere(served: Served, rules: Path) -> None:
    admin = served.client(Role.ADMIN)
    headers = {"Content-Type": "application/zip"}
    assert admin.post(RULEBOOKS, content=b"PK", headers=headers).json()["code"] == "bad_archive"
    (rules / "cards" / "PA-1.yaml").unlink()
    (rules / "procedures" / "permit.yaml").write_text("id: permit\n", encoding="utf-8")
    assert admin.post(RULEBOOKS, content=pack(rules), headers=headers).status_code == 422
    assert admin.post(RULEBOOKS, content=b"{}", headers={"Content-Type": "application/json"}).status_code == 415
    assert admin.post(f"{RULEBOOKS}/{'0' * 64}/activation").status_code == 404
    assert len(admin.get(RULEBOOKS).json()["items"]) == 1
