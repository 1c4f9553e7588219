"""One case at a time, in process: from the record to the verdicts, observables included."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

from bench.sweep_bench import by_polars
from bench.sweeps import Codes, VerdictsDifferError
from bench.timing import Timing
from engine.evaluation.assess import assess
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.observables.cases import cases_of
from engine.observables.rows import rows_of
from engine.record import DecisionRecord

QUESTION: dict[str, Any] = {"as_of": by_polars.AS_OF, "known_at": by_polars.KNOWN_AT}


def verdicts_of(rules: CompiledRulebook) -> Callable[[DecisionRecord], dict[str, str]]:
    """Make the shortest way from a record to its outcomes: rows, case, observables, live verdicts."""
    tree, live = rules.rulebook.tree, rules.live

    def judge(record: DecisionRecord) -> dict[str, str]:
        rows = rows_of(record, rules.procedure, jurisdiction=tree.code(record.jurisdiction))
        columns = rules.columns_of_one(rules.derivation(cases_of([rows], rules.layout), **QUESTION))
        return live.evaluate({name: int(columns[name][0]) for name in rules.live_columns})

    return judge


def assessment_of(rules: CompiledRulebook) -> Callable[[DecisionRecord], object]:
    """Make the whole way: verdicts with what decided them, findings, status, receipt."""

    def judge(record: DecisionRecord) -> object:
        return assess(record, rules, **QUESTION)

    return judge


def each(judge: Callable[[DecisionRecord], object], records: Sequence[DecisionRecord]) -> Timing:
    """Time every record once, after a tenth of them to warm up."""
    for record in records[: len(records) // 10]:
        judge(record)
    return Timing(tuple(_seconds(judge, record) for record in records))


def _seconds(judge: Callable[[DecisionRecord], object], record: DecisionRecord) -> float:
    begun = perf_counter()
    judge(record)
    return perf_counter() - begun


def refuse_different_from_sweep(rules: CompiledRulebook, records: Sequence[DecisionRecord], codes: Codes) -> None:
    """Raise `VerdictsDifferError` unless each record alone has the outcomes that the sweep gave it."""
    judge = verdicts_of(rules)
    for place, record in enumerate(records):
        for card, outcome in judge(record).items():
            if OUTCOME_CODES[Outcome(outcome)] != codes[card][place]:
                raise VerdictsDifferError(what=f"live and sweep outcomes of {card}", where=record.id)
