"""Make a part of the records: lawful ones, then what is planted in them. A part depends on its seed and number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from api.synth.circumstances import Circumstances, circumstances
from api.synth.draws import Draws
from api.synth.ending import cut, details, records
from api.synth.frames import frames_of_matters
from api.synth.matters import Matters
from api.synth.plants.planting import Planted, plant_all
from api.synth.plants.table import PLANTS
from api.synth.steps.aftermath import aftermath
from api.synth.steps.decision import decision
from api.synth.steps.opening import opening
from api.synth.steps.participation import participation
from engine.observables.frames import Frames
from engine.procedure import Procedure

PART: Final = 50_000


@dataclass(frozen=True)
class Asked:
    """What is asked of a generator.

    The records have the codes of a procedure and of places; `rates` are those of plants that are not to be the usual.
    """

    seed: int
    procedure: Procedure
    places: tuple[str, ...]
    rates: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A part: its records, and what was planted in them."""

    frames: Frames
    planted: Planted


def lawful(asked: Asked, *, number: int, size: int) -> tuple[Matters, Circumstances]:
    """Make the lawful matters of a part."""
    draws = Draws(np.random.default_rng((asked.seed, number)), size)
    about = circumstances(draws, asked.procedure, asked.places)
    matters = Matters(asked.procedure, size)
    opening(matters, about)
    participation(matters, about)
    decision(matters, about)
    aftermath(matters, about)
    records(matters, about)
    details(matters, about)
    cut(matters, about)
    return matters, about


def ids_of(*, first: int, size: int) -> pl.Series:
    """Name the records of a part from a number on."""
    numbers = pl.select(pl.int_range(first, first + size)).to_series()
    return pl.select(pl.format("made-up-{}", numbers)).to_series()


def made(asked: Asked, *, number: int, size: int = PART) -> Made:
    """Make a part, with what is planted in it."""
    matters, about = lawful(asked, number=number, size=size)
    ids = ids_of(first=number * PART, size=size)
    planted = plant_all(matters, about, PLANTS, rates=asked.rates, ids=ids)
    return Made(frames_of_matters(matters, ids), planted)


def part(asked: Asked, *, number: int, size: int = PART) -> Frames:
    """Make the records of a part."""
    return made(asked, number=number, size=size).frames
