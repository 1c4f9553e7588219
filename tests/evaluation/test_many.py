"""Many records judged at once are judged as each would be alone; what is told of them follows from the outcomes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np
import pytest

from engine.evaluation.assess import assess, assess_many
from engine.evaluation.compile import OUTCOME_CODES, Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import Assessment
from engine.evaluation.sweep import BLOCK, VIOLATION_CODES
from engine.evaluation.sweeping import told
from engine.observables.kleene import DOUBT_CODES
from engine.record import DecisionRecord
from engine.record.reading import read_records
from engine.vocabulary import FindingKind, Verdict
from tests.conftest import KNOWN_AT, ROOT, build

EARLY = datetime(2025, 6, 30, tzinfo=UTC)
DAYS = (date(2025, 6, 30), date(2025, 8, 20), date(2026, 3, 31))


@pytest.fixture(scope="module")
def records(national: CompiledRulebook) -> list[DecisionRecord]:
    files = [*sorted(ROOT.glob("examples/*.yaml")), *sorted(ROOT.glob("examples/*/*.yaml"))]
    book = national.rulebook
    read, _ = read_records(files, procedures=book.procedures, jurisdictions=book.tree.ids)
    return [entry.record for entry in read if entry.record.procedure == national.procedure.id]


@pytest.mark.parametrize("known_at", [EARLY, KNOWN_AT], ids=["by what was known then", "by what is known now"])
@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_many_records_at_once_are_told_as_each_alone(
    records: list[DecisionRecord], national: CompiledRulebook, as_of: date, known_at: datetime
) -> None:
    alone = [assess(one, national, as_of=as_of, known_at=known_at, decided_by="sweep") for one in records]
    assert list(assess_many(records, national, as_of=as_of, known_at=known_at)) == alone


def test_a_planned_end_has_to_move_by_its_own_days_whatever_others_plan(permit: CompiledRulebook) -> None:
    plans = ("2026-07-05", "2026-07-02", "2026-07-09")
    made = [
        build(permit, id=f"plan-{day}", notice={"opened": "2026-06-29", "closed": {"planned": day}}) for day in plans
    ]
    changed = [assess(one, permit, as_of=date(2026, 6, 30), known_at=KNOWN_AT, decided_by="sweep") for one in made]
    assert len({str(one.findings) for one in changed}) > 1
    assert list(assess_many(made, permit, as_of=date(2026, 6, 30), known_at=KNOWN_AT)) == changed


def test_an_unsupported_correction_is_told_of_the_record_that_was_corrected(national: CompiledRulebook) -> None:
    short = {"opened": "2024-03-01", "closed": "2024-03-09", "entered": "2024-03-10T09:00+08:00"}
    voided = short | {"voided": "2024-06-01T09:00+08:00"}
    mended = {"opened": "2024-03-01", "closed": "2024-04-20", "entered": "2024-06-01T09:00+08:00"}
    made = [
        build(national, id="as-it-was", public_comment=short),
        build(national, id="mended", public_comment=[voided, mended]),
    ]
    alone = [assess(one, national, as_of=date(2024, 6, 30), known_at=KNOWN_AT, decided_by="sweep") for one in made]
    assert [one.verdict("RC-4").verdict for one in alone] == [Verdict.SATISFIED, Verdict.VIOLATED]
    assert list(assess_many(made, national, as_of=date(2024, 6, 30), known_at=KNOWN_AT)) == alone


def test_more_records_than_a_block_are_all_told_in_order(permit: CompiledRulebook) -> None:
    made = [build(permit, id=f"n-{number}", notice={"opened": "2024-03-01"}) for number in range(BLOCK + 3)]
    found = [one.record for one in assess_many(made, permit, as_of=date(2024, 3, 31), known_at=KNOWN_AT)]
    assert found == [one.id for one in made]


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_outcomes_and_reasons_are_enough_to_tell_the_findings(
    records: list[DecisionRecord], national: CompiledRulebook, as_of: date
) -> None:
    judged = list(assess_many(records, national, as_of=as_of, known_at=KNOWN_AT))
    found = told(national.cards, _outcomes(judged), _reasons(judged))
    places = zip(found.case.tolist(), found.card.tolist(), found.kind.tolist(), strict=True)
    kinds = tuple(FindingKind)
    assert {(case, national.cards[card].id, kinds[kind]) for case, card, kind in places} == {
        (case, finding.card, finding.kind) for case, one in enumerate(judged) for finding in one.findings
    }


def _outcomes(judged: Sequence[Assessment]) -> np.ndarray:
    codes = [
        [OUTCOME_CODES[Outcome.BY_EXCEPTION if one.by_exception else Outcome(one.verdict)] for one in each.verdicts]
        for each in judged
    ]
    return np.ascontiguousarray(np.array(codes, dtype=np.uint8).T)


def _reasons(judged: Sequence[Assessment]) -> np.ndarray:
    codes = [
        [
            VIOLATION_CODES[one.violation] if one.violation else DOUBT_CODES[one.doubt] if one.doubt else 0
            for one in each.verdicts
        ]
        for each in judged
    ]
    return np.ascontiguousarray(np.array(codes, dtype=np.uint8).T)
