"""Which duties units have switched off by their own determinations: it applies only if one says otherwise.

Only a determination that suffices by itself counts: of several of which any would do, none alone switches a duty off.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.summaries.bodies import parts
from api.summaries.columns import Block
from api.summaries.judged import Left
from api.summaries.models import Dimension, Part, SummaryBasis, SummaryFilter
from api.summaries.service import Desk, blocks
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.observables import terms as t
from engine.vocabulary import Bilingual, Frozen

Answer = tuple[str, bool]
"""A determination, and what it says."""

DETERMINATIONS: Final = "determinations"


class SwitchedOff(Frozen):
    """What a unit has switched off by one answer. `duties`: counted once for each record; `keys`: of these records."""

    unit: Part
    determination: str
    title: Bilingual
    says: bool
    duties: int
    keys: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return what tells it from all others."""
        return f"{self.determination}.{self.says}.{self.unit.key}"


class AllSwitchedOff(Frozen):
    """What units have switched off, the most duties first."""

    basis: SummaryBasis
    rows: tuple[SwitchedOff, ...]


def switched_off(desk: Desk, wanted: SummaryFilter) -> AllSwitchedOff:
    """Count the duties that do not apply by a unit's own determination; raises what `summed` raises."""
    left = Left()
    said = _determinations(desk)
    found: dict[tuple[str, str, bool], tuple[int, list[str]]] = {}
    for block in blocks(desk, wanted, left):
        units = block.columns[Dimension.UNIT]
        for (name, says), duties in _duties(block, wanted, said).items():
            for place in np.flatnonzero(duties).tolist():
                group = (units.words[units.places[place]], name, says)
                number, keys = found.get(group, (0, []))
                keys.append(block.keys[place])
                found[group] = (number + int(duties[place]), keys)
    titles = _titles(desk)
    rows = [
        SwitchedOff(
            unit=desk.naming.part(Dimension.UNIT, unit),
            determination=name,
            title=titles[name],
            says=says,
            duties=number,
            keys=tuple(keys),
        )
        for (unit, name, says), (number, keys) in found.items()
    ]
    rows.sort(key=lambda row: (-row.duties, row.unit.title.zh, row.determination))
    return AllSwitchedOff(basis=desk.basis(left), rows=tuple(rows))


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


def _determinations(desk: Desk) -> dict[str, Mapping[str, bool]]:
    """Return what each record within reach determines, as it was known."""
    found: dict[str, Mapping[str, bool]] = {}
    for key, text in parts(desk.session, desk.reach, DETERMINATIONS, known_at=desk.known_at):
        if text is not None:
            found[key] = {name: one["value"] for name, one in json.loads(text).items()}
    return found


def _duties(
    block: Block, wanted: SummaryFilter, said: Mapping[str, Mapping[str, bool]]
) -> dict[Answer, NDArray[np.int64]]:
    """Count for each answer how many duties it has switched off in each record of a block."""
    nothing: Mapping[str, bool] = {}
    own = [said.get(key, nothing) for key in block.keys]
    answers: dict[Answer, NDArray[np.bool_]] = {}
    found: dict[Answer, NDArray[np.int64]] = {}
    for place, compiled in enumerate(block.cards):
        card = compiled.meaning.card
        if wanted.step not in {None, card.step} or wanted.card not in {None, card.id}:
            continue
        for answer in set(suffices(compiled.meaning.applies)):
            if answer not in answers:
                name, says = answer
                answers[answer] = np.array([one.get(name) is says for one in own], dtype=np.bool_)
            off = (block.outcomes[place] == _NOT_APPLICABLE) & answers[answer]
            found[answer] = found[answer] + off if answer in found else off.astype(np.int64)
    return found


def _titles(desk: Desk) -> dict[str, Bilingual]:
    procedures = desk.rules.rulebook.procedures.values()
    return {name: title for procedure in procedures for name, title in procedure.determinations.items()}


_NOT_APPLICABLE: Final = OUTCOME_CODES[Outcome.NOT_APPLICABLE]
