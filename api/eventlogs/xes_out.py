"""Write cases as XES (IEEE 1849), one trace after the other."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from lxml import etree

from api.eventlogs.exporting import LoggedCase
from api.sweeps.files import whole

_NAMESPACE: Final = "http://www.xes-standard.org/"
_EXTENSIONS: Final = {"Concept": "concept", "Time": "time", "Lifecycle": "lifecycle"}
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_xes(out: Path, cases: Iterable[LoggedCase]) -> None:
    """Write a log, the whole file or none."""
    with whole(out) as unfinished, etree.xmlfile(str(unfinished), encoding="utf-8") as written:
        written.write_declaration()
        attributes = {"xes.version": "1849.2016", "xes.features": ""}
        with written.element(f"{{{_NAMESPACE}}}log", attributes, nsmap={None: _NAMESPACE}):
            for name, prefix in _EXTENSIONS.items():
                written.write(
                    _element("extension", name=name, prefix=prefix, uri=f"{_NAMESPACE}{prefix}.xesext"),
                    pretty_print=True,
                )
            _write_globals(written)
            written.write(_element("classifier", name="activity", keys="concept:name"), pretty_print=True)
            written.write(_attribute("lifecycle:model", "standard"), pretty_print=True)
            for logged in cases:
                written.write(_trace(logged), pretty_print=True)
                written.flush()


def _write_globals(written: Any) -> None:  # noqa: ANN401 - lxml has no types
    trace, event = _element("global", scope="trace"), _element("global", scope="event")
    trace.append(_attribute("concept:name", ""))
    event.append(_attribute("concept:name", ""))
    event.append(_attribute("lifecycle:transition", "complete"))
    event.append(_attribute("time:timestamp", "1970-01-01T00:00:00Z", kind="date"))
    written.write(trace, pretty_print=True)
    written.write(event, pretty_print=True)


def _trace(logged: LoggedCase) -> Any:  # noqa: ANN401 - lxml has no types
    trace = _element("trace")
    trace.append(_attribute("concept:name", logged.case.id))
    for key, value in logged.case.attributes.items():
        trace.append(_attribute(key, value))
    for happened in logged.case.events:
        event = _element("event")
        event.append(_attribute("concept:name", happened.activity))
        event.append(_attribute("lifecycle:transition", happened.transition or "complete"))
        event.append(_attribute("time:timestamp", happened.time or "", kind="date"))
        for key, value in happened.attributes.items():
            event.append(_attribute(key, value))
        trace.append(event)
    return trace


def _attribute(key: str, value: str, *, kind: str = "string") -> Any:  # noqa: ANN401 - lxml has no types
    return _element(kind, key=key, value=value)


def _element(tag: str, /, **attributes: str) -> Any:  # noqa: ANN401 - lxml has no types
    clean = {key: _NO_XML.sub("\ufffd", value) for key, value in attributes.items()}
    return etree.Element(f"{{{_NAMESPACE}}}{tag}", clean, nsmap={None: _NAMESPACE})
