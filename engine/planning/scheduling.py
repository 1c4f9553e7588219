"""The latest lawful day of each step that is left before a meeting, and the earliest lawful meeting.

Days are found by trying: moments are placed one after the other, from the meeting backwards, each on the latest day on
which no card is broken that some other day would keep. So the cards alone decide, with all that they say of periods,
order, clocks and working days; nothing of the law is known here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.calendar.counting import FAR
from engine.calendar.moment import MINUTES_PER_DAY, NEVER, epoch_day
from engine.cards.card import Card, CardMeaning
from engine.duties.kinds import CompletedBefore, Deadline, MinimumPeriod
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.observables import terms as t
from engine.observables.kleene import DOUBTS
from engine.observables.rows import rows_of
from engine.planning.assuming import assumed_facts, said_of
from engine.planning.plan import AssumedFact, Plan, PlannedMoment
from engine.planning.trials import Place, Trials
from engine.procedure import AttributeType
from engine.record import DecisionRecord
from engine.vocabulary import Doubt, Gate, GateState, Weight

REACH: Final = 400
"""So many calendar days before the meeting a moment is looked for."""
NEAR: Final = 45
"""So many days on both sides of the moment placed last are all tried; farther away every `STRIDE`th at first."""
STRIDE: Final = 15
PUSHES: Final = 6
"""So often at most all moments are pushed back once more."""
CLOSE: Final = 3
"""So many calendar days before a moment that is tried lies each of those that are still to be placed."""
GIVES_WAY: Final = 20
"""By so many calendar days at most a moment gives way to the one before it."""
APART: Final = 10
"""So many calendar days moments lie apart while it is worked out what is to be assumed."""
ROUNDS: Final = 4
"""So often at most steps are added that have become due by the steps before."""
HORIZON: Final = 730
"""So many calendar days ahead a meeting is looked for."""

_TIMED: Final = (CompletedBefore, Deadline, MinimumPeriod)


class NoMeetingError(Exception):
    """The procedure knows no meeting that a matter goes to."""

    def __init__(self, procedure: str) -> None:
        """Keep the procedure."""
        super().__init__(
            f"the procedure {procedure} has no gate `discussion` by a moment of a step; plan another matter"
        )
        self.procedure = procedure


class MeetingPassedError(Exception):
    """The matter has been to the meeting, or has ended: there is nothing to plan."""

    def __init__(self, record: str) -> None:
        """Keep the record."""
        super().__init__(f"{record} has passed its gate or has ended; plan a matter that is still on its way")
        self.record = record


def latest_plan(
    record: DecisionRecord, rules: CompiledRulebook, *, meeting: date, today: date, known_at: datetime
) -> Plan:
    """Plan backwards from a meeting on a day; raises `NoMeetingError` and `MeetingPassedError`.

    Moments on record that lie before `today` stay as they are. What is only planned is planned anew.
    """
    return _Schedule(record, rules, meeting=meeting, today=today, known_at=known_at).plan()


def earliest_plan(record: DecisionRecord, rules: CompiledRulebook, *, today: date, known_at: datetime) -> Plan | None:
    """Find the earliest day of a meeting for which there is time enough, if its plan is lawful; None otherwise.

    It is looked for two years ahead. Raises `NoMeetingError` and `MeetingPassedError`.
    """
    first, last = 1, HORIZON
    found: Plan | None = None
    while first <= last:
        middle = min((first + last) // 2, first + 4 * NEAR)
        plan = latest_plan(record, rules, meeting=today + timedelta(middle), today=today, known_at=known_at)
        if plan.feasible:
            found, last = plan, middle - 1
        else:
            first = middle + 1
    return found if found and found.lawful else None


@dataclass
class _Schedule:
    """One plan on its way: what has been placed so far."""

    record: DecisionRecord
    rules: CompiledRulebook
    meeting: date
    today: date
    known_at: datetime
    placed: dict[Place, int] = field(default_factory=dict)
    facts: dict[Place, int] = field(default_factory=dict)
    conflicts: dict[str, None] = field(default_factory=dict)
    _waiting: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        procedure, tree = self.rules.procedure, self.rules.rulebook.tree
        rows = rows_of(self.record, procedure, jurisdiction=tree.code(self.record.jurisdiction))
        named = [name.split(".") for name in procedure.gates.get(Gate.DISCUSSION, ())]
        self._gate_moments = [(parts[0], parts[-1]) for parts in named if parts[0] in procedure.steps]
        if not self._gate_moments:
            raise NoMeetingError(procedure.id)
        if rows.record.get("outcome") is not None:
            raise MeetingPassedError(self.record.id)
        self._trials = Trials(self.rules, rows, self.meeting, self.known_at)
        self._rows = rows
        self._start = epoch_day(self.today)

    def plan(self) -> Plan:
        """Place the meeting, then all that is left before it."""
        for step, attribute in self._gate_moments:
            if self._has_happened(step, attribute):
                raise MeetingPassedError(self.record.id)
        meeting = self._place(*self._gate_moments[0])
        self.placed[meeting] = epoch_day(self.meeting)
        self._assume()
        places = [place for place in self.placed if place != meeting]
        self.placed = {meeting: epoch_day(self.meeting)}
        self._waiting = sorted(places, key=self._order, reverse=True)
        while self._waiting:
            self._put(self._waiting.pop(0))
        self._push_all(sorted(places, key=self._order, reverse=True))
        return self._told()

    def _assume(self) -> None:
        """Work out which moments are to be placed, and what is to be assumed, with all moments well apart at first."""
        for _ in range(ROUNDS):
            waiting = [place for place in self._wanted() if place not in self.placed]
            if not waiting:
                return
            self.placed |= dict.fromkeys(waiting, 0)
            in_order = sorted(self.placed, key=self._order, reverse=True)
            last = epoch_day(self.meeting)
            self.placed = {place: last - number * APART for number, place in enumerate(in_order)}
            self.facts |= assumed_facts(self._trials, self.record, self.placed)

    def _order(self, place: Place) -> tuple[int, int, int]:
        """Return where a moment stands in the procedure."""
        step, number, attribute = place
        steps = self.rules.procedure.steps
        return list(steps).index(step), number, list(steps[step].attributes).index(attribute)

    # --- which moments -----------------------------------------------------------------------------------------

    def _wanted(self) -> list[Place]:
        """List the moments to be placed, those nearest to the meeting first."""
        outcomes = self._trials.outcomes([(self.placed, self.facts)])[:, 0]
        broken = (OUTCOME_CODES[Outcome.VIOLATED], OUTCOME_CODES[Outcome.UNDETERMINED])
        steps: set[str] = {step for step, _, _ in self.placed} | self._begun()
        asked: set[tuple[str, str]] = set()
        for card, outcome in zip(self.rules.cards, outcomes.tolist(), strict=True):
            meaning = card.meaning
            if not isinstance(meaning.card.duty, _TIMED) or meaning.card.weight != Weight.BREACH:
                continue
            if outcome != OUTCOME_CODES[Outcome.NOT_APPLICABLE]:
                asked.update(_moments_of(meaning))
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
        return list(reversed(steps[: steps.index(self._gate_moments[0][0])]))

    def _begun(self) -> set[str]:
        """Return the steps of which a round has begun and is not completed, or is planned."""
        return {
            step
            for step, rows in self._rows.rounds.items()
            if any(not _is_past(row, self.rules.procedure.steps[step].completes, self._start) for row in rows)
        }

    def _has_happened(self, step: str, attribute: str) -> bool:
        rows = self._rows.rounds.get(step, [])
        return bool(rows) and _is_past(rows[self._open_round(step)], attribute, self._start)

    def _place(self, step: str, attribute: str) -> Place:
        return step, self._open_round(step), attribute

    def _open_round(self, step: str) -> int:
        """Return the place of the round that is under way; if none is, the last; of a new step, the first."""
        rows = self._rows.rounds.get(step, [])
        completes = self.rules.procedure.steps[step].completes
        still = [place for place, row in enumerate(rows) if not _is_past(row, completes, self._start)]
        return still[0] if still else max(len(rows) - 1, 0)

    # --- on which day ------------------------------------------------------------------------------------------

    def _put(self, place: Place) -> None:
        """Place a moment on its latest day. Where none will do, the one after it in its round gives way."""
        if self._fits(place):
            return
        following = self._following(place)
        if not following:
            self._settle(place)
            return
        after = min(following, key=self.placed.__getitem__)
        latest, before = self.placed[after], self._broken(after, [self.placed[after]])[:, 0]
        for day in range(latest - 1, latest - GIVES_WAY - 1, -1):
            self.placed[after] = day
            worse = self._broken(after, [self.placed[after]])[:, 0] & ~before
            if not worse.any() and self._fits(place):
                return
        self.placed[after] = latest
        self._settle(place)

    def _push_all(self, places: Sequence[Place]) -> None:
        """Push each moment as far back as nothing more is broken by it, until none can be pushed any further."""
        for _ in range(PUSHES):
            pushed = sum(self._push(place) for place in places)
            if not pushed:
                return

    def _push(self, place: Place) -> bool:
        now, last = self.placed[place], self._last(place)
        if now >= last:
            return False
        broken = self._broken(place, range(now, last + 1))
        worse = (broken & ~broken[:, :1]).any(axis=0)
        steps = int(worse.argmax()) - 1 if worse.any() else last - now
        self.placed[place] = now + steps
        return steps > 0

    def _fits(self, place: Place) -> bool:
        """Place a moment on the latest day on which nothing is broken that another day would keep, if there is one."""
        days = self._days(place)
        broken = self._broken(place, days)
        decided = ~np.logical_and.reduce(broken, axis=1)
        kept = ~broken[decided].any(axis=0)
        if not kept.any():
            return False
        best = int(kept.argmax())
        if best and days[best - 1] - days[best] > 1:
            days = list(range(days[best - 1], days[best] - 1, -1))
            kept = ~self._broken(place, days)[decided].any(axis=0)
            best = int(kept.argmax())
        self.placed[place] = days[best]
        return True

    def _days(self, place: Place) -> list[int]:
        """Return the days that are tried for a moment, the latest first: none after the next moment of its round."""
        last = self._last(place)
        near = min(last, *self.placed.values())
        close = range(min(near + NEAR, last), near - NEAR, -1)
        first = self._first(place)
        return sorted(
            {last, *(day for day in (*range(last, last - REACH, -STRIDE), *close) if day >= first)}, reverse=True
        )

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
        decided = ~np.logical_and.reduce(broken, axis=1)
        best = int(broken[decided].sum(axis=0).argmin())
        self.placed[place] = days[best]
        self.conflicts |= dict.fromkeys(self._ids(broken[:, best] & decided))

    def _bound_by(self) -> dict[Place, tuple[str, ...]]:
        """Tell for each moment which cards would be broken a day later, all others as they are."""
        later = [({**self.placed, place: day + 1}, self.facts) for place, day in self.placed.items()]
        broken = self._trials.broken([(self.placed, self.facts), *later])
        worse = broken[:, 1:] & ~broken[:, :1]
        return {place: self._ids(worse[:, number]) for number, place in enumerate(self.placed)}

    def _broken(self, place: Place, days: Sequence[int]) -> NDArray[np.bool_]:
        """Try days of a moment. Those that are still to be placed lie closely before it, each in its turn."""
        tried = [{**self._close_before(day), **self.placed, place: day} for day in days]
        return self._trials.broken([(one, self.facts) for one in tried])

    def _close_before(self, day: int) -> dict[Place, int]:
        return {place: day - CLOSE * number for number, place in enumerate(self._waiting, start=1)}

    def _ids(self, chosen: NDArray[np.bool_]) -> tuple[str, ...]:
        return tuple(card.id for card, is_chosen in zip(self.rules.cards, chosen.tolist(), strict=True) if is_chosen)

    # --- what came of it ---------------------------------------------------------------------------------------

    def _told(self) -> Plan:
        judged = self._trials.judged([(self.placed, self.facts)])
        outcomes, reasons = judged.outcomes[:, 0], judged.reasons[:, 0]
        gate, bound = self._gate_moments[0][0], self._bound_by()
        moments = [
            PlannedMoment(
                step=step,
                round=place,
                attribute=attribute,
                day=_EPOCH + timedelta(day),
                bound_by=bound[step, place, attribute],
                in_time=day >= self._start,
            )
            for (step, place, attribute), day in self._in_order()
            if step != gate
        ]
        duties = np.array([card.meaning.card.weight == Weight.BREACH for card in self.rules.cards])
        broken = (outcomes == OUTCOME_CODES[Outcome.VIOLATED]) & duties
        open_ = (outcomes == OUTCOME_CODES[Outcome.UNDETERMINED]) & duties
        plan = Plan(
            record=self.record.id,
            today=self.today,
            meeting=self.meeting,
            state=GateState.OPEN,
            moments=tuple(moments),
            assumed=tuple(
                AssumedFact(step=step, round=number, attribute=name, value=value)
                for (step, number, name), value in said_of(self.facts, self._trials, self.record)
            ),
            conflicts=tuple(self.conflicts),
            standing=tuple(card for card in self._ids(broken) if card not in self.conflicts),
            unsure=self._ids(open_),
        )
        barring = np.array([self._bars(card.meaning.card) for card in self.rules.cards])
        if not plan.feasible or (broken & barring).any():
            return plan.model_copy(update={"state": GateState.SHUT})
        in_doubt = (open_ & (barring | np.isin(reasons, _OF_DAYS))).any()
        if in_doubt or not self._trials.passes_gate(self.placed, self.facts):
            return plan.model_copy(update={"state": GateState.CANNOT_TELL})
        return plan

    def _bars(self, card: Card) -> bool:
        """Tell whether a card bars the discussion of this record: not where it binds by reference only."""
        return card.bars == Gate.DISCUSSION and self.record.organ_level in card.binds

    def _in_order(self) -> list[tuple[Place, int]]:
        steps = list(self.rules.procedure.steps)
        return sorted(self.placed.items(), key=lambda entry: (entry[1], steps.index(entry[0][0])))


_EPOCH: Final = date(1970, 1, 1)
_DOUBTS_OF_DAYS: Final = frozenset(
    {Doubt.CALENDAR_HORIZON, Doubt.COUNTING_METHOD_UNSET, Doubt.SAME_DAY_ORDER, Doubt.MOMENT_NOT_EXACT}
)
_OF_DAYS: Final = [code for code, doubt in DOUBTS.items() if doubt in _DOUBTS_OF_DAYS]
"""The codes of doubts that come of days."""


def _is_past(row: Mapping[str, int], attribute: str, start: int) -> bool:
    """Tell whether a moment of a round lies before a day for sure."""
    hi = row.get(f"{attribute}.hi", NEVER)
    return hi < start * MINUTES_PER_DAY


def _moments_of(meaning: CardMeaning) -> Iterator[tuple[str, str]]:
    """Return the moments that a card asks about, with their steps."""
    for found in _terms(meaning.duty.met):
        match found:
            case t.Own(attribute):
                yield meaning.card.step, attribute
            case t.Picked(step, _, attribute) | t.Earliest(step, attribute):
                yield step, attribute


def _terms(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        for part in value:
            yield from _terms(part)
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for each in fields(value):
            yield from _terms(getattr(value, each.name))
