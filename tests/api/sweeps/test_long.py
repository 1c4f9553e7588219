"""Records in long form are judged as they are when they are read as records; a bad row costs its record alone."""

import csv
import pickle
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from api.sweeps.errors import UnknownSourceError
from api.sweeps.long import LongSource
from api.sweeps.parts import Judgeable
from api.sweeps.saying import COLUMNS, PlacedRow, Row, kinds_of, long_of, said
from bench.data import partition
from bench.samples import sound_records
from engine.evaluation.compiled import CompiledRulebook
from engine.evaluation.sweeping import sweep_partition
from engine.observables.frames import Asked, frames_of
from engine.observables.rows import rows_of
from engine.record import DecisionRecord, record_type
from engine.record.catalogues import read_catalogues
from engine.record.reading import read_record, read_records
from engine.rulebook.rulebook import Rulebook
from tests.conftest import KNOWN_AT, ROOT, build

DAY = date(2026, 6, 30)
NOTHING = Asked({}, {})
EXAMPLES = sorted((ROOT / "examples").rglob("*.yaml"))


@pytest.fixture(scope="session")
def examples(rulebook: Rulebook) -> list[DecisionRecord]:
    files = [file for file in EXAMPLES if "demo" not in file.parts and "permit" not in str(file)]
    read, _ = read_records(files, procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids)
    records = [entry.record for entry in read]
    catalogues, _ = read_catalogues(files, jurisdictions=rulebook.tree.ids)
    for catalogue in catalogues:
        cases, _ = catalogue.cases(records, rulebook.procedures, known_at=KNOWN_AT)
        records += [case.record for case in cases]
    return records


@pytest.fixture(scope="session")
def made_up(national: CompiledRulebook) -> list[DecisionRecord]:
    frames = partition(national.procedure, seed=3, size=80, places=len(national.rulebook.tree.ids))
    return list(sound_records(frames, national.procedure, national.rulebook.tree))


@pytest.fixture
def odd(national: CompiledRulebook) -> DecisionRecord:
    """Say what is seldom said: nothing of a round, an empty set, a moment of which nothing is known."""
    step = national.procedure.steps["public_comment"]
    sets: dict[str, list[str]] = {name: [] for name, attribute in step.attributes.items() if attribute.type == "set"}
    return build(
        national,
        id="odd",
        title={"zh": '某,"事"\n项', "en": ""},
        units=[{"name": "=1+1", "role": "lead"}, {"name": "'某局", "role": "joint", "since": "2024-Q3"}],
        catalogue={},
        public_comment=[{}, {"opened": {}, **sets}, {"opened": {"planned": "2024-03-01T09:30"}, "void": True}],
        legality_review=[{"documents": list(national.procedure.steps["legality_review"].evidence)}],
        determinations={"technical": {"value": False, "reason": "[]"}},
    )


def written(rows: Iterable[Row], file: Path) -> Path:
    if file.suffix == ".parquet":
        pl.DataFrame(list(rows), schema=dict.fromkeys(COLUMNS, pl.String), orient="row").write_parquet(file)
        return file
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return file


def source(*paths: Path, rulebook: Rulebook, size: int = 5_000) -> LongSource:
    found = LongSource(paths, as_of=DAY, known_at=KNOWN_AT, size=size)
    found.check(rulebook)
    return found


def read(found: LongSource, rules: Mapping[str, CompiledRulebook]) -> list[Judgeable]:
    parts = pickle.loads(pickle.dumps(tuple(found.parts())))  # noqa: S301 - made here
    return [part.read(rules[part.procedure], NOTHING) for part in parts]


def findings(rules: CompiledRulebook, judgeables: Sequence[Judgeable]) -> set[tuple[str, str, str, str]]:
    found = [sweep_partition(one.frames, rules, as_of=DAY, known_at=KNOWN_AT)[1] for one in judgeables]
    return {row for frame in found for row in frame.select("id", "card", "verdict", "reason").rows()}


def rejected(judgeables: Iterable[Judgeable]) -> list[tuple[str, int | None, str, str]]:
    return [
        (reject.record or "", reject.row, reject.field, reject.code) for one in judgeables for reject in one.rejects
    ]


# --- out and back ----------------------------------------------------------------------------------------------------


