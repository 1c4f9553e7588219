"""Read a mapping file, and check what it names against the rulebook. What is wrong is returned with its line."""

from collections.abc import Collection, Iterator
from pathlib import Path

from pydantic import ValidationError

from api.eventlogs.mapping import LogMapping, StepMapping
from engine.procedure import AttributeType, Procedure
from engine.procedure.procedure import Step
from engine.reading.problems import Location, Problem, near, problems_of
from engine.reading.texts import DEFAULT_LIMIT, Text, read_texts
from engine.rulebook.rulebook import Rulebook


def read_mapping(
    path: Path, rulebook: Rulebook, *, limit: int = DEFAULT_LIMIT
) -> tuple[LogMapping | None, list[Problem]]:
    """Read a mapping for a rulebook; without problems there is one, with problems there is none."""
    texts, problems = read_texts(path, limit=limit)
    if problems:
        return None, problems
    text = texts[0]
    try:
        mapping = LogMapping.model_validate(text.data)
    except ValidationError as error:
        return None, problems_of(error, file=text.file, lines=text.lines)
    found = list(_unknown_names(mapping, text, rulebook))
    return (None, found) if found else (mapping, [])


def _unknown_names(mapping: LogMapping, text: Text, rulebook: Rulebook) -> Iterator[Problem]:
    yield from _among(text, ("procedure",), mapping.procedure, rulebook.procedures)
    procedure = rulebook.procedures.get(mapping.procedure)
    if procedure is None:
        return
    place = mapping.record.jurisdiction.value
    if place is not None:
        yield from _among(text, ("record", "jurisdiction"), place, rulebook.tree.ids)
    for name in mapping.determinations:
        yield from _among(text, ("determinations", name), name, procedure.determinations)
    yield from _in_steps(mapping, text, procedure)


def _in_steps(mapping: LogMapping, text: Text, procedure: Procedure) -> Iterator[Problem]:
    for name, mapped in mapping.steps.items():
        unknown = list(_among(text, ("steps", name), name, procedure.steps))
        yield from unknown or _in_step(("steps", name), mapped, text, procedure.steps[name])


def _in_step(place: Location, mapped: StepMapping, text: Text, step: Step) -> Iterator[Problem]:
    moments = [name for name, attribute in step.attributes.items() if attribute.type == AttributeType.MOMENT]
    for name in mapped.moments:
        yield from _among(text, (*place, "moments", name), name, moments)
    for name in mapped.attributes:
        yield from _among(text, (*place, "attributes", name), name, set(step.attributes) - set(moments))
    for index, document in enumerate(mapped.documents):
        if document.kind is not None:
            yield from _among(text, (*place, "documents", index, "kind"), document.kind, step.evidence)


def _among(text: Text, place: Location, name: object, known: Collection[str]) -> Iterator[Problem]:
    if name not in known:
        names = sorted(known)
        expected = f"one of {', '.join(names) or '(none)'}{near(str(name), names)}"
        yield text.problem(place, "unknown_name", repr(name), expected, "correct the name, or add it to the rulebook")
