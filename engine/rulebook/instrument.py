"""Legal instruments, as data."""

from datetime import date

from pydantic import Field

from engine.vocabulary import Bilingual, Frozen


class Instrument(Frozen):
    """A legal instrument: what it is called, its number, its days, inclusive, and how many articles it has."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Bilingual
    number: Bilingual
    made: date | None = None
    in_force: date
    until: date | None = None
    articles: int | None = Field(default=None, ge=1)
    url: str | None = None
