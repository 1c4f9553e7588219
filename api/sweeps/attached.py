"""Whether clock events and later documents of a part belong to rounds that are there, in order, with sound kinds."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from api.sweeps import loops
from api.sweeps.damage import Damage, Flaw, given_number, misplaced
from api.sweeps.reading import DOCUMENTS, EVENTS
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import DOCUMENT_COLUMNS, EVENT_COLUMNS, PLACES, Frames
from engine.vocabulary import Bilingual, ClockEventKind

Column = NDArray[Any]

_NO_MINUTE: Final = int(np.iinfo(np.int32).min)
_FLAWS: Final = {
    loops.RECORD: ("record", "misplaced", Bilingual(zh="记录的位置,按顺序排列", en="the place of a record, in order")),
    loops.STEP: ("step", "out_of_range", Bilingual(zh="程序环节的代码", en="the code of a step")),
    loops.ROUND: (
        "round",
        "no_such_round",
        Bilingual(zh="该记录该环节已有的轮次,从0起", en="a round of that record and step, from 0"),
    ),
    loops.KIND: ("kind", "out_of_range", Bilingual(zh="版式中的种类", en="a kind that the layout names")),
    loops.SPAN: (
        "lo",
        "end_before_start",
        Bilingual(zh="有开始和结束且结束不早于开始的时间", en="a moment with an end that is not before its beginning"),
    ),
    loops.ORDER: (
        "lo",
        "out_of_order",
        Bilingual(zh="同一轮的事件按时间排列", en="the events of a round in the order of their days"),
    ),
}


def check_attached(frames: Frames, rules: CompiledRulebook, counts: NDArray[np.uint16], damage: Damage) -> None:
    """Look at events and documents; `counts`: how many rounds each record has, by step."""
    steps = rules.procedure.steps.values()
    if frames.events.height:
        known = np.full(len(steps), (1 << len(ClockEventKind)) - 1, dtype=np.int64)
        kind = _longs(frames.events, "kind")
        bits = np.where((kind >= 0) & (kind < len(ClockEventKind)), 1 << np.clip(kind, 0, len(ClockEventKind)), 0)
        _Attached(EVENTS, frames.events, EVENT_COLUMNS, bits, known).check(counts, damage)
    if frames.documents.height:
        known = np.array([(1 << len(step.evidence)) - 1 for step in steps], dtype=np.int64)
        bits = _longs(frames.documents, "bits")
        _Attached(DOCUMENTS, frames.documents, DOCUMENT_COLUMNS, bits, known).check(counts, damage)


class _Attached:
    """Events, or documents: `names` of the columns of kind, beginning and end, and kinds as `bits`."""

    def __init__(self, file: str, frame: pl.DataFrame, names: Sequence[str], bits: Column, known: Column) -> None:
        self._file, self._names, self._known = file, names, known
        self._record, self._step, self._place = (_longs(frame, name) for name in PLACES)
        self._bits, self._kind = bits, _longs(frame, names[0])
        self._lo, self._hi = (_minutes(frame, name) for name in names[1:])

    def check(self, counts: NDArray[np.uint16], damage: Damage) -> None:
        """Note what is wrong with any row."""
        rows = np.arange(len(self._record))
        wrong = self._wrong(rows, counts)
        if (wrong == loops.RECORD).any():
            rows = np.delete(rows, self._note_misplaced(damage))
            wrong = self._wrong(rows, counts)
        for place in np.flatnonzero(wrong).tolist():
            self._note(int(rows[place]), int(wrong[place]), damage)

    def _wrong(self, rows: Column, counts: NDArray[np.uint16]) -> Column:
        """Say what is wrong with each of some rows, in their order."""
        whole = len(rows) == len(self._record)
        columns = (self._record, self._step, self._place, self._bits, self._lo, self._hi)
        record, step, place, bits, lo, hi = columns if whole else (column[rows] for column in columns)
        wrong = np.zeros(len(rows), dtype=np.uint8)
        ordered = self._file == EVENTS
        loops.wrong_attached(record, step, place, bits, lo, hi, counts, self._known, ordered, wrong)
        return wrong

    def _note(self, row: int, what: int, damage: Damage) -> None:
        owner = int(self._record[row])
        if not 0 <= owner < len(damage.ids) or (what == loops.ROUND and damage.holds(owner)):
            # Its records are told already.
            return
        column, code, expected = _FLAWS[what]
        values = {"step": self._step, "round": self._place, "kind": self._kind, "lo": self._lo}[column]
        named = {"kind": self._names[0], "lo": self._names[1]}.get(column, column)
        damage.note(Flaw(self._file, named, code, expected), row, given_number(int(values[row])), owners=(owner,))

    def _note_misplaced(self, damage: Damage) -> list[int]:
        """Note rows whose record is none, or out of order within their step; returns these rows."""
        column, code, expected = _FLAWS[loops.RECORD]
        flaw, found = Flaw(self._file, column, code, expected), list[int]()
        for step in np.unique(self._step).tolist():
            there = np.flatnonzero(self._step == step)
            for place, owners in misplaced(self._record[there], len(damage.ids)):
                row = int(there[place])
                found.append(row)
                given = given_number(int(self._record[row]), blank=-1)
                damage.note(flaw, row, given, owners=[owner for owner in owners if not damage.holds(owner)])
        return found


def _longs(frame: pl.DataFrame, name: str) -> Column:
    return _numbers(frame.get_column(name), pl.Int64(), -1)


def _minutes(frame: pl.DataFrame, name: str) -> Column:
    return _numbers(frame.get_column(name), pl.Int32(), _NO_MINUTE)


def _numbers(series: pl.Series, kind: pl.DataType, blank: int) -> Column:
    whole = series.fill_null(blank) if series.null_count() else series
    return (whole if whole.dtype == kind else whole.cast(kind)).to_numpy()
