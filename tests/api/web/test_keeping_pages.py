"""The general office keeps a catalogue in forms, whose fields are sent as a browser would send them."""

import re
from typing import Any

import pytest

from api.identity.roles import Role
from tests.api.web.district import Browser, DemoDistrict
from tests.api.web.filled import filled

UNIT = "云岭县民政局(虚构)"


@pytest.fixture
def office(district: DemoDistrict) -> Browser:
    """Give the browser of the general office."""
    return district.somebody(Role.GENERAL_OFFICE)


def made(office: Browser, own_id: str) -> str:
    """Make a catalogue, and return its address."""
    form = filled(office.get("/catalogues/new").text)
    said = {"title.zh": f"目录{own_id}(虚构)", "id": own_id, "organ": f"机关{own_id}(虚构)", "organ_level": "county"}
    sent = office.post("/catalogues/new", form | said | {"year": "2025", "made_up": "yes"})
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


def sent(office: Browser, address: str, /, **fields: str) -> Any:  # noqa: ANN401 - a response
    """Open a form, fill in some of its fields, and send it."""
    named = {name.replace("__", "."): text for name, text in fields.items()}
    return office.post(address, filled(office.get(address).text) | named)


def saved(office: Browser, address: str, /, **fields: str) -> None:
    answer = sent(office, address, **fields)
    assert answer.status_code == 303, re.findall(r'class="problem".*?</div>', answer.text, re.DOTALL)


def added(office: Browser, address: str, title: str, **fields: str) -> None:
    said = {"title__zh": title, "units__0__name": UNIT, "matter_class": "plan", "plans__0__planned": "2025-Q3"}
    saved(office, f"{address}/entry", **{**said, **fields})


def body(office: Browser, address: str) -> dict[str, Any]:
    told: dict[str, Any] = office.get(f"/api/v1{address}").json()["catalogue"]
    return told


def test_a_catalogue_is_made_for_a_year_given_entries_and_published(office: Browser) -> None:
    address = made(office, "k-made")
    added(office, address, "第一件事")
    added(office, address, "第二件事", plans__0__planned="2025年12月")
    saved(office, f"{address}/publication", party_consent__day="2025-03-11", published__day="2025年3月18日")
    said = body(office, address)
    assert (said["id"], said["year"], said["made_up"], said["jurisdiction"]) == ("k-made", 2025, True, "CN")
    assert said["versions"] == [
        {"kind": "listing", "party_consent": {"actual": "2025-03-11"}, "published": {"actual": "2025-03-18"}}
    ]
    assert [(entry["id"], entry["title"]) for entry in said["entries"]] == [("01", "第一件事"), ("02", "第二件事")]
    assert said["entries"][0]["units"] == [{"name": UNIT, "role": "lead"}]
    assert [entry["plans"] for entry in said["entries"]] == [
        [{"kind": "listing", "planned": planned, "published": {"actual": "2025-03-18"}}]
        for planned in ("2025-Q3", "2025-12")
    ]


def test_the_code_and_the_organ_of_a_new_catalogue_are_there_already(office: Browser) -> None:
    form = filled(office.get("/catalogues/new").text)
    assert re.fullmatch(r"\d{4}-\w{6}", form["id"][0])
    assert form["organ"][0].endswith("(虚构)")


