"""What is asked of cases again and again: the rounds of their steps, their moments, the law of the day of an act.

One entry per case. Everything is worked out once; nothing here refers back to who asks, so that it can be let go of.
"""

from typing import Final

import numpy as np

from engine.observables import kernels
from engine.observables import terms as t
from engine.observables.case_moments import CaseMoments
from engine.observables.cases import Cases
from engine.observables.context import Law, Question
from engine.observables.kleene import DOUBT_CODES, Truth
from engine.observables.moments import StepView, Views
from engine.observables.periods import Numbers
from engine.parameters.parameter import ParameterRows
from engine.vocabulary import Doubt, Unit

_MOMENT: Final = DOUBT_CODES[Doubt.MOMENT_NOT_EXACT]


class CaseFacts:
    """The facts of some cases, on one day and by one state of knowledge."""

    def __init__(self, cases: Cases, law: Law, question: Question) -> None:
        """Take the cases, the law's data and the question."""
        self.cases = cases
        self.law = law
        self.question = question
        self._views = Views(cases, law.procedure, question)
        self.moments = CaseMoments(cases, law.procedure, question, self._views)
        self._constants: dict[int, Truth] = {}
        self._act_days: dict[tuple[t.Fixed, ...], Numbers] = {}
        self._parameters: dict[tuple[str, t.Act], ParameterRows] = {}

    def view(self, step: str) -> StepView | None:
        """Return the rounds of a step that are seen; None if no case has one."""
        return self._views.of(step)

    def constant(self, value: int) -> Truth:
        """Return the same answer for every case. It is shared, so it cannot be written to."""
        if value not in self._constants:
            made = np.full(self.cases.size, value, dtype=np.uint8)
            made.setflags(write=False)
            self._constants[value] = made
        return self._constants[value]

    def act_day(self, act: t.Act) -> Numbers:
        """Return the day of an act: of its first moment that took place, else the as-of day."""
        return self._first_of(act.moments)

    def _first_of(self, moments: tuple[t.Fixed, ...]) -> Numbers:
        if moments not in self._act_days:
            self._act_days[moments] = self._first_day(moments)
        return self._act_days[moments]

    def _first_day(self, moments: tuple[t.Fixed, ...]) -> Numbers:
        if not moments:
            today = np.full(self.cases.size, self.question.as_of, dtype=np.int32)
            return Numbers(today, today, self.constant(_MOMENT))
        days, without = self.moments.in_days(moments[0]), self._first_of(moments[1:])
        if days is None:
            return without
        found = kernels.act_days(*days, without.lo, without.hi, self.question.as_of)
        return Numbers(*found, self.constant(_MOMENT))

    def parameter(self, name: str, act: t.Act) -> ParameterRows:
        """Look up a parameter for every case, by the day of the act."""
        key = (name, act)
        if key not in self._parameters:
            day = self.act_day(act)
            self._parameters[key] = self.law.parameters[name].rows(
                jurisdiction=self.cases.column("jurisdiction"),
                level=self.cases.column("organ_level"),
                day_lo=day.lo,
                day_hi=day.hi,
            )
        return self._parameters[key]

    def unit(self, name: str) -> Unit:
        """Return the unit of a parameter."""
        return self.law.parameters[name].parameter.unit
