"""What the cards would say if moments fell on certain days, and facts were so: many possibilities at once.

A moment that is tried is one whole day, as if it had taken place. The sweep evaluator answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.calendar.moment import MINUTES_PER_DAY, NEVER
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweep import Judgement
from engine.observables import terms as t
from engine.observables.cases import cases_of
from engine.observables.kleene import TRUE
from engine.observables.rows import RecordRows, Row
from engine.procedure import AttributeType
from engine.vocabulary import Gate

Place = tuple[str, int, str]
"""A step, the place of a round in it, and a moment of the round."""
Days = Mapping[Place, int]
"""Moments with their epoch days."""
Facts = Mapping[Place, int]
"""Facts of rounds, and their documents, as the case table has them."""

_BROKEN: Final = [OUTCOME_CODES[one] for one in (Outcome.VIOLATED, Outcome.UNDETERMINED, Outcome.BY_EXCEPTION)]
"""An exception is no plan: whoever plans has time to do without."""


@dataclass(frozen=True)
class Trials:
    """A record as rows, and the question: as of which day, by what is known when."""

    rules: CompiledRulebook
    rows: RecordRows
    as_of: date
    known_at: datetime

    def outcomes(self, tried: Sequence[tuple[Days, Facts]]) -> NDArray[np.uint8]:
        """Return the codes of outcomes, one row for each card, one column for each possibility."""
        return self.judged(tried).outcomes

    def judged(self, tried: Sequence[tuple[Days, Facts]]) -> Judgement:
        """Return what comes of each possibility, with the reasons."""
        cases = cases_of([self._with(days, facts) for days, facts in tried], self.rules.layout)
        derivation = self.rules.derivation(cases, as_of=self.as_of, known_at=self.known_at)
        return self.rules.sweep.evaluate(self.rules.columns(derivation))

    def broken(self, tried: Sequence[tuple[Days, Facts]]) -> NDArray[np.bool_]:
        """Tell which cards are not simply kept in which possibility: violated, undetermined, or by an exception."""
        return np.isin(self.outcomes(tried), _BROKEN)

    def passes_gate(self, days: Days, facts: Facts) -> bool:
        """Tell whether the matter has been to the meeting for sure in a possibility."""
        cases = cases_of([self._with(days, facts)], self.rules.layout)
        derivation = self.rules.derivation(cases, as_of=self.as_of, known_at=self.known_at)
        return bool(derivation.flag(t.Happened(t.GatePassed(Gate.DISCUSSION)))[0] == TRUE)

    def _with(self, days: Days, facts: Facts) -> RecordRows:
        rounds = {step: list(rows) for step, rows in self.rows.rounds.items()}
        said = [(place, _whole_day(place[2], day)) for place, day in days.items()]
        said += [(place, {place[2]: value}) for place, value in facts.items()]
        for (step, place, _), row in said:
            own = rounds.setdefault(step, [])
            own.extend({} for _ in range(place + 1 - len(own)))
            own[place] = own[place] | row
        places = {step: _by_beginning(rows, self.rules, step) for step, rows in rounds.items()}
        return RecordRows(
            record=self.rows.record,
            rounds={step: [rounds[step][place] for place in order] for step, order in places.items()},
            events={step: _moved(self.rows.events.get(step, ()), order) for step, order in places.items()},
            documents={step: _moved(self.rows.documents.get(step, ()), order) for step, order in places.items()},
        )


def _whole_day(attribute: str, day: int) -> Row:
    return {f"{attribute}.lo": day * MINUTES_PER_DAY, f"{attribute}.hi": (day + 1) * MINUTES_PER_DAY - 1}


def _by_beginning(rows: list[Row], rules: CompiledRulebook, step: str) -> list[int]:
    """Say when each round began, and order them by it, as rows of a record are."""
    attributes = rules.procedure.steps[step].attributes
    moments = [name for name, one in attributes.items() if one.type == AttributeType.MOMENT]
    for place, row in enumerate(rows):
        begun = {
            f"begun.{end}": min(row[f"{name}.{end}"] for name in moments if f"{name}.{end}" in row)
            for end in ("lo", "hi")
            if any(f"{name}.{end}" in row for name in moments)
        }
        rows[place] = row | begun
    return sorted(range(len(rows)), key=lambda place: rows[place].get("begun.lo", NEVER))


def _moved(attached: Iterable[Row], order: list[int]) -> list[Row]:
    """Let what belongs to rounds follow them to their new places."""
    now = {before: after for after, before in enumerate(order)}
    return [row | {"round": now[row["round"]]} for row in attached]
