"""Moments: intervals of minutes, exact when their ends meet.

Minutes are counted from 1970-01-01T00:00 in the local time of the jurisdiction (Asia/Shanghai), so that a day is
a block of 1,440 of them and a day without a time of day is an interval. `lo` and `hi` are both inclusive.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from engine.calendar.counting import FAR
from engine.reading.problems import fault
from engine.vocabulary import Bilingual, Frozen

MINUTES_PER_DAY: Final = 1440
NEVER: Final = FAR * MINUTES_PER_DAY
LONG_AGO: Final = -NEVER
LOCAL: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Asia/Shanghai has kept UTC+8 without summer time since 1992; records are later than that."""

_EPOCH: Final = date(1970, 1, 1)
_PATTERN: Final = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])"
    r"|(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2})(?::\d{2})?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?)?))?",
)
_EXPECTED: Final = Bilingual(
    zh="年、年-季(2024-Q3)、年-月、年-月-日、年-月-日T时:分,或者 unknown(已发生,日期不明)",
    en="a year, quarter (2024-Q3), month, day, day and time (2024-03-01T09:30), or `unknown` (done, day not known)",
)
_WRITE: Final = Bilingual(zh="按上述格式之一填写", en="write it in one of these forms, as exactly as it is known")


class Moment(Frozen):
    """When something takes place: minutes `lo` to `hi`, both inclusive, and the text as it was written."""

    lo: int
    hi: int
    text: str

    @property
    def exact_to_the_day(self) -> bool:
        """Tell whether the moment lies within one day."""
        return self.lo // MINUTES_PER_DAY == self.hi // MINUTES_PER_DAY

    @property
    def first_day(self) -> date:
        """Return the first day on which it may lie; raises `OverflowError` for a moment without any day."""
        return day_of(self.lo // MINUTES_PER_DAY)

    @property
    def last_day(self) -> date:
        """Return the last day on which it may lie; raises `OverflowError` for a moment without any day."""
        return day_of(self.hi // MINUTES_PER_DAY)

    @property
    def has_a_day(self) -> bool:
        """Tell whether it is known at all when it took place."""
        return self.hi < NEVER

    def __str__(self) -> str:
        """Return the moment as it was written."""
        return self.text


def epoch_day(day: date) -> int:
    """Return the number of days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(epoch: int) -> date:
    """Return the date of an epoch day."""
    return _EPOCH + timedelta(days=epoch)


def moment(value: object) -> Moment:
    """Read a moment from text (or a year as a number, or a date); raises pydantic's error with a stable code."""
    if isinstance(value, Moment):
        return value
    if isinstance(value, datetime | date):
        value = value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise fault("wrong_type", _EXPECTED, _WRITE)
    text = str(value).strip()
    if text == "unknown":
        return Moment(lo=LONG_AGO, hi=NEVER, text=text)
    match = _PATTERN.fullmatch(text)
    if not match:
        raise fault("not_a_moment", _EXPECTED, _WRITE)
    try:
        lo, hi = _span(match)
    except (ValueError, OverflowError):
        existing = Bilingual(zh="历法上存在的日期和时刻", en="a day and time that exist")
        correct = Bilingual(zh="更正日期", en="correct the day; write the month alone if only that is known")
        raise fault("no_such_day", existing, correct) from None
    return Moment(lo=lo, hi=hi, text=text)


def _span(match: re.Match[str]) -> tuple[int, int]:
    year = int(match["year"])
    if match["quarter"]:
        month = 3 * int(match["quarter"]) - 2
        return _days(date(year, month, 1), _month_after(year, month + 2))
    if not match["month"]:
        return _days(date(year, 1, 1), _month_after(year, 12))
    month = int(match["month"])
    if not match["day"]:
        return _days(date(year, month, 1), _month_after(year, month))
    day = date(year, month, int(match["day"]))
    if not match["time"]:
        return _days(day, day + timedelta(days=1))
    minute = _minute(f"{day.isoformat()}T{match['time']}{match['zone'] or ''}")
    return minute, minute


def _minute(text: str) -> int:
    if text.endswith("24:00"):
        return _minute(text.replace("24:00", "00:00")) + MINUTES_PER_DAY
    stamp = datetime.fromisoformat(text)
    local = stamp.astimezone(LOCAL) if stamp.tzinfo else stamp
    return epoch_day(local.date()) * MINUTES_PER_DAY + local.hour * 60 + local.minute


def _days(first: date, after: date) -> tuple[int, int]:
    return epoch_day(first) * MINUTES_PER_DAY, epoch_day(after) * MINUTES_PER_DAY - 1


def _month_after(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


MomentField = Annotated[
    Moment,
    PlainValidator(moment),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["2024-03-01", "2024-03", "2024-03-01T09:30", "unknown"]}),
]
"""A moment as a field of a model: written and read as text."""


def known_time(value: Any) -> datetime:  # noqa: ANN401 - whatever stands in the input
    """Read a point in time as UTC; a day alone is its last second, a time without zone is Asia/Shanghai."""
    expected = Bilingual(zh="日期或者时间(2024-03-01T09:30)", en="a day or a time (2024-03-01T09:30)")
    if isinstance(value, datetime):
        stamp = value
    else:
        try:
            text = str(value).strip()
            only_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)
            stamp = datetime.fromisoformat(f"{text}T23:59:59" if only_day else text)
        except ValueError:
            raise fault("not_a_time", expected, _WRITE) from None
    try:
        return (stamp if stamp.tzinfo else stamp.replace(tzinfo=LOCAL)).astimezone(UTC)
    except OverflowError:
        raise fault("not_a_time", expected, _WRITE) from None


KnownTime = Annotated[
    datetime,
    PlainValidator(known_time),
    PlainSerializer(datetime.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A point in time as a field of a model, kept in UTC."""
