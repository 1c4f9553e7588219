"""Each role goes its main way in Chromium: on a desk in Chinese, on a phone in English, and without scripts."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http import HTTPStatus

import pytest

from api.identity.roles import Role
from tests.api.web.addresses import LEAD, PAGES, RECORD
from tests.browser.site import DESKTOP, PHONE, WIDER, Site, Visitor

LOGINS = {
    Role.DEPARTMENT: LEAD,
    Role.LEGAL_OFFICE: "sifa1",
    Role.GENERAL_OFFICE: "zhengfuban",
    Role.AUDITOR: "shenji",
    Role.ADMIN: "yunwei",
}
SECOND = "sifa2"
WALKERS = (Role.DEPARTMENT, Role.LEGAL_OFFICE, Role.AUDITOR, Role.ADMIN)
"""Each page is looked at through the eyes of the first of these who may open it."""


@dataclass(frozen=True)
class Manner:
    """In which language somebody goes their way, on what, and whether the browser runs scripts."""

    site: Site
    language: str
    phone: bool = False
    scripts: bool = True

    def visitor(self, login: str) -> AbstractContextManager[Visitor]:
        return self.site.visitor(login, language=self.language, phone=self.phone, scripts=self.scripts)


@pytest.fixture(params=["zh-desk", "en-phone", "zh-without-scripts"])
def manner(site: Site, request: pytest.FixtureRequest) -> Manner:
    language, _, how = str(request.param).partition("-")
    return Manner(site, language, phone=how == "phone", scripts=how != "without-scripts")


def test_a_department_adds_a_round_sees_what_it_will_do_saves_it_and_plans(manner: Manner) -> None:
    with manner.visitor(LOGINS[Role.DEPARTMENT]) as clerk:
        assert clerk.at == "/work"
        (row,) = clerk.asks("/records", id=RECORD)["items"]
        clerk.clicks(f"main a[href*='/records/{row['key']}']")
        clerk.opens(f"/records/{row['key']}")
        assert clerk.page.locator("svg.timeline").count() == 1
        clerk.clicks("a[href$='/edit']")
        clerk.clicks("a[href$='/steps/expert_review']")
        clerk.page.select_option("[name='started.how']", "planned")
        clerk.page.fill("[name='started.day']", "2026-12-01")
        clerk.clicks("button[value=preview]")
        assert clerk.page.locator("#ahead").is_visible()
        assert clerk.page.input_value("[name='started.day']") == "2026-12-01"
        clerk.clicks("button[value=save]")
        assert clerk.page.locator(".done").is_visible()
        clerk.opens(f"/records/{row['key']}/plan")
        clerk.page.fill("main [name=meeting]", "2027-02-26")
        clerk.clicks("main form[method=get] button")
        assert clerk.page.locator("main table").count() > 0
        assert clerk.complaints == []


def test_the_legal_office_dismisses_a_flag_and_a_second_person_approves_a_waiver(manner: Manner) -> None:
    with manner.visitor(LOGINS[Role.LEGAL_OFFICE]) as officer:
        assert officer.at == "/queue"
        officer.clicks("main td + th a[href^='/findings/']")
        officer.page.fill("#reason", "事实另有证明")
        officer.clicks("button[value=dismissed]")
        assert officer.page.locator("#decisions ~ .wide tbody tr").count() == 1
        officer.opens("/queue")
        officer.clicks("main td + th a[href^='/findings/']")
        officer.page.locator("details summary").click()
        officer.page.fill("#why", "工程已经开工")
        officer.page.fill("#since", officer.page.get_attribute("#since", "min") or "")
        officer.page.fill("#until", "2027-01-31")
        officer.clicks("form[action$='/waiver'] button")
        assert officer.at.startswith("/waivers/")
        waiver = officer.at
        assert officer.complaints == []
    with manner.visitor(SECOND) as second:
        second.opens(waiver)
        second.clicks("form[action$='/approve'] button")
        assert second.page.locator("h1 .mark").is_visible()
        assert second.page.locator("form[action$='/approve']").count() == 0
        assert second.complaints == []


def test_whoever_asks_the_rulebook_finds_a_card_its_examples_and_its_article(manner: Manner) -> None:
    with manner.visitor(LOGINS[Role.AUDITOR]) as reader:
        reader.opens("/rules")
        reader.page.select_option("#step", "public_comment")
        reader.page.select_option("#weight", "breach")
        reader.clicks("form.filters button")
        assert "step=public_comment" in reader.page.url
        reader.clicks("a[href='/rules/NR-15b']")
        assert reader.page.locator("table.example").count() > 3
        reader.clicks("a[href*='/coverage']")
        reader.opens("/coverage?instrument=decree-713")
        assert reader.page.locator("tr[id^=article-]").count() == 44
        assert reader.complaints == []


def test_another_language_is_a_click_away_and_stays(site: Site) -> None:
    with site.visitor(LOGINS[Role.AUDITOR]) as reader:
        reader.opens("/rules")
        reader.clicks(".who a[href^='/language/en']")
        assert reader.at == "/rules"
        assert reader.page.get_attribute("html", "lang") == "en"
        reader.opens("/records")
        assert reader.page.get_attribute("html", "lang") == "en"


def test_the_keyboard_reaches_the_content_first(site: Site) -> None:
    with site.visitor(LOGINS[Role.DEPARTMENT]) as clerk:
        clerk.opens("/records")
        clerk.page.keyboard.press("Tab")
        clerk.page.keyboard.press("Enter")
        assert clerk.page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("role", WALKERS)
def test_no_page_has_a_grave_flaw_or_scrolls_sideways_on_a_phone_in_either_language(site: Site, role: Role) -> None:
    flaws: dict[str, list[str]] = {}
    with site.visitor(LOGINS[role]) as visitor, site.visitor(LOGINS[role], language="en", phone=True) as on_phone:
        for path in _addresses(visitor, role):
            status = visitor.opens(path)
            found = [] if status == HTTPStatus.OK else [f"status {status}"]
            found += visitor.flaws()
            visitor.page.set_viewport_size(PHONE)
            on_phone.opens(path)
            found += [f"{wider} pixels wider" for one in (visitor, on_phone) if (wider := one.page.evaluate(WIDER)) > 0]
            visitor.page.set_viewport_size(DESKTOP)
            if found:
                flaws[path] = found
        assert not flaws
        assert visitor.complaints == on_phone.complaints == []


def test_a_grave_flaw_and_a_page_that_is_too_wide_would_be_noticed(site: Site) -> None:
    with site.visitor(None, phone=True) as visitor:
        visitor.opens("/login")
        visitor.page.evaluate("document.querySelector('label').remove()")
        visitor.page.evaluate("document.querySelector('h1').style.width = '500px'")
        assert visitor.flaws()
        assert visitor.page.evaluate(WIDER) > 0


def _addresses(visitor: Visitor, role: Role) -> Iterator[str]:
    """Give the pages that somebody walks through: those that no role before may open."""
    keys = {"step": "public_comment", "card": "NR-15b"}
    if role is not Role.ADMIN:
        (record,) = visitor.asks("/records", id=RECORD)["items"]
        keys["record"] = record["key"]
        for noun in ("finding", "waiver", "catalogue"):
            asked = {"record": record["key"]} if noun == "finding" else {}
            items = visitor.asks(f"/{noun}s", **asked)["items"]
            keys |= {noun: items[0]["key"]} if items else {}
    for path, roles in PAGES.items():
        if (
            path != "/"
            and not path.endswith(".svg")
            and role is next(one for one in WALKERS if one in roles)
            and all(name in keys for name in _names(path))
        ):
            yield path.format(**keys)


def _names(path: str) -> list[str]:
    return [part.strip("{}") for part in path.split("/") if part.startswith("{")]
