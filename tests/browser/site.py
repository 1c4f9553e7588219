"""The made-up district on the real server, and the browsers of those who work there."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

from api.demo.models import DemoAccounts

CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 900}
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
LOCALES: Final = {"zh": "zh-CN", "en": "en-GB"}
GRAVE: Final = {"serious", "critical"}
WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""By how many pixels a page is wider than the window."""


def chromium_of_this_machine() -> str | None:
    """Return where the system's Chromium is, None where it has none."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


@dataclass
class Visitor:
    """Somebody at a browser. `complaints`: what the browser has said of the pages so far."""

    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def opens(self, path: str) -> int:
        """Open a page; return its status."""
        answer = self.page.goto(self.address + path)
        assert answer is not None, path
        return answer.status

    @property
    def at(self) -> str:
        """Return the path of the page that is open."""
        return urlsplit(self.page.url).path

    def clicks(self, selector: str) -> None:
        """Click on what a selector names, and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def asks(self, path: str, **query: str) -> Any:  # noqa: ANN401 - plain data
        """Ask the interface, as a page's script could."""
        answer = self.context.request.get(f"{self.address}/api/v1{path}", params=dict(query))
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json()

    def flaws(self) -> list[str]:
        """Return what axe finds serious or critical on the page that is open."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {node['target']} {node['html'][:120]}"
            for one in found
            if one["impact"] in GRAVE
            for node in one["nodes"][:3]
        ]

    def heard(self, message: ConsoleMessage) -> None:
        """Note what the browser complains of."""
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.at}: {message.text}")


@dataclass(frozen=True)
class Site:
    """A running server with its accounts, and a browser."""

    address: str
    browser: Browser
    accounts: DemoAccounts

    @contextmanager
    def visitor(
        self, login: str | None, *, language: str = "zh", phone: bool = False, scripts: bool = True
    ) -> Iterator[Visitor]:
        """Give somebody a window of their own; whoever has a login has logged in by the page for it."""
        context = self.browser.new_context(
            locale=LOCALES[language],
            viewport=PHONE if phone else DESKTOP,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        visitor = Visitor(self.address, context, page)
        page.on("console", visitor.heard)
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        if login:
            self._log_in(visitor, login)
        try:
            yield visitor
        finally:
            context.close()

    def _log_in(self, visitor: Visitor, login: str) -> None:
        account = next(one for one in self.accounts.accounts if one.login == login)
        visitor.opens("/login")
        visitor.page.fill("[name=name]", account.login)
        visitor.page.fill("[name=password]", account.password)
        visitor.clicks("main button")
        assert visitor.at != "/login"


def accounts_in(folder: Path) -> DemoAccounts:
    """Read the accounts that the server has made to be tried with."""
    return DemoAccounts.model_validate_json((folder / "demo-accounts.json").read_text(encoding="utf-8"))
