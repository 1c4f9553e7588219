"""Made-up records by the million, in the layout of `engine.observables.frames`: one folder of Parquet per partition.

Every record is made up (虚构). A partition depends on its seed alone. Columns that no made-up record fills are not
written; to the reader they are as unknown as if they were null.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from bench.draws import DRAFTS, NULL, Bools, Draws, Ints, Moments, days_between
from bench.plans import CLASSES, DETERMINATIONS, FILLING, LEVELS, OUTCOMES, STEPS, USUAL, Says, StepPlan
from engine.calendar.moment import LONG_AGO, MINUTES_PER_DAY, NEVER
from engine.observables.cases import CaseLayout
from engine.observables.frames import DOCUMENT_COLUMNS, EVENT_COLUMNS, Frames, attached_types, type_of
from engine.observables.layout import ANNOUNCED, EVENT_CODES, PLANNED, WITHOUT_REASON, Blank
from engine.procedure import Attribute, AttributeType, Procedure, Step
from engine.vocabulary import ClockEventKind, MatterClass, OrganLevel, OutcomeKind

PARTITION: Final = 50_000
LEAST_ROUNDS: Final = 8
"""Records with fewer ask more units; the plans are such that a record has ten rounds on average."""
FIRST_DAY: Final = date(2020, 1, 1)
LAST_DAY: Final = date(2025, 6, 30)

UNSAID: Final = 0.03
"""The likelihood that an attribute is left out."""
UNDATED: Final = 0.003
UNFINISHED: Final = 0.06
SECONDS_PER_MINUTE: Final = 60
LOCAL_MINUTES: Final = 8 * 60
"""Local time is so far ahead of UTC."""

Columns = dict[str, Ints]


@dataclass(frozen=True)
class Matters:
    """What the records of a partition have in common with their rounds: milestones as epoch days, and an end."""

    draws: Draws

    @cached_property
    def milestones(self) -> Columns:
        """Return the beginning, the opening of comments, the file for review and the meeting."""
        draws = self.draws
        start = days_between(draws, FIRST_DAY, LAST_DAY)
        comment = start + draws.between(55, 80)
        review = comment + draws.between(40, 110)
        hurried = draws.chance(0.12)
        return {
            "start": start,
            "comment": comment,
            "review": review,
            "meeting": review + np.where(hurried, draws.between(1, 13), draws.between(12, 60)),
        }

    @cached_property
    def stops(self) -> Ints:
        """Return the day from which on nothing has happened; NEVER for most."""
        day = self.milestones["start"] + self.draws.between(30, 200)
        return np.where(self.draws.chance(UNFINISHED), day, NEVER)

    @cached_property
    def counts(self) -> Mapping[str, Ints]:
        """Return for every step its number of rounds."""
        draws = self.draws
        found = {}
        for step, plan in STEPS.items():
            going = np.ones(draws.size, dtype=np.bool_)
            rounds = np.zeros(draws.size, dtype=np.int64)
            for likelihood in plan.rounds:
                going &= draws.chance(likelihood)
                rounds += going
            found[step] = rounds
        total = sum(found.values(), start=np.zeros(draws.size, dtype=np.int64))
        return found | {FILLING: np.maximum(LEAST_ROUNDS - total, 0)}


def partition(procedure: Procedure, *, seed: int, size: int, places: int, first: int = 0) -> Frames:
    """Make the records of a partition; `places`: how many jurisdictions there are, `first`: the number of its first."""
    generator = np.random.default_rng(seed)
    matters, layout = Matters(Draws(generator, size)), CaseLayout(procedure)
    rounds = _Rounds(matters, procedure, generator).frames()
    placed = {name: _placed(frame, procedure.step_code(name)) for name, frame in rounds.items()}
    records = _records(matters, procedure, places)
    clocked = [frame for name, frame in placed.items() if STEPS[name].events]
    dated = [frame for name, frame in placed.items() if STEPS[name].documents]
    return Frames(
        records=_typed(records, layout.records).with_columns(
            id=pl.format("made-up-{}", pl.int_range(first, first + size)),
        ),
        rounds={name: _typed(frame, layout.rounds[name]) for name, frame in rounds.items()},
        events=_cast(_events(clocked, generator), attached_types(EVENT_COLUMNS)),
        documents=_cast(_documents(dated, generator), attached_types(DOCUMENT_COLUMNS)),
    )


def _typed(frame: pl.DataFrame, blanks: Mapping[str, Blank]) -> pl.DataFrame:
    """Give columns the types of the case table."""
    return _cast(frame, {name: type_of(blank) for name, blank in blanks.items() if name in frame.columns})


def _cast(frame: pl.DataFrame, types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return frame.with_columns(pl.col(name).cast(kind) for name, kind in types.items())


def _placed(rounds: pl.DataFrame, code: int) -> pl.DataFrame:
    """Name rounds by their record, step and place in it, with the beginnings of those that have one."""
    place = pl.int_range(pl.len()).over("record").alias("round")
    named = rounds.select("record", pl.lit(code).alias("step"), place, begun=pl.col("begun.lo")).cast(pl.Int64)
    return named.filter(pl.col("begun") > LONG_AGO)


# --- records -----------------------------------------------------------------------------------------------------


def _records(matters: Matters, procedure: Procedure, places: int) -> pl.DataFrame:
    draws = matters.draws
    excluded, special = draws.chance(0.02), draws.chance(0.02)
    statutes = dict.fromkeys(procedure.special_statutes, 0.3)
    columns = {
        "jurisdiction": draws.between(0, places - 1),
        "organ_level": draws.choice(LEVELS, list(OrganLevel)),
        "matter_class": _unless(draws.chance(0.1), draws.choice(CLASSES, list(MatterClass))),
        "lead_unit": _unless(draws.chance(0.05), draws.party()),
        **_outcome(matters),
        "excluded": _unless(~excluded, np.ones(draws.size, dtype=np.int64)),
        "excluded.hi": _unless(~excluded, draws.moments(matters.milestones["start"]).hi),
        "special_statutes": _unless(~special, draws.bits(statutes, list(procedure.special_statutes))),
    }
    for name in procedure.determinations:
        columns |= _determination(matters, name)
    return _frame(columns)


def _outcome(matters: Matters) -> Columns:
    draws, meeting = matters.draws, matters.milestones["meeting"]
    day = meeting + np.where(draws.chance(0.9), 0, draws.between(-2, 5))
    ended = (day < matters.stops) & draws.chance(0.97)
    moments = draws.moments(day).where(ended)
    return {
        "outcome": _unless(~ended, draws.choice(OUTCOMES, list(OutcomeKind))),
        "outcome.lo": moments.lo,
        "outcome.hi": moments.hi,
        "outcome.entered": _unless(~ended, _entered(day, draws)),
        "outcome.reasoned": _unless(~ended, draws.chance(0.97).astype(np.int64)),
    }


def _determination(matters: Matters, name: str) -> Columns:
    draws = matters.draws
    on_record, yes = DETERMINATIONS.get(name, USUAL)
    there = draws.chance(on_record)
    value = np.where(draws.chance(0.02), WITHOUT_REASON, draws.chance(yes))
    day = matters.milestones["start"] + draws.between(0, 30)
    return {
        f"determined.{name}": _unless(~there, value),
        f"determined.{name}.hi": _unless(~there | draws.chance(0.3), draws.moments(day).hi),
        f"determined.{name}.entered": _unless(~there, _entered(day, draws)),
    }


def _entered(day: Ints, draws: Draws) -> Ints:
    """Enter things within ten days, as UTC seconds."""
    minute = (day + draws.between(0, 10)) * MINUTES_PER_DAY + draws.between(8 * 60, 18 * 60)
    return (minute - LOCAL_MINUTES) * SECONDS_PER_MINUTE


def _unless(missing: Bools, values: Ints) -> Ints:
    return np.where(missing, NULL, values)


def _frame(columns: Columns) -> pl.DataFrame:
    """Write columns, NULL as null."""
    return pl.DataFrame(columns).with_columns(pl.when(pl.all() != NULL).then(pl.all()))


# --- rounds ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rounds:
    """The rounds of a partition, step by step."""

    matters: Matters
    procedure: Procedure
    generator: np.random.Generator

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return the rounds of every step, in order."""
        return {name: self._step(name, step) for name, step in self.procedure.steps.items() if name in STEPS}

    def _step(self, name: str, step: Step) -> pl.DataFrame:
        plan, counts = STEPS[name], self.matters.counts[name]
        record = np.repeat(np.arange(len(counts)), counts)
        draws = Draws(self.generator, len(record))
        begins = self.matters.milestones[plan.anchor][record] + draws.between(*plan.after)
        begins = begins + _ordinals(counts) * plan.apart
        columns = {"record": record, "entered": _entered(begins, draws)}
        columns |= self._moments(plan, step, begins, record, draws)
        columns |= self._sayings(plan, step, draws)
        if plan.draft:
            columns["draft"] = _unless(draws.chance(0.2), draws.draft(record % len(DRAFTS)))
        if plan.documents:
            columns["documents"] = draws.bits(plan.documents, list(step.evidence))
        ordered = _frame(columns).sort("record", "begun.lo", maintain_order=True, nulls_last=True)
        return ordered.cast({"record": pl.UInt32})

    def _moments(self, plan: StepPlan, step: Step, begins: Ints, record: Ints, draws: Draws) -> Columns:
        """Lay out moments: actual ones, those still planned where the matter has stopped, and where none is known."""
        stopped = begins >= self.matters.stops[record]
        undated = draws.chance(UNDATED) & ~stopped
        day, actual = begins, dict[str, Moments]()
        columns: Columns = {}
        for name, (least, most) in plan.moments.items():
            day = day + draws.between(least, most)
            moments = draws.moments(day)
            actual[name] = moments.where(~stopped & ~undated & draws.chance(plan.rare.get(name, 1 - UNSAID)))
            if name in {step.starts, step.completes}:
                columns |= _ends(name + PLANNED, moments.where(stopped))
            if name in plan.announced:
                columns |= _ends(name + ANNOUNCED, moments.where(draws.chance(0.3) & ~undated))
        begun = _earliest(list(actual.values()))
        silent = begun.lo == NULL
        silent &= np.logical_and.reduce([values == NULL for key, values in columns.items() if key.endswith(".lo")])
        for name in {step.starts, step.completes}:
            actual.setdefault(name, Moments(np.full(draws.size, NULL), np.full(draws.size, NULL)))
        for name, moments in ({"begun": begun} | actual).items():
            columns |= _ends(
                name, _unknown(moments, silent) if name in {"begun", step.starts, step.completes} else moments
            )
        return columns

    def _sayings(self, plan: StepPlan, step: Step, draws: Draws) -> Columns:
        columns = {
            name: _unless(draws.chance(UNSAID), _said(says, step.attributes[name], draws))
            for name, says in plan.says.items()
        }
        return columns | {name: _unless(draws.chance(UNSAID), draws.party()) for name in plan.parties}


