"""Write cases as OCEL 2.0 in JSON: the matter and its units are objects. All values are texts, as its schema asks."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from api.eventlogs.exporting import LoggedCase
from api.sweeps.files import whole

UNIT: Final = "unit"
_ALWAYS: Final = "1970-01-01T00:00:00Z"
"""By the standard, the time of what an object has from the first."""


def write_ocel(out: Path, cases: Iterable[LoggedCase], *, case_type: str) -> None:
    """Write a log, the whole file or none. It is put together in memory."""
    log = _log(cases, case_type)
    with whole(out) as unfinished:
        unfinished.write_text(json.dumps(log, ensure_ascii=False, indent=1), encoding="utf-8")


def _log(cases: Iterable[LoggedCase], case_type: str) -> dict[str, Any]:
    objects: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    units: dict[str, dict[str, Any]] = {}
    types: dict[str, dict[str, None]] = {}
    of_cases: dict[str, None] = {}
    for logged in cases:
        case = logged.case
        of_cases |= dict.fromkeys(case.attributes)
        for name, _ in logged.units:
            units[name] = {"id": _unit(name), "type": UNIT, "attributes": [], "relationships": []}
        objects.append(
            {
                "id": case.id,
                "type": case_type,
                "attributes": _attributes(case.attributes, {"time": _ALWAYS}),
                "relationships": [{"objectId": _unit(name), "qualifier": role} for name, role in logged.units],
            }
        )
        for place, event in enumerate(case.events):
            types.setdefault(event.activity, {}).update(dict.fromkeys(event.attributes))
            events.append(
                {
                    "id": f"{case.id}:{place}",
                    "type": event.activity,
                    "time": event.time,
                    "attributes": _attributes(event.attributes, {}),
                    "relationships": [{"objectId": case.id, "qualifier": "case"}],
                }
            )
    return {
        "eventTypes": [_type(name, attributes) for name, attributes in types.items()],
        "objectTypes": [_type(case_type, of_cases), *([_type(UNIT, {})] if units else [])],
        "events": events,
        "objects": [*objects, *units.values()],
    }


def _unit(name: str) -> str:
    return f"{UNIT}:{name}"


def _type(name: str, attributes: Mapping[str, None]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": key, "type": "string"} for key in attributes]}


def _attributes(given: Mapping[str, str], more: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": key, "value": value, **more} for key, value in given.items()]