def test_an_adjustment_has_a_reason_and_gives_each_entry_its_further_plan(office: Browser) -> None:
    address = made(office, "k-adjusted")
    for title in ("推迟的", "调出的", "不变的"):
        added(office, address, title)
    saved(office, f"{address}/publication", party_consent__day="2025-03-11", published__day="2025-03-18")
    changes = {"entries__0__kind": "postponement", "entries__0__planned": "2025-Q4", "entries__1__kind": "removal"}
    day = {"party_consent__day": "2025-06-03", "published__day": "2025-06-10", "reasons_given": "yes"}
    saved(office, f"{address}/adjust", note="选址未定", **changes, **day)
    said = body(office, address)
    assert said["versions"][1] == {
        "kind": "adjustment",
        "party_consent": {"actual": "2025-06-03"},
        "published": {"actual": "2025-06-10"},
        "reasons_given": True,
        "note": "选址未定",
    }
    published = {"actual": "2025-06-10"}
    assert [entry["plans"][1:] for entry in said["entries"]] == [
        [{"kind": "postponement", "planned": "2025-Q4", "published": published}],
        [{"kind": "removal", "published": published}],
        [],
    ]
    assert "选址未定" in office.get(address).text
    added(office, address, "增补的")
    assert body(office, address)["entries"][3]["plans"][0]["kind"] == "addition"


def test_an_entry_is_changed_and_nothing_else_of_the_catalogue(office: Browser) -> None:
    address = made(office, "k-changed")
    added(office, address, "原名", plans__0__steps="hearing", filings__0__called__day="2025-01-06", note="备注")
    added(office, address, "旁边的")
    before = body(office, address)
    saved(
        office,
        f"{address}/entry?entry=01",
        title__zh="改名",
        units__1__name="云岭县财政局(虚构)",
        units__1__role="joint",
    )
    after = body(office, address)
    units = [{"name": UNIT, "role": "lead"}, {"name": "云岭县财政局(虚构)", "role": "joint"}]
    assert after["entries"][0] == before["entries"][0] | {"title": "改名", "units": units}
    assert (before["entries"][0]["plans"][0]["steps"], before["entries"][0]["note"]) == (["hearing"], "备注")
    assert after | {"entries": before["entries"]} == before
    assert after["entries"][1] == before["entries"][1]


def test_a_form_sent_as_it_stands_changes_nothing(office: Browser) -> None:
    (listed,) = office.get("/api/v1/catalogues", year="2026").json()["items"]
    address = f"/catalogues/{listed['key']}"
    before = office.get(f"/api/v1{address}").json()
    for form in ("edit", "entry?entry=01", "entry?entry=home-visits", "publication?number=1", "publication?number=2"):
        saved(office, f"{address}/{form}")
    after = office.get(f"/api/v1{address}").json()
    assert (after["catalogue"], after["version"]) == (before["catalogue"], before["version"])


def test_an_entry_that_was_entered_by_mistake_is_left_out(office: Browser) -> None:
    address = made(office, "k-mistake")
    added(office, address, "误录的")
    added(office, address, "对的")
    saved(office, f"{address}/entry?entry=01", action="leave_out")
    assert [entry["title"] for entry in body(office, address)["entries"]] == ["对的"]
    assert [item["version"] for item in office.get(f"/api/v1{address}/versions").json()["items"]] == [1, 2, 3, 4]


def test_the_head_is_corrected_but_not_what_a_catalogue_is_known_by(office: Browser) -> None:
    address = made(office, "k-head")
    saved(
        office, f"{address}/edit", title__zh="更正的名称", title__en="corrected", year="1999", id="other", organ="别的"
    )
    said = body(office, address)
    assert said["title"] == {"zh": "更正的名称", "en": "corrected"}
    assert (said["year"], said["id"], said["organ"]) == (2025, "k-head", "机关k-head(虚构)")


