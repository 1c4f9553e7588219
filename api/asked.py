"""For which day, by what was known when, by which rules something is asked: the three coordinates of every answer."""

from dataclasses import dataclass
from datetime import date, datetime

from api.clock import now, today


@dataclass(frozen=True, slots=True)
class Asked:
    """The three coordinates of a question; what is None is as it is now."""

    as_of: date | None = None
    known_at: datetime | None = None
    rulebook: str | None = None

    @property
    def is_present(self) -> bool:
        """Tell whether nothing but the present state of things is asked for."""
        return self.as_of is None and self.known_at is None and self.rulebook is None

    @property
    def day(self) -> date:
        """Return the as-of day."""
        return self.as_of or today()

    @property
    def time(self) -> datetime:
        """Return the known-at time; take it once, for it moves on where none was given."""
        return self.known_at or now()
