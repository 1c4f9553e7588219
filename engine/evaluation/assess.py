"""Judge one record: the way from a record to verdicts, findings, status and receipt, in the order of reading.

The caller says for which day and by which knowledge, and may say who decides: the live evaluator unless told otherwise.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine import VERSION
from engine.evaluation.compile import OUTCOME_CODES, CompiledCard, Leaf, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.details import VIOLATIONS, details
from engine.evaluation.findings import findings
from engine.evaluation.results import Assessment, CardVerdict, Interval, Observed, Receipt, canonical
from engine.evaluation.status import status
from engine.evaluation.worker import LiveWorker, WorkerDied
from engine.observables import terms as t
from engine.observables.derive import Derivation
from engine.observables.kleene import DOUBTS, FALSE, TRUE
from engine.record import DecisionRecord
from engine.vocabulary import Bilingual, OrganLevel, Verdict

Decider = Callable[[Mapping[str, int]], dict[str, str]]
"""Answers one outcome per card for one case: the live evaluator, or a worker around it."""


def assess(
    record: DecisionRecord,
    rules: CompiledRulebook,
    *,
    as_of: date,
    known_at: datetime,
    decider: Decider | None = None,
    decided_by: Literal["live", "sweep"] = "live",
) -> Assessment:
    """Judge a record as of a day, its end included, by what was known at a time.

    Raises `EngineFault` where the live evaluator does not give exactly one verdict per card.
    """
    derivation = rules.derivation(rules.cases([record]), as_of=as_of, known_at=known_at)
    columns = rules.columns(derivation)
    if decided_by == "live":
        case = {name: int(values[0]) for name, values in columns.items()}
        outcomes = (decider or rules.live.evaluate)(case)
    else:
        codes = rules.sweep.evaluate(columns)
        outcomes = {name: list(Outcome)[values[0]] for name, values in codes.items()}
    verdicts = {card.id: _verdict(card, Outcome(outcomes[card.id]), derivation, record) for card in rules.cards}
    changes = {
        card.id: days for card in rules.cards if (days := _change(card, verdicts[card.id], derivation)) is not None
    }
    found = findings(verdicts, rules.rulebook, changes=changes)
    return Assessment(
        record=record.id,
        title=record.title if isinstance(record.title, Bilingual) else Bilingual(zh=record.title, en=record.title),
        procedure=record.procedure,
        organ_level=record.organ_level,
        made_up=record.made_up,
        status=status(verdicts, found, rules.rulebook, derivation),
        findings=found,
        receipt=Receipt(
            engine=VERSION,
            rulebook=rules.rulebook.digest,
            as_of=as_of,
            known_at=known_at,
            record=record_digest(record),
            decided_by=decided_by,
            verdicts=tuple(verdicts.values()),
        ),
    )


def assess_with_worker(
    record: DecisionRecord,
    rules: CompiledRulebook,
    worker: LiveWorker,
    *,
    as_of: date,
    known_at: datetime,
) -> Assessment:
    """Judge a record by the live evaluator in a process of its own; should that die, the sweep evaluator answers.

    The receipt names which of the two decided. Raises `EngineFault` and `WorkerClosedError`.
    """
    try:
        return assess(record, rules, as_of=as_of, known_at=known_at, decider=worker.evaluate)
    except WorkerDied:
        return assess(record, rules, as_of=as_of, known_at=known_at, decided_by="sweep")


def record_digest(record: DecisionRecord) -> str:
    """Return the SHA-256 of a record's canonical form."""
    return sha256(canonical(record).encode()).hexdigest()


def _verdict(card: CompiledCard, outcome: Outcome, derivation: Derivation, record: DecisionRecord) -> CardVerdict:
    codes: NDArray[np.uint8] = np.array([OUTCOME_CODES[outcome]], dtype=np.uint8)
    found = details(card, derivation, codes)
    reason = int(found.reason[0])
    shown = found.actual_lo is not None and outcome != Outcome.NOT_APPLICABLE
    parameter = card.meaning.duty.parameter
    return CardVerdict(
        card=card.id,
        verdict=outcome.verdict,
        by_exception=outcome == Outcome.BY_EXCEPTION,
        by_reference=_by_reference(card, record.organ_level),
        violation=VIOLATIONS[reason] if outcome == Outcome.VIOLATED else None,
        doubt=DOUBTS[reason] if outcome == Outcome.UNDETERMINED else None,
        actual=_interval(found.actual_lo, found.actual_hi) if shown else None,
        required=_known(found.required) if shown else None,
        unit=derivation.unit(parameter) if shown and parameter else None,
        observed=tuple(_observed(card, outcome, derivation)),
    )


def _by_reference(card: CompiledCard, level: OrganLevel) -> bool:
    bound = card.meaning.card
    return level in bound.by_reference and level not in bound.binds


def _known(required: NDArray[np.int64] | None) -> int | None:
    """Return what a parameter demands, None where it has no value."""
    return None if required is None or required[0] < 0 else int(required[0])


def _interval(lo: NDArray[np.int64] | None, hi: NDArray[np.int64] | None) -> Interval | None:
    return None if lo is None or hi is None else Interval(lo=int(lo[0]), hi=int(hi[0]))


def _observed(card: CompiledCard, outcome: Outcome, derivation: Derivation) -> list[Observed]:
    """List the questions that decided: of applicability where the card does not apply, else of the duty."""
    applies = derivation.condition(card.meaning.applies)[0]
    if applies != TRUE:
        return [_one(leaf, derivation) for leaf in card.applicability if _answer(leaf, derivation) == applies]
    plain = outcome in {Outcome.SATISFIED, Outcome.PENDING}
    return [_one(leaf, derivation) for leaf in (card.fulfilment if plain else card.fulfilment_or_exception)]


def _answer(leaf: Leaf, derivation: Derivation) -> int:
    return int(derivation.condition(leaf)[0])


@lru_cache(maxsize=10_000)
def term_text(leaf: Leaf) -> str:
    """Write a term in the published grammar."""
    return str(leaf)


def _one(leaf: Leaf, derivation: Derivation) -> Observed:
    if isinstance(leaf, t.NumberTest):
        number = derivation.number(leaf.number)
        return Observed(term=term_text(leaf), answer=Interval(lo=int(number.lo[0]), hi=int(number.hi[0])))
    answer = _answer(leaf, derivation)
    if answer in {TRUE, FALSE}:
        return Observed(term=term_text(leaf), answer="true" if answer == TRUE else "false")
    return Observed(term=term_text(leaf), answer="unknown", doubt=DOUBTS[answer])


def _change(card: CompiledCard, verdict: CardVerdict, derivation: Derivation) -> int | None:
    """Return by how many days a planned or announced end has to move; None for what lies in the past."""
    actual = card.meaning.duty.actual
    if verdict.verdict != Verdict.VIOLATED or not isinstance(actual, t.Elapsed) or actual.sense == "at_most":
        return None
    if derivation.condition(card.meaning.duty.settled)[0] == TRUE:
        return None
    rounds = derivation.rounds(actual.step)
    return None if rounds is None else int(rounds.shortfall(actual.period).min())
