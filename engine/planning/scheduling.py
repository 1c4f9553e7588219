"""Places what is left to do before a meeting: each moment on its latest lawful day.

Days are found by trying: moments are placed one after the other, from the meeting backwards, each on the latest day on
which no card is broken that some other day would keep. So the cards alone decide, with all that they say of periods,
order, clocks and working days; nothing of the law is known here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.calendar.counting import FAR
from engine.calendar.moment import MINUTES_PER_DAY, epoch_day
from engine.duties.kinds import CompletedBefore, Deadline, MinimumPeriod
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.rows import rows_of
from engine.planning.assuming import assumed_facts, is_past
from engine.planning.errors import MeetingPassedError, NoMeetingError
from engine.planning.lacking import lacking_moments
from engine.planning.trials import Trials
from engine.planning.tried import Place, changed, varied
from engine.procedure import AttributeType
from engine.record import DecisionRecord
from engine.vocabulary import Gate, Weight

REACH: Final = 400
"""So many calendar days before the meeting a moment is looked for."""
PUSHES: Final = 6
"""So often at most all moments are pushed back once more."""
GAPS: Final = (0, 3, 10, 15, 30, 60)
"""So many calendar days before a moment that gives way the one before it in its round is tried."""
APART: Final = 10
"""So many calendar days moments lie apart while it is worked out what is to be assumed."""
ROUNDS: Final = 8
"""So often at most steps are added that have become due by the steps before."""

_TIMED: Final = (CompletedBefore, Deadline, MinimumPeriod)


@dataclass
class Schedule:
    """One plan on its way. `placed`: the moments that have a day so far; `facts`: what is assumed."""

    record: DecisionRecord
    rules: CompiledRulebook
    meeting: date
    today: date
    known_at: datetime
    placed: dict[Place, int] = field(default_factory=dict)
    facts: dict[Place, int] = field(default_factory=dict)
    _waiting: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        procedure, tree = self.rules.procedure, self.rules.rulebook.tree
        rows = rows_of(self.record, procedure, jurisdiction=tree.code(self.record.jurisdiction))
        named = [name.split(".") for name in procedure.gates.get(Gate.DISCUSSION, ())]
        self.gate_moments = [(parts[0], parts[-1]) for parts in named if parts[0] in procedure.steps]
        if not self.gate_moments:
            raise NoMeetingError(procedure.id)
        if rows.record.get("outcome") is not None:
            raise MeetingPassedError(self.record.id)
        self.trials = Trials(self.rules, rows, self.meeting, self.known_at)
        self._rows = rows
        self.start = epoch_day(self.today)
        self.tomorrow = self.start + 1

    def fill(self) -> None:
        """Place the meeting, then all that is left before it; raises `MeetingPassedError`."""
        for step, attribute in self.gate_moments:
            if self._has_happened(step, attribute):
                raise MeetingPassedError(self.record.id)
        meeting = self._place(*self.gate_moments[0])
        self.placed[meeting] = epoch_day(self.meeting)
        self._assume()
        places = [place for place in self.placed if place != meeting]
        self.placed = {meeting: epoch_day(self.meeting)}
        self._waiting = sorted(places, key=self._order, reverse=True)
        while self._waiting:
            self._put(self._waiting.pop(0))
        if places:
            self._push_all(sorted(places, key=self._order, reverse=True))

    def _assume(self) -> None:
        """Work out which moments are to be placed, and what is to be assumed, with all moments well apart at first."""
        for _ in range(ROUNDS):
            waiting = [*(place for place in self._wanted() if place not in self.placed), *self._lacking()]
            if not waiting:
                return
            self.placed = self._laid_out(waiting)
            self.facts |= assumed_facts(self.trials, self.record, self.placed, tomorrow=self.tomorrow)

    def _lacking(self) -> list[Place]:
        """List the moments of steps that nobody has begun, and that would mend what is broken."""
        begun = {step for step, _, _ in self.placed} | set(self._rows.rounds)
        steps = [step for step in self._before_the_meeting() if step not in begun]
        return lacking_moments(self.trials, self.filled, list(reversed(steps)), self._laid_out)

    def _laid_out(self, more: Iterable[Place]) -> dict[Place, int]:
        """Lay what is placed, and more, out before the meeting, in order and well apart."""
        in_order = sorted({*self.placed, *more}, key=self._order, reverse=True)
        last = epoch_day(self.meeting)
        return {place: last - number * APART for number, place in enumerate(in_order)}

    def _order(self, place: Place) -> tuple[int, int, int]:
        """Return where a moment stands in the procedure."""
        step, number, attribute = place
        steps = self.rules.procedure.steps
        return list(steps).index(step), number, list(steps[step].attributes).index(attribute)

    @property
    def filled(self) -> dict[Place, int]:
        """Return the moments that have a day so far, and what is assumed."""
        return self.placed | self.facts

    # --- which moments -----------------------------------------------------------------------------------------

    def _wanted(self) -> list[Place]:
        """List the moments to be placed, those nearest to the meeting first."""
        outcomes = self.trials.outcomes_of(self.filled)
        broken = (OUTCOME_CODES[Outcome.VIOLATED], OUTCOME_CODES[Outcome.UNDETERMINED])
        steps: set[str] = {step for step, _, _ in self.placed} | self._begun()
        asked: set[tuple[str, str]] = set()
        for card, outcome in zip(self.rules.cards, outcomes.tolist(), strict=True):
            meaning = card.meaning
            if meaning.card.weight != Weight.BREACH:
                continue
            timed = isinstance(meaning.card.duty, _TIMED)
            if outcome in broken or (timed and outcome != OUTCOME_CODES[Outcome.NOT_APPLICABLE]):
                asked.update(card.asked_of_rounds)
            if isinstance(meaning.card.duty, CompletedBefore) and outcome in broken:
                steps.add(meaning.card.step)
        before = self._before_the_meeting()
        wanted: list[Place] = []
        for step in before:
            if step in steps:
                own = self.rules.procedure.steps[step]
                names = [
                    name
                    for name, attribute in own.attributes.items()
                    if attribute.type == AttributeType.MOMENT
                    and (name in {own.starts, own.completes} or (step, name) in asked)
                    and not self._has_happened(step, name)
                ]
                wanted += [self._place(step, name) for name in reversed(names)]
        return wanted

    def _before_the_meeting(self) -> list[str]:
        """Return the steps that come before the meeting in the order of the procedure, the last first."""
        steps = list(self.rules.procedure.steps)
        return list(reversed(steps[: steps.index(self.gate_moments[0][0])]))

    def _begun(self) -> set[str]:
        """Return the steps of which a round has begun and is not completed, or is planned."""
        return {
            step
            for step, rows in self._rows.rounds.items()
            if any(not is_past(row, self.rules.procedure.steps[step].completes, self.tomorrow) for row in rows)
        }

    def _has_happened(self, step: str, attribute: str) -> bool:
        rows = self._rows.rounds.get(step, [])
        return bool(rows) and is_past(rows[self._open_round(step)], attribute, self.tomorrow)

    def _place(self, step: str, attribute: str) -> Place:
        return step, self._open_round(step), attribute

    def _open_round(self, step: str) -> int:
        """Return the place of the round that is under way; if none is, the last; of a new step, the first."""
        rows = self._rows.rounds.get(step, [])
        completes = self.rules.procedure.steps[step].completes
        still = [place for place, row in enumerate(rows) if not is_past(row, completes, self.tomorrow)]
        return still[0] if still else max(len(rows) - 1, 0)

    # --- on which day ------------------------------------------------------------------------------------------

    def _put(self, place: Place) -> None:
        """Place a moment on its latest day. Where none will do, the one after it in its round gives way."""
        if not (self._fits(place) or self._both_fit(place)):
            self._settle(place)

    def _both_fit(self, place: Place) -> bool:
        """Place a moment and the one after it in its round, that one as late as can be."""
        following = self._following(place)
        if not following:
            return False
        after = min(following, key=self.placed.__getitem__)
        latest, first = self.placed[after], self._first(place)
        pairs = [
            (day, day - apart)
            for day in range(latest - 1, latest - REACH, -1)
            for apart in GAPS
            if day - apart >= min(first, latest)
        ]
        if not pairs:
            return False
        days, before = np.array(pairs).T
        broken = self.trials.broken(varied(self._waited_for(), {after: days, place: before}))
        kept = ~broken[self._decided(broken)].any(axis=0)
        if not kept.any():
            return False
        self.placed[after], self.placed[place] = pairs[int(kept.argmax())]
        return True

    def _push_all(self, places: Sequence[Place]) -> None:
        """Push each moment as far back as nothing more is broken by it, until none can be pushed any further."""
        for _ in range(PUSHES):
            pushed = [place for place, days in self._room(places).items() if days]
            for place in pushed:
                self.placed[place] += self._room([place])[place]
            if not pushed:
                return

    def _room(self, places: Sequence[Place]) -> dict[Place, int]:
        """Return by how many days each moment could be pushed back, all others as they are."""
        days = {place: range(self.placed[place], self._last(place) + 1) for place in places}
        changes = [(place, day) for place in places for day in days[place]]
        broken = self.trials.broken(changed(self.filled, changes))
        found, first = {}, 0
        for place in places:
            own = broken[:, first : first + len(days[place])]
            worse = (own & ~own[:, :1]).any(axis=0)
            found[place] = int(worse.argmax()) - 1 if worse.any() else len(days[place]) - 1
            first += len(days[place])
        return found

    def _fits(self, place: Place) -> bool:
        """Place a moment on the latest day on which nothing is broken that another day would keep, if there is one."""
        days = self._days(place)
        broken = self._broken(place, days)
        kept = ~broken[self._decided(broken)].any(axis=0)
        if not kept.any():
            return False
        self.placed[place] = days[int(kept.argmax())]
        return True

    def _decided(self, broken: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which cards decide on a day: some day keeps them, and they ask about no moment still to be placed."""
        waiting = {(step, attribute) for step, _, attribute in self._waiting}
        ready = np.array([card.decided_by.isdisjoint(waiting) for card in self.rules.cards])
        decided: NDArray[np.bool_] = ready & ~np.logical_and.reduce(broken, axis=1)
        return decided

    def _days(self, place: Place) -> Sequence[int]:
        """Return the days that are tried for a moment, the latest first: none after the next moment of its round."""
        last = self._last(place)
        return range(last, max(last - REACH, min(last, self._first(place))) - 1, -1)

    def _first(self, place: Place) -> int:
        """Return the day before which a moment cannot lie: that of what is on record before it in its round."""
        step, number, attribute = place
        names, rows = list(self.rules.procedure.steps[step].attributes), self._rows.rounds.get(step, [])
        row = rows[number] if number < len(rows) else {}
        before = [
            row[f"{name}.lo"] // MINUTES_PER_DAY for name in names[: names.index(attribute)] if f"{name}.lo" in row
        ]
        return max(before, default=-FAR)

    def _last(self, place: Place) -> int:
        """Return the last day for a moment: that of the next one of its round, or of the meeting."""
        return min([epoch_day(self.meeting), *(self.placed[one] for one in self._following(place))])

    def _following(self, place: Place) -> list[Place]:
        """Return the moments that come after one in its round, as its step lists them, and are placed."""
        step, number, attribute = place
        names = list(self.rules.procedure.steps[step].attributes)
        after = names[names.index(attribute) + 1 :]
        return [one for one in self.placed if one[:2] == (step, number) and one[2] in after]

    def _settle(self, place: Place) -> None:
        """Place a moment where the fewest cards are broken, as no day keeps them all."""
        days = self._days(place)
        broken = self._broken(place, days)
        decided = self._decided(broken)
        best = int(broken[decided].sum(axis=0).argmin())
        self.placed[place] = days[best]

    def _broken(self, place: Place, days: Sequence[int]) -> NDArray[np.bool_]:
        """Try days of a moment. For those that are still to be placed any day will do: none decides by then."""
        return self.trials.broken(varied(self._waited_for(), {place: np.array(days)}))

    def _waited_for(self) -> dict[Place, int]:
        """Return what is placed and assumed; what is still to be placed takes place today."""
        return dict.fromkeys(self._waiting, self.start) | self.filled
