"""Judge a part of a source by two rulebooks, and keep the verdicts that differ.

A card that only one of the rulebooks has says nothing in the other; where it does not apply, nothing has changed. What
is read from a case table is read once for both, unless they have other words for what is in it. Other sources are read
by each: what a record is taken for may depend on the rulebook.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from api.differences.errors import UnknownProcedureError
from api.sweeps.carried import ready
from api.sweeps.counting import NOBODY_NAMED
from api.sweeps.files import whole
from api.sweeps.layouts import layout_of
from api.sweeps.partitions import PartOnDisk
from api.sweeps.parts import Judgeable, Part
from api.sweeps.periods import Periods
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweep import Codes
from engine.evaluation.sweeping import REASONS, asked, sweep
from engine.observables.frames import Asked
from engine.observables.layout import NOBODY, Blank
from engine.vocabulary import Violation

OUTCOMES: Final = pl.Enum([str(outcome) for outcome in sorted(Outcome, key=OUTCOME_CODES.__getitem__)])
KIND: Final = ("card", "before", "after")
"""What makes one kind of change: the card, and both outcomes, none where the rulebook does not have the card."""
GROUP: Final = (*KIND, "unit", "month")
SCHEMA: Final[Mapping[str, pl.DataType]] = {
    "id": pl.String(),
    "card": pl.String(),
    "before": OUTCOMES,
    "after": OUTCOMES,
    "reason_before": REASONS,
    "reason_after": REASONS,
    "unit": pl.String(),
    "month": pl.String(),
}
"""One row per verdict that changes. `reason_...`: how it was violated, or why it could not be told."""

Rows = NDArray[np.int64]
"""Places of records."""

_VIOLATED: Final = OUTCOME_CODES[Outcome.VIOLATED]
_UNDETERMINED: Final = OUTCOME_CODES[Outcome.UNDETERMINED]
_NOT_APPLICABLE: Final = OUTCOME_CODES[Outcome.NOT_APPLICABLE]


@dataclass(frozen=True, slots=True)
class Differed:
    """What came of a part. `changed`: records of which some verdict changes; `apart`: those read by one rulebook only.

    `counts`: verdicts that change, by `GROUP`. `samples`: the first ids of each `KIND`.
    """

    part: str
    records: int
    changed: int
    rejected: int
    apart: int
    counts: pl.DataFrame
    samples: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Differing:
    """Work for a crew: judge a part by two rulebooks, known by their digests.

    `samples`: how many records are named for each kind of change. `folder`: where the changes of a part are written.
    """

    old: str
    new: str
    as_of: date
    known_at: datetime
    samples: int
    folder: Path | None = None

    def __call__(self, part: Part) -> Differed:
        """Judge a part, and write what changes; raises `SweepError`."""
        before, after = self._sides(part)
        old_rows, new_rows = _common(before.ids, after.ids)
        changes = _changes(before.among(old_rows), after.among(new_rows))
        if self.folder is not None and changes.height:
            with whole(self.folder / f"{part.name}.parquet") as file:
                changes.write_parquet(file)
        return Differed(
            part=part.name,
            records=len(new_rows),
            changed=changes.get_column("id").n_unique(),
            rejected=max(before.rejected, after.rejected),
            apart=len(before.ids) + len(after.ids) - len(old_rows) - len(new_rows),
            counts=changes.group_by(GROUP).len("records"),
            samples=first_of_each_kind(changes.select(*KIND, "id"), self.samples),
        )

    def _sides(self, part: Part) -> tuple["_Side", "_Side"]:
        """Judge a part by both rulebooks."""
        old, new = (_rules(digest, part.procedure) for digest in (self.old, self.new))
        if old is None or new is None:
            rules = old or new
            if rules is None:
                raise UnknownProcedureError(part=part.name, procedure=part.procedure)
            digest = self.old if old else self.new
            wanted = _wanted((digest,), part.procedure, self.as_of, self.known_at)
            one = self._side(part.read(rules, wanted), rules)
            return (one, one.silent) if old else (one.silent, one)
        wanted = _wanted((self.old, self.new), part.procedure, self.as_of, self.known_at)
        read = part.read(new, wanted)
        again = read if _says_the_same(part, old, new) else part.read(old, wanted)
        return self._side(again, old), self._side(read, new)

    def _side(self, read: Judgeable, rules: CompiledRulebook) -> "_Side":
        swept = sweep(read.frames, rules, as_of=self.as_of, known_at=self.known_at)
        days = Periods(rules.procedure, self.as_of).days(swept.cases)
        judged = swept.judgement
        return _Side(
            ids=swept.ids,
            outcomes=judged.codes,
            reasons=dict(zip(judged.cards, judged.reasons, strict=True)),
            units=_names(swept.cases.column("lead_unit"), read.units),
            months=pl.Series(days, dtype=pl.Int32).cast(pl.Date).dt.strftime("%Y-%m"),
            rejected=len(read.rejects),
        )


@dataclass(frozen=True, slots=True)
class _Side:
    """What one rulebook says of the records of a part: outcomes and reasons by card, one entry per record."""

    ids: pl.Series
    outcomes: Mapping[str, Codes]
    reasons: Mapping[str, Codes]
    units: pl.Series
    months: pl.Series
    rejected: int

    @property
    def silent(self) -> "_Side":
        """Return what a rulebook says that does not know the procedure."""
        return replace(self, outcomes={}, reasons={})

    def among(self, rows: Rows) -> "_Side":
        """Leave out all records but some."""
        if len(rows) == len(self.ids):
            return self
        outcomes, reasons = ({card: codes[rows] for card, codes in of.items()} for of in (self.outcomes, self.reasons))
        places = pl.Series(rows)
        ids, units, months = (column.gather(places) for column in (self.ids, self.units, self.months))
        return _Side(ids, outcomes, reasons, units, months, self.rejected)


def _rules(digest: str, procedure: str) -> CompiledRulebook | None:
    rulebook = ready(digest)
    return rulebook.compiled(procedure) if procedure in rulebook.rulebook.procedures else None


@lru_cache(maxsize=16)
def _wanted(digests: tuple[str, ...], procedure: str, as_of: date, known_at: datetime) -> Asked:
    """Return the columns that any of these rulebooks asks for, with those that records are grouped by."""
    records: dict[str, Blank] = {}
    rounds: dict[str, dict[str, Blank]] = {}
    for digest in digests:
        rules = ready(digest).compiled(procedure)
        one = asked(rules, as_of=as_of, known_at=known_at)
        one = Periods(rules.procedure, as_of).asked(rules, one)
        records |= {**one.records, "lead_unit": rules.layout.records["lead_unit"]}
        for step, columns in one.rounds.items():
            rounds[step] = {**rounds.get(step, {}), **columns}
    return Asked(records, rounds)


def _says_the_same(part: Part, old: CompiledRulebook, new: CompiledRulebook) -> bool:
    """Tell whether both rulebooks read the same in a part."""
    given, wanted = (layout_of(rules.rulebook, rules.procedure, made_up=False) for rules in (old, new))
    # Models compare their dictionaries without regard to order, and the order of steps is that of their codes.
    return isinstance(part, PartOnDisk) and given == wanted and tuple(given.steps) == tuple(wanted.steps)


def _names(numbers: NDArray[np.int64], units: Mapping[int, str]) -> pl.Series:
    found, places = np.unique(numbers, return_inverse=True)
    names = [NOBODY_NAMED if number == NOBODY else units.get(number, f"#{number}") for number in found.tolist()]
    return pl.Series(names, dtype=pl.String).gather(pl.Series(places))


def _common(old: pl.Series, new: pl.Series) -> tuple[Rows, Rows]:
    """Return the places of the records that both rulebooks could read, in the order of the new one's."""
    if old.equals(new):
        rows = np.arange(len(old))
        return rows, rows
    before, after = (ids.alias("id").to_frame().with_row_index(name) for ids, name in ((old, "old"), (new, "new")))
    found = after.join(before.unique("id", keep="first"), on="id", maintain_order="left")
    return found.get_column("old").to_numpy().astype(np.int64), found.get_column("new").to_numpy().astype(np.int64)


