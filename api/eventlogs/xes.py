"""Read XES (IEEE 1849) trace by trace: `.xes`, and `.xes.gz`.

Nothing outside of the file is read, a document type is refused with whatever entities it declares, and no more than
one trace is kept. Of nested attributes only the outermost are read.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree

from api.eventlogs.events import FILE, Case, Event, Read, Unreadable, unreadable
from api.eventlogs.files import BROKEN, opened_log, why
from api.eventlogs.mapping import Keys
from engine.vocabulary import Bilingual

_VALUES: Final = frozenset({"string", "date", "int", "float", "boolean", "id"})
_NAMED: Final = Bilingual(zh="有名称的案例(concept:name)", en="a trace with a name (`concept:name`)")
_ACTIVITY: Final = Bilingual(zh="有名称的活动(concept:name)", en="an event with an activity (`concept:name`)")
_IN_A_TRACE: Final = Bilingual(zh="位于trace之内的event", en="an event within a trace")
_WELL_FORMED: Final = Bilingual(zh="完整的XES文件", en="a whole XES file")
_PLAIN: Final = Bilingual(zh="不含DOCTYPE的XES文件", en="XES without a document type")


def read_xes(path: Path, keys: Keys) -> Read:
    """Read a log, one case at a time; what is broken ends the reading, and what was read before it counts."""
    file = str(path)
    try:
        with opened_log(path) as opened:
            yield from _traces(opened, keys, file)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        yield unreadable("not_readable", _WELL_FORMED, file=file, line=line, field=FILE, given=error.msg)
    except BROKEN as error:
        given = why(error)
        yield unreadable("unreadable_file", _WELL_FORMED, file=file, line=1, field=FILE, given=given)


def _traces(opened: IO[bytes], keys: Keys, file: str) -> Read:
    walk = etree.iterparse(
        opened, events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True
    )
    begun = False
    for happened, element in walk:
        if not begun:
            begun = True
            if element.getroottree().docinfo.internalDTD is not None:
                yield unreadable("doctype_refused", _PLAIN, file=file, line=1, field=FILE, given="<!DOCTYPE …>")
                return
            if _name(element) != "log":
                yield unreadable("not_readable", _WELL_FORMED, file=file, line=1, field=FILE, given=_name(element))
                return
        if happened == "end" and _name(element) == "trace":
            yield from _trace(element, keys, file)
            _forget(element)
        elif happened == "end" and _name(element) == "event" and _name(element.getparent()) == "log":
            yield unreadable("event_without_case", _IN_A_TRACE, file=file, line=element.sourceline or 1, field="event")
            _forget(element)


def _trace(element: Any, keys: Keys, file: str) -> Iterator[Case | Unreadable]:  # noqa: ANN401 - lxml has no types
    attributes, line = _attributes(element), element.sourceline or 1
    name = attributes.get(keys.case)
    if not name:
        yield unreadable("case_without_name", _NAMED, file=file, line=line, field=keys.case)
        return
    events = []
    for part in element:
        if _name(part) != "event":
            continue
        said, at = _attributes(part), part.sourceline or line
        activity = said.get(keys.activity)
        if activity:
            events.append(Event(activity, said.get(keys.time), said.get(keys.transition), said, at))
        else:
            yield unreadable(
                "event_without_activity", _ACTIVITY, file=file, line=at, field=keys.activity, given=activity, case=name
            )
    yield Case(name, attributes, tuple(events), line)


def _attributes(element: Any) -> Mapping[str, str]:  # noqa: ANN401 - lxml has no types
    return {part.get("key", ""): part.get("value", "") for part in element if _name(part) in _VALUES}


def _name(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    return str(element.tag).rpartition("}")[2]


def _forget(element: Any) -> None:  # noqa: ANN401 - lxml has no types
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
