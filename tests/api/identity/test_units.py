from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from api.identity.units import (
    JurisdictionUnknownError,
    MergedAlreadyError,
    MergedIntoItselfError,
    NameNotBorneError,
    NameTakenError,
    RenamedTooEarlyError,
    UnitNameSharedError,
    UnitUnknownError,
    add_unit,
    find_unit,
    merge_unit,
    read_directory,
    rename_unit,
)
from api.store import trail
from api.store.database import Database
from api.store.tables import TrailEntry
from engine.parameters.jurisdictions import JurisdictionTree

AT = datetime(2026, 6, 30, 1, tzinfo=UTC)
TODAY = date(2026, 6, 30)


def add(session: Session, tree: JurisdictionTree, name: str, place: str = "CN-C-1", since: date | None = None) -> str:
    return add_unit(session, name=name, jurisdiction=place, since=since, tree=tree, at=AT, actor="tester").key


def rename(session: Session, tree: JurisdictionTree, key: str, name: str, since: date) -> None:
    rename_unit(session, key, name=name, since=since, tree=tree, at=AT, actor="tester")


def merge(session: Session, key: str, into: str, on: date) -> None:
    merge_unit(session, key, into=into, on=on, at=AT, actor="tester")


def test_names_and_mergers_are_read_as_they_were_written(database: Database, tree: JurisdictionTree) -> None:
    with database.writing() as session:
        water, ocean = add(session, tree, " 水务局 "), add(session, tree, "海洋局", since=date(2010, 1, 1))
        rename(session, tree, water, "水务和海洋局", date(2024, 3, 1))
        merge(session, ocean, water, date(2024, 3, 1))
    with database.reading() as session:
        directory = read_directory(session)
    assert directory.version == 4
    assert directory.called(water, day=date(2024, 2, 29)) == "水务局"
    assert directory.called(water, day=date(2024, 3, 1)) == "水务和海洋局"
    assert directory.acting(ocean, today=date(2024, 2, 29)) == ocean
    assert directory.acting(ocean, today=date(2024, 3, 1)) == water
    assert directory.bodies[ocean].names[0].last == date(2024, 2, 29)


def test_every_change_stands_in_the_trail(database: Database, tree: JurisdictionTree) -> None:
    with database.writing() as session:
        water, ocean = add(session, tree, "水务局"), add(session, tree, "海洋局")
        rename(session, tree, water, "水务和海洋局", date(2024, 3, 1))
        merge(session, ocean, water, date(2024, 3, 1))
    with database.reading() as session:
        entries = [session.get_one(TrailEntry, number) for number in range(1, trail.head(session).number + 1)]
    assert [(entry.action, entry.subject) for entry in entries] == [
        ("unit.created", water),
        ("unit.created", ocean),
        ("unit.renamed", water),
        ("unit.merged", ocean),
    ]
    assert {entry.actor for entry in entries} == {"tester"}


@pytest.mark.parametrize(
    ("place", "since"),
    [("CN-C-1", None), ("CN-C", None), ("CN", None), ("CN-C-1", date(2025, 1, 1))],
)
def test_a_name_is_borne_by_one_unit_at_a_time_here_above_and_below(
    database: Database, tree: JurisdictionTree, place: str, since: date | None
) -> None:
    with database.writing() as session:
        add(session, tree, "水务局")
        with pytest.raises(NameTakenError):
            add(session, tree, "水务局", place, since)


def test_the_same_name_may_be_borne_elsewhere_or_at_another_time(database: Database, tree: JurisdictionTree) -> None:
    with database.writing() as session:
        first = add(session, tree, "水务局")
        add(session, tree, "水务局", "CN-C-2")
        add(session, tree, "水务局", "CN-D")
        rename(session, tree, first, "水务和海洋局", date(2024, 3, 1))
        add(session, tree, "水务局", since=date(2024, 3, 1))
        with pytest.raises(NameTakenError):
            add(session, tree, "水务局", since=date(2025, 3, 1))


def test_a_unit_may_take_its_old_name_again(database: Database, tree: JurisdictionTree) -> None:
    with database.writing() as session:
        key = add(session, tree, "水务局")
        rename(session, tree, key, "水务和海洋局", date(2024, 3, 1))
        rename(session, tree, key, "水务局", date(2025, 3, 1))
        directory = read_directory(session)
    assert [directory.called(key, day=date(year, 6, 1)) for year in (2023, 2024, 2025)] == [
        "水务局",
        "水务和海洋局",
        "水务局",
    ]


def test_a_name_begins_after_the_one_before_it(database: Database, tree: JurisdictionTree) -> None:
    with database.writing() as session:
        key, other = add(session, tree, "水务局", since=date(2024, 3, 1)), add(session, tree, "海洋局")
        with pytest.raises(RenamedTooEarlyError):
            rename(session, tree, key, "水务和海洋局", date(2024, 3, 1))
        with pytest.raises(RenamedTooEarlyError):
            merge(session, key, other, date(2024, 3, 1))


def test_what_has_been_merged_is_neither_renamed_nor_merged_again(database: Database, tree: JurisdictionTree) -> None:
    with database.writing() as session:
        water, ocean, forest = (add(session, tree, name) for name in ("水务局", "海洋局", "林业局"))
        merge(session, ocean, water, date(2024, 3, 1))
        with pytest.raises(MergedAlreadyError):
            rename(session, tree, ocean, "海事局", date(2025, 1, 1))
        with pytest.raises(MergedAlreadyError):
            merge(session, ocean, forest, date(2025, 1, 1))
        with pytest.raises(MergedIntoItselfError):
            merge(session, water, ocean, date(2025, 1, 1))
        with pytest.raises(MergedIntoItselfError):
            merge(session, forest, forest, date(2025, 1, 1))


@pytest.mark.parametrize("name", ["", "   ", "水" * 201, "水\n务局", "水\x07"])
def test_a_name_is_a_line_of_some_length(database: Database, tree: JurisdictionTree, name: str) -> None:
    with database.writing() as session, pytest.raises(NameNotBorneError):
        add(session, tree, name)


def test_what_is_unknown_is_refused(database: Database, tree: JurisdictionTree) -> None:
    with database.writing() as session:
        with pytest.raises(JurisdictionUnknownError) as refused:
            add(session, tree, "水务局", "CN-C-9")
        assert refused.value.problems[0].given == "CN-C-9"
        with pytest.raises(UnitUnknownError):
            rename(session, tree, "nope", "水务局", TODAY)
        with pytest.raises(UnitUnknownError):
            merge(session, add(session, tree, "水务局"), "nope", TODAY)


def test_a_unit_is_found_by_key_and_by_the_name_that_it_bears_today(database: Database, tree: JurisdictionTree) -> None:
    with database.writing() as session:
        key = add(session, tree, "水务局")
        rename(session, tree, key, "水务和海洋局", date(2024, 3, 1))
        add(session, tree, "财政局", "CN-C-1")
        add(session, tree, "财政局", "CN-C-2")
        assert find_unit(session, key, today=TODAY).key == key
        assert find_unit(session, "水务和海洋局", today=TODAY).key == key
        with pytest.raises(UnitUnknownError):
            find_unit(session, "水务局", today=TODAY)
        with pytest.raises(UnitNameSharedError):
            find_unit(session, "财政局", today=TODAY)
