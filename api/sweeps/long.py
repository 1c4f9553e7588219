"""Files in long form as a source: CSV or Parquet, one or many, of any procedures.

The rows of one record lie together. First the files are gone through once, for where records begin: stretches of rows
are parts, which may be read anywhere and in any order. Of the ids only numbers are kept, 8 bytes for each, to tell
records that occur twice. What is wrong with rows costs their record alone; what is wrong with a file, that file alone.
"""

import re
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
from pydantic import ValidationError

from api.sweeps.errors import UnknownSourceError, UnreadablePartError
from api.sweeps.gathering import Gathering
from api.sweeps.long_files import FileError, Start, Stretch, nothing_in_it, rows_in, starts_of
from api.sweeps.parts import Judgeable
from api.sweeps.rejects import Reject, reject_of
from api.sweeps.saying import Kinds, PlacedRow, Said, kinds_of, procedure_of, said
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.frames import Asked
from engine.observables.layout import identity
from engine.reading.texts import Text
from engine.record import DecisionRecord, record_type
from engine.record.reading import DEFAULT_PROCEDURE, records_of
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual

SUFFIXES: Final = (".csv", ".parquet")
RECORDS_OF_A_PART: Final = 5_000


@dataclass(frozen=True)
class LongPart:
    """The records of one procedure in a stretch of a file.

    `others`: whether those of procedures that nobody knows are told here. `repeated`: numbers of ids that occur again.
    `broken`: why nothing can be read of the file.
    """

    name: str
    procedure: str
    fingerprint: str
    file: Path
    stretch: Stretch
    others: bool
    repeated: frozenset[int]
    as_of: date
    known_at: datetime
    broken: Reject | None = None

    def read(self, rules: CompiledRulebook, asked: Asked) -> Judgeable:
        """Read the records; all columns are given. Raises `UnreadablePartError`."""
        del asked
        found = Gathering(rules, self.as_of, self.known_at, [self.broken] if self.broken else [])
        try:
            for rows in () if self.broken else _runs(rows_in(self.file, self.stretch)):
                self._read_one(rows, found)
        except FileError as error:
            # It could be read before, and was changed meanwhile.
            raise UnreadablePartError(file=self.file, why=error.reason.en) from None
        return found.judgeable()

    def _read_one(self, rows: Sequence[PlacedRow], found: Gathering) -> None:
        first, rules = rows[0], found.rules
        procedures, own = rules.rulebook.procedures, first.row.record
        named = procedure_of(placed.row for placed in rows)
        if named != self.procedure and not (self.others and named not in procedures):
            return
        if own and identity(own) in self.repeated:
            reason, do = _REPEATED
            found.rejects.append(Reject(str(self.file), first.number, own, "record", "record_apart", reason, do))
            return
        read = _record(said(rows, file=str(self.file), kinds=_kinds(rules)), rules)
        if isinstance(read, DecisionRecord):
            found.add(read, own=own)
        else:
            found.rejects += read


def _runs(rows: Iterable[PlacedRow]) -> Iterator[Sequence[PlacedRow]]:
    """Give the rows of each record."""
    for _, run in groupby(rows, key=lambda placed: placed.row.record):
        yield list(run)


def _record(found: Said, rules: CompiledRulebook) -> DecisionRecord | list[Reject]:
    """Read the record that rows speak of, as a file of records is read; returns what is wrong with which row else."""
    problems, own, book = found.problems, found.data["id"], rules.rulebook
    if not problems:
        try:
            record = _model(rules).model_validate(found.data)
        except ValidationError:
            pass
        else:
            own_names = record.procedure == rules.procedure.id and record.jurisdiction in book.tree.by_id
            if own_names and rules.procedure.special_statutes.keys() >= set(record.special_statutes):
                return record
        text = Text(found.file, found.data, found.lines())
        records, problems = records_of([text], procedures=book.procedures, jurisdictions=book.tree.ids)
        if records:
            return records[0].record
    return [reject_of(problem, row=problem.line, record=own or None) for problem in problems]


@lru_cache(maxsize=8)
def _model(rules: CompiledRulebook) -> type[DecisionRecord]:
    return record_type(rules.procedure)


@lru_cache(maxsize=8)
def _kinds(rules: CompiledRulebook) -> Kinds:
    return kinds_of(rules.procedure)


# --- where records begin ---------------------------------------------------------------------------------------------


_NOWHERE: Final = Stretch(0, 0, 0)


@dataclass(slots=True)
class _Span:
    """A stretch of a file, the procedures of its records, and the numbers of their ids."""

    stretch: Stretch = _NOWHERE
    procedures: set[str] = field(default_factory=set)
    ids: "array[int]" = field(default_factory=lambda: array("q"))


