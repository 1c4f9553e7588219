"""A plant: one change to some records, and the findings that it must give. What plants are made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from api.synth.draws import NULL, Bools, Ints
from api.synth.matters import Matters
from api.synth.plants.facts import Facts
from engine.vocabulary import Doubt, Verdict, Violation

USUAL: Final = 0.004
"""The rate of a plant: its share in the records that it fits."""

Where = Callable[[Facts], Bools]
Day = Callable[[Facts], Ints]
Change = Callable[[Matters, Facts, Bools], None]


@dataclass(frozen=True, slots=True)
class Told:
    """A finding that a plant gives: everywhere, or in some of its records."""

    card: str
    verdict: Verdict
    reason: Violation | Doubt
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Plant:
    """One change to records that fit, with all findings that it gives; none if it only looks like a lapse.

    `touches`: the steps and other parts of a record that it changes, beside those that it looks at. `alone`: nothing
    else is planted in the same record.
    """

    name: str
    touches: tuple[str, ...]
    where: Where
    change: Change
    told: tuple[Told, ...]
    rate: float = USUAL
    alone: bool = False


def violated(card: str, how: str, where: Where | None = None) -> Told:
    """Expect a card to be violated, in a way."""
    return Told(card, Verdict.VIOLATED, Violation.of(how), where)


def doubted(card: str, why: str = "evidence_missing", where: Where | None = None) -> Told:
    """Expect a card to be undetermined, for a reason."""
    return Told(card, Verdict.UNDETERMINED, Doubt.of(why), where)


def fits(step: str, where: Where | None) -> Where:
    """Fit records that are whole, have a step, and pass a test."""

    def test(facts: Facts) -> Bools:
        found = facts.whole() & facts.taken(step)
        return found if where is None else found & where(facts)

    return test


def left_out(step: str, *told: Told, where: Where | None = None, rate: float = USUAL) -> Plant:
    """Leave a step out."""

    def change(matters: Matters, _: Facts, hit: Bools) -> None:
        matters.rounds[step].leave_out(hit)

    return Plant(f"{step}.left_out", (step,), fits(step, where), change, told, rate)


def unsaid(step: str, attribute: str, *told: Told, where: Where | None = None, rate: float = USUAL) -> Plant:
    """Do not say something of a step."""

    def change(matters: Matters, _: Facts, hit: Bools) -> None:
        matters.rounds[step].say(attribute, NULL, where=hit)

    return Plant(f"{step}.{attribute}.unsaid", (step,), fits(step, where), change, told, rate)


def says(step: str, attribute: str, value: int, *told: Told, where: Where | None = None, rate: float = USUAL) -> Plant:
    """Say a number, or yes (1) or no (0), of all rounds of a step."""

    def change(matters: Matters, _: Facts, hit: Bools) -> None:
        matters.rounds[step].say(attribute, value, where=hit)

    word = {0: "no", 1: "yes"}.get(value, str(value))
    return Plant(f"{step}.{attribute}.{word}", (step,), fits(step, where), change, told, rate)


def denied(
    step: str, attribute: str, card: str, *, where: Where | None = None, rate: float = USUAL, how: str = "defective"
) -> tuple[Plant, Plant]:
    """Say no where a card wants a yes, or say nothing."""
    return (
        says(step, attribute, 0, violated(card, how), where=where, rate=rate),
        unsaid(step, attribute, doubted(card), where=where, rate=rate),
    )


def chooses(
    step: str, attribute: str, value: str, *told: Told, where: Where | None = None, rate: float = USUAL
) -> Plant:
    """Choose a value in all rounds of a step."""

    def change(matters: Matters, _: Facts, hit: Bools) -> None:
        matters.rounds[step].choose(attribute, value, where=hit)

    return Plant(f"{step}.{attribute}.{value}", (step,), fits(step, where), change, told, rate)


def lacks(
    step: str, attribute: str, values: Iterable[str], *told: Told, where: Where | None = None, rate: float = USUAL
) -> Plant:
    """Take something out of a set, or out of the documents of a step."""
    taken = tuple(values)

    def change(matters: Matters, _: Facts, hit: Bools) -> None:
        matters.rounds[step].lack(attribute, taken, where=hit)

    return Plant(f"{step}.{attribute}.lacks_{'_'.join(taken)}", (step,), fits(step, where), change, told, rate)


def undated(step: str, moment: str, *told: Told, where: Where | None = None, rate: float = USUAL) -> Plant:
    """Leave a moment out."""

    def change(matters: Matters, _: Facts, hit: Bools) -> None:
        matters.rounds[step].undate(moment, where=hit)

    return Plant(f"{step}.{moment}.undated", (step,), fits(step, where), change, told, rate)


def moved(
    step: str, moment: str, to: str, day: Day, *told: Told, where: Where | None = None, rate: float = USUAL
) -> Plant:
    """Move a moment to another day; `to` says in a word where that lies."""

    def change(matters: Matters, facts: Facts, hit: Bools) -> None:
        matters.rounds[step].on(moment, day(facts), where=hit)

    def fitting(facts: Facts) -> Bools:
        # What the new day goes by is looked at, so that nothing else is planted in it.
        day(facts)
        return fits(step, where)(facts)

    return Plant(f"{step}.{moment}.{to}", (step,), fitting, change, told, rate)


def in_month(step: str, moment: str, *told: Told, where: Where | None = None, rate: float = USUAL) -> Plant:
    """Let a moment be known to the month only."""

    def change(matters: Matters, _: Facts, hit: Bools) -> None:
        matters.rounds[step].in_month(moment, where=hit)

    return Plant(f"{step}.{moment}.in_month", (step,), fits(step, where), change, told, rate)


def undetermined(name: str, *told: Told, where: Where | None = None, rate: float = USUAL) -> tuple[Plant, Plant]:
    """Leave a determination out, or record it without a reason."""

    def whole(facts: Facts) -> Bools:
        facts.yes(name)
        found = facts.whole()
        return found if where is None else found & where(facts)

    def leave_out(matters: Matters, _: Facts, hit: Bools) -> None:
        matters.records[f"determined.{name}"] = np.where(hit, NULL, matters.records[f"determined.{name}"])

    def no_reason(matters: Matters, _: Facts, hit: Bools) -> None:
        matters.records[f"determined.{name}"] = np.where(hit, 2, matters.records[f"determined.{name}"])

    touches = (f"determined.{name}",)
    return (
        Plant(f"determined.{name}.left_out", touches, whole, leave_out, told, rate),
        Plant(f"determined.{name}.without_reason", touches, whole, no_reason, told, rate),
    )


def also(plant: Plant, *others: Plant, name: str | None = None) -> Plant:
    """Make changes together with those of another plant, whose findings hold."""

    def change(matters: Matters, facts: Facts, hit: Bools) -> None:
        for one in (plant, *others):
            one.change(matters, facts, hit)

    touches = tuple(dict.fromkeys(area for one in (plant, *others) for area in one.touches))
    return replace(plant, name=name or plant.name, touches=touches, change=change)


def called(name: str, plant: Plant) -> Plant:
    """Give a plant a name of its own."""
    return replace(plant, name=name)


def touching(plant: Plant, *areas: str) -> Plant:
    """Keep other plants off more parts of the record."""
    return replace(plant, touches=(*plant.touches, *areas))


def alone(plant: Plant) -> Plant:
    """Plant nothing else in the same record."""
    return replace(plant, alone=True)


def flat(*plants: "Plant | Iterable[Plant]") -> tuple[Plant, ...]:
    """Lay plants, and pairs of them, out in a row."""
    return tuple(one for some in plants for one in ((some,) if isinstance(some, Plant) else some))
