"""The legal office and the general office go their main ways in Chromium: they decide, order, waive and attest."""

from collections.abc import Mapping
from typing import Final

import pytest

from api.identity.roles import Role
from tests.browser.site import LOGINS, MANNERS, Manner, Site, copies

SECOND: Final = "sifa2"
FUND: Final = "yunling-2025-14-industry-fund"
OF_THE_FUND: Final = "caizheng"
"""A matter with flags for both offices, and who leads it."""
UNIT: Final = "云岭县财政局(虚构)"
DUE: Final = "2027-01-31"


@pytest.fixture(scope="module")
def records(site: Site) -> Mapping[str, str]:
    """Submit a matter with flags for each manner, so that in each there is something to decide; give their keys."""
    with site.visitor(OF_THE_FUND) as clerk:
        return dict(zip(MANNERS, copies(clerk, FUND, [f"fund-{name}" for name in MANNERS]), strict=True))


def test_the_legal_office_decides_about_several_flags_at_once_and_a_second_person_approves_a_waiver(
    manner: Manner, records: Mapping[str, str]
) -> None:
    record = records[manner.name]
    with manner.visitor(LOGINS[Role.LEGAL_OFFICE]) as officer:
        assert officer.at == "/queue"
        officer.page.fill("#unit", UNIT)
        officer.page.select_option("#gate", "none")
        officer.clicks("form.filters button")
        assert "gate=none" in officer.page.url
        assert officer.page.input_value("#unit") == UNIT
        rows = officer.page.locator("tbody tr").filter(has=officer.page.locator(f"a[href='/records/{record}']"))
        several = rows.count() - 1
        assert several > 1
        for box in rows.locator("[name=chosen]").all()[:several]:
            box.check()
        officer.clicks("button[value=dismissed]")
        assert officer.sees("[role=alert]"), "a reason is asked for"
        assert officer.counts("[name=chosen]:checked") == several
        officer.page.fill("#reason", "事实另有证明")
        officer.clicks("button[value=dismissed]")
        assert str(several) in officer.reads(".done")[0]
        assert rows.count() == 1
        assert officer.page.input_value("#unit") == UNIT, "filters stay"

        officer.clicks(rows.locator("th a[href^='/findings/']").first)
        flag = officer.at
        officer.clicks("button[value=confirmed]")
        officer.page.fill("#reason", "请补正")
        officer.page.fill("#due", DUE)
        officer.clicks("button[value=rectification_ordered]")
        assert officer.counts("#decisions ~ .wide tbody tr") == 2
        assert DUE in officer.page.locator("#decisions").inner_text()

        officer.page.locator("details summary").filter(has=officer.page.locator("xpath=../form")).click()
        officer.page.fill("#why", "工程已经开工")
        officer.page.fill("#since", officer.page.get_attribute("#since", "min") or "")
        officer.page.fill("#until", DUE)
        officer.clicks("form[action$='/waiver'] button")
        assert officer.at.startswith("/waivers/")
        waiver = officer.at
        assert officer.counts("form[action$='/approve']") == 0, "not oneself"
        assert officer.complaints == []
    with manner.visitor(SECOND) as second:
        second.opens("/waivers")
        second.clicks(f"main a[href='{waiver}']")
        second.clicks("form[action$='/approve'] button")
        assert second.sees("h1 .mark")
        assert second.counts("form[action$='/approve']") == 0
        second.opens(flag)
        assert second.counts(f"main a[href='{waiver}']") == 1
        assert second.complaints == []


def test_all_that_is_listed_is_chosen_at_once_where_there_are_scripts(site: Site, records: Mapping[str, str]) -> None:
    assert records
    with site.visitor(SECOND) as officer:
        officer.opens("/queue?kind=&state=&review=")
        officer.page.check("[data-all]")
        assert officer.counts("[name=chosen]:checked") == officer.counts("[name=chosen]") > 1
        officer.page.uncheck("[data-all]")
        assert officer.counts("[name=chosen]:checked") == 0


def test_the_general_office_orders_rectification_of_the_legal_office_attests_the_meeting_and_reads_catalogues(
    manner: Manner, records: Mapping[str, str]
) -> None:
    record = records[manner.name]
    with manner.visitor(LOGINS[Role.GENERAL_OFFICE]) as office:
        assert office.at == "/queue"
        of_record = office.page.locator("tbody tr").filter(has=office.page.locator(f"a[href='/records/{record}']"))
        assert of_record.count() == 1, "of its flags only the one on the step of the legal office"
        office.clicks(of_record.locator("th a"))
        assert office.counts("#article ~ dl a[href='/rules/NR-25a']") == 1
        office.page.fill("#reason", "请依法审查")
        office.page.fill("#due", DUE)
        office.clicks("button[value=rectification_ordered]")
        assert office.counts("#decisions ~ .wide tbody tr") == 1

        for finding in office.asks("/findings", record=record, kind="flag")["items"]:
            if finding["step"] != "legality_review":
                office.opens(f"/findings/{finding['key']}")
                assert office.counts("form[action$='/decide']") == 0, "about others it decides nothing"
                break
        office.opens(f"/records/{record}")
        office.clicks("a[href$='/attest']")
        steps = {box.get_attribute("value") for box in office.page.locator("[name=step]").all()}
        assert "collective_deliberation" in steps
        assert "public_comment" not in steps
        office.clicks("section[aria-labelledby=collective_deliberation] form button")
        assert office.sees("section[aria-labelledby=collective_deliberation] .mark.satisfied")
        assert office.counts("section[aria-labelledby=collective_deliberation] form") == 0

        office.clicks("nav a[href='/catalogues']")
        office.clicks("main th a[href^='/catalogues/']")
        assert office.counts("section[aria-labelledby=entries] tbody th") > 1
        office.clicks("section[aria-labelledby=entries] a[href^='/records/']")
        assert office.counts("svg.timeline[role=group]") == 1
        assert office.complaints == []


def test_whoever_holds_a_step_attests_it_and_is_told_when_it_has_changed(
    site: Site, records: Mapping[str, str]
) -> None:
    record = records[MANNERS[0]]
    mark = "section[aria-labelledby=drafting] .mark"
    with site.visitor(OF_THE_FUND) as clerk:
        clerk.opens(f"/records/{record}/attest")
        version = clerk.page.locator("[name=version]").first.get_attribute("value")
        clerk.clicks("section[aria-labelledby=drafting] form button")
        assert clerk.counts(f"{mark}.satisfied") == 1
        clerk.opens(f"/records/{record}/steps/drafting?round=1")
        clerk.page.fill("[name=note]", "补记")
        clerk.clicks("button[value=save]")
        clerk.opens(f"/records/{record}/attest")
        assert clerk.page.locator("[name=version]").first.get_attribute("value") != version
        assert clerk.counts(f"{mark}.satisfied") == 0
        assert clerk.complaints == []
