"""A plan is lawful when it is played back as if it had happened, and one day later anywhere is not."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.evaluation.assess import assess
from engine.evaluation.compiled import CompiledRulebook
from engine.planning import MeetingPassedError, Plan, earliest_plan, latest_plan
from engine.record import DecisionRecord, record_type
from engine.record.reading import read_records
from engine.vocabulary import Gate, GateState, Verdict, Weight
from tests.conftest import ROOT

KNOWN_AT: Final = datetime.fromisoformat("2026-11-24T00:00:00+08:00")
YEARS: Final = ("made-up-district-2025", "made-up-under-way-2026")
DISTRICT: Final = [path for year in YEARS for path in sorted((ROOT / "examples" / year).glob("*.yaml"))]
PROCEDURE: Final = "major_decision"


@pytest.fixture(scope="module")
def rules(national: CompiledRulebook) -> CompiledRulebook:
    return national


@cache
def _matters(rules: CompiledRulebook) -> Mapping[str, DecisionRecord]:
    rulebook = rules.rulebook
    read, _ = read_records(DISTRICT, procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids)
    return {entry.record.id: entry.record for entry in read if entry.record.procedure == PROCEDURE}


def _meeting_of(record: DecisionRecord) -> date | None:
    said = record.model_dump(mode="json")["steps"].get("collective_deliberation", [])
    held = [date.fromisoformat(entry["held"]["actual"][:10]) for entry in said if (entry["held"] or {}).get("actual")]
    return min(held) if held else None


def _as_it_was(record: DecisionRecord, rules: CompiledRulebook, day: date) -> DecisionRecord:
    """Return what was on record on a day: what has happened by then, without the outcome."""
    said = record.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"outcome"})
    return record_type(rules.procedure).model_validate(said | {"steps": dict(_steps_until(said["steps"], day))})


def _steps_until(steps: Mapping[str, Any], day: date) -> Iterator[tuple[str, Any]]:
    for step, rounds in steps.items():
        kept = [entry for entry in (_round_until(entry, day) for entry in rounds) if entry]
        if kept:
            yield step, kept


def _round_until(entry: Mapping[str, Any], day: date) -> dict[str, Any] | None:
    moments = {name: value for name, value in entry.items() if isinstance(value, dict) and "actual" in value}
    past = {name: value for name, value in moments.items() if str(value["actual"])[:10] < day.isoformat()}
    return {name: value for name, value in entry.items() if name not in moments or name in past} if past else None


def _played_back(record: DecisionRecord, plan: Plan, rules: CompiledRulebook) -> DecisionRecord:
    """Return the record as if everything had happened on the days of the plan, and said what it assumes."""
    said = record.model_dump(mode="json", by_alias=True, exclude_none=True)
    steps = {step: [dict(entry) for entry in rounds] for step, rounds in said["steps"].items()}
    meeting = [("collective_deliberation", 0, "held", plan.meeting.isoformat())]
    days = [(one.step, one.round, one.attribute, one.day.isoformat()) for one in plan.moments]
    facts = [(one.step, one.round, one.attribute, _plain(one.value)) for one in plan.assumed]
    for step, number, name, value in meeting + days + facts:
        rounds = steps.setdefault(step, [])
        rounds.extend({} for _ in range(number + 1 - len(rounds)))
        rounds[number][name] = value
    return record_type(rules.procedure).model_validate(said | {"steps": steps})


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _verdicts(record: DecisionRecord, rules: CompiledRulebook, day: date) -> dict[str, tuple[Verdict, bool]]:
    found = assess(record, rules, as_of=day, known_at=KNOWN_AT, decided_by="sweep")
    return {one.card: (one.verdict, one.by_exception) for one in found.receipt.verdicts}


def _kept(verdict: tuple[Verdict, bool]) -> bool:
    return verdict[0] in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE, Verdict.PENDING} and not verdict[1]


def _faults(record: DecisionRecord, plan: Plan, rules: CompiledRulebook) -> Iterator[str]:
    """Play a plan back: say which duty is left that it does not tell of, and which moment could be a day later."""
    verdicts = _verdicts(_played_back(record, plan, rules), rules, plan.meeting)
    duties = {card.id for card in rules.rulebook.cards if card.weight == Weight.BREACH}
    excepted = {card for card, verdict in _verdicts(record, rules, plan.today).items() if verdict[1]}
    left = {card for card, verdict in verdicts.items() if not _kept(verdict) and card in duties - excepted}
    yield from (f"{card} is {verdicts[card]}" for card in left - {*plan.standing, *plan.unsure, *plan.conflicts})
    if plan.lawful:
        barring = {card.id for card in rules.cards if card.meaning.card.bars == Gate.DISCUSSION}
        lawful = {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}
        yield from (f"{card} bars the meeting" for card in barring if verdicts[card][0] not in lawful)
        yield from (f"{card} conflicts with the days" for card in plan.conflicts)
    for moment in plan.moments:
        if moment.day == plan.meeting:
            continue  # no card asks for more than that it is done by the meeting
        moved = moment.model_copy(update={"day": moment.day + timedelta(1)})
        moments = tuple(moved if one is moment else one for one in plan.moments)
        try:
            other = _played_back(record, plan.model_copy(update={"moments": moments}), rules)
        except ValidationError:
            continue  # a round that ends before it begins is refused as a record
        worse = {card for card, verdict in _verdicts(other, rules, plan.meeting).items() if not _kept(verdict)}
        if not worse - left:
            yield f"{moment.step}.{moment.attribute} could be later than {moment.day}"


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_a_plan_is_lawful_when_played_back_and_one_day_later_anywhere_is_not(
    rules: CompiledRulebook, data: st.DataObject
) -> None:
    """Every matter of the made-up district on some day before its meeting, and those that are open in autumn 2026.

    At times nothing at all has been done yet.
    """
    matters = _matters(rules)
    whole = matters[data.draw(st.sampled_from(sorted(matters)))]
    held = _meeting_of(whole)
    today = held - timedelta(data.draw(st.integers(1, 200))) if held else KNOWN_AT.date()
    record = _as_it_was(whole, rules, today) if held else whole
    if data.draw(st.integers(0, 4)) == 0:
        record = _as_it_was(whole, rules, date.min)  # nothing has been done yet
    meeting = max(held or today, today) + timedelta(data.draw(st.integers(1, 120)))
    try:
        plan = latest_plan(record, rules, meeting=meeting, today=today, known_at=KNOWN_AT)
    except MeetingPassedError:
        reject()  # it has ended without a meeting
    assert not list(_faults(record, plan, rules))


def test_steps_that_nobody_has_begun_are_planned_where_duties_ask_for_them(rules: CompiledRulebook) -> None:
    whole = _matters(rules)["yunling-2026-04-school-buses"]
    record, today = _as_it_was(whole, rules, date.min), KNOWN_AT.date()
    plan = latest_plan(record, rules, meeting=today + timedelta(90), today=today, known_at=KNOWN_AT)
    heard = {"public_comment", "hearing", "other_participation"}
    planned = {moment.step for moment in plan.moments}
    assert planned >= {"drafting", "consultation", "expert_review", "risk_assessment", "legality_review", "submission"}
    assert planned & heard
    assert plan.lawful
    assert not list(_faults(record, plan, rules))


def test_a_meeting_too_early_for_a_period_that_runs_is_not_lawful(rules: CompiledRulebook) -> None:
    """The comment period has opened on 9 November: thirty days, then the study of the opinions, then the meeting."""
    record, today = _matters(rules)["yunling-2026-04-school-buses"], KNOWN_AT.date()
    plans = {
        day: latest_plan(record, rules, meeting=date(2026, 12, day), today=today, known_at=KNOWN_AT)
        for day in (8, 10, 11)
    }
    assert [plan.state for plan in plans.values()] == [GateState.SHUT, GateState.SHUT, GateState.OPEN]
    assert "NR-15b" in plans[8].conflicts
    earliest = earliest_plan(record, rules, today=today, known_at=KNOWN_AT)
    assert (earliest.meeting, earliest.state) == (date(2026, 12, 11), GateState.OPEN)


def test_nothing_is_planned_for_a_matter_that_has_been_to_the_meeting(rules: CompiledRulebook) -> None:
    record = next(iter(_matters(rules).values()))
    with pytest.raises(MeetingPassedError):
        latest_plan(record, rules, meeting=date(2026, 3, 2), today=date(2026, 1, 5), known_at=KNOWN_AT)


def _before_its_meeting(rules: CompiledRulebook, *, days: int) -> tuple[DecisionRecord, date]:
    whole = _matters(rules)["yunling-2025-01-elderly-care"]
    held = _meeting_of(whole)
    assert held
    return _as_it_was(whole, rules, held - timedelta(days)), held - timedelta(days)


def test_what_bars_the_meeting_whatever_the_days_makes_no_plan_lawful(rules: CompiledRulebook) -> None:
    """A review that found the draft unlawful is completed: only another one, with another conclusion, would do."""
    record, today = _before_its_meeting(rules, days=1)
    said = record.model_dump(mode="json", by_alias=True, exclude_none=True)
    (review,) = said["steps"]["legality_review"]
    refused = record_type(rules.procedure).model_validate(
        said | {"steps": said["steps"] | {"legality_review": [review | {"conclusion": "unlawful"}]}}
    )
    meeting = today + timedelta(30)
    lawful = latest_plan(record, rules, meeting=meeting, today=today, known_at=KNOWN_AT)
    shut = latest_plan(refused, rules, meeting=meeting, today=today, known_at=KNOWN_AT)
    assert (lawful.state, shut.state) == (GateState.OPEN, GateState.SHUT)
    assert shut.conflicts == ("NR-25c",)


def test_no_period_in_working_days_is_planned_where_the_holidays_are_not_known(rules: CompiledRulebook) -> None:
    record, today = _before_its_meeting(rules, days=100)
    before_the_notice = datetime.combine(today, datetime.min.time(), tzinfo=KNOWN_AT.tzinfo)
    meeting = date(today.year + 1, 6, 1)
    plan = latest_plan(record, rules, meeting=meeting, today=today, known_at=before_the_notice)
    review = {one.attribute: one.day for one in plan.moments if one.step == "legality_review"}
    assert review["file_complete"].year == today.year
    new_year = date(today.year + 1, 1, 5)
    in_doubt = latest_plan(record, rules, meeting=meeting, today=new_year, known_at=before_the_notice)
    known = latest_plan(record, rules, meeting=meeting, today=new_year, known_at=KNOWN_AT)
    assert not in_doubt.lawful
    assert known.lawful
