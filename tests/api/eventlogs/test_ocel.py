import json
from pathlib import Path
from typing import Any

import pytest

from api.eventlogs.events import Case, Unreadable
from api.eventlogs.mapping import ObjectCase
from api.eventlogs.ocel import read_ocel


def _event(name: str, activity: str, *objects: str) -> dict[str, Any]:
    relations = [{"objectId": other, "qualifier": "of"} for other in objects]
    return {"id": name, "type": activity, "time": "2024-03-01T01:30:00Z", "attributes": [], "relationships": relations}


def _object(name: str, kind: str, *attributes: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "type": kind, "attributes": list(attributes)}


def _read(tmp_path: Path, log: object) -> tuple[list[Case], list[str]]:
    path = tmp_path / "log.json"
    path.write_text(log if isinstance(log, str) else json.dumps(log, indent=1), encoding="utf-8")
    found = list(read_ocel(path, ObjectCase(case="permit")))
    cases = [part for part in found if isinstance(part, Case)]
    return cases, [str(part.problem) for part in found if isinstance(part, Unreadable)]


def _log(events: list[Any], objects: list[Any]) -> dict[str, Any]:
    return {"eventTypes": [], "objectTypes": [], "events": events, "objects": objects}


def test_objects_of_one_type_are_the_cases(tmp_path: Path) -> None:
    log = _log(
        [_event("e1", "A", "p", "u"), _event("e2", "B", "q", "p")],
        [_object(x, "permit") for x in "pq"] + [_object("u", "unit")],
    )
    cases, told = _read(tmp_path, log)
    assert [(case.id, [event.activity for event in case.events]) for case in cases] == [("p", ["A", "B"]), ("q", ["B"])]
    assert told == []


def test_of_an_attribute_that_changed_the_latest_value_counts(tmp_path: Path) -> None:
    values = [
        {"name": "due", "value": "2024-05", "time": "2024-02-01T00:00:00Z"},
        {"name": "due", "value": "2024-04", "time": "1970-01-01T00:00:00Z"},
    ]
    cases, _ = _read(tmp_path, _log([], [_object("p", "permit", *values)]))
    assert cases[0].attributes == {"due": "2024-05"}


def test_an_event_without_a_case_is_told_with_its_line(tmp_path: Path) -> None:
    cases, told = _read(tmp_path, _log([_event("e1", "A", "p"), _event("e2", "B", "u")], [_object("p", "permit")]))
    assert [event.activity for event in cases[0].events] == ["A"]
    (text,) = told
    line = int(text.split("log.json:")[1].split(" ")[0])
    assert '"e2"' in (tmp_path / "log.json").read_text(encoding="utf-8").splitlines()[line - 1]


@pytest.mark.parametrize(
    "event",
    [3, {}, {"id": "x"}, {"id": "x", "type": "A", "attributes": [3]}, {"id": "x", "type": "A", "relationships": {}}],
)
def test_an_event_of_another_form_is_told_and_the_rest_is_read(tmp_path: Path, event: object) -> None:
    cases, told = _read(tmp_path, _log([event, _event("e2", "B", "p")], [_object("p", "permit")]))
    assert [part.activity for part in cases[0].events] == ["B"]
    assert ["events[0]" in text for text in told] == [True]


@pytest.mark.parametrize("log", ["{", "[]", '{"events": []}', "[" * 100_000])
def test_what_is_no_log_is_told(tmp_path: Path, log: str) -> None:
    cases, told = _read(tmp_path, log)
    assert (cases, len(told)) == ([], 1)
