"""A process that is killed while it sends loses nothing, and nobody sends the same meanwhile."""

import os
import signal
import subprocess
import sys
from threading import Event

from sqlmodel import col, select, update

from api import clock
from api.identity.roles import Role
from api.outbox.tables import Delivery, Sending
from tests.api.outbox.receiving import HERE, Receiver
from tests.api.outbox.test_webhooks import Deliver, delivery, flagged, hooked
from tests.api.serving import Served
from tests.conftest import ROOT


def test_what_was_on_its_way_when_its_process_was_killed_is_sent_again_by_the_next(
    served: Served, receiver: Receiver, deliver: Deliver
) -> None:
    webhook, key = hooked(served, receiver), flagged(served.client(Role.DEPARTMENT), "killed")
    receiver.held = Event()
    with sending(served) as process:
        assert receiver.arrived.acquire(timeout=60)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    row = delivery(served, webhook, key)
    assert (row.state, row.tries) == (Sending.WAITING, 1)
    receiver.held.set()
    receiver.held = None
    assert deliver().arrived == 0
    assert len(receiver.about(key)) == 1
    with served.service.database.writing() as session:
        session.execute(update(Delivery).where(col(Delivery.key) == row.key).values(next_at=clock.now()))
    assert deliver().arrived == 1
    first, second = receiver.about(key)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    with served.service.database.reading() as session:
        assert session.exec(select(Delivery.state).where(Delivery.key == row.key)).one() is Sending.DELIVERED


def sending(served: Served) -> subprocess.Popen[bytes]:
    """Run `duecourse deliver` as a process of its own."""
    settings = served.service.settings
    environment = os.environ | {
        "DUECOURSE_DATABASE": settings.database,
        "DUECOURSE_VAR": str(settings.var),
        "DUECOURSE_RULES": str(settings.rules),
        "DUECOURSE_WEBHOOK_HOSTS": HERE,
        "DUECOURSE_DELIVERY_SECONDS": "60",
    }
    command = [sys.executable, "-m", "api.cli.app", "deliver"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
