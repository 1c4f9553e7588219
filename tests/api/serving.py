"""The whole service on a real database, with an account for every role, for tests of what it says over HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.clock import now
from api.context import Service
from api.identity.accounts import NewAccount, create_account
from api.identity.operations import Scope
from api.identity.roles import Role
from api.identity.tokens import NewToken, issue_token
from api.identity.units import add_unit
from api.settings import ServiceSettings

PLACE = "CN-31-MH"
UNITS: Mapping[Role, str] = {
    Role.DEPARTMENT: "某区住房局(虚构)",
    Role.LEGAL_OFFICE: "某区司法局(虚构)",
    Role.GENERAL_OFFICE: "某区政府办公室(虚构)",
    Role.AUDITOR: "某区审计局(虚构)",
    Role.ADMIN: "某区数据局(虚构)",
}
"""The unit of each role's account, all in `PLACE`."""


@dataclass(frozen=True)
class Served:
    """A running service: its application, what it works with, and a token for each role."""

    app: FastAPI
    service: Service
    tokens: Mapping[Role, str]

    def client(self, role: Role | None = None, *, language: str = "en") -> TestClient:
        """Return a client that asks as a role, or as nobody; its errors come as answers, as they would to anybody."""
        headers = {"Accept-Language": language}
        if role is not None:
            headers["Authorization"] = f"Bearer {self.tokens[role]}"
        return TestClient(self.app, headers=headers, raise_server_exceptions=False)


@contextmanager
def serve(url: str, folder: Path, **settings: object) -> Iterator[Served]:
    """Run the service on a migrated database until the block ends; not behind a socket, but all else is real."""
    chosen = ServiceSettings.model_validate({"database": url, "var": folder, "log_level": "error", **settings})
    app = create_app(chosen)
    with TestClient(app):
        service: Service = app.state.service
        yield Served(app, service, _accounts(service))


def _accounts(service: Service) -> dict[Role, str]:
    tokens: dict[Role, str] = {}
    tree, at = service.rulebook.tree, now()
    with service.database.writing() as session:
        for role, name in UNITS.items():
            unit = add_unit(session, name=name, jurisdiction=PLACE, tree=tree, at=at, actor="test")
            new = NewAccount(login=role.value, name=role.zh, role=role, unit=unit.key)
            made = create_account(session, new, one_time=None, at=at, actor="test")
            token = NewToken(label="test", scopes=tuple(Scope), days=1)
            issued = issue_token(session, made.account.key, token, most_days=1, at=at, actor="test")
            tokens[role] = issued.secret
    return tokens
