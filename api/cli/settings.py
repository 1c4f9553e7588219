"""What the command line needs to know of its surroundings: where the rules lie, what time it is, size limits."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from engine.calendar.moment import LOCAL
from engine.reading.texts import DEFAULT_LIMIT

RULES: Final = Path(__file__).resolve().parents[2] / "rules"
"""The rulebook that comes with the program."""

MAX_BYTES: Final = "DUECOURSE_MAX_BYTES"
"""The variable that sets the greatest size of an input file, in bytes."""


class SettingError(Exception):
    """A setting cannot be read."""

    def __init__(self, *, name: str, given: str) -> None:
        """Keep name and value."""
        super().__init__(f"{name}: given {given!r}; expected a whole number of bytes above 0; correct it or unset it")
        self.name = name
        self.given = given


def max_bytes() -> int:
    """Return the greatest size of an input file; raises `SettingError`."""
    given = os.environ.get(MAX_BYTES)
    if given is None:
        return DEFAULT_LIMIT
    if not given.isdecimal() or int(given) < 1:
        raise SettingError(name=MAX_BYTES, given=given)
    return int(given)


def now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day in Asia/Shanghai."""
    return datetime.now(LOCAL).date()
