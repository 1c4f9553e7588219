"""Read OCEL 2.0 in JSON. One type of object is the case; an event belongs to each case that it is related to.

Of an attribute of an object that changed, the latest value counts. Relations from object to object are not followed.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from api.eventlogs.events import FILE, Case, Event, Read, Unreadable, unreadable
from api.eventlogs.files import BROKEN, opened_log, why
from api.eventlogs.mapping import ObjectCase
from engine.vocabulary import Bilingual

_LOG: Final = Bilingual(
    zh="OCEL 2.0的JSON文件(eventTypes、objectTypes、events、objects)",
    en="OCEL 2.0 in JSON (eventTypes, objectTypes, events, objects)",
)
_EVENT: Final = Bilingual(zh="有id、type、time的事件", en="an event with `id`, `type` and `time`")
_OBJECT: Final = Bilingual(zh="有id、type的对象", en="an object with `id` and `type`")
_RELATED: Final = Bilingual(zh="与案例对象有关系的事件", en="an event that is related to an object of the case's type")


def read_ocel(path: Path, case: ObjectCase) -> Read:
    """Read a log, whole; what is broken is told."""
    file = str(path)
    try:
        with opened_log(path) as opened:
            text = opened.read().decode("utf-8-sig")
        data = json.loads(text)
    except json.JSONDecodeError as error:
        yield unreadable("not_readable", _LOG, file=file, line=error.lineno, field=FILE, given=error.msg)
        return
    except (*BROKEN, UnicodeDecodeError, RecursionError) as error:
        given = why(error)
        yield unreadable("unreadable_file", _LOG, file=file, line=1, field=FILE, given=given)
        return
    if not (isinstance(data, dict) and all(isinstance(data.get(key), list) for key in ("events", "objects"))):
        yield unreadable("not_readable", _LOG, file=file, line=1, field=FILE, given=data)
        return
    yield from _Log(file, text, case).cases(data)


class _Lines:
    """The lines of things that stand one after the other under a key, asked for in their order."""

    def __init__(self, text: str, key: str) -> None:
        self._text = text
        self._at = max(text.find(f'"{key}"'), 0)
        self._line = text.count("\n", 0, self._at) + 1

    def next(self, name: object) -> int:
        """Return the line of the next thing of a name; that of the one before if the name is written otherwise."""
        found = self._text.find(json.dumps(name, ensure_ascii=False), self._at) if isinstance(name, str) else -1
        if found >= 0:
            self._line += self._text.count("\n", self._at, found)
            self._at = found
        return self._line


class _Log:
    def __init__(self, file: str, text: str, case: ObjectCase) -> None:
        self._file = file
        self._text = text
        self._case = case

    def cases(self, data: Mapping[str, Any]) -> Read:
        found: dict[str, tuple[dict[str, str], list[Event], int]] = {}
        lines = _Lines(self._text, "objects")
        for index, given in enumerate(data["objects"]):
            line = lines.next(given.get("id") if isinstance(given, dict) else None)
            if not _whole(given):
                yield self._told("object_unreadable", _OBJECT, f"objects[{index}]", given, line)
            elif given["type"] == self._case.case:
                found[given["id"]] = (_latest(given), [], line)
        lines = _Lines(self._text, "events")
        for index, given in enumerate(data["events"]):
            place, line = f"events[{index}]", lines.next(given.get("id") if isinstance(given, dict) else None)
            if not _whole(given):
                yield self._told("event_unreadable", _EVENT, place, given, line)
                continue
            related = dict.fromkeys(part.get("objectId") for part in given.get("relationships") or ())
            cases = [name for name in related if name in found]
            if not cases:
                yield self._told("event_without_case", _RELATED, place, given["id"], line)
            for name in cases:
                found[name][1].append(self._event(given, line))
        for name, (attributes, events, line) in found.items():
            yield Case(name, attributes, tuple(events), line)

    def _event(self, given: Mapping[str, Any], line: int) -> Event:
        said = {part["name"]: _text(part.get("value")) for part in given.get("attributes") or ()}
        time, transition = given.get("time"), self._case.transition
        return Event(
            given["type"],
            time if isinstance(time, str) else None,
            said.get(transition) if transition else None,
            said,
            line,
        )

    def _told(self, code: str, expected: Bilingual, field: str, given: object, line: int) -> Unreadable:
        return unreadable(code, expected, file=self._file, line=line, field=field, given=given)


def _whole(given: object) -> bool:
    """Tell whether an event or an object has the form that the standard gives it."""
    if not isinstance(given, dict) or not all(isinstance(given.get(key), str) and given[key] for key in ("id", "type")):
        return False
    attributes, relations = given.get("attributes") or [], given.get("relationships") or []
    if not isinstance(attributes, list) or not isinstance(relations, list):
        return False
    named = all(isinstance(part, dict) and isinstance(part.get("name"), str) for part in attributes)
    return named and all(isinstance(part, dict) for part in relations)


def _latest(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the attributes of an object, each with its latest value."""
    dated = sorted(given.get("attributes") or (), key=lambda part: str(part.get("time") or ""))
    return {part["name"]: _text(part.get("value")) for part in dated}


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
