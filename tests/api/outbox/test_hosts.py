"""Webhooks go outside, or to hosts that the operator lists; a name that leads inside by its address does not help."""

import asyncio
import ssl
from datetime import UTC, datetime

import pytest

from api.outbox.hosts import GuardedNetwork, HostFault, HostRefusedError, Hosts, is_outside
from api.outbox.parcels import Note, Parcel
from api.outbox.signing import new_secret
from api.outbox.tables import Message, News, Webhook
from api.outbox.webhooks import NotTakenError, WebhookSender
from tests.api.outbox.receiving import receiving

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - refused
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("ff02::1", False),
    ],
)
def test_only_what_anybody_can_reach_is_outside(address: str, outside: bool) -> None:  # noqa: FBT001 - a column
    assert is_outside(address) is outside


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1"])
def test_a_name_or_number_that_leads_inside_is_not_connected_to(host: str) -> None:
    with receiving() as receiver:
        network = GuardedNetwork(Hosts(listed=(), private=False))
        with pytest.raises(HostRefusedError) as refused:
            asyncio.run(network.connect_tcp(host, receiver.port, timeout=5))
        assert refused.value.fault in {HostFault.INSIDE, HostFault.UNKNOWN}


def test_a_host_that_is_listed_may_lie_inside_and_one_that_is_not_may_not() -> None:
    hosts = Hosts(listed=("127.0.0.1", "*.gov.cn"), private=False)
    assert hosts.checked("http://127.0.0.1:8080/a").hostname == "127.0.0.1"
    assert hosts.checked("https://oa.example.gov.cn/a").hostname == "oa.example.gov.cn"
    for url in ("https://gov.cn/", "https://gov.cn.evil.com/", "https://127.0.0.2/"):
        with pytest.raises(HostRefusedError) as refused:
            hosts.checked(url)
        assert refused.value.fault is HostFault.UNLISTED


def test_what_waits_at_delivery_is_refused_too_and_told_without_an_address() -> None:
    """Between making a webhook and sending to it, the settings or what a name means may have changed."""
    with receiving() as receiver:
        sender = WebhookSender(
            Hosts(listed=(), private=False), public_url="http://x", seconds=5, context=ssl.create_default_context()
        )
        for url in (receiver.url, f"https://localhost:{receiver.port}/"):
            with pytest.raises(NotTakenError) as error:
                asyncio.run(sender.send(*parcel(url)))
            assert "127" not in error.value.failure
        assert receiver.came == []


def test_tls_is_held_to_the_name_that_was_given() -> None:
    with receiving() as receiver:
        sender = WebhookSender(
            Hosts(listed=("localhost",), private=False),
            public_url="http://x",
            seconds=5,
            context=ssl.create_default_context(),
        )
        with pytest.raises(NotTakenError) as error:
            asyncio.run(sender.send(*parcel(f"https://localhost:{receiver.port}/")))
        assert error.value.failure in {"ConnectError", "ReadError"}


def parcel(url: str) -> tuple[Parcel, Webhook]:
    webhook = Webhook(
        key="w", unit="u", role="department", url=url, secret=new_secret(), news=[], kinds=[], created_at=AT, by="a"
    )
    message = Message(key="m", news=News.DUE_SOON, at=AT, record="r", subject="s", content={})
    return Parcel(("d",), webhook, (Note(message, "own"),), tries=1), webhook
