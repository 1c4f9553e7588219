"""The form of one round of a step, made of the procedure: what it shows, and what it says once it is filled in.

A moment is answered by a day or a month, with "not yet", or with "done, day unknown"; what is left open is not said.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from api.web.by_digest import ByDigest, by_digest
from api.web.typed import Typed, as_day, put
from engine.cards.card import Card
from engine.evaluation.results import CardVerdict
from engine.procedure import Attribute, AttributeType, Step
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Verdict, Word

UNKNOWN: Final = "unknown"
NEW_EVENTS: Final = 2
"""So many clock events can be added at a time."""


class How(Word):
    """How a moment is known."""

    ACTUAL = "actual", "已发生,日期为", "done, on"
    UNKNOWN = "unknown", "已发生,日期不清楚", "done, day not known"
    ANNOUNCED = "announced", "已公布将在", "announced for"
    PLANNED = "planned", "计划在", "planned for"


class Answer(Word):
    """How a yes or no is answered."""

    YES = "yes", "是", "yes"
    NO = "no", "否", "no"


NONE: Final = "(none)"
"""Stands among the choices of a set for: none of them."""


def typed_round(step: Step, entry: Mapping[str, Any]) -> Typed:
    """Write a round on record as its form has it."""
    texts: dict[str, list[str]] = {}
    for name, attribute in step.attributes.items():
        if name in entry:
            texts |= _typed(name, attribute, entry[name])
    for name in ("note", "draft"):
        if entry.get(name):
            texts[name] = [entry[name]]
    texts["documents"] = [document["kind"] for document in entry.get("documents", ())]
    return Typed(texts)


def round_data(step: Step, typed: Typed, stored: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Write what a form says as a round of a record; `stored`: the round that it completes."""
    data = dict(stored or {})
    for name, attribute in step.attributes.items():
        put(data, name, _said(name, attribute, typed, data.get(name)))
    for name in ("note", "draft"):
        put(data, name, typed.one(name))
    put(data, "documents", list(_documents(step, typed, data.get("documents", ()))) or None)
    put(data, "events", [*data.get("events", ()), *_events(typed)] or None)
    if typed.has("void", "yes"):
        data["void"] = True
    return data


def field_names(step: Step) -> Iterable[str]:
    """Return what problems may name of a round."""
    yield from step.attributes
    yield from ("note", "draft", "documents", "events")


def mattering(name: str, step: Step, rulebook: Rulebook, verdicts: Iterable[CardVerdict]) -> frozenset[str]:
    """Return the attributes of a step that the cards which apply to a matter ask about."""
    applying = {verdict.card for verdict in verdicts if verdict.verdict is not Verdict.NOT_APPLICABLE}
    texts = _texts(by_digest(rulebook))
    asked = (_asked(card, texts[card.id], name) for card in rulebook.cards if card.id in applying)
    seen = {attribute.seen_at for attribute in step.attributes.values() if attribute.seen_at}
    return frozenset({step.starts, step.completes}).union(seen, step.counts_when, *asked)


def _asked(card: Card, text: str, name: str) -> set[str]:
    """Return the words by which a card may mean attributes of a step."""
    return set(re.findall(r"\w+" if card.step == name else rf"\b{name}\.\w+\.(\w+)", text))


@lru_cache(maxsize=4)
def _texts(of: ByDigest) -> Mapping[str, str]:
    """Return what each card asks, as text: its duty and its conditions."""
    told = {"examples", "title", "remedy", "source"}
    return {card.id: card.model_dump_json(exclude=told) for card in of.rulebook.cards}


def _typed(name: str, attribute: Attribute, value: Any) -> dict[str, list[str]]:  # noqa: ANN401 - plain data
    match attribute.type:
        case AttributeType.MOMENT:
            return _typed_timing(name, value)
        case AttributeType.FLAG:
            return {name: [Answer.YES if value else Answer.NO]}
        case AttributeType.SET:
            return {name: [NONE] if value == [] else [*value]}
    return {name: [str(value)]}


def _typed_timing(name: str, timing: Mapping[str, str]) -> dict[str, list[str]]:
    for how in (How.ACTUAL, How.ANNOUNCED, How.PLANNED):
        if text := timing.get(how):
            if text == UNKNOWN:
                return {f"{name}.how": [How.UNKNOWN]}
            return {f"{name}.how": [how], f"{name}.day": [text]}
    return {}


def _said(name: str, attribute: Attribute, typed: Typed, stored: Any) -> Any:  # noqa: ANN401 - plain data
    match attribute.type:
        case AttributeType.MOMENT:
            return timing(typed.one(f"{name}.how"), typed.one(f"{name}.day"), stored or {})
        case AttributeType.FLAG:
            return {Answer.YES: True, Answer.NO: False}.get(typed.one(name))  # type: ignore[call-overload]
        case AttributeType.NUMBER:
            text = typed.one(name)
            return int(text) if text.isdecimal() and len(text) < _DIGITS else text
        case AttributeType.SET:
            chosen = typed.all(name)
            return [one for one in chosen if one != NONE] if chosen else None
    return typed.one(name)


_DIGITS: Final = 10


def timing(how: str, text: str, stored: Mapping[str, str]) -> dict[str, str] | None:
    """Write when something takes place; what was planned or announced before it did stays."""
    day = as_day(text)
    before = {kind: stored[kind] for kind in (How.PLANNED.value, How.ANNOUNCED.value) if kind in stored}
    match how:
        case How.ACTUAL:
            return {**before, How.ACTUAL.value: day}
        case How.UNKNOWN:
            return {**before, How.ACTUAL.value: UNKNOWN}
        case How.ANNOUNCED:
            return {**before, How.ANNOUNCED.value: day}
        case How.PLANNED:
            return {How.PLANNED.value: day}
    # A day without saying how it is known is the day on which it took place.
    return {**before, How.ACTUAL.value: day} if day else None


def _documents(step: Step, typed: Typed, stored: Sequence[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """Give the documents on record, and those that are named for the first time."""
    for document in stored:
        day = as_day(typed.one(f"documents.{document['kind']}.day"))
        yield {**document, "day": day} if day and "day" not in document else dict(document)
    known = {document["kind"] for document in stored}
    for kind in typed.all("documents"):
        if kind not in known and kind in step.evidence:
            day = as_day(typed.one(f"documents.{kind}.day"))
            yield {"kind": kind, "day": day} if day else {"kind": kind}


def _events(typed: Typed) -> Iterable[dict[str, str]]:
    for number in range(NEW_EVENTS):
        kind, at = typed.one(f"events.{number}.kind"), as_day(typed.one(f"events.{number}.at"))
        if kind or at:
            yield {"kind": kind, "at": at}
