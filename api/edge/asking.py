"""The three coordinates of every answer, as they stand in a query: as-of day, known-at time, rulebook digest."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Query
from pydantic import BeforeValidator

from api.asked import Asked
from engine.calendar.moment import known_time
from engine.reading.problems import fault
from engine.vocabulary import Bilingual

__all__ = ["AsOfQuery", "Asked", "AskedDep", "Day", "KnownAt", "KnownAtQuery", "RulebookQuery"]


def _day(value: Any) -> Any:  # noqa: ANN401 - whatever stands in the query
    """Let through only what is written as a day, since numbers would be taken for seconds since 1970."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if len(str(value)) == _LENGTH else date.fromisoformat("")
    except ValueError:
        raise fault("not_a_day", _DAY, _CORRECT) from None


_LENGTH: Final = len("2024-12-31")
_DAY: Final = Bilingual(zh="日期(2024-12-31)", en="a day (2024-12-31)")
_CORRECT: Final = Bilingual(zh="更正日期", en="correct the day")

Day = Annotated[date, BeforeValidator(_day)]
"""A day in a query or a body, written as 2024-12-31 and in no other way."""
KnownAt = Annotated[datetime, BeforeValidator(known_time)]
"""A time in a query: a day alone is its last second, a time without zone is that of Asia/Shanghai."""
AsOfQuery = Annotated[Day | None, Query(description="the day for which is asked, its end included; today if left out")]
KnownAtQuery = Annotated[
    KnownAt | None,
    Query(description="what was on record, and which holiday notices were known, by then; now if left out"),
]
RulebookQuery = Annotated[
    str | None,
    Query(pattern=r"^[0-9a-f]{64}$", description="the digest of the rulebook to judge by; the active one if left out"),
]


async def _asked(as_of: AsOfQuery = None, known_at: KnownAtQuery = None, rulebook: RulebookQuery = None) -> Asked:
    return Asked(as_of, known_at, rulebook)


AskedDep = Annotated[Asked, Depends(_asked)]