def _changes(before: _Side, after: _Side) -> pl.DataFrame:
    """List the verdicts that change, card after card, in the order of the records."""
    cards = sorted(before.outcomes.keys() | after.outcomes.keys())
    rows = {card: _differing(before.outcomes.get(card), after.outcomes.get(card)) for card in cards}
    found = (_of_card(card, before, after, some) for card, some in rows.items() if len(some))
    return pl.concat([pl.DataFrame(schema=SCHEMA), *found])


def _differing(old: Codes | None, new: Codes | None) -> Rows:
    """Return the places of the records on which a card says something else."""
    if old is not None and new is not None:
        return np.flatnonzero(old != new)
    (only,) = (codes for codes in (old, new) if codes is not None)
    return np.flatnonzero(only != _NOT_APPLICABLE)


def _of_card(card: str, before: _Side, after: _Side, rows: Rows) -> pl.DataFrame:
    old, new = before.outcomes.get(card), after.outcomes.get(card)
    places = pl.Series(rows)
    return pl.DataFrame(
        {
            "id": after.ids.gather(places),
            "card": pl.repeat(card, len(rows), dtype=pl.String, eager=True),
            "before": _outcomes(old, rows),
            "after": _outcomes(new, rows),
            "reason_before": _reasons(old, before.reasons.get(card), rows),
            "reason_after": _reasons(new, after.reasons.get(card), rows),
            "unit": after.units.gather(places),
            "month": after.months.gather(places),
        },
        schema=SCHEMA,
    )


def _outcomes(codes: Codes | None, rows: Rows) -> pl.Series:
    if codes is None:
        return pl.repeat(None, len(rows), dtype=OUTCOMES, eager=True)
    return pl.Series(codes[rows]).cat.to(OUTCOMES)


def _reasons(outcomes: Codes | None, reasons: Codes | None, rows: Rows) -> pl.Series:
    """Put codes of violations and doubts as words, none where nothing needs a reason."""
    if outcomes is None or reasons is None:
        return pl.repeat(None, len(rows), dtype=REASONS, eager=True)
    code, outcome = reasons[rows].astype(np.int64), outcomes[rows]
    word = code - 1 + np.where(outcome == _VIOLATED, 0, len(Violation))
    said = pl.Series(code > 0) & pl.Series(np.isin(outcome, (_VIOLATED, _UNDETERMINED)))
    words = pl.Series(np.where(said, word, 0).astype(np.uint8)).cat.to(REASONS)
    return words.to_frame("word").select(pl.when(said).then("word")).to_series()


def first_of_each_kind(ids: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return the first ids of each kind of change, in their order: the same however records lie in parts."""
    return ids.group_by(KIND).agg(pl.col("id").bottom_k(most).sort()).explode("id")
