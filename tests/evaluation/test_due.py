"""The day by which something is due: pending through that day, and no longer on the next."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from engine.evaluation.assess import assess
from engine.evaluation.compile import Outcome
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.due import due_day
from engine.evaluation.single import SingleCase
from engine.vocabulary import Light, Verdict, Violation
from tests.conftest import KNOWN_AT, build
from tests.oracle.compare import by_oracle, compiled_of, derivation, draw_cards
from tests.oracle.records import Asked, draw_asked, grouped, seeded

RECEIVED: dict[str, Any] = {"application": {"received": "2022-03-18"}}
LAST_DAY = date(2022, 4, 18)
_DAY = timedelta(days=1)


def due(rules: CompiledRulebook, as_of: date, card: str = "PA-3", **facts: Any) -> tuple[Verdict, date | None]:  # noqa: ANN401
    verdict = assess(build(rules, **facts), rules, as_of=as_of, known_at=KNOWN_AT, decided_by="sweep").verdict(card)
    return verdict.verdict, verdict.due


def test_a_deadline_is_due_on_its_last_day_and_overdue_on_the_next(permit: CompiledRulebook) -> None:
    assert due(permit, date(2022, 3, 18), **RECEIVED) == (Verdict.PENDING, LAST_DAY)
    assert due(permit, LAST_DAY, **RECEIVED) == (Verdict.PENDING, LAST_DAY)
    assert due(permit, LAST_DAY + _DAY, **RECEIVED) == (Verdict.VIOLATED, None)


def test_what_is_done_has_no_due_day(permit: CompiledRulebook) -> None:
    assert due(permit, LAST_DAY, **RECEIVED, decision={"decided": "2022-04-15"}) == (Verdict.SATISFIED, None)


def test_no_day_is_told_that_is_not_sure(permit: CompiledRulebook) -> None:
    assert due(permit, date(2022, 4, 1), application={"received": "2022-03"}) == (Verdict.UNDETERMINED, None)
    beyond: dict[str, Any] = {"application": {"received": "2026-12-20"}}
    assert due(permit, date(2026, 12, 21), **beyond) == (Verdict.PENDING, None)


def test_a_step_is_due_soon_within_the_days_of_its_procedure(permit: CompiledRulebook) -> None:
    record = build(permit, **RECEIVED)

    def light(day: date) -> Light:
        return assess(record, permit, as_of=day, known_at=KNOWN_AT, decided_by="sweep").status.lights["decision"]

    assert light(LAST_DAY - 8 * _DAY) is Light.IN_PROGRESS
    assert light(LAST_DAY - 7 * _DAY) is Light.DUE_SOON
    assert light(LAST_DAY + _DAY) is Light.OVERDUE


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), date(2024, 6, 3)),
        ((("supplement_requested", "2024-05-16"),), None),
        ((("supplement_requested", "2024-05-16"), ("supplemented", "2024-05-20")), date(2024, 6, 5)),
        ((("returned", "2024-05-16"),), None),
        ((("returned", "2024-05-16"), ("submitted", "2024-05-20")), date(2024, 6, 11)),
    ],
)
def test_a_clock_that_stands_still_tells_no_day_until_it_runs_again(
    national: CompiledRulebook, events: Iterable[tuple[str, str]], expected: date | None
) -> None:
    review = {"file_complete": "2024-05-13", "events": [{"kind": kind, "at": at} for kind, at in events]}
    facts: dict[str, Any] = {
        "determinations": {"normative_document": {"value": True, "reason": "made up"}},
        "legality_review": review,
    }
    verdict, told = due(national, date(2024, 5, 21), "ND-03em", **facts)
    assert verdict in {Verdict.PENDING, Verdict.UNDETERMINED}
    assert told == expected


def test_drawn_at_random_nothing_is_pending_after_its_due_day_and_the_oracle_agrees() -> None:
    rng = seeded("due days")
    cards = draw_cards(rng, "deadline", 12)
    compiled, followed = compiled_of(cards), 0
    for card, one, day in _pending(compiled, [draw_asked(rng) for _ in range(200)]):
        again = list(_pending(compiled, [one.on(day, one.known_at)], card))
        if [told for _, _, told in again] != [day]:
            continue  # what happened meanwhile has ended it, or moved it
        after = by_oracle(cards[card], one.on(day + _DAY, one.known_at))
        if after.outcome == Outcome.PENDING:
            # Another law holds from that day on.
            ((_, _, later),) = _pending(compiled, [one.on(day + _DAY, one.known_at)], card)
            assert later > day
            continue
        followed += after.reason is Violation.OVERDUE
    assert followed > 20


def _pending(
    compiled: CompiledRulebook, asked: list[Asked], only: int | None = None
) -> Iterable[tuple[int, Asked, date]]:
    """Return the pending deadlines of some records that have a due day, by the places of their cards."""
    for together in grouped(asked):
        derived = derivation(compiled, together)
        judged = compiled.sweep.evaluate(compiled.columns(derived))
        for place, one in enumerate(together):
            case = SingleCase(derived, compiled.sweep, judged, place=place)
            for number, card in enumerate(compiled.cards):
                day = due_day(card, list(Outcome)[judged.outcomes[number, place]], case)
                if day is not None and only in {None, number}:
                    assert day >= one.as_of
                    yield number, one, day
