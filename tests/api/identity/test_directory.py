from datetime import date

import pytest

from api.identity.directory import Body, Borne, Directory
from engine.parameters.jurisdictions import JurisdictionTree

TODAY = date(2026, 6, 30)


def body(key: str, jurisdiction: str, *names: tuple[str, str, str], merged: tuple[str, str] | None = None) -> Body:
    borne = tuple(Borne(key, name, date.fromisoformat(first), date.fromisoformat(last)) for name, first, last in names)
    into, on = merged or (None, None)
    return Body(key, jurisdiction, borne, into, date.fromisoformat(on) if on else None)


ALWAYS = ("0001-01-01", "9999-12-31")

# Water took the name of Ocean's office in 2024; Ocean was merged into it on that day.
WATER = body("water", "CN-C-1", ("水务局", "0001-01-01", "2024-02-29"), ("水务和海洋局", "2024-03-01", "9999-12-31"))
OCEAN = body("ocean", "CN-C-1", ("海洋局", "2010-01-01", "2024-02-29"), merged=("water", "2024-03-01"))
# A name given up in 2018, taken by another in 2022.
FIRST = body("first", "CN-C-2", ("规划局", "0001-01-01", "2018-12-31"), ("自然资源局", "2019-01-01", "9999-12-31"))
LATER = body("later", "CN-C-2", ("规划局", "2022-01-01", "9999-12-31"))
# The same name in two provinces, and in a county below one of them.
FINANCE_C = body("finance-c", "CN-C", ("财政局", *ALWAYS))
FINANCE_D = body("finance-d", "CN-D", ("财政局", *ALWAYS))
DIRECTORY = Directory(1, (WATER, OCEAN, FIRST, LATER, FINANCE_C, FINANCE_D))


def meant(tree: JurisdictionTree, name: str, place: str, named_on: str, directory: Directory = DIRECTORY) -> str | None:
    day = date.fromisoformat(named_on)
    return directory.unit_of(name, jurisdiction=place, named_on=day, tree=tree, today=TODAY)


@pytest.mark.parametrize(
    ("name", "named_on", "unit"),
    [
        ("水务局", "2019-05-01", "water"),
        ("水务和海洋局", "2024-03-01", "water"),
        # Whoever goes on writing the old name, or wrote the new one early, means the same unit.
        ("水务局", "2025-01-01", "water"),
        ("水务和海洋局", "2023-12-01", "water"),
    ],
)
def test_a_unit_is_meant_by_all_its_names(tree: JurisdictionTree, name: str, named_on: str, unit: str) -> None:
    assert meant(tree, name, "CN-C-1", named_on) == unit


@pytest.mark.parametrize("named_on", ["2009-12-31", "2023-01-01", "2024-02-29", "2024-03-01", "2026-01-01"])
def test_the_name_of_a_unit_that_was_merged_means_what_it_was_merged_into(
    tree: JurisdictionTree, named_on: str
) -> None:
    assert meant(tree, "海洋局", "CN-C-1", named_on) == "water"


def test_before_the_day_of_the_merger_both_units_stand_for_themselves() -> None:
    assert DIRECTORY.acting("ocean", today=date(2024, 2, 29)) == "ocean"
    assert DIRECTORY.acting("ocean", today=date(2024, 3, 1)) == "water"
    assert DIRECTORY.stands_for("water", today=date(2024, 2, 29)) == {"water"}
    assert DIRECTORY.stands_for("water", today=date(2024, 3, 1)) == {"water", "ocean"}


def test_mergers_follow_one_another() -> None:
    chain = Directory(
        1,
        (
            body("a", "CN", ("甲", *ALWAYS), merged=("b", "2020-01-01")),
            body("b", "CN", ("乙", *ALWAYS), merged=("c", "2022-01-01")),
            body("c", "CN", ("丙", *ALWAYS)),
        ),
    )
    assert [chain.acting("a", today=date(year, 6, 1)) for year in (2019, 2021, 2023)] == ["a", "b", "c"]
    assert chain.stands_for("c", today=date(2023, 6, 1)) == {"a", "b", "c"}
    assert chain.stands_for("b", today=date(2023, 6, 1)) == {"b"}


@pytest.mark.parametrize(
    ("named_on", "unit"),
    [
        ("2015-01-01", "first"),
        ("2018-12-31", "first"),
        # Nobody bore it then: it goes on meaning the one that did.
        ("2021-12-31", "first"),
        ("2022-01-01", "later"),
        ("2026-06-30", "later"),
    ],
)
def test_a_name_that_passed_to_another_unit_means_who_bore_it_on_the_day(
    tree: JurisdictionTree, named_on: str, unit: str
) -> None:
    assert meant(tree, "规划局", "CN-C-2", named_on) == unit


@pytest.mark.parametrize(
    ("place", "unit"),
    [
        ("CN-C", "finance-c"),
        ("CN-C-2", "finance-c"),
        ("CN-D", "finance-d"),
        ("CN-D-1", "finance-d"),
        # Of CN-D until 2020; today it lies in CN-C, and today's question is asked.
        ("CN-C-1", "finance-c"),
        # Both lie below, neither above.
        ("CN", None),
    ],
)
def test_a_name_shared_by_places_means_the_unit_of_the_records_own_place_or_above(
    tree: JurisdictionTree, place: str, unit: str | None
) -> None:
    assert meant(tree, "财政局", place, "2024-01-01") == unit


def test_the_nearest_of_those_above_is_meant(tree: JurisdictionTree) -> None:
    county = body("finance-c-2", "CN-C-2", ("财政局", "2020-01-01", "9999-12-31"))
    directory = Directory(1, (FINANCE_C, FINANCE_D, county))
    assert meant(tree, "财政局", "CN-C-2", "2024-01-01", directory) == "finance-c-2"
    assert meant(tree, "财政局", "CN-C-2", "2019-12-31", directory) == "finance-c"
    assert meant(tree, "财政局", "CN-C", "2024-01-01", directory) == "finance-c"


def test_a_name_borne_once_is_understood_from_everywhere(tree: JurisdictionTree) -> None:
    assert meant(tree, "水务局", "CN-D-1", "2020-01-01") == "water"
    assert meant(tree, "水务局", "XX-UNKNOWN", "2020-01-01") == "water"


def test_a_name_that_nobody_bears_means_nobody(tree: JurisdictionTree) -> None:
    assert meant(tree, "气象局", "CN-C", "2024-01-01") is None


def test_what_a_unit_is_called_goes_by_the_day() -> None:
    assert DIRECTORY.called("water", day=date(2024, 2, 29)) == "水务局"
    assert DIRECTORY.called("water", day=date(2024, 3, 1)) == "水务和海洋局"
    assert DIRECTORY.called("ocean", day=TODAY) == "海洋局"
    assert DIRECTORY.called("ocean", day=date(2001, 1, 1)) == "海洋局"
    assert DIRECTORY.called("nobody", day=TODAY) == "nobody"
