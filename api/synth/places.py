"""Where made-up matters are decided, at which level, and by which units. All units are made up (虚构)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from api.synth.draws import Draws, Ints
from engine.observables.layout import identity
from engine.vocabulary import OrganLevel

UNITS_OF_A_PLACE: Final = 400
OTHERS: Final = 600

_DISTRICT: Final = {"county": 0.74, "department": 0.12, "township": 0.14}
_PREFECTURE: Final = {"city": 0.42, "county": 0.38, "department": 0.1, "township": 0.1}
_PROVINCE: Final = {"province": 0.2, "city": 0.25, "county": 0.37, "department": 0.1, "township": 0.08}


@dataclass(frozen=True, slots=True)
class Place:
    """How often matters come from a jurisdiction, and of which levels."""

    weight: float
    levels: Mapping[str, float]


PLACES: Final[Mapping[str, Place]] = {
    "CN": Place(0.3, {"province": 0.06, "city": 0.28, "county": 0.46, "department": 0.12, "township": 0.08}),
    "CN-31": Place(0.12, {"province": 0.5, "county": 0.3, "department": 0.2}),
    "CN-31-CM": Place(0.06, _DISTRICT),
    "CN-31-JD": Place(0.06, _DISTRICT),
    "CN-31-MH": Place(0.08, _DISTRICT),
    "CN-31-XH": Place(0.06, _DISTRICT),
    "CN-33": Place(0.07, _PROVINCE),
    "CN-33-QZ": Place(0.06, _PREFECTURE),
    "CN-37": Place(0.07, _PROVINCE),
    "CN-44": Place(0.06, _PROVINCE),
    "CN-44-GZ": Place(0.06, _PREFECTURE),
}
_ELSEWHERE: Final = Place(0.03, _PROVINCE)
"""A jurisdiction that was added to the rulebook later."""


def places_of(draws: Draws, names: Sequence[str]) -> tuple[Ints, Ints]:
    """Draw jurisdictions, as places among the names, and organ levels."""
    found = {name: PLACES.get(name, _ELSEWHERE) for name in names}
    place = draws.choice({name: one.weight for name, one in found.items()}, names)
    level = np.zeros(draws.size, dtype=np.int64)
    for code, one in enumerate(found.values()):
        level = np.where(place == code, draws.choice(one.levels, list(OrganLevel)), level)
    return place, level


def lies_within(place: Ints, names: Sequence[str], above: str) -> "np.typing.NDArray[np.bool_]":
    """Tell which places are a jurisdiction, or lie within it: their names begin with its name."""
    inside = [code for code, name in enumerate(names) if f"{name}-".startswith(f"{above}-")]
    return np.isin(place, inside)


@lru_cache
def units_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """Name the units that lead matters, place after place."""
    return tuple(f"{name}某单位{number:03}(虚构)" for name in names for number in range(UNITS_OF_A_PLACE))


@lru_cache
def numbers_of(names: tuple[str, ...]) -> Ints:
    """Return the numbers that stand for names."""
    return np.array([identity(name) for name in names], dtype=np.int64)


@lru_cache
def others() -> tuple[Ints, Ints, Ints]:
    """Return the numbers of institutions that assess, that evaluate, and that review as experts: none does two."""
    assessors = tuple(f"某评估机构{number:03}(虚构)" for number in range(OTHERS))
    evaluators = tuple(f"某研究院{number:03}(虚构)" for number in range(OTHERS))
    reviewers = tuple(f"某咨询机构{number:03}(虚构)" for number in range(OTHERS))
    return numbers_of(assessors), numbers_of(evaluators), numbers_of(reviewers)
