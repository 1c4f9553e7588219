"""A new version says what the record should say, and cannot unsay what was on record."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.records.merge import entry_problems, merged, merged_rounds, stands, with_document, with_round
from engine.record import DecisionRecord, Document, Round, record_type
from engine.rulebook.rulebook import Rulebook

FIRST = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
LATER = FIRST + timedelta(days=1)
LAST = FIRST + timedelta(days=2)

Rounds = list[dict[str, Any]]


@pytest.fixture(scope="session")
def model(rulebook: Rulebook) -> type[DecisionRecord]:
    return record_type(rulebook.procedures["major_decision"])


def record(model: type[DecisionRecord], *rounds: dict[str, Any], **fields: object) -> DecisionRecord:
    usual: dict[str, object] = {
        "id": "a",
        "title": "made up",
        "jurisdiction": "CN",
        "organ": "某区人民政府(虚构)",
        "organ_level": "county",
        "steps": {"public_comment": list(rounds)},
    }
    return model.model_validate(usual | fields)


def comments(found: DecisionRecord) -> tuple[Round, ...]:
    return found.rounds("public_comment")


def echo(model: type[DecisionRecord], found: DecisionRecord) -> DecisionRecord:
    """Send back what was read, as it was read."""
    return model.model_validate(found.model_dump(mode="json", exclude_defaults=True))


OPENED = {"opened": "2024-03-01"}
CLOSED = OPENED | {"closed": "2024-04-02"}


def test_what_is_handed_in_first_is_entered_now(model: type[DecisionRecord]) -> None:
    found = merged(
        None,
        record(
            model,
            OPENED,
            determinations={"technical": {"value": True, "reason": "虚构"}},
            outcome={"kind": "withdrawn", "on": "2024-05-01", "reason": "虚构"},
        ),
        now=FIRST,
    )
    assert found.entered == comments(found)[0].entered == FIRST
    assert found.outcome is not None
    assert found.outcome.entered == FIRST
    technical = found.determination("technical")
    assert technical is not None
    assert technical.entered == FIRST


def test_what_was_read_and_is_sent_back_changes_nothing(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, CLOSED, {"void": True}), now=FIRST)
    second = merged(first, record(model, {"opened": "2024-03-02"}), now=LATER)
    assert entry_problems(second, echo(model, second)) == []
    assert merged(second, echo(model, second), now=LAST) == second


def test_a_round_that_only_adds_keeps_its_time_of_entry(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, OPENED | {"documents": ["notice"]}), now=FIRST)
    more = CLOSED | {"opinions": 3, "documents": ["opinions", {"kind": "notice", "title": "公告"}]}
    (entry,) = comments(merged(first, record(model, more), now=LATER))
    assert (entry.entered, entry.voided, len(entry.documents)) == (FIRST, None, 2)
    assert entry.timing("closed") is not None


def test_a_round_that_is_left_out_stays_and_is_void_from_now_on(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, CLOSED), now=FIRST)
    (entry,) = comments(merged(first, record(model), now=LATER))
    assert (entry.entered, entry.voided, entry.void) == (FIRST, LATER, False)


def test_a_corrected_day_makes_the_round_void_and_enters_another_in_its_stead(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, CLOSED), now=FIRST)
    found = comments(merged(first, record(model, CLOSED | {"closed": "2024-04-05"}), now=LATER))
    assert [(entry.entered, entry.voided) for entry in found] == [(FIRST, LATER), (LATER, None)]


@pytest.mark.parametrize(
    "change",
    [
        {"opinions": 4},
        {"notice_contains": ["draft", "deadline"]},
        {"urgent": True},
        {"draft": "v2"},
        {"documents": []},
        {"opened": "2024-03"},
    ],
)
def test_whatever_says_otherwise_is_a_correction(model: type[DecisionRecord], change: dict[str, Any]) -> None:
    said = CLOSED | {
        "opinions": 3,
        "notice_contains": ["draft"],
        "urgent": False,
        "draft": "v1",
        "documents": ["notice"],
    }
    drafts = [{"id": "v1"}, {"id": "v2"}]
    first = merged(None, record(model, said, drafts=drafts), now=FIRST)
    assert len(comments(merged(first, record(model, said | change, drafts=drafts), now=LATER))) == 2


def test_a_note_may_change_and_other_ways_of_writing_are_the_same(model: type[DecisionRecord]) -> None:
    first = merged(
        None,
        record(
            model,
            CLOSED | {"note": "甲", "notice_contains": ["draft", "deadline"], "documents": ["notice", "opinions"]},
        ),
        now=FIRST,
    )
    same = {
        "opened": {"actual": "2024-03-01"},
        "closed": "2024-04-02",
        "note": "乙",
        "notice_contains": ["deadline", "draft"],
        "documents": [{"kind": "opinions"}, "notice"],
    }
    (entry,) = comments(merged(first, record(model, same), now=LATER))
    assert (entry.entered, entry.note) == (FIRST, "乙")


def test_what_is_planned_may_be_moved_until_it_has_taken_place(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, {"opened": {"planned": "2026-02-01"}}), now=FIRST)
    moved = merged(first, record(model, {"opened": {"planned": "2026-04-01"}}), now=LATER)
    done = merged(moved, record(model, {"opened": {"planned": "2026-04-01", "actual": "2026-04-03"}}), now=LATER)
    assert [len(comments(each)) for each in (first, moved, done)] == [1, 1, 1]
    after = merged(done, record(model, {"opened": {"planned": "2026-04-03", "actual": "2026-04-03"}}), now=LAST)
    assert len(comments(after)) == 2


@pytest.mark.parametrize(("announced", "rounds"), [("2026-03-20", 1), ("2026-02-20", 2)])
def test_an_announced_end_may_be_moved_until_its_day_has_come(
    model: type[DecisionRecord], announced: str, rounds: int
) -> None:
    first = merged(None, record(model, {"opened": "2026-02-01", "closed": {"announced": announced}}), now=FIRST)
    later = record(model, {"opened": "2026-02-01", "closed": {"announced": "2026-03-31"}})
    assert len(comments(merged(first, later, now=LATER))) == rounds


def test_a_round_that_is_declared_void_was_on_record_until_then(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, CLOSED), now=FIRST)
    void = record(model, CLOSED | {"void": True})
    second = merged(first, void, now=LATER)
    assert [(entry.void, entry.voided) for entry in comments(second)] == [(False, LATER)]
    assert merged(second, void, now=LAST) == second


def test_a_round_that_was_annulled_before_it_was_entered_is_never_on_record(model: type[DecisionRecord]) -> None:
    void = record(model, CLOSED | {"void": True})
    first = merged(None, void, now=FIRST)
    assert [(entry.void, entry.voided) for entry in comments(first)] == [(True, None)]
    assert merged(first, void, now=LATER) == first


def test_what_was_void_and_is_said_again_is_entered_anew(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, CLOSED), now=FIRST)
    second = merged(first, record(model), now=LATER)
    third = merged(second, record(model, CLOSED), now=LAST)
    assert [(entry.entered, entry.voided) for entry in comments(third)] == [(FIRST, LATER), (LAST, None)]


def test_rounds_keep_their_places_whatever_their_order_in_a_new_version(model: type[DecisionRecord]) -> None:
    one, two, three = ({"opened": f"2024-0{month}-01"} for month in (1, 2, 3))
    first = merged(None, record(model, one, two), now=FIRST)
    found = comments(merged(first, record(model, three, two, one | {"closed": "2024-02-10"}), now=LATER))
    opened = [str(timing.actual) for entry in found if (timing := entry.timing("opened"))]
    assert opened == ["2024-01-01", "2024-02-01", "2024-03-01"]
    assert [entry.entered for entry in found] == [FIRST, FIRST, LATER]


def test_no_round_becomes_void_where_another_order_keeps_all(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, OPENED, OPENED | {"opinions": 3}), now=FIRST)
    new = record(model, OPENED | {"opinions": 3, "closed": "2024-04-01"}, OPENED | {"opinions": 4})
    assert all(map(stands, comments(merged(first, new, now=LATER))))


def test_a_determination_that_is_changed_is_entered_anew_and_one_that_is_left_out_is_gone(
    model: type[DecisionRecord],
) -> None:
    said = {"technical": {"value": True}, "divergence": {"value": True}, "not_public": {"value": False}}
    first = merged(None, record(model, determinations=said), now=FIRST)
    new = {"technical": {"value": True, "reason": "虚构"}, "divergence": {"value": False}}
    second = merged(first, record(model, determinations=new), now=LATER)
    found = [second.determination(name) for name in ("technical", "divergence", "not_public")]
    assert [each and each.entered for each in found] == [FIRST, LATER, None]


def test_drafts_that_rounds_on_record_name_stay_on_record(model: type[DecisionRecord]) -> None:
    drafts = [{"id": "v1"}, {"id": "v2", "amends": "v1"}, {"id": "v3"}]
    first = merged(None, record(model, OPENED | {"draft": "v2"}, drafts=drafts), now=FIRST)
    second = merged(first, record(model, drafts=[{"id": "v4"}]), now=LATER)
    assert [draft.id for draft in second.drafts] == ["v4", "v1", "v2"]


def test_a_time_of_entry_that_is_not_on_record_is_told_with_its_place(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, CLOSED), now=FIRST)
    forged = "2020-01-01T00:00:00+00:00"
    new = record(
        model,
        CLOSED | {"entered": forged},
        OPENED | {"voided": forged},
        entered=forged,
        determinations={"technical": {"value": True, "entered": forged}},
        outcome={"kind": "decided", "on": "2024-05-01", "entered": forged},
    )
    for stored in (first, None):
        found = entry_problems(stored, new)
        assert {problem.code for problem in found} == {"entered_by_server"}
        assert [problem.field for problem in found] == [
            "entered",
            "steps.public_comment[0].entered",
            "steps.public_comment[1].voided",
            "determinations.technical.entered",
            "outcome.entered",
        ]


def test_a_corrected_round_may_still_carry_the_time_of_entry_that_was_read(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, CLOSED), now=FIRST)
    new = record(model, CLOSED | {"closed": "2024-04-05", "entered": FIRST})
    assert entry_problems(first, new) == []
    assert [entry.entered for entry in comments(merged(first, new, now=LATER))] == [FIRST, LATER]


def test_one_round_is_added_behind_the_others(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, CLOSED), now=FIRST)
    found = comments(with_round(first, "public_comment", comments(first)[0], now=LATER))
    assert [entry.entered for entry in found] == [FIRST, LATER]


def test_a_file_fills_the_bare_document_of_its_kind_or_is_one_more(model: type[DecisionRecord]) -> None:
    first = merged(None, record(model, CLOSED | {"documents": ["opinions", "notice"]}), now=FIRST)
    file = Document(kind="notice", sha256="a" * 64)
    once = with_document(first, "public_comment", 0, file)
    assert comments(once)[0].documents == (Document(kind="opinions"), file)
    other = Document(kind="notice", sha256="b" * 64)
    twice = with_document(once, "public_comment", 0, other)
    assert comments(twice)[0].documents == (Document(kind="opinions"), file, other)
    assert comments(twice)[0].entered == FIRST


_DAYS = st.sampled_from(["2024-03-01", "2024-03-02", "2024-03"])
_TIMINGS = st.one_of(
    _DAYS.map(lambda day: {"actual": day}),
    _DAYS.map(lambda day: {"planned": day}),
    st.sampled_from(["2026-02-20", "2026-03-20"]).map(lambda day: {"announced": day}),
)
_ROUNDS = st.fixed_dictionaries(
    {},
    optional={
        "opened": _TIMINGS,
        "opinions": st.integers(0, 1),
        "urgent": st.booleans(),
        "notice_contains": st.lists(st.sampled_from(["draft", "deadline"]), unique=True, max_size=2),
        "documents": st.lists(st.sampled_from(["notice", {"kind": "notice", "title": "公告"}]), max_size=2),
        "note": st.sampled_from(["甲", "乙"]),
        "void": st.booleans(),
    },
)
_LISTS = st.lists(_ROUNDS, max_size=4)


def _said(entry: Round) -> str:
    """Write what a round says, whatever its time of entry, and whether it counts."""
    return str(
        (
            stands(entry),
            [(name, value) for name, value in entry if name not in {"entered", "voided", "void", "note"}],
        )
    )


@settings(deadline=None)
@given(first=_LISTS, second=_LISTS)
def test_what_stands_is_what_the_new_version_says_and_nothing_on_record_is_lost(
    model: type[DecisionRecord], first: Rounds, second: Rounds
) -> None:
    stored = merged_rounds((), comments(record(model, *first)), now=FIRST)
    submitted = comments(record(model, *second))
    found = merged_rounds(stored, submitted, now=LATER)
    standing = Counter(_said(entry) for entry in found if stands(entry))
    assert standing == Counter(_said(entry) for entry in submitted if not entry.void)
    for old, kept in zip(stored, found, strict=False):
        assert (kept.entered, kept.void) == (old.entered, old.void)
        assert kept.voided in {old.voided, LATER}
    assert len(found) >= len(stored)
    assert all(entry.entered == LATER for entry in found[len(stored) :])


@settings(deadline=None)
@given(first=_LISTS, second=_LISTS)
def test_the_same_version_twice_is_the_same_as_once(model: type[DecisionRecord], first: Rounds, second: Rounds) -> None:
    stored = merged_rounds((), comments(record(model, *first)), now=FIRST)
    submitted = comments(record(model, *second))
    once = merged_rounds(stored, submitted, now=LATER)
    assert merged_rounds(once, submitted, now=LAST) == once
    assert merged_rounds(once, once, now=LAST) == once
