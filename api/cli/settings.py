"""What the command line needs to know of its surroundings: size limits."""

import os
from typing import Final

from engine.reading.texts import DEFAULT_LIMIT

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
