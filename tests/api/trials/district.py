"""A made-up district at work: the whole service behind a real socket, with somebody of every kind who may ask.

The service runs in a thread of the tests' own process, so that its store can be looked into.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple

import uvicorn
from fastapi import FastAPI
from httpx2 import Client

from api.app import create_app
from api.clock import now
from api.context import Service
from api.identity.accounts import NewAccount, create_account
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.tokens import NewToken, issue_token
from api.identity.units import add_unit
from api.settings import ServiceSettings

HERE: Final = "CN-31-MH"
ABOVE: Final = "CN-31"
ELSEWHERE: Final = "CN-31-XH"
"""A district, what encloses it, and another that lies beside it."""

SETTINGS: Final[Mapping[str, Any]] = {
    "max_bytes": 200_000,
    "max_file_bytes": 300_000,
    "smtp_host": "127.0.0.1",
    "smtp_port": 9,
    "outbox_seconds": 86_400,
}
"""So little may be sent there at a time that more is sent soon; mail could be sent, and is not within a day."""

STARTING: Final = 60
"""How many seconds the service may take to start."""


class Who(StrEnum):
    """Who asks, as a record of the district sees them. `ABOVE`: of the city around it; `ELSEWHERE`: of another one."""

    LEAD = "lead"
    JOINT = "joint"
    CONSULTED = "consulted"
    OUTSIDER = "outsider"
    DEPARTMENT_ABOVE = "department_above"
    DEPARTMENT_ELSEWHERE = "department_elsewhere"
    LEGAL = "legal"
    LEGAL_ABOVE = "legal_above"
    LEGAL_ELSEWHERE = "legal_elsewhere"
    GENERAL = "general"
    GENERAL_ABOVE = "general_above"
    GENERAL_ELSEWHERE = "general_elsewhere"
    AUDITOR = "auditor"
    AUDITOR_ABOVE = "auditor_above"
    AUDITOR_ELSEWHERE = "auditor_elsewhere"
    ADMIN = "admin"
    NOBODY = "nobody"


class Post(NamedTuple):
    """For whom somebody works."""

    role: Role
    unit: str
    place: str


POSTS: Final[Mapping[Who, Post]] = {
    Who.LEAD: Post(Role.DEPARTMENT, "某区住房局(虚构)", HERE),
    Who.JOINT: Post(Role.DEPARTMENT, "某区水务局(虚构)", HERE),
    Who.CONSULTED: Post(Role.DEPARTMENT, "某区财政局(虚构)", HERE),
    Who.OUTSIDER: Post(Role.DEPARTMENT, "某区教育局(虚构)", HERE),
    Who.DEPARTMENT_ABOVE: Post(Role.DEPARTMENT, "某市住房局(虚构)", ABOVE),
    # By the same name as the unit that leads here, which is another's.
    Who.DEPARTMENT_ELSEWHERE: Post(Role.DEPARTMENT, "某区住房局(虚构)", ELSEWHERE),
    Who.LEGAL: Post(Role.LEGAL_OFFICE, "某区司法局(虚构)", HERE),
    Who.LEGAL_ABOVE: Post(Role.LEGAL_OFFICE, "某市司法局(虚构)", ABOVE),
    Who.LEGAL_ELSEWHERE: Post(Role.LEGAL_OFFICE, "某区司法局(虚构)", ELSEWHERE),
    Who.GENERAL: Post(Role.GENERAL_OFFICE, "某区政府办公室(虚构)", HERE),
    Who.GENERAL_ABOVE: Post(Role.GENERAL_OFFICE, "某市政府办公厅(虚构)", ABOVE),
    Who.GENERAL_ELSEWHERE: Post(Role.GENERAL_OFFICE, "某区政府办公室(虚构)", ELSEWHERE),
    Who.AUDITOR: Post(Role.AUDITOR, "某区审计局(虚构)", HERE),
    Who.AUDITOR_ABOVE: Post(Role.AUDITOR, "某市审计局(虚构)", ABOVE),
    Who.AUDITOR_ELSEWHERE: Post(Role.AUDITOR, "某区审计局(虚构)", ELSEWHERE),
    Who.ADMIN: Post(Role.ADMIN, "某区数据局(虚构)", HERE),
}
"""Everybody but nobody."""


@dataclass(frozen=True)
class Person:
    """Somebody's account, unit and token, by key and secret."""

    account: str
    unit: str
    token: str


@dataclass(frozen=True)
class District:
    """A running service: where it is, its application, what it works with, and who is there."""

    url: str
    app: FastAPI
    service: Service
    people: Mapping[Who, Person]
    _clients: dict[str, Client]

    def client(self, who: Who) -> Client:
        """Return the client of somebody; the same each time."""
        if who not in self._clients:
            token = self.people[who].token if who != Who.NOBODY else None
            self._clients[who] = self.client_with(token)
        return self._clients[who]

    def client_with(self, token: str | None) -> Client:
        """Return a client with a token, or without one; closed with the service."""
        headers = {"Accept-Language": "en"} | ({"Authorization": f"Bearer {token}"} if token else {})
        made = Client(base_url=self.url, headers=headers, timeout=60)
        self._clients[f"{len(self._clients)} by token"] = made
        return made


@contextmanager
def open_district(url: str, folder: Path, **settings: object) -> Iterator[District]:
    """Run the service on a migrated database until the block ends, with everybody in it."""
    chosen = ServiceSettings.model_validate({"database": url, "var": folder, "log_level": "error", **settings})
    app = create_app(chosen, warm=True)
    clients: dict[str, Client] = {}
    with listening(app) as address:
        service: Service = app.state.service
        yield District(address, app, service, _settle(service), clients)
        for client in clients.values():
            client.close()


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """Let an application listen on a free port, in a thread; give its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=5))
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    try:
        until = time.monotonic() + STARTING
        while not server.started:
            assert thread.is_alive(), "the service did not start"
            assert time.monotonic() < until, "the service took too long to start"
            time.sleep(0.01)
        (listener,) = server.servers[0].sockets
        yield "http://{}:{}".format(*listener.getsockname())
    finally:
        server.should_exit = True
        thread.join()


def _settle(service: Service) -> dict[Who, Person]:
    people: dict[Who, Person] = {}
    tree, at = service.rulebook.tree, now()
    with service.database.writing() as session:
        for who, post in POSTS.items():
            unit = add_unit(session, name=post.unit, jurisdiction=post.place, tree=tree, at=at, actor="test")
            new = NewAccount(login=who.value, name=who.value, role=post.role, unit=unit.key)
            made = create_account(session, new, one_time=None, at=at, actor="test")
            token = NewToken(label="test", scopes=tuple(Scope), days=1)
            issued = issue_token(session, made.account.key, token, most_days=1, at=at, actor="test")
            people[who] = Person(made.account.key, unit.key, issued.secret)
    return people
