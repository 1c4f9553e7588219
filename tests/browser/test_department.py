"""A department goes its main way in Chromium: fills in, leaves and comes back, is told what is wrong, and plans."""

from http import HTTPStatus
from typing import Final

from api.identity.roles import Role
from tests.api.web.addresses import OF_A_UNIT, OTHER, PAGES, RECORD
from tests.browser.site import LOGINS, Manner, Site, Visitor

CLERK: Final = LOGINS[Role.DEPARTMENT]
OF_A_SMALL_UNIT: Final = "wenlv"
"""Somebody whose unit has no other matter under way."""
SOONER: Final = "2027-01-29"
DAY: Final = "2027-02-26"
"""Days on which one would like the meeting to be."""
HOSTILE: Final = "</textarea>\"'><script>alert(1)</script><img src=x onerror=alert(2)>\u202e\u200f{{7*7}}&amp;"
"""What would show in the browser, were it anything but text."""


def test_a_department_adds_a_round_sees_what_it_will_do_saves_it_and_plans(manner: Manner) -> None:
    with manner.visitor(CLERK) as clerk:
        assert clerk.at == "/work"
        record = _record(clerk)
        clerk.clicks(f"main a[href*='{record}']")
        clerk.opens(record)
        assert clerk.counts("svg.timeline[role=group]") == 1
        clerk.clicks("a[href$='/edit']")
        clerk.clicks("th a[href*='/steps/expert_review']")
        clerk.page.select_option("[name='started.how']", "planned")
        clerk.page.fill("[name='started.day']", "2026-12-01")
        clerk.clicks("button[value=preview]")
        assert clerk.sees("#ahead")
        assert clerk.page.input_value("[name='started.day']") == "2026-12-01"
        clerk.clicks("button[value=save]")
        assert clerk.sees(".done")
        clerk.opens(f"{record}/plan?meeting={SOONER}")
        assert clerk.page.input_value("main [name=meeting]") == SOONER
        clerk.page.fill("main [name=meeting]", DAY)
        clerk.clicks("main form[method=get] button")
        assert clerk.counts("main table") > 0
        assert clerk.complaints == []


def test_a_clerk_makes_a_record_is_told_what_is_wrong_and_answers_not_yet_and_dont_know(manner: Manner) -> None:
    with manner.visitor(OF_A_SMALL_UNIT) as clerk:
        clerk.clicks("main a[href='/records/new']")
        clerk.page.fill("[name='title.zh']", f"云岭县夜间开放景区方案({manner.name})(虚构)")
        clerk.page.fill("[name=organ]", "云岭县人民政府(虚构)")
        clerk.clicks("button[value=save]")
        assert _is_told(clerk, "organ_level")
        assert manner.name in clerk.page.input_value("[name='title.zh']")

        clerk.page.select_option("#organ_level", "county")
        clerk.page.select_option("#matter_class", "public_policy")
        clerk.page.check("[name=made_up]")
        clerk.page.check("[name='determinations.technical.value'][value=yes]")
        clerk.page.fill("[name='determinations.technical.reason']", "涉及客流测算")
        clerk.page.check("[name='determinations.risk_possible.value'][value=unknown]")
        clerk.clicks("button[value=preview]")
        assert clerk.counts("section.ahead .mark.question") > 0
        clerk.clicks("button[value=save]")
        assert clerk.at.endswith("/edit")
        record = clerk.at.removesuffix("/edit")

        clerk.clicks("th a[href*='/steps/expert_review']")
        clerk.page.select_option("[name='started.how']", "actual")
        clerk.page.fill("[name='started.day']", "去年冬天")
        clerk.page.fill("[name=note]", "记住我")
        clerk.clicks("button[value=save]")
        assert _is_told(clerk, "started.day")
        assert clerk.page.input_value("[name='started.day']") == "去年冬天"
        assert clerk.page.input_value("[name=note]") == "记住我"

        clerk.page.select_option("[name='started.how']", "unknown")
        clerk.page.fill("[name='started.day']", "")
        assert clerk.page.input_value("[name='completed.how']") == "", "not yet is what stands there at first"
        clerk.clicks("button[value=save]")
        assert clerk.sees(".done")
        said = clerk.asks(record)["record"]
        (entry,) = said["steps"]["expert_review"]
        assert entry["started"] == {"actual": "unknown"}
        assert "completed" not in entry
        assert said["determinations"].keys() == {"technical"}
        clerk.opens(record)
        assert clerk.counts("section[aria-labelledby=findings] .mark.question") > 0
        assert clerk.complaints == []


