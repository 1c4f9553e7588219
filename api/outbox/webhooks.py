"""How a message goes to a webhook: as JSON by POST, signed; nothing is followed, and nothing of the answer is read."""

import asyncio
import ssl
from typing import Final

import httpcore2

from api import clock
from api.outbox.hosts import GuardedNetwork, HostRefusedError, Hosts
from api.outbox.parcels import Note, Parcel
from api.outbox.signing import signed_headers
from api.outbox.tables import Webhook
from api.store.types import JSON, canonical_json, utc_text

AGENT: Final = "DueCourse"
_UNREACHED: Final = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    OSError,
)
_NO_ANSWER: Final = "no answer in time"
_STATUS: Final = "status"
_OK: Final = range(200, 300)
_GONE: Final = 410


class NotTakenError(Exception):
    """A receiver has not taken what was sent. `final`: it says that it never will."""

    def __init__(self, what: str, code: int | None = None, *, final: bool = False) -> None:
        """Keep what is noted of it, which names neither address nor content."""
        self.failure = what if code is None else f"{what} {code}"
        super().__init__(self.failure)
        self.final = final


class WebhookSender:
    """Sends messages to webhooks."""

    def __init__(self, hosts: Hosts, *, public_url: str, seconds: float, context: ssl.SSLContext) -> None:
        """Take where they may go, how long one may take in all, and by which authorities TLS is trusted."""
        self._hosts, self._public_url, self._seconds = hosts, public_url.rstrip("/"), seconds
        self._context = context

    async def send(self, parcel: Parcel, to: Webhook) -> None:
        """Send the message of a parcel; raises `NotTakenError`."""
        (note,) = parcel.notes
        body = canonical_json(self.said(note)).encode()
        signed = signed_headers(to.secret, key=note.message.key, at=clock.now(), body=body)
        headers = {"Content-Type": "application/json", "User-Agent": AGENT} | signed
        try:
            self._hosts.checked(to.url)
            async with asyncio.timeout(self._seconds):
                status = await self._posted(to.url, headers, body)
        except HostRefusedError as error:
            raise NotTakenError(str(error)) from None
        except TimeoutError:
            raise NotTakenError(_NO_ANSWER) from None
        except _UNREACHED as error:
            raise NotTakenError(type(error).__name__) from None
        if status not in _OK:
            raise NotTakenError(_STATUS, status, final=status == _GONE)

    def said(self, note: Note) -> dict[str, JSON]:
        """Say what happened, with the address under which more is to be read."""
        message = note.message
        return {
            "id": message.key,
            "news": message.news.value,
            "at": utc_text(message.at),
            "record": message.record,
            "own_id": note.own_id,
            "url": f"{self._public_url}/api/v1/records/{message.record}",
            "subject": message.subject,
            **message.content,
        }

    async def _posted(self, url: str, headers: dict[str, str], body: bytes) -> int:
        async with (
            httpcore2.AsyncConnectionPool(
                ssl_context=self._context, network_backend=GuardedNetwork(self._hosts)
            ) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=body) as response,
        ):
            return int(response.status)
