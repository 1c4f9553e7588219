"""Receivers on real sockets: somebody who takes webhooks, and somebody who takes mail."""

import email
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """One request that came: to which address, with which headers and body."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Takes webhooks. `answers`: the statuses of the next answers, then 200; `held`: nobody is answered meanwhile."""

    port: int
    came: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    held: threading.Event | None = None
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def url(self) -> str:
        return f"http://{HERE}:{self.port}/hook"

    def about(self, record: str) -> list[Received]:
        """Return what came about a record."""
        return [each for each in self.came if f'"record":"{record}"'.encode() in each.body]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Take webhooks for the length of a block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.came.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            receiver.arrived.release()
            if receiver.held is not None:
                receiver.held.wait()
            status = receiver.answers.pop(0) if receiver.answers else 200
            self.send_response(status)
            if status in range(300, 400):
                self.send_header("Location", f"http://{HERE}:{receiver.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            receiver.came.append(Received(self.path, {}, b""))

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the library has it
            """Say nothing."""

    server = ThreadingHTTPServer((HERE, 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        if receiver.held is not None:
            receiver.held.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Mailbox:
    """Takes mail. `refused`: addresses that it does not know."""

    port: int
    came: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def to(self, address: str) -> list[EmailMessage]:
        """Return what came to an address."""
        return [message for to, message in self.came if to == address]

    async def handle_RCPT(  # noqa: N802 - as the library has it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address in self.refused:
            return f"550 5.1.1 <{address}> is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        del server, session
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.came += [(address, message) for address in envelope.rcpt_tos]
        return "250 OK"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Take mail for the length of a block."""
    with socket.socket() as free:
        free.bind((HERE, 0))
        box = Mailbox(free.getsockname()[1])
    controller = Controller(box, hostname=HERE, port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
