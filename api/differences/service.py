"""Compare two rulebooks, and over a source what verdicts change from one to the other. Knows no HTTP.

Memory is bounded: a crew judges part by part, and only counts and the first ids of each kind are kept of them.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import polars as pl

from api.differences.judging import GROUP, KIND, SCHEMA, Differed, Differing, first_of_each_kind
from api.differences.models import CardShift, GroupShift, MonthShift, Shift, UnitShift, VerdictChanges
from api.differences.rules import Alteration
from api.sweeps.crews import Crew, Failed
from api.sweeps.errors import SweepError
from api.sweeps.files import room_in, whole
from api.sweeps.parts import Part, Source
from engine.evaluation.compile import Outcome
from engine.rulebook.rulebook import Rulebook
from engine.vocabulary import Bilingual

SAMPLES: Final = 5
"""So many records are named for each kind of change unless asked otherwise."""

_HELD: Final = 64
"""The counts of so many parts are kept before they are added up."""


@dataclass
class _Tally:
    """What came of the parts so far."""

    samples_of_each: int
    records: int = 0
    changed: int = 0
    rejected: int = 0
    apart: int = 0
    failed: list[Bilingual] = field(default_factory=list)
    _counts: list[pl.DataFrame] = field(default_factory=list)
    _samples: list[pl.DataFrame] = field(default_factory=list)

    def add(self, came: Differed | Failed) -> None:
        """Take what came of a part."""
        if isinstance(came, Failed):
            self.failed.append(came.told)
            return
        self.records += came.records
        self.changed += came.changed
        self.rejected += came.rejected
        self.apart += came.apart
        if came.counts.height:
            self._counts.append(came.counts)
            self._samples.append(came.samples)
        if len(self._counts) >= _HELD:
            self._counts, self._samples = [self.counts], [self.samples]

    @property
    def counts(self) -> pl.DataFrame:
        """Return how many verdicts change, by card, both outcomes, unit and month, in this order."""
        none = pl.DataFrame(schema={**{name: SCHEMA[name] for name in GROUP}, "records": pl.UInt32()})
        counts = pl.concat([none, *self._counts]).group_by(GROUP)
        return counts.agg(pl.col("records").sum()).sort(GROUP, nulls_last=True)

    @property
    def samples(self) -> pl.DataFrame:
        """Return the first ids of each kind of change."""
        none = pl.DataFrame(schema={name: SCHEMA[name] for name in (*KIND, "id")})
        return first_of_each_kind(pl.concat([none, *self._samples]), self.samples_of_each)


def checked(source: Source, old: Rulebook, new: Rulebook) -> Source:
    """Return a source that can be judged by either rulebook; raises `SweepError` if it can be judged by neither."""
    try:
        source.check(old)
    except SweepError:
        source.check(new)
    else:
        # What only the old rulebook has words for is told part by part.
        with suppress(SweepError):
            source.check(new)
    return source


def verdict_changes(
    source: Source,
    crew: Crew,
    question: Differing,
    *,
    out: Path | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> VerdictChanges:
    """Tell which verdicts change over all records of a source; the crew has both rulebooks installed.

    `out`: a Parquet file of the changes, one row each, in the order of parts, cards and records; with workers on other
    machines its folder is one that they share. `progress` is told how many records were judged. Raises `SweepError`.
    """
    tally, names = _Tally(question.samples), list[str]()
    with _folder_beside(out) as folder:
        work = replace(question, folder=folder)
        for came in crew.run(work, _noting(source.parts(), names)):
            tally.add(came)
            progress(tally.records)
        if out is not None and folder is not None:
            _join([folder / f"{name}.parquet" for name in names], out)
    return _told(tally, question)


def _noting(parts: Iterable[Part], names: list[str]) -> Iterator[Part]:
    """Give parts as they come, and note their names."""
    for part in parts:
        names.append(part.name)
        yield part


@contextmanager
def _folder_beside(out: Path | None) -> Iterator[Path | None]:
    """Give a folder for the changes of parts, beside the file that they are joined in."""
    if out is None:
        yield None
        return
    out = out.absolute()
    folder = out.with_name(f".{out.name}.{uuid4().hex}")
    with room_in(out.parent):
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _join(files: list[Path], out: Path) -> None:
    """Write the changes of all parts as one file, which has its name only once it is whole."""
    there = [file for file in files if file.exists()]
    with whole(out) as unfinished:
        if there:
            pl.scan_parquet(there).sink_parquet(unfinished)
        else:
            pl.DataFrame(schema=SCHEMA).write_parquet(unfinished)


def _told(tally: _Tally, question: Differing) -> VerdictChanges:
    counts, samples = tally.counts, tally.samples
    named = {key: tuple(ids.get_column("id")) for key, ids in samples.partition_by(KIND, as_dict=True).items()}
    return VerdictChanges(
        as_of=question.as_of,
        known_at=question.known_at,
        records=tally.records,
        changed=tally.changed,
        verdicts=int(counts.get_column("records").sum()),
        rejected=tally.rejected,
        apart=tally.apart,
        failed=tuple(sorted(tally.failed, key=str)),
        by_card=tuple(
            CardShift(
                card=row["card"],
                alteration=_alteration(row),
                shift=_shift(row),
                records=row["records"],
                samples=named[row["card"], row["before"], row["after"]],
            )
            for row in _by(counts, "card")
        ),
        by_unit=tuple(
            UnitShift(unit=row["unit"], shift=_shift(row), records=row["records"]) for row in _by(counts, "unit")
        ),
        by_month=tuple(
            MonthShift(month=row["month"], shift=_shift(row), records=row["records"]) for row in _by(counts, "month")
        ),
        groups=tuple(
            GroupShift(
                card=row["card"], unit=row["unit"], month=row["month"], shift=_shift(row), records=row["records"]
            )
            for row in counts.to_dicts()
        ),
    )


def _by(counts: pl.DataFrame, name: str) -> list[dict[str, Any]]:
    """Add counts up by one thing and both outcomes, in this order."""
    keys = (name, "before", "after")
    return counts.group_by(keys).agg(pl.col("records").sum()).sort(keys, nulls_last=True).to_dicts()


def _shift(row: dict[str, Any]) -> Shift:
    before, after = (Outcome(row[name]) if row[name] is not None else None for name in ("before", "after"))
    return Shift(before=before, after=after)


def _alteration(row: dict[str, Any]) -> Alteration | None:
    if row["before"] is None:
        return Alteration.ADDED
    return Alteration.REMOVED if row["after"] is None else None
