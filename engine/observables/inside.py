"""What stands inside a term: the terms and names that it is made of."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from engine.observables import terms as t
from engine.observables.case_moments import gate_moment
from engine.procedure import Procedure
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


def steps_of(question: object, procedure: Procedure) -> frozenset[str]:
    """Return the steps on whose rounds the answer to a question may depend.

    Those are the steps that it names, and those by whose moments a gate that it names is passed. A name that only
    happens to be that of a step makes it one too many.
    """
    named = set(inside(question))
    gates = [gate for gate in named if isinstance(gate, Gate) and gate in procedure.gates]
    named.update(part for gate in gates for text in procedure.gates[gate] for part in inside(gate_moment(text)))
    return frozenset(step for step in procedure.steps if step in named)


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
