"""The forms of a catalogue: its head, a version of it, an entry with its plans, an adjustment. Decides nothing.

Its versions, and the filings and plans of its entries, are filled in as rounds of the steps of their cases are.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from api.web.fact_forms import title_said, typed_title, typed_units, units_said
from api.web.round_forms import round_data, typed_round
from api.web.typed import Typed, as_day, put, rows_of
from engine.procedure import Step
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Frozen

VERSION: Final = ("catalogue", "version")
FILING: Final = ("catalogue_entry", "filing")
PLAN: Final = ("catalogue_entry", "plan")
"""The steps of the cases, by procedure, that a catalogue says something of."""

_HEAD: Final = ("id", "organ", "organ_level", "year")
HEAD_FIELDS: Final = (*_HEAD, "title", "jurisdiction", "source")
_DERIVED: Final = frozenset({"planned_until", "previous_until"})
"""What is worked out of the plans of an entry when it becomes a case."""


class Rows(Frozen):
    """How many rows a form of an entry has: those that are filled in, and one more where there may be another."""

    units: int
    filings: int
    plans: int


def step_of(rulebook: Rulebook, place: tuple[str, str]) -> Step:
    """Return a step as far as a catalogue says it."""
    procedure, name = place
    step = rulebook.procedures[procedure].steps[name]
    attributes = {key: one for key, one in step.attributes.items() if key not in _DERIVED}
    return step.model_copy(update={"attributes": attributes})


def typed_head(data: Mapping[str, Any]) -> Typed:
    """Write the head of a catalogue as its form has it."""
    texts = typed_title(data.get("title", ""))
    texts |= {name: [str(data[name])] for name in _HEAD if data.get(name)}
    texts["source"] = ["\n".join(data.get("source", ()))]
    texts["made_up"] = ["yes"] if data.get("made_up") else []
    return Typed(texts)


def head_data(typed: Typed, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Write what the form says as the head of a catalogue; its versions and entries stay."""
    data = dict(stored)
    for name in _HEAD:
        if name not in stored or name == "organ_level":
            put(data, name, typed.one(name))
    put(data, "title", title_said(typed))
    put(data, "source", [line.strip() for line in typed.one("source").splitlines() if line.strip()] or None)
    put(data, "made_up", True if typed.has("made_up", "yes") else None)
    return data


def typed_entry(rulebook: Rulebook, entry: Mapping[str, Any]) -> Typed:
    """Write an entry as its form has it."""
    texts: dict[str, Sequence[str]] = {**typed_title(entry.get("title", "")), **typed_units(entry.get("units", ()))}
    texts |= {name: [entry[name]] for name in ("id", "matter_class", "note") if entry.get(name)}
    for number, filing in enumerate(entry.get("filings", ())):
        texts |= typed_round(step_of(rulebook, FILING), filing).below(f"filings.{number}")
    for number, plan in enumerate(entry.get("plans", ())):
        texts |= typed_round(step_of(rulebook, PLAN), plan).below(f"plans.{number}")
        texts[f"plans.{number}.planned"] = [plan.get("planned", "")]
    return Typed(texts)


def entry_data(rulebook: Rulebook, typed: Typed, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Write what the form says as an entry; `stored`: the entry as it is, whose id stays."""
    data = dict(stored)
    for name in ("matter_class", "note") if stored else ("id", "matter_class", "note"):
        put(data, name, typed.one(name))
    put(data, "title", title_said(typed))
    put(data, "units", list(units_said(typed, data.get("units", ()))) or None)
    put(data, "filings", list(_parts(typed, "filings", step_of(rulebook, FILING), data.get("filings", ()))) or None)
    put(data, "plans", list(_parts(typed, "plans", step_of(rulebook, PLAN), data.get("plans", ()))) or None)
    return data


def rows_shown(typed: Typed, *, is_new: bool) -> Rows:
    """Return how many rows of units, filings and plans the form of an entry shows; a new one has one plan."""
    plans = rows_of(typed, "plans")
    return Rows(
        units=rows_of(typed, "units") + 1,
        filings=max(rows_of(typed, "filings"), 1),
        plans=max(plans, 1) if is_new else plans + 1,
    )


def entry_fields(rows: Rows) -> Iterable[str]:
    """Return what problems may name of an entry."""
    yield from ("id", "title", "matter_class", "units", "filings", "plans", "note")
    for name, number in rows:
        yield from (f"{name}.{place}" for place in range(number))
    for place in range(rows.filings):
        yield from (f"filings.{place}.{moment}" for moment in ("called", "compiled", "filed"))
    for place in range(rows.plans):
        yield from (f"plans.{place}.{part}" for part in ("published", "planned", "kind", "steps"))


def with_version(
    data: Mapping[str, Any], number: int | None, version: Mapping[str, Any], *, fills_plans: bool
) -> dict[str, Any]:
    """Return a catalogue with a version of it, a further one if without number (from 1).

    `fills_plans`: plans that have no day of publication get that of this version.
    """
    versions = [*data.get("versions", ())]
    if number is None:
        versions.append(dict(version))
    else:
        versions[number - 1] = dict(version)
    published = version.get("published")
    entries = [*data.get("entries", ())]
    if fills_plans and published:
        entries = [_published(entry, published) for entry in entries]
    return {**data, "versions": versions, "entries": entries}


def with_entry(data: Mapping[str, Any], entry: Mapping[str, Any], *, instead_of: str) -> dict[str, Any]:
    """Return a catalogue with an entry in the place of another, or at the end where there is no other."""
    entries = [*data.get("entries", ())]
    if not instead_of:
        return {**data, "entries": [*entries, dict(entry)]}
    return {**data, "entries": [dict(entry) if one["id"] == instead_of else one for one in entries]}


def without_entry(data: Mapping[str, Any], entry: str) -> dict[str, Any]:
    """Return a catalogue that leaves an entry out."""
    return {**data, "entries": [one for one in data.get("entries", ()) if one["id"] != entry]}


def adjusted(data: Mapping[str, Any], version: Mapping[str, Any], typed: Typed) -> dict[str, Any]:
    """Return a catalogue with an adjustment, and a further plan of each entry of which the form says how it changes."""
    entries = []
    for number, entry in enumerate(data.get("entries", ())):
        kind, planned = typed.one(f"entries.{number}.kind"), as_day(typed.one(f"entries.{number}.planned"))
        plan = {"kind": kind, "planned": planned, "published": version.get("published")}
        further = [{name: value for name, value in plan.items() if value}] if kind or planned else []
        entries.append({**entry, "plans": [*entry.get("plans", ()), *further]} if further else entry)
    return {**data, "versions": [*data.get("versions", ()), dict(version)], "entries": entries}


def next_id(data: Mapping[str, Any]) -> str:
    """Return an id that no entry has yet."""
    known = {entry["id"] for entry in data.get("entries", ())}
    return next(name for number in range(1, len(known) + 2) if (name := f"{number:02d}") not in known)


def _published(entry: Mapping[str, Any], published: object) -> dict[str, Any]:
    plans = [{**plan, "published": plan.get("published") or published} for plan in entry.get("plans", ())]
    return {**entry, "plans": plans} if plans else dict(entry)


def _parts(typed: Typed, name: str, step: Step, stored: Sequence[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """Give the filings or plans that a form says, without those of which nothing is said any more."""
    for number in range(max(rows_of(typed, name), len(stored))):
        fields = typed.within(f"{name}.{number}")
        data = round_data(step, fields, stored[number] if number < len(stored) else None)
        if name == "plans":
            put(data, "planned", as_day(fields.one("planned")))
        if data:
            yield data
