"""A workbook that is uploaded: its records appear, or each bad cell is pointed out and nothing is lost."""

import io
import re
from html import unescape
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from api.identity.roles import Role
from tests.api.office.conftest import Sheets, workbook
from tests.api.web.district import Browser, DemoDistrict

ADDRESS = "/records/upload"
UNIT = "云岭县林业局(虚构)"
HEADINGS = ("id", "title.zh", "made_up", "jurisdiction", "organ", "organ_level", "matter_class")
COMMENT = "公开征求意见 public_comment"


@pytest.fixture
def clerk(district: DemoDistrict) -> Browser:
    """Give the browser of a department."""
    return district.browser("linye")


def rows(*ids: str, **fields: Any) -> Sheets:  # noqa: ANN401 - cells
    """Return a workbook with a record for each id, and with rounds of public comment."""
    usual = {
        "made_up": "是",
        "jurisdiction": "CN",
        "organ": "云岭县人民政府(虚构)",
        "organ_level": "县级",
        "matter_class": "重要规划",
    }
    records = [{"id": own_id, "title.zh": f"事项{own_id}(虚构)", **usual, **fields} for own_id in ids]
    return {
        "事项 record": [[f"[{name}]" for name in HEADINGS], *([one[name] for name in HEADINGS] for one in records)],
        "单位 units": [["[record.id]", "[name]", "[role]"], *([own_id, UNIT, "牵头单位"] for own_id in ids)],
        COMMENT: [
            ["[record.id]", "[round.number]", "[opened]", "[closed]", "[opinions]"],
            *([own_id, 1, "2026年9月1日", "2026-10-09", 12] for own_id in ids),
        ],
    }


def sent(clerk: Browser, sheets: Sheets, address: str = ADDRESS, **fields: str) -> Any:  # noqa: ANN401 - a response
    return clerk.post(
        address, dict(fields), files={"file": ("事项.xlsx", workbook(sheets), "application/octet-stream")}
    )