def come_back(rulebook: Rulebook, record: DecisionRecord) -> DecisionRecord:
    rows = [PlacedRow(number, row) for number, row in enumerate(long_of([record]), start=1)]
    procedure = rulebook.procedures[record.procedure]
    found = said(rows, file="-", kinds=kinds_of(procedure))
    assert found.problems == []
    back = read_record(found.data, file="-", procedures=rulebook.procedures, jurisdictions=rulebook.tree.ids)
    assert isinstance(back, DecisionRecord), back
    return back


def test_records_of_all_examples_go_out_and_come_back_equal(rulebook: Rulebook, examples: list[DecisionRecord]) -> None:
    assert {record.procedure for record in examples} == set(rulebook.procedures)
    for record in examples:
        assert come_back(rulebook, record) == record_type(rulebook.procedures[record.procedure]).model_validate(
            record.model_dump(mode="json")
        )


def test_made_up_records_go_out_and_come_back_equal(rulebook: Rulebook, made_up: list[DecisionRecord]) -> None:
    assert len(made_up) > 60
    for record in made_up:
        assert come_back(rulebook, record) == record


def test_what_is_seldom_said_goes_out_and_comes_back_equal(rulebook: Rulebook, odd: DecisionRecord) -> None:
    assert come_back(rulebook, odd) == odd


def test_a_record_of_another_procedure_goes_out_and_comes_back_equal(permit: CompiledRulebook) -> None:
    record = build(permit, notice=[{"opened": "2024-03", "closed": {"announced": "2024-04-01"}}, {}])
    assert come_back(permit.rulebook, record) == record


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_findings_of_files_are_those_of_the_records_however_they_are_cut(
    national: CompiledRulebook, made_up: list[DecisionRecord], odd: DecisionRecord, tmp_path: Path, suffix: str
) -> None:
    records = [*made_up, odd]
    tree = national.rulebook.tree
    rows = [rows_of(record, national.procedure, jurisdiction=tree.code(record.jurisdiction)) for record in records]
    whole = Judgeable(frames_of([record.id for record in records], rows, national.layout), {})
    expected = findings(national, [whole])
    written(long_of(records[:30]), tmp_path / f"1.{suffix}")
    written(long_of(records[30:]), tmp_path / f"2.{suffix}")
    for size in (7, 5_000):
        found = source(tmp_path, rulebook=national.rulebook, size=size)
        parts = read(found, {"major_decision": national})
        assert rejected(parts) == []
        assert findings(national, parts) == expected
        assert parts[0].frames.records.height == min(size, 30)
        assert len({part.name for part in found.parts()}) == len(parts)


def test_records_of_several_procedures_in_one_file_are_parts_of_their_own(
    rulebook: Rulebook, national: CompiledRulebook, examples: list[DecisionRecord], tmp_path: Path
) -> None:
    once = {record.id: record for record in examples}
    written(long_of(once.values()), tmp_path / "all.csv")
    rules = {name: CompiledRulebook(rulebook, name) for name in rulebook.procedures if name != "major_decision"}
    found = source(tmp_path, rulebook=rulebook)
    parts = tuple(found.parts())
    judgeables = [part.read((rules | {"major_decision": national})[part.procedure], NOTHING) for part in parts]
    told = {part.procedure: one.frames.records.height for part, one in zip(parts, judgeables, strict=True)}
    procedures = [record.procedure for record in once.values()]
    assert told == {name: procedures.count(name) for name in set(procedures)}
    assert rejected(judgeables) == []


def test_the_names_of_lead_units_are_given(national: CompiledRulebook, tmp_path: Path) -> None:
    record = build(national, units=[{"name": "某局(虚构)", "role": "lead"}])
    written(long_of([record]), tmp_path / "one.csv")
    (found,) = read(source(tmp_path, rulebook=national.rulebook), {"major_decision": national})
    assert found.units == {int(found.frames.records["lead_unit"][0]): "某局(虚构)"}


def test_columns_may_stand_in_any_order_and_the_file_begin_with_a_mark(
    national: CompiledRulebook, made_up: list[DecisionRecord], tmp_path: Path
) -> None:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in long_of(made_up[:5])]
    with (tmp_path / "x.csv").open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.DictWriter(opened, ["value", "field", "record", "round", "step"])
        writer.writeheader()
        writer.writerows(rows)
    (found,) = read(source(tmp_path, rulebook=national.rulebook), {"major_decision": national})
    assert found.frames.records["id"].to_list() == [record.id for record in made_up[:5]]


# --- what is wrong ---------------------------------------------------------------------------------------------------


