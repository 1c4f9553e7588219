"""The judge asks live workers; whatever becomes of them, each question is answered."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from api.judging.judge import Judge
from engine.evaluation.assess import assess
from engine.evaluation.compiled import CompiledRulebook
from engine.record import DecisionRecord
from engine.rulebook.reading import load_rulebook
from tests.api.permits import permit_rules
from tests.conftest import KNOWN_AT, build

DAY = date(2026, 6, 30)


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.fixture
def judge() -> Iterator[Judge]:
    with Judge(workers=2, seconds=20, start_seconds=60) as made:
        yield made


@pytest.fixture
def record(permit: CompiledRulebook) -> DecisionRecord:
    return build(permit, notice={"opened": "2024-03-01", "closed": "2024-03-08"}, decision={"decided": "2024-03-20"})


def test_the_answer_is_that_of_the_engine(judge: Judge, permit: CompiledRulebook, record: DecisionRecord) -> None:
    found = judge.assess(record, permit, as_of=DAY, known_at=KNOWN_AT)
    assert found == assess(record, permit, as_of=DAY, known_at=KNOWN_AT)
    assert found.receipt.decided_by == "live"


def test_no_question_fails_while_workers_are_killed(
    judge: Judge, permit: CompiledRulebook, record: DecisionRecord
) -> None:
    wanted = judge.assess(record, permit, as_of=DAY, known_at=KNOWN_AT)
    stop, deciders = threading.Event(), []

    def ask(_: int) -> bool:
        same = True
        while not stop.is_set():
            found = judge.assess(record, permit, as_of=DAY, known_at=KNOWN_AT)
            deciders.append(found.receipt.decided_by)
            same = same and found.verdicts == wanted.verdicts and found.findings == wanted.findings
        return same

    with ThreadPoolExecutor(4) as threads:
        asking = [threads.submit(ask, number) for number in range(4)]
        end = time.monotonic() + 120
        kills = 0
        try:
            while kills < 6 or deciders.count("sweep") < 3:
                assert time.monotonic() < end
                pids = judge.crew(permit).pids
                with suppress(ProcessLookupError):  # dead already, and about to be replaced
                    os.kill(pids[kills % len(pids)], signal.SIGKILL)
                kills += 1
                time.sleep(0.2)
        finally:
            stop.set()
        assert all(each.result() for each in asking)
    assert judge.assess(record, permit, as_of=DAY, known_at=KNOWN_AT).receipt.decided_by == "live"


def test_there_are_no_more_workers_than_are_allowed(
    judge: Judge, permit: CompiledRulebook, record: DecisionRecord
) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: judge.assess(record, permit, as_of=DAY, known_at=KNOWN_AT), range(40)))
    assert 1 <= len(judge.crew(permit).pids) <= 2


def test_the_workers_of_rules_that_are_asked_no_more_are_dismissed(
    permit: CompiledRulebook, record: DecisionRecord, tmp_path: Path
) -> None:
    other = CompiledRulebook(load_rulebook(permit_rules(tmp_path)), "permit")
    with Judge(workers=1, seconds=20, start_seconds=60, crews=1) as judge:
        for rules in (permit, other, permit):
            assert judge.assess(record, rules, as_of=DAY, known_at=KNOWN_AT).receipt.decided_by == "live"
            pids = judge.crew(rules).pids
        assert is_running(pids[0])
        judge.crew(other)
        assert not is_running(pids[0])


def test_a_judge_that_has_been_closed_still_answers_and_leaves_no_process(
    permit: CompiledRulebook, record: DecisionRecord
) -> None:
    judge = Judge(workers=1, seconds=20, start_seconds=60)
    judge.assess(record, permit, as_of=DAY, known_at=KNOWN_AT)
    (pid,) = judge.crew(permit).pids
    judge.close()
    judge.close()
    assert not is_running(pid)
    assert judge.assess(record, permit, as_of=DAY, known_at=KNOWN_AT).receipt.decided_by == "sweep"
