"""Filling in a record: facts and rounds, with drafts, with the effect shown first, and problems told."""

import re
from typing import Any

import pytest

from tests.api.web.district import Browser, DemoDistrict


@pytest.fixture
def clerk(district: DemoDistrict) -> Browser:
    """Give the browser of a department."""
    return district.browser("wenlv")


FACTS = {
    "title.zh": "云岭县夜间开放景区方案(虚构)",
    "organ": "云岭县人民政府(虚构)",
    "organ_level": "county",
    "matter_class": "public_policy",
    "made_up": "yes",
    "units.0.name": "云岭县文化和旅游局(虚构)",
    "units.0.role": "lead",
    "determinations.technical.value": "yes",
    "determinations.technical.reason": "涉及客流测算",
    "determinations.risk_possible.value": "unknown",
}


def made(clerk: Browser, own_id: str, **more: Any) -> str:  # noqa: ANN401 - fields of a form
    answer = clerk.post("/records/new", FACTS | {"id": own_id} | more)
    assert answer.status_code == 303, re.findall(r'class="problem".*?</div>', answer.text, re.DOTALL)
    return str(answer.headers["location"]).split("/")[2]


def version_of(clerk: Browser, address: str) -> dict[str, str]:
    found = re.search(r'name="version" value="(\d+)"', clerk.get(address).text)
    assert found
    return {"version": found[1]}


def body_of(clerk: Browser, key: str) -> dict[str, Any]:
    body: dict[str, Any] = clerk.get(f"/api/v1/records/{key}").json()["record"]
    return body


def test_a_new_record_says_what_was_typed_and_nothing_of_what_is_not_known(clerk: Browser) -> None:
    body = body_of(clerk, made(clerk, "new-1"))
    assert body["title"] == FACTS["title.zh"]
    assert body["determinations"].keys() == {"technical"}
    assert body["determinations"]["technical"]["reason"] == "涉及客流测算"


def test_the_code_of_a_record_is_made_by_the_server(clerk: Browser) -> None:
    found = re.search(r'name="id" value="(\d{8}-\w{6})"', clerk.get("/records/new").text)
    assert found
    assert made(clerk, found[1])


def test_problems_stand_beside_their_fields_and_what_was_typed_stays(clerk: Browser) -> None:
    answer = clerk.post("/records/new", FACTS | {"id": "no good id", "organ_level": "", "title.zh": "<b>粗</b>"})
    assert answer.status_code == 422
    assert re.search(r'id="id"[^>]*aria-invalid="true"', answer.text)
    assert re.search(r'id="organ_level"[^>]*aria-invalid="true"', answer.text)
    assert "&lt;b&gt;粗&lt;/b&gt;" in answer.text
    assert "涉及客流测算" in answer.text


def test_a_round_is_added_and_completed(clerk: Browser) -> None:
    key = made(clerk, "rounds-1")
    address = f"/records/{key}/steps/public_comment"
    planned = {"opened.how": "planned", "opened.day": "2026年12月1日"}
    assert clerk.post(address, planned | version_of(clerk, address)).status_code == 303
    assert body_of(clerk, key)["steps"]["public_comment"][0]["opened"] == {"planned": "2026-12-01"}
    again = f"{address}?round=1"
    assert 'value="2026-12-01"' in clerk.get(again).text
    said = {"opened.how": "actual", "opened.day": "2026-11", "channels": ["website"], "documents": ["notice"]}
    answer = clerk.post(again, said | version_of(clerk, again))
    assert answer.headers["location"] == f"{again}&saved=1#files"
    (entry,) = body_of(clerk, key)["steps"]["public_comment"]
    assert entry["opened"] == {"planned": "2026-12-01", "actual": "2026-11"}
    assert (entry["channels"], entry["documents"]) == (["website"], [{"kind": "notice"}])


def test_done_with_an_unknown_day_and_not_yet_are_answers(clerk: Browser) -> None:
    key = made(clerk, "rounds-2")
    address = f"/records/{key}/steps/risk_assessment"
    said = {"started.how": "unknown", "completed.how": "", "departments_heard": ""}
    clerk.post(address, said | version_of(clerk, address))
    (entry,) = body_of(clerk, key)["steps"]["risk_assessment"]
    assert entry["started"] == {"actual": "unknown"}
    assert entry.keys() == {"started", "entered"}


def test_a_wrong_day_is_told_beside_it(clerk: Browser) -> None:
    key = made(clerk, "rounds-3")
    address = f"/records/{key}/steps/public_comment"
    said = {"opened.how": "actual", "opened.day": "去年冬天", "note": "记住我"}
    answer = clerk.post(address, said | version_of(clerk, address))
    assert answer.status_code == 422
    assert 'id="problem-opened-1"' in answer.text
    assert 'value="去年冬天"' in answer.text
    assert "记住我" in answer.text


def test_the_effect_is_shown_before_anything_is_stored(clerk: Browser) -> None:
    key = made(clerk, "effect-1")
    address = f"/records/{key}/steps/public_comment"
    version = version_of(clerk, address)
    short = {"opened.how": "actual", "opened.day": "2026-10-09", "closed.how": "actual", "closed.day": "2026-10-16"}
    told = clerk.post(address, short | version | {"action": "preview"})
    assert told.status_code == 200
    ahead = told.text.split('class="ahead"')[1].split("</section>")[0]
    assert 'href="/rules/NR-15b"' in ahead
    assert 'class="mark flag"' in ahead
    assert 'value="2026-10-16"' in told.text
    assert "steps" not in body_of(clerk, key)


