"""Which duties units have switched off by their own determinations: it applies only if one says otherwise.

Only a determination that suffices by itself counts: of several of which any would do, none alone switches a duty off.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from operator import contains
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from api.summaries.bodies import parts
from api.summaries.columns import Block, Places
from api.summaries.judged import Left
from api.summaries.models import Dimension, Part, SummaryBasis, SummaryFilter
from api.summaries.service import Desk
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.observables import terms as t
from engine.vocabulary import Bilingual

Answer = tuple[str, bool]
"""A determination, and what it says."""

DETERMINATIONS: Final = "determinations"


class SwitchedIn(NamedTuple):
    """A record in which one answer has switched off some duties."""

    key: str
    duties: int


@dataclass(frozen=True, slots=True)
class Some:
    """Some records of a block, by their places, and how many duties are switched off in each."""

    keys: Sequence[str]
    places: Places
    duties: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """What a unit has switched off by one answer. `duties`: counted once for each record; `number`: of records."""

    unit: Part
    determination: str
    title: Bilingual
    says: bool
    duties: int
    number: int
    found: tuple[Some, ...]

    @property
    def name(self) -> str:
        """Return what tells it from all others."""
        return f"{self.determination}.{self.says}.{self.unit.key}"

    @property
    def records(self) -> tuple[SwitchedIn, ...]:
        """Return the records, those with the most duties first."""
        every = (
            SwitchedIn(some.keys[place], number)
            for some in self.found
            for place, number in zip(some.places.tolist(), some.duties.tolist(), strict=True)
        )
        return tuple(sorted(every, key=lambda one: (-one.duties, one.key)))


@dataclass(frozen=True, slots=True)
class AllSwitchedOff:
    """What units have switched off, the most duties first."""

    basis: SummaryBasis
    rows: tuple[SwitchedOff, ...]


def switched_off(desk: Desk, wanted: SummaryFilter, judged: Iterable[Block], left: Left) -> AllSwitchedOff:
    """Count the duties that do not apply by a unit's own determination; `judged`: what the wanted records came to."""
    said = parts(desk.session, desk.reach, DETERMINATIONS, _says, known_at=desk.known_at)
    found: defaultdict[tuple[str, str, bool], list[Some]] = defaultdict(list)
    for block in judged:
        for (name, says), duties in _duties(block, wanted, said).items():
            for unit, some in _by_unit(block, duties):
                found[unit, name, says].append(some)
    titles, part = _titles(desk), cache(desk.naming.part)
    rows = [
        SwitchedOff(
            unit=part(Dimension.UNIT, unit),
            determination=name,
            title=titles[name],
            says=says,
            duties=sum(int(some.duties.sum()) for some in every),
            number=sum(len(some.places) for some in every),
            found=tuple(every),
        )
        for (unit, name, says), every in found.items()
    ]
    rows.sort(key=lambda row: (-row.duties, row.unit.title.zh, row.name))
    return AllSwitchedOff(basis=desk.basis(left), rows=tuple(rows))


def _by_unit(block: Block, duties: NDArray[np.int64]) -> Iterator[tuple[str, Some]]:
    """Split the records with duties by the units that lead."""
    units = block.columns[Dimension.UNIT]
    places = np.flatnonzero(duties)
    places = places[np.argsort(units.places[places], kind="stable")]
    of_units = units.places[places]
    begins = np.flatnonzero(np.diff(of_units, prepend=-1))
    for some in np.split(places, begins[1:]) if len(places) else ():
        yield units.words[units.places[some[0]]], Some(block.keys, some, duties[some])


def suffices(condition: t.Condition) -> Iterator[Answer]:
    """Give the determinations of which one answer alone makes a condition false, with that answer."""
    match condition:
        case t.Determined():
            yield condition.name, False
        case t.Every():
            for part in condition.parts:
                yield from suffices(part)
        case t.Not():
            inner = condition.part.parts if isinstance(condition.part, t.Some) else (condition.part,)
            yield from ((part.name, True) for part in inner if isinstance(part, t.Determined))


def _says(text: str | None) -> frozenset[Answer]:
    """Return what a record determines."""
    said = json.loads(text) if text else {}
    return frozenset(_answer(name, one["value"]) for name, one in said.items())


@cache
def _answer(name: str, value: bool) -> Answer:  # noqa: FBT001 - what is said
    """Return the same object for the same answer: very many records give it."""
    return name, value


def _duties(
    block: Block, wanted: SummaryFilter, said: Mapping[str, frozenset[Answer]]
) -> dict[Answer, NDArray[np.int64]]:
    """Count for each answer how many duties it has switched off in each record of a block."""
    nothing: frozenset[Answer] = frozenset()
    own = [said.get(key, nothing) for key in block.keys]
    answers: dict[Answer, NDArray[np.bool_]] = {}
    found: dict[Answer, NDArray[np.int64]] = {}
    for place, compiled in enumerate(block.cards):
        card = compiled.meaning.card
        if wanted.step not in {None, card.step} or wanted.card not in {None, card.id}:
            continue
        for answer in set(suffices(compiled.meaning.applies)):
            if answer not in answers:
                answers[answer] = np.fromiter(map(contains, own, repeat(answer)), dtype=np.bool_, count=len(own))
            off = (block.outcomes[place] == _NOT_APPLICABLE) & answers[answer]
            found[answer] = found[answer] + off if answer in found else off.astype(np.int64)
    return found


def _titles(desk: Desk) -> dict[str, Bilingual]:
    procedures = desk.rules.rulebook.procedures.values()
    return {name: title for procedure in procedures for name, title in procedure.determinations.items()}


_NOT_APPLICABLE: Final = OUTCOME_CODES[Outcome.NOT_APPLICABLE]
