"""Rates of plants, as data: the usual ones stand in the table of plants, others in a JSON file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from api.synth.errors import NoRateError, UnknownPlantError, UnreadableRatesError
from api.synth.plants.table import PLANTS

ALL: Final = "*"
"""The name under which a file gives the rate of all plants that it does not name."""


def read_rates(file: Path) -> Mapping[str, float]:
    """Read the rates that a file gives; raises `SynthError`."""
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableRatesError(file=file, why=str(error).partition("\n")[0]) from error
    if not isinstance(given, dict):
        raise UnreadableRatesError(file=file, why=type(given).__name__)
    known = [plant.name for plant in PLANTS]
    for name, rate in given.items():
        if name not in {*known, ALL}:
            raise UnknownPlantError(file=file, name=name, known=known)
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise NoRateError(file=file, name=name, given=rate)
    rates = {str(name): float(rate) for name, rate in given.items()}
    others = rates.pop(ALL, None)
    return rates if others is None else dict.fromkeys(known, others) | rates
