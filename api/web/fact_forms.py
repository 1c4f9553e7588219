"""The form of what a record says beside its steps: what it is about, who does it, and what has been determined."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.web.typed import Typed, as_day, put, rows_of
from engine.procedure import Procedure
from engine.vocabulary import Word

NEW_UNITS: Final = 2
"""So many units can be added at a time."""
PLAIN: Final = ("id", "organ", "organ_level", "matter_class")
"""Fields of one text each."""


class Determined(Word):
    """How a determination is answered. What is not determined, for whatever reason, is not on record."""

    YES = "yes", "是", "yes"
    NO = "no", "否", "no"
    NOT_YET = "not_yet", "尚未认定", "not yet"
    UNKNOWN = "unknown", "不清楚", "don't know"


def typed_facts(data: Mapping[str, Any]) -> Typed:
    """Write what is on record as the form has it."""
    texts = typed_title(data.get("title", ""))
    texts |= {name: [data[name]] for name in PLAIN if data.get(name)}
    texts |= typed_units(data.get("units", ()))
    link = data.get("catalogue") or {}
    texts["catalogue.entries"] = ["\n".join(link.get("entries", ()))]
    texts["catalogue.not_in_a_catalogue"] = [link.get("not_in_a_catalogue", "")]
    for name, found in data.get("determinations", {}).items():
        texts |= _parts(f"determinations.{name}", found, ("reason", "by", "on"))
        texts[f"determinations.{name}.value"] = [Determined.YES if found["value"] else Determined.NO]
    texts["special_statutes"] = [*data.get("special_statutes", ())]
    texts |= _parts("exclusion", data.get("exclusion") or {}, ("ground", "basis", "by", "on"))
    texts |= _parts("outcome", data.get("outcome") or {}, ("kind", "on", "reason"))
    texts["made_up"] = ["yes"] if data.get("made_up") else []
    return Typed(texts)


def typed_title(title: str | Mapping[str, str]) -> dict[str, list[str]]:
    """Write a title as a form has it, by its languages."""
    names = {"zh": title} if isinstance(title, str) else title
    return {f"title.{language}": [text] for language, text in names.items()}


def title_said(typed: Typed) -> str | dict[str, str]:
    """Return the title that a form says: one text where both languages have the same, or English has none."""
    chinese, english = typed.one("title.zh"), typed.one("title.en")
    return {"zh": chinese, "en": english} if english and english != chinese else chinese


def typed_units(units: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Write units in their roles as a form has them."""
    return {f"units.{number}.{part}": [unit[part]] for number, unit in enumerate(units) for part in ("name", "role")}


def facts_data(procedure: Procedure, typed: Typed, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Write what the form says as a record; `stored`: the record as it is, whose steps and drafts stay."""
    data = dict(stored)
    for name in PLAIN:
        put(data, name, typed.one(name))
    put(data, "title", title_said(typed))
    put(data, "units", list(units_said(typed, data.get("units", ()))) or None)
    put(data, "catalogue", _catalogue(typed))
    put(data, "determinations", _determinations(procedure, typed, data.get("determinations", {})) or None)
    put(data, "special_statutes", list(typed.all("special_statutes")) or None)
    put(data, "exclusion", _said(typed, "exclusion", ("ground", "basis", "by", "on")))
    put(data, "outcome", _outcome(typed, data.get("outcome") or {}))
    put(data, "made_up", True if typed.has("made_up", "yes") else None)
    return data


def field_names(procedure: Procedure, units: int) -> Iterable[str]:
    """Return what problems may name of what the form is about."""
    yield from (*PLAIN, "title", "catalogue", "special_statutes", "exclusion", "outcome", "units")
    yield from (f"units.{number}" for number in range(units + NEW_UNITS))
    yield from (f"determinations.{name}" for name in procedure.determinations)


def _parts(prefix: str, data: Mapping[str, Any], names: Iterable[str]) -> dict[str, list[str]]:
    return {f"{prefix}.{name}": [data[name]] for name in names if data.get(name)}


def _said(typed: Typed, prefix: str, names: Iterable[str]) -> dict[str, Any] | None:
    found = {name: typed.one(f"{prefix}.{name}") for name in names}
    said = {name: as_day(text) if name == "on" else text for name, text in found.items() if text}
    return said or None


def _outcome(typed: Typed, stored: Mapping[str, Any]) -> dict[str, Any] | None:
    said = _said(typed, "outcome", ("kind", "on", "reason"))
    kept = {"entered": stored["entered"]} if said and "entered" in stored else {}
    return {**said, **kept} if said else None


def units_said(typed: Typed, stored: Any) -> Iterable[dict[str, Any]]:  # noqa: ANN401 - plain data
    """Give the units that a form says; `stored`: those on record, of which the form tells name and role."""
    for number in range(rows_of(typed, "units")):
        name = typed.one(f"units.{number}.name")
        if name:
            before = dict(stored[number]) if number < len(stored) else {}
            yield {**before, "name": name, "role": typed.one(f"units.{number}.role")}


def _catalogue(typed: Typed) -> dict[str, Any] | None:
    entries = [line.strip() for line in typed.one("catalogue.entries").splitlines() if line.strip()]
    data: dict[str, Any] = {"entries": entries} if entries else {}
    put(data, "not_in_a_catalogue", typed.one("catalogue.not_in_a_catalogue"))
    return data or None


def _determinations(procedure: Procedure, typed: Typed, stored: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in procedure.determinations:
        answer = typed.one(f"determinations.{name}.value")
        if answer in {Determined.YES, Determined.NO}:
            said = _said(typed, f"determinations.{name}", ("reason", "by", "on")) or {}
            before = stored.get(name, {})
            kept = {"entered": before["entered"]} if "entered" in before else {}
            found[name] = {"value": answer == Determined.YES, **said, **kept}
    return found
