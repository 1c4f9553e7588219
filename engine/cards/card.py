"""The rule card as a frozen model, and what it means in terms.

Decides how applicability, exceptions, force in time and confidence join a duty; the law itself stands in the card.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from pydantic import Field

from engine.calendar.moment import epoch_day
from engine.conditions.names import Names
from engine.conditions.parse import parse_condition, parse_moment
from engine.duties.kinds import CompletedBefore, Deadline, Duty
from engine.duties.meaning import Meaning, meaning
from engine.observables import terms as t
from engine.parameters.jurisdictions import ROOT
from engine.parameters.parameter import Source
from engine.vocabulary import (
    Bilingual,
    Confidence,
    Frozen,
    Gate,
    Modality,
    OrganLevel,
    OutcomeKind,
    Weight,
)

DEFAULT_PROCEDURE: Final = "major_decision"
BY_REFERENCE: Final = (OrganLevel.DEPARTMENT, OrganLevel.TOWNSHIP)

ENDED: Final = t.OutcomeIn(
    (
        OutcomeKind.REJECTED,
        OutcomeKind.DEFERRED,
        OutcomeKind.WITHDRAWN,
        OutcomeKind.MERGED,
        OutcomeKind.TERMINATED,
    ),
)


class InForce(Frozen):
    """When the card holds: first and last day, both inclusive, by the moment of the act that it regulates."""

    since: date = Field(alias="from")
    until: date | None = None
    by: str


class Examples(Frozen):
    """Cases one fact apart, as the keys of a record; `title` says what they show, `as_of` for which day."""

    satisfied: tuple[dict[str, Any], ...] = Field(min_length=1)
    violated: tuple[dict[str, Any], ...] = Field(min_length=1)
    undetermined: tuple[dict[str, Any], ...] = ()
    pending: tuple[dict[str, Any], ...] = ()
    not_applicable: tuple[dict[str, Any], ...] = ()


class Card(Frozen):
    """One duty. The fields stand in this order in the file."""

    id: str = Field(pattern=r"^[A-Z]{2,3}-[0-9A-Za-z]+$")
    title: Bilingual
    source: Source
    step: str
    modality: Modality
    weight: Weight
    gate: Gate | Literal["none"]
    confidence: Confidence
    procedure: str = DEFAULT_PROCEDURE
    jurisdiction: str = ROOT
    binds: tuple[OrganLevel, ...] = Field(min_length=1)
    by_reference: tuple[OrganLevel, ...] = BY_REFERENCE
    in_force: InForce
    applies_when: str | None = None
    presupposes: str | None = None
    displaced_by: tuple[str, ...] = ()
    consequence_of: tuple[str, ...] = ()
    duty: Duty
    unless: str | None = None
    remedy: Bilingual
    examples: Examples

    @property
    def bars(self) -> Gate | None:
        """Return the gate that the card bars, None for none."""
        return self.gate if isinstance(self.gate, Gate) else None


@dataclass(frozen=True, slots=True)
class CardMeaning:
    """A card in terms: whether it applies, is met, settled, excepted, confirmed; `ended`: whether the matter is."""

    card: Card
    act: t.Act
    applies: t.Condition
    duty: Meaning
    unless: t.Condition
    confirmed: t.Condition
    ended: t.OutcomeIn


def card_meaning(card: Card, names: Names) -> CardMeaning:
    """Read a card; raises `ConditionError`."""
    act = _act(card, names)
    named = replace(names, act=act)
    duty = meaning(card.duty, named.step(card.step), named)
    parameters = (duty.parameter,) if duty.parameter else ()
    return CardMeaning(
        card=card,
        act=act,
        applies=_applies(card, named, act),
        duty=duty,
        unless=parse_condition(card.unless, named) if card.unless is not None else t.NO,
        confirmed=t.Confirmed(card.id, card.confidence == Confidence.FOUND, parameters, act),
        ended=ENDED,
    )


def _act(card: Card, names: Names) -> t.Act:
    """Return the act that the card goes by; a missing step is judged by the law of the day its gate was passed."""
    by = parse_moment(card.in_force.by, names)
    match card.duty:
        case CompletedBefore(before=text):
            gate = parse_moment(text, names)
        case Deadline():
            return t.Act((by,))
        case duty:
            gate = parse_moment(duty.due, names)
    return t.Act((by,) if gate in {by, t.Always()} else (by, gate))


def _applies(card: Card, names: Names, act: t.Act) -> t.Condition:
    day = t.ActDay(act)
    parts: list[t.Condition] = [
        t.LevelIn((*card.binds, *(level for level in card.by_reference if level not in card.binds))),
        t.LiesWithin(card.jurisdiction, act),
        t.NumberTest(day, ">=", epoch_day(card.in_force.since)),
    ]
    if card.in_force.until:
        parts.append(t.NumberTest(day, "<=", epoch_day(card.in_force.until)))
    parts.append(t.Not(t.Excluded()))
    parts += [t.Not(t.Displaced(statute)) for statute in card.displaced_by]
    if card.applies_when is not None:
        parts.append(parse_condition(card.applies_when, names))
    if card.presupposes is not None:
        parts.append(t.Taken(names.step(card.presupposes)))
    return t.Every(tuple(parts))
