"""The made-up district on the real server, and the browsers of those who work there."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Locator, Page, ViewportSize

from api.demo.models import DemoAccounts
from api.identity.roles import Role
from tests.api.web.addresses import LEAD

CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 900}
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
LOCALES: Final = {"zh": "zh-CN", "en": "en-GB"}
GRAVE: Final = {"serious", "critical"}
LOGINS: Final = {
    Role.DEPARTMENT: LEAD,
    Role.LEGAL_OFFICE: "sifa1",
    Role.GENERAL_OFFICE: "zhengfuban",
    Role.AUDITOR: "shenji",
    Role.ADMIN: "yunwei",
}
"""Who of each role is asked to go their way."""
WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""By how many pixels a page is wider than the window."""


def chromium_of_this_machine() -> str | None:
    """Return where the system's Chromium is, None where it has none."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


@dataclass
class Visitor:
    """Somebody at a browser. `usual`: how large its window is; `complaints`: what it has said of the pages so far."""

    address: str
    context: BrowserContext
    page: Page
    usual: ViewportSize
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

    def clicks(self, what: str | Locator) -> None:
        """Click on what a selector names, and wait for the page that follows."""
        found = self.page.locator(what).first if isinstance(what, str) else what
        with self.page.expect_navigation():
            found.click()

    def downloads(self, what: str) -> Path:
        """Click on what gives a file; return the file."""
        with self.page.expect_download() as given:
            self.page.locator(what).first.click()
        return given.value.path()

    def sees(self, selector: str) -> bool:
        """Tell whether what a selector names can be seen."""
        return self.page.locator(selector).first.is_visible()

    def counts(self, selector: str) -> int:
        """Return how much of what a selector names there is."""
        return self.page.locator(selector).count()

    def reads(self, selector: str) -> list[str]:
        """Return the texts of what a selector names."""
        return self.page.locator(selector).all_inner_texts()

    def asks(self, path: str, **query: str) -> Any:  # noqa: ANN401 - plain data
        """Ask the interface, as a page's script could."""
        answer = self.context.request.get(f"{self.address}/api/v1{path}", params=dict(query))
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json()

    def submits(self, record: Any) -> str:  # noqa: ANN401 - plain data
        """Submit a record over the interface, as a page's script could; return its key."""
        headers = {"X-CSRF-Token": self.page.locator("[name=csrf]").first.get_attribute("value") or ""}
        answer = self.context.request.post(f"{self.address}/api/v1/records", data=record, headers=headers)
        assert answer.ok, (answer.status, answer.text())
        key: str = answer.json()["key"]
        return key

    def flaws(self) -> list[str]:
        """Return what axe finds serious or critical on the page that is open."""
        found = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        return [
            f"{one['id']}: {node['target']} {node['html'][:120]}"
            for one in found
            if one["impact"] in GRAVE
            for node in one["nodes"][:3]
        ]

    def heard(self, message: ConsoleMessage) -> None:
        """Note what the browser complains of, unless it is that the page itself tells of something refused."""
        is_the_page = message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        if message.type in {"error", "warning"} and not is_the_page:
            self.complaints.append(f"{self.at}: {message.text}")

    def met(self, dialog: Dialog) -> None:
        """Note a dialog, which no page of ours opens."""
        self.complaints.append(f"{self.at}: a dialog says {dialog.message}")
        dialog.dismiss()


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
        size = PHONE if phone else DESKTOP
        context = self.browser.new_context(
            locale=LOCALES[language],
            viewport=size,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        visitor = Visitor(self.address, context, page, size)
        page.on("console", visitor.heard)
        page.on("dialog", visitor.met)
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


@dataclass(frozen=True)
class Manner:
    """In which language somebody goes their way, on what, and whether the browser runs scripts."""

    site: Site
    name: str

    @property
    def scripts(self) -> bool:
        """Tell whether the browser runs scripts."""
        return not self.name.endswith("without-scripts")

    def visitor(self, login: str) -> AbstractContextManager[Visitor]:
        """Give somebody a window of their own."""
        language, _, how = self.name.partition("-")
        return self.site.visitor(login, language=language, phone=how == "phone", scripts=self.scripts)


MANNERS: Final = ("zh-desk", "en-phone", "zh-without-scripts")


def copies(clerk: Visitor, own_id: str, names: Sequence[str]) -> list[str]:
    """Submit a record of the unit again under other names, so that each can be decided about; return their keys."""
    (row,) = clerk.asks("/records", id=own_id)["items"]
    record = clerk.asks(f"/records/{row['key']}")["record"]
    return [clerk.submits({**_fresh(record), "id": name}) for name in names]


def _fresh(value: Any) -> Any:  # noqa: ANN401 - plain data
    """Return what a record says without what the server has noted in it."""
    match value:
        case dict():
            return {key: _fresh(part) for key, part in value.items() if key not in {"entered", "voided"}}
        case list():
            return [_fresh(part) for part in value]
    return value


def accounts_in(folder: Path) -> DemoAccounts:
    """Read the accounts that the server has made to be tried with."""
    return DemoAccounts.model_validate_json((folder / "demo-accounts.json").read_text(encoding="utf-8"))
