"""A real server with the made-up district, and the system's Chromium; without one the tests are skipped, and say so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.api.trials.process import serving
from tests.browser.site import CHROMIUM, MANNERS, Manner, Site, accounts_in, chromium_of_this_machine


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the browser of this machine."""
    found = chromium_of_this_machine()
    if found is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(CHROMIUM)}): pages are not tried in a browser")
    return found


@pytest.fixture(scope="session")
def served(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve the district, once for all tests; give the address, and the folder with the accounts."""
    assert chromium
    folder = tmp_path_factory.mktemp("browser")
    with serving(f"sqlite:///{folder / 'store.sqlite'}", folder, demo=True) as address:
        yield address, folder


@pytest.fixture(scope="module")
def site(served: tuple[str, Path], chromium: str) -> Iterator[Site]:
    """Start the browser, once for all tests of a file.

    Not once for a session: while Playwright runs, no other test of the same process could run a loop of its own.
    """
    address, folder = served
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield Site(address, browser, accounts_in(folder))
        browser.close()


@pytest.fixture(params=MANNERS)
def manner(site: Site, request: pytest.FixtureRequest) -> Manner:
    """Give each manner in which somebody goes their way."""
    return Manner(site, str(request.param))