def told(text: str) -> list[list[str]]:
    """Return the cells that a page points out, row by row, as they are read."""
    body = text.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    return [
        [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", body)
    ]


def known(clerk: Browser, own_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = clerk.get("/api/v1/records", id=own_id).json()["items"]
    return found


def test_the_records_of_a_good_workbook_appear(clerk: Browser) -> None:
    answer = sent(clerk, rows("up-good-1", "up-good-2"))
    assert answer.status_code == 200
    for own_id in ("up-good-1", "up-good-2"):
        (row,) = known(clerk, own_id)
        assert f'href="/records/{row["key"]}"' in answer.text
        body = clerk.get(f"/api/v1/records/{row['key']}").json()["record"]
        assert (body["title"], body["units"]) == (f"事项{own_id}(虚构)", [{"name": UNIT, "role": "lead"}])
        (entry,) = body["steps"]["public_comment"]
        assert (entry["opened"]["actual"], entry["closed"]["actual"], entry["opinions"]) == (
            "2026-09-01",
            "2026-10-09",
            12,
        )
        assert clerk.get(f"/records/{row['key']}").status_code == 200


def broken(prefix: str) -> Sheets:
    """Return a workbook with two records, of which the second has bad cells on two sheets."""
    sheets = rows(f"{prefix}-1", f"{prefix}-2")
    sheets["事项 record"][2][5] = "区级"
    sheets[COMMENT][2][2:] = ["九月初", "2026-02-30", "约30"]
    return sheets


def test_each_bad_cell_is_pointed_out_and_nothing_is_submitted(clerk: Browser) -> None:
    answer = sent(clerk, broken("up-bad"))
    assert answer.status_code == 422
    found = told(answer.text)
    assert [row[:2] + row[3:5] for row in found] == [
        ["事项 record", "F3", "up-bad-2", "'区级'"],
        [COMMENT, "C3", "up-bad-2", "'九月初'"],
        [COMMENT, "D3", "up-bad-2", "'2026-02-30'"],
        [COMMENT, "E3", "up-bad-2", "'约30'"],
    ]
    assert all(len(row) == 7 and row[2] and row[5] and row[6] for row in found)
    assert "没有提交任何内容" in answer.text
    assert "事项up-bad-1" in answer.text.split('id="waits"')[1]
    assert known(clerk, "up-bad-1") == known(clerk, "up-bad-2") == []


def test_once_the_cells_are_mended_the_whole_file_is_taken(clerk: Browser) -> None:
    assert sent(clerk, broken("up-mended")).status_code == 422
    assert sent(clerk, rows("up-mended-1", "up-mended-2")).status_code == 200
    assert known(clerk, "up-mended-1")
    assert known(clerk, "up-mended-2")


def test_on_request_the_good_records_are_submitted_and_the_others_told(clerk: Browser) -> None:
    answer = sent(clerk, broken("up-part"), partly="yes")
    assert answer.status_code == 422
    assert [row[1] for row in told(answer.text)] == ["F3", "C3", "D3", "E3"]
    assert "事项up-part-1" in answer.text.split('id="done"')[1]
    assert known(clerk, "up-part-1")
    assert known(clerk, "up-part-2") == []


def test_all_that_the_service_refuses_is_told_and_nothing_of_the_file_is_entered(clerk: Browser) -> None:
    assert sent(clerk, rows("up-taken-1", "up-taken-2")).status_code == 200
    sheets = rows("up-taken-1", "up-fresh", "up-taken-2", "up-foreign")
    sheets["单位 units"][4][1] = "云岭县商务局(虚构)"
    answer = sent(clerk, sheets)
    assert answer.status_code == 422
    refused = answer.text.split('id="refused"')[1].split("</section>")[0]
    assert [own_id in refused for own_id in ("up-taken-1", "up-taken-2", "up-foreign", "up-fresh")] == [True] * 3 + [
        False
    ]
    assert "事项up-fresh" in answer.text.split('id="waits"')[1]
    assert known(clerk, "up-fresh") == []
    assert len(known(clerk, "up-taken-1")) == 1
    assert sent(clerk, sheets, partly="yes").status_code == 422
    assert known(clerk, "up-fresh")


def test_of_very_many_bad_cells_the_first_are_told_with_their_number(clerk: Browser) -> None:
    sheets = rows(*(f"up-many-{number}" for number in range(400)), organ_level="区级")
    answer = sent(clerk, sheets)
    assert answer.status_code == 422
    assert len(told(answer.text)) == 200
    assert ": 400." in answer.text
    assert len(answer.content) < 150_000


def test_hostile_cells_are_shown_as_text(clerk: Browser) -> None:
    hostile = "<script>alert(1)</script>"
    answer = sent(clerk, rows("up-hostile", organ_level=hostile) | {"<script>": [["x"], ["y"]]})
    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize(
    "files",
    [
        {"file": ("a.xlsx", b"no workbook", "application/octet-stream")},
        {"file": ("a.xlsx", workbook({"事项 record": [["[id]"]]}), "application/octet-stream")},
        {"other": ("a.xlsx", b"x", "application/octet-stream")},
    ],
    ids=["no workbook", "no rows", "no file"],
)
def test_a_file_without_anything_to_take_is_told(clerk: Browser, files: dict[str, Any]) -> None:
    answer = clerk.post(ADDRESS, files=files)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_empty_template_is_given_and_a_filled_one_is_taken(district: DemoDistrict, language: str) -> None:
    clerk = district.browser("linye", language=language)
    links = re.findall(r'href="(/records/upload/template\.xlsx[^"]*)"', clerk.get(ADDRESS).text)
    assert [link.partition("=")[2] for link in links] == ["major_decision", "normative_document"]
    given = clerk.get(links[0])
    assert given.headers["content-disposition"] == 'attachment; filename="major_decision.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(given.content))
    sheets: Sheets = {name: book.get_sheet_by_name(name).to_python()[:1] for name in book.sheet_names if " " in name}
    own_id = f"up-template-{language}"
    for name, filled in rows(own_id).items():
        names = [re.sub(r"^.*\[(.*)\]$", r"\1", str(heading), flags=re.DOTALL) for heading in sheets[name][0]]
        known_by = [str(heading).strip("[]") for heading in filled[0]]
        cells = dict(zip(known_by, filled[1], strict=True))
        assert set(cells) <= set(names)
        sheets[name].append([cells.get(one, "") for one in names])
    assert sent(clerk, sheets).status_code == 200
    assert known(clerk, own_id)


def test_there_is_no_template_of_an_unknown_procedure(clerk: Browser) -> None:
    for procedure in ("no_such", "catalogue"):
        assert clerk.get(f"{ADDRESS}/template.xlsx", procedure=procedure).status_code == 404


def test_a_catalogue_is_uploaded_by_the_general_office(district: DemoDistrict) -> None:
    office = district.somebody(Role.GENERAL_OFFICE)
    address = "/catalogues/upload"
    assert f'href="{address}/template.xlsx"' in office.get(address).text
    assert office.get(f"{address}/template.xlsx").status_code == 200
    head = {"id": "up-catalogue", "title.zh": "目录(虚构)", "jurisdiction": "CN", "organ": "机关(虚构)", "year": "明年"}
    head |= {"organ_level": "县级", "made_up": "是"}

    def sheets(**more: str) -> Sheets:
        row = head | more
        return {
            "目录 catalogue": [[f"[{name}]" for name in row], [*row.values()]],
            "目录事项 entries": [["[catalogue.id]", "[id]", "[title.zh]"], ["up-catalogue", "01", "某事(虚构)"]],
        }

    bad = sent(office, sheets(), address)
    assert bad.status_code == 422
    assert [row[1] for row in told(bad.text)] == ["E2"]
    answer = sent(office, sheets(year="2025"), address)
    assert answer.status_code == 303, answer.text
    assert "某事(虚构)" in office.get(answer.headers["location"]).text
    again = sent(office, sheets(year="2025"), address)
    assert again.status_code == 422
    assert "up-catalogue" in again.text.split('role="alert"')[1].split("</div>")[0]
