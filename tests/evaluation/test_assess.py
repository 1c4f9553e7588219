"""A record is judged by the live evaluator, in a process of its own where asked; its death loses no answer."""

import gc
import os
import signal
import weakref
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta

import pytest

from engine.evaluation.assess import assess, assess_with_worker, record_digest
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.live import EngineFault, Fault
from engine.evaluation.rulesets import compile_cards
from engine.evaluation.worker import LiveWorker
from tests.conftest import KNOWN_AT, build, judged

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


def test_evaluators_that_disagree_give_no_answer(permit: CompiledRulebook) -> None:
    record = build(permit, notice={"opened": "2024-03-01", "closed": "2024-03-08"})
    card = permit.cards[0].id

    def another(case: Mapping[str, int]) -> AbstractContextManager[Callable[[], dict[str, str]]]:
        found = permit.live.evaluate(case)
        return nullcontext(lambda: found | {card: "pending" if found[card] != "pending" else "violated"})

    with pytest.raises(EngineFault) as fault:
        assess(record, permit, as_of=DAY, known_at=KNOWN_AT, asking=another)
    assert (fault.value.what, fault.value.card) == (Fault.DISAGREEMENT, card)


def test_of_one_record_only_what_cards_that_may_apply_ask_is_worked_out_and_the_outcome_is_the_same(
    permit: CompiledRulebook,
) -> None:
    for steps in ({}, {"notice": {"opened": "2024-03-01"}}, {"decision": {"decided": "2024-03-20"}}):
        cases = permit.cases([build(permit, **steps)])
        whole = permit.columns(permit.derivation(cases, as_of=DAY, known_at=KNOWN_AT))
        part = permit.columns_of_one(permit.derivation(cases, as_of=DAY, known_at=KNOWN_AT))
        assert whole.keys() == part.keys()
        one, other = permit.sweep.evaluate(whole), permit.sweep.evaluate(part)
        assert (one.outcomes.tolist(), one.reasons.tolist()) == (other.outcomes.tolist(), other.reasons.tolist())


def test_what_was_derived_is_let_go_of_at_once(permit: CompiledRulebook) -> None:
    cases = permit.cases([build(permit, notice={"opened": "2024-03-01", "closed": "2024-03-08"})])
    derivation = permit.derivation(cases, as_of=DAY, known_at=KNOWN_AT)
    permit.columns(derivation)
    kept = weakref.ref(derivation), weakref.ref(derivation.facts)
    gc.disable()
    try:
        del derivation
        assert [ref() for ref in kept] == [None, None]
    finally:
        gc.enable()


def test_days_beyond_every_calendar_are_judged_as_days_that_never_come(permit: CompiledRulebook) -> None:
    far = {"opened": "2024-03-01", "closed": {"planned": "9999-11-30"}}
    form = {"received": "2024-03-01", "documents": [{"kind": "form", "day": "9000"}]}
    never = {"opened": "2024-03-01"}
    beyond = judged(permit, notice=far, application=form, outcome={"kind": "decided", "on": "8000-01-01"})
    assert [verdict.verdict for verdict in beyond.verdicts] == [
        verdict.verdict for verdict in judged(permit, notice=never, application={"received": "2024-03-01"}).verdicts
    ]


def test_an_outcome_is_told_from_the_time_of_its_entry_on_to_the_second(permit: CompiledRulebook) -> None:
    entered = KNOWN_AT + timedelta(microseconds=250_000)
    outcome = {"kind": "withdrawn", "on": "2024-03-22", "reason": "made up", "entered": entered}
    record = build(permit, outcome=outcome)
    for known_at, told in ((entered, True), (KNOWN_AT, True), (KNOWN_AT - timedelta(seconds=1), False)):
        found = assess(record, permit, as_of=DAY, known_at=known_at, decided_by="sweep")
        assert (found.outcome is not None) is told
