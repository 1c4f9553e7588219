"""Whoever looks something up in Chromium: the rulebook for everybody, and what an admin is given of the pages."""

from http import HTTPStatus

from api.identity.roles import Role
from tests.api.web.addresses import PAGES
from tests.browser.site import LOGINS, Manner, Site


def test_whoever_asks_the_rulebook_finds_a_card_its_examples_and_its_article(manner: Manner) -> None:
    with manner.visitor(LOGINS[Role.AUDITOR]) as reader:
        reader.opens("/rules")
        reader.page.select_option("#step", "public_comment")
        reader.page.select_option("#weight", "breach")
        reader.clicks("form.filters button")
        assert "step=public_comment" in reader.page.url
        reader.clicks("a[href='/rules/NR-15b']")
        assert reader.counts("table.example") > 3
        reader.clicks("a[href*='/coverage']")
        reader.opens("/coverage?instrument=decree-713")
        assert reader.counts("tr[id^=article-]") == 44
        assert reader.complaints == []


def test_an_admin_compares_rulebooks_verifies_the_trail_and_is_given_no_matter(manner: Manner) -> None:
    with manner.visitor(LOGINS[Role.ADMIN]) as admin:
        assert admin.at == "/rules"
        admin.clicks("a[href='/rulebooks']")
        assert admin.counts("tbody th code") > 0
        admin.clicks("a[href='/rulebooks/diff']")
        admin.clicks("form.filters button")
        assert admin.at == "/rulebooks/diff"
        admin.clicks("nav a[href='/trail']")
        admin.clicks("form[action='/trail/verify'] button")
        assert admin.sees(".done[role=status]")

        admin.clicks(".who a[href='/password']")
        for name, said in (("old", "not-the-password"), ("new", "a-long-enough-password-1")):
            admin.page.fill(f"[name={name}]", said)
        admin.clicks("main button")
        assert admin.sees("[role=alert]")

        for path, roles in PAGES.items():
            if Role.ADMIN not in roles and "{" not in path:
                assert admin.opens(path) == HTTPStatus.FORBIDDEN, path
                assert admin.counts("h1") == 1
        assert admin.complaints == []


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


def test_whoever_logs_out_is_asked_for_a_login_again(site: Site) -> None:
    with site.visitor(LOGINS[Role.DEPARTMENT]) as clerk:
        clerk.clicks(".who form button")
        clerk.opens("/records?state=open")
        assert clerk.at == "/login"
        assert clerk.complaints == []
