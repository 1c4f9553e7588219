"""What time it is. Nothing else in the service asks the machine for the time of day."""

from datetime import UTC, date, datetime

from engine.calendar.moment import LOCAL


def now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day in Asia/Shanghai."""
    return datetime.now(LOCAL).date()
