"""The timeline: bars and flags at their days, nothing on anything else, nothing outside the picture."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.web.scale import LABELS, LEAST, WIDTH, lines, room
from api.web.timeline import Bar, Day, Flag, Latest, Lawful, Mark, Timeline, timeline
from engine.calendar.workdays import Workdays
from engine.evaluation.compiled import CompiledRulebook
from engine.vocabulary import Bilingual, FindingKind
from tests.conftest import KNOWN_AT, build

TODAY = date(2024, 6, 30)
TITLE = Bilingual(zh="题", en="title")


@pytest.fixture(scope="module")
def workdays(permit: CompiledRulebook) -> Workdays:
    return permit.rulebook.workdays(KNOWN_AT)


def drawn(
    permit: CompiledRulebook,
    *,
    today: date = TODAY,
    more: dict[str, Any] | None = None,
    **facts: Any,  # noqa: ANN401 - facts of a record
) -> Timeline:
    record = build(permit, **facts)
    workdays = permit.rulebook.workdays(KNOWN_AT)
    found = timeline(record, permit.procedure, workdays=workdays, today=today, **(more or {}))
    assert found is not None
    return found


def mark(number: int, day: date, step: str = "notice", kind: FindingKind = FindingKind.FLAG) -> Mark:
    return Mark(number=number, step=step, kind=kind, title=TITLE, day=day, address=f"#{number}")


def x_of(found: Timeline, day: date) -> float:
    """Work out anew where a day begins."""
    return LABELS + (day - found.first).days * (WIDTH - LABELS) / ((found.last - found.first).days + 1)


def test_a_round_is_a_bar_from_its_first_to_its_last_day(permit: CompiledRulebook) -> None:
    found = drawn(permit, notice={"opened": "2024-03-01", "closed": "2024-03-10"})
    (bar,) = found.bars
    assert bar.kind == "actual"
    assert bar.x == pytest.approx(x_of(found, date(2024, 3, 1)), abs=0.1)
    assert bar.x + bar.width == pytest.approx(x_of(found, date(2024, 3, 11)), abs=0.2)


def test_what_is_planned_goes_on_behind_what_has_happened_and_what_is_known_to_the_month_lasts_all_of_it(
    permit: CompiledRulebook,
) -> None:
    found = drawn(
        permit,
        notice={"opened": "2024-06-20", "closed": {"planned": "2024-07-15"}},
        application={"received": "2024-02"},
        decision={"decided": "unknown"},
    )
    assert [(bar.kind, bar.said.en) for bar in found.bars] == [
        ("actual", "application: 2024-02-01 to 2024-02-29"),
        ("actual", "notice: 2024-06-20"),
        ("planned", "notice: 2024-06-21 to 2024-07-15"),
    ]


def test_what_happened_after_the_as_of_day_is_not_drawn(permit: CompiledRulebook) -> None:
    facts: dict[str, Any] = {
        "notice": {"opened": "2024-03-01", "closed": "2024-03-10"},
        "decision": {"decided": "2024-05-01"},
    }
    found = drawn(permit, today=date(2024, 3, 5), **facts)
    assert [bar.said.en for bar in found.bars] == ["notice: 2024-03-01"]
    assert not any(day.kind == "today" and day.day != date(2024, 3, 5) for day in found.days)


def test_a_record_without_any_day_has_no_timeline(permit: CompiledRulebook, workdays: Workdays) -> None:
    record = build(permit, decision={"decided": "unknown"}, examination={})
    assert timeline(record, permit.procedure, workdays=workdays, today=TODAY) is None


def test_a_missing_step_has_a_row_for_its_flag(permit: CompiledRulebook) -> None:
    marks = (mark(1, date(2024, 3, 2), step="examination"),)
    found = drawn(permit, decision={"decided": "2024-03-02"}, more={"marks": marks})
    assert [row.name.en for row in found.rows] == ["examination", "decision"]
    assert [flag.sign for flag in found.flags] == ["⚑1"]


def test_several_flags_at_one_day_stand_side_by_side(permit: CompiledRulebook) -> None:
    marks = tuple(mark(number, date(2024, 3, 5)) for number in range(1, 15))
    found = drawn(permit, notice={"opened": "2024-03-01", "closed": "2024-03-10"}, more={"marks": marks})
    assert [flag.mark.number for flag in found.flags] == list(range(1, 15))
    assert {flag.stem for flag in found.flags} == {round(x_of(found, date(2024, 3, 5)), 1)}
    is_readable(found)


def test_forty_rounds_in_ten_years_with_everything_stay_readable_and_small(permit: CompiledRulebook) -> None:
    start = date(2014, 7, 1)
    rounds = [
        {"opened": str(start + timedelta(90 * number)), "closed": str(start + timedelta(90 * number + 100))}
        for number in range(40)
    ]
    marks = tuple(mark(number, start + timedelta(90 * number)) for number in range(1, 41))
    found = drawn(permit, notice=rounds, more={"marks": marks})
    assert len(found.bars) == len(found.flags) == 40
    assert found.left_out == 0
    assert len(found.shades) < 400
    assert 4 < len([tick for tick in found.ticks if tick.text]) < 20
    is_readable(found)


def test_a_day_of_another_age_is_told_of_and_does_not_spoil_the_picture(permit: CompiledRulebook) -> None:
    found = drawn(
        permit,
        notice=[{"opened": "0001-01-01"}, {"opened": "2024-03-01"}],
        decision={"decided": {"planned": "5000-01"}},
    )
    assert found.left_out == 2
    assert [bar.said.en for bar in found.bars] == ["notice, round 2: 2024-03-01"]
    assert found.last - found.first < timedelta(200)


def test_a_plan_is_drawn_with_its_days_and_the_meeting(permit: CompiledRulebook) -> None:
    latest = (
        Latest(step="notice", round=0, day=date(2024, 6, 1), in_time=False),
        Latest(step="notice", round=0, day=date(2024, 7, 1), in_time=True),
        Latest(step="examination", round=0, day=date(2024, 7, 20), in_time=True),
    )
    found = drawn(permit, application={"received": "2024-02-01"}, more={"latest": latest, "meeting": date(2024, 7, 21)})
    assert [(bar.kind, bar.beside) for bar in found.bars] == [
        ("actual", ""),
        ("too_late", "06-01 – 07-01"),
        ("latest", "07-20"),
    ]
    assert [(day.kind, day.day) for day in found.days] == [("today", TODAY), ("meeting", date(2024, 7, 21))]
    is_readable(found)


DAYS = st.dates(date(2021, 1, 1), date(2026, 12, 31))
KINDS = st.sampled_from(list(FindingKind))


@settings(max_examples=60, deadline=None)
@given(
    rounds=st.lists(st.tuples(DAYS, st.integers(0, 500)), max_size=15),
    flags=st.lists(st.tuples(DAYS, KINDS), max_size=15),
    periods=st.lists(st.tuples(DAYS, st.integers(0, 2), st.integers(0, 90), st.booleans()), max_size=8),
    planned=st.lists(st.tuples(DAYS, st.booleans()), max_size=5),
)
def test_nothing_lies_on_anything_else_and_nothing_outside_the_picture(
    permit: CompiledRulebook,
    rounds: list[tuple[date, int]],
    flags: list[tuple[date, FindingKind]],
    periods: list[tuple[date, int, int, bool]],
    planned: list[tuple[date, bool]],
) -> None:
    written = [{"opened": str(day), "closed": str(day + timedelta(length))} for day, length in rounds]
    found = drawn(
        permit,
        application={"received": "2024-02-01"},
        notice=written,
        more={
            "marks": tuple(mark(number, day, kind=kind) for number, (day, kind) in enumerate(flags, start=1)),
            "lawful": tuple(
                Lawful(
                    step="notice",
                    title=TITLE,
                    is_deadline=is_deadline,
                    first=day,
                    sure=day + timedelta(length),
                    last=day + timedelta(length + unsure),
                )
                for day, unsure, length, is_deadline in periods
            ),
            "latest": tuple(
                Latest(step="notice", round=number, day=day, in_time=in_time)
                for number, (day, in_time) in enumerate(planned)
            ),
            "meeting": planned[0][0] if planned else None,
        },
    )
    assert len(found.flags) == len(flags)
    is_readable(found)


def is_readable(found: Timeline) -> None:
    """Hold a drawing against what every drawing has to be."""
    boxes = [_box(bar) for bar in found.bars] + [_sign(flag) for flag in found.flags]
    boxes += [_name(day) for day in found.days]
    boxes += [(tick.x + 3, 29, tick.x + 3 + room(tick.text), 39) for tick in found.ticks if tick.text]
    for left, top, right, bottom in boxes:
        assert left >= LABELS - 0.1
        assert right <= WIDTH + 0.1
        assert top >= 0
        assert bottom <= found.height
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] + 0.2 or other[2] <= one[0] + 0.2 or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (one, other)
    assert all(
        above.y + above.height <= below.y + 0.1 for above, below in zip(found.rows, found.rows[1:], strict=False)
    )
    for row in found.rows:
        assert all(room(line) <= LABELS for line in (*row.lines("zh"), *row.lines("en")))


def _box(bar: Bar) -> tuple[float, float, float, float]:
    assert bar.width >= min(LEAST, 0.1)
    return bar.begin, bar.y, bar.end, bar.y + bar.height


def _name(day: Day) -> tuple[float, float, float, float]:
    width = room(f"{day.name.en} 2024-12-31")
    left = day.x - 3 - width if day.before else day.x + 3
    return left, day.y - 11, left + width, day.y


def _sign(flag: Flag) -> tuple[float, float, float, float]:
    return flag.x, flag.y, flag.x + flag.width, flag.y + 18


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("听证会", ("听证会",)),
        ("other public participation", ("other public", "participation")),
        ("一二三四五六七八九十一二三四五六七八九十", ("一二三四五六七八", "九十一二三四五…")),
        ("", ()),
    ],
)
def test_a_name_is_broken_into_lines_that_fit(text: str, expected: Iterable[str]) -> None:
    assert lines(text, 100, most=2) == tuple(expected)
