"""Judge records: the way from a record to verdicts, findings, status and receipt, in the order of reading.

The caller says for which day and by which knowledge, and may say who decides: the live evaluator unless told otherwise.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final, Literal

from engine import VERSION
from engine.evaluation.compile import CompiledCard, Leaf, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.corrections import corrected_after_flag
from engine.evaluation.due import due_day
from engine.evaluation.findings import findings
from engine.evaluation.live import EngineFault, Fault
from engine.evaluation.results import Assessment, CardVerdict, Interval, Observed, Receipt, canonical
from engine.evaluation.single import SingleCase
from engine.evaluation.status import status
from engine.evaluation.sweep import BLOCK, VIOLATIONS, Judgement
from engine.evaluation.words import exclusion_in_words, outcome_in_words
from engine.evaluation.worker import LiveWorker, WorkerDied
from engine.observables import terms as t
from engine.observables.kleene import DOUBTS, FALSE, TRUE
from engine.observables.periods import ENDLESS, WIDEST
from engine.record import DecisionRecord
from engine.vocabulary import Bilingual, OrganLevel, Verdict

_OUTCOMES: Final = tuple(Outcome)

Asking = Callable[[Mapping[str, int]], AbstractContextManager[Callable[[], dict[str, str]]]]
"""Puts a case to the live evaluator, here or in a worker; what is given waits for the one outcome of every card."""


def assess(
    record: DecisionRecord,
    rules: CompiledRulebook,
    *,
    as_of: date,
    known_at: datetime,
    asking: Asking | None = None,
    decided_by: Literal["live", "sweep"] = "live",
) -> Assessment:
    """Judge a record as of a day, its end included, by what was known at a time.

    What decided is told by the sweep evaluator's reading. Raises `EngineFault` where the live evaluator does not give
    exactly one verdict per card, or where the two evaluators disagree. `asking`: asks a live evaluator elsewhere, which
    works while the sweep evaluator does.
    """
    corrected = corrected_after_flag(record, rules, as_of=as_of, known_at=known_at)
    derivation = rules.derivation(rules.cases([record], corrected=[corrected]), as_of=as_of, known_at=known_at)
    columns = rules.columns_of_one(derivation)

    def told(judged: Judgement) -> Assessment:
        single = SingleCase(derivation, rules.sweep, judged)
        return _assessment(record, rules, single, as_of=as_of, known_at=known_at, decided_by=decided_by)

    if decided_by == "sweep":
        return told(rules.sweep.evaluate(columns))
    case = {name: int(columns[name][0]) for name in rules.live_columns}
    with (asking or _here(rules))(case) as answer:
        judged = rules.sweep.evaluate(columns)
        assessment = told(judged)
        _refuse_disagreement(judged, answer())
    return assessment


def _here(rules: CompiledRulebook) -> Asking:
    """Ask the live evaluator of this process, when its answer is waited for."""
    return lambda case: nullcontext(lambda: rules.live.evaluate(case))


def assess_many(
    records: Sequence[DecisionRecord],
    rules: CompiledRulebook,
    *,
    as_of: date,
    known_at: datetime,
) -> Iterator[Assessment]:
    """Judge many records by the sweep evaluator, in their order: what `assess` says of each, sooner."""
    for begin in range(0, len(records), BLOCK):
        some = records[begin : begin + BLOCK]
        corrected = [corrected_after_flag(record, rules, as_of=as_of, known_at=known_at) for record in some]
        derivation = rules.derivation(rules.cases(some, corrected=corrected), as_of=as_of, known_at=known_at)
        judged = rules.sweep.evaluate(rules.columns(derivation))
        for place, record in enumerate(some):
            single = SingleCase(derivation, rules.sweep, judged, place=place)
            yield _assessment(record, rules, single, as_of=as_of, known_at=known_at, decided_by="sweep")


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
        return assess(record, rules, as_of=as_of, known_at=known_at, asking=worker.asking)
    except WorkerDied:
        return assess(record, rules, as_of=as_of, known_at=known_at, decided_by="sweep")


def record_digest(record: DecisionRecord) -> str:
    """Return the SHA-256 of a record's canonical form."""
    return sha256(canonical(record).encode()).hexdigest()


