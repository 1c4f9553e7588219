"""What stands inside a term: the terms and names that it is made of."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Final

from engine.observables import terms as t
from engine.observables.case_moments import gate_moment
from engine.procedure import AttributeType, Procedure
from engine.vocabulary import Gate


def inside(value: object) -> Iterator[object]:
    """Give a term and whatever is inside it, the outermost first."""
    if isinstance(value, tuple):
        for part in value:
            yield from inside(part)
        return
    yield value
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from inside(getattr(value, each.name))


Subject = tuple[str, str]
"""A step with a fact of its rounds; or with `MOMENTS`, for when and in which order they took place, and which count."""

MOMENTS: Final = ""

_SAME: Final = {"documented": "documents"}
"""What is said of rounds by another name."""


def subject(procedure: Procedure, step: str, attribute: str) -> Subject:
    """Return what an attribute of a round is about."""
    own = procedure.steps[step]
    known = own.attributes.get(attribute)
    when = known is not None and known.type == AttributeType.MOMENT
    return (step, MOMENTS) if when or attribute in own.counts_when else (step, _SAME.get(attribute, attribute))


def subjects_of(question: object, procedure: Procedure) -> frozenset[Subject]:
    """Return on what the answer to a question may depend.

    Those are the rounds of the steps that it names, and of those by whose moments a gate that it names is passed; and
    the facts that it names. A name that only happens to be that of a step makes it one too many.
    """
    named = set(inside(question))
    gates = [gate for gate in named if isinstance(gate, Gate) and gate in procedure.gates]
    named.update(part for gate in gates for text in procedure.gates[gate] for part in inside(gate_moment(text)))
    steps = {(step, MOMENTS) for step in procedure.steps if step in named}
    facts = {subject(procedure, *found) for found in attributes_of(question, happened=True)}
    return frozenset(steps | facts)


def attributes_of(value: object, step: str | None = None, *, happened: bool) -> Iterator[tuple[str, str]]:
    """Give the attributes that a term asks about, each with its step.

    `happened`: with the moments of which it only asks whether they have happened, too.
    """
    if isinstance(value, tuple):
        for part in value:
            yield from attributes_of(part, step, happened=happened)
    elif is_dataclass(value) and not isinstance(value, type) and (happened or not isinstance(value, t.Happened)):
        step = getattr(value, "step", None) or step
        if step and isinstance(name := getattr(value, "attribute", None), str):
            yield step, name
        for each in fields(value):
            yield from attributes_of(getattr(value, each.name), step, happened=happened)
