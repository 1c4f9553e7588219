"""What is told about units, and what is sent to change them."""

from datetime import date
from typing import Annotated

from pydantic import Field

from api.identity.units import NAME_LENGTH
from engine.vocabulary import Frozen

UnitNameText = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH, examples=["虚构区水务局"])]
Key = Annotated[str, Field(min_length=1, max_length=26)]


class UnitNameOut(Frozen):
    """A name of a unit, with the days on which it is borne, inclusive; open-ended without one."""

    name: str
    since: date | None
    until: date | None


class UnitOut(Frozen):
    """A unit. `name`: what it is called today; `merged_into`: what stands in its place from `merged_on` on."""

    key: str
    name: str
    jurisdiction: str
    names: tuple[UnitNameOut, ...]
    merged_into: str | None
    merged_on: date | None


class UnitIn(Frozen):
    """A unit to be registered; `since`: from when on it bears the name, left out if it always has."""

    name: UnitNameText
    jurisdiction: Annotated[str, Field(min_length=1, max_length=40, examples=["CN-31-XH"])]
    since: date | None = None


class RenamingIn(Frozen):
    """Another name for a unit, from a day on."""

    name: UnitNameText
    since: date


class MergerIn(Frozen):
    """What stands in a unit's place from a day on."""

    into: Key
    on: date


class UnitFilter(Frozen):
    """Which units of a list are asked for: of a jurisdiction, with a text in a name, merged or not."""

    jurisdiction: str | None
    name: str | None
    merged: bool | None