@dataclass(frozen=True, slots=True)
class _Indexed:
    """A file that was gone through: its stretches, or why it cannot be read."""

    file: Path
    state: str
    spans: tuple[_Span, ...]
    broken: Reject | None


class LongSource:
    """Files in long form. `as_of`, `known_at`: the question that is asked."""

    def __init__(
        self, paths: Iterable[Path], *, as_of: date, known_at: datetime, size: int = RECORDS_OF_A_PART
    ) -> None:
        """Take files, and folders of files; `size`: of how many records a part is. Raises `UnknownSourceError`."""
        self.files = tuple(file for path in paths for file in _files(path))
        if not self.files:
            raise UnknownSourceError(", ".join(map(str, paths)))
        self._as_of, self._known_at, self._size = as_of, known_at, size
        self._known: Collection[str] = (DEFAULT_PROCEDURE,)

    def check(self, rulebook: Rulebook) -> None:
        """Note which procedures there are: records of others are told as such with those of one that is there."""
        self._known = tuple(rulebook.procedures)

    @property
    def _home(self) -> str:
        """Return the procedure with whose records those of procedures that nobody knows are told."""
        return DEFAULT_PROCEDURE if DEFAULT_PROCEDURE in self._known else next(iter(self._known))

    def parts(self) -> Iterator[LongPart]:
        """Give the parts, file after file."""
        home = self._home
        for number, indexed in enumerate(self._index):
            stem = re.sub(r"[^A-Za-z0-9]+", "-", indexed.file.stem).strip("-")[:_STEM] or "file"
            named = f"{number:04}-{stem}"
            if indexed.broken:
                yield self._part(f"{named}-broken", home, indexed, _Span())
            for place, span in enumerate(indexed.spans):
                known = {name if name in self._known else home for name in span.procedures}
                for procedure in sorted(known):
                    yield self._part(f"{named}-{place:05}-{procedure}", procedure, indexed, span)

    def _part(self, name: str, procedure: str, indexed: _Indexed, span: _Span) -> LongPart:
        ids = np.array(span.ids, dtype=np.int64)
        strangers = any(other not in self._known for other in span.procedures)
        return LongPart(
            name=name,
            procedure=procedure,
            fingerprint=f"{indexed.state} {span.stretch.begin} {span.stretch.end}",
            file=indexed.file,
            stretch=span.stretch,
            others=strangers and procedure == self._home,
            repeated=frozenset(ids[np.isin(ids, self._repeated)].tolist()),
            as_of=self._as_of,
            known_at=self._known_at,
            broken=indexed.broken,
        )

    @cached_property
    def _index(self) -> tuple[_Indexed, ...]:
        return tuple(_indexed(file, self._size) for file in self.files)

    @cached_property
    def _repeated(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return the numbers of ids that begin more than once."""
        ids = [np.array(span.ids, dtype=np.int64) for indexed in self._index for span in indexed.spans]
        numbers, counts = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *ids]), return_counts=True)
        return numbers[counts > 1]


_STEM: Final = 40


def _files(path: Path) -> Sequence[Path]:
    """Return a file, or the files of a folder in the order of their names."""
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in SUFFIXES and not file.name.startswith("."))
    return [path] if path.suffix in SUFFIXES and path.is_file() else []


def _indexed(file: Path, size: int) -> _Indexed:
    """Go through a file, for stretches of so many records."""
    found = file.stat()
    state = f"{file.name} {found.st_size} {found.st_mtime_ns}"
    try:
        spans = tuple(_spans(starts_of(file), size))
    except FileError as error:
        return _Indexed(file, state, (), _told(file, error))
    return _Indexed(file, state, spans, None if spans else _told(file, nothing_in_it()))


def _spans(starts: Iterable[Start], size: int) -> Iterator[_Span]:
    """Cut a file where records begin."""
    own: str | None = None
    procedure = DEFAULT_PROCEDURE
    begin = before = 0
    span = _Span()
    for at, row, record, named in starts:
        if record == own and named is not None:
            procedure = named
            continue
        if own is None:
            begin, before = at, row
        else:
            span.procedures.add(procedure)
            span.ids.append(identity(own))
        if span.ids and (record is None or len(span.ids) >= size):
            span.stretch = Stretch(begin, at, before)
            yield span
            span, begin, before = _Span(), at, row
        own, procedure = record, named or DEFAULT_PROCEDURE


def _told(file: Path, error: FileError) -> Reject:
    return Reject(str(file), error.row, None, "(whole file)", error.code, error.reason, error.do)


_REPEATED: Final = (
    Bilingual(
        zh="该编号的行不在一处,或者有两条记录用同一编号",
        en="the rows of this id do not lie together, or two records have the same id",
    ),
    Bilingual(zh="按record列排序,或者更正编号", en="sort the rows by the column `record`, or correct the ids"),
)
