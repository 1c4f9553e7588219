"""What made-up records are: the same for the same seed, lawful in many ways, and about ten rounds each."""

from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from api.synth.making import Asked, Made, made
from engine.observables.cases import CaseLayout
from engine.observables.frames import Frames
from engine.vocabulary import OutcomeKind

RECORDS = 4_000


@pytest.fixture(scope="module")
def some(asked: Asked) -> Made:
    return made(asked, number=3, size=RECORDS)


def test_a_part_is_the_same_for_the_same_seed_and_number(asked: Asked, some: Made) -> None:
    again = made(asked, number=3, size=RECORDS)
    _assert_same(again.frames, some.frames)
    assert_frame_equal(again.planted.truth, some.planted.truth)


def test_parts_of_other_numbers_and_seeds_are_others(asked: Asked, some: Made) -> None:
    other_number = made(asked, number=4, size=RECORDS)
    other_seed = made(replace(asked, seed=asked.seed + 1), number=3, size=RECORDS)
    assert not other_number.frames.records.drop("id").equals(some.frames.records.drop("id"))
    assert not other_seed.frames.records.drop("id").equals(some.frames.records.drop("id"))


def test_ids_of_parts_follow_one_another(some: Made) -> None:
    ids = some.frames.records.get_column("id")
    assert (ids[0], ids[-1]) == ("made-up-150000", f"made-up-{150_000 + RECORDS - 1}")


def test_records_have_about_ten_rounds(some: Made) -> None:
    rounds = sum(frame.height for frame in some.frames.rounds.values())
    assert 9 < rounds / RECORDS < 11.5


def test_every_jurisdiction_level_and_year_has_records(asked: Asked, some: Made) -> None:
    records = some.frames.records
    started = some.frames.rounds["drafting"].select(pl.col("started.lo").cast(pl.Int64) * 60_000_000)
    years = started.select(pl.col("started.lo").cast(pl.Datetime).dt.year())
    assert records.get_column("jurisdiction").n_unique() == len(asked.places)
    assert records.get_column("organ_level").n_unique() == 5
    assert years.get_column("started.lo").unique().sort().to_list() == [2020, 2021, 2022, 2023, 2024, 2025]
    assert records.get_column("lead_unit").n_unique() > RECORDS / 4


def test_records_end_in_every_way_or_not_yet(some: Made) -> None:
    outcomes = some.frames.records.get_column("outcome")
    assert outcomes.drop_nulls().n_unique() == len(OutcomeKind)
    assert outcomes.null_count() > 0


def test_some_records_are_exempt_and_some_come_under_a_special_statute(some: Made) -> None:
    records = some.frames.records
    assert records.get_column("excluded").drop_nulls().len() > 0
    assert records.get_column("special_statutes").n_unique() > 5


def test_clocks_are_stopped_and_started_again(some: Made) -> None:
    assert some.frames.events.get_column("kind").n_unique() == 4


def test_columns_are_those_of_the_case_table(asked: Asked, some: Made) -> None:
    layout = CaseLayout(asked.procedure)
    assert set(some.frames.records.columns) <= {"id", *layout.records}
    for step, rounds in some.frames.rounds.items():
        assert set(rounds.columns) <= {"record", *layout.rounds[step]}


def test_rounds_are_in_the_order_of_records_and_beginnings(some: Made) -> None:
    for rounds in some.frames.rounds.values():
        ordered = rounds.sort("record", "begun.lo", nulls_last=True, maintain_order=True)
        assert_frame_equal(ordered, rounds)


def _assert_same(left: Frames, right: Frames) -> None:
    assert_frame_equal(left.records, right.records)
    assert_frame_equal(left.events, right.events)
    for step, rounds in left.rounds.items():
        assert_frame_equal(rounds, right.rounds[step])
