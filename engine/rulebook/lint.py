"""What a card or parameter must keep to beyond the form of its fields. Each lapse is a problem with its line."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.cards.card import Card, CardMeaning, card_meaning
from engine.conditions.names import ConditionError, Names
from engine.conditions.parse import parse_condition, parse_moment
from engine.duties.kinds import Deadline, MinimumCount, MinimumPeriod, OneOf
from engine.duties.meaning import meaning
from engine.parameters.jurisdictions import ROOT, Jurisdiction
from engine.parameters.parameter import Parameter
from engine.procedure import Procedure
from engine.reading.problems import Location, Problem, field_path, line_of, near
from engine.reading.texts import Text
from engine.rulebook.instrument import Instrument


def lint_parameter(
    parameter: Parameter,
    text: Text,
    *,
    instruments: Mapping[str, Instrument],
    places: Mapping[str, Jurisdiction],
) -> Iterable[Problem]:
    """Check the places and instruments that a parameter's values name."""
    for index, value in enumerate(parameter.values):
        place: Location = ("values", index)
        yield from _known(text, (*place, "jurisdiction"), value.jurisdiction, places, "unknown_jurisdiction")
        yield from _known(
            text, (*place, "source", "instrument"), value.source.instrument, instruments, "unknown_instrument"
        )
        if value.jurisdiction != ROOT and value.value is not None and not value.basis:
            expected = "the basis on which a jurisdiction sets a value of its own"
            yield text.problem((*place, "basis"), "missing_field", "nothing", expected, "name the basis")
        if value.since and value.until and value.until < value.since:
            yield text.problem(
                (*place, "until"),
                "end_before_start",
                str(value.until),
                "a day after `since`",
                "correct it",
            )


def _known(text: Text, place: Location, name: str, known: Iterable[str], code: str) -> Iterable[Problem]:
    names = sorted(known)
    if name not in names:
        expected = f"one of {', '.join(names) or '(none)'}{near(name, names)}"
        yield text.problem(place, code, repr(name), expected, "correct the name, or add what it names")


def lint_card(
    card: Card,
    text: Text,
    *,
    procedures: Mapping[str, Procedure],
    instruments: Mapping[str, Instrument],
    places: Mapping[str, Jurisdiction],
    parameters: Mapping[str, Parameter],
    cards: Mapping[str, Card],
) -> tuple[CardMeaning | None, list[Problem]]:
    """Check a card; without problems there is its meaning, with problems there is none."""
    problems = list(_key_order(card, text))
    problems += _known(text, ("source", "instrument"), card.source.instrument, instruments, "unknown_instrument")
    problems += _known(text, ("jurisdiction",), card.jurisdiction, places, "unknown_jurisdiction")
    problems += _known(text, ("procedure",), card.procedure, procedures, "unknown_procedure")
    if card.procedure not in procedures:
        return None, problems
    procedure = procedures[card.procedure]
    for index, name in enumerate(card.consequence_of):
        problems += _known(text, ("consequence_of", index), name, set(cards) - {card.id}, "unknown_card")
    for index, name in enumerate(card.displaced_by):
        problems += _known(text, ("displaced_by", index), name, procedure.special_statutes, "unknown_statute")
    problems += _in_force_order(card, text)
    if card.bars and card.bars not in procedure.gates:
        expected = f"none, or a gate of the procedure: {', '.join(procedure.gates)}"
        problems.append(text.problem(("gate",), "unknown_gate", repr(str(card.gate)), expected, "correct the gate"))
    if Path(text.file).name != f"{card.id}.yaml":
        problems.append(
            text.problem(("id",), "file_name", repr(card.id), f"a file named {card.id}.yaml", "rename the file")
        )
    named = Names(procedure, parameters, tuple(places))
    problems += _unreadable(card, text, named)
    return (None, problems) if problems else (card_meaning(card, named), [])


