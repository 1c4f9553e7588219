"""Which units have a role in a record, from when to when, and which of them leads it on a day. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from api.records.errors import LeadUnclearError
from api.records.tables import RecordUnit
from engine.calendar.moment import LONG_AGO, Moment
from engine.record import DecisionRecord, UnitInRole
from engine.vocabulary import UnitRole


def lead_of(record: DecisionRecord, *, on: date) -> str:
    """Return the unit that leads on a day; where none does any more, the one that led last.

    A moment that is not exact is taken in favour of the unit. Raises `LeadUnclearError`.
    """
    leads = [unit for unit in record.units if unit.role == UnitRole.LEAD]
    present = [unit for unit in leads if _holds(unit, on)]
    if not present:
        past = [unit for unit in leads if _end(unit) is not None and (_begin(unit) or date.min) <= on]
        present = sorted(past, key=lambda unit: _end(unit) or date.max)[-1:]
    if len({unit.name for unit in present}) != 1:
        raise LeadUnclearError(given=", ".join(unit.name for unit in present or leads))
    return present[0].name


def unit_rows(record: DecisionRecord, *, key: str, before: Iterable[RecordUnit], on: date) -> tuple[RecordUnit, ...]:
    """Write the units of a record as rows; a name that was there before is understood by the same day as before."""
    named = _named_before(before)
    return tuple(
        RecordUnit(
            record=key,
            place=place,
            name=unit.name,
            role=unit.role,
            since=_begin(unit),
            named_on=_begin(unit) or named.get((unit.name, unit.role), on),
            until=_end(unit),
        )
        for place, unit in enumerate(record.units)
    )


def _named_before(rows: Iterable[RecordUnit]) -> Mapping[tuple[str, UnitRole], date]:
    found: dict[tuple[str, UnitRole], date] = {}
    for row in rows:
        key = row.name, row.role
        found[key] = min(row.named_on, found.get(key, row.named_on))
    return found


def _holds(unit: UnitInRole, day: date) -> bool:
    begin, end = _begin(unit), _end(unit)
    return (begin is None or begin <= day) and (end is None or end >= day)


def _begin(unit: UnitInRole) -> date | None:
    return unit.since.first_day if unit.since and _dated(unit.since) else None


def _end(unit: UnitInRole) -> date | None:
    return unit.until.last_day if unit.until and _dated(unit.until) else None


def _dated(moment: Moment) -> bool:
    return moment.has_a_day and moment.lo > LONG_AGO
