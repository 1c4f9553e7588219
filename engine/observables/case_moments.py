"""Moments of the case as a whole: picked from rounds, gates, the outcome; as seen on the as-of day."""

from functools import cached_property, lru_cache

import numpy as np

from engine.calendar.counting import FAR
from engine.calendar.moment import LONG_AGO, NEVER
from engine.observables import kernels
from engine.observables import terms as t
from engine.observables.cases import Cases, Ints
from engine.observables.context import Question
from engine.observables.layout import OUTCOME_CODES
from engine.observables.moments import Days, Instants, Views
from engine.observables.reduce import picked_span, smallest
from engine.procedure import DECIDED, Procedure
from engine.vocabulary import Gate, OutcomeKind, Quantifier


class CaseMoments:
    """The moments of some cases; one entry per case. They are kept, so that each is worked out once."""

    def __init__(
        self,
        cases: Cases,
        procedure: Procedure,
        question: Question,
        views: Views,
    ) -> None:
        """Take the cases, the question, and the rounds of their steps."""
        self._cases = cases
        self._procedure = procedure
        self._question = question
        self._view = views.of
        self._fixed: dict[t.Fixed, Instants] = {}
        self._in_days: dict[t.Fixed, tuple[Ints, Ints] | None] = {}

    @cached_property
    def never(self) -> Instants:
        """Return a moment that no case has; it is shared."""
        never = np.full(self._cases.size, NEVER, dtype=np.int32)
        never.setflags(write=False)
        return Instants(never, never)

    # --- moments of the case -----------------------------------------------------------------------------------

    def fixed(self, moment: t.Fixed) -> Instants:
        """Return a moment of the case, cut at the as-of day."""
        if moment not in self._fixed:
            self._fixed[moment] = self._fixed_instants(moment)
        return self._fixed[moment]

    def in_days(self, moment: t.Fixed) -> tuple[Ints, Ints] | None:
        """Return the earliest and latest days of a moment, FAR where it has not happened; None if no case has it."""
        if moment not in self._in_days:
            instants = self.fixed(moment)
            self._in_days[moment] = None if instants is self.never else kernels.in_days(instants.lo, instants.hi)
        return self._in_days[moment]

    def _fixed_instants(self, moment: t.Fixed) -> Instants:
        match moment:
            case t.Picked(step, quantifier, attribute):
                view = self._view(step)
                if view is None:
                    return self.never
                instants = view.instants(attribute)
                lo, hi = picked_span(view, quantifier, instants.lo, instants.hi, NEVER)
                return Instants(view.spread(lo, NEVER), view.spread(hi, NEVER))
            case t.Earliest(step, attribute):
                view = self._view(step)
                if view is None:
                    return self.never
                instants, (may, sure) = view.instants(attribute), view.counting
                lo = smallest(view, np.where(may, instants.lo, NEVER))
                hi = smallest(view, np.where(sure, instants.hi, NEVER))
                return Instants(view.spread(lo, NEVER), view.spread(hi, NEVER))
            case t.GatePassed(gate):
                parts = [self.fixed(part) for part in self.gate_moments(gate)]
                return Instants(
                    np.minimum.reduce([part.lo for part in parts]),
                    np.minimum.reduce([part.hi for part in parts]),
                )
            case t.OutcomeDay(decided):
                return self._outcome_day(decided=decided)
            case t.Today():
                return self.never
            case t.Always():
                ever = np.full(self._cases.size, LONG_AGO, dtype=np.int32)
                return Instants(ever, ever)

    def gate_moments(self, gate: Gate) -> tuple[t.Fixed, ...]:
        """Return the moments of which the earliest passes a gate."""
        return tuple(gate_moment(text) for text in self._procedure.gates[gate])

    def _outcome_day(self, *, decided: bool) -> Instants:
        column, end = self._cases.column, self._question.end_of_day
        held = (column("outcome.lo") <= end) & (column("outcome.entered") <= self._question.known_at)
        if decided:
            held &= column("outcome") == OUTCOME_CODES[OutcomeKind.DECIDED]
        lo = np.where(held, column("outcome.lo"), NEVER)
        return Instants(lo, np.where(held & (column("outcome.hi") <= end), column("outcome.hi"), NEVER))

    def fixed_days(self, moment: t.Fixed) -> Days:
        """Return a moment of the case as days, the planned future included."""
        if isinstance(moment, t.Today):
            day = np.full(self._cases.size, self._question.as_of, dtype=np.int32)
            yes = np.ones(self._cases.size, dtype=np.bool_)
            return Days(day, day, yes, yes)
        instants = self.fixed(moment)
        return Days(*kernels.fixed_days(instants.lo, instants.hi, self._planned(moment), self._question.as_of))

    def _planned(self, moment: t.Fixed) -> Ints:
        match moment:
            case t.Picked(step, quantifier, attribute):
                view = self._view(step)
                if view is None:
                    return np.full(self._cases.size, FAR, dtype=np.int32)
                last = view.days(attribute).hi
                seen = view.spread(picked_span(view, quantifier, last, last, FAR)[1], FAR)
                return np.minimum(seen, view.planned(attribute))
            case t.Earliest(step, attribute):
                view = self._view(step)
                if view is None:
                    return np.full(self._cases.size, FAR, dtype=np.int32)
                days = np.where(view.counting[1], view.days(attribute).hi, FAR)
                earliest: Ints = np.minimum(view.spread(smallest(view, days), FAR), view.planned(attribute))
                return earliest
            case t.GatePassed(gate):
                planned: Ints = np.minimum.reduce([self._planned(part) for part in self.gate_moments(gate)])
                return planned
            case t.OutcomeDay() | t.Today() | t.Always():
                return np.full(self._cases.size, FAR, dtype=np.int32)


@lru_cache(maxsize=256)
def gate_moment(text: str) -> t.Fixed:
    """Read one of the moments that a procedure lists for a gate."""
    if text == DECIDED:
        return t.OutcomeDay(decided=True)
    match text.split("."):
        case [step, attribute]:
            return t.Earliest(step, attribute)
        case [step, quantifier, attribute]:
            return t.Picked(step, Quantifier.of(quantifier), attribute)
    raise ValueError(text)
