"""The general office adds an entry to the catalogue, and the unit that leads it opens its record, in Chromium."""

from api.identity.roles import Role
from tests.browser.site import LOGINS, Manner


def test_an_entry_is_added_to_the_catalogue_and_becomes_a_record_of_the_unit_that_leads_it(manner: Manner) -> None:
    title = f"目录里的新事项 {manner.name}(虚构)"
    with manner.visitor(LOGINS[Role.GENERAL_OFFICE]) as office:
        office.opens("/catalogues?year=2026")
        office.clicks("main th[scope=row] a")
        catalogue = office.at
        office.clicks("a[href$='/entry']")
        office.page.fill("[name='title.zh']", title)
        office.page.select_option("[name=matter_class]", "plan")
        office.page.fill("[name='units.0.name']", "云岭县商务局(虚构)")
        office.page.fill("[name='plans.0.planned']", "2026-Q4")
        own_id = office.page.input_value("[name=id]")
        office.clicks("button[value=save]")
        assert office.at == catalogue
        assert office.complaints == []
    with manner.visitor("shangwu") as clerk:
        clerk.opens("/catalogues")
        clerk.clicks(f"main a[href='{catalogue}']")
        way = f"main a[href^='/records/new'][href$='entry={own_id}']"
        clerk.clicks(way)
        assert clerk.page.input_value("[name='title.zh']") == title
        assert clerk.page.input_value("[name='units.0.name']") == "云岭县商务局(虚构)"
        clerk.clicks("button[value=save]")
        assert clerk.at.endswith("/edit")
        record = clerk.at.removesuffix("/edit")
        clerk.opens(catalogue)
        assert clerk.page.locator(f"main a[href='{record}']").is_visible()
        assert clerk.page.locator(way).count() == 0
        assert clerk.complaints == []