def rows_of_three(rules: CompiledRulebook) -> list[Row]:
    comment = {"opened": "2024-03-01", "closed": "2024-03-31"}
    return list(long_of(build(rules, id=name, public_comment=comment) for name in ("a", "b", "c")))


def with_row(rows: list[Row], index: int, **cells: str) -> list[Row]:
    return [row._replace(**cells) if place == index else row for place, row in enumerate(rows)]


BAD: list[tuple[str, dict[str, str], str, str]] = [
    ("a day that does not exist", {"value": "2024-02-30"}, "steps.public_comment[0].opened", "no_such_day"),
    ("an unknown field", {"field": "openned"}, "steps.public_comment[0].openned", "unknown_field"),
    ("an unknown step", {"step": "public_coment"}, "steps.public_coment", "unknown_step"),
    ("a round that is none", {"round": "first"}, "public_comment.first.opened", "not_a_round"),
    ("a round of no step", {"step": ""}, "1.opened", "not_a_field"),
    ("a field without a name", {"field": "opened..planned"}, "public_comment.1.opened..planned", "not_a_field"),
    ("a round that is missing", {"round": "3"}, "steps.public_comment", "number_missing"),
    ("the same thing twice", {"field": "closed"}, "public_comment.1.closed", "said_twice"),
    ("nothing", {"value": ""}, "steps.public_comment[0].opened", "not_a_moment"),
]


@pytest.mark.parametrize(("cells", "field", "code"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_bad_row_is_told_with_its_number_and_the_rest_is_judged(
    national: CompiledRulebook, tmp_path: Path, cells: dict[str, str], field: str, code: str, suffix: str
) -> None:
    rows = rows_of_three(national)
    index = next(place for place, row in enumerate(rows) if row.record == "b" and row.field == "opened")
    file = written(with_row(rows, index, **cells), tmp_path / f"bad.{suffix}")
    (found,) = read(source(file, rulebook=national.rulebook), {"major_decision": national})
    assert found.frames.records["id"].to_list() == ["a", "c"]
    told = found.rejects[0]
    assert (told.file, told.record, told.field, told.code) == (str(file), "b", field, code)
    assert told.row in {index + 1, index + 2}
    assert told.reason.zh
    assert told.do.zh


def test_a_field_that_is_missing_is_told_with_the_first_row_of_its_record(
    national: CompiledRulebook, tmp_path: Path
) -> None:
    rows = [row for row in rows_of_three(national) if (row.record, row.field) != ("b", "organ")]
    file = written(rows, tmp_path / "bad.csv")
    (found,) = read(source(file, rulebook=national.rulebook), {"major_decision": national})
    first = next(place for place, row in enumerate(rows) if row.record == "b") + 1
    assert rejected([found]) == [("b", first, "organ", "missing_field")]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("jurisdiction", "CN-99", "unknown_jurisdiction"),
        ("special_statutes.1", "no-such-statute", "unknown_statute"),
        ("procedure", "no_such_procedure", "unknown_procedure"),
        ("organ_level", "国家", "not_a_choice"),
    ],
)
def test_names_that_the_rulebook_does_not_know_are_told(
    national: CompiledRulebook, tmp_path: Path, field: str, value: str, code: str
) -> None:
    rows = [row for row in rows_of_three(national) if (row.record, row.field) != ("b", field)]
    place = next(place for place, row in enumerate(rows) if row.record == "b") + 1
    rows.insert(place, Row("b", "", "", field, value))
    file = written(rows, tmp_path / "bad.csv")
    (found,) = read(source(file, rulebook=national.rulebook), {"major_decision": national})
    assert found.frames.records["id"].to_list() == ["a", "c"]
    assert [(reject.row, reject.code) for reject in found.rejects] == [(place + 1, code)]


def test_rows_with_too_few_or_too_many_cells_cost_their_record(national: CompiledRulebook, tmp_path: Path) -> None:
    file = written(rows_of_three(national), tmp_path / "bad.csv")
    with file.open("a", encoding="utf-8") as opened:
        opened.write("c,public_comment\n\nd,,,title,x,y\n")
    found = read(source(file, rulebook=national.rulebook), {"major_decision": national})
    assert [name for one in found for name in one.frames.records["id"]] == ["a", "b"]
    assert {(record, code) for record, _, _, code in rejected(found)} == {("c", "not_a_field"), ("d", "not_a_field")}


