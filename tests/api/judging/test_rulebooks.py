"""Rulebooks are kept by digest, one of them is active, and each is read once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from api.clock import now
from api.judging.archives import pack
from api.judging.errors import BadArchiveError, BadRulebookError, UnknownRulebookError
from api.judging.rulebooks import PROGRAM, Rulebooks, Shelf, newest_activation, same_law
from api.store.database import Database
from api.store.tables import TrailEntry
from engine.rulebook.reading import digest
from tests.api.permits import permit_rules
from tests.conftest import ROOT
from tests.permit import write_permit_rules


def changed(folder: Path, *, days: int = 10) -> Path:
    """Write the rulebook of a permit with another length of the notice."""
    permit_rules(folder)
    path = folder / "parameters" / "notice_days.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 10", f"value: {days}"), encoding="utf-8")
    return folder


def test_the_rulebook_of_the_program_is_active_until_somebody_chooses_another(
    database: Database, tmp_path: Path
) -> None:
    first, second, third = (changed(tmp_path / str(days), days=days) for days in (10, 11, 12))
    assert Rulebooks().install(database, first, at=now()).digest == digest(first)
    assert Rulebooks().install(database, first, at=now()).digest == digest(first)
    # A new release brings another one.
    rulebooks = Rulebooks()
    assert rulebooks.install(database, second, at=now()).digest == digest(second)
    with database.writing() as session:
        rulebooks.activate(session, digest(first), at=now(), by="admin")
        assert rulebooks.active(session).digest == digest(first)
    assert Rulebooks().install(database, third, at=now()).digest == digest(first)
    with database.reading() as session:
        activation = newest_activation(session)
        assert activation is not None
        assert (activation.number, activation.by) == (3, "admin")
        assert rulebooks.by_digest(session, digest(third)).digest == digest(third)


def test_a_rulebook_that_is_handed_in_is_read_and_linted(database: Database, tmp_path: Path) -> None:
    rulebooks = Rulebooks()
    rulebooks.install(database, changed(tmp_path / "a"), at=now())
    with database.writing() as session:
        added = rulebooks.add(session, pack(changed(tmp_path / "b", days=12)), at=now(), by="admin")
        assert rulebooks.add(session, pack(tmp_path / "b"), at=now(), by="admin") is added
        assert rulebooks.active(session).digest == digest(tmp_path / "a")
        with pytest.raises(BadArchiveError):
            rulebooks.add(session, b"no archive", at=now(), by="admin")
        wrong = changed(tmp_path / "c", days=13)
        card = wrong / "cards" / "PA-1.yaml"
        card.write_text(card.read_text(encoding="utf-8").replace("step: notice", "step: notise"), encoding="utf-8")
        with pytest.raises(BadRulebookError) as error:
            rulebooks.add(session, pack(wrong), at=now(), by="admin")
    assert {problem.file for problem in error.value.problems} == {"cards/PA-1.yaml"}
    # Another process reads it from the store.
    with database.reading() as session:
        assert Rulebooks().by_digest(session, added.digest).rulebook.digest == added.digest


def test_what_is_not_kept_is_neither_read_nor_activated(database: Database, tmp_path: Path) -> None:
    rulebooks = Rulebooks()
    with database.reading() as session, pytest.raises(UnknownRulebookError):
        rulebooks.active(session)
    rulebooks.install(database, changed(tmp_path), at=now())
    with database.writing() as session:
        for ask in (rulebooks.by_digest, lambda session, name: rulebooks.activate(session, name, at=now(), by="a")):
            with pytest.raises(UnknownRulebookError):
                ask(session, "0" * 64)


def test_two_rulebooks_with_other_notices_have_the_same_law(database: Database, tmp_path: Path) -> None:
    rulebooks = Rulebooks()
    rulebooks.install(database, write_permit_rules(tmp_path / "a", ROOT / "rules" / "holidays"), at=now())
    without = write_permit_rules(tmp_path / "b", ROOT / "rules" / "holidays")
    (without / "holidays" / "2026.yaml").unlink()
    other = changed(tmp_path / "c", days=12)
    with database.writing() as session:
        for folder in (without, other):
            rulebooks.add(session, pack(folder), at=now(), by="admin")
        assert same_law(session, digest(tmp_path / "a"), digest(without))
        assert not same_law(session, digest(without), digest(other))


def test_what_is_costly_is_made_once_however_many_ask() -> None:
    shelf: Shelf[str, object] = Shelf(2)
    barrier, made = threading.Barrier(8), []

    def make() -> object:
        made.append(object())
        return made[-1]

    def ask(_: int) -> object:
        barrier.wait()
        return shelf.take("a", make)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(8)))
    assert len(made) == 1
    assert all(each is made[0] for each in found)


def test_of_what_is_kept_the_longest_unused_goes_first() -> None:
    shelf: Shelf[str, str] = Shelf(2)
    for name in ("a", "b", "a", "c"):
        shelf.take(name, lambda name=name: name)  # type: ignore[misc]
    assert shelf.take("a", lambda: "new") == "a"
    assert shelf.take("b", lambda: "new") == "new"


def test_what_cannot_be_made_is_tried_again() -> None:
    shelf: Shelf[str, str] = Shelf(2)

    def fail() -> str:
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            shelf.take("a", fail)
    assert shelf.take("a", lambda: "made") == "made"


def test_who_adds_and_activates_is_in_the_trail(database: Database, tmp_path: Path) -> None:
    Rulebooks().install(database, changed(tmp_path), at=now())
    with database.reading() as session:
        entries = [(entry.action, entry.actor, entry.subject) for entry in session.exec(select(TrailEntry))]
    assert entries == [("rulebook.added", PROGRAM, digest(tmp_path)), ("rulebook.activated", PROGRAM, digest(tmp_path))]
