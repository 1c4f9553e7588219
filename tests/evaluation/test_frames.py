"""Many cases at once, from frames, are judged as each is by itself."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from engine.evaluation.compile import Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.examples import example_record, examples_of
from engine.evaluation.sweeping import asked, sweep_partition
from engine.observables.frames import Asked, Frames, frames_of
from engine.observables.rows import rows_of
from engine.record import DecisionRecord
from tests.conftest import KNOWN_AT, build, judged

DAY = date(2026, 6, 30)
FACTS: list[dict[str, Any]] = [
    {"notice": {"opened": "2024-03-01", "closed": "2024-03-11"}},
    {"notice": [{"opened": "2024-03-01", "closed": "2024-03-10"}, {"opened": "2024-04", "closed": "2024-04-20"}]},
    {"application": {"received": "2022-03-18"}, "decision": {"decided": "2022-04-19"}},
    {"application": {"received": "2022-03-18", "documents": [{"kind": "form", "day": "2022-05-01"}]}},
    {"outcome": {"kind": "merged", "on": "2024-01-01", "reason": "made up"}, "notice": {}},
    {"determinations": {"technical": {"value": True, "reason": "made up"}}, "examination": {"done": "2024-01"}},
]


def frames(rules: CompiledRulebook, records: list[DecisionRecord]) -> Frames:
    rows = [rows_of(record, rules.procedure, jurisdiction=0) for record in records]
    return frames_of([record.id for record in records], rows, rules.layout)


def same_as_pruned(rules: CompiledRulebook, whole: Frames) -> Asked:
    """Hold a sweep of the columns that it asks for against a sweep of all; return what it asks for."""
    needed = asked(rules, as_of=DAY, known_at=KNOWN_AT)
    pruned = Frames(
        whole.records.select("id", *sorted(needed.records)),
        {step: whole.rounds[step].select("record", *sorted(names)) for step, names in needed.rounds.items()},
        whole.events,
        whole.documents,
    )
    one = sweep_partition(whole, rules, as_of=DAY, known_at=KNOWN_AT)
    other = sweep_partition(pruned, rules, as_of=DAY, known_at=KNOWN_AT)
    assert all(np.array_equal(one[0][name], other[0][name]) for name in one[0])
    assert one[1].equals(other[1])
    return needed


def test_a_partition_gives_the_verdicts_that_its_records_have_alone(permit: CompiledRulebook) -> None:
    records = [build(permit, id=f"m{number}", **facts) for number, facts in enumerate(FACTS)]
    codes, _ = sweep_partition(frames(permit, records), permit, as_of=DAY, known_at=KNOWN_AT)
    alone = [judged(permit, **facts) for facts in FACTS]
    for card in permit.cards:
        together = [list(Outcome)[code].verdict for code in codes[card.id]]
        assert together == [found.verdict(card.id).verdict for found in alone]


def test_findings_are_the_same_as_those_of_single_records(permit: CompiledRulebook) -> None:
    records = [build(permit, id=f"m{number}", **facts) for number, facts in enumerate(FACTS)]
    _, found = sweep_partition(frames(permit, records), permit, as_of=DAY, known_at=KNOWN_AT)
    expected = {
        (
            record.id,
            finding.card,
            str(finding.verdict.violation or finding.verdict.doubt),
            finding.verdict.actual and finding.verdict.actual.lo,
            finding.verdict.actual and finding.verdict.actual.hi,
            finding.verdict.required,
        )
        for record, facts in zip(records, FACTS, strict=True)
        for finding in judged(permit, **facts).findings
    }
    rows = found.select("id", "card", "reason", "actual_lo", "actual_hi", "required").rows()
    assert {tuple(row) for row in rows} == expected
    assert len(rows) == len(expected)


def test_the_columns_that_a_sweep_asks_for_are_all_it_reads(permit: CompiledRulebook) -> None:
    records = [build(permit, id=f"m{number}", **facts) for number, facts in enumerate(FACTS)]
    whole = frames(permit, records)
    needed = same_as_pruned(permit, whole)
    assert len(needed.rounds["notice"]) < len(whole.rounds["notice"].columns) - 1


def test_an_open_end_of_a_length_is_told_as_none(permit: CompiledRulebook) -> None:
    records = [build(permit, id="open", notice={"opened": "2024-03", "closed": "unknown"})]
    _, found = sweep_partition(frames(permit, records), permit, as_of=DAY, known_at=KNOWN_AT)
    told = found.filter(pl.col("required").is_not_null()).select("actual_lo", "actual_hi").rows()
    assert told
    assert any(None in ends for ends in told)


def test_no_records_give_no_findings(permit: CompiledRulebook) -> None:
    codes, found = sweep_partition(frames(permit, []), permit, as_of=DAY, known_at=KNOWN_AT)
    assert found.height == 0
    assert all(len(values) == 0 for values in codes.values())
    assert isinstance(found, pl.DataFrame)


def test_a_sweep_of_all_examples_needs_no_column_that_it_does_not_ask_for(national: CompiledRulebook) -> None:
    of_it = [example for example in examples_of(national.rulebook) if example.card.procedure == national.procedure.id]
    examples = [example for example in of_it if not (example.adopts or example.parameters)]
    records = [example_record(example, national.rulebook)[0] for example in examples]
    needed = same_as_pruned(national, frames(national, records))
    assert "earlier_report_covers_same_risk" in needed.rounds["risk_assessment"]
