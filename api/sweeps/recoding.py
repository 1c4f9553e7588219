"""From the codes of one layout to those of another, by name. What is no code in the one is none in the other."""

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Final

import polars as pl

from api.sweeps.errors import UnknownNamesError
from api.sweeps.layouts import Names, StepLayout, TableLayout
from engine.observables.frames import Frames
from engine.observables.layout import NOT_SAID
from engine.procedure.procedure import SET_LIMIT, AttributeType

NO_CODE: Final = -2
"""What a number becomes that is no code."""
NO_MEMBER: Final = SET_LIMIT
"""The bit that a bit becomes that stands for nothing."""

_LISTS: Final = (
    "jurisdictions",
    "organ_levels",
    "matter_classes",
    "outcomes",
    "event_kinds",
    "determinations",
    "special_statutes",
    "steps",
)


class Recoding:
    """Puts the codes of the layout in a file into the order of another layout."""

    def __init__(self, given: TableLayout, wanted: TableLayout, *, file: Path) -> None:
        """Work out what changes; raises `UnknownNamesError` for names that the other layout does not have."""
        for field, names, known in _lists(given, wanted):
            if unknown := set(names).difference(known):
                raise UnknownNamesError(file=file, field=field, names=unknown)
        self._records = _changed(
            {
                "jurisdiction": _codes("jurisdiction", given.jurisdictions, wanted.jurisdictions),
                "organ_level": _codes("organ_level", given.organ_levels, wanted.organ_levels),
                "matter_class": _codes("matter_class", given.matter_classes, wanted.matter_classes),
                "outcome": _codes("outcome", given.outcomes, wanted.outcomes),
                "special_statutes": _bits("special_statutes", given.special_statutes, wanted.special_statutes),
            }
        )
        self._rounds = {name: _of_step(step, wanted.steps[name]) for name, step in given.steps.items()}
        steps = _codes("step", tuple(given.steps), tuple(wanted.steps))
        kinds = _codes("kind", given.event_kinds, wanted.event_kinds)
        self._events = _changed({"step": steps, "kind": kinds})
        self._documents = _changed({"step": steps, "bits": _held(given, wanted)})

    def recoded(self, frames: Frames) -> Frames:
        """Return a partition with the codes of the other layout."""
        return Frames(
            records=_put(frames.records, self._records),
            rounds={name: _put(frame, self._rounds.get(name, {})) for name, frame in frames.rounds.items()},
            events=_put(frames.events, self._events),
            documents=_put(frames.documents, self._documents),
        )


def _lists(given: TableLayout, wanted: TableLayout) -> Iterator[tuple[str, Names, Names]]:
    """Give the lists of names of one layout, each with that of the other."""
    for name in _LISTS:
        yield name, tuple(getattr(given, name)), tuple(getattr(wanted, name))
    for name, step in given.steps.items():
        other = wanted.steps[name]
        yield f"steps.{name}.attributes", tuple(step.attributes), tuple(other.attributes)
        yield f"steps.{name}.evidence", step.evidence, other.evidence
        for word, attribute in step.attributes.items():
            field, known = f"steps.{name}.attributes.{word}", other.attributes[word]
            yield f"{field}.type", (attribute.type,), (known.type,)
            yield f"{field}.values", attribute.values, known.values


def _of_step(given: StepLayout, wanted: StepLayout) -> Mapping[str, pl.Expr]:
    found = {"documents": _bits("documents", given.evidence, wanted.evidence)}
    for name, attribute in given.attributes.items():
        coded = _bits if attribute.type == AttributeType.SET else _codes
        found[name] = coded(name, attribute.values, wanted.attributes[name].values)
    return _changed(found)


def _held(given: TableLayout, wanted: TableLayout) -> pl.Expr | None:
    """Put the bits of later documents in order, whose meaning depends on their step (by its code as given)."""
    found, changes = pl.col("bits"), False
    for code, (name, step) in enumerate(given.steps.items()):
        bits = _bits("bits", step.evidence, wanted.steps[name].evidence)
        if bits is not None:
            found, changes = pl.when(pl.col("step") == code).then(bits).otherwise(found), True
    return found if changes else None


def _codes(column: str, given: Names, wanted: Names) -> pl.Expr | None:
    """Put a column of codes in the order of other names; none if nothing changes."""
    if wanted[: len(given)] == given and (len(wanted) == len(given)):
        return None
    old = [NOT_SAID, *range(len(given))]
    new = [NOT_SAID, *(wanted.index(name) for name in given)]
    return pl.col(column).replace_strict(old, new, default=NO_CODE, return_dtype=pl.Int64)


def _bits(column: str, given: Names, wanted: Names) -> pl.Expr | None:
    """Put a column of sets in the order of other names; none if nothing changes."""
    if given == wanted:
        return None
    places = [wanted.index(name) for name in given] + [NO_MEMBER] * (SET_LIMIT + 1 - len(given))
    bits = pl.col(column)
    each = (
        pl.when((bits & (1 << old)) != 0).then(pl.lit(1 << new, dtype=pl.Int64)).otherwise(0)
        for old, new in enumerate(places)
    )
    return pl.when(bits < 0).then(bits).otherwise(reduce(or_, each))


def _changed(expressions: Mapping[str, pl.Expr | None]) -> Mapping[str, pl.Expr]:
    return {name: expression for name, expression in expressions.items() if expression is not None}


def _put(frame: pl.DataFrame, changed: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Put columns that are there in order, each of its type as before."""
    there = [name for name in changed if name in frame.columns]
    return frame.with_columns(changed[name].cast(frame.schema[name]).alias(name) for name in there) if there else frame
