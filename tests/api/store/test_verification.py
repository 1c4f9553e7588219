"""Whoever tampers with the trail, having dropped the triggers, is found: on both databases."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from api.store import trail
from api.store.database import Database
from api.store.tables import TrailEntry
from api.store.trail import Head
from api.store.types import canonical_json, digest_of, utc_text
from api.store.verification import Tampering, TrailProblem, Vouched, Witness, verify
from tests.api.tampering import tamper

AT = datetime(2026, 6, 30, 8, 0, 0, 250, tzinfo=UTC)
FIELDS = "at, actor, action, subject, content, before, digest"


@pytest.fixture
def head(database: Database) -> Head:
    """Write ten entries and export the head."""
    write(database, 10)
    with database.reading() as session:
        return trail.head(session)


def write(database: Database, count: int) -> None:
    with database.writing() as session:
        for number in range(count):
            trail.append(
                session,
                at=AT + timedelta(minutes=number),
                actor="某人",
                action="record.version",
                subject=f"s{number}",
                content={"version": number, "sha256": digest_of(f"body {number}")},
            )


def found(database: Database, exported: Head | None = None) -> list[tuple[Tampering, int]]:
    with database.reading() as session:
        return [(problem.kind, problem.number) for problem in verify(session, exported=exported)]


def test_an_untouched_trail_stands(database: Database, head: Head) -> None:
    assert found(database, head) == []
    write(database, 3)
    assert found(database, head) == []


def test_an_empty_trail_stands(database: Database) -> None:
    assert found(database) == []
    assert found(database, Head(number=0, digest=trail.GENESIS)) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'somebody else'",
        "action = 'record.created'",
        "subject = 's5'",
        "content = '{}'",
        "content = 'no JSON'",
        "digest = '0'",
        "before = '0'",
    ],
)
def test_a_changed_entry_is_found(database: Database, head: Head, change: str) -> None:
    tamper(database, f"UPDATE trail_entry SET {change} WHERE number = 4")
    assert (Tampering.CHANGED, 4) in found(database)
    assert {number for _, number in found(database, head)} <= {3, 4}


@pytest.mark.parametrize("time", ["2026-06-30T08:03:00.000251Z", "2025-06-30T08:03:00.000250Z"])
def test_a_changed_time_is_found(database: Database, head: Head, time: str) -> None:
    tamper(database, f"UPDATE trail_entry SET at = '{time}' WHERE number = 4")
    assert found(database, head) == [(Tampering.CHANGED, 4)]


def test_a_time_that_is_none_is_found(database: Database) -> None:
    write(database, 10)
    nonsense = "nonsense" if database.is_sqlite else "infinity"
    tamper(database, f"UPDATE trail_entry SET at = '{nonsense}' WHERE number = 4")
    assert found(database) == [(Tampering.CHANGED, 4)]


@pytest.mark.parametrize("number", [1, 4])
def test_a_changed_entry_with_its_digest_made_anew_is_found(database: Database, head: Head, number: int) -> None:
    change_with_digest(database, number)
    assert found(database, head) == [(Tampering.CHANGED, number)]


def test_the_newest_entry_changed_with_its_digest_made_anew_does_not_fit_the_head(
    database: Database, head: Head
) -> None:
    change_with_digest(database, 10)
    assert found(database) == [(Tampering.HEAD, 10)]
    assert (Tampering.REWRITTEN, 10) in found(database, head)


@pytest.mark.parametrize("number", [1, 4, 9])
def test_a_removed_entry_is_found(database: Database, head: Head, number: int) -> None:
    tamper(database, f"DELETE FROM trail_entry WHERE number = {number}")
    assert found(database, head) == [(Tampering.REMOVED, number)]


def test_removed_entries_with_the_gap_closed_are_found(database: Database) -> None:
    write(database, 10)
    tamper(
        database,
        "DELETE FROM trail_entry WHERE number = 4",
        *(f"UPDATE trail_entry SET number = {number - 1} WHERE number = {number}" for number in range(5, 11)),
        "UPDATE trail_head SET number = 9",
    )
    assert {number for _, number in found(database)} == {4, 5, 6, 7, 8, 9}


@pytest.mark.parametrize(("one", "other"), [(4, 5), (2, 9), (1, 10)])
def test_reordered_entries_are_found(database: Database, head: Head, one: int, other: int) -> None:
    tamper(
        database,
        f"UPDATE trail_entry SET number = 1000 WHERE number = {one}",
        f"UPDATE trail_entry SET number = {one} WHERE number = {other}",
        f"UPDATE trail_entry SET number = {other} WHERE number = 1000",
    )
    assert set(found(database)) >= {(Tampering.REORDERED, one), (Tampering.REORDERED, other)}
    assert (Tampering.REORDERED, one) in found(database, head)


@pytest.mark.parametrize("kept", [0, 1, 9])
def test_a_tail_cut_off_is_found_at_the_head_row(database: Database, head: Head, kept: int) -> None:
    del head
    tamper(database, f"DELETE FROM trail_entry WHERE number > {kept}")
    assert found(database) == [(Tampering.CUT_OFF, kept + 1)]


@pytest.mark.parametrize("kept", [0, 1, 9])
def test_a_tail_cut_off_with_the_head_row_made_anew_is_found_by_an_exported_head(
    database: Database, head: Head, kept: int
) -> None:
    tamper(
        database,
        f"DELETE FROM trail_entry WHERE number > {kept}",
        f"UPDATE trail_head SET number = {kept}, digest = coalesce("
        f"(SELECT digest FROM trail_entry WHERE number = {kept}), '{trail.GENESIS}')",
    )
    assert found(database) == []
    assert found(database, head) == [(Tampering.CUT_OFF, kept + 1)]


def test_a_trail_written_anew_as_a_whole_is_found_by_an_exported_head(database: Database, head: Head) -> None:
    tamper(database, "DELETE FROM trail_entry", f"UPDATE trail_head SET number = 0, digest = '{trail.GENESIS}'")
    with database.writing() as session:
        for _ in range(12):
            trail.append(session, at=AT, actor="forger", action="x", subject="s", content={})
    assert found(database) == []
    assert found(database, head) == [(Tampering.REWRITTEN, 10)]


def test_an_entry_put_before_the_first_is_found(database: Database, head: Head) -> None:
    tamper(
        database,
        f"INSERT INTO trail_entry (number, {FIELDS}) SELECT 0, at, actor, action, subject, content, before, 'x' "
        "FROM trail_entry WHERE number = 1",
    )
    assert found(database, head) == [(Tampering.ADDED, 0)]


def test_an_entry_put_behind_the_newest_is_found(database: Database, head: Head) -> None:
    tamper(
        database,
        f"INSERT INTO trail_entry (number, {FIELDS}) SELECT 11, at, actor, action, subject, content, digest, 'x' "
        "FROM trail_entry WHERE number = 10",
    )
    assert set(found(database, head)) == {(Tampering.CHANGED, 11), (Tampering.HEAD, 11)}


def test_a_missing_head_row_is_found(database: Database, head: Head) -> None:
    tamper(database, "DELETE FROM trail_head")
    assert found(database, head) == [(Tampering.HEAD, 10)]


def test_a_problem_says_which_entry_and_what_in_both_languages() -> None:
    problem = TrailProblem(kind=Tampering.CHANGED, number=4, subject="s3")
    assert problem.say("zh") == "第4条(s3):被改动"
    assert problem.say("en") == "entry 4 (s3): changed"


def test_what_the_trail_vouches_for_is_compared_with_what_is_kept(database: Database, head: Head) -> None:
    del head
    bodies = {f"s{number}": f"body {number}" for number in range(10)}

    def said(subject: str, content: Mapping[str, Any]) -> Iterable[Vouched]:
        yield Vouched(subject, content["sha256"])

    def held(session: Session) -> Iterable[Vouched]:
        del session
        return (Vouched(name, digest_of(body)) for name, body in bodies.items())

    witness = Witness(actions=frozenset({"record.version"}), said=said, held=held)

    def contents() -> list[tuple[Tampering, int, str]]:
        with database.reading() as session:
            return [(found.kind, found.number, found.subject) for found in verify(session, witnesses=[witness])]

    assert contents() == []
    bodies["s3"] = "another body"
    assert contents() == [(Tampering.CONTENT_CHANGED, 4, "s3")]
    del bodies["s3"]
    assert contents() == [(Tampering.CONTENT_REMOVED, 4, "s3")]
    bodies["s3"], bodies["s99"] = "body 3", "from nowhere"
    assert contents() == [(Tampering.CONTENT_ADDED, 0, "s99")]


def change_with_digest(database: Database, number: int) -> None:
    """Change who did it, and make the digest anew as the trail itself would."""
    with database.reading() as session:
        entry = session.get_one(TrailEntry, number)
    said = (canonical_json(entry.content), "somebody else", entry.action, entry.subject)
    digest = trail.entry_digest(entry.before, number, utc_text(entry.at), *said)
    tamper(database, f"UPDATE trail_entry SET actor = 'somebody else', digest = '{digest}' WHERE number = {number}")
