"""What the command line needs to know of its surroundings: where the rules lie, what time it is, size limits."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from engine.calendar.moment import LOCAL
from engine.reading.texts import DEFAULT_LIMIT

RULES: Final = Path(__file__).resolve().parents[2] / "rules"
"""The rulebook that comes with the program."""

MAX_BYTES: Final = int(os.environ.get("DUECOURSE_MAX_BYTES", DEFAULT_LIMIT))
"""The greatest size of an input file."""


def now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day in Asia/Shanghai."""
    return datetime.now(LOCAL).date()