def _assessment(
    record: DecisionRecord,
    rules: CompiledRulebook,
    case: SingleCase,
    *,
    as_of: date,
    known_at: datetime,
    decided_by: Literal["live", "sweep"],
) -> Assessment:
    """Tell what was judged: verdicts with what decided them, findings, status and receipt."""
    verdicts = {
        card.id: _verdict(card, _OUTCOMES[outcome], reason, case, record)
        for card, outcome, reason in zip(rules.cards, case.outcomes, case.reasons, strict=True)
    }
    changes = {card.id: days for card in rules.cards if (days := _change(card, verdicts[card.id], case)) is not None}
    found = findings(verdicts, rules.rulebook, changes=changes)
    question = case.derivation.question
    return Assessment(
        record=record.id,
        title=record.title if isinstance(record.title, Bilingual) else Bilingual(zh=record.title, en=record.title),
        procedure=record.procedure,
        organ_level=record.organ_level,
        made_up=record.made_up,
        outcome=outcome_in_words(record, question),
        exclusion=exclusion_in_words(record, question),
        status=status(verdicts, found, rules.rulebook, case),
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


def _refuse_disagreement(judged: Judgement, outcomes: Mapping[str, str]) -> None:
    for card, code in zip(judged.cards, judged.outcomes[:, 0].tolist(), strict=True):
        if outcomes[card] != _OUTCOMES[code]:
            raise EngineFault(Fault.DISAGREEMENT, card=card, outcomes=(outcomes[card], str(_OUTCOMES[code])))


def _verdict(
    card: CompiledCard, outcome: Outcome, reason: int, case: SingleCase, record: DecisionRecord
) -> CardVerdict:
    leaves = _observed(card, outcome, case)
    by_reference = _by_reference(card, record.organ_level)
    plain = _plain(card.id, outcome, reason, by_reference, leaves, case.answers(leaves))
    duty = card.meaning.duty
    shown = duty.actual is not None and duty.required is not None and outcome != Outcome.NOT_APPLICABLE
    if not shown and not _has_numbers(leaves):
        return plain
    return plain.model_copy(
        update={
            "actual": _interval(duty.actual, case) if shown else None,
            "required": _required(duty.required, case) if shown else None,
            "unit": case.derivation.facts.unit(duty.parameter) if shown and duty.parameter else None,
            "due": due_day(card, outcome, case) if shown else None,
            "observed": tuple(_with_number(leaf, one, case) for leaf, one in zip(leaves, plain.observed, strict=True)),
        }
    )


@lru_cache(maxsize=10_000)
def _has_numbers(leaves: tuple[Leaf, ...]) -> bool:
    return any(isinstance(leaf, t.NumberTest) for leaf in leaves)


@lru_cache(maxsize=50_000)
def _plain(
    card: str,
    outcome: Outcome,
    reason: int,
    by_reference: bool,  # noqa: FBT001 - a key of what is kept
    leaves: tuple[Leaf, ...],
    answers: tuple[int, ...],
) -> CardVerdict:
    """Write a verdict without its numbers; the same ones come again with every record."""
    return CardVerdict(
        card=card,
        verdict=outcome.verdict,
        by_exception=outcome == Outcome.BY_EXCEPTION,
        by_reference=by_reference,
        violation=VIOLATIONS[reason] if outcome == Outcome.VIOLATED else None,
        doubt=DOUBTS[reason] if outcome == Outcome.UNDETERMINED else None,
        observed=tuple(_said(leaf, answer) for leaf, answer in zip(leaves, answers, strict=True)),
    )


def _by_reference(card: CompiledCard, level: OrganLevel) -> bool:
    bound = card.meaning.card
    return level in bound.by_reference and level not in bound.binds


def _required(number: t.Number | None, case: SingleCase) -> int | None:
    """Return what a parameter demands, None where it has no value."""
    demanded = case.number(number)[0] if number else -1
    return demanded if demanded >= 0 else None


def _interval(number: t.Number | None, case: SingleCase) -> Interval | None:
    if number is None:
        return None
    return _between(*case.number(number))


@lru_cache(maxsize=20_000)
def _between(lo: int, hi: int) -> Interval:
    """Write a number; an end beyond every period is open. The same ones come again with every record.

    A number of which both ends are the same is a count that the record gives, however great; but for `WIDEST`, none.
    """
    if lo == hi and abs(lo) != WIDEST:
        return Interval(lo=lo, hi=hi)
    return Interval(lo=lo if abs(lo) < ENDLESS else None, hi=hi if abs(hi) < ENDLESS else None)


def _observed(card: CompiledCard, outcome: Outcome, case: SingleCase) -> tuple[Leaf, ...]:
    """List the questions that decided: of applicability where the card does not apply, else of the duty."""
    unsure = outcome in {Outcome.UNDETERMINED, Outcome.NOT_APPLICABLE}
    applies = case.condition(card.meaning.applies) if unsure else TRUE
    if applies != TRUE:
        answers = case.answers(card.applicability)
        return tuple([leaf for leaf, answer in zip(card.applicability, answers, strict=True) if answer == applies])
    plain = outcome in {Outcome.SATISFIED, Outcome.PENDING}
    return card.fulfilment if plain else card.fulfilment_or_exception


@lru_cache(maxsize=10_000)
def _said(leaf: Leaf, answer: int) -> Observed:
    """Write a question and its answer; the same ones come again with every record."""
    if answer in {TRUE, FALSE}:
        return Observed(term=str(leaf), answer="true" if answer == TRUE else "false")
    return Observed(term=str(leaf), answer="unknown", doubt=DOUBTS[answer])


def _with_number(leaf: Leaf, said: Observed, case: SingleCase) -> Observed:
    """Answer a test of a number with the number."""
    if not isinstance(leaf, t.NumberTest):
        return said
    return _numbered(said.term, *case.number(leaf.number))


@lru_cache(maxsize=50_000)
def _numbered(term: str, lo: int, hi: int) -> Observed:
    return Observed(term=term, answer=_between(lo, hi))


def _change(card: CompiledCard, verdict: CardVerdict, case: SingleCase) -> int | None:
    """Return by how many days a planned or announced end has to move; None for what lies in the past."""
    actual = card.meaning.duty.actual
    if verdict.verdict != Verdict.VIOLATED or not isinstance(actual, t.Elapsed) or actual.sense == "at_most":
        return None
    if case.condition(card.meaning.duty.settled) == TRUE:
        return None
    return case.shortfall(actual.step, actual.period)
