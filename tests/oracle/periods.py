"""How a period of a round stands to what is demanded, every open question of counting answered both ways.

A margin is the number of days by which the closing act comes after the day on which the period is over: 0 or more
means long enough, 0 or less means in time. It is known once the start has certainly happened. An end that is only
planned or announced can show that a period will be too short, or is too long by now; it proves no period long enough
and no deadline kept. With a clock, a round
that was returned starts anew on the day it is submitted again, and the days after a request for supplements (a
suspension) until the day they are there (the resumption), which is one of them, are passed over; a pause without an end
lasts until the as-of day. Whether it restarts or pauses is a parameter like the other methods.
"""

from dataclasses import dataclass
from itertools import pairwise, product
from math import inf

from engine.calendar.moment import Moment
from engine.parameters.parameter import Parameter
from engine.vocabulary import ClockEventKind, Doubt
from tests.oracle.days import Calendar, Way, last_day
from tests.oracle.law import Held
from tests.oracle.logic import Truth
from tests.oracle.sight import Days, Question, SeenRound, day_of, ends

PAUSES = {
    ClockEventKind.SUPPLEMENT_REQUESTED: ClockEventKind.SUPPLEMENTED,
    ClockEventKind.SUSPENDED: ClockEventKind.RESUMED,
}


@dataclass(frozen=True, slots=True)
class Margin:
    """An interval of days, and why it is none where it is not exact."""

    lo: float
    hi: float
    doubt: Doubt

    @property
    def reaches(self) -> Truth:
        """Tell whether the period is long enough."""
        return True if self.lo >= 0 else False if self.hi < 0 else self.doubt

    @property
    def keeps_within(self) -> Truth:
        """Tell whether the act came in time."""
        return True if self.hi <= 0 else False if self.lo > 0 else self.doubt


@dataclass(frozen=True)
class Counter:
    """Counts the periods of one parameter; `held` is None where it differs by the possible days of the act."""

    parameter: Parameter
    held: Held | None
    calendar: Calendar
    question: Question

    def margin(self, start: Days, end: Days, clock: SeenRound | None = None, *, most: bool) -> Margin:
        """Count against the `most` or the least demanded; `clock` is the round whose events run the clock, if any."""
        starts = self._starts(start, end, clock)
        shown = Days(min(s.lo for s in starts), max(s.hi for s in starts), past=all(s.past for s in starts))
        # Readings of the law that differ make no moment of the record inexact.
        exact = all(one.exact for one in starts)
        value = self.held.value if self.held else None
        if value is None or not shown.past:
            return Margin(-inf, inf, self._doubt(shown, end, exact=exact, beyond=False, valued=value is not None))
        over = [
            last_day(day, value, self.parameter.unit, way, self.calendar, most=most)
            for one in starts
            for day in {one.lo, one.hi}
            for way in self._ways(clock)
        ]
        first, last = min(low for low, _ in over), max(high for _, high in over)
        lo = end.lo - last if most or end.begun else -inf
        hi = end.hi - first if end.begun or not most else inf
        return Margin(lo, hi, self._doubt(shown, end, exact=exact, beyond=last == inf, valued=True))

    def _doubt(self, start: Days, end: Days, *, exact: bool, beyond: bool, valued: bool) -> Doubt:
        if self.held is not None and not valued:
            return Doubt.PARAMETER_WITHOUT_VALUE
        for days in (start, end):
            if not days.past and days.hi == inf:
                return Doubt.EVIDENCE_MISSING
        if self.held is None or not (start.past and end.past and exact and end.exact):
            return Doubt.MOMENT_NOT_EXACT
        return Doubt.CALENDAR_HORIZON if beyond else Doubt.COUNTING_METHOD_UNSET

    def _answers(self, method: str) -> list[bool]:
        set_to = self.held.methods.get(method) if self.held else None
        return [False, True] if set_to is None else [set_to == "yes"]

    def _ways(self, clock: SeenRound | None) -> list[Way]:
        still = [self._paused(clock, longest=longest) for longest in (False, True)] if clock else []
        pauses = [days for pausing in self._answers("pause_for_supplement") for days in (still if pausing else [])]
        if not pauses or False in self._answers("pause_for_supplement"):
            pauses.append(frozenset())
        methods = [self._answers(name) for name in ("start_day_counts", "end_day_counts", "roll_over")]
        return [Way(start, end, roll, days) for start, end, roll in product(*methods) for days in set(pauses)]

    def _starts(self, start: Days, end: Days, clock: SeenRound | None) -> list[Days]:
        again = self._again(clock, end) if clock else None
        if again is None:
            return [start]
        found, sure = again
        answers = self._answers("restart_after_return")
        if sure:
            return [found if anew else start for anew in answers]
        if True not in answers:
            return [start]
        # It may be that the file was not returned, or not in time.
        both_past = start.past and found.past
        return [Days(min(start.lo, found.lo), max(start.hi, found.hi), past=both_past, begun=start.begun)]

    def _again(self, clock: SeenRound, end: Days) -> tuple[Days, bool] | None:
        """Return when a round that was returned before its period was over was, or may be, submitted again.

        And whether it certainly was returned, and in time.
        """
        events = self._events(clock)
        returned = [
            place
            for place, (kind, at) in enumerate(events)
            if kind is ClockEventKind.RETURNED and day_of(ends(at)[0]) <= end.hi
        ]
        if not returned:
            return None
        if self._order_open(clock):
            days = [(day_of(at.lo), day_of(at.hi)) for kind, at in events if kind is ClockEventKind.SUBMITTED]
            today: float = self.question.as_of
            return Days(min([today, *(lo for lo, _ in days)]), max([today, *(hi for _, hi in days)]), past=False), False
        sure = day_of(events[returned[-1]][1].hi) <= min(end.lo, self.question.as_of)
        for kind, at in events[returned[-1] + 1 :]:
            if kind is ClockEventKind.SUBMITTED:
                lo, hi = ends(at)
                return Days(day_of(lo), day_of(hi), past=hi <= self.question.end), sure
        return Days(self.question.as_of, inf, past=False, begun=False), sure

    def _order_open(self, clock: SeenRound) -> bool:
        """Tell whether the days of two events overlap without being the same."""
        spans = [(day_of(at.lo), day_of(at.hi)) for _, at in self._events(clock)]
        return any(one != other and one[1] > other[0] for one, other in pairwise(spans))

    def _events(self, clock: SeenRound) -> list[tuple[ClockEventKind, Moment]]:
        there = [event for event in clock.entry.events if event.at.lo <= self.question.end]
        return [(event.kind, event.at) for event in sorted(there, key=lambda event: event.at.lo)]

    def _paused(self, clock: SeenRound, *, longest: bool) -> frozenset[int]:
        events, days, order_open = self._events(clock), set[int](), self._order_open(clock)
        if order_open and not longest:
            return frozenset()
        for place, (kind, at) in enumerate(events):
            if kind not in PAUSES:
                continue
            until = next((when for other, when in events[place + 1 :] if other is PAUSES[kind]), None)
            begins = day_of(ends(at)[0 if longest else 1])
            closes = day_of(ends(until)[1 if longest else 0]) if until else float(self.question.as_of)
            closes = max(closes, self.question.as_of) if order_open else closes
            days |= set(range(int(begins) + 1, int(closes) + 1))
        return frozenset(days)
