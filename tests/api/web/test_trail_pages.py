"""The trail in the browser: the newest first, and verified against a head that was kept elsewhere."""

import json
import re

import pytest

from api.identity.roles import Role
from tests.api.web.district import Browser, DemoDistrict

OTHER = "f" * 64


@pytest.fixture
def auditor(district: DemoDistrict) -> Browser:
    return district.somebody(Role.AUDITOR)


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<th scope="row" class="number">(\d+)</th>', page)]


def head(auditor: Browser) -> dict[str, str]:
    found: dict[str, str] = auditor.get("/api/v1/trail/head").json()
    return found


def test_entries_stand_newest_first_and_page_on_without_a_gap(auditor: Browser) -> None:
    first = auditor.get("/trail", limit=5).text
    cursor = re.search(r'name="cursor" value="([^"]+)"', first)
    assert cursor
    second = auditor.get("/trail", limit=5, cursor=cursor[1]).text
    together = numbers(first) + numbers(second)
    assert len(together) == 10
    assert together == sorted(set(together), reverse=True)
    assert together == numbers(auditor.get("/trail", limit=10).text)


def test_entries_are_chosen_by_their_action(auditor: Browser) -> None:
    page = auditor.get("/trail", action="record.created", limit=500).text
    assert set(re.findall(r"<td>([a-z_]+\.[a-z_]+)</td>", page)) == {"record.created"}


@pytest.mark.parametrize("written", ["{number} {digest}", "链首 {number} {digest}", "json"])
def test_a_trail_that_stands_is_told_so_against_a_head_however_it_was_kept(auditor: Browser, written: str) -> None:
    kept = head(auditor)
    pasted = json.dumps(kept) if written == "json" else written.format(**kept)
    told = auditor.post("/trail/verify", {"exported": pasted})
    assert told.status_code == 200
    assert "留痕链完整" in told.text
    assert kept["digest"] in told.text


def test_a_head_may_be_handed_in_as_the_file_that_was_downloaded(auditor: Browser) -> None:
    kept = head(auditor)
    told = {
        digest: auditor.post("/trail/verify", files={"file": ("head.json", json.dumps(kept | {"digest": digest}))})
        for digest in (kept["digest"], OTHER)
    }
    assert "留痕链完整" in told[kept["digest"]].text
    assert "留痕链有问题" in told[OTHER].text


def test_a_file_that_is_no_head_is_refused_and_an_empty_field_for_one_is_none(auditor: Browser) -> None:
    assert auditor.post("/trail/verify", files={"file": ("head", b"\x00\xff" * 9_000)}).status_code == 422
    assert "没有对照此前导出的链首" in auditor.post("/trail/verify", files={"file": ("", b"")}).text


def test_without_a_head_it_says_what_would_not_show(auditor: Browser) -> None:
    told = auditor.post("/trail/verify", {"exported": ""}).text
    assert "没有对照此前导出的链首" in told


def test_a_head_of_another_trail_is_found_out(auditor: Browser) -> None:
    told = auditor.post("/trail/verify", {"exported": f"{head(auditor)['number']} {OTHER}"}).text
    assert "留痕链有问题" in told
    assert 'role="alert"' in told


@pytest.mark.parametrize("pasted", ["<script>alert(1)</script>", '{"number": 1}', "9" * 40, "[" * 9_000])
def test_what_is_no_head_is_refused_and_shown_as_text(auditor: Browser, pasted: str) -> None:
    told = auditor.post("/trail/verify", {"exported": pasted})
    assert told.status_code == 422
    assert "<script>alert" not in told.text


def test_a_department_reads_no_trail(district: DemoDistrict) -> None:
    department = district.somebody(Role.DEPARTMENT)
    assert department.get("/trail").status_code == 403
    assert department.post("/trail/verify").status_code == 403