def test_what_was_typed_is_there_again_after_one_has_left(manner: Manner) -> None:
    with manner.visitor(CLERK) as clerk:
        form = f"{_record(clerk)}/steps/hearing"
        clerk.opens(form)
        clerk.page.fill("[name=note]", "写到一半")
        if manner.scripts:
            clerk.page.locator("[data-kept-at]:not(:empty)").wait_for()
        else:
            clerk.clicks("button[value=draft]")
        clerk.opens("/work")
        clerk.clicks(f"main a[href$='{form}']")
        assert clerk.page.input_value("[name=note]") == "写到一半"
        clerk.clicks("button[value=discard]")
        assert clerk.page.input_value("[name=note]") == ""
        assert clerk.complaints == []


def test_hostile_text_that_is_typed_into_every_field_is_shown_as_text(site: Site) -> None:
    with site.visitor(OF_A_SMALL_UNIT) as clerk:
        clerk.opens("/records/new")
        _fills_all(clerk, HOSTILE)
        clerk.clicks("button[value=save]")
        assert clerk.counts("main [aria-invalid]") > 0
        assert clerk.page.input_value("[name='title.zh']") == HOSTILE
        _fills_all(clerk, "", those="catalogue|units|exclusion|outcome")
        clerk.page.fill("[name=id]", "hostile-in-a-browser")
        clerk.page.fill("[name='units.0.name']", "云岭县文化和旅游局(虚构)")
        clerk.page.select_option("#organ_level", "county")
        clerk.page.select_option("#matter_class", "public_policy")
        clerk.clicks("button[value=save]")
        assert clerk.at.endswith("/edit"), clerk.reads(".problem")
        record = clerk.at.removesuffix("/edit")
        clerk.opens(f"{record}/steps/public_comment")
        _fills_all(clerk, HOSTILE)
        clerk.clicks("button[value=draft]")
        assert clerk.page.input_value("[name=note]") == HOSTILE
        clerk.clicks("button[value=preview]")
        assert clerk.counts("main [aria-invalid]") > 0
        shown = 0
        for path in (
            "/work",
            "/records",
            record,
            f"{record}/edit",
            f"{record}/history",
            f"{record}/plan?meeting={DAY}",
        ):
            clerk.opens(path)
            shown += "<script>alert(1)</script>" in clerk.page.locator("main").inner_text()
        assert shown == 6
        assert clerk.counts("main img[src=x], main script") == 0
        assert clerk.complaints == []


def test_the_pages_of_another_unit_are_not_there(site: Site) -> None:
    with site.visitor(CLERK) as own, site.visitor(OTHER) as other:
        record = _record(own)
        keys = {"record": record.split("/")[2], "step": "public_comment"}
        keys["finding"] = own.asks("/findings", record=keys["record"])["items"][0]["key"]
        for path, roles in PAGES.items():
            about = [name for name in OF_A_UNIT if name in path and name.strip("{}") in keys]
            if about and Role.DEPARTMENT in roles:
                assert other.opens(path.format(**keys)) == HTTPStatus.NOT_FOUND
                assert "老年助餐点" not in other.page.content()


def _record(clerk: Visitor) -> str:
    """Return the address of the page of the record that is under way."""
    (row,) = clerk.asks("/records", id=RECORD)["items"]
    return f"/records/{row['key']}"


def _is_told(clerk: Visitor, name: str) -> bool:
    """Tell whether a field is marked as wrong, and is described by a problem that can be seen."""
    described = clerk.page.get_attribute(f"[name='{name}'][aria-invalid=true]", "aria-describedby")
    return described is not None and clerk.sees(f"[id='{described}']")


def _fills_all(clerk: Visitor, text: str, *, those: str = "") -> None:
    """Type the same into every field for text whose name fits, also into those that are folded away."""
    clerk.page.locator("form.filling input:not([type]), form.filling textarea").evaluate_all(
        "(fields, [text, those]) => { for (const field of fields) if (field.name.match(those)) field.value = text; }",
        [text, those],
    )
