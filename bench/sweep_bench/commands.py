"""The commands that are run as they are typed."""

import sys
from collections.abc import Sequence
from pathlib import Path


class CommandFailedError(Exception):
    """A command did not do its work."""

    def __init__(self, *, command: Sequence[str], told: str) -> None:
        """Keep what was typed, and what it said."""
        super().__init__(f"{' '.join(command)}: {told}; run it by itself")
        self.command = tuple(command)
        self.told = told


def duecourse(*words: object) -> list[str]:
    """Return a command line of the `duecourse` that stands beside this interpreter."""
    return [str(word) for word in (Path(sys.executable).with_name("duecourse"), *words)]