def _said(says: Says, attribute: Attribute, draws: Draws) -> Ints:
    if isinstance(says, float):
        return draws.chance(says).astype(np.int64)
    if isinstance(says, tuple):
        return draws.between(*says)
    if attribute.type == AttributeType.SET:
        return draws.bits(says, list(attribute.values))
    return draws.choice(says, list(attribute.values))


def _ends(name: str, moments: Moments) -> Columns:
    return {f"{name}.lo": moments.lo, f"{name}.hi": moments.hi}


def _earliest(moments: list[Moments]) -> Moments:
    """Return the earliest of each end, NULL where there is no moment."""
    none = np.iinfo(np.int64).max
    ends = [
        np.minimum.reduce([np.where(values == NULL, none, values) for values in side])
        for side in ([moment.lo for moment in moments], [moment.hi for moment in moments])
    ]
    return Moments(*(np.where(values == none, NULL, values) for values in ends))


def _unknown(moments: Moments, where: Bools) -> Moments:
    return Moments(np.where(where, LONG_AGO, moments.lo), np.where(where, NEVER, moments.hi))


def _ordinals(counts: Ints) -> Ints:
    """Return the number of each round within its record, from 0."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


# --- clock events and documents that came later -------------------------------------------------------------------

RETURN: Final = (ClockEventKind.RETURNED, ClockEventKind.SUBMITTED)
PAUSE: Final = (ClockEventKind.SUPPLEMENT_REQUESTED, ClockEventKind.SUPPLEMENTED)


def _events(clocked: list[pl.DataFrame], generator: np.random.Generator) -> pl.DataFrame:
    """Give some reviews a return or a request for supplements, most of them answered."""
    rounds = _some(pl.concat(clocked), 0.15, generator)
    draws = Draws(generator, rounds.height)
    day = rounds["begun"].to_numpy() // MINUTES_PER_DAY + draws.between(1, 4)
    returned = draws.chance(0.4)
    parts = []
    for position, later in enumerate((draws.between(0, 0), draws.between(1, 6))):
        kind = np.where(returned, EVENT_CODES[RETURN[position]], EVENT_CODES[PAUSE[position]])
        moments = draws.moments(day + later).where((position == 0) | draws.chance(0.9))
        columns = {"kind": kind, "at.lo": moments.lo, "at.hi": moments.hi}
        parts.append(rounds.drop("begun").hstack(_frame(columns)))
    events = pl.concat(parts).drop_nulls().select("record", "step", "round", *EVENT_COLUMNS)
    return events.sort("record", "step", "round", "at.lo", maintain_order=True)


def _documents(dated: list[pl.DataFrame], generator: np.random.Generator) -> pl.DataFrame:
    """Give some rounds a document of their step's first kind, dated after their beginning."""
    rounds = _some(pl.concat(dated), 0.05, generator).sort("record", "step", "round")
    draws = Draws(generator, rounds.height)
    day = rounds["begun"].to_numpy() // MINUTES_PER_DAY + draws.between(1, 30)
    late = _frame(
        {
            "bits": np.ones(rounds.height, dtype=np.int64),
            "lo": day * MINUTES_PER_DAY,
            "hi": (day + 1) * MINUTES_PER_DAY - 1,
        }
    )
    return rounds.drop("begun").hstack(late).select("record", "step", "round", *DOCUMENT_COLUMNS)


def _some(rounds: pl.DataFrame, likelihood: float, generator: np.random.Generator) -> pl.DataFrame:
    return rounds.filter(pl.Series(Draws(generator, rounds.height).chance(likelihood)))
