"""The live evaluator in its own process: answers, deaths, hangs, and an orderly end."""

import dataclasses
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sized
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from engine.evaluation import formula as f
from engine.evaluation.dnf import terms
from engine.evaluation.live import CardRules, EngineFault, Fault, LiveEvaluator
from engine.evaluation.rulesets import GREATEST, Compiled, compile_cards
from engine.evaluation.worker import Death, LiveWorker, WorkerClosedError, WorkerDied

DAYS = "public_comment.any_round.enough(opened, closed, comment_days).lo"


def compiled() -> Compiled:
    cards = []
    for number in range(40):
        long = f.Test(DAYS, f.Op.GE, number)
        outcomes = {"long": terms(long), "short": terms(f.negation(long))}
        cards.append(CardRules(f"card {number}", "public_comment", outcomes))
    return compile_cards(cards)


def expected(days: int) -> dict[str, str]:
    return {f"card {number}": "long" if days >= number else "short" for number in range(40)}


@pytest.fixture
def worker() -> Iterator[LiveWorker]:
    with LiveWorker(compiled(), seconds=5.0, start_seconds=20.0) as made:
        yield made


def test_the_worker_answers_as_the_evaluator_does(worker: LiveWorker) -> None:
    evaluator = LiveEvaluator(compiled())
    for days in (-3, 0, 17, 39, 40, GREATEST):
        assert worker.evaluate({DAYS: days}) == evaluator.evaluate({DAYS: days}) == expected(days)
    assert worker.generation == 0


def test_eight_threads_each_get_their_own_answer(worker: LiveWorker) -> None:
    with ThreadPoolExecutor(8) as threads:
        days = [number % 45 for number in range(400)]
        assert list(threads.map(lambda each: worker.evaluate({DAYS: each}), days)) == [*map(expected, days)]


def test_a_worker_killed_between_questions_is_replaced(worker: LiveWorker) -> None:
    assert worker.evaluate({DAYS: 1}) == expected(1)
    os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(WorkerDied) as caught:
        worker.evaluate({DAYS: 2})
    assert (caught.value.how, caught.value.generation) == (Death.ENDED, 0)
    assert caught.value.exit_code == -signal.SIGKILL
    assert worker.generation == 1
    assert worker.evaluate({DAYS: 2}) == expected(2)


def wait_for(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait for what other threads do, however slow the machine is."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def has(found: Sized, enough: int) -> bool:
    return len(found) >= enough


def test_kills_in_the_middle_of_questions_lose_those_questions_only(worker: LiveWorker) -> None:
    stop, lost, answered = threading.Event(), [], []

    def ask(first: int) -> None:
        days = first
        while not stop.is_set():
            days = (days + 1) % 45
            try:
                answer = worker.evaluate({DAYS: days})
            except WorkerDied as died:
                lost.append(died)
            else:
                answered.append(answer == expected(days))

    with ThreadPoolExecutor(4) as threads:
        asking = [threads.submit(ask, first) for first in range(4)]
        for kills in range(1, 5):
            wait_for(partial(has, answered, 25 * kills))
            os.kill(worker.pid, signal.SIGKILL)
            wait_for(partial(has, lost, kills))
        wait_for(partial(has, answered, 125))
        stop.set()
        for each in asking:
            each.result()
    assert all(answered)
    assert len(lost) == worker.generation == 4
    assert worker.evaluate({DAYS: 7}) == expected(7)


def test_whoever_asks_may_do_other_things_before_waiting_for_the_answer(worker: LiveWorker) -> None:
    with worker.asking({DAYS: 4}) as answer:
        assert expected(4) == answer()
    assert worker.generation == 0


def test_an_answer_that_nobody_waits_for_is_not_taken_for_that_to_the_next_question(worker: LiveWorker) -> None:
    with pytest.raises(KeyError), worker.asking({DAYS: 4}):
        raise KeyError
    assert worker.evaluate({DAYS: 5}) == expected(5)
    assert worker.generation == 1


def test_a_worker_that_hangs_is_given_up_after_the_time_limit() -> None:
    with LiveWorker(compiled(), seconds=0.3, start_seconds=20.0) as worker:
        worker.evaluate({DAYS: 1})
        os.kill(worker.pid, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(WorkerDied) as caught:
            worker.evaluate({DAYS: 2})
        assert caught.value.how is Death.HUNG
        assert 0.3 <= time.monotonic() - began < 5
        assert worker.evaluate({DAYS: 3}) == expected(3)


def test_a_worker_that_does_not_get_ready_in_time_is_given_up() -> None:
    with LiveWorker(compiled(), seconds=5.0, start_seconds=0.001) as worker:
        with pytest.raises(WorkerDied) as caught:
            worker.evaluate({DAYS: 1})
        assert caught.value.how is Death.NEVER_READY


def test_a_fault_of_the_engine_arrives_as_such_and_the_worker_lives_on() -> None:
    sound = compiled()
    rulesets = {name: dict(rules) for name, rules in sound.rulesets.items()}
    rule, (card, _) = next(iter(sound.meanings.items()))
    for rules in rulesets.values():
        rules.pop(rule, None)
    with LiveWorker(dataclasses.replace(sound, rulesets=rulesets), seconds=5.0, start_seconds=20.0) as worker:
        with pytest.raises(EngineFault) as caught:
            worker.evaluate({DAYS: 5})
        assert (caught.value.what, caught.value.card) == (Fault.NO_OUTCOME, card)
        assert caught.value.outcomes == ()
        assert worker.generation == 0


def test_bad_input_is_refused_before_it_reaches_the_worker(worker: LiveWorker) -> None:
    for case, fault in (({}, Fault.MISSING_COLUMN), ({DAYS: True}, Fault.NOT_AN_INTEGER)):
        with pytest.raises(EngineFault) as caught:
            worker.evaluate(case)
        assert caught.value.what is fault
    assert worker.generation == 0


def test_closing_leaves_neither_process_nor_open_file() -> None:
    before = set(Path("/proc/self/fd").iterdir())
    worker = LiveWorker(compiled(), seconds=5.0, start_seconds=20.0)
    worker.evaluate({DAYS: 1})
    os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(WorkerDied):
        worker.evaluate({DAYS: 1})
    pid = worker.pid
    worker.close()
    worker.close()
    assert set(Path("/proc/self/fd").iterdir()) == before
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(WorkerClosedError):
        worker.evaluate({DAYS: 1})


def test_a_worker_ends_by_itself_when_the_program_that_asks_is_gone(worker: LiveWorker) -> None:
    worker.evaluate({DAYS: 1})
    worker._pipe.close()  # noqa: SLF001 (what the end of this program does to the pipe)
    assert worker._process.wait(timeout=5) == 0  # noqa: SLF001
