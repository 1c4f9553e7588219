"""The engine: from a record and a rulebook to verdicts. Pure: no clock, no network, no database, no framework."""

from typing import Final

VERSION: Final = "0.1.0"
