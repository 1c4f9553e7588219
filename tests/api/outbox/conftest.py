"""The service with the permits and with receivers, one for each database, shared by the tests of a module."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from api.outbox.delivery import Courier, Sent
from tests.api.conftest import DATABASES, FreshDatabase
from tests.api.outbox.receiving import HERE, Mailbox, Receiver, mailbox, receiving
from tests.api.permits import in_calendar_days, permit_rules
from tests.api.serving import Served, serve


@pytest.fixture(scope="module")
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture(scope="module", params=DATABASES)
def served(
    request: pytest.FixtureRequest,
    fresh_database: FreshDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    box: Mailbox,
) -> Iterator[Served]:
    """Run the service; it sends nothing by itself, so that each test says when."""
    kind: str = request.param
    rules = in_calendar_days(permit_rules(tmp_path_factory.mktemp("rules")))
    settings = {
        "rules": rules,
        "webhook_hosts": f"{HERE}, *.example.gov.cn",
        "smtp_host": HERE,
        "smtp_port": box.port,
        "smtp_starttls": False,
        "mail_domains": "example.gov.cn",
        "delivery_seconds": 5,
        "delivery_tries": 3,
        "outbox_seconds": 86_400,
    }
    with serve(fresh_database(kind), tmp_path_factory.mktemp("var"), **settings) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def deliver(served: Served) -> Callable[[], Sent]:
    """Give what sends once all that is to be sent."""
    service = served.service

    def once() -> Sent:
        return asyncio.run(Courier(service.database, service.rulebooks, service.settings).deliver())

    return once
