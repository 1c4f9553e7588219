"""Rates are data: a file gives some, and is refused with what to do where it is wrong."""

from pathlib import Path

import pytest

from api.synth.errors import NoRateError, UnknownPlantError, UnreadableRatesError
from api.synth.plants.table import PLANTS
from api.synth.rates import read_rates


def test_a_file_gives_the_rates_that_it_names(tmp_path: Path) -> None:
    assert read_rates(_file(tmp_path, '{"hearing.left_out": 0.5}')) == {"hearing.left_out": 0.5}


def test_a_star_gives_the_rate_of_all_others(tmp_path: Path) -> None:
    rates = read_rates(_file(tmp_path, '{"*": 0, "hearing.left_out": 1}'))
    assert len(rates) == len(PLANTS)
    assert sum(rates.values()) == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[]", UnreadableRatesError),
        ("{", UnreadableRatesError),
        ('{"hearing.left": 0.5}', UnknownPlantError),
        ('{"hearing.left_out": 2}', NoRateError),
        ('{"hearing.left_out": true}', NoRateError),
        ('{"hearing.left_out": "much"}', NoRateError),
    ],
)
def test_what_is_no_rate_is_refused(tmp_path: Path, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_rates(_file(tmp_path, text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRatesError):
        read_rates(tmp_path / "rates.json")


def _file(folder: Path, text: str) -> Path:
    file = folder / "rates.json"
    file.write_text(text, encoding="utf-8")
    return file
