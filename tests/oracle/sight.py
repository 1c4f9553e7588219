"""What of a record is seen on the as-of day, with what was entered by the known-at time.

A round may have begun from its earliest minute on, and has begun after its latest; void rounds never. A round that
names no day at all took place, nobody knows when. A round may be the first (last) if none that has begun is certain to
have begun before (after) it. A moment after the as-of day has not happened; one known to the month, whose month has
begun, may have. An announced day that has passed stands in for a moment whose announcement binds. What a round says is
hidden while the moment from which it is seen is on record and still to come, and in doubt while it may be; so is the
choice by which a round does not count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import inf
from typing import Any

from engine.calendar.moment import MINUTES_PER_DAY, NEVER, Moment
from engine.procedure import AttributeType, Procedure, Step
from engine.record import DecisionRecord, Round
from engine.vocabulary import Doubt, OutcomeKind, Quantifier
from tests.oracle.days import Span
from tests.oracle.logic import Truth, both


@dataclass(frozen=True, slots=True)
class Seen:
    """A moment as it is seen: its earliest and its latest minute, without end where it may yet be to come."""

    lo: float
    hi: float

    @property
    def happened(self) -> Truth:
        """Tell whether it has happened."""
        if self.hi < inf:
            return True
        return False if self.lo == inf else Doubt.MOMENT_NOT_EXACT


NOT_YET = Seen(inf, inf)


@dataclass(frozen=True, slots=True)
class Days:
    """The days between which a moment lies or will lie: it may have `begun` to be past, and it is certainly `past`."""

    lo: float
    hi: float
    past: bool
    begun: bool = True

    @property
    def exact(self) -> bool:
        """Tell whether it is one day."""
        return self.lo == self.hi


def day_of(minute: float) -> float:
    """Return the day of a minute."""
    return minute if abs(minute) == inf else minute // MINUTES_PER_DAY


def ends(moment: Moment) -> tuple[float, float]:
    """Return the earliest and the latest minute of a moment as it is written."""
    return (-inf if moment.lo <= -NEVER else moment.lo), (inf if moment.hi >= NEVER else moment.hi)


def took_place(seen: Seen) -> Truth:
    """Tell whether something took place by the as-of day; what has no day at all did."""
    return True if seen.lo == -inf else seen.happened


def before(early: Seen, late: Seen) -> Truth:
    """Tell whether a moment has happened, and not after another one."""
    if early.happened is True and early.hi <= late.lo:
        return True
    if early.happened is False or early.lo > late.hi:
        return False
    days = {day_of(minute) for minute in (early.lo, early.hi, late.lo, late.hi)}
    return Doubt.SAME_DAY_ORDER if len(days) == 1 else Doubt.MOMENT_NOT_EXACT


@dataclass(frozen=True)
class Question:
    """The as-of day, as a number of days since 1970-01-01, and the known-at time."""

    as_of: int
    known_at: datetime

    @property
    def end(self) -> int:
        """Return the last minute of the as-of day."""
        return self.as_of * MINUTES_PER_DAY + MINUTES_PER_DAY - 1

    def cut(self, moment: Moment) -> Seen:
        """Return what is seen of a moment."""
        lo, hi = ends(moment)
        if lo > self.end:
            return NOT_YET
        return Seen(lo, hi if hi <= self.end else inf)

    def knows(self, entered: datetime | None) -> bool:
        """Tell whether what was entered then was there by the known-at time."""
        return entered is None or entered <= self.known_at


class SeenRound:
    """One round."""

    def __init__(self, entry: Round, step: Step, question: Question) -> None:
        self.entry = entry
        self.step = step
        self.question = question

    @cached_property
    def begun(self) -> Seen:
        """Return when it began, by all moments that took place; `NOT_YET` if it only is planned."""
        actual = [self.question.cut(timing["actual"]) for timing in self._timings if timing["actual"]]
        if actual:
            return Seen(min(moment.lo for moment in actual), min(moment.hi for moment in actual))
        return Seen(-inf, inf) if self.undated else NOT_YET

    @cached_property
    def undated(self) -> bool:
        """Tell whether it names no moment at all."""
        return not any(moment for timing in self._timings for moment in timing.values())

    @property
    def _timings(self) -> list[dict[str, Moment | None]]:
        moments = [name for name, kind in self.step.attributes.items() if kind.type is AttributeType.MOMENT]
        return [self.written(name) for name in moments]

    def written(self, name: str) -> dict[str, Moment | None]:
        """Return a moment as planned, announced and actual."""
        timing = self.entry.timing(name)
        return {kind: getattr(timing, kind) if timing else None for kind in ("planned", "announced", "actual")}

    def seen(self, name: str) -> Seen:
        """Return one of its moments."""
        if self.undated and name in {self.step.starts, self.step.completes}:
            return Seen(-inf, inf)
        written, end = self.written(name), self.question.end
        actual, announced = written["actual"], written["announced"]
        if actual and actual.lo <= end:
            return self.question.cut(actual)
        binds = self.step.attributes[name].announced_at is not None
        return self.question.cut(announced) if binds and announced and announced.hi <= end else NOT_YET

    def days(self, name: str) -> Days:
        """Return one of its moments in days; what has not happened may come until the day announced or planned."""
        seen, written = self.seen(name), self.written(name)
        if seen.happened is True:
            return Days(day_of(seen.lo), day_of(seen.hi), past=True)
        if seen.happened is False:
            return Days(self.question.as_of, self.until(name), past=False, begun=False)
        return Days(day_of(seen.lo), day_of(ends(written["actual"])[1]) if written["actual"] else inf, past=False)

    def until(self, name: str) -> float:
        """Return the day still to come that is announced, or else planned."""
        written = self.written(name)
        latest = [ends(moment)[1] for moment in (written["announced"], written["planned"]) if moment]
        named = next((minute for minute in latest if minute < inf), inf)
        return day_of(named) if named > self.question.end else inf

    def value(self, name: str) -> Any:  # noqa: ANN401 - whatever the attribute holds
        """Return what the round says, None where it does not say or where that is not seen yet."""
        key = self.step.attributes[name].seen_at or self.step.completes
        hidden = self.written(key)["actual"] is not None and self.seen(key) == NOT_YET
        return None if hidden else getattr(self.entry, name)

    def in_doubt(self, name: str) -> bool:
        """Tell whether it says something that may or may not be seen yet."""
        key = self.step.attributes[name].seen_at or self.step.completes
        if self.written(key)["actual"] is None or self.value(name) is None:
            return False
        return took_place(self.seen(key)) is not True

    @property
    def took_place(self) -> Truth:
        """Tell whether it took place by the as-of day."""
        return took_place(self.begun)

    def documents(self, *, certain: bool) -> set[str]:
        """Return the kinds of its documents that are certain to be there, or that may be."""
        found = set[str]()
        for document in self.entry.documents:
            seen = self.question.cut(document.day) if document.day else None
            there: Truth = True if seen is None else took_place(seen)
            if there is True or (there is not False and not certain):
                found.add(document.kind)
        return found

    @property
    def counts(self) -> Truth:
        """Tell whether it counts: no choice of it says otherwise."""
        return both(self._counts_by(name, values) for name, values in self.step.counts_when.items())

    def _counts_by(self, name: str, values: tuple[str, ...]) -> Truth:
        if self.value(name) in {None, *values}:
            return True
        return Doubt.MOMENT_NOT_EXACT if self.in_doubt(name) else False


@dataclass(frozen=True)
class Candidates:
    """The rounds that may be the one that is asked about; `maybe_none`: there may be none."""

    rounds: list[SeenRound]
    maybe_none: bool

    def agreed(self, answers: list[Truth], *, without: Truth = False) -> Truth:
        """Return the answer on which all agree; there is one answer for each round, and `without` for none."""
        given = answers + [without] * self.maybe_none
        if len(set(given)) == 1:
            return given[0]
        days = {day_of(end) for entry in self.rounds for end in (entry.begun.lo, entry.begun.hi)}
        own = Doubt.SAME_DAY_ORDER if len(days) == 1 and not self.maybe_none else Doubt.MOMENT_NOT_EXACT
        found = both([own, *(answer for answer in given if isinstance(answer, Doubt))])
        return own if found is True else found


class Sight:
    """A record as it is seen."""

    def __init__(self, record: DecisionRecord, procedure: Procedure, question: Question) -> None:
        self.record = record
        self.procedure = procedure
        self.question = question
        self._rounds: dict[str, tuple[list[SeenRound], list[SeenRound]]] = {}

    def rounds(self, step: str) -> list[SeenRound]:
        """Return the rounds that are seen, in order."""
        return self._split(step)[0]

    def to_come(self, step: str) -> list[SeenRound]:
        """Return the rounds on record that have not begun."""
        return self._split(step)[1]

    def _split(self, step: str) -> tuple[list[SeenRound], list[SeenRound]]:
        if step not in self._rounds:
            kept = [entry for entry in self.record.rounds(step) if not entry.void]
            known = [entry for entry in kept if self.question.knows(entry.entered)]
            all_of = [SeenRound(entry, self.procedure.steps[step], self.question) for entry in known]
            seen = [entry for entry in all_of if entry.begun.lo <= self.question.end]
            rest = [entry for entry in all_of if entry.begun.lo > self.question.end]
            self._rounds[step] = (seen, rest)
        return self._rounds[step]

    def candidates(self, step: str, quantifier: Quantifier) -> "Candidates":
        """Return the rounds that may be the first, the last or the effective one."""
        asks = quantifier is Quantifier.EFFECTIVE
        counts = {id(entry): both([entry.took_place, not asks or entry.counts]) for entry in self.rounds(step)}
        certain = [entry for entry in self.rounds(step) if counts[id(entry)] is True]
        found = [entry for entry in self.rounds(step) if counts[id(entry)] is not False]
        if quantifier is Quantifier.FIRST:
            found = [entry for entry in found if all(entry.begun.lo <= other.begun.hi for other in certain)]
        else:
            found = [entry for entry in found if all(entry.begun.hi >= other.begun.lo for other in certain)]
        return Candidates(found, maybe_none=not certain)

    def fixed(self, path: tuple[str, ...]) -> Seen:
        """Return a moment of the case."""
        match path:
            case ("gate", _):
                parts = [self.fixed(part) for part in self._gate(path[1])]
                return Seen(min(part.lo for part in parts), min(part.hi for part in parts))
            case ("outcome", kind):
                return self._outcome(decided=kind == "decided")
        step, quantifier, name = path
        candidates = self.candidates(step, Quantifier.of(quantifier))
        seen = [entry.seen(name) for entry in candidates.rounds] + [NOT_YET] * candidates.maybe_none
        return Seen(min(moment.lo for moment in seen), max(moment.hi for moment in seen))

    def fixed_days(self, path: tuple[str, ...]) -> Days:
        """Return a moment of the case in days; what has not happened may come until the day it is planned for."""
        seen = self.fixed(path)
        past = seen.happened is True
        lo = self.question.as_of if seen.happened is False else day_of(seen.lo)
        return Days(lo, day_of(seen.hi) if past else self._planned(path), past, begun=seen.happened is not False)

    def _planned(self, path: tuple[str, ...]) -> float:
        match path:
            case ("gate", _):
                return min(self._planned(part) for part in self._gate(path[1]))
            case ("outcome", _):
                return inf
        step, quantifier, name = path
        candidates = self.candidates(step, Quantifier.of(quantifier))
        latest = max([entry.days(name).hi for entry in candidates.rounds] + [inf] * candidates.maybe_none)
        return min([latest, *(other.until(name) for other in self.to_come(step))])

    def _gate(self, gate: str) -> list[tuple[str, ...]]:
        by_name: Mapping[str, tuple[str, ...]] = {str(key): value for key, value in self.procedure.gates.items()}
        return [tuple(text.split(".")) for text in by_name[gate]]

    def _outcome(self, *, decided: bool) -> Seen:
        outcome = self.record.outcome
        if outcome is None or not self.question.knows(outcome.entered):
            return NOT_YET
        return NOT_YET if decided and outcome.kind is not OutcomeKind.DECIDED else self.question.cut(outcome.on)

    def act_day(self, moments: list[tuple[str, ...]]) -> Span:
        """Return the day of the first of some moments that took place, else the as-of day."""
        lo: float = inf
        hi: float = -inf
        for moment in moments:
            seen = self.fixed(moment)
            if seen.happened is not False:
                lo, hi = min(lo, day_of(seen.lo)), max(hi, min(day_of(seen.hi), self.question.as_of))
            if seen.happened is True:
                return lo, hi
        return min(lo, self.question.as_of), max(hi, self.question.as_of)
