import gzip
from pathlib import Path

import pytest

from api.eventlogs.events import Case, Unreadable
from api.eventlogs.mapping import Keys
from api.eventlogs.xes import read_xes

TIME = '<date key="time:timestamp" value="2024-03-01T09:30:00+08:00"/>'
EVENT = f'<event><string key="concept:name" value="{{}}"/>{TIME}</event>'
TRACE = '<trace><string key="concept:name" value="{}"/><int key="parcels" value="3"/>{}</trace>'


def _read(path: Path) -> tuple[list[Case], list[str]]:
    found = list(read_xes(path, Keys()))
    cases = [part for part in found if isinstance(part, Case)]
    return cases, [str(part.problem) for part in found if isinstance(part, Unreadable)]


def _log(
    tmp_path: Path, inside: str, *, head: str = '<log xmlns="http://www.xes-standard.org/" xes.version="2.0">'
) -> Path:
    (tmp_path / "log.xes").write_text(f"{head}\n{inside}\n</log>", encoding="utf-8")
    return tmp_path / "log.xes"


@pytest.mark.parametrize(
    "head", ['<log xmlns="http://www.xes-standard.org/" xes.version="2.0">', '<log xes.version="1.0">']
)
def test_traces_are_cases_with_or_without_the_namespace(tmp_path: Path, head: str) -> None:
    inside = "\n".join([TRACE.format("a", EVENT.format("A") + EVENT.format("B")), TRACE.format("b", EVENT.format("A"))])
    cases, told = _read(_log(tmp_path, inside, head=head))
    assert [(case.id, [event.activity for event in case.events], case.line) for case in cases] == [
        ("a", ["A", "B"], 2),
        ("b", ["A"], 3),
    ]
    assert cases[0].attributes["parcels"] == "3"
    assert told == []


def test_a_compressed_log_is_read(tmp_path: Path) -> None:
    path = _log(tmp_path, TRACE.format("a", EVENT.format("A")))
    packed = path.with_suffix(".xes.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert [case.id for case in _read(packed)[0]] == ["a"]


def test_events_and_traces_without_names_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    inside = "\n".join(["<trace/>", TRACE.format("a", "<event/>" + EVENT.format("A")), EVENT.format("B")])
    cases, told = _read(_log(tmp_path, inside))
    assert [[event.activity for event in case.events] for case in cases] == [["A"]]
    assert [text.rpartition("[")[2] for text in told] == [
        "case_without_name]",
        "event_without_activity]",
        "event_without_case]",
    ]


def test_what_stands_before_a_break_is_read(tmp_path: Path) -> None:
    path = _log(tmp_path, TRACE.format("a", EVENT.format("A")))
    path.write_text(path.read_text(encoding="utf-8").replace("</log>", "<trace><string"), encoding="utf-8")
    cases, told = _read(path)
    assert [case.id for case in cases] == ["a"]
    assert ["[not_readable]" in text for text in told] == [True]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE log [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE log SYSTEM "http://127.0.0.1:9/log.dtd">',
    ],
)
def test_a_document_type_is_refused_whatever_it_declares(tmp_path: Path, doctype: str) -> None:
    path = _log(tmp_path, TRACE.format("a", EVENT.format("A")), head=f"{doctype}<log>")
    cases, told = _read(path)
    assert cases == []
    assert ["[doctype_refused]" in text for text in told] == [True]


def test_another_kind_of_xml_is_told(tmp_path: Path) -> None:
    (tmp_path / "log.xes").write_text("<html><body/></html>", encoding="utf-8")
    assert ["'html'" in text for text in _read(tmp_path / "log.xes")[1]] == [True]