def _key_order(card: Card, text: Text) -> Iterable[Problem]:
    order = list(type(card).model_fields)
    given = [key for key in text.data if key in order]
    wanted = sorted(given, key=order.index)
    for key, expected in zip(given, wanted, strict=True):
        if key != expected:
            do = f"keep the order {', '.join(wanted)}"
            yield text.problem((key,), "key_order", repr(key), f"{expected!r} at this place", do)
            return


def _in_force_order(card: Card, text: Text) -> Iterable[Problem]:
    if card.in_force.until and card.in_force.until < card.in_force.since:
        given = str(card.in_force.until)
        yield text.problem(("in_force", "until"), "end_before_start", given, "a day after `from`", "correct it")


def _unreadable(card: Card, text: Text, names: Names) -> list[Problem]:
    """Read each part of the card by itself, so that a problem names its field."""
    parts: list[tuple[Location, Callable[[], object]]] = [
        (("step",), lambda: names.step(card.step)),
        (("in_force", "by"), lambda: parse_moment(card.in_force.by, names)),
    ]
    for field, value in (("applies_when", card.applies_when), ("unless", card.unless)):
        if value is not None:
            parts.append(((field,), lambda value=value: parse_condition(value, names)))  # type: ignore[misc]
    if card.presupposes is not None:
        presupposed = card.presupposes
        parts.append((("presupposes",), lambda: names.step(presupposed)))
    parts.append((("duty",), lambda: meaning(card.duty, card.step, names)))
    problems = []
    for place, read in parts:
        try:
            read()
        except ConditionError as error:
            closer = _closer(place, error, text.data)
            problems.append(
                Problem(
                    code=error.code,
                    file=text.file,
                    line=line_of(closer, text.lines),
                    field=field_path(closer),
                    given=error.given,
                    expected=error.expected,
                    do=error.do,
                ),
            )
            if place == ("step",):
                break
    return problems


def _closer(place: Location, error: ConditionError, data: dict[str, Any]) -> Location:
    """Find the field of a duty whose text holds what was given, or the last name in it."""
    if place != ("duty",):
        return place
    given = error.given.strip("'").split(",")[0]
    for wanted in (given, given.split(".")[-1]):
        for key, value in data["duty"].items():
            if key != "kind" and wanted in str(value):
                return ("duty", key)
    return place


def contradictions(cards: Mapping[str, Card]) -> Iterable[tuple[str, str]]:
    """Find pairs of cards of equal rank that demand different numbers, or values, of the same thing at the same time.

    Of equal rank: of one jurisdiction. Two duties that ask for other things, or in other cases, do not contradict.
    """
    asked: dict[tuple[object, ...], list[Card]] = {}
    for card in cards.values():
        if (key := _asked(card)) is not None:
            asked.setdefault(key, []).append(card)
    for same in asked.values():
        for index, card in enumerate(same):
            for other in same[index + 1 :]:
                if _at_once(card, other):
                    yield card.id, other.id


def _asked(card: Card) -> tuple[object, ...] | None:
    """Return what a card asks for, without the number or values that it demands; None for duties without them."""
    around = (card.procedure, card.jurisdiction, card.step, card.applies_when, card.presupposes, card.unless)
    match card.duty:
        case MinimumPeriod() as duty:
            return (*around, duty.kind, duty.round, duty.start, duty.end, duty.where)
        case Deadline() as duty:
            return (*around, duty.kind, duty.round, duty.after, duty.moment)
        case MinimumCount() as duty:
            return (*around, duty.kind, duty.round, duty.of, duty.where)
        case OneOf() as duty:
            return (*around, duty.kind, duty.round, duty.attribute, duty.where)
    return None


def _at_once(card: Card, other: Card) -> bool:
    """Tell whether two cards bind some organ level on some day."""
    first, last = max(card.in_force.since, other.in_force.since), (card.in_force.until, other.in_force.until)
    ends = [until for until in last if until is not None]
    levels = {*card.binds, *card.by_reference} & {*other.binds, *other.by_reference}
    return bool(levels) and (not ends or first <= min(ends))
