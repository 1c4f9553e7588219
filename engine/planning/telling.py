"""Tells what came of a schedule: the plan, and whether it is lawful."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.calendar.moment import day_of
from engine.cards.card import Card
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.observables.kleene import DOUBTS
from engine.planning.assuming import said_of
from engine.planning.plan import AssumedFact, Plan, PlannedMoment
from engine.planning.scheduling import Schedule
from engine.planning.trials import Trials
from engine.planning.tried import Place, Possibilities, changed
from engine.vocabulary import Doubt, Gate, GateState, Weight

_DOUBTS_OF_DAYS: Final = frozenset(
    {Doubt.CALENDAR_HORIZON, Doubt.COUNTING_METHOD_UNSET, Doubt.SAME_DAY_ORDER, Doubt.MOMENT_NOT_EXACT}
)
_OF_DAYS: Final = [code for code, doubt in DOUBTS.items() if doubt in _DOUBTS_OF_DAYS]
"""The codes of doubts that come of days."""

_Cards = NDArray[np.bool_]
"""One entry for each card."""


def told(schedule: Schedule) -> Plan:
    """Tell a schedule whose moments are all placed as a plan."""
    return _Told(schedule).plan()


class _Told:
    """What the cards say of a schedule."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._cards = schedule.rules.cards
        judged = schedule.trials.judged(Possibilities(1, schedule.filled))
        outcomes, as_it_stands = judged.outcomes[:, 0], schedule.trials.outcomes_of({})
        duties = np.array([card.meaning.card.weight == Weight.BREACH for card in self._cards])
        excepted = OUTCOME_CODES[Outcome.BY_EXCEPTION]
        self._broken = duties & (
            (outcomes == OUTCOME_CODES[Outcome.VIOLATED]) | ((outcomes == excepted) & (as_it_stands != excepted))
        )
        self._stands = self._violated_today()
        self._open = duties & (outcomes == OUTCOME_CODES[Outcome.UNDETERMINED])
        self._of_days = np.isin(judged.reasons[:, 0], _OF_DAYS)
        self._gate_step = schedule.gate_moments[0][0]

    def plan(self) -> Plan:
        schedule = self._schedule
        moments = {(step, attribute) for step, _, attribute in schedule.placed if step != self._gate_step}
        about_them = np.array([not card.decided_by.isdisjoint(moments) for card in self._cards])
        plan = Plan(
            record=schedule.record.id,
            today=schedule.today,
            meeting=schedule.meeting,
            state=GateState.OPEN,
            moments=self._moments(),
            assumed=tuple(
                AssumedFact(step=step, round=number, attribute=name, value=value)
                for (step, number, name), value in said_of(schedule.facts, schedule.trials, schedule.record)
            ),
            conflicts=self._ids(self._broken & (about_them | ~self._stands)),
            standing=self._ids(self._broken & ~about_them & self._stands),
            unsure=self._ids(self._open),
        )
        return plan.model_copy(update={"state": self._state(plan)})

    def _violated_today(self) -> _Cards:
        schedule = self._schedule
        now = Trials(schedule.rules, schedule.trials.rows, schedule.today, schedule.known_at)
        stands: _Cards = now.outcomes_of({}) == OUTCOME_CODES[Outcome.VIOLATED]
        return stands

    def _state(self, plan: Plan) -> GateState:
        schedule = self._schedule
        barring = np.array([self._bars(card.meaning.card) for card in self._cards])
        if not plan.feasible or (self._broken & barring).any():
            return GateState.SHUT
        in_doubt = (self._open & (barring | self._of_days)).any()
        if in_doubt or not schedule.trials.passes_gate(schedule.filled):
            return GateState.CANNOT_TELL
        return GateState.OPEN

    def _bars(self, card: Card) -> bool:
        """Tell whether a card bars the discussion of this record: not where it binds by reference only."""
        return card.bars == Gate.DISCUSSION and self._schedule.record.organ_level in card.binds

    def _moments(self) -> tuple[PlannedMoment, ...]:
        schedule, bound, steps = self._schedule, self._bound_by(), list(self._schedule.rules.procedure.steps)
        in_order = sorted(schedule.placed.items(), key=lambda entry: (entry[1], steps.index(entry[0][0])))
        return tuple(
            PlannedMoment(
                step=step,
                round=number,
                attribute=attribute,
                day=day_of(day),
                bound_by=bound[step, number, attribute],
                in_time=day >= schedule.start,
            )
            for (step, number, attribute), day in in_order
            if step != self._gate_step
        )

    def _bound_by(self) -> dict[Place, tuple[str, ...]]:
        """Tell for each moment which cards would be broken a day later, all others as they are."""
        schedule, (first, *_) = self._schedule, self._schedule.placed.items()
        later = [(place, day + 1) for place, day in schedule.placed.items()]
        broken = schedule.trials.broken(changed(schedule.filled, [first, *later]))
        worse = broken[:, 1:] & ~broken[:, :1]
        return {place: self._ids(worse[:, number]) for number, place in enumerate(schedule.placed)}

    def _ids(self, chosen: _Cards) -> tuple[str, ...]:
        return tuple(card.id for card, is_chosen in zip(self._cards, chosen.tolist(), strict=True) if is_chosen)