@pytest.mark.parametrize(
    ("form", "fields", "place"),
    [
        ("entry", {"title__zh": "某事", "id": "bad id"}, 'id="id"'),
        ("entry", {"title__zh": "某事", "id": "01"}, 'id="id"'),
        ("entry", {"title__zh": "某事", "plans__0__planned": "等到秋天"}, 'id="plans.0.planned"'),
        ("entry?entry=01", {"filings__0__filed__day": "去年"}, 'name="filings.0.filed.day"'),
        ("entry?entry=01", {"units__1__name": "某局", "units__1__role": "boss"}, 'id="units.1.role"'),
        ("publication", {"published__day": "等到秋天"}, 'name="published.day"'),
        ("adjust", {"note": "理由", "entries__0__planned": "等到秋天"}, 'name="entries.0.planned"'),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(
    office: Browser, form: str, fields: dict[str, str], place: str
) -> None:
    address = office_catalogue(office)
    before = body(office, address)
    answer = sent(office, f"{address}/{form}", **fields)
    assert answer.status_code == 422
    assert re.search(rf"{re.escape(place)}[^>]*aria-invalid=\"true\"", answer.text), answer.text
    for text in fields.values():
        assert text in answer.text or text == "boss"
    assert body(office, address) == before


def office_catalogue(office: Browser) -> str:
    """Return the address of a catalogue with an entry, made once."""
    known = office.get("/api/v1/catalogues", organ="机关k-wrong(虚构)").json()["items"]
    if known:
        return f"/catalogues/{known[0]['key']}"
    address = made(office, "k-wrong")
    added(office, address, "某事")
    return address


def test_an_id_that_is_taken_and_a_missing_name_are_told(office: Browser) -> None:
    office_catalogue(office)
    form = filled(office.get("/catalogues/new").text)
    said = {"title.zh": "目录", "id": "k-wrong", "organ": "机关", "organ_level": "county"}
    taken, nameless = (
        office.post("/catalogues/new", form | said | more) for more in ({}, {"id": "k-2", "title.zh": ""})
    )
    assert (taken.status_code, nameless.status_code) == (422, 422)
    assert re.search(r'id="id"[^>]*aria-invalid', taken.text)
    assert re.search(r'id="title.zh"[^>]*aria-invalid', nameless.text)


def test_a_form_made_of_an_older_version_changes_nothing_until_it_is_looked_at(office: Browser) -> None:
    address = made(office, "k-stale")
    form = filled(office.get(f"{address}/entry").text)
    added(office, address, "别人添加的")
    late = office.post(f"{address}/entry", form | {"title.zh": "迟到的", "id": "02"})
    assert late.status_code == 409
    assert "迟到的" in late.text
    assert [entry["title"] for entry in body(office, address)["entries"]] == ["别人添加的"]
    again = office.post(f"{address}/entry", filled(late.text))
    assert again.status_code == 303
    assert len(body(office, address)["entries"]) == 2


def test_forms_of_what_is_not_there_are_not_found(office: Browser) -> None:
    address = office_catalogue(office)
    for form in ("entry?entry=nobody", "publication?number=9"):
        assert office.get(f"{address}/{form}").status_code == 404
        assert office.post(f"{address}/{form}", {"title.zh": "x"}).status_code == 404
    assert office.get("/catalogues/no-such-key/entry").status_code == 404


def test_hostile_text_in_a_catalogue_is_shown_as_text(office: Browser) -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e"
    address = made(office, "k-hostile")
    added(office, address, hostile, note=hostile, units__0__name=hostile)
    saved(office, f"{address}/publication", note=hostile)
    for form in ("", "/edit", "/entry?entry=01", "/publication?number=1", "/adjust"):
        told = office.get(address + form).text
        assert "<script>alert" not in told
        assert "<img src=x" not in told
    assert "&lt;script&gt;" in told
    for form in ("entry", "adjust", "publication", "edit"):
        fields = {"title.zh": hostile, "entries.0.kind": hostile, "units.99999999999.name": "x", "units.a.name": "x"}
        assert office.post(f"{address}/{form}", fields | {"id": hostile, "published.day": hostile}).status_code in {
            409,
            422,
        }


def test_nobody_else_sends_these_forms(district: DemoDistrict, office: Browser) -> None:
    address = office_catalogue(office)
    for role in (Role.DEPARTMENT, Role.LEGAL_OFFICE, Role.AUDITOR, Role.ADMIN):
        for form in ("/catalogues/new", *(f"{address}/{form}" for form in ("edit", "entry", "adjust", "publication"))):
            assert district.somebody(role).post(form, {"title.zh": "x", "version": "1"}).status_code == 403
