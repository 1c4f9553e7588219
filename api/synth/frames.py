"""From matters to the frames of a part of a case table: the rounds that are there, in order."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from api.synth.draws import NULL, Ints
from api.synth.matters import EVENTS, LATER, Matters, Rounds
from engine.calendar.moment import LONG_AGO, NEVER
from engine.observables.cases import CaseLayout
from engine.observables.frames import DOCUMENT_COLUMNS, EVENT_COLUMNS, PLACES, Frames, attached_types, type_of
from engine.observables.layout import Blank

_LAST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class _Placed:
    """The rounds of a step that are there, in order: `rows` in its table, their `record`, and their place in it."""

    rounds: Rounds
    rows: Ints
    record: Ints
    turn: Ints

    def column(self, name: str) -> Ints:
        return self.rounds.column(name).ravel()[self.rows]


def frames_of_matters(matters: Matters, ids: pl.Series) -> Frames:
    """Write matters as a part of a case table; `ids` are those of the records."""
    layout = CaseLayout(matters.procedure)
    placed = {name: _place(rounds) for name, rounds in matters.rounds.items()}
    return Frames(
        records=_typed(matters.records, layout.records).insert_column(0, ids.alias("id")),
        rounds={name: _rounds_frame(found, layout.rounds[name]) for name, found in placed.items()},
        events=_attached(placed, matters, EVENTS, dict(zip(("kind", "lo", "hi"), EVENT_COLUMNS, strict=True))),
        documents=_attached(placed, matters, (LATER,), dict(zip(DOCUMENT_COLUMNS, DOCUMENT_COLUMNS, strict=True))),
    )


def _place(rounds: Rounds) -> _Placed:
    _write_beginnings(rounds)
    slots = rounds.there.shape[1]
    rows = np.flatnonzero(rounds.there.ravel())
    record = rows // slots
    if slots > 1:
        begun = rounds.columns["begun.lo"].ravel()[rows]
        rows = rows[np.lexsort((np.where(begun == NULL, _LAST, begun), record))]
    first = np.searchsorted(record, record, side="left")
    return _Placed(rounds, rows, record, np.arange(len(rows)) - first)


def _write_beginnings(rounds: Rounds) -> None:
    """Date the beginning of rounds: the earliest of their moments. What has none took place nobody knows when."""
    for end in ("lo", "hi"):
        columns = [rounds.column(f"{name}.{end}") for name in rounds.actual]
        earliest = np.minimum.reduce([np.where(column == NULL, _LAST, column) for column in columns])
        rounds.say(f"begun.{end}", np.where(earliest == _LAST, NULL, earliest))
    silent = np.logical_and.reduce([rounds.column(f"{name}.lo") == NULL for name in rounds.moments])
    for name in {"begun", rounds.step.starts, rounds.step.completes}:
        rounds.say(f"{name}.lo", LONG_AGO, where=silent)
        rounds.say(f"{name}.hi", NEVER, where=silent)


def _rounds_frame(placed: _Placed, blanks: Mapping[str, Blank]) -> pl.DataFrame:
    columns = {name: placed.column(name) for name in placed.rounds.columns if name in blanks}
    typed = _typed(columns, blanks)
    return typed.insert_column(0, pl.Series("record", placed.record, dtype=pl.UInt32))


def _typed(columns: Mapping[str, Ints], blanks: Mapping[str, Blank]) -> pl.DataFrame:
    """Write columns in the types of the case table, NULL as null."""
    return pl.DataFrame([_series(name, values, type_of(blanks[name])) for name, values in columns.items()])


def _series(name: str, values: Ints, kind: pl.DataType) -> pl.Series:
    missing = values == NULL
    if not missing.any():
        return pl.Series(name, values).cast(kind)
    made = pl.Series(name, np.where(missing, 0, values)).cast(kind)
    return made.zip_with(pl.Series(~missing), pl.Series(name, [None], dtype=kind))


def _attached(
    placed: Mapping[str, _Placed], matters: Matters, groups: tuple[str, ...], named: Mapping[str, str]
) -> pl.DataFrame:
    """Write what belongs to rounds: groups of columns, one row for each round that has them."""
    types = attached_types(tuple(named.values()))
    parts = [pl.DataFrame(schema=types)]
    for step, found in placed.items():
        for group in groups:
            if f"{group}.lo" not in found.rounds.columns:
                continue
            there = np.flatnonzero(found.column(f"{group}.lo") != NULL)
            places = {"record": found.record[there], "round": found.turn[there]}
            columns = {name: found.column(f"{group}.{own}")[there] for own, name in named.items()}
            frame = pl.DataFrame(places | {"step": np.full(len(there), matters.procedure.step_code(step))} | columns)
            parts.append(frame.select(pl.col(name).cast(kind) for name, kind in types.items()))
    order = next(name for name in named.values() if name.endswith("lo"))
    return pl.concat(parts).sort(*PLACES, order, maintain_order=True)
