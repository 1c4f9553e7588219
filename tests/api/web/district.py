"""The made-up district in a browser: the service with the demo loaded, and a browser for each of its accounts."""

import re
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.context import Service
from api.demo.models import DemoAccount
from api.identity.roles import Role


@dataclass(frozen=True)
class Browser:
    """A browser in which somebody has logged in; it follows no redirects."""

    account: DemoAccount
    client: TestClient
    csrf: str

    def get(self, path: str, **query: Any) -> Response:  # noqa: ANN401 - as it stands in a query
        """Open a page."""
        return self.client.get(path, params=query or None)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Response:  # noqa: ANN401 - a form
        """Send a form that stands on a page of the site."""
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **more)


@dataclass(frozen=True)
class DemoDistrict:
    """The running service, its accounts, and their browsers, which log in when they are first asked for."""

    app: FastAPI
    service: Service
    accounts: dict[str, DemoAccount]
    _browsers: dict[tuple[str, str], Browser] = field(default_factory=dict)

    def browser(self, login: str, *, language: str = "zh") -> Browser:
        """Return the browser of an account, in a language (`zh`, `en`); the same each time."""
        if (login, language) not in self._browsers:
            self._browsers[login, language] = self._logged_in(self.accounts[login], language)
        return self._browsers[login, language]

    def somebody(self, role: Role, *, language: str = "zh") -> Browser:
        """Return the browser of the first account with a role."""
        return self.browser(next(one.login for one in self.accounts.values() if one.role is role), language=language)

    def stranger(self) -> TestClient:
        """Return a browser in which nobody has logged in; it follows no redirects."""
        return TestClient(self.app, follow_redirects=False)

    def key_of(self, own_id: str) -> str:
        """Return the key of a record by the id that its unit gave it."""
        auditor = self.somebody(Role.AUDITOR).client
        (row,) = auditor.get("/api/v1/records", params={"id": own_id}).json()["items"]
        key: str = row["key"]
        return key

    def _logged_in(self, account: DemoAccount, language: str) -> Browser:
        client = TestClient(self.app, follow_redirects=False, headers={"Accept-Language": language})
        entered = client.post("/login", data={"name": account.login, "password": account.password})
        assert entered.status_code == 303, entered.text
        found = re.search(r'name="csrf" value="([^"]+)"', client.get("/password").text)
        assert found
        return Browser(account, client, found[1])
