"""What a round and an example of a card say, as lines to read: attributes with their values. Decides nothing."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.procedure import Procedure, Step
from engine.record import Round
from engine.vocabulary import Bilingual, Frozen

_WORDS: Final[Mapping[object, Bilingual]] = {
    True: Bilingual(zh="是", en="yes"),
    False: Bilingual(zh="否", en="no"),
}
_TIMES: Final[Mapping[str, Bilingual]] = {
    "planned": Bilingual(zh="计划", en="planned"),
    "announced": Bilingual(zh="公告", en="announced"),
}


class Line(Frozen):
    """A name and what is said of it. `name` is nothing for what stands by itself."""

    name: Bilingual
    value: Bilingual


class Shown(Frozen):
    """An example: what it shows, for which day if for one, and what it says of each step or field."""

    title: str
    as_of: str | None
    parts: tuple[Line, ...]


def round_lines(step: Step, entry: Round) -> tuple[Line, ...]:
    """Return what a round says, in the order of the procedure."""
    return lines(step, entry.model_dump(mode="json", exclude_defaults=True))


def lines(step: Step, data: Mapping[str, Any]) -> tuple[Line, ...]:
    """Return what a round says that is plain data."""
    return tuple(
        Line(name=attribute.title, value=_told(data[name], attribute.values))
        for name, attribute in step.attributes.items()
        if name in data
    )


def examples(written: Mapping[str, Any], procedure: Procedure) -> dict[str, tuple[Shown, ...]]:
    """Return the examples of a card by verdict, as they are written."""
    return {
        verdict: tuple(_example(one, procedure) for one in cases)
        for verdict, cases in written.get("examples", {}).items()
    }


def _example(one: Mapping[str, Any], procedure: Procedure) -> Shown:
    facts = {name: value for name, value in one.items() if name not in {"title", "as_of"}}
    parts: list[Line] = []
    for name, value in facts.items():
        step = procedure.steps.get(name)
        if step is None:
            parts.append(Line(name=_same(name), value=_told(value, {})))
            continue
        entries = value if isinstance(value, list) else [value]
        parts += [Line(name=step.title, value=_entry(step, entry)) for entry in entries]
    as_of = one.get("as_of")
    return Shown(title=str(one.get("title", "")), as_of=str(as_of) if as_of else None, parts=tuple(parts))


def _entry(step: Step, entry: object) -> Bilingual:
    if not isinstance(entry, Mapping):
        return _told(entry, {})
    said = []
    for name, value in entry.items():
        attribute = step.attributes.get(name)
        title = attribute.title if attribute else _same(name)
        told = _told(value, attribute.values if attribute else {})
        said.append(Bilingual(zh=f"{title.zh} {told.zh}", en=f"{title.en} {told.en}"))
    return _joined(said)


def _told(value: object, values: Mapping[str, Bilingual]) -> Bilingual:
    """Say a value as it stands in data: a choice by its name, a moment by its day, parts one after another."""
    if isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, Mapping):
        return _joined(_part(name, each) for name, each in value.items())
    if isinstance(value, list | tuple):
        return _joined(_told(each, values) for each in value)
    text = str(value)
    return values.get(text, _same(text))


def _part(name: str, value: object) -> Bilingual:
    told = _told(value, {})
    title = _same("") if name == "actual" else _TIMES.get(name, _same(name))
    return Bilingual(zh=f"{title.zh} {told.zh}".strip(), en=f"{title.en} {told.en}".strip())


def _joined(parts: Iterable[Bilingual]) -> Bilingual:
    found = list(parts)
    return Bilingual(zh=";".join(part.zh for part in found), en="; ".join(part.en for part in found))


def _same(text: str) -> Bilingual:
    return Bilingual(zh=text, en=text)
