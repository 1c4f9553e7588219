"""Days and times as people write them in tables, brought into the notation of records. Guesses nothing.

What can be read in one way only is rewritten: full-width digits, 2024年3月1日, 2024/3/1. Everything else is left as it
is, for the reader of moments to refuse.
"""

import re
import unicodedata
from datetime import MAXYEAR, date, datetime, timedelta
from typing import Final

_DAY: Final = re.compile(
    r"(?P<year>\d{4})\s*(?P<first>[年/.\-])\s*(?P<month>\d{1,2})\s*(?P<second>[月/.\-])\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:[ T]*(?P<hour>\d{1,2})\s*[时点:]\s*(?P<minute>\d{1,2})\s*分?(?::\d{2}|\d{1,2}秒)?)?"
)
_MONTH: Final = re.compile(
    r"(?P<year>\d{4})\s*(?:年\s*(?P<month>\d{1,2})\s*月|/(?P<slashed>\d{1,2})|\.(?P<dotted>\d{2}))"
)
_QUARTER: Final = re.compile(r"(?P<year>\d{4})\s*年?\s*(?:第?(?P<digit>[1-4一二三四])季度|Q(?P<letter>[1-4]))")
_YEAR: Final = re.compile(r"(?P<year>\d{4})\s*年(?:度)?")
_UNKNOWN: Final = frozenset({"unknown", "日期不明", "不明", "已发生,日期不明"})
_NUMERALS: Final = {"一": "1", "二": "2", "三": "3", "四": "4"}
_SEPARATORS: Final = {"年": "月", "/": "/", "-": "-", ".": "."}
_HAIR: Final = timedelta(milliseconds=500)


def plain(text: str) -> str:
    """Return a text without full-width signs and without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def moment_text(text: str) -> str:
    """Return a moment in the notation of records, as far as it can be read in one way only."""
    told = plain(text)
    if told.casefold() in _UNKNOWN:
        return "unknown"
    return _day(told) or _month(told) or _quarter(told) or _year(told) or told


def moment_of(value: date) -> str:
    """Return a day, or a day and time to the minute, in the notation of records."""
    if not isinstance(value, datetime):
        return value.isoformat()
    # A cell that shows half past nine may hold a hair less.
    return (
        (value + _HAIR).isoformat(timespec="minutes") if value.year < MAXYEAR else value.isoformat(timespec="minutes")
    )


def _day(text: str) -> str | None:
    match = _DAY.fullmatch(text)
    if not match or match["second"] != _SEPARATORS[match["first"]]:
        return None
    day = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
    return f"{day}T{int(match['hour']):02}:{int(match['minute']):02}" if match["hour"] else day


def _month(text: str) -> str | None:
    match = _MONTH.fullmatch(text)
    return f"{match['year']}-{int(match['month'] or match['slashed'] or match['dotted']):02}" if match else None


def _quarter(text: str) -> str | None:
    match = _QUARTER.fullmatch(text)
    if not match:
        return None
    given = match["digit"] or match["letter"]
    return f"{match['year']}-Q{_NUMERALS.get(given, given)}"


def _year(text: str) -> str | None:
    match = _YEAR.fullmatch(text)
    return match["year"] if match else None
