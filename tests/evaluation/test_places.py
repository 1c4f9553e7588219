"""Where findings stand on the calendar, and the periods of the law, by the numbers that decided."""

from datetime import date, timedelta
from typing import Any

import pytest

from engine.evaluation.assess import assess
from engine.evaluation.blame import Standing
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.places import Place, Places, Term, places
from engine.record import DecisionRecord
from engine.record.reading import read_records
from engine.vocabulary import Verdict
from tests.conftest import KNOWN_AT, ROOT, build

DAY = date(2024, 6, 30)
TECHNICAL: dict[str, Any] = {"determinations": {"technical": {"value": True, "reason": "made up"}}}


def found(rules: CompiledRulebook, as_of: date = DAY, **facts: Any) -> Places:  # noqa: ANN401 - facts of a record
    return places(build(rules, **facts), rules, of=("PA-1", "PA-2", "PA-3"), as_of=as_of, known_at=KNOWN_AT)


def place(rules: CompiledRulebook, card: str, as_of: date = DAY, **facts: Any) -> Place:  # noqa: ANN401
    (one,) = [each for each in found(rules, as_of, **facts).findings if each.card == card]
    return one


def days(terms: tuple[Term, ...]) -> list[tuple[str, int | None, bool, date, date]]:
    return [(term.card, term.round, term.is_deadline, term.first, term.last) for term in terms]


def test_a_period_too_short_stands_at_the_end_of_its_round(permit: CompiledRulebook) -> None:
    one = place(permit, "PA-1", notice={"opened": "2024-03-01", "closed": "2024-03-05"})
    assert (one.step, one.rounds, one.standing, one.first) == ("notice", (0,), Standing.ROUND, date(2024, 3, 5))


def test_of_several_rounds_the_one_that_came_closest_is_in_question_where_any_would_do(
    permit: CompiledRulebook,
) -> None:
    rounds = [
        {"opened": "2024-04-01", "closed": "2024-04-03"},
        {"opened": "2024-03-01", "closed": "2024-03-09"},
        {"opened": "2024-05-01", "closed": "2024-05-05", "void": True},
    ]
    one = place(permit, "PA-1", notice=rounds)
    assert (one.rounds, one.first) == ((1, 0), date(2024, 3, 9))


def test_a_missing_step_stands_at_the_gate_it_had_to_precede(permit: CompiledRulebook) -> None:
    one = place(permit, "PA-2", decision={"decided": "2024-03-02"}, **TECHNICAL)
    assert (one.rounds, one.standing, one.first) == ((), Standing.BEFORE, date(2024, 3, 2))


def test_a_step_out_of_order_stands_where_it_was_taken(permit: CompiledRulebook) -> None:
    one = place(permit, "PA-2", examination={"done": "2024-03-08"}, decision={"decided": "2024-03-02"}, **TECHNICAL)
    assert (one.rounds, one.standing, one.first) == ((0,), Standing.ROUND, date(2024, 3, 8))


def test_what_is_overdue_stands_at_its_last_day_and_what_is_late_at_its_own(permit: CompiledRulebook) -> None:
    received: dict[str, Any] = {"application": {"received": "2022-03-18"}}
    overdue = place(permit, "PA-3", **received)
    assert (overdue.standing, overdue.first) == (Standing.DUE, date(2022, 4, 18))
    late = place(permit, "PA-3", **received, decision={"decided": "2022-05-09"})
    assert (late.rounds, late.standing, late.first) == ((0,), Standing.ROUND, date(2022, 5, 9))


def test_a_day_known_to_the_month_is_an_interval(permit: CompiledRulebook) -> None:
    one = place(permit, "PA-1", notice={"opened": "2024-03-01", "closed": "2024-03"})
    assert (one.first, one.last) == (date(2024, 3, 1), date(2024, 3, 31))


def test_without_a_day_on_record_a_finding_stands_nowhere(permit: CompiledRulebook) -> None:
    one = place(permit, "PA-2", examination={})
    assert (one.standing, one.first, one.last) == (None, None, None)


def test_a_minimum_lasts_from_its_beginning_and_a_deadline_until_its_last_day(permit: CompiledRulebook) -> None:
    terms = found(permit, application={"received": "2024-04-01"}, notice={"opened": "2024-03-01"}).terms
    # Days off are the 4th to the 6th of April and the first five of May; the 7th and the 28th of April are worked.
    assert days(terms) == [
        ("PA-1", 0, False, date(2024, 3, 1), date(2024, 3, 11)),
        ("PA-3", None, True, date(2024, 4, 1), date(2024, 4, 29)),
    ]


def test_a_period_that_does_not_apply_or_begins_on_no_sure_day_is_not_told(permit: CompiledRulebook) -> None:
    assert not found(permit, notice={"opened": "2024-03"}).terms
    assert not found(permit, date(2019, 6, 30), notice={"opened": "2019-03-01"}).terms


def test_what_happened_later_changes_no_answer_for_an_earlier_day(permit: CompiledRulebook) -> None:
    before: dict[str, Any] = {"application": {"received": "2022-03-18"}}
    after = before | {"decision": {"decided": "2022-05-09"}, "notice": {"opened": "2022-06-01"}}
    day = date(2022, 4, 30)
    assert found(permit, day, **before) == found(permit, day, **after)


def _district(rules: CompiledRulebook) -> list[DecisionRecord]:
    files = sorted((ROOT / "examples").glob("made-up-*/*.yaml"))
    jurisdictions = rules.rulebook.tree.ids
    found, problems = read_records(files, procedures=rules.rulebook.procedures, jurisdictions=jurisdictions)
    assert not problems
    return [one.record for one in found if one.record.procedure == rules.procedure.id]


@pytest.mark.parametrize("as_of", [date(2025, 6, 20), date(2025, 12, 31), date(2026, 11, 24)])
def test_in_the_district_findings_stand_where_their_numbers_say(national: CompiledRulebook, as_of: date) -> None:
    told = 0
    for record in _district(national):
        judged = assess(record, national, as_of=as_of, known_at=KNOWN_AT, decided_by="sweep")
        cards = {finding.card: finding for finding in judged.findings}
        answer = places(record, national, of=cards, as_of=as_of, known_at=KNOWN_AT)
        assert {one.card for one in answer.findings} == set(cards)
        for one in answer.findings:
            rounds = record.rounds(one.step)
            assert all(number < len(rounds) for number in one.rounds)
            if one.standing is Standing.ROUND and one.first == one.last:
                told += 1
                assert any(one.first == moment.first_day for moment in _moments(rounds[one.rounds[0]], as_of)), one
        _periods_agree(judged.verdict, answer.terms)
    assert told >= 2


def _moments(entry: Any, as_of: date) -> list[Any]:  # noqa: ANN401 - a round of any step
    values = [getattr(entry, name) for name in type(entry).model_fields]
    timings = [value for value in values if hasattr(value, "actual")]
    given = [moment for timing in timings for moment in (timing.actual, timing.announced) if moment]
    return [moment for moment in given if moment.has_a_day and moment.first_day <= as_of]


def _periods_agree(verdict: Any, terms: tuple[Term, ...]) -> None:  # noqa: ANN401 - a function of the assessment
    """Hold pending deadlines against the days by which their verdicts say that they are due."""
    for term in terms:
        assert term.first <= term.sure <= term.last < term.first + timedelta(4_000)
        judged = verdict(term.card)
        if term.is_deadline and judged.verdict is Verdict.PENDING and judged.due:
            assert judged.due == term.last
