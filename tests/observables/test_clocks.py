"""The clock of a period: what returns, requests for supplements and suspensions do to it. All cases are made up.

Ten days from 1 March, that day not counted and the last counted, end on 11 March: a period from 1 to 11 March keeps
both the minimum (CL-1) and the deadline (CL-2) of ten days. Each test says what the events make of the last day.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.results import CardVerdict
from engine.rulebook.reading import load_rulebook
from engine.vocabulary import Doubt, Verdict, Violation
from tests.conftest import ROOT, judged
from tests.permit import write_permit_rules

CARD = """
id: {id}
title: {{zh: 计时(虚构), en: a clock (made up)}}
source: {{instrument: permit-act, article: "2", checked_on: 2024-01-01}}
step: notice
modality: shall
weight: breach
gate: none
confidence: found
procedure: permit
binds: [county]
in_force: {{from: 2020-01-01, by: notice.first.opened}}
presupposes: notice
duty: {duty}
remedy: {{zh: 改正, en: mend it}}
examples:
  satisfied:
    - {{title: ten days, notice: {{opened: 2024-03-01, closed: 2024-03-11}}}}
  violated:
    - {{title: {wrong}, notice: {{opened: 2024-03-01, closed: {closed}}}}}
"""
MINIMUM = (
    "{kind: minimum_period, round: any_round, from: opened, to: closed,"
    " at_least: {parameter: notice_days}, clock: true, due: gate.discussion}"
)
DEADLINE = (
    "{kind: deadline, round: first, moment: closed, after: opened, within: {parameter: notice_days}, clock: true}"
)

SATISFIED, VIOLATED, PENDING, UNDETERMINED = (
    Verdict.SATISFIED,
    Verdict.VIOLATED,
    Verdict.PENDING,
    Verdict.UNDETERMINED,
)

Event = tuple[str, str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_permit_rules(tmp_path_factory.mktemp("clocks"), ROOT / "rules" / "holidays")
    cards = [("CL-1", MINIMUM, "nine days", "2024-03-10"), ("CL-2", DEADLINE, "eleven days", "2024-03-12")]
    for name, duty, wrong, closed in cards:
        text = CARD.format(id=name, duty=duty, wrong=wrong, closed=closed)
        (folder / "cards" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@lru_cache
def clocked(folder: Path, restart: str, pause: str, unit: str) -> CompiledRulebook:
    """Return the permit with a clock: `yes`, `no`, or nothing where the law does not say."""
    path = folder / "parameters" / "notice_days.yaml"
    text = path.read_text(encoding="utf-8")
    settings = {"restart_after_return": restart, "pause_for_supplement": pause}
    said = "".join(f', {name}: "{value}"' for name, value in settings.items() if value)
    changed = text.replace('roll_over: "no"', f'roll_over: "no"{said}').replace("unit: days", f"unit: {unit}")
    path.write_text(changed, encoding="utf-8")
    try:
        return CompiledRulebook(load_rulebook(folder), "permit")
    finally:
        path.write_text(text, encoding="utf-8")


class Clock:
    """The permit with a clock as the parameter sets it."""

    def __init__(self, folder: Path, *, restart: str = "yes", pause: str = "yes", unit: str = "days") -> None:
        self.rules = clocked(folder, restart, pause, unit)

    def of(self, card: str, closed: object, *events: Event, as_of: str = "2024-12-31") -> CardVerdict:
        """Judge a period that was opened on 1 March 2024."""
        rounds: dict[str, Any] = {"opened": "2024-03-01", "events": [{"kind": kind, "at": at} for kind, at in events]}
        if closed is not None:
            rounds["closed"] = closed
        return judged(self.rules, as_of=as_of, notice=rounds).verdict(card)

    def minimum(self, closed: object, *events: Event, as_of: str = "2024-12-31") -> Verdict:
        return self.of("CL-1", closed, *events, as_of=as_of).verdict

    def deadline(self, closed: object, *events: Event, as_of: str = "2024-12-31") -> Verdict:
        return self.of("CL-2", closed, *events, as_of=as_of).verdict


def supplement(asked: str, given: str) -> tuple[Event, Event]:
    return ("supplement_requested", asked), ("supplemented", given)


def suspension(begun: str, ended: str) -> tuple[Event, Event]:
    return ("suspended", begun), ("resumed", ended)


def test_without_events_the_clock_changes_nothing(folder: Path) -> None:
    clock = Clock(folder)
    assert [clock.minimum(day) for day in ("2024-03-10", "2024-03-11")] == [VIOLATED, SATISFIED]
    assert [clock.deadline(day) for day in ("2024-03-11", "2024-03-12")] == [SATISFIED, VIOLATED]


# --- Returns -------------------------------------------------------------------------------------------------------

RETURNED = (("returned", "2024-03-05"), ("submitted", "2024-03-08"))


@pytest.mark.parametrize(
    ("restart", "closed", "minimum", "deadline"),
    [
        # The ten days start anew on 8 March: the last is 18 March.
        ("yes", "2024-03-17", VIOLATED, SATISFIED),
        ("yes", "2024-03-18", SATISFIED, SATISFIED),
        ("yes", "2024-03-19", SATISFIED, VIOLATED),
        # The clock runs on: the last is 11 March.
        ("no", "2024-03-10", VIOLATED, SATISFIED),
        ("no", "2024-03-11", SATISFIED, SATISFIED),
        ("no", "2024-03-12", SATISFIED, VIOLATED),
        # Nobody has said which: 11 or 18 March, so between the two it cannot be told.
        ("", "2024-03-10", VIOLATED, SATISFIED),
        ("", "2024-03-11", UNDETERMINED, SATISFIED),
        ("", "2024-03-17", UNDETERMINED, UNDETERMINED),
        ("", "2024-03-18", SATISFIED, UNDETERMINED),
        ("", "2024-03-19", SATISFIED, VIOLATED),
    ],
)
def test_a_return_starts_the_clock_anew_where_the_law_says_so(
    folder: Path, restart: str, closed: str, minimum: Verdict, deadline: Verdict
) -> None:
    clock = Clock(folder, restart=restart)
    assert (clock.minimum(closed, *RETURNED), clock.deadline(closed, *RETURNED)) == (minimum, deadline)


def test_of_several_returns_the_last_one_counts(folder: Path) -> None:
    again = (*RETURNED, ("returned", "2024-03-12"), ("submitted", "2024-03-14"))
    # From 14 March the last day is 24 March.
    clock = Clock(folder)
    assert [clock.minimum(day, *again) for day in ("2024-03-23", "2024-03-24")] == [VIOLATED, SATISFIED]
    assert [clock.deadline(day, *again) for day in ("2024-03-24", "2024-03-25")] == [SATISFIED, VIOLATED]


def test_a_file_that_has_not_come_back_has_no_time_running(folder: Path) -> None:
    away = ("returned", "2024-03-05")
    clock = Clock(folder)
    assert clock.deadline(None, away) == UNDETERMINED
    assert Clock(folder, restart="no").deadline(None, away) == VIOLATED
    assert clock.of("CL-1", "2024-03-20", away).doubt == Doubt.EVIDENCE_MISSING


def test_a_return_that_lies_after_the_as_of_day_is_not_seen(folder: Path) -> None:
    clock = Clock(folder)
    assert clock.minimum("2024-03-11", *RETURNED, as_of="2024-03-04") == PENDING
    late = (("returned", "2024-03-12"), ("submitted", "2024-03-14"))
    assert clock.minimum("2024-03-11", *late, as_of="2024-03-11") == SATISFIED


# --- Pauses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("events", [supplement("2024-03-05", "2024-03-08"), suspension("2024-03-05", "2024-03-08")])
@pytest.mark.parametrize(
    ("pause", "closed", "minimum", "deadline"),
    [
        # 6, 7 and 8 March stand still, the day of the request does not: the last day is 14 March.
        ("yes", "2024-03-13", VIOLATED, SATISFIED),
        ("yes", "2024-03-14", SATISFIED, SATISFIED),
        ("yes", "2024-03-15", SATISFIED, VIOLATED),
        # The clock runs on: 11 March.
        ("no", "2024-03-10", VIOLATED, SATISFIED),
        ("no", "2024-03-11", SATISFIED, SATISFIED),
        ("no", "2024-03-12", SATISFIED, VIOLATED),
        # Not said: 11 or 14 March.
        ("", "2024-03-10", VIOLATED, SATISFIED),
        ("", "2024-03-11", UNDETERMINED, SATISFIED),
        ("", "2024-03-13", UNDETERMINED, UNDETERMINED),
        ("", "2024-03-14", SATISFIED, UNDETERMINED),
        ("", "2024-03-15", SATISFIED, VIOLATED),
    ],
)
def test_a_pause_moves_the_last_day_where_the_law_says_so(
    folder: Path, pause: str, closed: str, minimum: Verdict, deadline: Verdict, events: tuple[Event, ...]
) -> None:
    clock = Clock(folder, pause=pause)
    assert (clock.minimum(closed, *events), clock.deadline(closed, *events)) == (minimum, deadline)


def test_what_the_law_leaves_open_is_named_as_the_doubt(folder: Path) -> None:
    clock = Clock(folder, pause="")
    assert clock.of("CL-1", "2024-03-12", *supplement("2024-03-05", "2024-03-08")).doubt == Doubt.COUNTING_METHOD_UNSET


@pytest.mark.parametrize(
    ("second", "last"),
    [
        (suspension("2024-03-07", "2024-03-10"), 16),  # 6 to 8 and 9 to 10: five days, none of them twice
        (suspension("2024-03-06", "2024-03-07"), 14),  # lies within the first: three days
        (suspension("2024-03-08", "2024-03-10"), 16),  # follows at once: 6 to 10
        (suspension("2024-03-09", "2024-03-10"), 15),  # 6 to 8, and 10: the 9th runs
    ],
)
def test_pauses_that_overlap_are_counted_once(folder: Path, second: tuple[Event, ...], last: int) -> None:
    events = (*supplement("2024-03-05", "2024-03-08"), *second)
    clock = Clock(folder)
    found = [clock.minimum(f"2024-03-{day}", *events) for day in (last - 1, last)]
    assert found == [VIOLATED, SATISFIED]
    found = [clock.deadline(f"2024-03-{day}", *events) for day in (last, last + 1)]
    assert found == [SATISFIED, VIOLATED]


def test_a_pause_on_the_last_day_leaves_a_minimum_reached_and_a_deadline_not_yet_over(folder: Path) -> None:
    # 11 March is the last of the ten days; the pause is 12 to 15 March, four days.
    events = supplement("2024-03-11", "2024-03-15")
    clock = Clock(folder)
    assert [clock.minimum(day, *events) for day in ("2024-03-10", "2024-03-11")] == [VIOLATED, SATISFIED]
    assert [clock.deadline(day, *events) for day in ("2024-03-15", "2024-03-16")] == [SATISFIED, VIOLATED]


def test_a_pause_on_the_day_before_the_last_moves_both(folder: Path) -> None:
    # 11 to 15 March stand still, five days: the last day is 16 March.
    events = supplement("2024-03-10", "2024-03-15")
    clock = Clock(folder)
    assert [clock.minimum(day, *events) for day in ("2024-03-15", "2024-03-16")] == [VIOLATED, SATISFIED]
    assert [clock.deadline(day, *events) for day in ("2024-03-16", "2024-03-17")] == [SATISFIED, VIOLATED]


def test_a_pause_after_the_last_day_excuses_nothing(folder: Path) -> None:
    events = supplement("2024-03-12", "2024-03-20")
    clock = Clock(folder)
    assert clock.minimum("2024-03-11", *events) == SATISFIED
    assert clock.deadline("2024-03-12", *events) == VIOLATED


def test_a_pause_that_reaches_back_before_the_start_counts_from_the_start(folder: Path) -> None:
    # Sent back on 5 March and in again on 8 March; of the pause from 6 to 10 March, the 9th and 10th lie after that.
    events = (*supplement("2024-03-06", "2024-03-10"), *RETURNED)
    clock = Clock(folder)
    # From 8 March ten days and two: 20 March.
    assert [clock.minimum(day, *events) for day in ("2024-03-19", "2024-03-20")] == [VIOLATED, SATISFIED]


def test_an_open_pause_lasts_until_the_day_on_which_one_asks(folder: Path) -> None:
    asked = ("supplement_requested", "2024-03-05")
    clock = Clock(folder)
    # However long it lasts, nothing is overdue while the supplement is not there.
    for day in ("2024-03-12", "2024-06-30", "2024-12-31"):
        assert clock.deadline(None, asked, as_of=day) == PENDING
    assert Clock(folder, pause="no").of("CL-2", None, asked, as_of="2024-03-12").violation == Violation.OVERDUE
    # Given on 8 March, the last day is 14 March: overdue on the 15th.
    given = (asked, ("supplemented", "2024-03-08"))
    assert clock.deadline(None, *given, as_of="2024-03-14") == PENDING
    assert clock.deadline(None, *given, as_of="2024-03-15") == VIOLATED


def test_a_minimum_is_not_reached_while_the_clock_stands_still(folder: Path) -> None:
    asked = ("supplement_requested", "2024-03-05")
    # Four days ran (2 to 5 March), six are lacking, and none has run since.
    found = Clock(folder).of("CL-1", "2024-03-20", asked)
    assert (found.verdict, found.violation) == (VIOLATED, Violation.TOO_SHORT)
    assert found.actual is not None
    assert (found.actual.lo, found.actual.hi) == (4, 4)


def test_the_length_that_is_told_has_the_pauses_taken_off(folder: Path) -> None:
    # 1 to 13 March are twelve days, less 6, 7 and 8 March.
    found = Clock(folder).of("CL-1", "2024-03-13", *supplement("2024-03-05", "2024-03-08"))
    assert found.actual is not None
    assert (found.actual.lo, found.actual.hi, found.required) == (9, 9, 10)


def test_in_working_days_only_working_days_stand_still(folder: Path) -> None:
    clock = Clock(folder, unit="working_days")
    # Ten working days from Friday 1 March: 4-8 and 11-15 March. The pause from Thursday 7 to Monday 11 March takes the
    # 8th and the 11th, not the weekend: two more, 18 and 19 March.
    events = supplement("2024-03-07", "2024-03-11")
    assert [clock.minimum(day, *events) for day in ("2024-03-18", "2024-03-19")] == [VIOLATED, SATISFIED]
    assert [clock.deadline(day, *events) for day in ("2024-03-19", "2024-03-20")] == [SATISFIED, VIOLATED]
    weekend = supplement("2024-03-08", "2024-03-10")
    assert [clock.minimum(day, *weekend) for day in ("2024-03-14", "2024-03-15")] == [VIOLATED, SATISFIED]


def test_events_of_another_round_do_not_stop_the_clock(folder: Path) -> None:
    asked, given = supplement("2024-03-05", "2024-03-08")
    first = {"opened": "2024-03-01", "closed": "2024-03-11"}
    second: dict[str, Any] = {"opened": "2024-03-02", "closed": "2024-03-11"}
    second["events"] = [{"kind": kind, "at": at} for kind, at in (asked, given)]
    rules = Clock(folder).rules
    assert judged(rules, notice=[first, second]).verdict("CL-1").verdict == SATISFIED
    assert judged(rules, notice=[first | {"events": second["events"]}]).verdict("CL-1").verdict == VIOLATED


def test_a_pause_whose_days_are_known_to_the_month_only_leaves_the_end_open(folder: Path) -> None:
    # Somewhere in March, for up to 31 days: 11 March may be the last day, or a later one.
    events = (("supplement_requested", "2024-03"), ("supplemented", "2024-03"))
    found = Clock(folder).of("CL-1", "2024-03-15", *events)
    assert found.verdict == UNDETERMINED
    assert Clock(folder).minimum("2024-04-12", *events) == SATISFIED
