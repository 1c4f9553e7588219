"""From the timestamps of a log to the moments of a record.

A record is written in local time. So a timestamp with an offset is turned to the wall clock of the zone that the
mapping names, and lands on that zone's day; one without an offset is taken to be of the zone that the mapping names
for such. Moments are kept to the minute: seconds are cut off, never rounded up to another day.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

from engine.calendar.moment import MINUTES_PER_DAY, moment

_NO_TIME_OF_DAY: Final = re.compile(r"\d{4}(-Q[1-4]|-\d{2}(-\d{2})?)?|unknown")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment as a record writes it. `order`: seconds since 1970 in UTC, by which events are put in order."""

    text: str
    order: float

    @property
    def day(self) -> "Stamp":
        """Return the same to the day."""
        return Stamp(self.text.partition("T")[0], self.order)


UNKNOWN: Final = Stamp("unknown", float("-inf"))
"""What took place, nobody knows when."""


@dataclass(frozen=True)
class Clock:
    """How timestamps are read. `written`: their form, as `strptime` has it; without it they are ISO 8601."""

    zone: ZoneInfo
    unzoned: ZoneInfo
    written: str | None = None

    def stamp(self, text: str) -> Stamp | None:
        """Read a timestamp, or a day, month, quarter or year; None for what is neither."""
        text = text.strip()
        try:
            if not self.written and _NO_TIME_OF_DAY.fullmatch(text):
                return self._as_written(text)
            read = datetime.strptime(text, self.written) if self.written else datetime.fromisoformat(text)  # noqa: DTZ007
            zoned = read if read.tzinfo else read.replace(tzinfo=self.unzoned)
            local = zoned.astimezone(self.zone).replace(tzinfo=None)
            return Stamp(local.isoformat(timespec="minutes"), (zoned - _EPOCH).total_seconds())
        except (ValueError, OverflowError, PydanticCustomError):
            return None

    def _as_written(self, text: str) -> Stamp:
        read = moment(text)
        if not read.has_a_day:
            return UNKNOWN
        days = read.lo // MINUTES_PER_DAY
        begun = datetime(1970, 1, 1, tzinfo=self.unzoned) + timedelta(days=days)
        return Stamp(text, (begun - _EPOCH).total_seconds())
