"""Every page is looked at through the eyes of everybody who may open it: axe, and the width of a phone."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

import pytest

from api.identity.roles import Role
from tests.api.web.addresses import FILES, PAGES, RECORD
from tests.browser.site import LOGINS, PHONE, WIDER, Site, Visitor

ASKED: Final = {
    "/records/{record}/plan": "meeting=2027-02-26",
    "/samples": "size=3&seed=7&by=unit",
    "/dashboard": "as_of=2026-03-31",
    "/dashboard/records": "figure=violated",
    "/queue": "kind=&state=&review=",
    "/coverage": "instrument=decree-713",
}
"""What is asked for, so that a page shows all that it can."""
OUTLINE: Final = """
[...document.querySelectorAll("main *")]
  .map((one) => [one.tagName, one.className, ...one.getAttributeNames()])
  .join(";")
"""
"""What a page is made up of, without what it says."""


@pytest.fixture(scope="module")
def waiver(site: Site) -> str:
    """Decide about a flag of the record, and apply for a waiver of it; return the waiver's key."""
    with site.visitor(LOGINS[Role.LEGAL_OFFICE]) as officer:
        officer.opens(f"/findings/{_keys(officer)['finding']}")
        officer.clicks("button[value=confirmed]")
        officer.page.locator("details summary").filter(has=officer.page.locator("xpath=../form")).click()
        officer.page.fill("#why", "工程已经开工")
        officer.page.fill("#until", "2027-01-31")
        officer.clicks("form[action$='/waiver'] button")
        return officer.at.removeprefix("/waivers/")


@pytest.fixture(scope="module")
def outlines() -> set[tuple[str, str]]:
    """Hold what has been looked at: on what, and how the page was made up. Most pages are the same for many roles."""
    return set()


@pytest.mark.parametrize("role", Role)
def test_no_page_has_a_grave_flaw_or_scrolls_sideways_on_a_phone_in_either_language(
    site: Site, role: Role, waiver: str, outlines: set[tuple[str, str]]
) -> None:
    """In Chinese on a desk and in English on a phone; by those who come after the first, in one of the two."""
    flaws: dict[str, list[str]] = {}
    walker = list(Role).index(role)
    with site.visitor(LOGINS[role]) as at_desk, site.visitor(LOGINS[role], language="en", phone=True) as on_phone:
        for number, (path, is_first) in enumerate(_addresses(at_desk, role, waiver)):
            eyes, others = (at_desk, on_phone) if (number + walker) % 2 else (on_phone, at_desk)
            found = [flaw for one in ((eyes, others) if is_first else (eyes,)) for flaw in _opened(one, path)]
            outline = f"{eyes is at_desk} {path}", eyes.page.evaluate(OUTLINE)
            if outline not in outlines:
                found += eyes.flaws()
                outlines.add(outline)
            if found:
                flaws[path] = found
        assert not flaws
        assert at_desk.complaints == on_phone.complaints == []


def _opened(visitor: Visitor, path: str) -> Iterator[str]:
    """Open a page; give what is wrong with it at first sight, when it is as narrow as a phone too."""
    visitor.page.set_viewport_size(PHONE)
    if (status := visitor.opens(path)) != HTTPStatus.OK:
        yield f"status {status}"
    if (wider := visitor.page.evaluate(WIDER)) > 0:
        yield f"{wider} pixels wider"
    visitor.page.set_viewport_size(visitor.usual)


def test_a_grave_flaw_and_a_page_that_is_too_wide_would_be_noticed(site: Site) -> None:
    with site.visitor(None, phone=True) as visitor:
        visitor.opens("/login")
        visitor.page.evaluate("document.querySelector('label').remove()")
        visitor.page.evaluate("document.querySelector('h1').style.width = '500px'")
        assert visitor.flaws()
        assert visitor.page.evaluate(WIDER) > 0


def _addresses(visitor: Visitor, role: Role, waiver: str) -> Iterator[tuple[str, bool]]:
    """Give the pages that a role may open, and whether it is the first of those who may."""
    keys = _keys(visitor) | {"waiver": waiver} if role is not Role.ADMIN else {}
    keys |= {"step": "public_comment", "card": "NR-15b"}
    for path, roles in PAGES.items():
        if path != "/" and not path.endswith(FILES) and role in roles:
            query = ASKED.get(path)
            address = path.format(**keys) + (f"?{query}" if query else "")
            yield address, role is next(one for one in Role if one in roles)


def _keys(visitor: Visitor) -> dict[str, Any]:
    (record,) = visitor.asks("/records", id=RECORD)["items"]
    (finding, *_) = visitor.asks("/findings", record=record["key"], kind="flag")["items"]
    (catalogue, *_) = visitor.asks("/catalogues")["items"]
    return {"record": record["key"], "finding": finding["key"], "catalogue": catalogue["key"]}
