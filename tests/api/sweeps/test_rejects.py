"""The reject file is whole or not there, opens in a spreadsheet, and runs no formula."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.sweeps.errors import DiskFullError
from api.sweeps.rejects import HEADINGS, Reject, keep_rejects, kept_rejects, write_rejects
from engine.vocabulary import Bilingual

REASON = Bilingual(zh="输入为 2024-02-30;应为 历法上存在的日期", en="given 2024-02-30; expected a day that exists")
DO = Bilingual(zh="更正日期", en="correct the day")
REJECTS = (
    Reject("matters.csv", 7, "m-1", "steps.notice[0].opened", "no_such_day", REASON, DO),
    Reject("=cmd|' /C calc'!A0", None, None, "+field", "-code", Bilingual(zh="＝1", en='@SUM(1)\n"x"'), DO),
)


def table(file: Path) -> list[list[str]]:
    return list(csv.reader(file.read_text("utf-8-sig").splitlines(keepends=True)))


def test_each_reject_is_a_row_with_file_row_record_field_reason_and_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "rejects.csv"
    assert write_rejects(file, REJECTS[:1]) == 1
    assert table(file) == [
        list(HEADINGS),
        [
            "matters.csv",
            "7",
            "m-1",
            "steps.notice[0].opened",
            "no_such_day",
            REASON.zh,
            REASON.en,
            DO.zh,
            DO.en,
        ],
    ]


def test_no_cell_of_the_reject_file_is_a_formula(tmp_path: Path) -> None:
    file = tmp_path / "rejects.csv"
    write_rejects(file, REJECTS)
    cells = table(file)[2]
    assert [cell[:1] for cell in cells if cell and cell not in (DO.zh, DO.en)] == ["'"] * 5


def test_a_sweep_without_rejects_writes_the_headings(tmp_path: Path) -> None:
    file = tmp_path / "rejects.csv"
    assert write_rejects(file, ()) == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert table(file) == [list(HEADINGS)]


def test_a_file_that_could_not_be_finished_leaves_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "rejects.csv"
    write_rejects(file, REJECTS[:1])
    before = file.read_bytes()

    def broken() -> Iterator[Reject]:
        yield REJECTS[1]
        raise OSError(28, "No space left on device")

    with pytest.raises(DiskFullError):
        write_rejects(file, broken())
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_kept_rejects_come_back_equal(tmp_path: Path) -> None:
    keep_rejects(tmp_path / "part.parquet", REJECTS)
    assert tuple(kept_rejects(tmp_path / "part.parquet")) == REJECTS
    keep_rejects(tmp_path / "none.parquet", ())
    assert tuple(kept_rejects(tmp_path / "none.parquet")) == ()