def test_a_record_whose_rows_lie_apart_is_not_judged_by_half_of_them(
    national: CompiledRulebook, tmp_path: Path
) -> None:
    rows = rows_of_three(national)
    mine = [row for row in rows if row.record == "a"]
    written([*mine[:-2], *rows[len(mine) :]], tmp_path / "1.csv")
    written(mine[-2:], tmp_path / "2.csv")
    found = read(source(tmp_path, rulebook=national.rulebook), {"major_decision": national})
    assert [name for one in found for name in one.frames.records["id"]] == ["b", "c"]
    assert [(record, code) for record, _, _, code in rejected(found)] == [("a", "record_apart")] * 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (",".join(COLUMNS).encode() + b"\n", "empty_file"),
        (b"id,step,round,field,value\n", "wrong_columns"),
        (",".join(COLUMNS).encode() + "\na,,,title,某事项\n".encode("gbk"), "wrong_encoding"),
        (("\ufeff" + ",".join(COLUMNS)).encode("utf-16-le"), "wrong_encoding"),
        (",".join(COLUMNS).encode() + b'\na,,,title,"open\n', "unreadable_file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_the_others_are_judged(
    national: CompiledRulebook, tmp_path: Path, content: bytes, code: str
) -> None:
    (tmp_path / "0-bad.csv").write_bytes(content)
    written(rows_of_three(national), tmp_path / "1-good.csv")
    found = read(source(tmp_path, rulebook=national.rulebook), {"major_decision": national})
    assert [record for one in found for record in one.frames.records["id"]] == ["a", "b", "c"]
    assert [(reject.file, reject.field, reject.code) for one in found for reject in one.rejects] == [
        (str(tmp_path / "0-bad.csv"), "(whole file)", code)
    ]


@pytest.mark.parametrize("damage", ["truncated", "columns", "types"])
def test_parquet_that_cannot_be_read_is_told(national: CompiledRulebook, tmp_path: Path, damage: str) -> None:
    file = written(rows_of_three(national), tmp_path / "bad.parquet")
    match damage:
        case "truncated":
            file.write_bytes(file.read_bytes()[:-100])
        case "columns":
            pl.read_parquet(file).drop("step").write_parquet(file)
        case "types":
            pl.read_parquet(file).with_columns(value=pl.lit(np.pi)).write_parquet(file)
    (found,) = read(source(file, rulebook=national.rulebook), {"major_decision": national})
    codes = {"truncated": "unreadable_file", "columns": "wrong_columns", "types": "wrong_type"}
    assert [(reject.file, reject.code) for reject in found.rejects] == [(str(file), codes[damage])]


def test_a_folder_without_such_files_is_no_source(tmp_path: Path) -> None:
    with pytest.raises(UnknownSourceError):
        LongSource([tmp_path], as_of=DAY, known_at=KNOWN_AT)


def test_a_part_is_another_once_its_file_has_changed(national: CompiledRulebook, tmp_path: Path) -> None:
    file = written(rows_of_three(national), tmp_path / "x.csv")
    (before,) = source(file, rulebook=national.rulebook).parts()
    written(rows_of_three(national)[:-1], file)
    (after,) = source(file, rulebook=national.rulebook).parts()
    assert (before.name, before.fingerprint != after.fingerprint) == (after.name, True)


def test_a_correction_after_a_flag_without_support_is_seen(national: CompiledRulebook, tmp_path: Path) -> None:
    short = {"opened": "2024-03-01", "closed": "2024-03-05", "entered": "2024-03-06", "voided": "2024-06-01"}
    mended = {"opened": "2024-03-01", "closed": "2024-04-20", "entered": "2024-06-01"}
    record = build(national, id="mended", public_comment=[short, mended])
    written(long_of([record]), tmp_path / "x.csv")
    (found,) = read(source(tmp_path, rulebook=national.rulebook), {"major_decision": national})
    assert found.frames.records["corrected_after_flag"].to_list() == [1]


def test_the_example_of_the_page_is_read_whole(national: CompiledRulebook, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "sweeps-sources.md").read_text("utf-8")
    (tmp_path / "page.csv").write_text(page.partition("```csv\n")[2].partition("```")[0], "utf-8")
    (found,) = read(source(tmp_path, rulebook=national.rulebook), {"major_decision": national})
    assert (found.frames.records["id"].to_list(), found.rejects) == (["cs-01"], ())
    assert findings(national, [found])
