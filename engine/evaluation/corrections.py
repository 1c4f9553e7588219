"""Corrections after a flag: what was violated before a round was declared void, and is not since.

A correction that documents support is what a flag is for. One without them is told, for nothing else shows whether it
mends the record or the matter.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from engine.calendar.moment import LOCAL
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.record import DecisionRecord, Round

_MOMENT = timedelta(seconds=1)


def corrected_after_flag(record: DecisionRecord, rules: CompiledRulebook, *, as_of: date, known_at: datetime) -> bool:
    """Tell whether a step was corrected after a card of it had been violated, without a document in its support.

    Only rounds with a time of becoming void tell: a record in which the past was overwritten shows nothing.
    """
    for voided, step in _corrections(record, rules, known_at):
        if _supported(record.rounds(step), voided):
            continue
        day = min(as_of, voided.astimezone(LOCAL).date())
        before = _violated(record, rules, step, as_of=day, known_at=voided - _MOMENT)
        if before - _violated(record, rules, step, as_of=as_of, known_at=known_at):
            return True
    return False


def _corrections(
    record: DecisionRecord,
    rules: CompiledRulebook,
    known_at: datetime,
) -> Iterable[tuple[datetime, str]]:
    for step in rules.procedure.steps:
        for entry in record.rounds(step):
            if entry.voided and entry.voided <= known_at:
                yield entry.voided, step


def _supported(rounds: tuple[Round, ...], voided: datetime) -> bool:
    """Tell whether a round that was entered with the correction, or after it, has a document."""
    return any(entry.documents for entry in rounds if entry.entered and entry.entered >= voided)


def _violated(
    record: DecisionRecord,
    rules: CompiledRulebook,
    step: str,
    *,
    as_of: date,
    known_at: datetime,
) -> set[str]:
    columns = rules.columns(rules.derivation(rules.cases([record]), as_of=as_of, known_at=known_at))
    codes = rules.sweep.evaluate(columns).codes
    violated = OUTCOME_CODES[Outcome.VIOLATED]
    return {card.id for card in rules.cards if card.meaning.card.step == step and codes[card.id][0] == violated}
