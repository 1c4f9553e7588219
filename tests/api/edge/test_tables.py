"""Tables open in Excel, hold no formula that runs, and print what they rest on."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from api.edge.tables import XLSX, Basis, Cell, Format, exported
from api.formulas import disarmed
from api.identity.roles import Role
from api.store import trail
from api.store.trail import Head
from engine.vocabulary import Bilingual, Language, Verdict
from tests.api.serving import Served

RULES = "/api/v1/rules"
AT = datetime(2026, 6, 30, 8, 30, tzinfo=UTC)
NAMES = (Bilingual(zh="事项", en="matter"), Bilingual(zh="结论", en="verdict"))
BASIS = Basis(
    Bilingual(zh="清单", en="list"),
    printed_at=AT,
    as_of=date(2026, 6, 30),
    known_at=AT,
    rulebook="ab" * 32,
    trail=Head(number=7, digest="cd" * 32),
)
LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", '=HYPERLINK("http://x","y")', "-"]


def content(form: Format, rows: list[list[Cell]], language: Language = "zh") -> bytes:
    def answer(_: Request) -> Response:
        return exported(form, NAMES, rows, basis=BASIS, language=language, name="list")

    return TestClient(Starlette(routes=[Route("/", answer)])).get("/").content


def table(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def sheets(raw: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_csv_begins_with_the_mark_by_which_excel_knows_utf_8() -> None:
    assert content(Format.CSV, []).startswith(b"\xef\xbb\xbf")


def test_csv_has_headings_rows_and_below_them_what_they_rest_on() -> None:
    assert table(content(Format.CSV, [["调整公交票价", Verdict.VIOLATED], ['a, "b"\nc', None]])) == [
        ["事项", "结论"],
        ["调整公交票价", "违反"],
        ['a, "b"\nc', ""],
        [],
        ["表名", "清单"],
        ["基准日", "2026-06-30"],
        ["知悉时点", "2026-06-30 16:30:00"],
        ["规则库摘要", "ab" * 32],
        ["留痕链首", f"7 {'cd' * 32}"],
        ["导出时间", "2026-06-30 16:30:00"],
    ]


def test_english_is_told_in_english() -> None:
    rows = table(content(Format.CSV, [["x", Verdict.VIOLATED]], "en"))
    assert rows[:2] == [["matter", "verdict"], ["x", "violated"]]
    assert rows[4] == ["as of", "2026-06-30"]


def test_xlsx_has_the_rows_on_one_sheet_and_what_they_rest_on_on_another() -> None:
    found = sheets(content(Format.XLSX, [["调整公交票价", Verdict.VIOLATED], ["x", 3]]))
    assert found["表1"] == [["事项", "结论"], ["调整公交票价", "违反"], ["x", 3.0]]
    assert ["规则库摘要", "ab" * 32] in found["依据"]


@pytest.mark.parametrize("text", LIVE)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert disarmed(text) == f"'{text}"
    (_, (cell, *_), *_) = csv.reader(io.StringIO(content(Format.CSV, [[text, text]]).decode("utf-8-sig"), newline=""))
    assert cell.startswith("'")
    book = zipfile.ZipFile(io.BytesIO(content(Format.XLSX, [[text, text]])))
    assert all(b"<f>" not in book.read(name) for name in book.namelist())


@pytest.mark.parametrize("text", ["a=1", "1-2", "调整", "(=1)", "", "'=1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert disarmed(text) == text


def test_numbers_stay_numbers_below_zero_too() -> None:
    assert table(content(Format.CSV, [[-3, 2.5]]))[1] == ["-3", "2.5"]
    assert sheets(content(Format.XLSX, [[-3, 2.5]]))["表1"][1] == [-3.0, 2.5]


def test_what_no_cell_can_hold_is_left_out_or_cut() -> None:
    text = "a\x00\x07\x1bb\uffff" + "长" * 40_000
    for form in (Format.CSV, Format.XLSX):
        raw = content(form, [[text, "next"]])
        cells = table(raw)[1] if form == Format.CSV else sheets(raw)["表1"][1]
        assert cells[0].startswith("ab长")
        assert len(cells[0]) == 32_000
        assert cells[1] == "next"


def test_a_large_table_leaves_memory_and_comes_whole() -> None:
    rows: list[list[Cell]] = [[f"事项{number}" + "x" * 100, number] for number in range(20_000)]
    assert len(table(content(Format.CSV, rows))) == 20_000 + 8


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/csv", "text/csv; charset=utf-8"),
        (XLSX, XLSX),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/html, application/json;q=0.9, text/csv;q=0.8", "application/json"),
        ("application/json;q=0.5, text/csv", "text/csv; charset=utf-8"),
    ],
)
def test_the_form_is_the_one_that_is_accepted(served: Served, accept: str, media: str) -> None:
    answer = served.client(Role.AUDITOR).get(RULES, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media


def test_a_form_that_there_is_not_is_refused(served: Served) -> None:
    client = served.client(Role.AUDITOR)
    assert client.get(RULES, headers={"Accept": "image/png"}).status_code == 406
    assert client.get(RULES, headers={"Accept": "text/csv;q=0"}).status_code == 406
    assert client.get(RULES, params={"format": "pdf"}).status_code == 422


def test_a_list_is_exported_whole_with_the_rulebook_and_the_head_of_the_trail(served: Served) -> None:
    rows = table(served.client(Role.AUDITOR).get(RULES, params={"format": "csv", "limit": 1}).content)
    with served.service.database.reading() as session:
        head = trail.head(session)
    assert len(rows) == len(served.service.rulebook.cards) + 6
    assert ["rulebook", served.service.rulebook.digest] in rows
    assert ["head of the trail", f"{head.number} {head.digest}"] in rows


def test_a_table_is_saved_under_a_name(served: Served) -> None:
    answer = served.client(Role.AUDITOR).get(RULES, params={"format": "xlsx"})
    assert answer.headers["content-disposition"] == 'attachment; filename="rules.xlsx"'
