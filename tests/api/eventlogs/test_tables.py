import gzip
from pathlib import Path

from api.eventlogs.events import Case, Unreadable
from api.eventlogs.mapping import Columns
from api.eventlogs.tables import read_table

COLUMNS = Columns(case="case", activity="activity", time="time")


def _read(path: Path, of_the_case: tuple[str, ...] = ()) -> tuple[list[Case], list[str]]:
    found = list(read_table(path, COLUMNS, of_the_case=frozenset(of_the_case)))
    cases = [part for part in found if isinstance(part, Case)]
    return cases, [str(part.problem) for part in found if isinstance(part, Unreadable)]


def _log(tmp_path: Path, text: str) -> Path:
    (tmp_path / "log.csv").write_text(text, encoding="utf-8")
    return tmp_path / "log.csv"


def test_rows_of_a_case_may_stand_apart(tmp_path: Path) -> None:
    cases, told = _read(_log(tmp_path, "case,activity,time\na,A,2024-03-01\nb,A,2024-03-01\na,B,2024-03-02\n"))
    assert [(case.id, [event.activity for event in case.events]) for case in cases] == [("a", ["A", "B"]), ("b", ["A"])]
    assert [event.line for event in cases[0].events] == [2, 4]
    assert told == []


def test_a_compressed_log_with_a_mark_of_its_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress("case,activity,time\n甲,受理,2024-03-01\n".encode("utf-8-sig")))
    cases, _ = _read(path)
    assert [(case.id, case.events[0].activity) for case in cases] == [("甲", "受理")]


def test_rows_that_cannot_be_read_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = ["a,A,2024-03-01", "a,B", ",C,2024-03-01", "a,,2024-03-01", "a,D,2024-03-02"]
    cases, told = _read(_log(tmp_path, "\n".join(["case,activity,time", *rows])))
    assert [event.activity for event in cases[0].events] == ["A", "D"]
    assert [text.partition("log.csv")[2].partition(": given")[0] for text in told] == [
        ":3 (row)",
        ":4 case",
        ":5 a activity",
    ]


def test_a_row_with_an_open_quote_is_told(tmp_path: Path) -> None:
    cases, told = _read(_log(tmp_path, 'case,activity,time\na,A,2024-03-01\na,"B"x,2024-03-01\na,C,2024-03-01\n'))
    assert [event.activity for event in cases[0].events] == ["A", "C"]
    assert [":3 (row)" in text for text in told] == [True]


def test_a_row_that_is_no_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(b"case,activity,time\na,A,2024-03-01\na,\xb9\xab,2024-03-01\na,C,2024-03-01\n")
    cases, told = _read(tmp_path / "log.csv")
    assert [event.activity for event in cases[0].events] == ["A", "C"]
    assert [":3 (row)" in text for text in told] == [True]


def test_an_attribute_of_the_case_on_which_its_rows_differ_is_told(tmp_path: Path) -> None:
    path = _log(tmp_path, "case,activity,time,due\na,A,2024-03-01,x\na,B,2024-03-01,y\n")
    cases, told = _read(path, ("due",))
    assert cases[0].attributes == {"due": "x"}
    assert ["log.csv:3 a due: given 'y'" in text for text in told] == [True]


def test_columns_that_are_not_there_are_named(tmp_path: Path) -> None:
    cases, told = _read(_log(tmp_path, "case,activty,time\na,A,2024-03-01\n"))
    assert cases == []
    assert [
        "'activity'; expected one of the columns case, activty, time; perhaps 'activty'" in text for text in told
    ] == [True]


def test_a_file_that_is_not_there_or_broken_is_told(tmp_path: Path) -> None:
    _, told = _read(tmp_path / "none.csv")
    assert ["No such file" in text for text in told] == [True]
    (tmp_path / "broken.csv.gz").write_bytes(gzip.compress(b"case,activity,time\na,A,2024-03-01\n" * 50)[:-20])
    _, told = _read(tmp_path / "broken.csv.gz")
    assert ["unreadable_file" in text for text in told] == [True]
