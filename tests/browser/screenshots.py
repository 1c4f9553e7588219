"""Take pictures of the main pages of the made-up district, for docs/pages.md.

python -m tests.browser.screenshots FOLDER
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from tests.api.trials.process import serving
from tests.browser.site import CHROMIUM, Site, accounts_in, chromium_of_this_machine

AS_OF: Final = "as_of=2026-03-31"
SHOTS: Final[Sequence[tuple[str, str, str, str, bool]]] = (
    ("work-zh", "minzheng", "/work", "zh", False),
    ("work-phone-zh", "minzheng", "/work", "zh", True),
    ("record-en", "minzheng", "/records/{record}", "en", False),
    ("record-zh", "minzheng", "/records/{record}", "zh", False),
    ("plan-zh", "minzheng", "/records/{record}/plan", "zh", False),
    ("step-zh", "minzheng", "/records/{record}/steps/legality_review", "zh", False),
    ("queue-zh", "sifa1", "/queue", "zh", False),
    ("finding-en", "sifa1", "/findings/{finding}", "en", False),
    ("dashboard-zh", "shenji", f"/dashboard?{AS_OF}", "zh", False),
    ("sample-en", "shenji", "/samples?size=5&seed=7", "en", False),
    ("rule-zh", "shenji", "/rules/NR-15b", "zh", False),
)
"""What each is called, who looks at which page in which language, and whether on a phone."""
RECORD: Final = "yunling-2026-02-meal-points"


def take(site: Site, folder: Path) -> None:
    """Take all of them."""
    with site.visitor("minzheng") as clerk:
        record = clerk.asks("/records", id=RECORD)["items"][0]["key"]
    with site.visitor("sifa1") as officer:
        finding = officer.asks("/findings", kind="flag", state="open")["items"][0]["key"]
    for name, login, path, language, phone in SHOTS:
        with site.visitor(login, language=language, phone=phone) as visitor:
            visitor.opens(path.format(record=record, finding=finding))
            visitor.page.screenshot(path=folder / f"{name}.png", full_page=False)


def main(arguments: Sequence[str]) -> int:
    """Serve the district, and take the pictures; returns the exit code."""
    found = chromium_of_this_machine()
    if found is None:
        print(f"no Chromium on this machine (looked for {', '.join(CHROMIUM)}); install it", file=sys.stderr)
        return 2
    folder = Path(arguments[0] if arguments else "docs/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var:
        url = f"sqlite:///{var}/store.sqlite"
        with serving(url, Path(var), demo=True) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
            take(Site(address, browser, accounts_in(Path(var))), folder)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