def test_a_form_made_of_an_older_version_changes_nothing_until_it_is_looked_at(clerk: Browser) -> None:
    key = made(clerk, "stale-1")
    address = f"/records/{key}/steps/public_comment"
    version = version_of(clerk, address)
    said = {"opened.how": "actual", "opened.day": "2026-10-09"}
    assert clerk.post(address, said | version).status_code == 303
    told = clerk.post(address, said | version)
    assert told.status_code == 409
    assert 'value="2026-10-09"' in told.text
    assert len(body_of(clerk, key)["steps"]["public_comment"]) == 1


def test_a_draft_is_kept_until_it_is_saved_and_only_for_who_typed_it(district: DemoDistrict, clerk: Browser) -> None:
    key = made(clerk, "draft-1")
    address = f"/records/{key}/steps/drafting"
    assert clerk.post(address, {"note": "写到一半", "action": "draft"}).status_code == 303
    assert clerk.post(address, {"note": "写到一半多", "action": "draft", "quietly": "1"}).status_code == 204
    assert "写到一半多" in clerk.get(address).text
    assert address in clerk.get("/work").text
    assert "写到一半多" not in district.browser("linye").get("/work").text
    assert "steps" not in body_of(clerk, key)
    clerk.post(address, {"note": "写完"} | version_of(clerk, address))
    assert "写到一半多" not in clerk.get(address).text


def test_a_draft_is_discarded(clerk: Browser) -> None:
    clerk.post("/records/new", {"title.zh": "不要的", "action": "draft"})
    assert "不要的" in clerk.get("/records/new").text
    clerk.post("/records/new", {"action": "discard"})
    assert "不要的" not in clerk.get("/records/new").text


def test_a_file_is_kept_by_its_digest_and_shown_with_the_round(clerk: Browser) -> None:
    key = made(clerk, "file-1")
    address = f"/records/{key}/steps/public_comment"
    clerk.post(address, {"opened.how": "actual", "opened.day": "2026-10-09"} | version_of(clerk, address))
    files = {"file": ("公告.txt", "公开征求意见".encode(), "text/plain")}
    sent = clerk.post(f"{address}/evidence?round=1", {"kind": "notice"}, files=files)
    assert sent.status_code == 303, sent.text
    assert "公告.txt" in clerk.get(f"{address}?round=1").text
    assert "公告.txt" in clerk.get(f"/records/{key}/history").text
    refused = clerk.post(f"{address}/evidence?round=1", {"kind": "notice"}, files={"file": ("a.exe", b"MZ", "x/y")})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text


def test_a_draft_version_gets_its_code_and_its_digest_here(clerk: Browser) -> None:
    key = made(clerk, "drafts-1")
    version = version_of(clerk, f"/records/{key}/edit")
    sent = clerk.post(f"/records/{key}/draft-versions", version, files={"file": ("d.txt", b"one", "text/plain")})
    assert sent.status_code == 303, sent.text
    (draft,) = body_of(clerk, key)["drafts"]
    assert (draft["id"], draft["sha256"][:8]) == ("v1", "7692c3ad")


def test_facts_are_corrected_and_the_history_tells_what_changed(clerk: Browser) -> None:
    key = made(clerk, "facts-1")
    address = f"/records/{key}/edit"
    assert "涉及客流测算" in clerk.get(address).text
    assert clerk.post(address, FACTS | {"id": "facts-1", "organ": "另一机关(虚构)"} | version_of(clerk, address))
    told = clerk.get(f"/records/{key}/history").text
    assert "另一机关(虚构)" in told
    assert "<code>organ</code>" in told


def test_steps_that_a_matter_does_not_need_are_folded(district: DemoDistrict) -> None:
    clerk = district.browser("minzheng")
    told = clerk.get(f"/records/{district.key_of('yunling-2026-01-home-visits')}/edit").text
    before, folded = told.split("<details><summary>", 1)
    assert "steps/public_comment" in before
    assert "steps/fair_competition_review" in folded


def test_a_step_leads_to_its_round_that_is_under_way_and_to_a_new_one_where_all_are_completed(
    district: DemoDistrict,
) -> None:
    key = district.key_of("yunling-2026-01-home-visits")
    told = district.browser("minzheng").get(f"/records/{key}/edit").text
    assert f'<th scope="row"><a href="/records/{key}/steps/legality_review?round=1">' in told
    assert f'<th scope="row"><a href="/records/{key}/steps/initial_legality_review">' in told


def test_nobody_fills_in_the_record_of_another_unit(district: DemoDistrict) -> None:
    other = district.browser("linye")
    key = district.key_of("yunling-2026-01-home-visits")
    for address in (f"/records/{key}/edit", f"/records/{key}/steps/drafting", f"/records/{key}/history"):
        assert other.get(address).status_code == 404
    assert other.post(f"/records/{key}/steps/drafting", {"note": "x", "version": "1"}).status_code == 404
    assert district.browser("caizheng").get(f"/records/{key}/edit").status_code == 403


def test_forms_are_in_english_too(district: DemoDistrict) -> None:
    told = district.browser("wenlv", language="en").get("/records/new").text
    assert "See the effect first" in told
    assert "认定" not in told
