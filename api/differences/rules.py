"""How two rulebooks differ: what was added, removed or changed, and in which fields. Judges nothing."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from engine.reading.problems import GIVEN_LENGTH, Location, field_path
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual, Frozen, Word


class RuleKind(Word):
    """What a rulebook is made of, as far as it decides verdicts or says where they come from."""

    CARD = "card", "规则卡", "card"
    PARAMETER = "parameter", "参数", "parameter"
    HOLIDAY_NOTICE = "holiday_notice", "节假日通知", "holiday notice"
    PROCEDURE = "procedure", "程序", "procedure"
    JURISDICTION = "jurisdiction", "行政区域", "jurisdiction"
    INSTRUMENT = "instrument", "文件", "instrument"


class Alteration(Word):
    """What became of a thing from the old rulebook to the new one."""

    ADDED = "added", "新增", "added"
    REMOVED = "removed", "删除", "removed"
    CHANGED = "changed", "修改", "changed"


class FieldChange(Frozen):
    """A field that differs, both values as JSON; none where it is not there, the long ones cut."""

    field: str
    before: str | None
    after: str | None


class RuleChange(Frozen):
    """A card, parameter or the like that differs. `fields`: what differs in it, where it is in both rulebooks."""

    kind: RuleKind
    id: str
    title: Bilingual
    alteration: Alteration
    fields: tuple[FieldChange, ...] = ()


def rule_changes(old: Rulebook, new: Rulebook) -> tuple[RuleChange, ...]:
    """Return what differs between two rulebooks, by kind, then by id. Coverage maps decide no verdict."""
    return tuple(
        change for kind, things in _THINGS.items() for change in _compared(kind, dict(things(old)), dict(things(new)))
    )


_Things = Iterable[tuple[str, tuple[Bilingual, Frozen]]]


def _cards(rulebook: Rulebook) -> _Things:
    return ((card.id, (card.title, card)) for card in rulebook.cards)


def _parameters(rulebook: Rulebook) -> _Things:
    parameters = (table.parameter for table in rulebook.parameters.values())
    return ((parameter.id, (parameter.title, parameter)) for parameter in parameters)


def _notices(rulebook: Rulebook) -> _Things:
    for year in rulebook.holidays:
        for notice in year.notices:
            title = Bilingual(zh=notice.title_zh, en=f"{year.year}: {notice.number}")
            yield f"{year.year} {notice.number}", (title, notice)


_THINGS: Final[Mapping[RuleKind, Callable[[Rulebook], _Things]]] = {
    RuleKind.CARD: _cards,
    RuleKind.PARAMETER: _parameters,
    RuleKind.HOLIDAY_NOTICE: _notices,
    RuleKind.PROCEDURE: lambda rulebook: ((one.id, (one.title, one)) for one in rulebook.procedures.values()),
    RuleKind.JURISDICTION: lambda rulebook: ((one.id, (one.title, one)) for one in rulebook.tree.by_id.values()),
    RuleKind.INSTRUMENT: lambda rulebook: ((one.id, (one.title, one)) for one in rulebook.instruments.values()),
}

_Known = Mapping[str, tuple[Bilingual, Frozen]]


def _compared(kind: RuleKind, old: _Known, new: _Known) -> Iterator[RuleChange]:
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield RuleChange(kind=kind, id=name, title=new[name][0], alteration=Alteration.ADDED)
        elif name not in new:
            yield RuleChange(kind=kind, id=name, title=old[name][0], alteration=Alteration.REMOVED)
        elif fields := tuple(_fields(_plain(old[name][1]), _plain(new[name][1]), ())):
            title = new[name][0]
            yield RuleChange(kind=kind, id=name, title=title, alteration=Alteration.CHANGED, fields=fields)


def _plain(thing: Frozen) -> Any:  # noqa: ANN401 - plain data
    return thing.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _fields(before: Any, after: Any, place: Location) -> Iterator[FieldChange]:  # noqa: ANN401 - plain data
    """Tell which fields differ, as deep inside as they can be named."""
    match before, after:
        case _ if before == after:
            return
        case dict(), dict():
            for key in dict.fromkeys([*before, *after]):
                yield from _fields(before.get(key), after.get(key), (*place, key))
        case list(), list() if len(before) == len(after):
            for index, (old, new) in enumerate(zip(before, after, strict=True)):
                yield from _fields(old, new, (*place, index))
        case list(), list():
            gone = [_field((*place, index), entry, None) for index, entry in enumerate(before) if entry not in after]
            come = [_field((*place, index), None, entry) for index, entry in enumerate(after) if entry not in before]
            yield from gone + come or [_field(place, before, after)]
        case _:
            yield _field(place, before, after)


def _field(place: Location, before: Any, after: Any) -> FieldChange:  # noqa: ANN401 - plain data
    return FieldChange(field=field_path(place), before=_text(before), after=_text(after))


def _text(value: Any) -> str | None:  # noqa: ANN401 - plain data
    if value is None:
        return None
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= GIVEN_LENGTH else text[: GIVEN_LENGTH - 1] + "…"
