"""Parts are written whole, with the truth and a statement beside them."""

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from api.synth import run
from api.synth.errors import FolderInUseError
from api.synth.making import Asked
from api.synth.plants.table import PLANTS
from api.synth.run import Statement, synthesise

RECORDS = 2_500


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PART", 1_000)


@pytest.mark.usefixtures("small_parts")
def test_the_statement_counts_what_is_there(asked: Asked, tmp_path: Path) -> None:
    told: list[int] = []
    stated = synthesise(asked, records=RECORDS, folder=tmp_path, workers=1, progress=told.append)
    assert stated == Statement.model_validate_json((tmp_path / "synth.json").read_text(encoding="utf-8"))
    assert json.loads((tmp_path / "synth.json").read_text(encoding="utf-8"))["made_up"] is True
    assert told == [1_000, 1_000, 500]
    assert pl.read_parquet(tmp_path / "part-0000*/records.parquet").height == stated.records == RECORDS
    assert pl.read_parquet(tmp_path / "truth/*.parquet").height == stated.findings
    assert sum(plant.planted for plant in stated.plants) > 0


@pytest.mark.usefixtures("small_parts")
def test_nothing_unfinished_is_left(asked: Asked, tmp_path: Path) -> None:
    synthesise(asked, records=RECORDS, folder=tmp_path, workers=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "part-00000",
        "part-00001",
        "part-00002",
        "synth.json",
        "truth",
    ]
    assert len(list((tmp_path / "truth").iterdir())) == 3


@pytest.mark.usefixtures("small_parts")
def test_two_processes_make_what_one_makes(asked: Asked, tmp_path: Path) -> None:
    one, two = (
        synthesise(asked, records=RECORDS, folder=tmp_path / str(workers), workers=workers) for workers in (1, 2)
    )
    assert one == two
    for number in range(3):
        truths = (pl.read_parquet(tmp_path / folder / f"truth/part-{number:05}.parquet") for folder in "12")
        assert_frame_equal(*truths)


def test_a_folder_that_holds_a_table_is_refused(asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "part-00000").mkdir()
    with pytest.raises(FolderInUseError, match="the folder is not empty"):
        synthesise(asked, records=10, folder=tmp_path, workers=1)


def test_without_rates_nothing_is_planted(asked: Asked, tmp_path: Path) -> None:
    nothing = {plant.name: 0.0 for plant in PLANTS}
    stated = synthesise(replace(asked, rates=nothing), records=500, folder=tmp_path, workers=1)
    assert stated.findings == 0
