"""A real server with the made-up district, and the system's Chromium; without one the tests are skipped, and say so."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from tests.api.trials.process import serving
from tests.browser.site import CHROMIUM, Site, accounts_in, chromium_of_this_machine


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the district and start the browser, once for all tests of a file.

    Not once for a session: while Playwright runs, no other test of the same process could run a loop of its own.
    """
    found = chromium_of_this_machine()
    if found is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(CHROMIUM)}): pages are not tried in a browser")
    folder = tmp_path_factory.mktemp("browser")
    with (
        serving(f"sqlite:///{folder / 'store.sqlite'}", folder, demo=True) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield Site(address, browser, accounts_in(folder))
        browser.close()
