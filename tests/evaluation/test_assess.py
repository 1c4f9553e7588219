"""A record is judged by the live evaluator, in a process of its own where asked; its death loses no answer."""

import os
import signal
from datetime import date

from engine.evaluation.assess import assess, assess_with_worker, record_digest
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.rulesets import compile_cards
from engine.evaluation.worker import LiveWorker
from tests.conftest import KNOWN_AT, build

DAY = date(2026, 6, 30)


def test_the_worker_gives_the_same_answer_as_a_direct_call(permit: CompiledRulebook) -> None:
    record = build(permit, notice={"opened": "2024-03-01", "closed": "2024-03-08"})
    with LiveWorker(compile_cards(permit.live_rules), seconds=30, start_seconds=30) as worker:
        found = assess_with_worker(record, permit, worker, as_of=DAY, known_at=KNOWN_AT)
    assert found == assess(record, permit, as_of=DAY, known_at=KNOWN_AT)
    assert found.receipt.decided_by == "live"


def test_a_dead_worker_is_answered_by_the_sweep_and_started_again(permit: CompiledRulebook) -> None:
    record = build(permit, notice={"opened": "2024-03-01", "closed": "2024-03-08"})
    with LiveWorker(compile_cards(permit.live_rules), seconds=30, start_seconds=30) as worker:
        os.kill(worker.pid, signal.SIGKILL)
        first = assess_with_worker(record, permit, worker, as_of=DAY, known_at=KNOWN_AT)
        second = assess_with_worker(record, permit, worker, as_of=DAY, known_at=KNOWN_AT)
    assert (first.receipt.decided_by, second.receipt.decided_by) == ("sweep", "live")
    assert first.verdicts == second.verdicts
    assert first.findings == second.findings


def test_the_digest_of_a_record_is_that_of_its_content(permit: CompiledRulebook) -> None:
    one, same = build(permit, notice={"opened": "2024-03-01"}), build(permit, notice={"opened": "2024-03-01"})
    other = build(permit, notice={"opened": "2024-03-02"})
    assert record_digest(one) == record_digest(same) != record_digest(other)
