"""Whether a part of a case table can be judged: what is looked at, before it is, and what is taken out.

Nothing is judged by a code that stands for nothing, a moment that ends before it begins, a round of no record. First
each column is looked at as a whole, which costs little; only one that fails is looked at row by row. Damage that
leaves a part consistent, such as one day in place of another, cannot be seen here.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from api.sweeps.attached import check_attached
from api.sweeps.damage import NOTHING, Damage, Flaw, given_number, misplaced
from api.sweeps.limits import MOMENT, Limits, moments, record_limits, round_limits
from api.sweeps.loops import MANY, outside, wrong_rounds, wrong_spans
from api.sweeps.reading import RECORDS, Misfit, rounds_file
from api.sweeps.rejects import Reject
from engine.calendar.moment import LONG_AGO, NEVER
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import Asked, Frames, column_of, type_of
from engine.observables.layout import NOT_SAID, Blank
from engine.vocabulary import Bilingual

Column = NDArray[Any]

_ID: Final = Bilingual(zh="每条记录各有编号", en="an id of its own for each record")
_SPAN: Final = Bilingual(
    zh="有开始和结束且结束不早于开始的时间", en="a moment with a beginning, and an end that is not before it"
)
_OUTCOME: Final = Bilingual(zh="结果及其日期", en="an outcome together with its day")
_NUMBER: Final = Bilingual(zh="该列类型的整数", en="a whole number that the type of the column holds")
_PLACE: Final = Bilingual(zh="记录的位置,按顺序排列", en="the place of a record, in order")
_SORTED: Final = Bilingual(
    zh="同一记录的各轮按开始时间排列", en="the rounds of a record in the order in which they began"
)


def sound(
    frames: Frames,
    rules: CompiledRulebook,
    asked: Asked,
    *,
    folder: Path,
    misfits: Iterable[Misfit] = (),
) -> tuple[Frames, tuple[Reject, ...]]:
    """Return what can be judged of a part that was read from a folder, and what cannot, with its reasons.

    The codes are those of the rules. `misfits`: what was found in reading it. A record with anything wrong, in what is
    asked for, is taken out with all that belongs to it.
    """
    damage = Damage(frames.records.get_column("id"), folder)
    _check_ids(damage)
    _check_records(_Table(RECORDS, frames.records, asked.records), rules, damage)
    names, size = list(rules.procedure.steps), frames.records.height
    counts = np.zeros((len(names), size), dtype=np.uint16)
    places: dict[str, Column] = {}
    for code, name in enumerate(names):
        if name in frames.rounds:
            table = _Table(rounds_file(name), frames.rounds[name], asked.rounds[name])
            places[table.file] = _check_rounds(table, name, rules, counts[code], damage)
        elif name not in asked.rounds:
            counts[code] = MANY  # that are not read, and nothing is asked about them
    check_attached(frames, rules, counts, damage)
    _note_misfits(misfits, places, damage)
    return damage.without(frames), tuple(damage.rejects)


class _Table:
    """A frame in its file, with columns that are asked for as numbers; of one that is not there nothing is known."""

    def __init__(self, file: str, frame: pl.DataFrame, blanks: Mapping[str, Blank]) -> None:
        self.file, self.blanks = file, blanks
        self._rows = frame.height
        self._columns = {series.name: series for series in frame.get_columns()}

    def has(self, name: str) -> bool:
        """Tell whether a column is there, and asked for."""
        return column_of(name) in self._columns and name in self.blanks

    def values(self, name: str) -> Column:
        """Return a column that is asked for."""
        return self.numbers(column_of(name), self.blanks[name])

    def numbers(self, name: str, blank: Blank) -> Column:
        """Return a column with what stands in it where nothing is known."""
        series = self._columns.get(name)
        if series is None:
            return np.full(self._rows, blank)
        whole = series.fill_null(blank.item()) if series.null_count() else series
        values = whole.to_numpy()
        return values if values.dtype == blank.dtype else whole.cast(type_of(blank)).to_numpy()


@lru_cache(maxsize=128)
def _limits(rules: CompiledRulebook, step: str | None) -> Mapping[str, Limits]:
    return record_limits(rules) if step is None else round_limits(rules.procedure.steps[step])


@lru_cache(maxsize=128)
def _spans(rules: CompiledRulebook, step: str) -> tuple[str, ...]:
    return moments(rules.procedure.steps[step])


def _check_ids(damage: Damage) -> None:
    ids = damage.ids
    if not ids.null_count() and ids.n_unique() == len(ids):
        return
    for row in (ids.is_null() | ids.is_duplicated()).arg_true().to_list():
        given = NOTHING if ids[row] is None else Bilingual(zh=ids[row], en=ids[row])
        code = "missing_id" if ids[row] is None else "duplicate_id"
        damage.note(Flaw(RECORDS, "id", code, _ID), row, given, owners=(row,))


def _check_records(records: _Table, rules: CompiledRulebook, damage: Damage) -> None:
    owners = np.arange(len(damage.ids))
    _check_limits(records, _limits(rules, None), owners, damage)
    _check_span(records, "outcome", owners, damage)
    if {"outcome", "outcome.lo"} <= records.blanks.keys():
        outcome, lo = records.values("outcome"), records.values("outcome.lo")
        wrong = (outcome > NOT_SAID) != (lo < NEVER)
        for row in np.flatnonzero(wrong).tolist() if wrong.any() else ():
            given = given_number(int(outcome[row]), blank=NOT_SAID)
            damage.note(Flaw(RECORDS, "outcome", "outcome_without_day", _OUTCOME), row, given, owners=(row,))


def _check_rounds(
    table: _Table, step: str, rules: CompiledRulebook, counts: NDArray[np.uint16], damage: Damage
) -> Column:
    """Look at the rounds of a step, and count them by record; returns their records, -1 for none."""
    record = table.numbers("record", np.int64(-1))
    begun = table.values("begun.lo") if "begun.lo" in table.blanks else np.zeros(len(record), dtype=np.int32)
    if wrong_rounds(record, begun, counts, len(counts)):
        _note_misplaced(table.file, record, begun, counts, damage)
    _check_limits(table, _limits(rules, step), record, damage)
    for name in _spans(rules, step):
        _check_span(table, name, record, damage)
    return record


def _check_limits(table: _Table, all_limits: Mapping[str, Limits], owners: Column, damage: Damage) -> None:
    for name, limits in all_limits.items():
        needed = limits.least > NOT_SAID and table.blanks.get(name) == NOT_SAID
        if not (table.has(name) or needed):
            continue
        values = table.values(name)
        if not outside(values, limits.least, limits.most):
            continue
        blank = NOT_SAID if limits.least > NOT_SAID else None
        flaw = Flaw(table.file, name, "out_of_range", limits.expected)
        for row in np.flatnonzero((values < limits.least) | (values > limits.most)).tolist():
            damage.note(flaw, row, given_number(int(values[row]), blank=blank), owners=_owner(owners, row, damage))


def _check_span(table: _Table, name: str, owners: Column, damage: Damage) -> None:
    """Look at a moment; where only one of its ends is asked for, at that."""
    names = [column for column in (f"{name}.lo", f"{name}.hi") if column in table.blanks]
    if not any(map(table.has, names)):
        return
    if len(names) < _ENDS:
        _check_limits(table, dict.fromkeys(names, MOMENT), owners, damage)
        return
    lo, hi = (table.values(column) for column in names)
    if not wrong_spans(lo, hi):
        return
    endless = (hi == NEVER) & (lo > LONG_AGO) & (lo < NEVER)
    wrong = (lo > hi) | (lo < LONG_AGO) | (hi > NEVER) | endless
    for row in np.flatnonzero(wrong).tolist():
        beyond = min(lo[row], hi[row]) < LONG_AGO or max(lo[row], hi[row]) > NEVER
        code, expected = ("out_of_range", MOMENT.expected) if beyond else ("end_before_start", _SPAN)
        early, late = (given_number(int(end[row]), blank=NEVER) for end in (lo, hi))
        given = Bilingual(zh=f"{early.zh}至{late.zh}", en=f"{early.en} to {late.en}")
        damage.note(Flaw(table.file, name, code, expected), row, given, owners=_owner(owners, row, damage))


_ENDS: Final = 2


def _owner(owners: Column, row: int, damage: Damage) -> tuple[int, ...]:
    """Return the record of a row; a row out of place has none, and its records are told already."""
    owner = int(owners[row])
    return (owner,) if 0 <= owner < len(damage.ids) else ()


def _note_misplaced(file: str, record: Column, begun: Column, counts: NDArray[np.uint16], damage: Damage) -> None:
    """Note the rounds that are not in order by record, or within their record by their beginning; counts the others."""
    in_place = np.ones(len(record), dtype=np.bool_)
    for row, owners in misplaced(record, len(counts)):
        in_place[row] = False
        given = given_number(int(record[row]), blank=-1)
        left = [owner for owner in owners if not damage.holds(owner)]
        damage.note(Flaw(file, "record", "misplaced", _PLACE), row, given, owners=left)
    counts[:] = np.minimum(np.bincount(record[in_place], minlength=len(counts)), MANY)
    for row in (np.flatnonzero((record[1:] == record[:-1]) & (begun[1:] < begun[:-1])) + 1).tolist():
        owners = _owner(record, row, damage)
        damage.note(Flaw(file, "begun.lo", "out_of_order", _SORTED), row, given_number(int(begun[row])), owners=owners)


def _note_misfits(misfits: Iterable[Misfit], places: Mapping[str, Column], damage: Damage) -> None:
    """Note the cells that held no number; where that is the place of a record, what misses it is noted already."""
    for misfit in misfits:
        flaw = Flaw(misfit.file, misfit.column, "wrong_type", _NUMBER)
        given = Bilingual(zh=misfit.given, en=misfit.given)
        if misfit.file == RECORDS:
            damage.note(flaw, misfit.row, given, owners=(misfit.row,))
        elif misfit.file in places:
            damage.note(flaw, misfit.row, given, owners=_owner(places[misfit.file], misfit.row, damage))
