"""What is damaged in a part is taken out and told; all other records get the verdicts of a sound part."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from api.sweeps.errors import UnreadablePartError
from api.sweeps.partitions import CaseTable, write_layout, write_part
from api.sweeps.parts import Judgeable
from bench.data import partition
from engine.calendar.moment import NEVER
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweeping import asked, sweep_partition
from engine.observables.frames import Asked, ColumnTypeError, Frames, read_frames
from tests.conftest import KNOWN_AT

DAY = date(2026, 6, 30)
SIZE = 250

Damage = Callable[[Frames, random.Random], tuple[Frames, set[int]]]
"""Damages a part in one place; returns it, and the records that are damaged."""


@pytest.fixture(scope="session")
def needed(national: CompiledRulebook) -> Asked:
    return asked(national, as_of=DAY, known_at=KNOWN_AT)


@pytest.fixture(scope="session")
def whole(national: CompiledRulebook, needed: Asked) -> Frames:
    """Make a part that holds what is asked for and nothing else: only that is looked at."""
    made = partition(national.procedure, seed=7, size=SIZE, places=len(national.rulebook.tree.ids))
    rounds = {
        step: frame.select(
            pl.col("record").cast(pl.Int64), *(name for name in frame.columns if name in needed.rounds[step])
        )
        for step, frame in made.rounds.items()
        if step in needed.rounds
    }
    records = made.records.select("id", *(name for name in made.records.columns if name in needed.records))
    return Frames(records, rounds, made.events, made.documents)


class Sound:
    """A part before it is damaged, what is asked of it, and what becomes of its records. Too large to be printed."""

    def __init__(self, rules: CompiledRulebook, whole: Frames, needed: Asked) -> None:
        self.rules, self.whole, self.needed = rules, whole, needed
        self.verdicts = _verdicts(rules, whole)


@pytest.fixture(scope="session")
def before(national: CompiledRulebook, whole: Frames, needed: Asked) -> Sound:
    return Sound(national, whole, needed)


def _verdicts(rules: CompiledRulebook, frames: Frames) -> dict[str, bytes]:
    codes, _ = sweep_partition(frames, rules, as_of=DAY, known_at=KNOWN_AT)
    table = np.stack([np.asarray(codes[card.id]) for card in rules.cards], axis=1)
    return {name: row.tobytes() for name, row in zip(frames.records["id"], table, strict=True)}


def read(rules: CompiledRulebook, frames: Frames, needed: Asked, folder: Path) -> Judgeable:
    write_layout(folder, rules, made_up=True)
    write_part(folder, 0, frames)
    (part,) = CaseTable(folder).parts()
    return part.read(rules, needed)


def with_cell(frame: pl.DataFrame, row: int, column: str, value: object) -> pl.DataFrame:
    values = frame[column].to_list()
    values[row] = value
    return frame.with_columns(pl.Series(column, values, dtype=frame.schema[column], strict=False))


# --- kinds of damage -------------------------------------------------------------------------------------------------


def of_a_record(frames: Frames, chance: random.Random) -> tuple[Frames, set[int]]:
    row = chance.randrange(SIZE)
    column, value = chance.choice(
        [
            ("jurisdiction", -1),
            ("jurisdiction", 9_999),
            ("jurisdiction", None),
            ("organ_level", None),
            ("organ_level", 5),
            ("determined.technical", -3),
            ("outcome", -9),
            ("outcome.hi", -(2**31)),
            ("outcome.lo", NEVER + 1),
            ("lead_unit", -5),
            ("excluded", 3),
            ("determined.technical", 7),
            ("special_statutes", 1 << 60),
            ("id", None),
        ]
    )
    records = with_cell(frames.records, row, column, value)
    return Frames(records, frames.rounds, frames.events, frames.documents), {row}


def of_two_ids(frames: Frames, chance: random.Random) -> tuple[Frames, set[int]]:
    one, other = chance.sample(range(SIZE), 2)
    records = with_cell(frames.records, one, "id", frames.records["id"][other])
    return Frames(records, frames.rounds, frames.events, frames.documents), {one, other}


def of_a_round(frames: Frames, chance: random.Random) -> tuple[Frames, set[int]]:
    step = chance.choice(["public_comment", "legality_review", "expert_review", "collective_deliberation"])
    rounds = frames.rounds[step]
    row = chance.randrange(rounds.height)
    owner = rounds["record"][row]
    columns = [name for name in rounds.columns if name not in {"record", "entered", "voided"}]
    column = chance.choice(columns)
    value = {"lo": NEVER + 5, "hi": -(2**31)}.get(column.rpartition(".")[2], -7 if chance.random() < 0.5 else 2**31 - 2)
    if column in {"draft", "documents"} or rounds.schema[column] == pl.Int64:
        value = -7
    damaged = {**frames.rounds, step: with_cell(rounds, row, column, value)}
    return Frames(frames.records, damaged, frames.events, frames.documents), {owner}


def of_a_place(frames: Frames, chance: random.Random) -> tuple[Frames, set[int]]:
    step = chance.choice(["public_comment", "legality_review", "risk_assessment"])
    rounds = frames.rounds[step]
    row = chance.randrange(rounds.height)
    owner = rounds["record"][row]
    value = chance.choice([None, -1, SIZE, 10**12])
    damaged = {**frames.rounds, step: with_cell(rounds, row, "record", value)}
    return Frames(frames.records, damaged, frames.events, frames.documents), {owner}


def of_an_order(frames: Frames, chance: random.Random) -> tuple[Frames, set[int]]:
    rounds = frames.rounds["public_comment"]
    row = chance.randrange(SIZE // 2)
    owner, other = rounds["record"][row], int(rounds["record"][-1])
    damaged = {**frames.rounds, "public_comment": with_cell(rounds, row, "record", other)}
    return Frames(frames.records, damaged, frames.events, frames.documents), {owner, other}


def of_an_event(frames: Frames, chance: random.Random) -> tuple[Frames, set[int]]:
    row = chance.randrange(frames.events.height)
    column = chance.choice(["step", "round", "kind", "at.lo", "at.hi", "record"])
    value = chance.choice([None, 2**31 - 5, -(2**31) + 5])
    if column == "at.hi" and value != -(2**31) + 5:
        value = None
    if column == "at.lo":
        value = 2**31 - 5
    events = with_cell(frames.events, row, column, value)
    return Frames(frames.records, frames.rounds, events, frames.documents), {frames.events["record"][row]}


def of_a_document(frames: Frames, chance: random.Random) -> tuple[Frames, set[int]]:
    row = chance.randrange(frames.documents.height)
    column, value = chance.choice([("bits", 0), ("bits", 1 << 61), ("round", 500), ("step", -1), ("record", SIZE)])
    documents = with_cell(frames.documents, row, column, value)
    return Frames(frames.records, frames.rounds, frames.events, documents), {frames.documents["record"][row]}


KINDS: tuple[Damage, ...] = (
    of_a_record,
    of_two_ids,
    of_a_round,
    of_a_place,
    of_an_order,
    of_an_event,
    of_a_document,
)


def test_a_sound_part_is_given_as_it_is(before: Sound, tmp_path: Path) -> None:
    found = read(before.rules, before.whole, before.needed, tmp_path)
    assert found.rejects == ()
    assert _verdicts(before.rules, found.frames) == before.verdicts


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    seed=st.integers(0, 2**32),
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True),
)
def test_damaged_records_are_told_and_all_others_are_judged_as_before(
    before: Sound, tmp_path_factory: pytest.TempPathFactory, seed: int, kinds: list[Damage]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    frames, damaged = before.whole, set[int]()
    for damage in kinds:
        frames, more = damage(frames, chance)
        damaged |= more
    found = read(before.rules, frames, before.needed, tmp_path_factory.mktemp("part"))
    ids = before.whole.records["id"]
    judged = _verdicts(before.rules, found.frames)
    assert not {ids[row] for row in damaged} & judged.keys()
    assert all(before.verdicts[name] == outcome for name, outcome in judged.items())
    if of_an_event not in kinds and of_a_document not in kinds:
        # Events and documents are few, so that one without its record may be of many.
        assert len(judged) >= SIZE - 12 * len(kinds)
    told = {reject.record for reject in found.rejects}
    assert {frames.records["id"][row] for row in damaged} <= told
    assert all(reject.row and reject.field and reject.reason.zh and reject.do.en for reject in found.rejects)


def test_a_reject_names_file_row_field_what_is_given_and_what_is_expected(
    national: CompiledRulebook, whole: Frames, needed: Asked, tmp_path: Path
) -> None:
    records = with_cell(whole.records, 41, "organ_level", 97)
    frames = Frames(records, whole.rounds, whole.events, whole.documents)
    (reject,) = read(national, frames, needed, tmp_path).rejects
    assert reject.file == str(tmp_path / "part-00000" / "records.parquet")
    assert (reject.row, reject.record, reject.field, reject.code) == (42, "made-up-41", "organ_level", "out_of_range")
    assert reject.reason.en == "given 97; expected a code of the layout (0 to 4)"
    assert reject.reason.zh == "输入为 97;应为 版式中的代码(0至4)"


def test_what_stands_as_text_where_a_number_belongs_is_told(before: Sound, tmp_path: Path) -> None:
    texts = before.whole.records["organ_level"].cast(pl.String)
    whole = before.whole
    frames = Frames(whole.records.with_columns(texts), whole.rounds, whole.events, whole.documents)
    found = read(before.rules, frames, before.needed, tmp_path)
    assert {reject.record for reject in found.rejects} == set(whole.records["id"])
    assert "wrong_type" in {reject.code for reject in found.rejects}
    assert found.frames.records.height == 0


def test_rounds_without_records_leave_no_record_that_may_have_lost_one(
    national: CompiledRulebook, whole: Frames, needed: Asked, tmp_path: Path
) -> None:
    rounds = whole.rounds["public_comment"].with_columns(pl.lit(None, dtype=pl.Int64).alias("record"))
    frames = Frames(whole.records, {**whole.rounds, "public_comment": rounds}, whole.events, whole.documents)
    found = read(national, frames, needed, tmp_path)
    assert found.frames.records.height == 0
    assert _verdicts(national, found.frames) == {}


def test_numbers_of_another_type_that_fit_are_as_good(before: Sound, tmp_path: Path) -> None:
    whole = before.whole
    records = whole.records.with_columns(pl.col("jurisdiction", "outcome.lo").cast(pl.Int64))
    events = whole.events.with_columns(pl.col("at.lo").cast(pl.Int64), pl.col("record").cast(pl.UInt64))
    found = read(before.rules, Frames(records, whole.rounds, events, whole.documents), before.needed, tmp_path)
    assert found.rejects == ()
    assert _verdicts(before.rules, found.frames) == before.verdicts


@pytest.mark.parametrize("values", [pl.lit("12"), pl.lit(1.5), pl.lit(date(2024, 3, 1))])
def test_a_column_that_holds_no_whole_numbers_is_never_cast(
    whole: Frames, needed: Asked, national: CompiledRulebook, tmp_path: Path, values: pl.Expr
) -> None:
    records = whole.records.with_columns(values.alias("organ_level"))
    write_layout(tmp_path, national, made_up=True)
    folder = write_part(tmp_path, 0, Frames(records, whole.rounds, whole.events, whole.documents))
    with pytest.raises(ColumnTypeError, match="organ_level"):
        read_frames(folder, needed)


def test_a_file_of_events_without_a_column_is_told_as_a_whole(
    national: CompiledRulebook, whole: Frames, needed: Asked, tmp_path: Path
) -> None:
    frames = Frames(whole.records, whole.rounds, whole.events.drop("kind"), whole.documents)
    with pytest.raises(UnreadablePartError, match="no column kind"):
        read(national, frames, needed, tmp_path)


def test_no_records_are_sound(national: CompiledRulebook, whole: Frames, needed: Asked, tmp_path: Path) -> None:
    def none(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.clear()

    rounds: dict[str, Any] = {step: none(frame) for step, frame in whole.rounds.items()}
    empty = Frames(none(whole.records), rounds, none(whole.events), none(whole.documents))
    found = read(national, empty, needed, tmp_path)
    assert (found.frames.records.height, found.rejects) == (0, ())
