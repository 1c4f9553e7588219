"""Tables are read: each bad cell is named, rows of a bad record are refused, and the rest goes on."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from api.office.problems import CellProblem
from engine.record import DecisionRecord
from tests.api.office.conftest import Read, Sheets, sheets, workbook

COMMENT = "公开征求意见 public_comment"

Change = Callable[[Any], object]
"""Changes the sheet of public comment as it is written."""


def _comment(**fields: object) -> list[list[Any]]:
    row = {"record.id": "a-matter", "round.number": 1, **fields}
    return [[f"[{name.replace('__', '.')}]" for name in row], list(row.values())]


def _told(read: Read, given: Sheets | bytes) -> CellProblem:
    found = read(given)
    assert not found.records
    (problem,) = found.problems
    assert isinstance(problem, CellProblem)
    return problem


def _first_round(record: DecisionRecord) -> dict[str, Any]:
    found: dict[str, Any] = record.model_dump(mode="json", exclude_none=True)["steps"]["public_comment"][0]
    return found


def test_a_workbook_is_read_as_a_record(read: Read) -> None:
    rounds = _comment(
        opened=date(2024, 3, 1), closed="2024年4月2日", channels="政府网站;new_media、公告栏", opinions="１２"
    )
    found = read(sheets({COMMENT: rounds}))
    assert not found.problems
    (record,) = found.records
    entry = _first_round(record)
    assert record.title == "某事项(虚构)"
    assert (entry["opened"], entry["closed"]) == ({"actual": "2024-03-01"}, {"actual": "2024-04-02"})
    assert (entry["channels"], entry["opinions"]) == (["website", "new_media", "notice_board"], 12)


@pytest.mark.parametrize(
    ("fields", "code", "cell"),
    [
        ({"opened": "3/1/2024"}, "not_a_moment", "C2"),
        ({"opened": 45352}, "not_a_moment", "C2"),
        ({"opened": "2024年2月30日"}, "no_such_day", "C2"),
        ({"opinions": "约30"}, "not_a_number", "C2"),
        ({"opinions": 12.5}, "not_a_number", "C2"),
        ({"urgent": 1}, "not_yes_or_no", "C2"),
        ({"channels": "政府网站、抖音"}, "not_a_choice", "C2"),
        ({"draft": date(2024, 3, 1)}, "wrong_type", "C2"),
        ({"draft": 1.5}, "wrong_type", "C2"),
        ({"draft": "v9"}, "unknown_draft", "C2"),
        ({"opened": "2024-03-05", "closed": "2024-03-01"}, "end_before_start", "D2"),
        ({"nonsense": "x"}, "unknown_column", "C1"),
        ({"round.number": "", "opened": "2024-03-01"}, "missing_field", "B2"),
        ({"round.number": 2}, "round_missing", "A2"),
        ({"record.id": "another"}, "unknown_id", "A2"),
    ],
)
def test_a_bad_cell_is_named(read: Read, fields: dict[str, Any], code: str, cell: str) -> None:
    found = read(sheets({COMMENT: _comment(**fields)}))
    (problem,) = found.problems
    assert isinstance(problem, CellProblem)
    assert (problem.code, problem.sheet, problem.cell) == (code, COMMENT, cell)
    # Whose row it is cannot be told of an unknown id: the record is whole without it.
    assert bool(found.records) == (code == "unknown_id")


def test_a_problem_says_the_sheet_the_cell_the_heading_and_what_to_do(read: Read) -> None:
    problem = _told(read, sheets({COMMENT: _comment(opened="三月初")}))
    assert str(problem).startswith(f"made-up.xlsx:2 {COMMENT}!C2 公告发布 opened: given '三月初'; expected a ")
    assert problem.say("zh").startswith(f"made-up.xlsx:2 {COMMENT}!C2 公告发布 opened: 输入为 '三月初';应为 ")
    assert problem.owner == "a-matter"


def test_the_other_records_are_read_beside_a_bad_one(read: Read) -> None:
    given = sheets()
    headings, row = given["事项 record"]
    given["事项 record"] = [headings, row, ["bad", "", "是", "CN", "某县(虚构)", "某级"], ["good", *row[1:]]]
    found = read(given)
    assert [record.id for record in found.records] == ["a-matter", "good"]
    assert {problem.cell for problem in found.problems if isinstance(problem, CellProblem)} == {"F3"}


def test_rows_of_a_bad_record_are_told_as_well(read: Read) -> None:
    given = sheets({COMMENT: _comment(opened="三月初")}, record={"organ_level": "某级"})
    assert [problem.code for problem in read(given).problems] == ["not_a_choice", "not_a_moment"]


def test_an_id_that_stands_twice_is_refused(read: Read) -> None:
    given = sheets()
    given["事项 record"].append(given["事项 record"][1])
    assert _told(read, given).code == "duplicate_id"


def test_a_field_that_is_missing_is_told_at_its_blank_cell(read: Read) -> None:
    problem = _told(read, sheets(record={"organ": "\u3000"}))
    assert (problem.code, problem.cell, problem.heading) == ("missing_field", "E2", "决策机关 organ")


def test_a_sheet_of_no_known_name_is_told_and_a_blank_one_is_not(read: Read) -> None:
    found = read(sheets({"草稿": [["x"]], "Sheet2": []}))
    assert ([problem.code for problem in found.problems], len(found.records)) == (["unknown_sheet"], 1)


def test_a_sheet_without_its_first_heading_refuses_all_records(read: Read) -> None:
    assert _told(read, sheets({COMMENT: [["[opened]"], ["2024-03-01"]]})).code == "missing_column"


def test_a_document_of_a_round_that_is_not_there_is_refused(read: Read) -> None:
    rows: list[list[Any]] = [
        ["[record.id]", "[step]", "[round.number]", "[kind]"],
        ["a-matter", "公开征求意见", 1, "notice"],
    ]
    problem = _told(read, sheets({"材料 documents": rows}))
    assert (problem.code, problem.cell) == ("unknown_round", "C2")


def test_the_year_of_a_number_and_a_blank_row_are_understood(read: Read) -> None:
    rounds: list[list[Any]] = [*_comment(opened=2024.0), [" ", "\u3000", ""]]
    (record,) = read(sheets({COMMENT: rounds})).records
    assert _first_round(record)["opened"] == {"actual": "2024"}


def _book(change: Change) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in sheets({COMMENT: _comment(opened="2024-03-01", opinions=3)}).items():
            page = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                page.write_row(row, 0, cells)
            if name == COMMENT:
                change(page)
    return content.getvalue()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda page: page.set_row(1, None, None, {"hidden": True}), "hidden_cell"),
        (lambda page: page.set_column(2, 2, None, None, {"hidden": True}), "hidden_cell"),
        (lambda page: page.hide(), "hidden_sheet"),
        (lambda page: page.merge_range("A2:A3", "a-matter"), "merged_cells"),
        (lambda page: page.write_formula("D2", "=1/0", None, "#DIV/0!"), "error_in_cell"),
    ],
)
def test_what_cannot_be_seen_or_was_never_worked_out_is_refused(read: Read, change: Change, code: str) -> None:
    found = read(_book(change))
    assert not found.records
    assert {problem.code for problem in found.problems} == {code}


def test_a_formula_that_was_worked_out_is_read_by_its_value(read: Read) -> None:
    (record,) = read(_book(lambda page: page.write_formula("D2", "=SUM(4,5)", None, 9))).records
    assert _first_round(record)["opinions"] == 9


def test_a_formula_that_was_never_worked_out_is_refused(read: Read) -> None:
    content = _book(lambda page: page.write_formula("D2", "=SUM(4,5)", None, 987))
    assert (
        _told(read, _changed(content, "xl/worksheets/sheet2.xml", b"<v>987</v>", b"")).code == "formula_without_value"
    )


def _changed(content: bytes, part: str, before: bytes, after: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert before in parts[part]
    parts[part] = parts[part].replace(before, after, 1)
    return _packed(parts)


def _packed(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0 an old one", "not_a_workbook"),
        (b"PK\x03\x04 cut short", "not_a_workbook"),
        (_packed({"a.txt": b"x"}), "not_a_workbook"),
        (_packed({"record.csv": "编号".encode("gb18030")}), "not_utf8"),
        (_packed({"bomb.csv": b"0" * (300 * 1024 * 1024)}), "file_too_large"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_whole(read: Read, content: bytes, code: str) -> None:
    found = read(content)
    assert ([problem.code for problem in found.problems], found.records) == ([code], ())


def test_a_cell_at_the_far_end_of_a_sheet_is_refused_before_the_cells_before_it_are_laid_out(read: Read) -> None:
    content = _changed(workbook(sheets()), "xl/worksheets/sheet1.xml", b'r="A2"', b'r="XFD1048576"')
    assert [problem.code for problem in read(content).problems] == ["not_a_workbook"]


def test_xml_that_declares_entities_is_refused(read: Read) -> None:
    declared = b'<!DOCTYPE w [<!ENTITY a "b">]><worksheet'
    content = _changed(workbook(sheets()), "xl/worksheets/sheet1.xml", b"<worksheet", declared)
    assert [problem.code for problem in read(content).problems] == ["not_a_workbook"]


def test_xml_in_a_coding_that_nobody_knows_is_refused(read: Read) -> None:
    content = _changed(workbook(sheets()), "xl/worksheets/sheet1.xml", b'encoding="UTF-8"', b'encoding="U-8"')
    assert [problem.code for problem in read(content).problems] == ["not_a_workbook"]


def test_a_file_beyond_the_limit_is_refused(read: Read) -> None:
    assert [problem.code for problem in read(sheets(), limit=100).problems] == ["file_too_large"]
