"""A load generator that costs little: connections that are kept, requests written beforehand, answers read by length.

What it could make of a server that does nothing shows whether it is the server that is measured.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from time import perf_counter
from typing import Final
from urllib.parse import urlsplit

LENGTH: Final = b"content-length:"
END: Final = b"\r\n\r\n"


class WrongAnswerError(Exception):
    """The server answered something else than 2xx, or not at all."""

    def __init__(self, *, given: str) -> None:
        """Keep the beginning of the answer."""
        super().__init__(f"given {given!r}; expected an answer 2xx; look into the log of the server")
        self.given = given


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a run: how many requests were answered in how many seconds, and how long each took, in order."""

    seconds: float
    times: tuple[float, ...]
    received: int
    """How many bytes were received."""

    @property
    def rate(self) -> float:
        """Return how many requests were answered in a second."""
        return len(self.times) / self.seconds


def request_bytes(
    address: str, path: str, *, method: str = "GET", token: str | None = None, body: bytes = b"", media: str = ""
) -> bytes:
    """Write a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"host: {urlsplit(address).netloc}", "accept: application/json"]
    if token:
        lines.append(f"authorization: Bearer {token}")
    if body or method != "GET":
        lines += [f"content-type: {media}", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Connection(asyncio.Protocol):
    """Sends the next request when the one before is answered."""

    def __init__(self, run: "_Run") -> None:
        self._run = run
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._awaited = -1
        self._begun = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a connection over TCP
        self._transport = transport
        self._send()

    def _send(self) -> None:
        request = self._run.next_request()
        if request is None or self._transport is None:
            self.close()
            return
        self._begun = perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take what has come; when the answer is whole, go on."""
        buffer = self._buffer
        buffer += data
        if self._awaited < 0:
            end = buffer.find(END)
            if end < 0:
                return
            self._awaited = end + len(END) + self._length(bytes(buffer[:end]))
        if len(buffer) >= self._awaited:
            self._run.answered(perf_counter() - self._begun, self._awaited)
            buffer.clear()
            self._awaited = -1
            self._send()

    def _length(self, head: bytes) -> int:
        if head[9:10] != b"2":
            self._run.fail(WrongAnswerError(given=head[:200].decode("latin-1")))
        lowered = head.lower()
        at = lowered.find(LENGTH)
        if at < 0:
            self._run.fail(WrongAnswerError(given="an answer without its length"))
            return 0
        line = lowered[at + len(LENGTH) :].split(b"\r", 1)[0]
        return int(line)

    def connection_lost(self, error: Exception | None) -> None:
        """Note that it has ended."""
        del error
        self._run.ended()

    def close(self) -> None:
        """End."""
        if self._transport is not None:
            self._transport.close()


class _Run:
    """Some connections that share requests until the time is over."""

    def __init__(self, requests: Sequence[bytes], *, connections: int, seconds: float, most: int | None) -> None:
        self._requests = cycle(requests)
        self._left = most
        self._until = perf_counter() + seconds
        self._open = connections
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.times: list[float] = []
        self.received = 0

    def next_request(self) -> bytes | None:
        if perf_counter() >= self._until or self._left == 0:
            return None
        if self._left is not None:
            self._left -= 1
        return next(self._requests)

    def answered(self, seconds: float, size: int) -> None:
        self.times.append(seconds)
        self.received += size

    def fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)

    def ended(self) -> None:
        self._open -= 1
        if self._open == 0 and not self.done.done():
            self.done.set_result(None)


def load(
    address: str,
    requests: Sequence[bytes],
    *,
    connections: int,
    seconds: float = 3600,
    most: int | None = None,
) -> Ran:
    """Send requests, one after the other over each connection, for some seconds or so many of them.

    Raises `WrongAnswerError`.
    """
    return asyncio.run(_load(address, requests, connections=connections, seconds=seconds, most=most))


async def _load(address: str, requests: Sequence[bytes], *, connections: int, seconds: float, most: int | None) -> Ran:
    host, _, port = urlsplit(address).netloc.partition(":")
    loop, begun = asyncio.get_running_loop(), perf_counter()
    run = _Run(requests, connections=connections, seconds=seconds, most=most)
    await asyncio.gather(
        *(loop.create_connection(lambda: _Connection(run), host, int(port)) for _ in range(connections))
    )
    await run.done
    return Ran(perf_counter() - begun, tuple(run.times), run.received)


class _Echo(asyncio.Protocol):
    """Answers whatever comes with the same bytes, to see what the generator alone can do."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a connection over TCP
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        del data
        self._transport.write(self._answer)


def serve_echo(port: int, size: int) -> None:
    """Answer every request with so many bytes, until the process ends."""

    async def serve() -> None:
        answer = f"HTTP/1.1 200 OK\r\ncontent-length: {size}\r\n\r\n".encode() + b"x" * size
        server = await asyncio.get_running_loop().create_server(lambda: _Echo(answer), "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(serve())
